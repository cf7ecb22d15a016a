using FluentValidation;
using Ledger.Domain;
using Ledger.Domain.Agencies;
using Ledger.Web.Access;
using Ledger.Web.Hosting;
using Ledger.Web.Recording;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace Ledger.Web.Agencies;

/// <summary>Registers an agency, or renames it.</summary>
public static class KeepAgencyEndpoint
{
    /// <summary>Register an agency, or rename it: the former name goes on answering for the days before.</summary>
    /// <remarks>For registrars. The first PUT registers the agency; a later one that says something else renames it from <c>occurredOn</c> on, today unless given. Said again it records nothing.</remarks>
    [Tags("Agencies")]
    [ProducesResponseType<AgencyKept>(201)]
    [ProducesResponseType<AgencyKept>(200)]
    [WolverinePut("/api/v1/agencies/{code}", OperationId = "keepAgency")]
    public static Task<IResult> Put(string code, [Body] KeepAgency command, Recorder recorder, HttpContext http) => recorder.Run(http, Operation.KeepAgencies, canRepeat: true, new() { Agency = code }, draft =>
    {
        if (!Shapes.IsCode(code))
            return Task.FromResult<IResult>(Problem.Invalid([KeyValuePair.Create("/code", "An agency's code has up to 40 capital letters, digits, dots, hyphens and underscores, such as CNES.")]));

        var decision = AgencyDecider.Keep(draft.Agency, code, command, draft.Today);
        if (decision is Decision.Refused refused)
            return Task.FromResult<IResult>(Problem.Rule(refused));

        var isNew = draft.Agency is null;
        var version = draft.Append(code, ((Decision.Decided)decision).Events);
        return Task.FromResult<IResult>(new Answer(isNew ? 201 : 200, entries => new AgencyKept(code, version, entries))
        {
            Location = isNew ? $"/api/v1/agencies/{code}" : null,
            ETag = version,
        });
    });
}

/// <summary>What keeping an agency answers.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Version">Its version.</param>
/// <param name="Entries">The entries made, none when it was already so.</param>
public sealed record AgencyKept(string Code, long Version, IReadOnlyList<EntryMade> Entries);

internal sealed class KeepAgencyValidator : AbstractValidator<KeepAgency>
{
    public KeepAgencyValidator()
    {
        RuleFor(x => x.Name).Text(300);
        RuleFor(x => x.Kind).NotNull().WithMessage("Say what kind of body it is: agency, institute, ministry, organisation, company or state.");
        RuleFor(x => x.Names).Names(300);
        RuleFor(x => x.Country).Country();
    }
}
