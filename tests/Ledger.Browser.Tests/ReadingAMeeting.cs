using System.Text.Json;
using Microsoft.Playwright;
using Xunit;

namespace Ledger.Browser.Tests;

public class ReadingAMeeting(Chromium chromium)
{
    private static readonly LocatorGetByRoleOptions Approve = new() { Name = "Approve the minutes" };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task shows_who_took_part_and_what_it_came_to_in_the_language_of_the_reader(bool scripts)
    {
        var page = await chromium.SignIn(chromium.Ledger, "Otto Auditor", language: "fr", scripts: scripts);
        await page.GotoAsync("/meetings?agency=ROSCOSMOS");
        await page.GetByRole(AriaRole.Link, new() { Name = "Talks on cooperation in space between France and Russia" }).ClickAsync();

        var main = page.GetByRole(AriaRole.Main);
        await Assertions.Expect(main).ToContainTextAsync("14 févr. 2020");
        await Assertions.Expect(main).ToContainTextAsync("Centre national d’études spatiales");
        await Assertions.Expect(main.GetByRole(AriaRole.Link, new() { Name = "inscription n° 2" })).Not.ToHaveCountAsync(0);
        await Assertions.Expect(main.Locator("h3 a[href='/agreements/CA-2020-0001']")).ToBeVisibleAsync();
        await Assertions.Expect(main.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task lets_an_officer_of_an_agency_that_took_part_approve_the_minutes_once(bool scripts)
    {
        var reference = await Meet();
        var page = await chromium.SignIn(chromium.Ledger, "Ivan Petrov", scripts: scripts);
        await page.GotoAsync($"/meetings/{reference}");

        await page.GetByLabel("Approved on").FillAsync("2020-03-02");
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, Approve).DblClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The approval of the minutes by Roscosmos State Corporation for Space Activities is recorded.");
        await Assertions.Expect(page.GetByRole(AriaRole.Row, new() { Name = "Roscosmos" })).ToContainTextAsync("2 Mar 2020");

        await page.GoBackAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, Approve)).ToHaveCountAsync(0);
        await page.GotoAsync($"/meetings/{reference}/history");
        await Assertions.Expect(page.GetByRole(AriaRole.Main).Locator("tbody tr")).ToHaveCountAsync(2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task shows_beside_the_day_why_an_approval_is_refused(bool scripts)
    {
        var reference = await Meet();
        var page = await chromium.SignIn(chromium.Ledger, "Ivan Petrov", scripts: scripts);
        await page.GotoAsync($"/meetings/{reference}");

        await page.GetByLabel("Approved on").FillAsync("2020-01-31");
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, Approve).ClickAsync();

        var refusal = $"{reference} was held on 2020-02-28; its minutes cannot have been approved on 2020-01-31.";
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = refusal })).ToHaveAttributeAsync("href", "#approvedOn");
        await Assertions.Expect(page.GetByLabel("Approved on")).ToHaveAttributeAsync("aria-describedby", "approvedOn-hint approvedOn-error");
        await Assertions.Expect(page.Locator("#approvedOn-error")).ToHaveTextAsync(refusal);
        await Assertions.Expect(page.GetByLabel("Approved on")).ToHaveValueAsync("2020-01-31");
    }

    [Fact]
    public async Task says_that_the_text_was_corrected_after_an_agency_had_approved_it()
    {
        var reference = await Meet();
        await chromium.Ledger.Write(
            await chromium.Ledger.Token("Ivan Petrov", "ROSCOSMOS", "officer"), HttpMethod.Post, $"/api/v1/meetings/{reference}/minutes-approvals", new { agency = "ROSCOSMOS", approvedOn = "2020-03-02" });
        await chromium.Ledger.Write(
            await chromium.Ledger.Token("Claire Morel", "CNES", "officer"), HttpMethod.Post, $"/api/v1/meetings/{reference}/corrections", new { corrects = 1, field = "/title", value = "Talks on lunar dust", reason = "The title was cut." });

        var page = await chromium.SignIn(chromium.Ledger, "Otto Auditor");
        await page.GotoAsync($"/meetings/{reference}");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Talks on lunar dust");
        await Assertions.Expect(page.GetByRole(AriaRole.Row, new() { Name = "2 Mar 2020" })).ToContainTextAsync("The text was corrected since");

        await page.GetByRole(AriaRole.Link, new() { Name = "History of this meeting" }).ClickAsync();
        await Assertions.Expect(page.Locator("#entry-1")).ToContainTextAsync("Corrected by entry 3");
        await Assertions.Expect(page.Locator("#entry-3")).ToContainTextAsync("Corrects entry 1");
    }

    private async Task<string> Meet()
    {
        var answer = await chromium.Ledger.Write(await chromium.Ledger.Token("Claire Morel", "CNES", "officer"), HttpMethod.Post, "/api/v1/meetings", new
        {
            title = "Talks on dust",
            heldOn = "2020-02-28",
            participants = new[] { new { name = "Claire Morel", agency = "CNES" }, new { name = "Ivan Petrov", agency = "ROSCOSMOS" } },
        });
        return answer.GetProperty("reference").GetString() ?? throw new JsonException("The meeting has no reference.");
    }
}
