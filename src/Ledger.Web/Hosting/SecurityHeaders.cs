using Ledger.Web.Pages;
using Microsoft.Net.Http.Headers;

namespace Ledger.Web.Hosting;

/// <summary>
/// The headers that tell a browser what it may do with an answer, on every answer that there is. They are put on last of all, so that
/// none is lost when an error takes the place of an answer; what an answer says of its own stays.
/// </summary>
internal static class SecurityHeaders
{
    // Everything comes from the Ledger itself, and nothing in a page can run that is not a file of it.
    private const string OfPages =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    // What is for programs is nothing to show.
    private const string OfData = "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

    private static readonly (string Name, string Value)[] Everywhere =
    [
        (HeaderNames.XContentTypeOptions, "nosniff"),
        (HeaderNames.XFrameOptions, "DENY"),
        ("Referrer-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ];

    /// <summary>Puts the headers on. Outside Development a browser that came by https is told to come by nothing else for a year.</summary>
    public static void UseSecurityHeaders(this WebApplication app)
    {
        var isForReal = !app.Environment.IsDevelopment();
        app.Use((http, next) =>
        {
            http.Response.OnStarting(
                static state =>
                {
                    var (http, isForReal) = ((HttpContext, bool))state;
                    Complete(http, isForReal);
                    return Task.CompletedTask;
                },
                (http, isForReal));
            return next(http);
        });
    }

    private static void Complete(HttpContext http, bool isForReal)
    {
        var headers = http.Response.Headers;
        foreach (var (name, value) in Everywhere)
            headers.TryAdd(name, value);
        headers.TryAdd(HeaderNames.ContentSecurityPolicy, http.IsForPeople() ? OfPages : OfData);
        headers.TryAdd(HeaderNames.CacheControl, Keeping(http));
        if (isForReal && http.Request.IsHttps)
            headers.TryAdd(HeaderNames.StrictTransportSecurity, "max-age=31536000; includeSubDomains");
    }

    // What is private is kept by nobody, unless it can be asked for again by its version: then by the reader alone, who asks each time.
    private static string Keeping(HttpContext http) =>
        http.Request.Path.StartsWithSegments("/docs", StringComparison.OrdinalIgnoreCase) || http.Request.Path.StartsWithSegments("/openapi", StringComparison.OrdinalIgnoreCase) ? "public, no-cache"
        : http.Response.Headers.ETag.Count > 0 && HttpMethods.IsGet(http.Request.Method) ? "private, no-cache"
        : "no-store";
}
