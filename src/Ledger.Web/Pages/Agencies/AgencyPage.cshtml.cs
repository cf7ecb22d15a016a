using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Domain.Agencies;
using Ledger.Web.Agencies;
using Ledger.Web.Agreements;
using Ledger.Web.Entries;
using Ledger.Web.Recording;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Web.Pages;

/// <summary>An agency: its names through time, whose place it took and who took its place, and its history. A registrar keeps it here.</summary>
internal sealed class AgencyPageModel(AgreementReader agreements, RecordReader record, HistoryWriter history, ApiDoor api) : AgencyFormPage(api)
{
    [BindProperty(SupportsGet = true)]
    public string? AsOf { get; set; }

    /// <summary>The agency that takes over.</summary>
    [BindProperty]
    public string? Successor { get; set; }

    /// <summary>The day from which it does, as it was typed.</summary>
    [BindProperty]
    public string? SucceededOn { get; set; }

    /// <summary>What the address asks for.</summary>
    public string Asked { get; private set; } = "";

    /// <summary>The agency with all its names; null where there is none.</summary>
    public Agency? Agency { get; private set; }

    /// <summary>The agency as of the day.</summary>
    public AgencyView View { get; private set; } = null!;

    public DateOnly Day { get; private set; }

    public AgencyDirectory Agencies { get; private set; } = null!;

    public IReadOnlyList<HistoryItem> Entries { get; private set; } = [];

    public PastBanner Past => new(Day == agreements.Today ? null : Day, null, $"/agencies/{Agency?.Id}");

    public async Task<IActionResult> OnGet(string code)
    {
        if (!await Read(code))
            return Unknown();
        Fill();
        return Page();
    }

    public async Task<IActionResult> OnPostName(string code)
    {
        if (!await Read(code))
            return Unknown();
        return await Keep(code) ? Done(Words.Format("agency.named", code), code) : Page();
    }

    public async Task<IActionResult> OnPostSuccession(string code)
    {
        if (!await Read(code))
            return Unknown();

        var body = new JsonObject { ["successor"] = Successor ?? "" };
        Add(body, "occurredOn", SucceededOn);
        var (typed, key) = (SucceededOn, Key);
        var answer = await Api.Send<SucceedAgency>(
            HttpContext,
            $"/api/v1/agencies/{code}/succession",
            body,
            Key ?? "",
            (command, http) => SucceedAgencyEndpoint.Post(code, command, http.RequestServices.GetRequiredService<Recorder>(), http));
        if (Take(answer, pointer => pointer switch { "/successor" => "successor", "/occurredOn" => "succeededOn", _ => "" }))
            return Done(Words.Format("agency.succeeded", Successor, code), code);
        key = Key;
        Fill();
        (SucceededOn, Key) = (typed, key);
        return Page();
    }

    /// <summary>An official name in the reader's language.</summary>
    public string In(AgencyName name) => name.Names?.In(Words.Language) ?? name.Name;

    /// <summary>The official name that another agency bears on the day.</summary>
    public string NameOf(string code) => Agencies.NameOn(code, Day, Words.Language);

    private IActionResult Unknown()
    {
        Response.StatusCode = StatusCodes.Status404NotFound;
        return Page();
    }

    // The form begins with what the record says, so that only what changes is typed.
    private void Fill()
    {
        var latest = Agency!.LatestName;
        (Name, NameEn, NameFr, NameRu) = (latest.Name, latest.Names?.En, latest.Names?.Fr, latest.Names?.Ru);
        (Kind, Country) = (JsonNamingPolicy.CamelCase.ConvertName(latest.Kind.ToString()), latest.Country);
        OccurredOn = SucceededOn = Domain.Days.Day.On(agreements.Today).ToString();
        Key = FormKey.New();
    }

    private async Task<bool> Read(string code)
    {
        Asked = code;
        Day = this.DayOf(AsOf, "asOf") ?? agreements.Today;
        Agencies = await agreements.AgenciesNow(HttpContext.RequestAborted);
        Agency = Agencies.Find(code);
        if (Agency is null)
            return false;

        View = AgencyView.Of(Agency, Agencies, Day);
        var entries = await record.Stream(Agency.Id, null, HttpContext.RequestAborted);
        Entries = await history.Items(Caller, entries, entries, null, Words.Book, HttpContext.RequestAborted);
        return true;
    }
}
