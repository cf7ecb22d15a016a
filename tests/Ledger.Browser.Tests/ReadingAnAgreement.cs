using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;

namespace Ledger.Browser.Tests;

public class ReadingAnAgreement(Chromium chromium)
{
    private LedgerProcess Ledger => chromium.Ledger;

    [Fact]
    public async Task shows_who_signed_and_ratified_and_why_it_is_in_force_without_scripts()
    {
        var reference = await InForce();
        var page = await chromium.SignIn(Ledger, "Otto Auditor", scripts: false);

        await page.GotoAsync($"/agreements/{reference}");

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Lunar laboratory");
        await Assertions.Expect(page.Locator(".ledger-identity")).ToContainTextAsync("in force");
        await Assertions.Expect(page.Locator(".ledger-identity")).ToContainTextAsync("Roscosmos State Corporation for Space Activities");
        await Assertions.Expect(page.GetByRole(AriaRole.Row, new() { Name = "National Centre for Space Studies" })).ToContainTextAsync("2 Mar 2021");
        await Assertions.Expect(page.GetByRole(AriaRole.Row, new() { Name = "National Centre for Space Studies" })).ToContainTextAsync("10 Apr 2021");
        await Assertions.Expect(page.GetByText("In force since 20 Apr 2021.")).ToBeVisibleAsync();

        await page.Locator("#because").GetByRole(AriaRole.Link).Last.ClickAsync();

        Assert.Matches(new Regex("/history\\?entry=\\d+#entry-\\d+$", RegexOptions.None, TimeSpan.FromSeconds(1)), page.Url);
        await Assertions.Expect(page.Locator(".ledger-history__wanted")).ToContainTextAsync("Consent to be bound");
    }

