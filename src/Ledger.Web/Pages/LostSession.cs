using System.Security.Cryptography;
using Ledger.Web.Access;
using Ledger.Web.Hosting;
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
    /// <summary>Keeps the form of a request without a session and sends the reader to sign in.</summary>
    public static async Task OnRedirectToLogin(RedirectContext<CookieAuthenticationOptions> context)
    {
        var request = context.Request;
        SecurityLog.NoteRefusal(context.HttpContext, StatusCodes.Status401Unauthorized);
        if (!HttpMethods.IsPost(request.Method) || !IsSmallForm(request) || !IsFromOurselves(request))
        {
            context.Response.Redirect(context.RedirectUri);
            return;
        }

        var form = await request.ReadFormAsync(context.HttpContext.RequestAborted);
        var fields = form.Where(f => f.Key != "__RequestVerificationToken").SelectMany(f => f.Value.Select(value => KeyValuePair.Create(f.Key, value ?? ""))).ToList();
        var id = RandomNumberGenerator.GetHexString(32, lowercase: true);
        Forms(context.HttpContext).Keep(id, new LostForm(request.PathBase + request.Path + request.QueryString, fields));
        context.Response.Redirect($"/sign-in?returnUrl={Uri.EscapeDataString($"/sign-in/resume/{id}")}");
    }

    /// <summary>The form kept under an id, which only whoever sent it knows.</summary>
    public static LostForm? Find(HttpContext http, string id) => Forms(http).Find(id);

    // Nobody has signed in: a file, or a form of any size, is not read from just anybody.
    private static bool IsSmallForm(HttpRequest request) =>
        request is { HasFormContentType: true, ContentLength: <= RequestLimits.MostBytes } && request.ContentType!.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);

    // A page elsewhere could make a browser send a form without its session; ours alone are kept.
    private static bool IsFromOurselves(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].ToString() is "same-origin"
        || (Uri.TryCreate(request.Headers.Origin.ToString(), UriKind.Absolute, out var origin) && string.Equals(origin.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));

    private static LostForms Forms(HttpContext http) => http.RequestServices.GetRequiredService<LostForms>();
}

/// <summary>The forms kept for those whose session had ended: for an hour, and no more of them than this node has room for.</summary>
internal sealed class LostForms : IDisposable
{
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    // Anybody can send a form without a session, so what is kept for them has a bound; what does not fit is not kept.
    private readonly MemoryCache _forms = new(new MemoryCacheOptions { SizeLimit = 16 * 1024 * 1024 });

    /// <summary>Keeps a form under an id that nobody can guess.</summary>
    public void Keep(string id, LostForm form) => _forms.Set(id, form, new MemoryCacheEntryOptions
    {
        AbsoluteExpirationRelativeToNow = Kept,
        Size = form.Fields.Sum(field => (long)field.Key.Length + field.Value.Length + 64),
    });

    /// <summary>The form kept under an id.</summary>
    public LostForm? Find(string id) => _forms.Get<LostForm>(id);

    /// <inheritdoc/>
    public void Dispose() => _forms.Dispose();
}

/// <summary>A form that was sent without a session.</summary>
/// <param name="Address">Where it was sent.</param>
/// <param name="Fields">What it held.</param>
internal sealed record LostForm(string Address, IReadOnlyList<KeyValuePair<string, string>> Fields);
