using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;

namespace Ledger.Browser.Tests;

/// <summary>What holds for every screen in every language. With LEDGER_SCREENSHOTS a picture of each is kept in that folder, to be looked at.</summary>
public partial class EveryScreen(Chromium chromium)
{
    private static readonly string? Pictures = Environment.GetEnvironmentVariable("LEDGER_SCREENSHOTS");

    [Theory]
    [InlineData("en", 1280)]
    [InlineData("fr", 1280)]
    [InlineData("ru", 1280)]
    [InlineData("en", 320)]
    [InlineData("fr", 320)]
    [InlineData("ru", 320)]
    public async Task fits_the_window_and_tells_its_name(string language, int width)
    {
        var page = await chromium.SignIn(chromium.Ledger, "Claire Morel", language, width);
        var wrong = new List<string>();
        foreach (var address in Everywhere.Addresses.Concat(await Everywhere.OfADraft(page)))
        {
            var answer = await page.GotoAsync(address);
            if (answer!.Status != 200)
                wrong.Add(string.Create(CultureInfo.InvariantCulture, $"{address} answers {answer.Status}"));
            if (await page.Locator("h1").CountAsync() != 1)
                wrong.Add($"{address} has no heading or several");
            if (await page.EvaluateAsync<string>("document.documentElement.lang") != language)
                wrong.Add($"{address} is not in {language}");

            // WCAG 2.2, 1.4.10: nobody scrolls in two directions at 320 CSS pixels, but for tables and drawings, which scroll by themselves.
            var over = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
            if (over > 0)
                wrong.Add(string.Create(CultureInfo.InvariantCulture, $"{address} is {over} pixels too wide at {width}"));
            if (Pictures is not null)
                await page.ScreenshotAsync(new() { FullPage = true, Path = Path.Combine(Pictures, $"{Name(address)}.{language}.{width}.png") });
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task of_a_record_prints_with_page_numbers_the_address_and_the_day()
    {
        var page = await chromium.SignIn(chromium.Ledger, "Otto Auditor");
        foreach (var address in new[] { "/agreements/CA-2020-0001", "/agreements/CA-2020-0001/history", "/briefs?agreement=CA-2020-0001" })
        {
            await page.GotoAsync(address + (address.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "asOf=2020-02-20");
            await page.EmulateMediaAsync(new() { Media = Media.Print });

            await Assertions.Expect(page.GetByText($"Address of record: {chromium.Ledger.Address}{address}")).ToBeVisibleAsync();
            await Assertions.Expect(page.GetByText("20 Feb 2020").First).ToBeVisibleAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "Sections" })).Not.ToBeVisibleAsync();
            Assert.Contains("counter(pages)", await page.EvaluateAsync<string>(
                "[...document.styleSheets].flatMap(s => [...s.cssRules]).flatMap(r => r.cssRules ? [r, ...r.cssRules] : [r]).map(r => r.cssText).join('')"), StringComparison.Ordinal);
            await page.EmulateMediaAsync(new() { Media = Media.Screen });
        }
    }

    private static string Name(string address) => string.Concat(Draft().Replace(address, "draft").Trim('/').Select(c => char.IsLetterOrDigit(c) ? c : '-'));

    [GeneratedRegex("(?<=/)[0-9a-f-]{30,}", RegexOptions.None, 1000)]
    private static partial Regex Draft();
}
