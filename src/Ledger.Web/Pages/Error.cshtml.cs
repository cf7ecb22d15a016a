using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

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

    /// <summary>Shows it whatever the method of the request that failed, and whatever else is wrong with it.</summary>
    [NonHandler]
    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        // Anybody may ask for the page of a status that there is not.
        var status = int.Parse((string)RouteData.Values["status"]!, CultureInfo.InvariantCulture) is var asked and >= 400 and <= 599 ? asked : StatusCodes.Status404NotFound;
        Shown = status switch { 403 or 404 or 429 or 500 or 503 => status, >= 500 => 500, 405 => 404, _ => 400 };
        Response.StatusCode = status;
        Response.Headers.CacheControl = "no-cache, no-store";
        if (status == 503)
            Response.Headers.RetryAfter = "2";
    }
}
