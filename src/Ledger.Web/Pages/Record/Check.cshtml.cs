using System.Text.Json.Nodes;
using Ledger.Domain.Agreements;
using Ledger.Domain.Days;
using Ledger.Web.Agreements;
using Ledger.Web.Briefs;
using Ledger.Web.Entries;
using Ledger.Web.Meetings;
using Ledger.Web.Persons;
using Ledger.Web.Recording;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Web.Pages;

/// <summary>
/// Everything before it is recorded: grouped by agreement, each change in a sentence, and what it makes of the agreement, worked out by the
/// work that will record it.
/// </summary>
internal sealed class CheckModel(MeetingDrafts drafts, AgreementReader agreements, RecordReader record, Recorder recorder, ApiDoor api) : RecordPage(drafts)
{
    private const string Path = "/api/v1/meetings";

    /// <summary>What recording it would come to.</summary>
    public MeetingPreview Preview { get; private set; } = null!;

    /// <summary>The outcomes whose agreement was changed by others since, each with what was added.</summary>
    public IReadOnlyList<StaleOutcome> Stale { get; private set; } = [];

    public async Task<IActionResult> OnGet()
    {
        await Read();
        return Page();
    }

    /// <summary>Records the meeting, as the reader has checked it.</summary>
    public async Task<IActionResult> OnPost(long version)
    {
        ApiAnswer? refused = null;
        var kept = await Drafts.Record(DraftId, Caller.Subject, async draft =>
        {
            IsChanged = draft.Version != version;
            if (IsChanged)
                return null;
            var answer = await api.Send<RecordMeeting>(HttpContext, Path, draft.ToCommand(), draft.Id, (command, http) => RecordMeetingEndpoint.Post(command, recorder, http));
            if (answer.IsDone)
                return answer.Body;

            // Recorded before, when the answer was lost, and changed here since: what was recorded then holds.
            if (answer.Code == "idempotency-key-reused" && await recorder.Answered(Caller, draft.Id) is { } earlier)
                return JsonNode.Parse(earlier)!.AsObject();
            refused = answer;
            return null;
        });
        if (kept is null)
            return Missing();
        if (kept.Receipt is not null)
            return LocalRedirect($"{Address}/receipt");

        Draft = kept;
        await Read();
        if (refused is not null && !Errors.Any)
            Errors.Add("", refused.Detail ?? "");
        return Page();
    }

    /// <summary>Keeps an outcome, now that the reader has seen what was added to the agreement up to a version.</summary>
    public async Task<IActionResult> OnPostKeep(string outcome, long seen)
    {
        await Drafts.Change(DraftId, Caller.Subject, draft =>
        {
            if (draft.Outcome(outcome) is not { } found || (long?)found["expectedVersion"] >= seen)
                return false;
            found["expectedVersion"] = seen;
            return true;
        });
        return LocalRedirect($"{Address}/check");
    }

    /// <summary>Drops an outcome.</summary>
    public async Task<IActionResult> OnPostDrop(string outcome)
    {
        await Drafts.Change(DraftId, Caller.Subject, draft =>
        {
            if (draft.Outcome(outcome) is not { } found)
                return false;
            var outcomes = draft.Content["outcomes"]!.AsArray();
            outcomes.Remove(found);
            OutcomesModel.Forget(outcomes, outcome);
            return true;
        });
        return LocalRedirect($"{Address}/check");
    }

    /// <summary>The sentence of an entry that would be made.</summary>
    public string Sentence(PreviewedAgreement agreement, RecordedEntry entry) => EntrySentence.Of(entry, agreement.After, Preview.Persons, Words.Book);

    /// <summary>The reference that an agreement bears already; null where the ledger gives it when it is recorded.</summary>
    public string? ReferenceOf(PreviewedAgreement agreement) => agreement.Before is null && OutcomeAt(agreement.Entries[0].Outcome)?["reference"] is null ? null : agreement.After.Reference;

    /// <summary>The standing before and after, today and on the day of the meeting where it differs.</summary>
    public IEnumerable<(DateOnly Day, Standing? Before, Standing? After)> Changes(PreviewedAgreement agreement)
    {
        var now = At(Preview.Today);
        yield return now;
        if (Day.TryParse((string?)Draft.Content["heldOn"], out var held) && held.Latest < Preview.Today && At(held.Latest) is var then && (then.Before?.Status, then.After?.Status) != (now.Before?.Status, now.After?.Status))
            yield return then;

        (DateOnly Day, Standing? Before, Standing? After) At(DateOnly day) => (day, agreement.Before is null ? null : Standing.Of(agreement.Before, day), Standing.Of(agreement.After, day));
    }

    /// <summary>The address on which an outcome can be changed.</summary>
    public string EditAddress(int outcome) => $"{Address}/outcomes/{(string?)OutcomeAt(outcome)?["id"]}";

    public string KindOf(JsonObject outcome) => Words[RecordFields.WordsOf((string)outcome["kind"]!)];

    private JsonObject? OutcomeAt(int index) => index >= 0 && index < Draft.Outcomes.Count ? Draft.Outcomes[index] : null;

    private async Task Read()
    {
        Preview = await MeetingPreview.Of(Draft.ToCommand(), Caller, recorder, HttpContext.RequestServices);
        RecordMeetingEndpoint.NoteLookedFor(HttpContext, Preview.Problems);
        var stale = new List<StaleOutcome>();
        foreach (var problem in Preview.Problems)
        {
            if (problem.Code == "stale-outcome" && await StaleAt(problem.Pointer) is { } changed)
                stale.Add(changed);
            Errors.Add(AddressOf(problem.Pointer), problem.Detail);
        }

        Stale = stale;
    }

    private async Task<StaleOutcome?> StaleAt(string pointer)
    {
        if (!int.TryParse(pointer.Split('/')[^1], System.Globalization.CultureInfo.InvariantCulture, out var index) || OutcomeAt(index) is not { } outcome
            || await agreements.Find((string)outcome["agreement"]!, Caller, HttpContext.RequestAborted) is not { } agreement)
        {
            return null;
        }

        var entries = await record.Stream(agreement.Id, null, HttpContext.RequestAborted);
        var added = entries.Where(e => e.Version > ((long?)outcome["expectedVersion"] ?? 0)).ToList();
        return new StaleOutcome(outcome, agreement, added, await record.PersonsNamedIn(added, Caller, HttpContext.RequestAborted));
    }
}

/// <summary>An outcome whose agreement was changed by others since the reader began it.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Agreement">The agreement as it stands.</param>
/// <param name="Added">The entries made since.</param>
/// <param name="Persons">Those whom they name.</param>
internal sealed record StaleOutcome(JsonObject Outcome, Agreement Agreement, IReadOnlyList<RecordedEntry> Added, PersonDirectory Persons)
{
    public string Id => (string)Outcome["id"]!;

    /// <summary>The version up to which the reader is shown what was added.</summary>
    public long Seen => Added.Count == 0 ? Agreement.Version : Added[^1].Version;
}
