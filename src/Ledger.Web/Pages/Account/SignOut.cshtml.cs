using Ledger.Web.Access;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Web.Pages;

/// <summary>Ends a session, here and at the authority.</summary>
[AllowAnonymous]
internal sealed class SignOutModel(IServiceProvider services) : LedgerPage
{
    public IActionResult OnGet() => LocalRedirect("/agreements");

    public async Task<IActionResult> OnPost()
    {
        // Nothing of what was read stays on a machine that others use. Not the cookies: those of everything under the same domain would go with ours.
        Response.Headers["Clear-Site-Data"] = "\"cache\", \"storage\"";
        await HttpContext.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return services.GetService<DevelopmentIssuer>() is null
            ? SignOut(new AuthenticationProperties { RedirectUri = "/sign-in?signedOut=true" }, OpenIdConnectDefaults.AuthenticationScheme)
            : LocalRedirect("/sign-in?signedOut=true");
    }
}
