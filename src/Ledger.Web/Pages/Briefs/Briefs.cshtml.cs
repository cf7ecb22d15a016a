using System.Text;
using System.Text.Json;
using Ledger.Domain;
using Ledger.Domain.Agencies;
using Ledger.Web.Access;
using Ledger.Web.Agreements;
using Ledger.Web.Briefs;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Web.Pages;

/// <summary>A brief as it prints, of the subject, at the point and in the language that the address names.</summary>
internal sealed class BriefsModel(AgreementReader agreements, BriefReader briefs) : LedgerPage
{
    [BindProperty(SupportsGet = true)]
    public string? Agreement { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Meeting { get; set; }

    [BindProperty(SupportsGet = true, Name = "party")]
    public string[] Parties { get; set; } = [];

    /// <summary>The kind of subject to choose, where none is named yet.</summary>
    [BindProperty(SupportsGet = true)]
    public BriefKind? Of { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? AsOf { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? KnownAt { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Since { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Lang { get; set; }

    /// <summary>The brief; null where no subject is named, or there is a problem.</summary>
    public Brief? Brief { get; private set; }

    /// <summary>The language of the brief.</summary>
    public Phrasebook Book { get; private set; } = Phrasebook.All[0];

    public AgencyDirectory Agencies { get; private set; } = null!;

    public BriefKind Kind =>
        Meeting is not null ? BriefKind.Meeting
        : Parties.Length > 0 ? BriefKind.Portfolio
        : Agreement is not null ? BriefKind.Agreement
        : Of ?? (Request.Query.ContainsKey("meeting") ? BriefKind.Meeting : BriefKind.Agreement);

    public string Html => HtmlBrief.Body(Brief!, Book, heading: 2, AddressOf);

    public async Task<IActionResult> OnGet()
    {
        await Read();
        return Page();
    }

    /// <summary>The brief as the API gives it in Markdown.</summary>
    public Task<IActionResult> OnGetMarkdown() => Download("md", "text/markdown; charset=utf-8", () => MarkdownBrief.Write(Brief!, Book));

    /// <summary>The brief as the API gives it in HTML.</summary>
    public Task<IActionResult> OnGetHtml() => Download("html", "text/html; charset=utf-8", () => HtmlBrief.Write(Brief!, Book));

    /// <summary>The brief as the API gives it in JSON.</summary>
    public Task<IActionResult> OnGetJson() => Download("json", "application/json; charset=utf-8", () => JsonSerializer.Serialize(Brief, LedgerJson.Options));

    /// <summary>This address with another handler.</summary>
    public string With(string handler) => "/briefs" + QueryString.Create(
        Request.Query.Where(q => q.Key != "handler").SelectMany(q => q.Value.Where(v => !string.IsNullOrEmpty(v)).Select(v => KeyValuePair.Create(q.Key, v))).Append(KeyValuePair.Create("handler", (string?)handler)));

    private async Task<IActionResult> Download(string extension, string mediaType, Func<string> write)
    {
        await Read();
        if (Brief is not { } brief)
            return Page();
        var subject = brief.Subject.Reference ?? string.Join('-', Parties);
        return File(Encoding.UTF8.GetBytes(write()), mediaType, $"brief-{subject}-{Domain.Days.Day.On(brief.AsOf)}-{Book.Language}.{extension}");
    }

    private async Task Read()
    {
        (Agreement, Meeting) = (PageInput.TextOf(Agreement), PageInput.TextOf(Meeting));
        Parties = [.. Parties.Select(PageInput.TextOf).OfType<string>().Distinct(StringComparer.Ordinal)];
        Book = Phrasebook.For(Lang ?? "") ?? Words.Book;
        Agencies = await agreements.AgenciesNow(HttpContext.RequestAborted);
        var asked = new BriefRequest(this.DayOf(AsOf, "asOf") ?? agreements.Today, this.InstantOf(KnownAt, "knownAt"), Book.Language, this.SinceOf(Since, "since"), Parties, null);
        if (Errors.Any)
            return;

        var answer = await (Kind switch
        {
            BriefKind.Meeting when Meeting is not null => briefs.OfMeeting(Meeting, Caller, asked, HttpContext.RequestAborted),
            BriefKind.Portfolio when Parties.Length > 0 => briefs.OfPortfolio(Caller, asked, HttpContext.RequestAborted),
            BriefKind.Agreement when Agreement is not null => briefs.OfAgreement(Agreement, Caller, asked, HttpContext.RequestAborted),
            _ => Task.FromResult(new BriefAnswer(null, null)),
        });
        Brief = answer.Brief;
        if (answer.Problem is not { } problem)
            return;
        if (Kind == BriefKind.Agreement && Agreement is not null)
            SecurityLog.NoteLookedFor(HttpContext, [Agreement]);
        Errors.Add(Kind switch { BriefKind.Meeting => "meeting", BriefKind.Portfolio => "party", _ => "agreement" }, problem.Detail);
    }

    private string? AddressOf(string reference, long number) =>
        reference == Book.Word(BriefWord.Record) ? null
        : Brief!.Subject is { Kind: BriefKind.Meeting } subject && subject.Reference == reference ? $"/meetings/{Uri.EscapeDataString(reference)}"
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/agreements/{Uri.EscapeDataString(reference)}/history?entry={number}");
}
