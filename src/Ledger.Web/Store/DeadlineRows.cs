using System.Collections.Immutable;
using Ledger.Domain.Agreements;

namespace Ledger.Web.Store;

/// <summary>A row of <c>ledger.agreement_deadline</c>, whose columns bear the same names.</summary>
internal sealed record DeadlineRow(
    string AgreementId,
    int Place,
    string Kind,
    string? Subject,
    string DueOn,
    long Entry,
    DateOnly DayFrom,
    DateOnly DayUntil,
    string Reference,
    DateOnly DueKey,
    ImmutableArray<string> Facets);

/// <summary>
/// Keeps <c>ledger.agreement_deadline</c>: what falls due in each agreement by what is known now, each deadline with the days on which it is one. On every day
/// it holds what <see cref="Deadline.Of"/> says; what has passed by then is overdue.
/// </summary>
internal static class DeadlineRows
{
    /// <summary>The number of the rules by which rows are made. A higher one than the store's has them made anew at start.</summary>
    public const int Version = 1;

    /// <summary>The table.</summary>
    public static RowTable<DeadlineRow> Table { get; } = new(
        "agreement_deadline", "agreement_id", "agreement_id, place, kind, subject, due_on, entry, day_from, day_until, reference, due_key, facets", "place", Write);

    /// <summary>The rows of an agreement.</summary>
    /// <param name="agreement">The agreement.</param>
    /// <param name="timeline">Its timeline, where it is at hand.</param>
    public static ImmutableArray<DeadlineRow> Of(Agreement agreement, Timeline? timeline = null)
    {
        string[] facets = [.. Facet.Participants(agreement), .. Facet.Strangers(agreement)];
        return
        [
            .. (timeline ?? new Timeline(agreement)).Deadlines().Select((lasting, place) => new DeadlineRow(
                agreement.Id,
                place,
                RegisterRows.Word(lasting.Deadline.Kind),
                lasting.Deadline.Subject,
                lasting.Deadline.On.ToString(),
                lasting.Deadline.By,
                lasting.From,
                lasting.Until,
                agreement.Reference,
                lasting.Deadline.On.Latest,
                [.. facets, Facet.Due(lasting.Deadline.Kind)])),
        ];
    }

    private static void Write(BinaryRows rows, DeadlineRow row) => rows.Row(11)
        .Text(row.AgreementId).Integer(row.Place).Text(row.Kind).Text(row.Subject).Text(row.DueOn).Long(row.Entry)
        .Date(row.DayFrom).Date(row.DayUntil).Text(row.Reference).Date(row.DueKey).Texts(row.Facets);
}
