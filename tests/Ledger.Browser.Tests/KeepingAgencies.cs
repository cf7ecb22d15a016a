using Microsoft.Playwright;
using Xunit;

namespace Ledger.Browser.Tests;

public class KeepingAgencies(Chromium chromium)
{
    [Theory]
    [InlineData(true, "JAXA", "NASDA")]
    [InlineData(false, "KARI", "KSRI")]
    public async Task lets_a_registrar_register_rename_and_replace_an_agency(bool scripts, string code, string predecessor)
    {
        var page = await chromium.SignIn(chromium.Ledger, "Rita Registrar", scripts: scripts);
        foreach (var registered in new[] { code, predecessor })
        {
            await page.GotoAsync("/agencies");
            await page.Locator("summary", new() { HasText = "Register an agency" }).ClickAsync();
            await page.GetByLabel("Code", new() { Exact = true }).FillAsync(registered);
            await page.GetByLabel("Official name", new() { Exact = true }).FillAsync($"First name of {registered}");
            await page.GetByLabel("Kind").SelectOptionAsync("agency");
            await page.GetByRole(AriaRole.Button, new() { Name = "Register an agency" }).DblClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync($"{registered} is registered.");
        }

        await page.Locator("summary", new() { HasText = "Record another name" }).ClickAsync();
        await page.GetByLabel("Official name", new() { Exact = true }).FillAsync("Second name");
        await page.Locator("#occurredOn").FillAsync("2001-04-01");
        await page.GetByRole(AriaRole.Button, new() { Name = "Record another name" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Second name");

        await page.Locator("summary", new() { HasText = "Record a succession" }).ClickAsync();
        await page.GetByLabel("Who stands in its place").SelectOptionAsync(code);
        await page.Locator("#succeededOn").FillAsync("2003-10-01");
        await page.GetByRole(AriaRole.Button, new() { Name = "Record a succession" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync($"The succession of {code} to {predecessor} is recorded.");
        await Assertions.Expect(page.GetByRole(AriaRole.Main).Locator("[id^=entry-]")).ToHaveCountAsync(3);

        await page.GotoAsync($"/agencies/{predecessor}?asOf=2000-01-01");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync($"First name of {predecessor}");
    }

    [Fact]
    public async Task shows_at_each_field_what_the_record_refuses()
    {
        var page = await chromium.SignIn(chromium.Ledger, "Rita Registrar", scripts: false);
        await page.GotoAsync("/agencies");
        await page.Locator("summary", new() { HasText = "Register an agency" }).ClickAsync();
        await page.GetByLabel("Code", new() { Exact = true }).FillAsync("LAPAN");
        await page.GetByLabel("Country").FillAsync("Indonesia");
        await page.GetByRole(AriaRole.Button, new() { Name = "Register an agency" }).ClickAsync();

        await Assertions.Expect(page.Locator("#country-error")).ToContainTextAsync("A country is two capital letters (ISO 3166-1), such as FR.");
        await Assertions.Expect(page.Locator("#kind-error")).ToContainTextAsync("Say what kind of body it is");
        await Assertions.Expect(page.Locator("#errors a[href='#name']")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator("#code")).ToHaveValueAsync("LAPAN");
    }

    [Fact]
    public async Task is_for_registrars_alone()
    {
        var page = await chromium.SignIn(chromium.Ledger, "Claire Morel");
        await page.GotoAsync("/agencies/CNES");
        await Assertions.Expect(page.GetByText("Record a succession")).ToHaveCountAsync(0);
    }
}
