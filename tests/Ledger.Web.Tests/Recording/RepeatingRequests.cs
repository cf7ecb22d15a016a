using System.Globalization;
using Xunit;

namespace Ledger.Web.Tests.Recording;

public class RepeatingRequests(RunningLedger ledger)
{
    [Fact]
    public async Task a_key_belongs_to_its_caller()
    {
        var scene = await Scene.Of(ledger);
        var reference = await scene.Propose();
        var key = scene.Officer.NewKey();

        var first = await scene.Officer.Post(Discussions(reference), """{"discussedOn":"2020-02-14","summary":"One."}""", key, 1);
        var other = await scene.Partner.Post(Discussions(reference), """{"discussedOn":"2020-02-14","summary":"Two."}""", key, 2);

        Assert.Equal(("2", "3"), (first.Is(201)["entries/0/version"], other.Is(201)["entries/0/version"]));
    }

    [Fact]
    public async Task a_key_belongs_to_its_route()
    {
        var scene = await Scene.Of(ledger);
        var (one, two) = (await scene.Propose(), await scene.Propose());
        var key = scene.Officer.NewKey();
        (await scene.Officer.Post(Discussions(one), """{"discussedOn":"2020-02-14","summary":"One."}""", key, 1)).Is(201);

        (await scene.Officer.Post(Discussions(two), """{"discussedOn":"2020-02-14","summary":"One."}""", key, 1)).IsProblem(422, "idempotency-key-reused");
    }

    [Fact]
    public async Task white_space_and_escapes_make_no_other_request()
    {
        var scene = await Scene.Of(ledger);
        var reference = await scene.Propose();
        var key = scene.Officer.NewKey();
        var first = (await scene.Officer.Post(Discussions(reference), """{"discussedOn":"2020-02-14","summary":"Été"}""", key, 1)).Is(201);

        var again = await scene.Officer.Post(Discussions(reference), " {\r\n\"summary\" : \"\\u00c9t\\u00e9\",\t\"discussedOn\":\"2020-02-14\" } ", key, 1);

        Assert.Equal((201, first.Body, "true"), (again.Status, again.Body, again.Headers["Idempotent-Replayed"]));
    }

    [Fact]
    public async Task an_answer_is_repeated_after_the_record_has_moved_on()
    {
        var scene = await Scene.Of(ledger);
        var reference = await scene.Propose();
        var key = scene.Officer.NewKey();
        var first = (await scene.Officer.Post(Discussions(reference), """{"discussedOn":"2020-02-14","summary":"One."}""", key, 1)).Is(201);
        await scene.Act(reference, "discussions", new { discussedOn = "2020-02-15", summary = "Two." });

        var again = await scene.Officer.Post(Discussions(reference), """{"discussedOn":"2020-02-14","summary":"One."}""", key, 1);

        Assert.Equal((first.Status, first.Body, first.ETag), (again.Status, again.Body, again.ETag));
        Assert.Equal("3", (await scene.Officer.Get($"/api/v1/agreements/{reference}"))["version"]);
    }

    [Fact]
    public async Task fifty_at_once_make_one_entry()
    {
        var scene = await Scene.Of(ledger);
        var body = $$"""{"title":"At once","parties":["{{scene.One}}","{{scene.Two}}"],"proposedOn":"2020-02-14"}""";
        var key = scene.Officer.NewKey();

        var waiting = Enumerable.Range(0, 50).ToList();
        var answers = new List<Reply>();
        while (waiting.Count > 0)
        {
            var replies = await Task.WhenAll(waiting.Select(_ => scene.Officer.Post("/api/v1/agreements", body, key)));
            foreach (var reply in replies.Where(r => r.Status == 409))
            {
                reply.IsProblem(409, "idempotency-key-in-progress");
                Assert.InRange(int.Parse(reply.Headers["Retry-After"], CultureInfo.InvariantCulture), 1, 60);
            }

            answers.AddRange(replies.Where(r => r.Status != 409));
            waiting = [.. Enumerable.Range(0, 50 - answers.Count)];
        }

        Assert.Single(answers.Select(a => (a.Is(201).Body, a.ETag)).Distinct());
        Assert.Single(answers, a => !a.Headers.ContainsKey("Idempotent-Replayed"));
        Assert.Single((await scene.Officer.Get($"/api/v1/agreements?party={scene.One}")).Items);
    }

    [Fact]
    public async Task a_put_needs_no_key_and_says_what_is_to_be()
    {
        var code = await ledger.Agency("First name");

        var again = await ledger.Registrar.Put($"/api/v1/agencies/{code}", new { name = "First name", kind = "agency" });

        Assert.Equal(("1", "[]"), (again.Is(200)["version"], again["entries"]));
    }

    private static string Discussions(string reference) => $"/api/v1/agreements/{reference}/discussions";
}
