using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Ledger.Browser.Tests;

public class SearchingTheRegister(Chromium chromium)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task keeps_what_was_asked_in_the_address(bool scripts)
    {
        var page = await chromium.SignIn(chromium.Ledger, "Otto Auditor", scripts: scripts);
        await page.GetByLabel("Search titles, references and summaries").FillAsync("soyuz");
        await page.GetByLabel("Status").SelectOptionAsync("under discussion");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show", Exact = true }).ClickAsync();

        await Expect(page.GetByText("1 agreement", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Row)).ToHaveCountAsync(2);
        Assert.Contains("q=soyuz", page.Url, StringComparison.Ordinal);

        var address = page.Url;
        var another = await chromium.SignIn(chromium.Ledger, "Rita Registrar");
        await another.GotoAsync(address);
        await Expect(another.GetByLabel("Search titles, references and summaries")).ToHaveValueAsync("soyuz");
        await Expect(another.GetByRole(AriaRole.Row)).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task says_what_to_do_where_nothing_is_found()
    {
        var page = await chromium.SignIn(chromium.Ledger, "Otto Auditor");
        await page.GotoAsync("/agreements?q=nobody-wrote-this");

        await Expect(page.GetByText("No agreement fits all of these filters")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "Show the whole register as it stands today" }).Last.ClickAsync();

        // Other tests add agreements of their own to the same Ledger.
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Soyuz at the Guiana Space Centre" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task tells_that_the_past_is_looked_at()
    {
        var page = await chromium.SignIn(chromium.Ledger, "Otto Auditor");
        await page.GotoAsync("/agreements?asOf=2020-02-10");

        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "You are looking at the past" })).ToContainTextAsync("State of affairs on 10 Feb 2020.");
        await page.GetByRole(AriaRole.Link, new() { Name = "Show the present state" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "You are looking at the past" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task says_at_the_field_what_cannot_be_read()
    {
        var page = await chromium.SignIn(chromium.Ledger, "Otto Auditor");
        await page.GotoAsync("/agreements?asOf=2020-02-30");

        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("“2020-02-30” is not a day. Write it as 2020-02-14.");
        await Expect(page).ToHaveTitleAsync("Error: Register – Cooperation Ledger");
    }

    [Fact]
    public async Task gives_the_rows_as_a_file_for_a_spreadsheet()
    {
        var page = await chromium.SignIn(chromium.Ledger, "Otto Auditor");
        await page.GotoAsync("/agreements?q=soyuz");

        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Download as CSV" }).ClickAsync());
        var csv = await File.ReadAllBytesAsync((await download.PathAsync())!, TestContext.Current.CancellationToken);

        Assert.Equal([0xEF, 0xBB, 0xBF], csv[..3]);
        Assert.Equal(2, System.Text.Encoding.UTF8.GetString(csv).Trim().Split("\r\n").Length);
        Assert.EndsWith(".csv", download.SuggestedFilename, StringComparison.Ordinal);
    }

    [Fact]
    public async Task of_an_empty_Ledger_says_how_to_begin()
    {
        await using var empty = await LedgerProcess.Empty();
        var page = await chromium.SignIn(empty, "Claire Morel");

        await Expect(page.GetByText("Nothing is recorded yet.")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "Record a meeting" })).ToHaveCountAsync(2);
    }
}
