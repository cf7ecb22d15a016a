using Ledger.Web.Importing;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Web.Pages;

/// <summary>A file being brought in, as far as it has come.</summary>
internal sealed class ImportPageModel(ImportTable imports) : LedgerPage
{
    /// <summary>The file.</summary>
    public ImportView Import { get; private set; } = null!;

    /// <summary>Whether it still moves, so that the page is to be read again.</summary>
    public bool IsMoving => Import.State is ImportState.Received or ImportState.Checking or ImportState.Writing;

    /// <summary>How much of it is done, from 0 to 100; null while nothing has begun.</summary>
    public int? Percent => Import.State switch
    {
        ImportState.Checking when Import.Bytes > 0 => (int)(100 * Import.BytesChecked / Import.Bytes),
        ImportState.Writing when Import.Lines > 0 => (int)(100 * Import.LinesDone / Import.Lines),
        ImportState.Finished => 100,
        _ => null,
    };

    /// <summary>The flags with their names and how many agreements bear each.</summary>
    public IEnumerable<(string Flag, int Agreements)> FlagsBorne => Import.Flags.OrderByDescending(f => f.Value).Select(f => (f.Key, f.Value));

    public async Task<IActionResult> OnGet(string id)
    {
        if (await imports.Find(id, HttpContext.RequestAborted) is not { } found)
            return Missing();
        Import = ImportView.Of(found);

        // Without scripts, and without losing the reader's place to a page that is at rest.
        if (IsMoving)
            Response.Headers["Refresh"] = "2";
        return Page();
    }
}
