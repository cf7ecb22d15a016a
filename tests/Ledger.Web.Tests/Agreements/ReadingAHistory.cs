using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Web.Access;
using Ledger.Web.Agreements;
using Ledger.Web.Briefs;
using Ledger.Web.Entries;
using Ledger.Web.Hosting;
using Xunit;

namespace Ledger.Web.Tests.Agreements;

[Covers("GET /api/v1/agreements/{id}/history")]
public class ReadingAHistory(RunningLedger ledger)
{
    [Fact]
    public async Task it_says_who_recorded_what_when_and_how_late()
    {
        var scene = await Scene.Of(ledger);
        var reference = await scene.Propose("\"proposedOn\":\"2010-05\"");
        (await scene.Partner.Post($"/api/v1/agreements/{reference}/discussions", new { discussedOn = Today(), summary = "Just now." }, ifMatch: 1)).Is(201);

        var history = (await scene.Officer.Get($"/api/v1/agreements/{reference}/history")).Is(200);

        Assert.Equal((2, null), (history.Items.Count, history["next"]));
        Assert.Equal(("agreementProposed", "2010-05", scene.One, $"Officer of {scene.One}"), (history["items/0/type"], history["items/0/occurredOn"], history["items/0/recordedBy/agency"], history["items/0/recordedBy/name"]));
        Assert.True((int)history.Items[0]["recordedLateByDays"]! > 5000);
        Assert.Equal(("0", scene.Two, "Just now."), (history["items/1/recordedLateByDays"], history["items/1/recordedBy/agency"], history["items/1/data/summary"]));
        Assert.InRange((DateTimeOffset)history.Items[1]["recordedAt"]!, ledger.Service<TimeProvider>().GetUtcNow().AddMinutes(-5), ledger.Service<TimeProvider>().GetUtcNow().AddMinutes(1));
        Assert.All(history.Items, e => Assert.False(string.IsNullOrEmpty(e.Text("correlation")) || string.IsNullOrEmpty(e.Text("causation"))));
        (await scene.Officer.Get($"/api/v1/agreements/{reference}X/history")).IsProblem(404, "not-found");
    }

    [Fact]
    public async Task it_comes_as_a_table_and_line_by_line()
    {
        var scene = await Scene.Of(ledger);
        var path = $"/api/v1/agreements/{await scene.InForce()}/history";

        var table = (await scene.Officer.Get(path, "text/csv")).Is(200);
        var lines = (await scene.Officer.Get(path, "application/x-ndjson")).Is(200);

        Assert.Equal("sequence,version,type,occurredOn,recordedAt,recordedLateByDays,recordedBy,agency,meeting,summary,corrects,correctedBy,data", table.Body.Split("\r\n")[0]);
        Assert.Equal(6, table.Body.TrimEnd().Split("\r\n").Length);
        Assert.Equal("application/x-ndjson", lines.Headers["Content-Type"].Split(';')[0]);
        Assert.Equal((await scene.Officer.Get(path)).Items.Select(x => x.ToJsonString()), lines.Body.TrimEnd('\n').Split('\n').Select(line => JsonNode.Parse(line)!.ToJsonString()));
        (await scene.Officer.Get(path, "text/html")).IsProblem(406, "not-acceptable");
    }

    [Fact]
    public async Task its_pages_lose_and_double_nothing_and_keep_to_the_instant_asked_for()
    {
        var scene = await Scene.Of(ledger);
        var reference = await scene.InForce();
        var knownAt = await scene.Now(reference);
        await scene.Act(reference, "discussions", new { discussedOn = "2021-01-01", summary = "Later." });

        var walked = new List<string?>();
        for (string? path = $"/api/v1/agreements/{reference}/history?knownAt={knownAt}&limit=2"; path is not null;)
        {
            var page = (await scene.Officer.Get(path, "application/x-ndjson")).Is(200);
            walked.AddRange(page.Body.TrimEnd('\n').Split('\n').Select(line => JsonNode.Parse(line).Text("version")));
            path = page.Headers.GetValueOrDefault("Link") is { } link ? link[(link.IndexOf('<', StringComparison.Ordinal) + 1)..link.IndexOf('>', StringComparison.Ordinal)] : null;
        }

        Assert.Equal(["1", "2", "3", "4", "5"], walked);
        (await scene.Officer.Get($"/api/v1/agreements/{reference}/history?cursor=bm9uc2Vuc2U")).IsProblem(400, "malformed");
        (await scene.Officer.Get($"/api/v1/agreements/{reference}/history?limit=0")).IsProblem(400, "malformed");
    }

