using System.Net;
using Microsoft.Playwright;
using Xunit;

namespace Ledger.Browser.Tests;

public class ReadingDeadlines(Chromium chromium)
{
    [Fact]
    public async Task shows_what_is_overdue_before_what_lies_ahead()
    {
        var title = $"Deadlines {Guid.CreateVersion7():N}";
        var party = $"D{Guid.CreateVersion7():N}"[..20].ToUpperInvariant();
        var token = await chromium.Ledger.Token("Rita Registrar", null, "registrar");
        await chromium.Ledger.Write(token, HttpMethod.Put, $"/api/v1/agencies/{party}", new { name = "Agency with deadlines", kind = "agency" });
        await chromium.Ledger.Write(token, HttpMethod.Post, "/api/v1/agreements", new
        {
            title,
            parties = new[] { party, "ROSCOSMOS" },
            proposedOn = "2020-01-10",
            term = new { until = "2099-12-31" },
            phases = new[] { new { title = "Long past", plannedEnd = "2020-02-01" }, new { title = "Far ahead", plannedEnd = "2098" } },
        });
        var page = await chromium.SignIn(chromium.Ledger, "Claire Morel", scripts: false);

        await page.GotoAsync($"/deadlines?party={party}");

        var rows = page.GetByRole(AriaRole.Row).Filter(new() { HasText = title });
        await Assertions.Expect(rows).ToHaveCountAsync(3);
        await Assertions.Expect(rows.Nth(0)).ToContainTextAsync("days ago");
        await Assertions.Expect(rows.Nth(0)).ToContainTextAsync("Long past");
        await Assertions.Expect(rows.Nth(1)).ToContainTextAsync("Far ahead");
        await Assertions.Expect(rows.Nth(2)).ToContainTextAsync("Last day of the term");

        await page.GetByLabel("Within").SelectOptionAsync("365");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();

        Assert.Contains("within=365", page.Url, StringComparison.Ordinal);
        await Assertions.Expect(rows).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task gives_a_secret_address_once_and_takes_it_away()
    {
        var page = await chromium.SignIn(chromium.Ledger, "Ivan Petrov", scripts: false);
        await page.GotoAsync("/deadlines");

        await page.GetByRole(AriaRole.Button, new() { Name = "Make an address" }).ClickAsync();
        var address = await page.GetByLabel("For a calendar (iCalendar)").InputValueAsync();
        Assert.StartsWith($"{chromium.Ledger.Address}/deadlines/calendar/", address, StringComparison.Ordinal);
        Assert.Contains("BEGIN:VCALENDAR", await chromium.Ledger.Http.GetStringAsync(address, TestContext.Current.CancellationToken), StringComparison.Ordinal);

        await page.ReloadAsync();
        await Assertions.Expect(page.GetByLabel("For a calendar (iCalendar)")).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Button, new() { Name = "Revoke the address" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("no longer answers");
        using var gone = await chromium.Ledger.Http.GetAsync(address, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }
}
