using System.Globalization;
using Ledger.Web.Briefs;
using Ledger.Web.Hosting;

namespace Ledger.Web.Pages;

/// <summary>Reads what a reader typed, and tells them at the field what cannot be read.</summary>
internal static class PageInput
{
    /// <summary>A day of the calendar as a date field gives it; null where it is left empty or cannot be read, and then the page says so.</summary>
    public static DateOnly? DayOf(this LedgerPage page, string? text, string field)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        if (DateOnly.TryParseExact(text.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return day;
        page.Errors.Add(field, page.Words.Format("input.day", text));
        return null;
    }

    /// <summary>An instant, UTC unless an offset is given; null where it is left empty or cannot be read, and then the page says so.</summary>
    public static DateTimeOffset? InstantOf(this LedgerPage page, string? text, string field)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var typed = text.Trim().Replace(' ', 'T');

        // A field for date and time gives no zone; here every instant without one is UTC.
        if ((RequestQuery.ParseInstant(typed) ?? RequestQuery.ParseInstant(typed + "Z")) is { } instant)
            return instant;
        page.Errors.Add(field, page.Words.Format("input.instant", text));
        return null;
    }

    /// <summary>The point from which a brief tells changes: a day (from its first instant, UTC), an instant or a sequence; null where it is left empty or cannot be read, and then the page says so.</summary>
    public static BriefSince? SinceOf(this LedgerPage page, string? text, string field)
    {
        if (TextOf(text) is not { } typed)
            return null;
        var point = typed.Length == 10 ? $"{typed}T00:00:00Z" : typed.Replace(' ', 'T');
        if ((BriefRequest.ParseSince(point) ?? BriefRequest.ParseSince(point + "Z")) is { } since)
            return since;
        page.Errors.Add(field, page.Words.Format("briefs.since.unread", typed));
        return null;
    }

    /// <summary>A text without what no text of the record may hold; null where it is left empty.</summary>
    public static string? TextOf(string? text)
    {
        var kept = text is null ? null : new string([.. text.Where(c => c != '\0')]).Trim();
        return string.IsNullOrEmpty(kept) ? null : kept;
    }
}