    [Fact]
    public async Task a_page_tells_of_its_entries_what_the_whole_history_does()
    {
        var scene = await Scene.Of(ledger);
        var reference = await scene.Propose("\"phases\":[{\"title\":\"First phase\",\"plannedEnd\":\"2020-01\"}]");
        await scene.Act(reference, "phases", new { title = "Second phase", plannedEnd = "2030-01" });
        await scene.Act(reference, "discussions", new { discussedOn = "2020-03-01", summary = "Talks." });
        await scene.Act(reference, "achievements", new { occurredOn = "2020-04-01", title = "Launches", counters = new[] { new { label = "Launches", value = 3 } } });
        await scene.Act(reference, "corrections", new { corrects = 3, field = "/summary", value = "Long talks.", reason = "Incomplete." });
        await scene.Act(reference, "corrections", new { corrects = 4, field = "/counters/0/value", value = 4, reason = "Miscounted." });
        var knownAt = await scene.Now(reference);
        await scene.Act(reference, "corrections", new { corrects = 1, field = "/phases/0/title", value = "Phase one", reason = "As signed." });
        await scene.Act(reference, "corrections", new { corrects = 3, field = "/summary", value = "Talks after all.", reason = "Wrong." });
        var meeting = (await scene.Meeting(outcomes: $$"""{"kind":"discussed","agreement":"{{reference}}","summary":"Met."}""")).Is(201)["reference"]!;
        foreach (var (version, title) in new[] { (1, "Better"), (2, "Best") })
            (await scene.Registrar.Post($"/api/v1/meetings/{meeting}/corrections", new { corrects = 1, field = "/title", value = title, reason = "Misspelt." }, ifMatch: version)).Is(201);
        (await scene.Registrar.Put($"/api/v1/agencies/{scene.One}", new { name = "Renamed", kind = "agency", occurredOn = "2020-01-01" })).Is(200);
        var id = (await scene.Officer.Get($"/api/v1/agreements/{reference}")).Is(200)["id"]!;

        await AreAlike($"/api/v1/agreements/{reference}/history?", id);
        await AreAlike($"/api/v1/agreements/{reference}/history?knownAt={knownAt}&", id, DateTimeOffset.Parse(knownAt, CultureInfo.InvariantCulture));
        await AreAlike($"/api/v1/meetings/{meeting}/history?", (await scene.Officer.Get($"/api/v1/meetings/{meeting}")).Is(200)["id"]!);
        await AreAlike($"/api/v1/agencies/{scene.One}/history?", scene.One);
        (await scene.Officer.Get($"/api/v1/agreements/{reference}/history?knownAt=2000-01-01T00:00:00Z")).Is(200);

        // What is told of every entry where all of them are at hand.
        async Task AreAlike(string path, string stream, DateTimeOffset? upTo = null)
        {
            var entries = await ledger.Service<RecordReader>().Stream(stream, upTo, TestContext.Current.CancellationToken);
            var caller = new Caller("whoever", "Otto Auditor", null, [Roles.Auditor]);
            var whole = await ledger.Service<HistoryWriter>().Items(caller, entries, entries, upTo, Phrasebook.For("en")!, TestContext.Current.CancellationToken);
            var expected = whole.Select(item => JsonSerializer.Serialize(item, Form.Options)).ToList();
            foreach (var limit in new[] { 1, 2, 1_000 })
            {
                var told = new List<string>();
                for (string? cursor = ""; cursor is not null;)
                {
                    var page = (await ledger.Auditor.Get($"{path}limit={limit}{cursor}")).Is(200);
                    using var answer = JsonDocument.Parse(page.Body);
                    told.AddRange(answer.RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetRawText()));
                    cursor = page["next"] is { } next ? $"&cursor={next}" : null;
                }

                Assert.Equal(expected, told);
            }
        }
    }

    private string Today() => ledger.Service<TimeProvider>().GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
