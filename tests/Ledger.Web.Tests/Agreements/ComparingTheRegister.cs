using System.Globalization;
using Ledger.Web.Access;
using Ledger.Web.Agreements;
using Ledger.Web.Tests.Access;
using Npgsql;
using Xunit;

namespace Ledger.Web.Tests.Agreements;

public class ComparingTheRegister(RunningLedger ledger)
{
    [Theory]
    [InlineData(2_000)]
    [InlineData(0)]
    public async Task what_differs_between_two_points_is_what_the_two_lists_do_not_share(int few)
    {
        var scene = await Scene.Of(ledger);
        List<string> points = [];
        var (first, second) = (await scene.Propose(), await scene.InForce("\"term\":{\"until\":\"2024-12-31\"}"));
        points.Add(await scene.Now(second));
        await scene.Act(first, "discussions", new { discussedOn = "2021-03-01", summary = "Talks." });
        var late = await scene.Propose("\"proposedOn\":\"2023-05-05\"");
        points.Add(await scene.Now(late));
        await scene.Act(second, "corrections", new { corrects = 1, field = "/title", value = "Another title", reason = "Misspelt." });
        await scene.Act(second, "extensions", new { until = "2028-12-31", agreedOn = "2024-06-01" });
        points.Add(await scene.Now(second));
        var (caller, filter) = (Visitor.Of("officer", scene.One)!, new AgreementFilter { Parties = [scene.One] });
        var register = ledger.Service<AgreementRegister>();
        var changes = new RegisterChanges(register, ledger.Service<NpgsqlDataSource>()) { Few = few };
        Point[] all =
        [
            .. from known in points.Select(p => (DateTimeOffset?)DateTimeOffset.Parse(p, CultureInfo.InvariantCulture)).Append(null)
               from day in new[] { new DateOnly(2018, 1, 1), new DateOnly(2020, 3, 1), new DateOnly(2023, 6, 1), new DateOnly(2026, 1, 1) }
               select new Point(day, known),
        ];

        var seen = 0;
        foreach (var (one, two) in from one in all from two in all select (one, two))
        {
            var (before, after) = (await Listed(one), await Listed(two));
            var expected = before.Keys.Union(after.Keys, StringComparer.Ordinal).Where(r => before.GetValueOrDefault(r) != after.GetValueOrDefault(r)).Order(StringComparer.Ordinal).ToList();
            var found = await changes.Between(caller, filter, one, two, TestContext.Current.CancellationToken).Select(d => d.Either.Reference).ToListAsync(TestContext.Current.CancellationToken);
            Assert.Equal((one, two, string.Join(' ', expected)), (one, two, string.Join(' ', found)));
            seen += found.Count;
        }

        Assert.True(seen > all.Length);

        async Task<Dictionary<string, string>> Listed(Point point) =>
            (await register.Page(caller, filter, point.AsOf, point.KnownAt, AgreementSort.Reference, null, null, TestContext.Current.CancellationToken)).Rows
                .ToDictionary(row => row.Reference, row => $"{row.Title}|{row.Status}|{row.Certain}|{row.ExpiresOn}", StringComparer.Ordinal);
    }

    [Fact]
    public async Task a_page_tells_another_title_a_new_status_and_a_longer_term()
    {
        var scene = await Scene.Of(ledger, isRestricted: true);
        var reference = await scene.InForce("\"term\":{\"until\":\"2024-12-31\"}");
        var before = await scene.Now(reference);
        await scene.Act(reference, "corrections", new { corrects = 1, field = "/title", value = "The right title", reason = "Misspelt." });
        await scene.Act(reference, "extensions", new { until = "2028-12-31", agreedOn = "2024-06-01" });

        async Task<string> Page(Caller? caller) => (await ledger.Host.Services.Page(caller, HttpMethod.Get, $"/replay?asOf=2026-01-01&asOf2=2026-01-01&knownAt={Uri.EscapeDataString(before)}")).Is(200).Body;

        var page = await Page(Visitor.Of("officer", scene.Two));
        Assert.Contains($"The right title ({reference})", page, StringComparison.Ordinal);
        Assert.Contains("Title: The right title", page, StringComparison.Ordinal);
        Assert.Contains("2028", page, StringComparison.Ordinal);
        Assert.DoesNotContain(reference, await Page(Visitor.Of("officer", scene.Three)), StringComparison.Ordinal);
    }
}
