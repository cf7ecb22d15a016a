using System.Text;
using System.Text.Json;
using Ledger.Web.Agreements;
using Ledger.Web.Briefs;
using Ledger.Web.Hosting;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Web.Pages;

/// <summary>The brief of an agreement as it prints.</summary>
internal sealed class AgreementBriefModel(AgreementReader agreements, BriefReader briefs) : AgreementModel(agreements)
{
    /// <inheritdoc/>
    public override AgreementPart Part => AgreementPart.Brief;

    /// <summary>The language of the brief, where it is not the reader's.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Lang { get; set; }

    /// <summary>From which instant or sequence on changes are told.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Since { get; set; }

    /// <summary>The brief.</summary>
    public Brief? Brief { get; private set; }

    /// <summary>Its language.</summary>
    public Phrasebook Book { get; private set; } = null!;

    public async Task<IActionResult> OnGet(string id)
    {
        await Compose(id);
        return Page();
    }

    public Task<IActionResult> OnGetMarkdown(string id) => Download(id, brief => Encoding.UTF8.GetBytes(MarkdownBrief.Write(brief, Book)), "text/markdown; charset=utf-8", "md");

    public Task<IActionResult> OnGetHtml(string id) => Download(id, brief => Encoding.UTF8.GetBytes(HtmlBrief.Write(brief, Book)), "text/html; charset=utf-8", "html");

    public Task<IActionResult> OnGetJson(string id) => Download(id, brief => JsonSerializer.SerializeToUtf8Bytes(brief, Domain.LedgerJson.Options), Form.Json, "json");

    /// <summary>The address of the brief in a form to keep.</summary>
    public string DownloadAddress(string handler) => Address(Part, added: [new("lang", Lang), new("since", Since), new("handler", handler)]);

    private async Task<IActionResult> Download(string id, Func<Brief, byte[]> write, string mediaType, string extension)
    {
        await Compose(id);
        return Brief is null || Errors.Any
            ? Page()
            : File(write(Brief), mediaType, $"{Agreement.Reference}-{Domain.Days.Day.On(Day)}-{Book.Language}.{extension}");
    }

    private async Task Compose(string id)
    {
        Book = Phrasebook.For(Lang ?? Words.Language) ?? Words.Book;
        if (!await See(id))
            return;
        var asked = new BriefRequest(Day, Known, Book.Language, this.SinceOf(Since, "since"), [], null);
        (Brief, var unseen) = await briefs.OfAgreement(Current!, Caller, asked, HttpContext.RequestAborted);
        if (unseen is not null)
            Refuse(unseen.Detail);
    }
}
