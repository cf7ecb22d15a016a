using Ledger.Web.Agencies;
using Ledger.Web.Agreements;
using Ledger.Web.Hosting;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Web.Pages;

/// <summary>The agencies as they are called on a day; a registrar registers another one here.</summary>
internal sealed class AgencyListModel(AgreementReader agreements, ApiDoor api) : AgencyFormPage(api)
{
    [BindProperty(SupportsGet = true)]
    public string? AsOf { get; set; }

    /// <summary>The code under which to register.</summary>
    [BindProperty]
    public string? Code { get; set; }

    public DateOnly Day { get; private set; }

    /// <summary>The agencies by code, each as of the day.</summary>
    public IReadOnlyList<AgencyView> Agencies { get; private set; } = [];

    public PastBanner Past => new(Day == agreements.Today ? null : Day, null, "/agencies");

    public async Task OnGet()
    {
        await Read();
        Key = FormKey.New();
    }

    /// <summary>The agencies on the day, as CSV with a byte order mark, which spreadsheets need to read UTF-8.</summary>
    public async Task<IActionResult> OnGetCsv()
    {
        await OnGet();
        return Errors.Any ? Page() : Spreadsheet(Form.CsvOf(Agencies.Select(AgencyTableRow.Of)), $"agencies-{Domain.Days.Day.On(Day)}.csv");
    }

    public async Task<IActionResult> OnPost()
    {
        await Read();
        Code = PageInput.TextOf(Code) ?? "";

        // The API would take this for a renaming.
        if (Agencies.Any(a => a.Code == Code) && Name is not null && Agencies.First(a => a.Code == Code).Name != Name)
            Errors.Add("code", Words.Format("agency.taken", Code));
        else if (await Keep(Code))
            return Done(Words.Format("agency.registered", Code), Code);
        return Page();
    }

    /// <summary>What a reader sees first of an agency: its official name in their language.</summary>
    public string NameOf(AgencyView agency) => agency.Names?.In(Words.Language) ?? agency.Name;

    private async Task Read()
    {
        Day = this.DayOf(AsOf, "asOf") ?? agreements.Today;
        Agencies = AgencyView.All(await agreements.AgenciesNow(HttpContext.RequestAborted), Day);
    }
}
