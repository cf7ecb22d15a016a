using FluentValidation;
using Ledger.Web.Access;
using Ledger.Web.Hosting;
using Ledger.Web.Recording;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace Ledger.Web.Persons;

/// <summary>Have the data of a person erased.</summary>
/// <param name="Reason">Why, without naming the person: it is kept.</param>
/// <param name="LegalBasis">By which rule, such as <c>GDPR, Article 17(1)(b)</c>.</param>
public sealed record ErasePerson(string Reason, string LegalBasis);

/// <summary>That the data of a person were erased. It tells who did it and why, and nothing of the person.</summary>
/// <param name="PersonId">The id by which entries go on naming them.</param>
/// <param name="ErasedAt">The instant, UTC.</param>
/// <param name="ErasedBy">The person id of the registrar who did it.</param>
/// <param name="Reason">Why.</param>
/// <param name="LegalBasis">By which rule.</param>
/// <param name="Agency">For which agency the registrar acted, where it was for one.</param>
public sealed record PersonErasure(string PersonId, DateTimeOffset ErasedAt, string ErasedBy, string Reason, string LegalBasis, string? Agency = null);

/// <summary>Erases name, office and salts of a person, wherever they are kept.</summary>
public static class ErasePersonEndpoint
{
    /// <summary>Erase the name, the office and the salts of a person. Entries go on naming them by id.</summary>
    /// <remarks>For registrars. It cannot be undone. Readers see a person whose data were erased on that day; commitments to others still prove what they proved. Who erased, when, why and by which rule is kept. Who goes by several names or offices has several ids: <c>GET /persons?q=</c> finds each. A person erased before answers 200 with what was kept then.</remarks>
    [Tags("Persons")]
    [ProducesResponseType<PersonErasure>(201)]
    [ProducesResponseType<PersonErasure>(200)]
    [WolverinePost("/api/v1/persons/{id}/erasure", OperationId = "erasePerson")]
    public static Task<IResult> Post(string id, [Body] ErasePerson command, Recorder recorder, HttpContext http) => recorder.Run(http, Operation.ForgetPersons, canRepeat: true, new(), async draft =>
    {
        if (await draft.Person(id) is not { } person)
            return PersonViewEndpoint.NotFound(id);
        if (person.IsNamedIn(command.Reason))
            return Problem.Invalid([KeyValuePair.Create("/reason", "Say why without naming the person: the reason is kept.")]);
        if (person.IsNamedIn(command.LegalBasis))
            return Problem.Invalid([KeyValuePair.Create("/legalBasis", "Name the rule and not the person: it is kept.")]);

        var (erasure, isNew) = await draft.Erase(person, command);
        return new Answer(isNew ? 201 : 200, _ => erasure) { Location = isNew ? $"/api/v1/persons/{id}" : null };
    });
}

internal sealed class ErasePersonValidator : AbstractValidator<ErasePerson>
{
    public ErasePersonValidator()
    {
        RuleFor(x => x.Reason).Text(2_000);
        RuleFor(x => x.LegalBasis).Text(500);
    }
}
