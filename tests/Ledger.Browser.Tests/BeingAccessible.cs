using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace Ledger.Browser.Tests;

public class BeingAccessible(Chromium chromium)
{
    [Theory]
    [InlineData(1280)]
    [InlineData(390)]
    public async Task no_page_has_anything_that_axe_objects_to_in_any_language(int width)
    {
        var problems = await Task.WhenAll(new[] { "en", "fr", "ru" }.Select(language => Problems(language, width)));

        Assert.True(problems.All(p => p.Count == 0), string.Join('\n', problems.SelectMany(p => p)));
    }

    private async Task<List<string>> Problems(string language, int width)
    {
        var registrar = await chromium.SignIn(chromium.Ledger, "Rita Registrar", language, width);
        var visitor = await chromium.Visit(chromium.Ledger, language, width);
        var problems = new List<string>();
        foreach (var address in Everywhere.Addresses.Concat(Everywhere.Missing).Concat(await Everywhere.OfADraft(registrar)))
        {
            var page = address.StartsWith("/sign-in", StringComparison.Ordinal) ? visitor : registrar;
            await page.GotoAsync(address, new() { WaitUntil = WaitUntilState.DOMContentLoaded });
            problems.AddRange(
                from violation in (await page.RunAxe()).Violations
                from node in violation.Nodes
                select $"{language} {width} {address}: {violation.Id} ({violation.Help}) at {node.Target}: {node.Html}");
        }

        return problems;
    }
}