    [Fact]
    public async Task says_what_it_waits_for_and_for_whom()
    {
        var page = await chromium.SignIn(Ledger, "Claire Morel");

        await page.GotoAsync("/agreements/CA-2020-0004");

        await Assertions.Expect(page.Locator("#waiting")).ToHaveTextAsync("It waits for 2 consents:");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Record a meeting about it" })).ToHaveAttributeAsync("href", "/record?agreement=CA-2020-0004");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Talks on cooperation in space between France and Russia" })).ToHaveAttributeAsync("href", "/meetings/CM-2020-0001");
    }

    [Fact]
    public async Task lists_the_phases_before_it_draws_them()
    {
        var reference = await InForce();
        var page = await chromium.SignIn(Ledger, "Otto Auditor", language: "ru", width: 390, scripts: false);

        await page.GotoAsync($"/agreements/{reference}/phases?asOf=2021-07-03");

        var list = page.Locator("ol.ledger-phases > li");
        await Assertions.Expect(list).ToHaveCountAsync(2);
        await Assertions.Expect(list.First).ToContainTextAsync("завершён с опозданием на 21 день");
        await Assertions.Expect(list.Last).ToContainTextAsync("просрочен на 3 дня");
        await Assertions.Expect(page.GetByRole(AriaRole.Img, new() { Name = "Этапы во времени" })).ToBeVisibleAsync();
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "The page is wider than a telephone.");
        await Assertions.Expect(page.Locator(".ledger-past")).ToContainTextAsync("3 июл. 2021");
    }

    [Fact]
    public async Task keeps_the_past_across_its_parts()
    {
        var page = await chromium.SignIn(Ledger, "Otto Auditor");
        await page.GotoAsync("/agreements/CA-2020-0004?asOf=2020-02-05");

        await page.GetByRole(AriaRole.Navigation, new() { Name = "Parts of this agreement" }).GetByRole(AriaRole.Link, new() { Name = "Phases" }).ClickAsync();

        Assert.EndsWith("/agreements/CA-2020-0004/phases?asOf=2020-02-05", page.Url, StringComparison.Ordinal);
        await Assertions.Expect(page.Locator(".ledger-past")).ToContainTextAsync("State of affairs on 5 Feb 2020.");
        await Assertions.Expect(page.Locator("ol.ledger-phases > li")).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Link, new() { Name = "Show the present state" }).ClickAsync();
        await Assertions.Expect(page.Locator(".ledger-past")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task filters_its_history_by_what_the_address_says()
    {
        var page = await chromium.SignIn(Ledger, "Otto Auditor", scripts: false);
        await page.GotoAsync("/agreements/CA-2020-0004/history");

        await page.GetByLabel("Kind").SelectOptionAsync("Phase planned");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();

        Assert.Contains("kind=phasePlanned", page.Url, StringComparison.Ordinal);
        await Assertions.Expect(page.GetByRole(AriaRole.Article)).ToHaveCountAsync(3);
        await page.ReloadAsync();
        await Assertions.Expect(page.GetByLabel("Kind")).ToHaveValueAsync("phasePlanned");
        await Assertions.Expect(page.GetByRole(AriaRole.Article)).ToHaveCountAsync(3);
        var csv = await page.APIRequest.GetAsync(Ledger.Address + await page.GetByRole(AriaRole.Link, new() { Name = "Download as CSV" }).GetAttributeAsync("href"));
        var text = Encoding.UTF8.GetString(await csv.BodyAsync());
        Assert.StartsWith("\uFEFFsequence,version,type", text, StringComparison.Ordinal);
        Assert.Equal(3, Regex.Count(text, ",phasePlanned,", RegexOptions.None, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task links_a_correction_and_what_it_corrects_both_ways()
    {
        var page = await chromium.SignIn(Ledger, "Otto Auditor");
        await page.GotoAsync("/agreements/CA-2020-0001/history?entry=2#entry-2");

        await page.Locator("#entry-2").GetByRole(AriaRole.Link, new() { Name = "entry 4", Exact = true }).ClickAsync();

        Assert.EndsWith("#entry-4", page.Url, StringComparison.Ordinal);
        await Assertions.Expect(page.Locator("#entry-4")).ToContainTextAsync("Correction");
        await page.Locator("#entry-4").GetByText("As it is stored").ClickAsync();
        await Assertions.Expect(page.Locator("#entry-4 pre")).ToContainTextAsync("/counters/3/value");
        await page.Locator("#entry-4").GetByRole(AriaRole.Link, new() { Name = "entry 2", Exact = true }).ClickAsync();
        Assert.EndsWith("#entry-2", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task gives_a_document_as_a_download()
    {
        var reference = await InForce();
        var page = await chromium.SignIn(Ledger, "Otto Auditor");
        await page.GotoAsync($"/agreements/{reference}/documents");

        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "protocole.html" }).ClickAsync());

        Assert.Equal("protocole.html", download.SuggestedFilename);
        Assert.Equal("<p>Protocole</p>", await File.ReadAllTextAsync(await download.PathAsync(), TestContext.Current.CancellationToken));
        await Assertions.Expect(page.GetByRole(AriaRole.Row, new() { Name = "protocole.html" })).ToContainTextAsync("16 bytes");
    }

    [Fact]
    public async Task shows_its_brief_as_it_prints_in_the_language_asked_for()
    {
        var page = await chromium.SignIn(Ledger, "Otto Auditor", scripts: false);
        await page.GotoAsync("/agreements/CA-2020-0004/brief");

        await page.GetByLabel("Language of the brief").SelectOptionAsync("fr");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();

        await Assertions.Expect(page.Locator(".ledger-brief[lang=fr] h2")).ToContainTextAsync("CA-2020-0004");
        await Assertions.Expect(page.Locator(".ledger-brief [style]")).ToHaveCountAsync(0);
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Download as Markdown" })).ToHaveAttributeAsync("href", new Regex("lang=fr", RegexOptions.None, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task says_the_same_of_an_agreement_that_is_not_there_and_of_one_that_is_not_to_be_seen()
    {
        var registrar = await Ledger.Token("Rita Registrar", null, "registrar");
        var hidden = (await Ledger.Write(registrar, HttpMethod.Post, "/api/v1/agreements", new { title = "Between others", parties = new[] { "ESA", "ASI" }, visibility = "restricted", proposedOn = "2021-01-15" })).GetProperty("reference").GetString()!;
        var page = await chromium.SignIn(Ledger, "Claire Morel");

        var shown = new List<string>();
        foreach (var reference in new[] { hidden, "CA-1999-0001" })
        {
            var answer = await page.GotoAsync($"/agreements/{reference}/history");
            Assert.Equal(404, answer!.Status);
            shown.Add((await page.Locator("main").InnerTextAsync()).Replace(reference, "", StringComparison.Ordinal));
        }

        Assert.Equal(shown[0], shown[1]);
        Assert.Contains("There is no agreement", shown[0], StringComparison.Ordinal);
        await Assertions.Expect(page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "Find an agreement in the register" })).ToBeVisibleAsync();
    }

    // An agreement with everything that its pages tell: signed, ratified and in force, one phase completed late and another overdue.
    private async Task<string> InForce()
    {
        var registrar = await Ledger.Token("Rita Registrar", null, "registrar");
        var proposed = await Ledger.Write(registrar, HttpMethod.Post, "/api/v1/agreements", new
        {
            title = "Lunar laboratory",
            parties = new[] { "CNES", "ROSCOSMOS" },
            proposedOn = "2021-01-15",
            phases = new[] { new { title = "Design", plannedEnd = "2021-05-10" }, new { title = "Assembly", plannedEnd = "2021-06-30" } },
        });
        var path = $"/api/v1/agreements/{proposed.GetProperty("reference").GetString()}";
        foreach (var (party, signedOn, ratifiedOn) in new[] { ("CNES", "2021-03-02", "2021-04-10"), ("ROSCOSMOS", "2021-03-04", "2021-04-20") })
        {
            await Ledger.Write(registrar, HttpMethod.Post, $"{path}/signatures", new { party, signedOn });
            await Ledger.Write(registrar, HttpMethod.Post, $"{path}/ratifications", new { party, ratifiedOn });
        }

        await Ledger.Write(registrar, HttpMethod.Post, $"{path}/phases/1/completion", new { completedOn = "2021-05-31" });
        await Ledger.Write(registrar, HttpMethod.Post, $"{path}/documents", new { name = "protocole.html", mediaType = "text/html", content = Encoding.UTF8.GetBytes("<p>Protocole</p>") });
        return proposed.GetProperty("reference").GetString()!;
    }
}
