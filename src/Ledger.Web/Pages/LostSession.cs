using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Caching.Memory;

namespace Ledger.Web.Pages;

/// <summary>
/// What somebody typed while their session had ended without their knowing. It is kept for an hour and shown again after they have signed
/// in, so that nothing is asked twice; nothing is sent before they say so.
/// </summary>
internal static class LostSession
{
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    /// <summary>Keeps the form of a request without a session and sends the reader to sign in.</summary>
    public static async Task OnRedirectToLogin(RedirectContext<CookieAuthenticationOptions> context)
    {
        var request = context.Request;
        if (!HttpMethods.IsPost(request.Method) || !request.HasFormContentType || !IsFromOurselves(request))
        {
            context.Response.Redirect(context.RedirectUri);
            return;
        }

        var form = await request.ReadFormAsync(context.HttpContext.RequestAborted);
        var fields = form.Where(f => f.Key != "__RequestVerificationToken").SelectMany(f => f.Value.Select(value => KeyValuePair.Create(f.Key, value ?? ""))).ToList();
        var id = RandomNumberGenerator.GetHexString(32, lowercase: true);
        Cache(context.HttpContext).Set(Key(id), new LostForm(request.PathBase + request.Path + request.QueryString, fields), new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = Kept });
        context.Response.Redirect($"/sign-in?returnUrl={Uri.EscapeDataString($"/sign-in/resume/{id}")}");
    }

    /// <summary>The form kept under an id, which only whoever sent it knows.</summary>
    public static LostForm? Find(HttpContext http, string id) => Cache(http).Get<LostForm>(Key(id));

    // A page elsewhere could make a browser send a form without its session; ours alone are kept.
    private static bool IsFromOurselves(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].ToString() is "same-origin"
        || (Uri.TryCreate(request.Headers.Origin.ToString(), UriKind.Absolute, out var origin) && string.Equals(origin.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));

    private static IMemoryCache Cache(HttpContext http) => http.RequestServices.GetRequiredService<IMemoryCache>();

    private static string Key(string id) => $"lost-form {id}";
}

/// <summary>A form that was sent without a session.</summary>
/// <param name="Address">Where it was sent.</param>
/// <param name="Fields">What it held.</param>
internal sealed record LostForm(string Address, IReadOnlyList<KeyValuePair<string, string>> Fields);
