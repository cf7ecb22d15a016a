using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Domain;
using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Web.Access;
using Ledger.Web.Entries;
using Ledger.Web.Hosting;
using Ledger.Web.Persons;
using Ledger.Web.Recording;

namespace Ledger.Web.Meetings;

/// <summary>What recording a meeting would come to, worked out by the work that records it, and then taken back.</summary>
/// <param name="Problem">What the Ledger would refuse it for; null where it would record it.</param>
/// <param name="Agreements">The agreements that the outcomes which can stand would touch, in the order of the outcomes.</param>
/// <param name="AlreadySo">The places of outcomes that would record nothing, because it is already so.</param>
/// <param name="Agencies">The agencies.</param>
/// <param name="Persons">The persons named in the meeting.</param>
/// <param name="Today">The day of recording, UTC.</param>
internal sealed record MeetingPreview(
    Problem? Problem, IReadOnlyList<PreviewedAgreement> Agreements, IReadOnlyList<int> AlreadySo, AgencyDirectory Agencies, PersonDirectory Persons, DateOnly Today)
{
    private const string HeldOn = "/heldOn";

    private static readonly AgencyDirectory NoAgencies = new([]);

    /// <summary>What else is wrong, where the day of the meeting could not even be read.</summary>
    private IEnumerable<OutcomeProblem> Further { get; init; } = [];

    /// <summary>Every problem with the member that it belongs to, as a JSON Pointer, and its code.</summary>
    public IEnumerable<OutcomeProblem> Problems => Own.Concat(Further);

    private IEnumerable<OutcomeProblem> Own => Problem switch
    {
        null => [],
        { Problems: { } several } => several,
        { Errors: { } errors } => errors.SelectMany(e => e.Value.Select(sentence => new OutcomeProblem(e.Key, Problem.Code, sentence))),
        _ => [new OutcomeProblem("", Problem.Code, Problem.Detail)],
    };

    /// <summary>Works out what recording a meeting would come to.</summary>
    public static async Task<MeetingPreview> Of(JsonObject command, Caller caller, Recorder recorder, IServiceProvider services)
    {
        var (meeting, malformed) = StrictJson.Read<RecordMeeting>(JsonSerializer.SerializeToUtf8Bytes(command, LedgerJson.Options));
        if (malformed?.Errors?.ContainsKey(HeldOn) == true)
        {
            var rest = (JsonObject)command.DeepClone();
            rest.Remove(HeldOn[1..]);
            var others = await Of(rest, caller, recorder, services);
            return others with { Problem = malformed, Further = [.. others.Problems.Where(p => p.Pointer != HeldOn)] };
        }

        if (malformed is not null)
            return new(malformed, [], [], NoAgencies, new([]), default);

        return await recorder.Preview(caller, RecordMeetingEndpoint.ReadsOf(meeting!), async draft =>
        {
            var decided = await RecordMeetingEndpoint.Decide(meeting!, draft, services, isPreview: true);
            return new MeetingPreview(
                decided.Result as Problem,
                [.. decided.Outcomes.GroupBy(o => o.Agreement).Select(outcomes => PreviewedAgreement.Of(outcomes.Key, outcomes, draft))],
                [.. decided.Outcomes.Where(o => o.Entries.IsEmpty).Select(o => o.Index)],
                draft.Agencies,
                draft.PersonsNamed,
                draft.Today);
        });
    }
}

/// <summary>An agreement before a meeting and after it.</summary>
/// <param name="Before">As it stands; null where the meeting proposes it.</param>
/// <param name="After">As it would stand.</param>
/// <param name="Entries">The entries that would be made, each with the place of its outcome.</param>
internal sealed record PreviewedAgreement(Agreement? Before, Agreement After, IReadOnlyList<(int Outcome, RecordedEntry Entry)> Entries)
{
    /// <summary>The agreement that some outcomes touch.</summary>
    public static PreviewedAgreement Of(AgreementDraft agreement, IEnumerable<DecidedOutcome> outcomes, Draft draft) => new(
        agreement.Before,
        agreement.State,
        [
            .. outcomes.SelectMany(outcome => outcome.Entries.Select(caused => (
                outcome.Index,
                new RecordedEntry(0, agreement.State.Id, caused.Version, draft.RecordedAt, draft.By, agreement.NewEvents[(int)(caused.Version - agreement.ReadVersion - 1)])))),
        ]);
}
