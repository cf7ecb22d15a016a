using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Web.Pages;

/// <summary>Says what went wrong and what to do next.</summary>
[AllowAnonymous]
[IgnoreAntiforgeryToken]
internal sealed class ErrorModel : LedgerPage
{
    /// <summary>The status whose words are shown.</summary>
    public int Shown { get; private set; }

    /// <summary>The trace of the request, to report.</summary>
    public string Trace => Activity.Current?.TraceId.ToString() ?? HttpContext.TraceIdentifier;

    /// <summary>The address that was asked for, where asking again may help; null where it would not.</summary>
    public string? Again => Shown is 400 or 429 or 500 or 503
        && (HttpContext.Features.Get<IStatusCodeReExecuteFeature>()?.OriginalPath ?? HttpContext.Features.Get<IExceptionHandlerPathFeature>()?.Path) is { } path
        && Url.IsLocalUrl(path) ? path : null;

    public void OnGet() => Show();

    public void OnPost() => Show();

    // Not bound like a parameter: where the form cannot be read, which may be what went wrong, nothing is.
    private void Show()
    {
        var asked = int.Parse((string)RouteData.Values["status"]!, CultureInfo.InvariantCulture);
        var status = asked is >= 400 and < 600 ? asked : StatusCodes.Status404NotFound;
        Shown = status switch { 403 or 404 or 429 or 500 or 503 => status, >= 500 => 500, 405 => 404, _ => 400 };
        Response.StatusCode = status;
        Response.Headers.CacheControl = "no-cache, no-store";
        if (status == 503)
            Response.Headers.RetryAfter = "2";
    }
}
