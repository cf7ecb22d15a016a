using AngleSharp.Html.Parser;
using Xunit;

namespace Ledger.Web.Tests.Pages;

public class ReadingTheListOfMeetings(RunningLedger ledger)
{
    [Fact]
    public async Task goes_on_from_page_to_page_until_every_meeting_was_shown()
    {
        var scene = await Scene.Of(ledger);
        for (var day = 1; day <= 60; day++)
            (await scene.Meeting(new DateOnly(2020, 1, 1).AddDays(day).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture))).Is(201);
        using var reader = await Reader.SignIn(ledger, "Otto Auditor");

        var shown = new List<string>();
        var counted = new List<string>();
        for (var address = $"/meetings?agency={scene.One}"; address is not null;)
        {
            using var page = await new HtmlParser().ParseDocumentAsync(await reader.GetStringAsync(address, TestContext.Current.CancellationToken));
            shown.AddRange(page.QuerySelectorAll("tbody tr a").Select(a => a.GetAttribute("href")!));
            counted.Add(page.QuerySelector("[role=status]")!.TextContent);
            address = page.QuerySelector("a[rel=next]")?.GetAttribute("href");
        }

        Assert.Equal((60, 60), (shown.Count, shown.Distinct().Count()));
        Assert.Equal(["60 meetings", "60 meetings"], counted);
    }

    [Fact]
    public async Task begins_at_the_first_page_where_an_address_was_spoilt()
    {
        var scene = await Scene.Of(ledger);
        var reference = (await scene.Meeting()).Is(201)["reference"]!;
        using var reader = await Reader.SignIn(ledger, "Otto Auditor");

        foreach (var cursor in new[] { "%25", "bm9uc2Vuc2U", "AAAA", "" })
            Assert.Contains(reference, await reader.GetStringAsync($"/meetings?agency={scene.One}&cursor={cursor}", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
