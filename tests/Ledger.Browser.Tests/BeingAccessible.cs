using System.Globalization;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace Ledger.Browser.Tests;

public class BeingAccessible(Chromium chromium)
{
    private static readonly int[] Widths = [1280, 390];

    // What is in order is not told, which is most of the work.
    private static readonly AxeRunOptions ViolationsAlone = new() { ResultTypes = [ResultType.Violations] };

    [Theory]
    [InlineData("en")]
    [InlineData("fr")]
    [InlineData("ru")]
    public async Task no_page_has_anything_that_axe_objects_to_in_a_wide_or_a_narrow_window(string language)
    {
        var registrar = await chromium.SignIn(chromium.Ledger, "Rita Registrar", language);
        var visitor = await chromium.Visit(chromium.Ledger, language);
        var problems = new List<string>();
        foreach (var address in Everywhere.Addresses.Concat(Everywhere.OfRegistrars).Concat(Everywhere.Missing).Concat(await Everywhere.OfADraft(registrar)))
        {
            var page = address.StartsWith("/sign-in", StringComparison.Ordinal) ? visitor : registrar;
            await page.GotoAsync(address, new() { WaitUntil = WaitUntilState.DOMContentLoaded });
            foreach (var width in Widths)
            {
                await page.SetViewportSizeAsync(width, 900);
                problems.AddRange(
                    from violation in (await page.RunAxe(ViolationsAlone)).Violations
                    from node in violation.Nodes
                    select string.Create(CultureInfo.InvariantCulture, $"{address} at {width}: {violation.Id} ({violation.Help}) at {node.Target}: {node.Html}"));
            }
        }

        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }
}
