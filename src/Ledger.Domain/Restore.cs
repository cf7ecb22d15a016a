using System.Text.Json.Nodes;
using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Domain.Meetings;
using static Ledger.Domain.Decision;

namespace Ledger.Domain;

/// <summary>
/// Takes over entries as another ledger wrote them. Nothing is decided anew: the rules say whether the entry can stand where it is to stand, and
/// it is recorded as it is or not at all.
/// </summary>
public static class Restore
{
    /// <summary>Takes over an entry of an agreement.</summary>
    /// <param name="state">The agreement so far; null before its first entry.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="target">For a correction the entry that it puts right, whole and as readers saw it.</param>
    /// <param name="occasion">The occasion, historical, on the day of its recording.</param>
    public static Decision Agreement(Agreement? state, AgreementEvent entry, Entry<AgreementEvent>? target, Occasion occasion) => (state, entry) switch
    {
        (null, AgreementProposed e) => AgreementRules.OfProposal(e, occasion) ?? Record(e),
        (null, _) or (_, AgreementProposed) => Order(state?.Version),
        ({ } s, Agreements.EntryCorrected e) => target is null
            ? Refuse("unknown-entry", $"{s.Reference} has no entry {e.Corrects}. The entry that a correction puts right stands before it.", "/event/corrects")
            : As(e, Corrected(s, e, target, occasion), (made, given) => made with { OccurredOn = given.OccurredOn, Meeting = given.Meeting }),
        ({ } s, DocumentAttached e) => e.OccurredOn is null ? WithoutDay() : Record(e),
        ({ } s, _) => entry.OccurredOn is null ? WithoutDay() : AgreementRules.Of(s, entry, occasion) ?? Record(entry),
    };

    /// <summary>Takes over an entry of a meeting. That it caused the entries it names is for the caller to see, who has them all.</summary>
    /// <param name="state">The meeting so far; null before its first entry.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="target">For a correction the entry that it puts right, as readers saw it.</param>
    /// <param name="occasion">The occasion, historical, on the day of its recording.</param>
    public static Decision Meeting(Meeting? state, MeetingEvent entry, Entry<MeetingEvent>? target, Occasion occasion) => (state, entry) switch
    {
        (null, MeetingRecorded { OccurredOn: null }) => WithoutDay(),
        (null, MeetingRecorded { OccurredOn: { } heldOn } e) => MeetingDecider.Problems(heldOn, e.Participants.Select(p => p.Agency), occasion) is [var first, ..] ? first : Record(e),
        (null, _) or (_, MeetingRecorded) => Order(state?.Version),
        ({ } s, MinutesApproved e) => As(e, MeetingDecider.ApproveMinutes(s, new(e.Agency, e.OccurredOn), occasion), (made, _) => made),
        ({ } s, Meetings.EntryCorrected e) => target is null
            ? Refuse("unknown-entry", $"{s.Reference} has no entry {e.Corrects}. The entry that a correction puts right stands before it.", "/event/corrects")
            : As(e, Corrected(s, e, target, occasion), (made, given) => made with { OccurredOn = given.OccurredOn }),
        _ => Refuse("unknown-entry", $"A meeting has no entries of the kind {entry.GetType().Name}.", "/event"),
    };

    /// <summary>Takes over an entry of an agency.</summary>
    public static Decision Agency(Agency? state, string code, AgencyEvent entry, AgencyDirectory agencies, DateOnly today) => (state, entry) switch
    {
        (null, AgencyRegistered e) => e.Code == code ? Record(e) : Refuse("entry-differs", $"The entry registers {e.Code}, and its stream is that of {code}.", "/event/code"),
        (null, _) or (_, AgencyRegistered) => Order(state?.Version),
        (_, AgencyRenamed e) => e.OccurredOn is null ? WithoutDay() : Record(e),
        ({ } s, AgencySucceeded e) => As(e, AgencyDecider.Succeed(s, new(e.Successor, e.OccurredOn), agencies, today, isHistorical: true), (made, _) => made),
        _ => Refuse("unknown-entry", $"An agency has no entries of the kind {entry.GetType().Name}.", "/event"),
    };

    private static Decision Corrected(Agreement state, Agreements.EntryCorrected e, Entry<AgreementEvent> target, Occasion occasion) =>
        PersonIn(e.Value) is { } person
            ? AgreementDecider.CorrectSignatory(state, e.Corrects, person, e.Reason, occasion)
            : AgreementDecider.Correct(state, new(e.Corrects, e.Field, e.Value, e.Reason), target, occasion);

    private static Decision Corrected(Meeting state, Meetings.EntryCorrected e, Entry<MeetingEvent> target, Occasion occasion) =>
        PersonIn(e.Value) is { } person
            ? MeetingDecider.CorrectPerson(state, e.Field, person, e.Reason, occasion)
            : MeetingDecider.Correct(state, new(e.Corrects, e.Field, e.Value, e.Reason), target, occasion);

    private static Persons.Person? PersonIn(JsonNode? value) =>
        value is JsonObject members && members.ContainsKey("personId") ? System.Text.Json.JsonSerializer.Deserialize<Persons.Person>(members, LedgerJson.Options) : null;

    // What the decider would write is what was written, but for the day and the occasion of the writing.
    private static Decision As<TEvent>(TEvent given, Decision decided, Func<TEvent, TEvent, TEvent> onTheDay)
        where TEvent : LedgerEvent
    {
        if (decided is Refused refused)
            return refused;
        return decided is Decided { Events: [TEvent made] } && IsSame(onTheDay(made, given), given)
            ? Record(given)
            : Refuse("entry-differs", "The entry is not what the rules make of it at this place. Take the lines from the export again, in their order.", "/event");
    }

    /// <summary>Whether two events say the same. Records that hold lists or JSON compare these by reference, and a store keeps no order of members.</summary>
    public static bool IsSame(LedgerEvent one, LedgerEvent other) => one.GetType() == other.GetType() && JsonNode.DeepEquals(Written(one), Written(other));

    private static JsonNode? Written(LedgerEvent e) => System.Text.Json.JsonSerializer.SerializeToNode(e, e.GetType(), LedgerJson.Options);

    private static Decision Order(long? version) =>
        Refuse("entry-out-of-order", $"The stream has {version ?? 0} entries here, and this cannot be its next. Keep the lines of an export in their order.", "/version");

    private static Decision WithoutDay() => Refuse("value-does-not-fit", "Only the day of a proposal may be unknown. Give the day, the month or the year.", "/event/occurredOn");
}
