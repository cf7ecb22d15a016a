using System.Collections.Immutable;
using Ledger.Domain.Meetings;

namespace Ledger.Web.Store;

/// <summary>A row of <c>ledger.meeting_list</c>, whose columns bear the same names.</summary>
internal sealed record MeetingRow(string MeetingId, string Agency, int HeldKey);

/// <summary>Keeps <c>ledger.meeting_list</c>: what meetings are listed by, the latest first.</summary>
internal static class MeetingRows
{
    /// <summary>The number of the rules by which rows are made. A higher one than the store's has them made anew at start.</summary>
    public const int Version = 1;

    /// <summary>The table.</summary>
    public static RowTable<MeetingRow> Table { get; } = new(
        "meeting_list", "meeting_id", "meeting_id, agency, held_key", "agency", (rows, row) => rows.Row(3).Text(row.MeetingId).Text(row.Agency).Integer(row.HeldKey));

    /// <summary>The rows of a meeting: one for all lists, and one for each agency that took part.</summary>
    public static ImmutableArray<MeetingRow> Of(Meeting meeting) =>
    [
        .. meeting.Facts.Participants.Select(p => p.Agency).Where(agency => !string.IsNullOrEmpty(agency)).OfType<string>().Prepend("")
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(agency => new MeetingRow(meeting.Id, agency, HeldKey(meeting))),
    ];

    /// <summary>Days from the last on which a meeting can have been held to the end of the calendar: the latest first.</summary>
    public static int HeldKey(Meeting meeting) => DateOnly.MaxValue.DayNumber - meeting.Facts.OccurredOn!.Latest.DayNumber;
}
