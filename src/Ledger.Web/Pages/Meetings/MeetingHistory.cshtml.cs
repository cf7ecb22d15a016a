using Ledger.Web.Agreements;
using Ledger.Web.Meetings;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Web.Pages;

/// <summary>The history of a meeting: every entry as it was written, and what put it right.</summary>
internal sealed class MeetingHistoryModel(MeetingReader meetings, HistoryWriter history) : LedgerPage
{
    /// <summary>What the address asks for.</summary>
    public string Asked { get; private set; } = "";

    /// <summary>The reference of the meeting; null where there is none.</summary>
    public string? Reference { get; private set; }

    public string Heading { get; private set; } = "";

    /// <summary>The entries as far as the reader may see them.</summary>
    public IReadOnlyList<HistoryItem> Entries { get; private set; } = [];

    public async Task<IActionResult> OnGet(string id)
    {
        Asked = id;
        if (await meetings.Find(id, HttpContext.RequestAborted) is not { } meeting)
        {
            Response.StatusCode = StatusCodes.Status404NotFound;
            return Page();
        }

        (Reference, Heading) = (meeting.Reference, meeting.Facts.Title);
        var entries = await meetings.Entries(meeting, Caller, HttpContext.RequestAborted);
        Entries = await history.Items(Caller, entries, entries, null, Words.Book, HttpContext.RequestAborted);
        return Page();
    }
}
