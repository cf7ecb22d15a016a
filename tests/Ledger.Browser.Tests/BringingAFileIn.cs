using System.Text;
using Microsoft.Playwright;
using Xunit;

namespace Ledger.Browser.Tests;

public class BringingAFileIn(Chromium chromium)
{
    [Theory]
    [InlineData(true, "BRING-ONE")]
    [InlineData(false, "BRING-TWO")]
    public async Task is_watched_to_its_end_and_leads_to_what_is_odd_in_it(bool scripts, string reference)
    {
        var page = await chromium.SignIn(chromium.Ledger, "Rita Registrar", scripts: scripts);
        await Give(page, $$"""
            {"kind":"proposed","reference":"{{reference}}","title":"An arrangement of long ago","parties":["CNES","ROSCOSMOS"],"proposedOn":"1970"}
            {"kind":"terminated","agreement":"{{reference}}","occurredOn":"1980-05-01"}
            """);

        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("recorded");
        await Assertions.Expect(page.GetByRole(AriaRole.Progressbar)).ToHaveAttributeAsync("value", "100");
        await page.GetByRole(AriaRole.Link, new() { Name = "terminated and never in force" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = reference })).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task says_of_every_wrong_line_where_and_why_it_is_refused()
    {
        var page = await chromium.SignIn(chromium.Ledger, "Rita Registrar", scripts: false);
        await Give(page, """
            {"kind":"proposed","reference":"BRING-THREE","title":"An arrangement","parties":["CNES","NOBODY-KNOWS"]}
            """);

        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("refused; nothing was recorded");
        await Assertions.Expect(page.GetByRole(AriaRole.Row).Last).ToContainTextAsync("No agency NOBODY-KNOWS is registered.");
    }

    [Fact]
    public async Task is_for_registrars_alone()
    {
        var auditor = await chromium.SignIn(chromium.Ledger, "Otto Auditor");
        await auditor.GotoAsync("/imports");
        await Assertions.Expect(auditor.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Files brought in");
        await Assertions.Expect(auditor.Locator("#upload")).ToHaveCountAsync(0);

        var officer = await chromium.SignIn(chromium.Ledger, "Claire Morel");
        var answer = await officer.GotoAsync("/imports");
        Assert.Equal(403, answer!.Status);
    }

    private static async Task Give(IPage page, string lines)
    {
        await page.GotoAsync("/imports");
        await page.Locator("#upload").SetInputFilesAsync(new FilePayload { Name = "older.jsonl", MimeType = "application/x-ndjson", Buffer = Encoding.UTF8.GetBytes(lines) });
        await page.GetByRole(AriaRole.Button, new() { Name = "Bring the file in" }).ClickAsync();
        await page.WaitForURLAsync("**/imports/*");
    }
}
