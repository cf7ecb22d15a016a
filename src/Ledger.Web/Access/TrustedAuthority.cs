using System.Security.Claims;
using Ledger.Web.Hosting;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Ledger.Web.Access;

/// <summary>What the Ledger takes from an OpenID Connect authority, in tokens of the API and in sign-ins to the pages alike.</summary>
internal static class TrustedAuthority
{
    /// <summary>How far the clock of an authority may be from ours.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long the keys of an authority are taken for its own without asking again: a key that it withdraws is out of use by then.
    /// </summary>
    public static readonly TimeSpan KeysFor = TimeSpan.FromMinutes(10);

    /// <summary>How soon the keys are asked for again when a token names one that is not known, however many such tokens come.</summary>
    public static readonly TimeSpan KeysNoSoonerThan = TimeSpan.FromSeconds(30);

    // Signatures that only the holder of a private key can make.
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    // Access tokens (RFC 9068), and those of authorities that call every token a JWT.
    private static readonly string[] TokenTypes = ["at+jwt", "application/at+jwt", "JWT"];

    // What only the token has that tells a client who has signed in (OpenID Connect Core, section 2 and 3.3.2.11).
    private static readonly string[] OfIdTokens = [JwtRegisteredClaimNames.Nonce, JwtRegisteredClaimNames.AtHash, JwtRegisteredClaimNames.CHash, "s_hash"];

    /// <summary>The address of the authority, which must be such that nobody in between can give other keys.</summary>
    /// <exception cref="StartupRefusedException">It is not.</exception>
    public static string Checked(string authority, IHostEnvironment environment) =>
        Uri.TryCreate(authority, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttps
            || (address.Scheme == Uri.UriSchemeHttp && (address.IsLoopback || environment.IsDevelopment())))
            ? authority
            : throw new StartupRefusedException(
                $"Authentication__Authority is {authority}, whose keys nobody could trust: give the authority's https address.");

    /// <summary>Asks the authority where it is known to be, and follows it nowhere else: whatever it says under another address is not asked for.</summary>
    public static HttpMessageHandler Calls() => new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = KeysFor };

    /// <summary>How tokens are judged, whichever way they come.</summary>
    public static void Pin(TokenValidationParameters accepted)
    {
        (accepted.ClockSkew, accepted.ValidAlgorithms) = (ClockSkew, Algorithms);
        (accepted.RequireSignedTokens, accepted.RequireExpirationTime, accepted.RequireAudience) = (true, true, true);
    }

    /// <summary>How tokens of the API are judged: in kind as well, so that none for another purpose passes.</summary>
    /// <param name="accepted">What is set.</param>
    /// <param name="types">The kinds by their header <c>typ</c>, with spaces between; null for those that authorities use.</param>
    public static void PinAccessTokens(TokenValidationParameters accepted, string? types)
    {
        Pin(accepted);
        accepted.ValidTypes = types?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } given ? given : TokenTypes;
    }

    /// <summary>Whether a token tells a client who has signed in and is no token for an API, as far as the token says so.</summary>
    public static bool IsIdToken(ClaimsPrincipal token) =>
        token.Claims.Any(x => OfIdTokens.Contains(x.Type))
        || token.HasClaim(x => x.Type is "typ" or "token_use" && x.Value.Equals("id", StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// Lets go of withdrawn keys: the framework would go on taking the last keys that had worked for an hour.
    /// </summary>
    public static void LetGoOfWithdrawnKeys(object? configurationManager)
    {
        if (configurationManager is BaseConfigurationManager keys)
            keys.UseLastKnownGoodConfiguration = false;
    }
}
