using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Ledger.Web.Hosting;
using Ledger.Web.Pages;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.RateLimiting;

namespace Ledger.Web.Access;

/// <summary>How many requests may come at once, and how many a minute after that.</summary>
/// <param name="Burst">How many at once.</param>
/// <param name="PerMinute">How many a minute, on and on.</param>
internal sealed record Rate(int Burst, int PerMinute)
{
    /// <summary>Counts requests of one sort: a bucket that is filled again about each second, or slower where less than one a second is due.</summary>
    public TokenBucketRateLimiterOptions Bucket
    {
        get
        {
            var tokens = (PerMinute + 59) / 60;
            return new() { TokenLimit = Burst, TokensPerPeriod = tokens, ReplenishmentPeriod = TimeSpan.FromMinutes((double)tokens / PerMinute), QueueLimit = 0 };
        }
    }
}

/// <summary>
/// How much one caller, one agency and one address may ask of a node. Who is signed in counts by the token; who is not, by the address,
/// and an IPv6 network of a site (/64) as one. Signing in has a rate of its own.
/// </summary>
/// <param name="Caller">For one person or program that is signed in.</param>
/// <param name="Agency">For all callers of one agency together.</param>
/// <param name="Address">For whoever is not signed in, by address.</param>
/// <param name="SignIn">For attempts to sign in, by address.</param>
internal sealed record RateLimits(Rate Caller, Rate Agency, Rate Address, Rate SignIn)
{
    // What begins a session, and what ends the way back from the authority.
    private static readonly PathString[] SignInPaths = ["/sign-in", "/dev/tokens"];

    /// <summary>The limits in the settings, <c>RateLimits:Caller:Burst</c> and so on; null where <c>RateLimits:Enabled</c> is false.</summary>
    /// <exception cref="StartupRefusedException">One of them is no number above 0.</exception>
    public static RateLimits? Of(IConfiguration configuration)
    {
        var settings = configuration.GetSection("RateLimits");
        if (string.Equals(settings["Enabled"], "false", StringComparison.OrdinalIgnoreCase))
            return null;
        return new(
            Read(settings.GetSection("Caller"), new(300, 1_200)),
            Read(settings.GetSection("Agency"), new(1_500, 6_000)),
            Read(settings.GetSection("Address"), new(200, 600)),
            Read(settings.GetSection("SignIn"), new(30, 60)));
    }

    /// <summary>Limits attempts to sign in. Before authentication, which answers the way back from the authority itself.</summary>
    public static void UseSignInLimit(WebApplication app, RateLimits? limits)
    {
        if (limits is not null)
            app.UseRateLimiter(Options(PartitionedRateLimiter.Create<HttpContext, string>(http => IsSigningIn(http) ? Bucket(AddressOf(http), limits.SignIn) : None)));
    }

    /// <summary>Limits everything else. After authentication, which says who is asking.</summary>
    public static void UseRateLimits(WebApplication app, RateLimits? limits)
    {
        if (limits is null)
            return;
        app.UseRateLimiter(Options(PartitionedRateLimiter.CreateChained(
            PartitionedRateLimiter.Create<HttpContext, string>(http => IsFree(http) ? None
                : SubjectOf(http) is { } subject ? Bucket($"caller {subject}", limits.Caller)
                : Bucket($"address {AddressOf(http)}", limits.Address)),
            PartitionedRateLimiter.Create<HttpContext, string>(http => !IsFree(http) && AgencyOf(http) is { } agency ? Bucket(agency, limits.Agency) : None))));
    }

    private static RateLimitPartition<string> None => RateLimitPartition.GetNoLimiter("");

    private static RateLimitPartition<string> Bucket(string key, Rate rate) => RateLimitPartition.GetTokenBucketLimiter(key, _ => rate.Bucket);

    // Whether the node lives is asked by what keeps it alive; and a page that says "too often" is not counted again.
    private static bool IsFree(HttpContext http) =>
        http.Request.Path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase) || http.Features.Get<IStatusCodeReExecuteFeature>() is not null;

    private static bool IsSigningIn(HttpContext http) =>
        http.Features.Get<IStatusCodeReExecuteFeature>() is null
        && SignInPaths.Any(path => http.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase))
        && (HttpMethods.IsPost(http.Request.Method) || http.Request.Path != "/sign-in");

    private static string? SubjectOf(HttpContext http) => http.User.FindFirst(LedgerClaims.Subject)?.Value;

    private static string? AgencyOf(HttpContext http) => http.User.FindFirst(LedgerClaims.Agency)?.Value;

    private static string AddressOf(HttpContext http)
    {
        if (http.Connection.RemoteIpAddress is not { } address)
            return "unknown";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? new IPAddress([.. address.GetAddressBytes().Take(8), .. new byte[8]]).ToString() : address.ToString();
    }

    private static RateLimiterOptions Options(PartitionedRateLimiter<HttpContext> limiter) => new()
    {
        GlobalLimiter = limiter,
        RejectionStatusCode = StatusCodes.Status429TooManyRequests,
        OnRejected = async (context, _) =>
        {
            var seconds = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)) : 1;
            var http = context.HttpContext;
            http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            if (!http.IsForPeople())
                await TooMany(seconds).ExecuteAsync(http);
        },
    };

    private static Problem TooMany(int seconds) => new Problem(429, "rate-limited", "There were too many requests", $"Send this again, with the same key if it was a write, after {seconds.ToString(CultureInfo.InvariantCulture)} seconds; and fewer at a time.") { RetryAfterSeconds = seconds };

    private static Rate Read(IConfigurationSection settings, Rate otherwise) => new(Number(settings, "Burst", otherwise.Burst), Number(settings, "PerMinute", otherwise.PerMinute));

    private static int Number(IConfigurationSection settings, string name, int otherwise) =>
        settings[name] is not { Length: > 0 } given ? otherwise
        : int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
        : throw new StartupRefusedException($"RateLimits__{settings.Key}__{name} is {given}: give a whole number above 0, such as {otherwise.ToString(CultureInfo.InvariantCulture)}.");
}
