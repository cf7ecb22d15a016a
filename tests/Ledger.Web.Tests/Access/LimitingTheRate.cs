using System.Globalization;
using System.Net;
using Ledger.Web.Access;
using Ledger.Web.Hosting;
using Ledger.Web.Tests.Hosting;
using Xunit;

namespace Ledger.Web.Tests.Access;

/// <summary>Nobody's requests keep the others from the record.</summary>
public sealed class LimitingTheRate(RunningLedger ledger)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task whoever_asks_too_often_is_told_when_to_ask_again_and_nobody_else_waits()
    {
        await using var own = await Limited(("Caller:Burst", "5"), ("Caller:PerMinute", "1"), ("Agency:Burst", "8"), ("Agency:PerMinute", "1"));
        var (anna, boris, clara) = (await own.As("Anna", "CNES", Roles.Officer), await own.As("Boris", "CNES", Roles.Officer), await own.As("Clara", "ESA", Roles.Officer));
        for (var n = 0; n < 5; n++)
            (await anna.Get("/api/v1/agreements")).Is(200);

        var refused = (await anna.Post("/api/v1/agreements", new { title = "Too often", parties = new[] { "CNES" } })).IsProblem(429, "rate-limited");

        Assert.InRange(int.Parse(refused.Headers["Retry-After"], CultureInfo.InvariantCulture), 1, 60);
        Assert.Equal("no-store", refused.Headers["Cache-Control"]);
        Assert.Equal("0", await own.Sql("select count(*) from ledger.mt_events"));

        // Of the agency's eight, Anna has taken five.
        for (var n = 0; n < 3; n++)
            (await boris.Get("/api/v1/agreements")).Is(200);
        (await boris.Get("/api/v1/agreements")).IsProblem(429, "rate-limited");
        (await clara.Get("/api/v1/agreements")).Is(200);
    }

    [Fact]
    public async Task whoever_waits_may_ask_again()
    {
        await using var own = await Limited(("Caller:Burst", "1"), ("Caller:PerMinute", "120"));
        var anna = await own.As("Anna", null, Roles.Auditor);
        (await anna.Get("/api/v1/agreements")).Is(200);

        await Eventually.TrueAsync(async () => (await anna.Get("/api/v1/agreements")).Status == 429, "Nobody was limited.");
        await Eventually.TrueAsync(async () => (await anna.Get("/api/v1/agreements")).Status == 200, "Nobody was let in again.");
    }

    [Fact]
    public async Task without_a_token_the_address_counts_and_a_made_up_token_is_none()
    {
        await using var own = await Limited(("Address:Burst", "3"), ("Address:PerMinute", "1"));
        const string Api = "/api/v1/agreements";

        Assert.Equal("401 401 401 429 429", await Statuses(own, ("192.0.2.1", Api, null), ("::ffff:192.0.2.1", Api, null), ("192.0.2.1", Api, "made-up"), ("192.0.2.1", Api, null), ("192.0.2.1", Api, "another")));
        Assert.Equal("401 401 401 429", await Statuses(own, ("2001:db8::1", Api, null), ("2001:db8::2", Api, null), ("2001:db8:0:0:ffff::", Api, null), ("2001:db8::4", Api, null)));
        Assert.Equal("401 401", await Statuses(own, ("192.0.2.2", Api, null), ("2001:db8:0:1::1", Api, null)));

        // A calendar's secret address cannot be guessed at any rate.
        Assert.Equal("404 404 404 429", await Statuses(own, [.. "abcd".Select(secret => ("192.0.2.3", $"/deadlines/calendar/{secret}.ics", (string?)null))]));
        Assert.Equal("200 200", await Statuses(own, ("192.0.2.1", "/health/live", null), ("192.0.2.1", "/health/ready", null)));
    }

    [Fact]
    public async Task attempts_to_sign_in_have_a_rate_of_their_own()
    {
        await using var own = await Limited(("SignIn:Burst", "2"), ("SignIn:PerMinute", "1"));
        await own.As("Anna", null, Roles.Auditor);
        using var visitor = own.Host.Server.CreateClient();
        using var shown = await visitor.GetAsync("/sign-in", Cancellation);
        using var tried = await visitor.PostAsync("/sign-in", new FormUrlEncodedContent([]), Cancellation);

        using var tooOften = await visitor.PostAsync("/sign-in", new FormUrlEncodedContent([]), Cancellation);
        using var noToken = await visitor.PostAsync("/dev/tokens", new StringContent("{}"), Cancellation);
        using var again = await visitor.GetAsync("/sign-in", Cancellation);

        Assert.Equal([200, 400, 429, 429, 200], new[] { shown, tried, tooOften, noToken, again }.Select(x => (int)x.StatusCode));
        Assert.Contains("Too much was asked at once", await tooOften.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.InRange(tooOften.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal("application/problem+json", noToken.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public void limits_are_on_unless_the_settings_say_otherwise()
    {
        Assert.Equal(new RateLimits(new(300, 1_200), new(1_500, 6_000), new(200, 600), new(30, 60)), RateLimits.Of(TemporaryData.Configured()));
        Assert.Equal(new Rate(7, 1_200), RateLimits.Of(TemporaryData.Configured(("RateLimits:Caller:Burst", "7")))!.Caller);
        Assert.Null(RateLimits.Of(TemporaryData.Configured(("RateLimits:Enabled", "False"))));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("many")]
    [InlineData("1.5")]
    public void a_limit_is_a_whole_number_above_0(string given)
    {
        var refusal = Assert.Throws<StartupRefusedException>(() => RateLimits.Of(TemporaryData.Configured(("RateLimits:SignIn:PerMinute", given))));

        Assert.Equal($"RateLimits__SignIn__PerMinute is {given}: give a whole number above 0, such as 60.", refusal.Message);
    }

    [Theory]
    [InlineData(1, 1, 60)]
    [InlineData(59, 1, 60d / 59)]
    [InlineData(60, 1, 1)]
    [InlineData(90, 2, 80d / 60)]
    [InlineData(1_200, 20, 1)]
    public void a_rate_is_kept_to_the_minute(int perMinute, int tokens, double seconds)
    {
        var bucket = new Rate(5, perMinute).Bucket;

        Assert.Equal((5, tokens), (bucket.TokenLimit, bucket.TokensPerPeriod));
        Assert.Equal(seconds, bucket.ReplenishmentPeriod.TotalSeconds, precision: 3);
    }

    private static async Task<string> Statuses(OwnLedger own, params (string From, string Path, string? Token)[] requests)
    {
        var statuses = new List<string>();
        foreach (var (from, path, token) in requests)
        {
            var answer = await own.Host.Server.SendAsync(
                http =>
                {
                    (http.Request.Method, http.Request.Path, http.Connection.RemoteIpAddress) = ("GET", path, IPAddress.Parse(from));
                    if (token is not null)
                        http.Request.Headers.Authorization = $"Bearer {token}";
                },
                Cancellation);
            statuses.Add(answer.Response.StatusCode.ToString(CultureInfo.InvariantCulture));
        }

        return string.Join(' ', statuses);
    }

    private Task<OwnLedger> Limited(params (string Key, string Value)[] limits) =>
        ledger.Another("", [("RateLimits:Enabled", "true"), .. limits.Select(l => ($"RateLimits:{l.Key}", l.Value))]);
}
