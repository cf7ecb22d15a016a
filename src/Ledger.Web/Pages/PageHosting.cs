using Ledger.Web.Access;
using Ledger.Web.Hosting;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.FileProviders;

namespace Ledger.Web.Pages;

/// <summary>The pages in the host: what they need, and how they are kept safe.</summary>
internal static class PageHosting
{
    // Addresses that answer programs; everything else answers people.
    private static readonly string[] ForPrograms = ["/api", "/dev", "/docs", "/health", "/openapi"];

    /// <summary>Adds what the pages need.</summary>
    public static void AddLedgerPages(this WebApplicationBuilder builder)
    {
        var assets = new EmbeddedFileProvider(typeof(PageHosting).Assembly, "Assets");
        builder.Environment.WebRootFileProvider = assets;
        builder.Services.AddRazorPages(options => options.Conventions.AuthorizeFolder("/"));
        builder.Services.AddScoped(services => PageLanguage.Of(services.GetRequiredService<IHttpContextAccessor>().HttpContext!));
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddAntiforgery(options =>
        {
            options.Cookie = new FormCookie(isForReal: !builder.Environment.IsDevelopment())
            {
                Name = PageSignIn.CookieName("ledger-form", builder.Environment),
                HttpOnly = true,
                IsEssential = true,
                SameSite = SameSiteMode.Strict,
                SecurePolicy = CookieSecurePolicy.SameAsRequest,
            };

            // It would say SAMEORIGIN, and no page of ours frames another.
            options.SuppressXFrameOptionsHeader = true;
        });
        builder.Services.AddDataProtection().SetApplicationName("Ledger");
        builder.Services.AddSingleton<PageKeys>();

        // That the keys are not encrypted within the store is on purpose: whoever reads the store reads the record itself.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error);
        builder.Services.AddOptions<KeyManagementOptions>().Configure<PageKeys>((options, keys) => options.XmlRepository = keys);
        builder.Services.AddResponseCompression(options =>
        {
            options.EnableForHttps = true;
            options.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, "text/calendar", "application/atom+xml"];
        });
        builder.Services.AddSingleton<ApiDoor>();
        builder.Services.AddSingleton<LostForms>();
        builder.Services.AddSingleton<MeetingDrafts>();
    }

    /// <summary>Whether a request comes from a person's browser and not from a program.</summary>
    public static bool IsForPeople(this HttpContext http) => !ForPrograms.Any(prefix => http.Request.Path.StartsWithSegments(prefix, StringComparison.OrdinalIgnoreCase));

    /// <summary>Serves styles, scripts and fonts, and gives every page its error pages.</summary>
    public static void UseLedgerPages(this WebApplication app)
    {
        app.UseWhen(IsForPeople, people =>
        {
            people.UseResponseCompression();
            people.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandlingPath = "/error/500", StatusCodeSelector = e => e is BadHttpRequestException bad ? bad.StatusCode : StoreConnection.IsAway(e) ? 503 : 500 });
            people.UseStatusCodePagesWithReExecute("/error/{0}");
            people.UseStaticFiles(new StaticFileOptions
            {
                RequestPath = "/assets",
                FileProvider = app.Environment.WebRootFileProvider,
                OnPrepareResponse = file => file.Context.Response.Headers.CacheControl =
                    file.Context.Request.Query.ContainsKey("v") ? "public, max-age=31536000, immutable" : "public, no-cache",
            });
        });
    }

    // Marked secure by itself: under the policy that says always, the framework shows no page with a form to whoever comes by http, as a probe
    // on the machine does.
    private sealed class FormCookie(bool isForReal) : CookieBuilder
    {
        public override CookieOptions Build(HttpContext context, DateTimeOffset expiresFrom)
        {
            var cookie = base.Build(context, expiresFrom);
            cookie.Secure |= isForReal;
            return cookie;
        }
    }
}
