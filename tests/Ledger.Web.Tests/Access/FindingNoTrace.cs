using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Ledger.Web.Access;
using Xunit;

namespace Ledger.Web.Tests.Access;

/// <summary>What others are told of a restricted agreement: nothing, wherever they ask.</summary>
public partial class FindingNoTrace(RunningLedger ledger)
{
    private const string Secret = "SECRET-1";

    // Every parameter by which something could be found, on the routes that have any.
    private static readonly string[] Asked =
    [
        "/api/v1/agreements?q=Hush", "/api/v1/agreements?party=ALPHA", "/api/v1/agreements?field=hushing", "/api/v1/agreements?status=underDiscussion", "/api/v1/agreements?expiresBefore=2100-01-01",
        "/api/v1/agreements?flag=phase-after-term", "/api/v1/agreements?sort=title&limit=1", "/api/v1/agreements?asOf=2021-01-01", "/api/v1/agreements?knownAt=2999-01-01T00:00:00Z", "/api/v1/meetings?agency=ALPHA",
        "/api/v1/events?limit=2", "/api/v1/events?after=0&limit=1000", "/agreements?q=Hush", "/agreements?party=ALPHA", "/deadlines?party=ALPHA", "/agencies/ALPHA", "/meetings?agency=ALPHA", "/replay?agreement=SHARED-1",
        $"/replay?agreement={Secret}", $"/briefs?agreement={Secret}", "/replay?asOf=2021-01-01&knownAt2=2999-01-01T00:00:00Z", "/api/v1/briefs/portfolio?party=ALPHA&party=BRAVO&since=0", $"/api/v1/agreements?meeting={Secret}",
    ];

    [Fact]
    public async Task every_answer_is_what_it_was_before_there_was_one()
    {
        await using var own = await ledger.Another();
        var registrar = await own.As("Rita", null, Roles.Registrar);
        foreach (var code in new[] { "ALPHA", "BRAVO", "CHARLIE" })
            (await registrar.Put($"/api/v1/agencies/{code}", new { name = code, kind = "agency" })).Is(201);
        (await registrar.Post("/api/v1/agreements", new { title = "Loud", reference = "SHARED-1", parties = new[] { "ALPHA", "BRAVO" }, proposedOn = "2020-01-01", term = new { until = "2090-01-01" } })).Is(201);
        var meeting = (await registrar.Post("/api/v1/meetings", MeetingBody("""{"kind":"discussed","agreement":"SHARED-1","summary":"Loud"}"""))).Is(201)["reference"]!;
        var officer = await own.As("Carl", "CHARLIE", Roles.Officer);
        var caller = new Caller("test|carl", "Carl", "CHARLIE", [Roles.Officer]);

        var before = await Answers();
        await RecordSecret(registrar);
        var after = await Answers();

        Assert.True(before.Count > 60, "The routes were not asked.");
        Assert.All(before, answer => Assert.Equal((answer.Key, answer.Value), (answer.Key, after[answer.Key])));

        // Now that a meeting has touched both, it is shown with the one; the secret is nowhere in any answer.
        var id = (await registrar.Get($"/api/v1/agreements/{Secret}")).Is(200)["id"]!;
        meeting = (await registrar.Post("/api/v1/meetings", MeetingBody($$"""{"kind":"discussed","agreement":"SHARED-1","summary":"Loud"},{"kind":"discussed","agreement":"{{Secret}}","summary":"Hush"}"""))).Is(201)["reference"]!;
        Assert.Single((await officer.Get($"/api/v1/meetings/{meeting}")).Is(200).Json!["outcomes"]!.AsArray());
        Assert.All(await Answers(), answer => Assert.DoesNotContain(id, answer.Value, StringComparison.Ordinal));
        Assert.All((await Answers()).Where(answer => !answer.Key.Contains(Secret, StringComparison.Ordinal) && !answer.Key.Contains("Hush", StringComparison.Ordinal)), answer =>
        {
            Assert.DoesNotContain(Secret, answer.Value, StringComparison.Ordinal);
            Assert.DoesNotContain("Hush", answer.Value, StringComparison.OrdinalIgnoreCase);
        });

        // Everything an outsider can ask, with the answer as far as it does not tell the time or the request apart.
        async Task<Dictionary<string, string>> Answers()
        {
            var answers = new Dictionary<string, string>(StringComparer.Ordinal);
            var reads = AccessTable.Rows.Where(row => row.Operation is not (Operation.VisitOpenPages or Operation.ReadDeadlinesByAddress)).SelectMany(row => row.Routes)
                .Where(route => route.StartsWith("GET ", StringComparison.Ordinal) && !route.Contains("{draft}", StringComparison.Ordinal) && !route.Contains("resume", StringComparison.Ordinal))
                .Select(route => route["GET ".Length..]);
            foreach (var path in reads.SelectMany(Paths).Concat(Asked))
            {
                var isApi = path.StartsWith("/api/", StringComparison.Ordinal);
                foreach (var accept in isApi ? new[] { null, "text/csv", "application/x-ndjson", "text/markdown", "application/json" } : [null])
                {
                    var reply = isApi ? await officer.Get(path, accept) : await own.Host.Services.Page(caller, HttpMethod.Get, path);
                    answers[$"{path} {accept}"] = Comparable(reply);
                }
            }

            foreach (var route in AccessTable.Rows.Where(row => row.Concerns == Concern.Agreement).SelectMany(row => row.Routes).Where(route => route.StartsWith("POST /api/", StringComparison.Ordinal)))
            {
                var path = route["POST ".Length..].Replace("{id}", Secret, StringComparison.Ordinal).Replace("{phase}", "1", StringComparison.Ordinal);
                answers[$"POST {path}"] = Comparable(await officer.Post(path, Writes.BodyFor(route)!, key: $"{route.Length}-{ledger.Next()}", ifMatch: 1));
            }

            answers[$"POST /api/v1/meetings of {Secret}"] = Comparable(await officer.Post("/api/v1/meetings", MeetingBody($$"""{"kind":"discussed","agreement":"{{Secret}}","summary":"X"}""", "CHARLIE")));
            return answers;
        }

        IEnumerable<string> Paths(string pattern) => pattern.Contains("agreements/{id}", StringComparison.Ordinal)
            ? new[] { "SHARED-1", Secret }.Select(name => pattern.Replace("{id}", name, StringComparison.Ordinal).Replace("{sha256}", new string('0', 64), StringComparison.Ordinal)
                + (pattern.EndsWith("/changes", StringComparison.Ordinal) ? "?from=1" : ""))
            : [pattern.Replace("meetings/{id}", $"meetings/{meeting}", StringComparison.Ordinal).Replace("imports/{id}", "imports/none", StringComparison.Ordinal).Replace("{code}", "ALPHA", StringComparison.Ordinal)
                + (pattern.EndsWith("/portfolio", StringComparison.Ordinal) ? "?party=ALPHA" : "")];
    }

