using Ledger.Web.Access;
using Ledger.Web.Tests.Hosting;
using Xunit;

namespace Ledger.Web.Tests.Recording;

public class RecordingAtTheSameTime(RunningLedger ledger)
{
    [Fact]
    public async Task of_64_writers_at_one_version_one_succeeds()
    {
        var scene = await Scene.Of(ledger);
        var reference = await scene.Propose();

        for (var version = 1; version <= 4; version++)
        {
            var replies = await Task.WhenAll(Enumerable.Range(0, 64).Select(n => scene.Officer.Post(
                $"/api/v1/agreements/{reference}/discussions", new { discussedOn = "2020-02-14", summary = $"Writer {n}." }, ifMatch: version)));

            Assert.Single(replies, r => r.Status == 201);
            Assert.All(replies.Where(r => r.Status != 201), r => Assert.Contains(r.Status, new[] { 409, 412 }));
            Assert.Equal($"{version + 1}", (await scene.Officer.Get($"/api/v1/agreements/{reference}"))["version"]);
        }

        Assert.Equal(5, (await scene.Officer.Get($"/api/v1/agreements/{reference}/history")).Items.Count);
    }

    [Fact]
    public async Task writers_that_expect_no_version_all_succeed()
    {
        var scene = await Scene.Of(ledger);
        var reference = await scene.Propose();

        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => scene.Officer.Post(
            $"/api/v1/agreements/{reference}/discussions", new { discussedOn = "2020-02-14", summary = $"Writer {n}." }, ifMatch: "*")));

        Assert.Equal(["\"2\"", "\"3\"", "\"4\"", "\"5\"", "\"6\"", "\"7\"", "\"8\"", "\"9\""], replies.Select(r => r.Is(201).ETag).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task meetings_of_a_year_are_numbered_one_after_the_other_and_bear_their_reference_wherever_it_stands()
    {
        var scene = await Scene.Of(ledger);
        var outcomes = $$"""{"kind":"proposed","title":"Talked over","parties":["{{scene.One}}","{{scene.Two}}"]},{"kind":"discussed","agreement":"/outcomes/0","summary":"At once."}""";
        var requests = Enumerable.Range(0, 12).Select(n => (Key: scene.Registrar.NewKey(), Body: scene.MeetingBody("1704-02-14", n % 3 == 0 ? "" : outcomes))).ToList();

        var replies = await Task.WhenAll(requests.Select(r => scene.Registrar.Post("/api/v1/meetings", r.Body, r.Key)));

        Assert.Equal(Enumerable.Range(1, 12).Select(n => $"CM-1704-{n:0000}"), replies.Select(r => r.Is(201)["reference"]!).Order(StringComparer.Ordinal));
        foreach (var (reply, request) in replies.Zip(requests))
        {
            var (reference, id) = (reply["reference"], reply["id"]);
            Assert.Equal($"/api/v1/meetings/{reference}", reply.Headers["Location"]);
            Assert.Equal(id, (await scene.Registrar.Get(reply.Headers["Location"])).Is(200)["id"]);
            Assert.Equal(reference, await ledger.Sql($"select data ->> 'reference' from ledger.mt_events where stream_id = '{id}' and seq_id = {reply["sequence"]}"));
            Assert.Equal(reference, await ledger.Sql($"select data ->> 'reference' from ledger.mt_doc_meeting where id = '{id}'"));
            var again = await scene.Registrar.Post("/api/v1/meetings", request.Body, request.Key);
            Assert.Equal((reply.Body, reply.Headers["Location"]), (again.Body, again.Headers["Location"]));
        }
    }

    [Fact]
    public async Task two_meetings_over_the_same_agreements_are_both_recorded()
    {
        var scene = await Scene.Of(ledger);
        var references = new List<string>();
        for (var n = 0; n < 10; n++)
            references.Add(await scene.Propose());

        for (var round = 0; round < 5; round++)
        {
            var forth = string.Join(',', references.Select(Discussed));
            var back = string.Join(',', references.AsEnumerable().Reverse().Select(Discussed));

            var replies = await Task.WhenAll(scene.Meeting(outcomes: forth), scene.Meeting(outcomes: back));

            Assert.All(replies, r => r.Is(201));
        }

        foreach (var reference in references)
            Assert.Equal("11", (await scene.Officer.Get($"/api/v1/agreements/{reference}"))["version"]);
    }

    [Fact]
    public async Task persons_met_in_opposite_orders_keep_nobody_waiting_for_the_other()
    {
        await using var own = await ledger.Another();
        var registrar = await own.As("Rita", null, Roles.Registrar);
        (await registrar.Post("/api/v1/meetings", Meeting("nobody", []))).Is(201);

        for (var round = 0; round < 10; round++)
        {
            var names = Enumerable.Range(0, 60).Select(n => $"Person {n} of {round}").ToList();
            var replies = await Task.WhenAll(
                registrar.Post("/api/v1/meetings", Meeting("forth", names)), registrar.Post("/api/v1/meetings", Meeting("back", names.AsEnumerable().Reverse())));
            Assert.All(replies, r => r.Is(201));
        }

        Assert.Equal("601", await own.Sql("select count(*) from ledger.person"));
        await Eventually.TrueAsync(
            async () => await own.Sql("select xact_commit > 21 from pg_stat_database where datname = current_database()") == "True", "The store never counted the commits.");
        Assert.Equal("0", await own.Sql("select deadlocks from pg_stat_database where datname = current_database()"));

        static object Meeting(string title, IEnumerable<string> names) => new { title, heldOn = "2020-02-14", participants = names.Select(name => new { name }) };
    }

    [Fact]
    public async Task references_are_given_without_a_gap_and_never_twice()
    {
        var scene = await Scene.Of(ledger);
        var body = $$"""{"title":"Numbered","parties":["{{scene.One}}","{{scene.Two}}"],"proposedOn":"1901-02-14"}""";
        var refused = body.Replace(scene.Two, "NOBODY-KNOWN", StringComparison.Ordinal);

        var replies = await Task.WhenAll(Enumerable.Range(0, 40).Select(n => scene.Officer.Post("/api/v1/agreements", n % 2 == 0 ? body : refused)));

        Assert.Equal(20, replies.Count(r => r.Status == 409));
        Assert.Equal(Enumerable.Range(1, 20).Select(n => $"CA-1901-{n:D4}"), replies.Where(r => r.Status == 201).Select(r => r["reference"]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task one_hundred_and_fifty_callers_at_once_are_all_answered()
    {
        var scene = await Scene.Of(ledger);
        var reference = await scene.Propose();

        var replies = await Task.WhenAll(Enumerable.Range(0, 150).Select(n => n % 3 == 0
            ? scene.Officer.Post($"/api/v1/agreements/{reference}/corrections", new { corrects = 1, field = "/title", value = $"Title {n}", reason = "Better." }, ifMatch: 1)
            : scene.Officer.Get($"/api/v1/agreements/{reference}{(n % 3 == 1 ? "" : "/history")}")));

        Assert.All(replies, r => Assert.Contains(r.Status, new[] { 200, 201, 409, 412 }));
        Assert.Single(replies, r => r.Status == 201);
    }

    private static string Discussed(string reference) => $$"""{"kind":"discussed","agreement":"{{reference}}","summary":"Again."}""";
}
