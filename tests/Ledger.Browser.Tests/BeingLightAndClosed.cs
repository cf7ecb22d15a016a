using System.Globalization;
using Microsoft.Playwright;
using Xunit;

namespace Ledger.Browser.Tests;

/// <summary>What a visit weighs, and what pages keep out.</summary>
public class BeingLightAndClosed(Chromium chromium)
{
    private const int FirstVisit = 200_000;
    private const int LaterVisit = 20_000;

    [Theory]
    [InlineData("en")]
    [InlineData("ru")]
    public async Task a_first_visit_weighs_less_than_200_kB_and_a_later_one_less_than_20_kB(string language)
    {
        var page = await chromium.SignIn(chromium.Ledger, "Otto Auditor", language);
        var session = await page.Context.NewCDPSessionAsync(page);
        var weight = 0L;
        session.Event("Network.loadingFinished").OnEvent += (_, told) => Interlocked.Add(ref weight, (long)told!.Value.GetProperty("encodedDataLength").GetDouble());
        await session.SendAsync("Network.enable");
        await session.SendAsync("Network.clearBrowserCache");

        foreach (var address in Everywhere.Addresses.Where(a => !a.StartsWith("/sign-in", StringComparison.Ordinal)))
        {
            await session.SendAsync("Network.clearBrowserCache");
            Interlocked.Exchange(ref weight, 0);
            await page.GotoAsync(address, new() { WaitUntil = WaitUntilState.NetworkIdle });
            var first = Interlocked.Exchange(ref weight, 0);
            await page.GotoAsync("about:blank");
            Interlocked.Exchange(ref weight, 0);
            await page.GotoAsync(address, new() { WaitUntil = WaitUntilState.NetworkIdle });
            var later = Interlocked.Read(ref weight);

            Assert.True(first is > 1_000 and < FirstVisit, string.Create(CultureInfo.InvariantCulture, $"{address} weighs {first} bytes on a first visit."));
            Assert.True(later < LaterVisit, string.Create(CultureInfo.InvariantCulture, $"{address} weighs {later} bytes on a later visit."));
        }
    }

    [Fact]
    public async Task pages_ask_nobody_else_for_anything_and_run_nothing_of_their_own_text()
    {
        var page = await chromium.SignIn(chromium.Ledger, "Claire Morel");
        var (elsewhere, refused) = (new List<string>(), new List<string>());
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(chromium.Ledger.Address, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
                elsewhere.Add(request.Url);
        };
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                refused.Add($"{page.Url}: {message.Text}");
        };

        foreach (var address in Everywhere.Addresses)
        {
            var response = await page.GotoAsync(address, new() { WaitUntil = WaitUntilState.NetworkIdle });
            var policy = response!.Headers["content-security-policy"];
            Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", response.Headers["x-content-type-options"]);
            Assert.False(response.Headers.ContainsKey("server"), "A page says what served it.");
        }

        Assert.Equal([], elsewhere);
        Assert.Equal([], refused);
    }

    [Fact]
    public async Task a_form_from_elsewhere_is_not_accepted()
    {
        var page = await chromium.SignIn(chromium.Ledger, "Claire Morel");

        var answer = await page.Context.APIRequest.PostAsync("/sign-out", new() { Headers = new Dictionary<string, string> { ["Content-Type"] = "application/x-www-form-urlencoded" }, DataString = "a=b" });

        Assert.Equal(400, answer.Status);
        await page.GotoAsync("/agreements");
        Assert.EndsWith("/agreements", page.Url, StringComparison.Ordinal);
    }
}
