using Ledger.Domain.Agencies;
using Ledger.Domain.Meetings;
using Ledger.Web.Agreements;
using Ledger.Web.Hosting;
using Ledger.Web.Meetings;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Web.Pages;

/// <summary>Every meeting, the latest first, or those in which one agency took part.</summary>
internal sealed class MeetingListModel(MeetingReader meetings, AgreementReader agreements) : LedgerPage
{
    private const int PageSize = 50;

    [FromQuery(Name = "agency")]
    public string? Agency { get; set; }

    /// <summary>From where to go on: what an earlier page gave as next.</summary>
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; set; }

    /// <summary>The meetings on this page, in order.</summary>
    public IReadOnlyList<Meeting> Meetings { get; private set; } = [];

    /// <summary>How many the filter lets through; one more than is counted, where there are more.</summary>
    public int Count { get; private set; }

    /// <summary>That number in words.</summary>
    public string Counted => Counting(Count, "meetings.count", "meetings.more");

    /// <summary>From where the next page goes on; null on the last one.</summary>
    public string? Next { get; private set; }

    public ListPages Pages => new(Words["meetings.pages"], Cursor is null ? null : From(null), Next is null ? null : From(Next));

    public AgencyDirectory Agencies { get; private set; } = null!;

    public async Task OnGet()
    {
        Agency = PageInput.TextOf(Agency);

        // An address that somebody has spoilt begins at the first page.
        var after = PageInput.TextOf(Cursor) is { } closed && RequestQuery.Open(closed) is { } text && !text.Contains('\0', StringComparison.Ordinal) ? MeetingReader.Position.Open(text) : null;
        Cursor = after is null ? null : Cursor;
        (Meetings, var next) = await meetings.Page(Agency, after, PageSize, HttpContext.RequestAborted);
        Next = next is null ? null : RequestQuery.Close(next.ToString());
        Count = Cursor is null && Next is null ? Meetings.Count : await meetings.Count(Agency, MostCounted + 1, HttpContext.RequestAborted);
        Agencies = await agreements.AgenciesNow(HttpContext.RequestAborted);
    }

    /// <summary>The address of the list from a cursor on, or from its beginning.</summary>
    public string From(string? cursor) => "/meetings" + QueryString.Create(
        new[] { KeyValuePair.Create("agency", Agency), KeyValuePair.Create("cursor", cursor) }.Where(x => x.Value is not null));
}
