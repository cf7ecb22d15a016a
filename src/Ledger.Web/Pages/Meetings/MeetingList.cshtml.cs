using Ledger.Domain.Agencies;
using Ledger.Domain.Meetings;
using Ledger.Web.Agreements;
using Ledger.Web.Meetings;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Web.Pages;

/// <summary>Every meeting, the latest first, or those in which one agency took part.</summary>
internal sealed class MeetingListModel(MeetingReader meetings, AgreementReader agreements) : LedgerPage
{
    private const int PageSize = 50;

    [FromQuery(Name = "agency")]
    public string? Agency { get; set; }

    // Said to be of the query: the framework keeps a value of its own under this name among those of the route.
    [FromQuery(Name = "page")]
    public int Number { get; set; } = 1;

    /// <summary>All meetings that the filter lets through.</summary>
    public IReadOnlyList<Meeting> Meetings { get; private set; } = [];

    /// <summary>Those on this page.</summary>
    public IEnumerable<Meeting> Shown => Meetings.Skip((Number - 1) * PageSize).Take(PageSize);

    public int Pages => Math.Max(1, (Meetings.Count + PageSize - 1) / PageSize);

    public AgencyDirectory Agencies { get; private set; } = null!;

    public async Task OnGet()
    {
        Agency = PageInput.TextOf(Agency);
        Meetings = await meetings.All(Agency, HttpContext.RequestAborted);
        Agencies = await agreements.AgenciesNow(HttpContext.RequestAborted);
        Number = Math.Clamp(Number, 1, Pages);
    }

    /// <summary>The address of a page of the list.</summary>
    public string Address(int number) => "/meetings" + QueryString.Create(
        new[] { KeyValuePair.Create("agency", Agency), KeyValuePair.Create("page", number == 1 ? null : $"{number}") }.Where(x => x.Value is not null));
}