    [Fact]
    public async Task it_costs_what_it_costs_to_find_nothing()
    {
        var statements = new ConcurrentQueue<(string Trace, string Text)>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => statements.Enqueue((activity.TraceId.ToString(), $"{activity.GetTagItem("db.query.text") ?? activity.GetTagItem("db.statement") ?? activity.DisplayName}")),
        };
        ActivitySource.AddActivityListener(listener);
        var scene = await Scene.Of(ledger);
        var secret = await scene.Propose("\"visibility\":\"restricted\"");
        (await scene.Officer.Get($"/api/v1/agreements/{secret}")).Is(200);

        foreach (var route in new[] { "", "?asOf=2020-01-01", "/history", "/history?limit=5", "/changes?from=1", "/brief", $"/documents/{new string('0', 64)}" })
        {
            var hidden = (await scene.Stranger.Get($"/api/v1/agreements/{secret}{route}")).IsProblem(404, "not-found");
            var missing = (await scene.Stranger.Get($"/api/v1/agreements/{secret}X{route}")).IsProblem(404, "not-found");
            Assert.NotEmpty(Of(missing));
            Assert.Equal(Of(missing), Of(hidden));
        }

        foreach (var (route, body) in new (string, object)[] { ("discussions", new { discussedOn = "2020-01-01", summary = "X" }), ("corrections", new { corrects = 1, field = "/title", value = "X", reason = "X" }) })
        {
            var hidden = (await scene.Stranger.Post($"/api/v1/agreements/{secret}/{route}", body, ifMatch: "*")).IsProblem(404, "not-found");
            var missing = (await scene.Stranger.Post($"/api/v1/agreements/{secret}X/{route}", body, ifMatch: "*")).IsProblem(404, "not-found");
            Assert.NotEmpty(Of(missing));
            Assert.Equal(Of(missing), Of(hidden));
        }

