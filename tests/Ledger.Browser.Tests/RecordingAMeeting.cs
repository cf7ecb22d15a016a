using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Xunit;

namespace Ledger.Browser.Tests;

/// <summary>A Ledger in which nothing is recorded but the agencies of the founding meeting.</summary>
public sealed class LedgerWithAgencies : IAsyncLifetime
{
    /// <summary>The Ledger.</summary>
    public LedgerProcess Ledger { get; private set; } = null!;

    /// <summary>The founding meeting as the documentation has it.</summary>
    public JsonNode Example { get; } = JsonNode.Parse(typeof(Program).Assembly.GetManifestResourceStream("docs/examples/moscow-2020-02-14.json")!)!;

    public async ValueTask InitializeAsync()
    {
        Ledger = await LedgerProcess.Empty();
        var registrar = await Ledger.Token("Rita Registrar", null, "registrar");
        foreach (var agency in Example["agencies"]!.AsArray().Select(a => a!.DeepClone().AsObject()))
        {
            var code = (string)agency["code"]!;
            agency.Remove("code");
            await Ledger.Write(registrar, HttpMethod.Put, $"/api/v1/agencies/{code}", agency.ToJsonString());
        }
    }

    public ValueTask DisposeAsync() => Ledger.DisposeAsync();
}

public class RecordingAMeeting(Chromium chromium, LedgerWithAgencies agencies) : IClassFixture<LedgerWithAgencies>
{
    private readonly LedgerProcess _ledger = agencies.Ledger;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task takes_the_founding_meeting_from_an_empty_page_to_its_receipt(bool scripts)
    {
        var meeting = agencies.Example["meeting"]!;
        var page = await chromium.SignIn(_ledger, "Claire Morel", scripts: scripts);
        await Begin(page, (string)meeting["title"]!);
        await page.GetByLabel("City").FillAsync("Moscow");
        await page.GetByLabel("Country").FillAsync("RU");
        await Press(page, "Add another Agenda");
        await page.GetByLabel("Item 2").FillAsync((string)meeting["agenda"]![1]!);
        await Press(page, "Save and go on");
        await Participants(page);

        // An arrangement met here for the first time, and what it achieved before.
        await Choose(page, "New agreement proposed");
        await page.GetByLabel("Title of the agreement").FillAsync("Soyuz at the Guiana Space Centre");
        await page.GetByLabel("It is older than the meeting").CheckAsync();
        await Press(page, "Save and go on");
        await Choose(page, "Achievement", "Soyuz at the Guiana Space Centre (proposed in this meeting)");
        await page.GetByLabel("What was achieved").FillAsync("Soyuz launch from the Guiana Space Centre");
        await page.GetByLabel("Achieved on").FillAsync("2019-12-18");
        await page.GetByLabel("What is counted 1").FillAsync("missions of Soyuz from the Guiana Space Centre");
        await page.GetByLabel("Number 1").FillAsync("23");
        await page.GetByLabel("Item, such as a payload 1").FillAsync("CHEOPS");
        await page.GetByLabel("Agency 1").SelectOptionAsync("ESA");
        await Press(page, "Save and go on");
        await Choose(page, "Discussed", "Soyuz at the Guiana Space Centre (proposed in this meeting)");
        await page.GetByLabel("What was said").FillAsync("The continued operation of Soyuz was discussed.");
        await Press(page, "Save and go on");

        await page.GetByRole(AriaRole.Link, new() { Name = "Check your answers" }).ClickAsync();
        var card = page.Locator(".govuk-summary-card");
        await Assertions.Expect(card).ToContainTextAsync("gets its reference when recorded");
        await Assertions.Expect(card).ToContainTextAsync("not in the register");
        await Assertions.Expect(card).ToContainTextAsync("under discussion");
        await Press(page, "Confirm and record");

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "The meeting is recorded" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("main table tbody tr")).ToHaveCountAsync(3);
        await Assertions.Expect(page.Locator("main table")).ToContainTextAsync("CHEOPS");

