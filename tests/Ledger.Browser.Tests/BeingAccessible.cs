using Deque.AxeCore.Playwright;
using Xunit;

namespace Ledger.Browser.Tests;

public class BeingAccessible(Chromium chromium)
{
    [Theory]
    [InlineData("en", 1280)]
    [InlineData("en", 390)]
    [InlineData("fr", 1280)]
    [InlineData("fr", 390)]
    [InlineData("ru", 1280)]
    [InlineData("ru", 390)]
    public async Task no_page_has_anything_that_axe_objects_to(string language, int width)
    {
        var reader = await chromium.SignIn(chromium.Ledger, "Rita Registrar", language, width);
        var visitor = await chromium.Visit(chromium.Ledger, language, width);
        var problems = new List<string>();
        foreach (var address in Everywhere.Addresses)
        {
            var page = address.StartsWith("/sign-in", StringComparison.Ordinal) ? visitor : reader;
            await page.GotoAsync(address);
            problems.AddRange(
                from violation in (await page.RunAxe()).Violations
                from node in violation.Nodes
                select $"{address}: {violation.Id} ({violation.Help}) at {node.Target}: {node.Html}");
        }

        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }
}
