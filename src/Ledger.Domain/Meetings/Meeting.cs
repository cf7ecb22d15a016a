using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json.Serialization;
using Ledger.Domain.Days;

namespace Ledger.Domain.Meetings;

/// <summary>A meeting as readers see it, corrections applied.</summary>
/// <param name="Id">The stream's id.</param>
/// <param name="Version">The number of entries in the stream.</param>
/// <param name="LastRecordedAt">When the last of them was recorded, UTC.</param>
/// <param name="Facts">What was recorded of it.</param>
/// <param name="TextVersion">The number of the last entry that changed the text of the minutes.</param>
/// <param name="Approvals">Which agency approved the minutes, when, and in which version.</param>
public sealed record Meeting(
    string Id, long Version, DateTimeOffset LastRecordedAt, MeetingRecorded Facts, long TextVersion, ImmutableArray<Approval> Approvals)
{
    /// <summary>The reference by which people call it.</summary>
    public string Reference => Facts.Reference;

    /// <summary>The agencies that took part.</summary>
    [JsonIgnore]
    public IEnumerable<string> Agencies => Facts.Participants.Select(p => p.Agency).OfType<string>().Distinct(StringComparer.Ordinal);

    /// <summary>The fold of the meeting's stream.</summary>
    /// <exception cref="UnreachableException">The events are not those of one meeting.</exception>
    public static Meeting Evolve(Meeting? state, Entry<MeetingEvent> entry) => (state, entry.Event) switch
    {
        (null, MeetingRecorded e) => new(e.MeetingId, entry.Version, entry.RecordedAt, e, entry.Version, []),
        ({ } s, MinutesApproved e) => s.At(entry) with { Approvals = s.Approvals.Add(new(e.Agency, e.OccurredOn!, e.OfVersion, entry.Version)) },
        ({ } s, EntryCorrected { Corrects: 1 } e) => s.At(entry) with { Facts = (MeetingRecorded)Correction.Apply<MeetingEvent>(s.Facts, e.Field, e.Value), TextVersion = entry.Version },
        ({ } s, EntryCorrected e) => s.At(entry) with { Approvals = [.. s.Approvals.Select(a => a.Number == e.Corrects ? a.Corrected(e) : a)] },
        _ => throw new UnreachableException($"Meeting has no rule for {entry.Event.GetType().Name} in entry {entry.Version}."),
    };

    private Meeting At(Entry<MeetingEvent> entry) => this with { Version = entry.Version, LastRecordedAt = entry.RecordedAt };
}

/// <summary>An approval of the minutes.</summary>
/// <param name="Agency">The code of the agency.</param>
/// <param name="ApprovedOn">The day.</param>
/// <param name="OfVersion">The version of the text that was approved.</param>
/// <param name="Number">The number of the entry.</param>
public sealed record Approval(string Agency, Day ApprovedOn, long OfVersion, long Number)
{
    internal Approval Corrected(EntryCorrected correction)
    {
        var event_ = (MinutesApproved)Correction.Apply<MeetingEvent>(new MinutesApproved(Agency, OfVersion) { OccurredOn = ApprovedOn }, correction.Field, correction.Value);
        return this with { Agency = event_.Agency, ApprovedOn = event_.OccurredOn! };
    }
}
