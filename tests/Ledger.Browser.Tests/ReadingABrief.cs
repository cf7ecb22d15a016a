using Microsoft.Playwright;
using Xunit;

namespace Ledger.Browser.Tests;

public class ReadingABrief(Chromium chromium)
{
    [Fact]
    public async Task shows_it_as_it_prints_in_the_language_chosen()
    {
        var page = await chromium.SignIn(chromium.Ledger, "Claire Morel", scripts: false);
        await page.GotoAsync("/briefs");

        await page.GetByLabel("Reference of the agreement").FillAsync("CA-2020-0004");
        await page.GetByLabel("As of the day").FillAsync("2020-02-20");
        await page.GetByLabel("Language of the brief").SelectOptionAsync("ru");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show the brief" }).ClickAsync();

        var sheet = page.GetByRole(AriaRole.Article);
        await Assertions.Expect(sheet).ToHaveAttributeAsync("lang", "ru");
        await Assertions.Expect(sheet).ToContainTextAsync("По состоянию на 20 февр. 2020");
        await Assertions.Expect(sheet.Locator("cite a").First).ToHaveAttributeAsync("href", "/agreements/CA-2020-0004/history?entry=1");

        await page.EmulateMediaAsync(new() { Media = Media.Print });
        await Assertions.Expect(sheet).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
        await Assertions.Expect(page.GetByText("Address of record:")).ToContainTextAsync("asOf=2020-02-20");
    }

    [Fact]
    public async Task gives_the_same_to_take_away_as_the_api()
    {
        var page = await chromium.SignIn(chromium.Ledger, "Claire Morel");
        await page.GotoAsync("/briefs?of=portfolio&party=CNES&party=ESA&asOf=2020-02-20&knownAt=2001-01-01T00:00Z&lang=fr");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("No agency CNES was registered at that instant.");

        await page.GotoAsync("/briefs?meeting=CM-2020-0001&asOf=2020-02-20&lang=fr");
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Markdown" }).ClickAsync());

        Assert.Equal("brief-CM-2020-0001-2020-02-20-fr.md", download.SuggestedFilename);
        Assert.StartsWith("# Réunion CM-2020-0001", await File.ReadAllTextAsync(await download.PathAsync(), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
