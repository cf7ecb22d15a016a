using Microsoft.Playwright;
using Xunit;

namespace Ledger.Browser.Tests;

public class SigningIn(Chromium chromium)
{
    [Fact]
    public async Task takes_a_reader_to_the_page_they_asked_for()
    {
        var page = await chromium.Visit(chromium.Ledger);

        await page.GotoAsync("/agreements?status=inForce");
        Assert.Contains("/sign-in", page.Url, StringComparison.Ordinal);
        await page.GetByLabel("Claire Morel").CheckAsync();
        await page.Locator("main button[type=submit]").ClickAsync();

        Assert.EndsWith("/agreements?status=inForce", page.Url, StringComparison.Ordinal);
        await Assertions.Expect(page.GetByRole(AriaRole.Banner)).ToContainTextAsync("Claire Morel, CNES");
    }

    [Fact]
    public async Task speaks_the_language_that_the_reader_chose()
    {
        var page = await chromium.SignIn(chromium.Ledger, "Otto Auditor", language: "fr");
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "fr");

        await page.GetByRole(AriaRole.Button, new() { Name = "Русский" }).ClickAsync();

        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "ru");
    }

    [Fact]
    public async Task ends_when_the_reader_signs_out()
    {
        var page = await chromium.SignIn(chromium.Ledger, "Otto Auditor");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();

        await page.GotoAsync("/agreements");
        Assert.Contains("/sign-in", page.Url, StringComparison.Ordinal);
    }
}
