using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace Ledger.Browser.Tests;

public class ErasingAPerson(Chromium chromium)
{
    private static readonly string? Pictures = Environment.GetEnvironmentVariable("LEDGER_SCREENSHOTS");

    [Theory]
    [InlineData("en", true, 1280)]
    [InlineData("en", false, 1280)]
    [InlineData("fr", true, 390)]
    [InlineData("ru", true, 390)]
    public async Task is_done_by_a_registrar_who_has_read_what_will_be_gone(string language, bool scripts, int width)
    {
        var name = $"Leaving {language.ToUpperInvariant()} {(scripts ? "Quickly" : "Slowly")}";
        await chromium.Ledger.Write(await chromium.Ledger.Token("Rita Registrar", null, "registrar"), HttpMethod.Post, "/api/v1/meetings", new
        {
            title = "Talks",
            heldOn = "2020-02-28",
            participants = new[] { new { name, office = "Adviser", agency = "CNES" }, new { name, office = "Head of the delegation", agency = "CNES" } },
            outcomes = Array.Empty<object>(),
        });
        var page = await chromium.SignIn(chromium.Ledger, "Rita Registrar", language, width, scripts);
        var main = page.GetByRole(AriaRole.Main);
        await page.GotoAsync("/agreements");
        await main.Locator("a[href='/persons']").ClickAsync();
        await page.Locator("#sought").FillAsync(name);
        await main.Locator("form button").ClickAsync();
        await Assertions.Expect(main.GetByRole(AriaRole.Row)).ToHaveCountAsync(3);
        Assert.DoesNotContain("Leaving", page.Url, StringComparison.Ordinal);
        await Picture(page, "persons", language, width);

        await main.GetByRole(AriaRole.Link, new() { Name = name }).First.ClickAsync();
        await main.Locator("button").ClickAsync();
        await Assertions.Expect(page.Locator("#confirmed-error")).ToBeVisibleAsync();
        await Picture(page, "person", language, width);

        await page.Locator("#reason").FillAsync("Asked for it in writing.");
        await page.Locator("#legalBasis").FillAsync("GDPR, Article 17(1)(b)");
        await page.Locator("#confirmed").CheckAsync();
        await main.Locator("button").DblClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await Assertions.Expect(main).ToContainTextAsync("Asked for it in writing.");
        await Assertions.Expect(main).ToContainTextAsync("Rita Registrar");
        await Assertions.Expect(main.Locator("form")).ToHaveCountAsync(0);
        Assert.DoesNotContain(name, await main.InnerTextAsync(), StringComparison.Ordinal);
        await Picture(page, "erased", language, width);
    }

    // What axe objects to needs its scripts; a page that runs none is the same page.
    private static async Task Picture(IPage page, string screen, string language, int width)
    {
        if (await page.EvaluateAsync<bool>("document.body.classList.contains('govuk-frontend-supported')"))
            Assert.Equal([], (await page.RunAxe()).Violations.SelectMany(v => v.Nodes.Select(n => $"{screen}: {v.Help} at {n.Html}")));
        Assert.Equal(0, await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth"));
        if (Pictures is not null)
            await page.ScreenshotAsync(new() { FullPage = true, Path = Path.Combine(Pictures, $"{screen}.{language}.{width}.png") });
    }
}