        // Going back and sending again finds what was recorded.
        var receipt = await page.Locator("main").InnerTextAsync();
        await page.GoBackAsync();
        await page.ReloadAsync();
        Assert.EndsWith("/receipt", page.Url, StringComparison.Ordinal);
        Assert.Equal(receipt, await page.Locator("main").InnerTextAsync());
    }

    [Fact]
    public async Task tells_at_its_field_what_the_rules_refuse()
    {
        var page = await chromium.SignIn(_ledger, "Claire Morel");
        await Begin(page, "Talks", heldOn: "14 February");
        await page.GetByLabel("Country").FillAsync("France");
        await Press(page, "Save and go on");
        await Assertions.Expect(page.Locator("#heldOn-error")).ToContainTextAsync("must exist in the calendar");
        await Assertions.Expect(page.Locator("#place-country-error")).ToContainTextAsync("two capital letters");
        await Assertions.Expect(page.GetByLabel("Held on")).ToHaveValueAsync("14 February");

        await page.GetByLabel("Held on").FillAsync("2020-02-14");
        await page.GetByLabel("Country").FillAsync("FR");
        await Press(page, "Save and go on");
        await Participants(page);
        var reference = await Propose("An agreement to be prolonged");
        await Choose(page, "Signature", reference);
        await page.GetByLabel("Party").SelectOptionAsync("ESA");
        await Press(page, "Save and go on");
        await Assertions.Expect(page.Locator("#errors")).ToContainTextAsync("You act for CNES and not for ESA.");

        // Also from the check, whose problems lead to their fields.
        await page.GetByLabel("Party").SelectOptionAsync("CNES");
        await page.GetByLabel("Signed on").FillAsync("2999-01-01");
        await Press(page, "Save and go on");
        await Assertions.Expect(page.Locator("#signedOn-error")).ToBeVisibleAsync();
        await page.GotoAsync(page.Url[..page.Url.IndexOf("/outcomes", StringComparison.Ordinal)] + "/check");
        await page.Locator("#errors a", new() { HasText = "lies in the future" }).ClickAsync();
        await Assertions.Expect(page.Locator("#signedOn-error")).ToContainTextAsync("2999-01-01 lies in the future.");
    }

    [Fact]
    public async Task shows_what_others_added_since_and_records_what_is_kept()
    {
        var reference = await Propose("An agreement that two officers discuss");
        var page = await chromium.SignIn(_ledger, "Claire Morel");
        await Begin(page, "Talks of two");
        await Press(page, "Save and go on");
        await Participants(page);
        await Choose(page, "Discussed", reference);
        await page.GetByLabel("What was said").FillAsync("Our view.");
        await Press(page, "Save and go on");

        var ivan = await _ledger.Token("Ivan Petrov", "ROSCOSMOS", "officer");
        await _ledger.Write(ivan, HttpMethod.Post, $"/api/v1/agreements/{reference}/discussions", new { summary = "Their view.", discussedOn = "2020-02-13" });
        await page.GetByRole(AriaRole.Link, new() { Name = "Check your answers" }).ClickAsync();

        var changed = page.GetByRole(AriaRole.Region, new() { Name = "changed since you started" });
        await Assertions.Expect(changed).ToContainTextAsync("Their view.");
        await Assertions.Expect(changed).ToContainTextAsync("Ivan Petrov (ROSCOSMOS)");
        await Press(page, "Keep my outcome");
        await Assertions.Expect(changed).ToBeHiddenAsync();
        await Press(page, "Confirm and record");
        await Assertions.Expect(page.Locator("main table")).ToContainTextAsync($"{reference}, entry 3");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task records_once_however_often_the_button_is_pressed(bool scripts)
    {
        var page = await chromium.SignIn(_ledger, "Claire Morel", scripts: scripts);
        var title = $"Pressed twice, scripts {scripts}";
        await Begin(page, title);
        await Press(page, "Save and go on");
        await Participants(page);
        await page.GotoAsync(page.Url.Replace("/outcomes", "/check", StringComparison.Ordinal));
        await page.GetByRole(AriaRole.Button, new() { Name = "Confirm and record" }).DblClickAsync();
        await page.WaitForURLAsync("**/receipt");

        var auditor = await _ledger.Token("Otto Auditor", null, "auditor");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/meetings?limit=1000") { Headers = { { "Authorization", $"Bearer {auditor}" } } };
        using var answer = await _ledger.Http.SendAsync(request, TestContext.Current.CancellationToken);
        using var meetings = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Single(meetings.RootElement.GetProperty("items").EnumerateArray(), m => m.GetProperty("title").GetString() == title);
    }

    [Fact]
    public async Task never_overwrites_what_another_window_wrote()
    {
        var page = await chromium.SignIn(_ledger, "Claire Morel");
        await Begin(page, "First title");
        await Press(page, "Save and go on");
        var facts = page.Url.Replace("/participants", "/facts", StringComparison.Ordinal);
        await page.GotoAsync(facts);
        var other = await page.Context.NewPageAsync();
        await other.GotoAsync(facts);
        await other.GetByLabel("Title").FillAsync("Title of the other window");
        await Press(other, "Save and go on");

        await page.GetByLabel("Title").FillAsync("Title of this window");
        await Press(page, "Save and go on");

        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("changed in another window");
        await Assertions.Expect(page.GetByLabel("Title")).ToHaveValueAsync("Title of the other window");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Title of this window");
    }

    [Fact]
    public async Task goes_on_after_signing_in_again_with_what_was_typed()
    {
        var page = await chromium.SignIn(_ledger, "Claire Morel");
        await Begin(page, "Typed before the session ended");
        await page.Context.ClearCookiesAsync(new() { Name = "ledger-session" });
        await Press(page, "Save and go on");

        await page.GetByLabel("Claire Morel").CheckAsync();
        await page.Locator("main button[type=submit]").ClickAsync();
        await page.Locator("main button[type=submit]").ClickAsync();

        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Typed before the session ended");
        Assert.EndsWith("/participants", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task is_not_for_those_who_only_read()
    {
        var page = await chromium.SignIn(_ledger, "Otto Auditor");

        var answer = await page.GotoAsync("/record");

        Assert.Equal(403, answer!.Status);
    }

    private static Task Press(IPage page, string button) => page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).Last.ClickAsync();

    private static async Task Begin(IPage page, string title, string heldOn = "2020-02-14")
    {
        await page.GotoAsync("/record");
        await Press(page, "Begin a new meeting");
        await page.GetByLabel("Title").FillAsync(title);
        await page.GetByLabel("Held on").FillAsync(heldOn);
        await page.GetByLabel("Item 1").FillAsync("Status check");
    }

    private static async Task Participants(IPage page)
    {
        await page.GetByLabel("Name 1").FillAsync("Jean-Yves Le Gall");
        await page.GetByLabel("Office 1").FillAsync("President");
        await page.GetByLabel("Name 2").FillAsync("Dmitry Rogozin");
        await page.GetByLabel("Agency 2").SelectOptionAsync("ROSCOSMOS");
        await Press(page, "Save and go on");
        await page.WaitForURLAsync("**/outcomes");
    }

    /// <summary>Goes from the list of outcomes to the form of a new one, for the agreement whose name or reference is given.</summary>
    private static async Task Choose(IPage page, string kind, string? agreement = null)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Add an outcome" }).ClickAsync();
        await page.GetByLabel(kind, new() { Exact = true }).CheckAsync();
        if (agreement is not null)
        {
            var option = page.Locator("#agreement option", new() { HasText = agreement });
            await page.Locator("#agreement").SelectOptionAsync((await option.GetAttributeAsync("value"))!);
        }

        await Press(page, "Go on");
    }

    private async Task<string> Propose(string title)
    {
        var claire = await _ledger.Token("Claire Morel", "CNES", "officer");
        var made = await _ledger.Write(claire, HttpMethod.Post, "/api/v1/agreements", new { title, parties = new[] { "CNES", "ROSCOSMOS" } });
        return made.GetProperty("reference").GetString()!;
    }
}
