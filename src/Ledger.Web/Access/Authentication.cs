using System.Security.Claims;
using Ledger.Web.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Tokens;

namespace Ledger.Web.Access;

/// <summary>How the Ledger knows its callers: by bearer tokens of one authority, or in Development by tokens that it signs itself.</summary>
internal static class Authentication
{
    /// <summary>
    /// Accepts tokens of <c>Authentication:Authority</c> made for <c>Authentication:Audience</c> (<c>ledger</c> unless given), which
    /// name the agency and the roles as <see cref="ClaimMapping"/> says. In Development without an authority, accepts its own
    /// development tokens.
    /// </summary>
    /// <exception cref="StartupRefusedException">There is no authority outside Development, or its address is of no use.</exception>
    public static void AddLedgerAuthentication(this WebApplicationBuilder builder, DataDirectory directory)
    {
        var settings = builder.Configuration.GetSection("Authentication");
        var authority = settings["Authority"] is { Length: > 0 } address ? TrustedAuthority.Checked(address, builder.Environment) : null;
        var local = authority is null && builder.Environment.IsDevelopment() ? DevelopmentIssuer.Of(directory) : null;
        if (local is not null)
            builder.Services.AddSingleton(local);
        else if (authority is null)
            throw new StartupRefusedException(
                "Nobody could sign in: give the address of your OpenID Connect authority in Authentication__Authority and the audience of "
                + "its tokens in Authentication__Audience, or set ASPNETCORE_ENVIRONMENT=Development to try the Ledger out.");

        var claims = ClaimMapping.Of(settings);
        var audience = settings["Audience"] is { Length: > 0 } given ? given : DevelopmentIssuer.Audience;
        builder.Services.AddAuthorization();
        var signIn = builder.Services.AddAuthentication(PageSignIn.Scheme);
        signIn.AddPageSignIn(settings, authority, audience, claims, builder.Environment);
        signIn.AddJwtBearer(options =>
        {
            options.MapInboundClaims = false;
            options.TokenHandlers.Clear();
            options.TokenHandlers.Add(new VerifiedTokens());
            var accepted = options.TokenValidationParameters;
            TrustedAuthority.PinAccessTokens(accepted, settings["TokenTypes"]);
            if (local is not null)
            {
                (accepted.ValidIssuer, accepted.ValidAudience) = (DevelopmentIssuer.Issuer, DevelopmentIssuer.Audience);
                (accepted.IssuerSigningKey, accepted.ValidAlgorithms) = (local.Key, [SecurityAlgorithms.EcdsaSha256]);
            }
            else
            {
                (accepted.ValidAudience, options.Authority, options.BackchannelHttpHandler) = (audience, authority, TrustedAuthority.Calls());
                (options.AutomaticRefreshInterval, options.RefreshInterval) = (TrustedAuthority.KeysFor, TrustedAuthority.KeysNoSoonerThan);
                options.RequireHttpsMetadata = authority!.StartsWith(Uri.UriSchemeHttps + ':', StringComparison.OrdinalIgnoreCase);
            }

            options.Events = new()
            {
                OnTokenValidated = context =>
                {
                    if (TrustedAuthority.IsIdToken(context.Principal!))
                        context.Fail("The token says who has signed in and is not for this API: send the access token.");
                    else
                        context.Principal = Caller(context.Principal!, context.Fail, claims, JwtBearerDefaults.AuthenticationScheme);
                    return Task.CompletedTask;
                },
                OnChallenge = context => ChallengeAsync(context, local is not null),
                OnForbidden = context => Problem
                    .Forbidden("Your roles or your agency do not allow it: ask someone whose do, or have your token's roles and agency corrected.")
                    .ExecuteAsync(context.HttpContext),
            };
        });
        builder.Services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .PostConfigure(options => TrustedAuthority.LetGoOfWithdrawnKeys(options.ConfigurationManager));
    }

    /// <summary>
    /// The caller that an authority vouches for. Only the configured claims say agency and roles; what the authority means by others of
    /// that name is unknown.
    /// </summary>
    internal static ClaimsPrincipal Caller(ClaimsPrincipal token, Action<string> fail, ClaimMapping mapping, string scheme)
    {
        var agencies = mapping.AgenciesOf(token);
        if (string.IsNullOrWhiteSpace(token.FindFirstValue(LedgerClaims.Subject)))
            fail($"The token has no {LedgerClaims.Subject} claim.");
        if (agencies.Count > 1)
            fail($"The token names more than one agency in {mapping.AgencyClaim}.");

        var claims = token.Claims.Where(x => x.Type is not (LedgerClaims.Agency or LedgerClaims.Roles))
            .Concat(agencies.Select(x => new Claim(LedgerClaims.Agency, x)))
            .Concat(mapping.RolesOf(token).Select(x => new Claim(LedgerClaims.Roles, x)));
        return new(new ClaimsIdentity(claims, scheme, LedgerClaims.Name, LedgerClaims.Roles));
    }

    private static async Task ChallengeAsync(JwtBearerChallengeContext context, bool hasDevelopmentTokens)
    {
        // The framework's own answer has no body, and repeats text from the token in a header that has no room for all of Unicode.
        context.HandleResponse();
        if (context.AuthenticateFailure is not null && !await HasKeysAsync(context))
        {
            await Problem.Unavailable("The authority that vouches for your token does not answer: send the request again shortly.").ExecuteAsync(context.HttpContext);
            return;
        }

        context.Response.Headers.WWWAuthenticate = context.AuthenticateFailure is null ? "Bearer" : "Bearer error=\"invalid_token\"";
        var source = hasDevelopmentTokens ? "POST /dev/tokens" : "your authority";
        var detail = context.AuthenticateFailure switch
        {
            null => $"Send the header \"Authorization: Bearer …\" with a token from {source}.",
            SecurityTokenExpiredException => $"Your token has expired: get a new one from {source}.",
            AuthenticationFailureException failure => $"{failure.Message} Get another one from {source}.",
            _ => $"Your token is not one that this Ledger accepts (its signature, issuer, audience or time): get a new one from {source}.",
        };
        await new Problem(401, "unauthenticated", "You are not signed in", detail).ExecuteAsync(context.HttpContext);
    }

    // Without the authority's keys the framework calls every token bad, and clients would throw good ones away.
    private static async Task<bool> HasKeysAsync(JwtBearerChallengeContext context)
    {
        try
        {
            if (context.Options.ConfigurationManager is { } authority)
                await authority.GetConfigurationAsync(context.HttpContext.RequestAborted);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
