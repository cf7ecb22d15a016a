using AngleSharp.Html.Parser;
using Ledger.Web.Access;
using Ledger.Web.Pages;
using Ledger.Web.Tests.Access;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Ledger.Web.Tests.Pages;

public class ReadingDeadlines(RunningLedger ledger)
{
    [Fact]
    public async Task goes_on_in_either_group_until_every_deadline_was_shown()
    {
        var scene = await Scene.Of(ledger);
        await Fill(scene.Registrar, scene.One, scene.Two, 60);
        using var reader = await Reader.SignIn(ledger, "Otto Auditor");

        foreach (var (id, first, last) in new[] { ("overdue", "Past 1.", "Past 60."), ("ahead", "Ahead 1.", "Ahead 60.") })
        {
            var shown = new List<string>();
            var counted = new List<string>();
            for (var address = $"/deadlines?party={scene.One}&kind=PhaseDue"; address is not null;)
            {
                using var page = await new HtmlParser().ParseDocumentAsync(await reader.GetStringAsync(address, TestContext.Current.CancellationToken));
                shown.AddRange(page.QuerySelectorAll($"[aria-labelledby={id}] tbody tr td:nth-child(2)").Select(cell => cell.TextContent.Trim()));
                counted.Add(page.QuerySelector($"#{id} + p")!.TextContent);

                // Where the other group stands is kept.
                Assert.Equal(50, page.QuerySelectorAll($"[aria-labelledby={(id == "ahead" ? "overdue" : "ahead")}] tbody tr").Length);
                address = page.QuerySelector($"a[rel=next][href$='#{id}']")?.GetAttribute("href");
            }

            Assert.Equal((60, 60), (shown.Count, shown.Distinct().Count()));
            Assert.Equal(["60 deadlines", "60 deadlines"], counted);
            Assert.Equal((true, true), (shown[0].EndsWith(first, StringComparison.Ordinal), shown[^1].EndsWith(last, StringComparison.Ordinal)));
        }
    }

    [Theory]
    [InlineData("", 1, 3)]
    [InlineData("&kind=Expires", 0, 1)]
    [InlineData("&kind=PartyLeaves", 0, 0)]
    [InlineData("&within=36500", 1, 3)]
    [InlineData("&within=30", 1, 1)]
    [InlineData("&within=30&kind=Expires", 0, 0)]
    public async Task shows_what_was_chosen(string chosen, int overdue, int ahead)
    {
        var scene = await Scene.Of(ledger);
        var soon = ledger.Service<TimeProvider>().GetUtcNow().AddDays(7);
        await scene.Propose($$"""
            "term":{"until":"2098-12-31"},"phases":[{"title":"Past.","plannedEnd":"2020-02"},{"title":"Soon.","plannedEnd":"{{soon:yyyy-MM-dd}}"},{"title":"Ahead.","plannedEnd":"2097"}]
            """);
        using var reader = await Reader.SignIn(ledger, "Otto Auditor");

        using var page = await new HtmlParser().ParseDocumentAsync(await reader.GetStringAsync($"/deadlines?party={scene.One}{chosen}", TestContext.Current.CancellationToken));

        Assert.Equal((overdue, ahead), (page.QuerySelectorAll("[aria-labelledby=overdue] tbody tr").Length, page.QuerySelectorAll("[aria-labelledby=ahead] tbody tr").Length));
    }

    [Fact]
    public async Task begins_at_the_first_page_where_an_address_was_spoilt()
    {
        var scene = await Scene.Of(ledger);
        var reference = await scene.Propose("\"term\":{\"until\":\"2098-12-31\"}");
        using var reader = await Reader.SignIn(ledger, "Otto Auditor");

        foreach (var cursor in new[] { "%25", "bm9uc2Vuc2U", "AAAA", "" })
            Assert.Contains(reference, await reader.GetStringAsync($"/deadlines?party={scene.One}&overdue={cursor}&ahead={cursor}", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_feed_holds_what_is_nearest_to_today_on_either_side()
    {
        await using var own = await ledger.Another();
        var registrar = await own.As("Rita", null, Roles.Registrar);
        foreach (var code in new[] { "ONE", "TWO" })
            (await registrar.Put($"/api/v1/agencies/{code}", new { name = code, kind = "agency" })).Is(201);
        await Fill(registrar, "ONE", "TWO", 12);
        var auditor = Visitor.Of("auditor", "ONE")!;
        var deadlines = own.Host.Services.GetRequiredService<DeadlineReader>();

        var (some, areThereOthers) = await deadlines.Nearest(auditor, 3, TestContext.Current.CancellationToken);
        var (all, areThereMore) = await deadlines.Nearest(auditor, 12, TestContext.Current.CancellationToken);

        Assert.Equal(["Past 10.", "Past 11.", "Past 12.", "Ahead 1.", "Ahead 2.", "Ahead 3."], Titles(some));
        Assert.Equal((true, 24, false), (areThereOthers, all.Count, areThereMore));

        static IEnumerable<string> Titles(IEnumerable<DueItem> items) => items.Select(x => x.Standing.Phases.Single(p => p.Id == x.Deadline.Subject).Title);
    }

    // As many agreements, each with a phase that is overdue and one that lies ahead.
    private static async Task Fill(Client registrar, string one, string two, int count)
    {
        var outcomes = Enumerable.Range(1, count).Select(n => new
        {
            kind = "proposed",
            title = $"Agreement {n}",
            parties = new[] { one, two },
            phases = new[] { new { title = $"Past {n}.", plannedEnd = On(2020, n) }, new { title = $"Ahead {n}.", plannedEnd = On(2090, n) } },
        });
        (await registrar.Post("/api/v1/meetings", new { title = "Plans", heldOn = "2020-02-14", participants = new[] { new { name = "Anna", agency = one } }, outcomes })).Is(201);

        static string On(int year, int day) => new DateOnly(year, 1, 1).AddDays(day).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
    }
}
