using Microsoft.Playwright;
using Xunit;

namespace Ledger.Browser.Tests;

public class Replaying(Chromium chromium)
{
    [Fact]
    public async Task steps_back_to_what_the_ledger_knew_before_an_entry()
    {
        var reference = await Signed();
        var page = await chromium.SignIn(chromium.Ledger, "Otto Auditor", scripts: false);

        await page.GotoAsync($"/replay?agreement={reference}");
        await Assertions.Expect(Status(page)).ToHaveTextAsync("under discussion");
        await page.GetByRole(AriaRole.Button, new() { Name = "Previous entry" }).ClickAsync();

        await Assertions.Expect(Status(page)).ToHaveTextAsync("proposed");
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "You are looking at the past" })).ToContainTextAsync("By what had been recorded by");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Previous entry" })).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Button, new() { Name = "Next entry" }).ClickAsync();
        await Assertions.Expect(Status(page)).ToHaveTextAsync("under discussion");
    }

    [Fact]
    public async Task moves_by_the_slider_with_the_keyboard_alone()
    {
        var reference = await Signed();
        var page = await chromium.SignIn(chromium.Ledger, "Otto Auditor");
        await page.GotoAsync($"/replay?agreement={reference}");

        await page.GetByRole(AriaRole.Slider).FocusAsync();
        await page.Keyboard.PressAsync("ArrowLeft");

        await Assertions.Expect(Status(page)).ToHaveTextAsync("proposed");
        await Assertions.Expect(page.GetByRole(AriaRole.Slider)).ToBeFocusedAsync();
    }

    [Fact]
    public async Task compares_two_days_and_tells_only_what_changed_and_by_which_entries()
    {
        var page = await chromium.SignIn(chromium.Ledger, "Otto Auditor", scripts: false);

        await page.GotoAsync("/replay?agreement=CA-2020-0004&asOf=2020-02-10&asOf2=2020-02-20");

        var changes = page.GetByRole(AriaRole.Table);
        await Assertions.Expect(changes.GetByRole(AriaRole.Row).Filter(new() { HasText = "Status" })).ToContainTextAsync("under discussion");
        await Assertions.Expect(changes).Not.ToContainTextAsync("First phase");
        await Assertions.Expect(page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "CNES and ROSCOSMOS discussed the agreement" })).ToHaveCountAsync(1);

        await page.GotoAsync("/replay?agreement=CA-2020-0004&asOf=2020-02-20&asOf2=2020-02-21");
        await Assertions.Expect(page.GetByText("Nothing changed between these two points.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task says_when_nothing_was_known_and_leads_to_the_first_entry()
    {
        var page = await chromium.SignIn(chromium.Ledger, "Otto Auditor", scripts: false);

        await page.GotoAsync("/replay?agreement=CA-2020-0004&knownAt=2020-02-20T00:00Z");
        await Assertions.Expect(page.GetByText("At that instant nothing was known of CA-2020-0004.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Go to the first entry" }).ClickAsync();

        await Assertions.Expect(Status(page)).ToHaveTextAsync("under discussion");
    }

    private static ILocator Status(IPage page) => page.Locator("dd .ledger-tag").First;

    private async Task<string> Signed()
    {
        var token = await chromium.Ledger.Token("Rita Registrar", null, "registrar");
        var proposed = await chromium.Ledger.Write(token, HttpMethod.Post, "/api/v1/agreements", new { title = "Replayed", parties = new[] { "CNES", "ROSCOSMOS" }, proposedOn = "2020-01-10" });
        var reference = proposed.GetProperty("reference").GetString()!;
        await chromium.Ledger.Write(token, HttpMethod.Post, $"/api/v1/agreements/{reference}/signatures", new { party = "CNES", signedOn = "2020-02-01" });
        return reference;
    }
}
