using System.Text.RegularExpressions;
using FluentValidation;
using Ledger.Domain.Agreements;
using Ledger.Web.Access;
using Ledger.Web.Hosting;
using Ledger.Web.Recording;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace Ledger.Web.Agreements;

/// <summary>Proposes an agreement.</summary>
public static class ProposeAgreementEndpoint
{
    /// <summary>Propose an agreement.</summary>
    /// <remarks>For officers of a party and for registrars. The ledger gives the reference unless the proposal brings one. Without <c>proposedOn</c> the day is not known. Refused as <c>unknown-agency</c>, <c>reference-taken</c>, <c>not-a-party</c>, <c>act-in-future</c>, <c>flag-not-declarable</c>.</remarks>
    [Tags("Agreements")]
    [ProducesResponseType<AgreementMade>(201)]
    [WolverinePost("/api/v1/agreements", OperationId = "proposeAgreement")]
    public static Task<IResult> Post([Body] ProposeAgreement command, Recorder recorder, HttpContext http) => recorder.Run(http, Operation.ProposeAgreement, canRepeat: true, new(), async draft =>
    {
        if (draft.Caller.RefusalToPropose(command.Parties, draft.Agencies, draft.Today) is { } forbidden)
            return forbidden;
        if (command.Reference is { } wanted && !(await draft.TakenReferences([wanted])).IsEmpty)
        {
            SecurityLog.NoteLookedFor(http, [wanted]);
            return ReferenceTaken(wanted, "/reference");
        }

        var reference = command.Reference ?? await draft.NextReference("CA", (command.ProposedOn?.Latest ?? draft.Today).Year);
        var (agreement, refused) = draft.Propose(command, reference, draft.Occasion(null));
        return refused is not null
            ? Problem.Rule(refused)
            : new Answer(201, entries => new AgreementMade(agreement!.State.Id, reference, agreement.State.Version, entries))
            {
                Location = $"/api/v1/agreements/{reference}",
                ETag = agreement!.State.Version,
            };
    });

    internal static Problem ReferenceTaken(string reference, string field) => Problem.Rule(new(
        "reference-taken", $"Another agreement bears the reference {reference}. Give another one, or leave it out and the ledger gives the next.", field));
}

/// <summary>What proposing an agreement answers.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Reference">Its reference.</param>
/// <param name="Version">Its version.</param>
/// <param name="Entries">The entries made.</param>
public sealed record AgreementMade(string Id, string Reference, long Version, IReadOnlyList<EntryMade> Entries);

internal sealed partial class ProposeAgreementValidator : AbstractValidator<ProposeAgreement>
{
    internal const string ReferenceSentence = "A reference has 3 to 60 letters, digits, dots, hyphens and underscores, such as CA-2020-0007, and is not of the form of an id.";

    /// <summary>The longest title: treaties between many States have had more than five hundred characters.</summary>
    private const int LongestTitle = 1_000;

    public ProposeAgreementValidator()
    {
        RuleFor(x => x.Title).Text(LongestTitle);
        RuleFor(x => x.Titles).Names(LongestTitle);
        RuleFor(x => x.Summary).OptionalText(10_000);
        RuleFor(x => x.Reference).Must(reference => reference is null || IsReference(reference)).WithMessage(ReferenceSentence);
        RuleFor(x => x.Parties).Codes(500)
            .Must((x, parties) => !parties.IsDefaultOrEmpty && (parties.Length > 1 || x.Open)).WithMessage("Name at least two parties, or one where the agreement is open to others.");
        RuleFor(x => x.Institutes).Codes(500);
        RuleFor(x => x.Fields).Texts(20, 60);
        RuleFor(x => x.Phases).AtMost(200)
            .Must(phases => phases.IsDefault || phases.Where(p => p is not null).DistinctBy(p => p.Title).Count() == phases.Count(p => p is not null)).WithMessage("Give each phase a title of its own.");
        RuleForEach(x => x.Phases).SetValidator(new PlanPhaseValidator());
        RuleFor(x => x.EntryIntoForce!).SetValidator(new EntryIntoForceValidator()).When(x => x.EntryIntoForce is not null);
        RuleFor(x => x.Term).Must(term => term is null || (term.Until is null) != (term.Length is null)).WithMessage("A term has either a last day (until) or a length.");
    }

    /// <summary>Whether a text is a reference that an agreement or a meeting may bear.</summary>
    internal static bool IsReference(string text) => ReferenceShape().IsMatch(text) && !Guid.TryParse(text, out _);

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{2,59}\z", RegexOptions.None, 1000)]
    private static partial Regex ReferenceShape();
}

internal sealed class EntryIntoForceValidator : AbstractValidator<EntryIntoForce>
{
    public EntryIntoForceValidator()
    {
        RuleFor(x => x.Count).Must((x, count) => (x.Rule == EntryIntoForceRule.Count) == count is not null).WithMessage("The rule count, and it alone, says how many consents it takes.")
            .Must(count => count is null or (> 0 and <= 500)).WithMessage("It takes between 1 and 500 consents.");
        RuleFor(x => x.Parties).Codes(500)
            .Must((x, parties) => (x.Rule == EntryIntoForceRule.Named) != parties.IsDefaultOrEmpty).WithMessage("The rule named, and it alone, names parties.");
        RuleFor(x => x.Date).Must((x, date) => (x.Rule == EntryIntoForceRule.Date) == date is not null).WithMessage("The rule date, and it alone, names a day.");
    }
}
