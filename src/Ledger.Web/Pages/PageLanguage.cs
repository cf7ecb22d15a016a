using Ledger.Web.Briefs;

namespace Ledger.Web.Pages;

/// <summary>Which language a reader is answered in: the one they chose, or the one that their browser asks for, or English.</summary>
internal static class PageLanguage
{
    /// <summary>The cookie that keeps a reader's choice.</summary>
    public const string Cookie = "ledger-language";

    /// <summary>The words for the reader of this request.</summary>
    public static Words Of(HttpContext http)
    {
        if (http.Request.Cookies[Cookie] is { } chosen && Phrasebook.For(chosen) is not null)
            return Words.For(chosen);
        var asked = http.Request.GetTypedHeaders().AcceptLanguage
            .Where(x => x.Quality is null or > 0)
            .OrderByDescending(x => x.Quality ?? 1)
            .Select(x => x.Value.Value?.Split('-')[0])
            .FirstOrDefault(x => x is not null && Phrasebook.For(x) is not null);
        return Words.For(asked);
    }

    /// <summary>Keeps a reader's choice for a year.</summary>
    public static void Keep(HttpContext http, string language) => http.Response.Cookies.Append(Cookie, language, new CookieOptions
    {
        HttpOnly = true,
        SameSite = Microsoft.AspNetCore.Http.SameSiteMode.Lax,
        Secure = http.Request.IsHttps,
        MaxAge = TimeSpan.FromDays(365),
        IsEssential = true,
    });
}
