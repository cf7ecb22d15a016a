using Microsoft.AspNetCore.Mvc;

namespace Ledger.Web.Pages;

/// <summary>Shows what somebody typed while their session had ended, and sends it once they say so.</summary>
internal sealed class ResumeModel : LedgerPage
{
    /// <summary>The form that was kept.</summary>
    public LostForm Form { get; private set; } = null!;

    public IActionResult OnGet(string id)
    {
        if (LostSession.Find(HttpContext, id) is not { } form || !Url.IsLocalUrl(form.Address))
            return Missing();
        Form = form;
        return Page();
    }
}
