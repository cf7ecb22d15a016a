using System.Text.Json;
using FluentValidation;
using Ledger.Domain;
using Ledger.Domain.Agreements;
using Ledger.Web.Access;
using Ledger.Web.Entries;
using Ledger.Web.Hosting;
using Ledger.Web.Persons;
using Ledger.Web.Recording;
using Wolverine.Http;

namespace Ledger.Web.Agreements;

/// <summary>Puts an entry of an agreement right.</summary>
public static class CorrectEntryEndpoint
{
    /// <summary>Correct an entry. Readers see the corrected value; what was written stays.</summary>
    /// <remarks>The entry is named by its sequence or its version, the member by a JSON Pointer (RFC 6901). An empty <c>field</c> with <c>null</c> as <c>value</c> strikes the whole entry out. Refused as <c>unknown-entry</c>, <c>unknown-field</c>, <c>value-does-not-fit</c>, <c>cannot-correct-correction</c>, <c>cannot-annul-proposal</c>, <c>entry-annulled</c>, or by the rule that another act would then break.</remarks>
    [Tags("Agreements")]
    [WolverinePost("/api/v1/agreements/{id}/corrections", OperationId = "correctEntry")]
    public static Task<IResult> Post(string id, [Body] CorrectEntry command, Recorder recorder, HttpContext http) => recorder.Run(http, Operation.CorrectAgreement, canRepeat: false, new() { Agreements = [id] }, async draft =>
    {
        if (draft.Find(id) is not { } agreement || !draft.Caller.MaySee(agreement.State, draft.Agencies))
            return Problem.NotFound($"There is no agreement {id}. GET /api/v1/agreements lists those that you may see.");
        if (draft.Caller.RefusalToAct(Operation.CorrectAgreement, agreement.State, null, draft.Agencies, draft.Today) is { } forbidden)
            return forbidden;
        if (Recorder.VersionProblem(http, agreement.State.Version) is { } problem)
            return problem;

        // A sequence is unambiguous in the whole ledger and goes first; a version is the number that this agreement's history shows.
        var entries = (await draft.Entries(agreement.State.Id)).Where(e => e.Version <= agreement.State.Version).ToList();
        var target = entries.Find(e => e.Sequence == command.Corrects) ?? entries.Find(e => e.Version == command.Corrects);
        if (target is null)
            return Problem.Rule(new("unknown-entry", $"{agreement.State.Reference} has no entry {command.Corrects}. Give the sequence or the version that its history shows.", "/corrects"));
        if (target.Event is AgreementSigned or AgreementRatified or WithdrawalNotified or WithdrawalRevoked
            && PartyOf(target.Event) is { } party && draft.Caller.RefusalToActFor(Operation.CorrectPartysAct, party, draft.Agencies) is { } notTheirs)
        {
            return notTheirs;
        }

        var readersSee = AsReadersSee(target, entries);
        var person = PersonCorrection.Of(command);
        NamedPerson? named = null;
        if (person is not null)
        {
            if (person.Problem is { } unfit)
                return Problem.Invalid([KeyValuePair.Create("/value", unfit)]);
            named = await draft.Corrected(person, JsonSerializer.SerializeToNode(readersSee, LedgerJson.Options)!);
            if (named is null)
                return Problem.Rule(new("unknown-field", $"Entry {target.Version} of {agreement.State.Reference} names nobody at {command.Field}, or the name was erased.", "/field"));
        }

        await draft.Name(named is null ? [] : [named]);
        var seen = new Entry<AgreementEvent>(target.Version, target.RecordedAt, readersSee);
        AgreementAct act = named is null
            ? new((state, occasion, _) => AgreementDecider.Correct(state, command, seen, occasion))
            : new((state, occasion, outside) => AgreementDecider.CorrectSignatory(state, target.Version, outside.Person(named), command.Reason, occasion));
        if (draft.Decide(agreement, act, draft.Occasion(null)) is { } refused)
            return Problem.Rule(refused);

        var version = agreement.State.Version;
        return new Answer(agreement.HasNewEvents ? 201 : 200, made => new EntriesMade(made))
        {
            Location = agreement.HasNewEvents ? $"/api/v1/agreements/{agreement.State.Reference}?version={version}" : null,
            ETag = version,
        };
    });

    /// <summary>An event with the corrections made so far.</summary>
    internal static AgreementEvent AsReadersSee(RecordedEntry entry, IEnumerable<RecordedEntry> entries) => entries
        .Select(e => e.Event)
        .OfType<EntryCorrected>()
        .Where(c => c.Corrects == entry.Version && c.Field.Length > 0)
        .Aggregate((AgreementEvent)entry.Event, (seen, c) => Correction.Apply(seen, c.Field, c.Value));

    private static string? PartyOf(LedgerEvent e) => e switch
    {
        AgreementSigned x => x.Party,
        AgreementRatified x => x.Party,
        WithdrawalNotified x => x.Party,
        WithdrawalRevoked x => x.Party,
        _ => null,
    };
}

internal sealed class CorrectEntryValidator : AbstractValidator<CorrectEntry>
{
    public CorrectEntryValidator()
    {
        RuleFor(x => x.Corrects).GreaterThan(0).WithMessage("Say which entry is wrong, by its sequence or its version.");
        RuleFor(x => x.Field).Must(field => field is not null && field.Length <= 300 && (field.Length == 0 || field[0] == '/'))
            .WithMessage("Name the member as a JSON Pointer such as /occurredOn, or leave it empty to strike the whole entry out.");
        RuleFor(x => x.Reason).Text(2_000);
    }
}
