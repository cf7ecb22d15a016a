using Ledger.Web.Access;
using Ledger.Web.Agreements;
using Ledger.Web.Briefs;
using Ledger.Web.Entries;
using Ledger.Web.Meetings;
using Xunit;

namespace Ledger.Web.Tests.Briefs;

[Covers("GET /api/v1/agreements/{id}/brief")]
[Covers("GET /api/v1/meetings/{id}/brief")]
[Covers("GET /api/v1/briefs/portfolio")]
public class AskingForABrief(RunningLedger ledger)
{
    [Fact]
    public async Task each_comes_in_three_forms_and_three_languages()
    {
        var scene = await Scene.Of(ledger);
        foreach (var path in await Paths(scene, await scene.InForce()))
        {
            foreach (var form in new[] { "text/markdown", "text/html", "application/json" })
                Assert.Equal(form, (await scene.Officer.Get(path, form)).Is(200).Headers["Content-Type"].Split(';')[0]);

            Assert.Equal("text/markdown", (await scene.Officer.Get(path)).Is(200).Headers["Content-Type"].Split(';')[0]);
            (await scene.Officer.Get(path, "image/png")).IsProblem(406, "not-acceptable");
            var spoken = new List<string>();
            foreach (var language in new[] { "en", "fr", "ru" })
            {
                var brief = (await scene.Officer.Get(With(path, $"lang={language}"))).Is(200);
                Assert.Equal(language, brief.Headers["Content-Language"]);
                spoken.Add(brief.Body);
            }

            Assert.Equal(3, spoken.Distinct().Count());
        }
    }

    [Fact]
    public async Task what_cannot_be_read_is_refused()
    {
        var scene = await Scene.Of(ledger);
        foreach (var path in await Paths(scene, await scene.Propose()))
        {
            foreach (var query in new[] { "lang=de", "asOf=2020", "knownAt=now", "since=yesterday", "nonsense=1" })
                (await scene.Officer.Get(With(path, query))).IsProblem(400, "malformed");
        }

        (await scene.Officer.Get("/api/v1/briefs/portfolio")).IsProblem(400, "malformed");
        (await scene.Officer.Get("/api/v1/briefs/portfolio?party=%00")).IsProblem(400, "malformed");
        (await scene.Officer.Get("/api/v1/briefs/portfolio?party=NOBODY-KNOWN")).IsProblem(404, "not-found");
        (await scene.Officer.Get("/api/v1/agreements/CA-1800-0001/brief")).IsProblem(404, "not-found");
        (await scene.Officer.Get("/api/v1/meetings/CM-1800-0001/brief")).IsProblem(404, "not-found");
    }

    [Fact]
    public async Task a_portfolio_of_more_agreements_than_anybody_reads_is_refused_and_says_what_to_do()
    {
        var scene = await Scene.Of(ledger);
        foreach (var _ in new[] { 1, 2 })
            await scene.Propose();
        var asked = new BriefRequest(new(2020, 6, 30), null, "en", null, [scene.One], null);
        var caller = new Caller("test|auditor", "Otto", null, [Roles.Auditor]);

        Assert.NotNull((await Reader(2).OfPortfolio(caller, asked, TestContext.Current.CancellationToken)).Brief);
        var problem = (await Reader(1).OfPortfolio(caller, asked, TestContext.Current.CancellationToken)).Problem!;
        Assert.Equal((400, "malformed"), (problem.Status, problem.Code));
        Assert.Contains("Name another party as well", problem.Detail, StringComparison.Ordinal);

        BriefReader Reader(int most) =>
            new(ledger.Service<RecordReader>(), ledger.Service<AgreementReader>(), ledger.Service<AgreementRegister>(), ledger.Service<MeetingReader>()) { MostAgreements = most };
    }

    [Fact]
    public async Task it_says_nothing_of_what_its_reader_may_not_see()
    {
        var scene = await Scene.Of(ledger);
        var secret = await scene.Propose("\"visibility\":\"restricted\",\"summary\":\"Hush\"");
        var paths = await Paths(scene, secret);

        (await scene.Stranger.Get(paths[0])).IsProblem(404, "not-found");
        foreach (var path in paths)
            Assert.Contains(secret, (await scene.Officer.Get(path)).Is(200).Body, StringComparison.Ordinal);

        foreach (var form in new[] { "text/markdown", "text/html", "application/json" })
        {
            foreach (var path in paths[1..])
                Assert.DoesNotContain(secret, (await scene.Stranger.Get(path, form)).Is(200).Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task as_known_at_an_instant_it_keeps_saying_the_same()
    {
        var scene = await Scene.Of(ledger);
        var reference = await scene.InForce();
        var paths = await Paths(scene, reference);
        var knownAt = await scene.Now(reference);
        var before = new List<string>();
        foreach (var path in paths)
            before.Add((await scene.Officer.Get(With(path, $"knownAt={knownAt}"))).Is(200).Body);

        await scene.Act(reference, "terminations", new { occurredOn = "2021-01-01" });
        (await ledger.Registrar.Put($"/api/v1/agencies/{scene.One}", new { name = "Renamed", kind = "agency", occurredOn = "2019-01-01" })).Is(200);
        var meeting = paths[1].Replace("/brief", "", StringComparison.Ordinal);
        (await scene.Officer.Post($"{meeting}/corrections", new { corrects = 1, field = "/title", value = "Put right", reason = "Misspelt." }, ifMatch: 1)).Is(201);

        for (var n = 0; n < paths.Count; n++)
        {
            Assert.Equal(before[n], (await scene.Officer.Get(With(paths[n], $"knownAt={knownAt}"))).Is(200).Body);
            Assert.NotEqual(before[n], (await scene.Officer.Get(paths[n])).Is(200).Body);
        }
    }

    private static string With(string path, string query) => $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{query}";

    private static async Task<List<string>> Paths(Scene scene, string reference)
    {
        var meeting = (await scene.Meeting("2020-06-14", $$"""{"kind":"discussed","agreement":"{{reference}}","summary":"Plans."}""")).Is(201)["reference"];
        return [$"/api/v1/agreements/{reference}/brief", $"/api/v1/meetings/{meeting}/brief", $"/api/v1/briefs/portfolio?party={scene.One}&party={scene.Two}"];
    }
}
