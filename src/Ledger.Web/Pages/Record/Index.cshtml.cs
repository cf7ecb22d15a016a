using Microsoft.AspNetCore.Mvc;

namespace Ledger.Web.Pages;

/// <summary>Begins a draft, or goes on with one.</summary>
internal sealed class RecordModel(MeetingDrafts drafts) : LedgerPage
{
    /// <summary>The agreement that the first outcome is to concern.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Agreement { get; set; }

    /// <summary>The reader's own drafts, the last changed first.</summary>
    public IReadOnlyList<MeetingDraft> Drafts { get; private set; } = [];

    public async Task<IActionResult> OnGet()
    {
        Response.Headers.CacheControl = "no-cache, no-store";
        Drafts = await drafts.Of(Caller.Subject, HttpContext.RequestAborted);
        return Page();
    }

    public async Task<IActionResult> OnPost()
    {
        return LocalRedirect(AddressOf(await drafts.Begin(Caller.Subject), "/facts"));
    }

    /// <summary>Where to go on with a draft: with an outcome of the agreement, where one was asked for.</summary>
    public string AddressOf(string draft, string otherwise = "") =>
        $"/record/{draft}" + (PageInput.TextOf(Agreement) is { } agreement ? $"/outcomes/new?agreement={Uri.EscapeDataString(agreement)}" : otherwise);
}
