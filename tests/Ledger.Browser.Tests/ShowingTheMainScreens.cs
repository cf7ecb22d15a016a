using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Ledger.Browser.Tests;

/// <summary>The screens that docs/pages.md shows. With LEDGER_PICTURES their pictures are kept in that folder.</summary>
public class ShowingTheMainScreens(Chromium chromium)
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("LEDGER_PICTURES");

    [Fact]
    public async Task as_the_documentation_does()
    {
        await using var ledger = await LedgerProcess.WithTheFoundingMeeting();
        var page = await chromium.SignIn(ledger, "Claire Morel", width: 1000);
        await Expect(page.GetByText("6 agreements", new() { Exact = true })).ToBeVisibleAsync();
        await Picture(page, "register");

        await page.GotoAsync("/agreements/CA-2020-0001");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Soyuz at the Guiana Space Centre");
        await Picture(page, "agreement");

        await page.GotoAsync("/record");
        var hand = Hand.OnMouse(page);
        await hand.Press(AriaRole.Button, "Begin a new meeting");
        await hand.Type("Title", "Talks on experiments from the lunar surface");
        await hand.Type("Held on", "2020-03-02");
        await hand.Press(AriaRole.Button, "Save and go on");
        await hand.Type("Name 1", "Jean-Yves Le Gall");
        await hand.Press(AriaRole.Button, "Save and go on");
        await hand.Press(AriaRole.Link, "Add an outcome");
        await hand.Pick("Discussed");
        await hand.Select("Agreement", "Experiments from the lunar surface");
        await hand.Press(AriaRole.Button, "Go on");
        await hand.Type("What was said", "Payloads for two missions were compared.");
        await hand.Press(AriaRole.Button, "Save and go on");
        await hand.Press(AriaRole.Link, "Check your answers");
        await Expect(page.Locator(".ledger-change").First).ToContainTextAsync("under discussion");
        await page.GetByRole(AriaRole.Heading, new() { Name = "Outcomes" }).ScrollIntoViewIfNeededAsync();
        await Picture(page, "check");
    }

    private static Task Picture(IPage page, string name) => Folder is null
        ? Task.CompletedTask
        : page.ScreenshotAsync(new() { Path = Path.Combine(Folder, name + ".jpg"), Type = ScreenshotType.Jpeg, Quality = 60, FullPage = name == "check" });
}
