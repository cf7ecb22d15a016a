using Ledger.Web.Briefs;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Web.Pages;

/// <summary>Keeps the language that a reader chose and takes them back to where they were.</summary>
[AllowAnonymous]
internal sealed class LanguageModel : LedgerPage
{
    public IActionResult OnGet(string? language, string? returnUrl)
    {
        if (language is not null && Phrasebook.For(language) is not null)
            PageLanguage.Keep(HttpContext, language);
        return LocalRedirect(Url.IsLocalUrl(returnUrl) ? returnUrl : "/agreements");
    }
}
