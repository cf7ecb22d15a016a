using System.Text.RegularExpressions;
using Ledger.Web.Access;
using Ledger.Web.Hosting;
using Ledger.Web.Tests.Access;
using Npgsql;
using Xunit;

namespace Ledger.Web.Tests.Store;

/// <summary>
/// Reads cost the same in a register of any size only while PostgreSQL finds an index for all that they ask. Here it walks through a table
/// where it has no other choice at all, and says so.
/// </summary>
public partial class ReadingByIndexes(RunningLedger ledger)
{
    // What has a row for every entry or agreement.
    private static readonly string[] Growing =
        ["mt_events", "mt_streams", "mt_doc_agreement", "mt_doc_meeting", "meeting_list", "agreement_deadline", "agreement_period_now", "agreement_period_past", "agreement_search", "person", "idempotency_key"];

    private static readonly string[] Filters =
        ["", "party=ONE", "status=underDiscussion", "field=space", "meeting={meeting}", "flag=day-in-future", "q=talks", "q=moon+trip", "expiresBefore=2031-01-01", "party=ONE&status=signed&field=space&q=moon"];

    private static readonly string[] Points = ["", "asOf=2020-06-01", "knownAt={instant}", "asOf=2020-06-01&knownAt={instant}"];

    private static readonly string[] Orders = ["reference", "title", "expiresOn", "lastDiscussedOn"];

    // A place in each kind of order, as a cursor names it.
    private static readonly string[] Meetings =
        [.. from agency in new[] { "", "agency=ONE" } from cursor in new[] { "", $"cursor={RequestQuery.Close("00000000a")}" } select $"{agency}&{cursor}"];

    private static readonly string[] Histories = ["/api/v1/agreements/{agreement}/history", "/api/v1/meetings/{meeting}/history", "/api/v1/agencies/ONE/history"];

    private static readonly string[] Paths =
    [
        .. from filter in Filters from point in Points from order in Orders select $"/api/v1/agreements?limit=1&sort={order}&{filter}&{point}",
        .. Points.SelectMany(point => new[] { $"/api/v1/agreements/{{agreement}}?{point}", $"/api/v1/agreements/{{agreement}}/brief?{point}", $"/agreements?{point}", $"/agreements/{{agreement}}?{point}", $"/api/v1/briefs/portfolio?party=ONE&party=TWO&{point}" }),
        .. Meetings.SelectMany(list => new[] { $"/api/v1/meetings?limit=1&{list}", $"/meetings?{list}" }),
        .. Histories.SelectMany(history => new[] { history, $"{history}?limit=1", $"{history}?limit=1&cursor={RequestQuery.Close("1")}" }),
        "/api/v1/agreements/{agreement}/history?knownAt={instant}&limit=1", $"/api/v1/agreements/{{agreement}}/history?knownAt={{instant}}&limit=1&cursor={RequestQuery.Close("1")}",
        "/api/v1/agreements/{agreement}/changes?from=2020-01-01&to=2021-01-01", "/api/v1/meetings/{meeting}", "/api/v1/meetings/{meeting}/brief", "/api/v1/events?limit=1", "/api/v1/agencies", "/api/v1/agencies/ONE",
        "/agreements/{agreement}/history", "/agreements/{agreement}/history?knownAt={instant}", "/agreements/{agreement}/documents", "/agreements/{agreement}/phases", "/agreements/{agreement}/brief",
        "/meetings/{meeting}", "/meetings/{meeting}/history", "/agencies", "/agencies/ONE", "/deadlines", "/deadlines?party=ONE&kind=Expires&within=36500", $"/deadlines?overdue={RequestQuery.Close("1900-01-01/0/M-1")}&ahead={RequestQuery.Close("2030-01-01/0/M-1")}", "/replay?agreement={agreement}",
    ];

    [Fact]
    public async Task no_list_history_feed_or_page_walks_through_a_table()
    {
        var database = $"own_{ledger.Next()}";
        await ledger.Sql($"create database {database}");
        var store = new NpgsqlConnectionStringBuilder(ledger.ConnectionString) { Database = database, MaxPoolSize = 20, Options = "-c enable_seqscan=off" }.ConnectionString;
        string agreement, meeting, instant;
        await using (var writing = new OwnLedger(await RunningLedger.StartAsync(store), store))
            (agreement, meeting, instant) = await Record(await writing.As("Rita", null, Roles.Registrar));
        foreach (var setting in new[] { "session_preload_libraries = auto_explain", "auto_explain.log_min_duration = 0", "auto_explain.log_nested_statements = on" })
            await ledger.Sql($"alter database {database} set {setting}");

        await using (var reading = new OwnLedger(await RunningLedger.StartAsync(store), store))
        {
            foreach (var column in new[] { "auditor", "officer" })
            {
                var caller = Visitor.Of(column, "ONE")!;
                var client = await reading.As(caller.Name, caller.Agency, column);
                foreach (var path in Paths.Select(path => path.Replace("{agreement}", agreement, StringComparison.Ordinal).Replace("{meeting}", meeting, StringComparison.Ordinal).Replace("{instant}", instant, StringComparison.Ordinal)))
                    Assert.Equal((path, 200), (path, (path.StartsWith("/api/", StringComparison.Ordinal) ? await client.Get(path) : await reading.Host.Services.Page(caller, HttpMethod.Get, path)).Status));
            }
        }

        var plans = Plan().Matches(await ledger.Sql("select string_agg(pg_read_file('log/' || name), '') from pg_ls_logdir()")).Select(plan => plan.Groups["text"].Value).ToList();
        foreach (var index in new[] { "agreement_period_now_by_title", "meeting_list_by_day", "agreement_deadline_by_day" })
            Assert.Contains(plans, plan => plan.Contains(index, StringComparison.Ordinal));
        Assert.Empty(plans.Where(plan => Growing.Any(table => plan.Contains($"Seq Scan on {table} ", StringComparison.Ordinal))).Distinct());

        // By an index, but of all that an officer may know of.
        Assert.Empty(plans.Where(plan => plan.Contains("hashed SubPlan", StringComparison.Ordinal)).Distinct());
    }

    // An agreement with acts, another past and a meeting, as the register has them by the thousand.
    private static async Task<(string Agreement, string Meeting, string Instant)> Record(Client registrar)
    {
        foreach (var code in new[] { "ONE", "TWO" })
            (await registrar.Put($"/api/v1/agencies/{code}", new { name = $"Agency {code}", kind = "agency" })).Is(201);
        var meeting = (await registrar.Post("/api/v1/meetings", """
            {"title":"Talks","heldOn":"2020-02-14","participants":[{"name":"Anna Blanc","agency":"ONE"}],"outcomes":[
              {"kind":"proposed","reference":"M-1","title":"Trip to the Moon","parties":["ONE","TWO"],"fields":["space"],"term":{"until":"2030-12-31"}},
              {"kind":"discussed","agreement":"M-1","summary":"Talks."}]}
            """)).Is(201);
        (await registrar.Post("/api/v1/agreements/M-1/discussions", new { discussedOn = "2020-03-01", summary = "Talks." }, ifMatch: "*")).Is(201);
        var instant = (await registrar.Get("/api/v1/agreements/M-1")).Is(200)["knownAt"]!;
        (await registrar.Post("/api/v1/agreements/M-1/corrections", new { corrects = 1, field = "/title", value = "Journey to the Moon", reason = "As signed." }, ifMatch: "*")).Is(201);
        return ("M-1", meeting["reference"]!, instant);
    }

    [GeneratedRegex(@"duration: [0-9.]+ ms  plan:\n(?<text>(\t.*\n)+)", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Plan();
}