        // What is written down after the answer is the same for both, and is not waited for.
        List<string> Of(Reply reply) => [.. statements.Where(s => s.Trace == reply["traceId"] && !s.Text.StartsWith("select d.id from", StringComparison.Ordinal)).Select(s => s.Text)];
    }

    [Fact]
    public async Task whoever_writes_to_it_holds_no_stranger_up()
    {
        var scene = await Scene.Of(ledger);
        var secret = await scene.Propose("\"visibility\":\"restricted\"");
        await using var connection = new Npgsql.NpgsqlConnection(ledger.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var writing = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var held = new Npgsql.NpgsqlCommand("select 1 from ledger.mt_doc_agreement where reference = $1 for update", connection) { Parameters = { new() { Value = secret } } })
            Assert.Equal(1, await held.ExecuteScalarAsync(TestContext.Current.CancellationToken));

        (await scene.Stranger.Post($"/api/v1/agreements/{secret}/discussions", new { discussedOn = "2020-01-01", summary = "X" }, ifMatch: "*")).IsProblem(404, "not-found");
    }

    [Fact]
    public async Task who_may_know_of_it_follows_who_takes_part()
    {
        var scene = await Scene.Of(ledger);
        var open = await scene.Propose("\"visibility\":\"restricted\",\"open\":true");
        var (joined, known) = (await ledger.Agency(), await scene.Now(open));
        var newcomer = await ledger.OfficerOf(joined);
        (await newcomer.Get($"/api/v1/agreements/{open}")).IsProblem(404, "not-found");

        // Whoever joins sees the whole of it, from before as well.
        await scene.Act(open, "signatures", new { party = joined, signedOn = "2020-02-01" });
        (await newcomer.Get($"/api/v1/agreements/{open}")).Is(200);
        (await newcomer.Get($"/api/v1/agreements/{open}?knownAt={known}")).Is(200);
        Assert.Single((await newcomer.Get($"/api/v1/agreements?party={scene.One}&knownAt={known}")).Is(200).Items);

        // Whoever stands in a party's place sees what that party took part in.
        var successor = await ledger.Agency();
        (await ledger.Registrar.Post($"/api/v1/agencies/{scene.Two}/succession", new { successor, occurredOn = "2020-03-01" })).Is(201);
        var heir = await ledger.OfficerOf(successor);
        (await heir.Get($"/api/v1/agreements/{open}")).Is(200);
        (await heir.Post($"/api/v1/agreements/{open}/discussions", new { discussedOn = "2020-04-01", summary = "X" }, ifMatch: "*")).Is(201);
        Assert.Single((await heir.Get($"/api/v1/agreements?party={scene.One}")).Is(200).Items);

        // Whoever never joined, as a correction says, sees it no longer, at no instant.
        var seen = await scene.Now(open);
        await scene.Act(open, "corrections", new { corrects = 2, field = "", value = (string?)null, reason = "It never signed." });
        (await newcomer.Get($"/api/v1/agreements/{open}")).IsProblem(404, "not-found");
        Assert.Empty((await newcomer.Get($"/api/v1/agreements?party={scene.One}&knownAt={seen}")).Is(200).Items);
    }

    [Fact]
    public async Task whoever_has_left_goes_on_seeing_what_they_were_bound_by()
    {
        var scene = await Scene.Of(ledger);
        var reference = await scene.InForce("\"visibility\":\"restricted\"");
        await scene.Act(reference, "withdrawals", new { party = scene.One, occurredOn = "2020-06-01", effectiveOn = "2020-12-01" });

        (await scene.Officer.Get($"/api/v1/agreements/{reference}")).Is(200);
        Assert.Single((await scene.Officer.Get($"/api/v1/agreements?party={scene.Two}")).Is(200).Items);
    }

    private static string MeetingBody(string outcomes, string agency = "ALPHA") =>
        $$"""{"title":"Meeting","heldOn":"2020-02-14","participants":[{"name":"Anna Blanc","agency":"{{agency}}"}],"outcomes":[{{outcomes}}]}""";

    private static async Task RecordSecret(Client registrar)
    {
        (await registrar.Post("/api/v1/agreements", new
        {
            title = "Hush",
            summary = "Hush",
            reference = Secret,
            parties = new[] { "ALPHA", "BRAVO" },
            fields = new[] { "hushing" },
            proposedOn = "2020-01-01",
            phases = new[] { new { title = "Hush", plannedEnd = "2021-01-01" } },
            term = new { until = "2080-01-01" },
            visibility = "restricted",
        })).Is(201);
        foreach (var (route, body) in new (string, object)[]
        {
            ("discussions", new { discussedOn = "2020-02-01", summary = "Hush" }), ("documents", new { name = "hush.txt", mediaType = "text/plain", content = "aGVsbG8=" }),
            ("signatures", new { party = "ALPHA", signedOn = "2020-03-01", signatory = new { name = "Hush", office = "Hush" } }), ("corrections", new { corrects = 1, field = "/title", value = "Hush hush", reason = "Hush" }),
        })
        {
            (await registrar.Post($"/api/v1/agreements/{Secret}/{route}", body, ifMatch: "*")).Is(201);
        }
    }

    private static string Comparable(Reply reply) => Instants().Replace(
        Passing().Replace($"{reply.Status} {reply.ETag} {reply.Headers.GetValueOrDefault("Location")} {reply.Headers.GetValueOrDefault("Link")}\n{reply.Body}", "${member}*"), "*");

    // What is of the request and not of the record: its trace, the key and token of a form, and up to where texts have been searched.
    [GeneratedRegex("""(?<member>"traceId":"|"searchedUpTo":|name="Key" value="|name="__RequestVerificationToken" type="hidden" value=")[^",}]*""", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Passing();

    // Up to which instant the record is settled: always another.
    [GeneratedRegex("""\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.\d]*(Z|\+00:00|\\u002B00:00)?|\d{1,2}(:|\s?h\s?)\d\d(:\d\d)?""", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Instants();
}
