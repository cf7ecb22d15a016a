using Microsoft.AspNetCore.Mvc;

namespace Ledger.Web.Pages;

/// <summary>The front door leads to the register.</summary>
internal sealed class IndexModel : LedgerPage
{
    public IActionResult OnGet() => LocalRedirect("/agreements");
}
