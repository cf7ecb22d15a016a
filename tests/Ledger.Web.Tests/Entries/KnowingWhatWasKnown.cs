using System.Globalization;
using Npgsql;
using Xunit;

namespace Ledger.Web.Tests.Entries;

/// <summary>Each test on a Ledger of its own: a transaction that is held open holds the whole record back.</summary>
[Covers("GET /api/v1/events")]
public class KnowingWhatWasKnown(RunningLedger ledger)
{
    [Fact]
    public async Task nothing_slips_in_under_an_answer_that_was_given()
    {
        await using var own = await ledger.Another();
        var registrar = await own.As("Rita", null, Ledger.Web.Access.Roles.Registrar);
        foreach (var code in new[] { "ONE", "TWO" })
            (await registrar.Put($"/api/v1/agencies/{code}", new { name = code, kind = "agency" })).Is(201);
        var reference = (await registrar.Post("/api/v1/agreements", new { title = "X", parties = new[] { "ONE", "TWO" }, proposedOn = "2020-01-01" })).Is(201)["reference"]!;
        var id = (await registrar.Get($"/api/v1/agreements/{reference}"))["id"];

        // A writer that has its instant and takes its time.
        await using var slow = new NpgsqlConnection(own.ConnectionString);
        await slow.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await slow.BeginTransactionAsync(TestContext.Current.CancellationToken);
        var instant = new DateTimeOffset((DateTime)(await Run("select recorded_at from ledger.begin_entry()"))!, TimeSpan.Zero);

        // Somebody else is faster, with a later instant and a later sequence.
        (await registrar.Post($"/api/v1/agreements/{reference}/signatures", new { party = "ONE", signedOn = "2020-02-01" }, ifMatch: 1)).Is(201);

        var one = (await registrar.Get($"/api/v1/agreements/{reference}?knownAt=2999-01-01T00:00:00Z")).Is(200);
        var list = (await registrar.Get("/api/v1/agreements?knownAt=2999-01-01T00:00:00Z")).Is(200);
        var now = (await registrar.Get("/api/v1/agreements")).Is(200);
        var feed = (await registrar.Get("/api/v1/events")).Is(200);
        Assert.All([one, list, now], reply => Assert.True((DateTimeOffset)reply.Json!["knownAt"]! < instant, $"{reply["knownAt"]} is not before {instant:O}"));
        Assert.Equal(("1", "1", "2"), (one["version"], list["items/0/version"], now["items/0/version"]));
        Assert.Equal(3, feed.Items.Count);

        // The slow one writes another entry of the past at last.
        await Run($$"""
            insert into ledger.mt_streams (id, type, version, timestamp, tenant_id) select 'SLOW', type, 1, timestamp, tenant_id from ledger.mt_streams where id = 'ONE';
            insert into ledger.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, user_name)
            select nextval('ledger.mt_events_sequence'), gen_random_uuid(), 'SLOW', 1, jsonb_build_object('code', 'SLOW', 'name', 'Slow', 'kind', 'agency'), type, current_setting('ledger.recorded_at')::timestamptz, tenant_id, mt_dotnet_type, user_name
              from ledger.mt_events where stream_id = 'ONE'
            """);
        await transaction.CommitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(one.Body, (await registrar.Get($"/api/v1/agreements/{reference}?knownAt={one["knownAt"]}")).Body);
        Assert.Equal(list.Body, (await registrar.Get($"/api/v1/agreements?knownAt={list["knownAt"]}")).Body);
        var rest = (await registrar.Get($"/api/v1/events?after={feed["next"]}")).Is(200);
        Assert.Equal([id, "SLOW"], rest.Items.Select(e => e.Text("id")).OrderByDescending(x => x?.Length));
        Assert.True((DateTimeOffset)(await registrar.Get($"/api/v1/agreements/{reference}?knownAt=2999-01-01T00:00:00Z")).Is(200).Json!["knownAt"]! > instant);

        async Task<object?> Run(string sql)
        {
            await using var command = new NpgsqlCommand(sql, slow);
            return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task the_feed_is_in_order_and_without_a_gap_while_many_write()
    {
        await using var own = await ledger.Another();
        var registrar = await own.As("Rita", null, Ledger.Web.Access.Roles.Registrar);
        for (var n = 0; n < 2; n++)
            (await registrar.Put($"/api/v1/agencies/A{n}", new { name = "X", kind = "agency" })).Is(201);

        var writers = Task.WhenAll(Enumerable.Range(0, 60).Select(n => registrar.Post("/api/v1/agreements", new { title = $"T{n}", parties = new[] { "A0", n % 5 == 0 ? "NOBODY-KNOWN" : "A1" } })));
        var (seen, after) = (new List<long>(), "0");
        for (var isAtEnd = false; !(writers.IsCompleted && isAtEnd);)
        {
            var wereDone = writers.IsCompleted;
            var page = (await registrar.Get($"/api/v1/events?after={after}&limit=7")).Is(200);
            seen.AddRange(page.Items.Select(e => (long)e["sequence"]!));
            after = page["next"]!;
            isAtEnd = wereDone && page["isAtEnd"] == "true";
        }

        Assert.Equal(48, (await writers).Count(r => r.Status == 201));
        var stored = (await own.Sql("select string_agg(seq_id::text, ' ' order by seq_id) from ledger.mt_events")).Split(' ').Select(s => long.Parse(s, CultureInfo.InvariantCulture));
        Assert.Equal(stored, seen);
        Assert.Equal(50, seen.Count);
    }

    [Fact]
    public async Task an_answer_says_no_later_instant_than_it_knows_of()
    {
        var scene = await Scene.Of(ledger);
        var reference = await scene.Propose();
        var path = $"/api/v1/agreements/{reference}";

        var writing = Task.Run(async () =>
        {
            for (var n = 0; n < 150; n++)
                await scene.Act(reference, "discussions", new { discussedOn = "2020-02-14", summary = $"{n}" });
        }, TestContext.Current.CancellationToken);
        var answers = new List<Reply>();
        while (!writing.IsCompleted)
            answers.AddRange(await Task.WhenAll(scene.Officer.Get(path), scene.Partner.Get(path)));
        await writing;
        await scene.Now(reference);

        Assert.NotEmpty(answers);
        foreach (var answer in answers.Take(300))
            Assert.Equal((answer["knownAt"], answer["version"]), (answer["knownAt"], (await scene.Officer.Get($"{path}?knownAt={answer["knownAt"]}")).Is(200)["version"]));
    }

    [Fact]
    public async Task a_meeting_put_right_later_does_not_change_what_was_known()
    {
        var scene = await Scene.Of(ledger);
        var reference = await scene.Propose();
        var meeting = (await scene.Meeting(outcomes: $$"""{"kind":"discussed","agreement":"{{reference}}","summary":"X"}""")).Is(201)["reference"];
        var path = $"/api/v1/agreements/{reference}";
        var knownAt = await scene.Now(reference);
        var before = (await scene.Officer.Get($"{path}?knownAt={knownAt}")).Is(200);
        var historyBefore = (await scene.Officer.Get($"{path}/history?knownAt={knownAt}")).Is(200);

        (await scene.Officer.Post($"/api/v1/meetings/{meeting}/corrections", new { corrects = 1, field = "/title", value = "Put right", reason = "Misspelt." }, ifMatch: 1)).Is(201);
        (await ledger.Registrar.Put($"/api/v1/agencies/{scene.One}", new { name = "Renamed", kind = "agency", occurredOn = "2019-01-01" })).Is(200);
        await scene.Act(reference, "corrections", new { corrects = 2, field = "/summary", value = "Y", reason = "Misheard." });

        Assert.Equal(before.Body, (await scene.Officer.Get($"{path}?knownAt={knownAt}")).Body);
        Assert.Equal(historyBefore.Body, (await scene.Officer.Get($"{path}/history?knownAt={knownAt}")).Body);
        Assert.Equal(("Put right", "Renamed"), ((await scene.Officer.Get(path))["meetings/0/title"], (await scene.Officer.Get(path))["parties/0/name"]));
    }

    [Fact]
    public async Task the_feed_comes_in_pages_and_line_by_line()
    {
        await ledger.Agency();
        var first = (await ledger.Auditor.Get("/api/v1/events?limit=1")).Is(200);
        var lines = (await ledger.Auditor.Get("/api/v1/events?limit=1", "application/x-ndjson")).Is(200);

        Assert.Equal(("1", "agencyRegistered", "agency", "false"), (first["items/0/sequence"], first["items/0/type"], first["items/0/stream"], first["isAtEnd"]));
        Assert.Equal(first.Items[0].ToJsonString(), System.Text.Json.Nodes.JsonNode.Parse(lines.Body)!.ToJsonString());
        Assert.Contains($"after={first["next"]}", lines.Headers["Link"], StringComparison.Ordinal);
        (await ledger.Auditor.Get("/api/v1/events?after=-1")).IsProblem(400, "malformed");
        (await ledger.Auditor.Get("/api/v1/events?limit=1001")).IsProblem(400, "malformed");
        (await ledger.Auditor.Get("/api/v1/events", "text/csv")).IsProblem(406, "not-acceptable");
    }
}
