using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Ledger.Web.Access;

/// <summary>
/// How people sign in to the pages: at their authority by OpenID Connect (authorization code with PKCE), or in Development by choosing a
/// person. The session is a cookie that pages alone accept; the API takes bearer tokens alone, so that no page elsewhere can write.
/// </summary>
internal static class PageSignIn
{
    /// <summary>The scheme that looks at a request and takes the cookie or the token.</summary>
    public const string Scheme = "Ledger";

    /// <summary>How long a session lasts after it was last used.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    /// <summary>How long a session lasts at most: the next day one signs in again, and with the roles of that day.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>Under which name a session holds the instant at which it began.</summary>
    internal const string Began = "began";

    // Where whoever comes back from the authority without a session is told so.
    private const string Failed = "/sign-in?failed=true";

    /// <summary>
    /// The name of a cookie: by <c>__Host-</c> a browser takes it from this host by https alone. In Development there may be no https.
    /// </summary>
    public static string CookieName(string name, IHostEnvironment environment) => environment.IsDevelopment() ? name : $"__Host-{name}";

    /// <summary>Adds the sessions of the pages, and the sign-in at the authority where <c>Authentication:ClientId</c> is given.</summary>
    public static void AddPageSignIn(
        this AuthenticationBuilder authentication, IConfigurationSection settings, string? authority, string audience, ClaimMapping claims, IHostEnvironment environment)
    {
        var clientId = settings["ClientId"] is { Length: > 0 } id ? id : audience;
        authentication.AddPolicyScheme(Scheme, null, options => options.ForwardDefaultSelector = http =>
            Pages.PageHosting.IsForPeople(http) ? CookieAuthenticationDefaults.AuthenticationScheme : JwtBearerDefaults.AuthenticationScheme);
        authentication.AddCookie(options =>
        {
            options.Cookie.Name = CookieName("ledger-session", environment);
            options.Cookie.HttpOnly = true;
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.Cookie.SecurePolicy = environment.IsDevelopment() ? CookieSecurePolicy.SameAsRequest : CookieSecurePolicy.Always;
            options.ExpireTimeSpan = Lifetime;
            options.LoginPath = "/sign-in";
            options.AccessDeniedPath = "/error/403";
            options.ReturnUrlParameter = "returnUrl";
            options.Events.OnRedirectToLogin = Pages.LostSession.OnRedirectToLogin;
            options.Events.OnSigningIn = context => Task.FromResult(context.Properties.Items[Began] = context.Options.TimeProvider!.GetUtcNow().ToString("O", CultureInfo.InvariantCulture));
            options.Events.OnSignedIn = async context =>
            {
                var caller = Caller.From(context.Principal!);
                SecurityLog.NoteSession(context.HttpContext, caller);
                if (context.HttpContext.RequestServices.GetService<Pages.DeadlineFeedAddresses>() is { } addresses)
                    await addresses.Confirm(caller, context.HttpContext.RequestAborted);
            };
            options.Events.OnValidatePrincipal = context =>
            {
                context.Properties.Items.TryGetValue(Began, out var began);
                if (!DateTimeOffset.TryParse(began, CultureInfo.InvariantCulture, out var instant) || instant + Longest < context.Options.TimeProvider!.GetUtcNow())
                    context.RejectPrincipal();
                return Task.CompletedTask;
            };
        });
        if (authority is null)
            return;

        authentication.AddOpenIdConnect(options =>
        {
            (options.Authority, options.ClientId, options.ClientSecret, options.BackchannelHttpHandler) = (authority, clientId, settings["ClientSecret"], TrustedAuthority.Calls());
            TrustedAuthority.Pin(options.TokenValidationParameters);
            (options.AutomaticRefreshInterval, options.RefreshInterval) = (TrustedAuthority.KeysFor, TrustedAuthority.KeysNoSoonerThan);
            options.RequireHttpsMetadata = authority.StartsWith(Uri.UriSchemeHttps + ':', StringComparison.OrdinalIgnoreCase);
            options.SignInScheme = CookieAuthenticationDefaults.AuthenticationScheme;
            (options.ResponseType, options.ResponseMode, options.UsePkce) = (OpenIdConnectResponseType.Code, OpenIdConnectResponseMode.Query, true);
            (options.MapInboundClaims, options.SaveTokens, options.GetClaimsFromUserInfoEndpoint) = (false, false, true);
            (options.CallbackPath, options.SignedOutCallbackPath) = ("/sign-in/callback", "/sign-out/callback");
            foreach (var cookie in new[] { options.CorrelationCookie, options.NonceCookie })
            {
                cookie.SameSite = SameSiteMode.Lax;
                cookie.SecurePolicy = environment.IsDevelopment() ? CookieSecurePolicy.SameAsRequest : CookieSecurePolicy.Always;
            }

            foreach (var claim in claims.Sources)
                options.ClaimActions.MapJsonKey(claim, claim);
            options.Events.OnTicketReceived = context =>
            {
                string? failure = null;
                context.Principal = Authentication.Caller(context.Principal!, reason => failure = reason, claims, CookieAuthenticationDefaults.AuthenticationScheme);
                if (failure is null)
                    return Task.CompletedTask;

                // Failing the context alone would let the session begin: what fails here is no longer looked at.
                SecurityLog.NoteFailedSignIn(context.HttpContext, "unclear-caller", context.Principal.FindFirstValue(LedgerClaims.Subject));
                context.Response.Redirect(Failed);
                context.HandleResponse();
                return Task.CompletedTask;
            };
            options.Events.OnRemoteFailure = context =>
            {
                SecurityLog.NoteFailedSignIn(context.HttpContext, CodeOf(context.Failure));
                context.Response.Redirect(Failed);
                context.HandleResponse();
                return Task.CompletedTask;
            };
        });
        authentication.Services.AddOptions<OpenIdConnectOptions>(OpenIdConnectDefaults.AuthenticationScheme)
            .PostConfigure(options => TrustedAuthority.LetGoOfWithdrawnKeys(options.ConfigurationManager));
    }

    /// <summary>Begins a session for a person chosen in Development.</summary>
    public static Task Begin(HttpContext http, Caller caller)
    {
        List<Claim> claims = [new(LedgerClaims.Subject, caller.Subject), new(LedgerClaims.Name, caller.Name), .. caller.Roles.Select(role => new Claim(LedgerClaims.Roles, role))];
        if (caller.Agency is not null)
            claims.Add(new(LedgerClaims.Agency, caller.Agency));
        var identity = new ClaimsIdentity(claims, CookieAuthenticationDefaults.AuthenticationScheme, LedgerClaims.Name, LedgerClaims.Roles);
        return http.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, new ClaimsPrincipal(identity));
    }

    // A failure's own text repeats what came back: a description that anybody can have written, parts of a token.
    private static string CodeOf(Exception? failure) => failure switch
    {
        OpenIdConnectProtocolException when failure.Data["error"] is "access_denied" => "denied",
        OpenIdConnectProtocolException when failure.Data.Contains("error") => "provider-error",
        OpenIdConnectProtocolException or SecurityTokenException => "invalid-token",
        AuthenticationFailureException => "invalid-answer",
        HttpRequestException or OperationCanceledException { InnerException: TimeoutException } => "provider-away",
        _ => "failed",
    };
}
