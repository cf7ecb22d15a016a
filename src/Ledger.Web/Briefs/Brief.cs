using System.Collections.Immutable;
using Ledger.Domain;
using Ledger.Domain.Days;
using Ledger.Web.Entries;

namespace Ledger.Web.Briefs;

/// <summary>A brief in no language. What stands before the annex fits on two pages of A4.</summary>
/// <param name="Subject">What it is of.</param>
/// <param name="AsOf">The day on which things stand so.</param>
/// <param name="KnownAt">The instant, UTC, up to which the record is taken into account.</param>
/// <param name="Since">The point since when changes are told; absent where none was asked for.</param>
/// <param name="About">Who and what it is about.</param>
/// <param name="BottomLine">What to know if nothing else is read: three statements.</param>
/// <param name="Status">The status table.</param>
/// <param name="MoreStatus">What the table leaves out; absent where it is whole.</param>
/// <param name="Changes">What was recorded after <paramref name="Since"/>, by agreement; absent where no point was given.</param>
/// <param name="Decisions">What the meeting led to, by agreement; absent where the subject is no meeting.</param>
/// <param name="Dates">What is overdue and what lies ahead.</param>
/// <param name="OpenPoints">What is open.</param>
/// <param name="Annex">The history, in the order of recording.</param>
/// <param name="MoreHistory">What the annex leaves out; absent where it is whole.</param>
public sealed record Brief(
    BriefSubject Subject,
    DateOnly AsOf,
    DateTimeOffset KnownAt,
    BriefSince? Since,
    ImmutableArray<Statement> About,
    ImmutableArray<Statement> BottomLine,
    ImmutableArray<StatusRow> Status,
    Statement? MoreStatus,
    ImmutableArray<BriefGroup>? Changes,
    ImmutableArray<BriefGroup>? Decisions,
    BriefDates Dates,
    ImmutableArray<Statement> OpenPoints,
    ImmutableArray<HistoryLine> Annex,
    ImmutableArray<Statement> MoreHistory);

/// <summary>What a brief is of.</summary>
/// <param name="Kind">An agreement, a meeting or a portfolio.</param>
/// <param name="Reference">The reference of the agreement or meeting.</param>
/// <param name="Title">Its title.</param>
/// <param name="Titles">Its title in other languages, where known.</param>
/// <param name="Parties">The agencies of a portfolio, by code.</param>
public sealed record BriefSubject(
    BriefKind Kind, string? Reference = null, string? Title = null, Translations? Titles = null, ImmutableArray<string>? Parties = null);

/// <summary>What briefs are of.</summary>
public enum BriefKind
{
    /// <summary>One agreement.</summary>
    Agreement,

    /// <summary>One meeting and what it led to.</summary>
    Meeting,

    /// <summary>What agencies have together.</summary>
    Portfolio,
}

/// <summary>The point of view of a brief.</summary>
/// <param name="AsOf">The day on which things stand so.</param>
/// <param name="KnownAt">The instant, UTC, up to which the record is taken into account.</param>
/// <param name="Since">The point since when changes are told.</param>
/// <param name="Sequence">The last sequence of the whole ledger at <paramref name="KnownAt"/>; absent: the last one among the entries of the brief.</param>
public sealed record BriefPoint(DateOnly AsOf, DateTimeOffset KnownAt, BriefSince? Since = null, long? Sequence = null);

/// <summary>A point of the record: an instant or a sequence, one of them.</summary>
/// <param name="Instant">What was recorded after this instant (UTC) is new.</param>
/// <param name="Sequence">What bears a greater sequence is new.</param>
public sealed record BriefSince(DateTimeOffset? Instant, long? Sequence)
{
    /// <summary>An instant.</summary>
    public static BriefSince At(DateTimeOffset instant) => new(instant.ToUniversalTime(), null);

    /// <summary>A sequence.</summary>
    public static BriefSince After(long sequence) => new(null, sequence);

    /// <summary>Whether the entry was recorded after this point.</summary>
    internal bool IsBefore(RecordedEntry entry) => entry.RecordedAt > Instant || entry.Sequence > Sequence;
}

/// <summary>A row of the status table.</summary>
/// <param name="Subject">What stands so: an agreement, an agency, a phase or the term.</param>
/// <param name="Standing">How it stands.</param>
/// <param name="When">What the day is.</param>
/// <param name="On">The day, where there is one.</param>
/// <param name="Citations">The entries on which the row rests, at least one.</param>
public sealed record StatusRow(Argument Subject, Argument? Standing, DayWord? When, Day? On, ImmutableArray<Citation> Citations);

/// <summary>What the day in a row of the status table is.</summary>
public enum DayWord
{
    /// <summary>It has stood so since.</summary>
    Since,

    /// <summary>It will stand so from.</summary>
    From,

    /// <summary>It stands or stood so until and with.</summary>
    Until,

    /// <summary>It was done on.</summary>
    On,

    /// <summary>It is planned for.</summary>
    PlannedFor,

    /// <summary>It was last discussed on.</summary>
    LastDiscussed,

    /// <summary>It was last signed on.</summary>
    LastSigned,

    /// <summary>A party last consented to be bound on.</summary>
    LastConsent,
}

/// <summary>Statements on one agreement, or on the meeting.</summary>
/// <param name="Reference">The reference.</param>
/// <param name="Title">The title.</param>
/// <param name="Titles">The title in other languages, where known.</param>
/// <param name="Statements">The statements.</param>
public sealed record BriefGroup(string? Reference, string? Title, Translations? Titles, ImmutableArray<Statement> Statements);

/// <summary>Dates.</summary>
/// <param name="Overdue">What is overdue, the oldest first; a statement that nothing is, where nothing is.</param>
/// <param name="Upcoming">What lies ahead, the nearest first; a statement that nothing does, where nothing does.</param>
public sealed record BriefDates(ImmutableArray<Statement> Overdue, ImmutableArray<Statement> Upcoming);

/// <summary>A line of the history: an entry as it was written.</summary>
/// <param name="Citation">The entry.</param>
/// <param name="Sequence">Its place in the whole ledger.</param>
/// <param name="OccurredOn">The day it occurred, as it was written; absent where it was not known.</param>
/// <param name="RecordedAt">The instant of recording, UTC.</param>
/// <param name="LateByDays">Days between the two; absent where the first is not known.</param>
/// <param name="Agency">The code of the agency that recorded it; absent for a registrar of none.</param>
/// <param name="Statement">What was recorded.</param>
/// <param name="CorrectedBy">The numbers of the entries that corrected it.</param>
public sealed record HistoryLine(
    Citation Citation,
    long Sequence,
    Day? OccurredOn,
    DateTimeOffset RecordedAt,
    int? LateByDays,
    string? Agency,
    Statement Statement,
    ImmutableArray<long> CorrectedBy)
{
    /// <summary>How many whole days (UTC) after it occurred, by the latest day it can have occurred, an entry was recorded; null where that day is not known.</summary>
    public static int? DaysLate(RecordedEntry entry) => entry.Event.OccurredOn is { } on
        ? Math.Max(0, DateOnly.FromDateTime(entry.RecordedAt.UtcDateTime).DayNumber - on.Latest.DayNumber)
        : null;
}
