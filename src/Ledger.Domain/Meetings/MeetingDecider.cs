using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Domain.Agreements;
using Ledger.Domain.Days;
using Ledger.Domain.Persons;
using static Ledger.Domain.Decision;

namespace Ledger.Domain.Meetings;

/// <summary>An agency approves the minutes.</summary>
/// <param name="Agency">The code of the agency.</param>
/// <param name="ApprovedOn">The day.</param>
public sealed record ApproveMinutes(string Agency, Day? ApprovedOn);

/// <summary>What may become true of a meeting.</summary>
public static class MeetingDecider
{
    /// <summary>What there is against a meeting, before any of its outcomes: every problem, each at its own member.</summary>
    public static ImmutableArray<Decision.Refused> Problems(Day heldOn, IEnumerable<string?> agencies, Occasion occasion)
    {
        var problems = ImmutableArray.CreateBuilder<Decision.Refused>();
        if (!occasion.IsHistorical && heldOn.IsAfter(occasion.Today) == Truth.Yes)
            problems.Add(new("act-in-future", $"{heldOn} lies in the future. Record a meeting once it has been held.", "/heldOn"));
        foreach (var (agency, index) in agencies.Select((agency, index) => (agency, index)))
        {
            if (agency is not null && occasion.Agencies.Find(agency) is null)
                problems.Add(new("unknown-agency", $"No agency {agency} is registered. Ask a registrar to register it, or check the code.", $"/participants/{index}/agency"));
        }

        return problems.ToImmutable();
    }

    /// <summary>Records that an agency which took part approved the minutes as they stand, once for each text.</summary>
    public static Decision ApproveMinutes(Meeting state, ApproveMinutes command, Occasion occasion)
    {
        var on = command.ApprovedOn ?? Day.On(occasion.Today);
        if (!state.Agencies.Contains(command.Agency))
            return Refuse("not-a-participant", $"{command.Agency} took no part in {state.Reference}. Those that did are {string.Join(", ", state.Agencies)}.", "/agency");
        if (!occasion.IsHistorical && on.IsAfter(occasion.Today) == Truth.Yes)
            return Refuse("act-in-future", $"{on} lies in the future. Record the approval once it has been given.", "/approvedOn");
        if (!occasion.IsHistorical && on.IsBefore(state.Facts.OccurredOn!) == Truth.Yes)
            return Refuse("approved-before-held", $"{state.Reference} was held on {state.Facts.OccurredOn}; its minutes cannot have been approved on {on}.", "/approvedOn");

        if (state.Approvals.FirstOrDefault(a => a.Agency == command.Agency && a.OfVersion == state.TextVersion) is { } approval)
        {
            return approval.ApprovedOn == on
                ? Nothing
                : Refuse("already-approved", $"{command.Agency} approved these minutes on {approval.ApprovedOn}. If that day is wrong, correct that entry.", "/agency");
        }

        return Record(new MinutesApproved(command.Agency, state.TextVersion) { OccurredOn = on });
    }

    /// <summary>Corrects an entry about the meeting, given as readers see it.</summary>
    public static Decision Correct(Meeting state, CorrectEntry command, Entry<MeetingEvent> target, Occasion occasion)
    {
        if (target.Event is EntryCorrected correction)
            return Refuse("cannot-correct-correction", $"Entry {target.Version} is itself a correction. Correct entry {correction.Corrects} again instead.", "/corrects");

        var field = Correction.Canonical(command.Field);
        if (!Correction.TryRead(target.Event, field, out var was))
            return Refuse("unknown-field", $"Entry {target.Version} of {state.Reference} has no member {command.Field} that a correction may touch. Name one of those that its history shows under data.", "/field");

        MeetingEvent corrected;
        try
        {
            corrected = Correction.Apply(target.Event, field, command.Value);
        }
        catch (JsonException problem)
        {
            return Refuse("value-does-not-fit", $"{command.Field} cannot hold that value. {problem.Message}", "/value");
        }

        if (corrected.OccurredOn is not { } on)
            return Refuse("value-does-not-fit", "A meeting and an approval have a day. Give the day, the month or the year.", "/value");

        // As the ledger writes it, so that one value has one form.
        _ = Correction.TryRead(corrected, field, out var value);
        if (JsonNode.DeepEquals(was, value))
            return Nothing;
        if (!occasion.IsHistorical && on.IsAfter(occasion.Today) == Truth.Yes && target.Event.OccurredOn!.IsAfter(occasion.Today) != Truth.Yes)
            return Refuse("act-in-future", $"{on} lies in the future. A meeting and an approval are recorded once they have been.", "/value");
        if (corrected is MeetingRecorded facts && facts.Participants.Select(p => p.Agency).OfType<string>().FirstOrDefault(a => occasion.Agencies.Find(a) is null) is { } unknown)
            return Refuse("unknown-agency", $"No agency {unknown} is registered. Ask a registrar to register it, or check the code.", "/value");
        if (corrected is MinutesApproved approved && !state.Agencies.Contains(approved.Agency))
            return Refuse("not-a-participant", $"{approved.Agency} took no part in {state.Reference}.", "/value");

        // An approval that an older record puts before the meeting stays so until it is put right itself.
        var heldOn = corrected is MeetingRecorded { OccurredOn: { } day } ? day : state.Facts.OccurredOn!;
        var approvals = corrected is MinutesApproved ? [(Now: on, Then: target.Event.OccurredOn!)] : state.Approvals.Select(a => (Now: a.ApprovedOn, Then: a.ApprovedOn));
        var early = approvals.FirstOrDefault(approved => approved.Now.IsBefore(heldOn) == Truth.Yes && approved.Then.IsBefore(state.Facts.OccurredOn!) != Truth.Yes).Now;
        if (early is not null && !occasion.IsHistorical)
            return Refuse("approved-before-held", $"If {state.Reference} was held on {heldOn}, its minutes cannot have been approved on {early}.", "/value");

        return Record(new EntryCorrected(target.Version, field, command.Reason) { OccurredOn = Day.On(occasion.Today), Was = was, Value = value });
    }

    /// <summary>Puts right who hosted or took part. The person's name stays outside; the place is that of the person in the first entry.</summary>
    public static Decision CorrectPerson(Meeting state, string place, Person person, string reason, Occasion occasion)
    {
        if (Correction.OfPerson<MeetingEvent>(state.Facts, place, person) is not { } change)
            return Refuse("unknown-field", $"{state.Reference} names nobody at {place}.", "/field");

        return JsonNode.DeepEquals(change.Was, change.Value)
            ? Nothing
            : Record(new EntryCorrected(1, place, reason) { OccurredOn = Day.On(occasion.Today), Was = change.Was, Value = change.Value });
    }
}
