using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Ledger.Domain.Persons;

namespace Ledger.Domain.Meetings;

/// <summary>What became true of a meeting.</summary>
[JsonDerivedType(typeof(MeetingRecorded), "meeting_recorded")]
[JsonDerivedType(typeof(MinutesApproved), "minutes_approved")]
[JsonDerivedType(typeof(EntryCorrected), "meeting_entry_corrected")]
public abstract record MeetingEvent : LedgerEvent;

/// <summary>A meeting was held; it occurred on the day, at the place. It caused the entries listed, all in the same commit.</summary>
/// <param name="MeetingId">The stream's own id.</param>
/// <param name="Reference">The reference by which people call it, such as <c>CM-2020-0001</c>.</param>
/// <param name="Title">Its title.</param>
public sealed record MeetingRecorded(string MeetingId, string Reference, string Title) : MeetingEvent
{
    /// <summary>Where.</summary>
    public Place? Place { get; init; }

    /// <summary>Who hosted it.</summary>
    public Person? Host { get; init; }

    /// <summary>Who took part.</summary>
    public ImmutableArray<Participant> Participants { get; init; } = [];

    /// <summary>What was on the agenda.</summary>
    public ImmutableArray<string> Agenda { get; init; } = [];

    /// <summary>The entries it caused, in the order of the outcomes.</summary>
    public ImmutableArray<CausedEntry> Entries { get; init; } = [];
}

/// <summary>Where a meeting was held.</summary>
/// <param name="City">The city.</param>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="Venue">The house or room.</param>
/// <param name="TimeZone">The IANA time zone of the place, which says when the day of the meeting began there.</param>
public sealed record Place(string? City = null, string? Country = null, string? Venue = null, string? TimeZone = null);

/// <summary>Somebody who took part.</summary>
/// <param name="Person">The person.</param>
/// <param name="Agency">The code of the agency for which they did; null: for none.</param>
public sealed record Participant(Person Person, string? Agency = null);

/// <summary>An entry that a meeting caused.</summary>
/// <param name="Agreement">The id of the agreement.</param>
/// <param name="Version">The number of the entry in the agreement's stream.</param>
/// <param name="Type">The stored name of the event.</param>
public sealed record CausedEntry(string Agreement, long Version, string Type);

/// <summary>An agency approved the minutes as they stood: the facts of the meeting and the entries it caused.</summary>
/// <param name="Agency">The code of the agency.</param>
/// <param name="OfVersion">The number of the last entry of the meeting's stream that the approved text takes in.</param>
public sealed record MinutesApproved(string Agency, long OfVersion) : MeetingEvent;

/// <summary>An earlier entry about the meeting was wrong. Readers see the corrected value; what was written stays.</summary>
/// <param name="Corrects">The number, in this stream, of the entry that was wrong.</param>
/// <param name="Field">The member that was wrong, as a JSON Pointer (RFC 6901).</param>
/// <param name="Reason">Why it was wrong.</param>
public sealed record EntryCorrected(long Corrects, string Field, string Reason) : MeetingEvent
{
    /// <summary>What readers saw before.</summary>
    public JsonNode? Was { get; init; }

    /// <summary>What is right; absent: nothing is to stand there.</summary>
    public JsonNode? Value { get; init; }
}
