using Xunit;

namespace Ledger.Web.Tests.Agreements;

[Covers("GET /api/v1/agreements")]
public class ListingAgreements(RunningLedger ledger)
{
    [Fact]
    public async Task each_filter_lets_its_own_through()
    {
        var scene = await Scene.Of(ledger);
        var proposed = await scene.Propose("""
            "summary":"Climat et météo","fields":["earth-observation"],"titles":{"ru":"Климат"}
            """);
        var inForce = await scene.InForce("\"term\":{\"until\":\"2030-12-31\"}");
        var meeting = (await scene.Meeting(outcomes: $$"""{"kind":"discussed","agreement":"{{proposed}}","summary":"X"}""")).Is(201);
        var all = new[] { proposed, inForce }.Order(StringComparer.Ordinal).ToArray();

        foreach (var (query, expected) in new (string, string[])[]
        {
            ("", all), ($"&party={scene.Two}", all), ("&status=inForce", [inForce]), ("&status=underDiscussion", [proposed]), ("&field=EARTH-observation", [proposed]), ("&q=METEO&notBefore=" + meeting["entries/0/sequence"], [proposed]),
            ("&q=климат", [proposed]), ("&q=лим+climat", [proposed]), ("&q=climat+soyuz", []), ($"&q={inForce}", [inForce]), ($"&meeting={meeting["reference"]}", [proposed]), ($"&meeting={meeting["id"]}", [proposed]), ("&meeting=CM-1800-0001", []),
            ("&expiresBefore=2031-01-01", [inForce]), ("&expiresBefore=2030-12-31", []), ("&asOf=2019-06-01&status=proposed", all), ("&asOf=2018-06-01", []), ("&knownAt=2001-01-01T00:00:00Z", []),
        })
        {
            var reply = (await scene.Stranger.Get($"/api/v1/agreements?party={scene.One}{query}".Replace($"party={scene.One}&party", "party", StringComparison.Ordinal))).Is(200);
            Assert.Equal((query, string.Join(' ', expected)), (query, string.Join(' ', reply.Items.Select(x => x.Text("reference")))));
        }

        Assert.Empty((await scene.Stranger.Get($"/api/v1/agreements?party={scene.Three}")).Items);
    }

    [Theory]
    [InlineData("status=ratified", "status")]
    [InlineData("sort=size", "sort")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("limit=many", "limit")]
    [InlineData("asOf=2020-02", "asOf")]
    [InlineData("expiresBefore=soon", "expiresBefore")]
    [InlineData("knownAt=now", "knownAt")]
    [InlineData("cursor=%25%25", "cursor")]
    [InlineData("party=", "party")]
    [InlineData("party=A&party=B", "party")]
    [InlineData("q=%00", "q")]
    public async Task a_parameter_that_cannot_be_read_is_named(string query, string parameter) =>
        Assert.Contains($"{parameter} is ", (await ledger.Auditor.Get($"/api/v1/agreements?{query}")).IsProblem(400, "malformed")["detail"], StringComparison.Ordinal);

    [Theory]
    [InlineData("reference")]
    [InlineData("title")]
    [InlineData("expiresOn")]
    [InlineData("lastDiscussedOn")]
    public async Task pages_of_one_lose_and_double_nothing_in_any_order(string sort)
    {
        var scene = await Scene.Of(ledger);
        var references = new List<string>();
        foreach (var more in new[] { "\"term\":{\"until\":\"2031-12-31\"}", "\"term\":{\"until\":\"2030-12-31\"}", "\"open\":true", "\"open\":false", "\"term\":{\"until\":\"2031-12-31\"}" })
            references.Add(await scene.Propose(more));
        await scene.Act(references[0], "discussions", new { discussedOn = "2020-01-01", summary = "X" });
        await scene.Act(references[2], "discussions", new { discussedOn = "2021", summary = "X" });
        await scene.Act(references[3], "discussions", new { discussedOn = "2020-01-01", summary = "X" });
        var whole = (await scene.Officer.Get($"/api/v1/agreements?party={scene.One}&sort={sort}")).Is(200);

        var walked = new List<string?>();
        for (string? path = $"/api/v1/agreements?party={scene.One}&sort={sort}&limit=1"; path is not null;)
        {
            var page = (await scene.Officer.Get(path)).Is(200);
            Assert.Single(page.Items);
            walked.Add(page["items/0/reference"]);
            Assert.Equal(page["next"] is null, !page.Headers.ContainsKey("Link"));
            path = page.Headers.GetValueOrDefault("Link") is { } link ? link[(link.IndexOf('<', StringComparison.Ordinal) + 1)..link.IndexOf('>', StringComparison.Ordinal)] : null;
        }

        Assert.Equal(whole.Items.Select(x => x.Text("reference")), walked);
        Assert.Equal(references.Order(StringComparer.Ordinal), walked.Order(StringComparer.Ordinal));
        int[] first = sort switch { "expiresOn" => [1], "lastDiscussedOn" => [2], _ => [0] };
        Assert.Equal(references[first[0]], walked[0]);
        if (sort == "expiresOn")
            Assert.Equal(new[] { references[2], references[3] }.Order(StringComparer.Ordinal), walked[^2..].Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task a_table_comes_with_what_a_spreadsheet_would_run_defused()
    {
        var scene = await Scene.Of(ledger);
        var titles = new[] { "=1+1", "+1", "-1", "@SUM(A1)", "\tx", "Comma, \"quote\" and\nnew line" };
        foreach (var title in titles)
            (await scene.Officer.Post("/api/v1/agreements", new { title, parties = new[] { scene.One, scene.Two }, proposedOn = "2020-01-01" })).Is(201);

        var table = (await scene.Officer.Get($"/api/v1/agreements?party={scene.One}&limit=4", "text/csv")).Is(200);

        Assert.Equal(("text/csv", "reference,title,parties,status,certain,inForceFrom,expiresOn,lastDiscussedOn,fields,version,asOf,knownAt"), (table.Headers["Content-Type"].Split(';')[0], table.Body.Split("\r\n")[0]));
        Assert.All(titles[..4], title => Assert.Contains($"'{title}", table.Body, StringComparison.Ordinal));
        Assert.DoesNotMatch("(^|,|\"|\r\n)[=+@\t-]", table.Body);
        Assert.Contains("rel=\"next\"", table.Headers["Link"], StringComparison.Ordinal);
        Assert.Contains("\"Comma, \"\"quote\"\" and\nnew line\"", (await scene.Officer.Get($"/api/v1/agreements?party={scene.One}", "text/csv")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_form_that_there_is_not_is_not_pretended()
    {
        var scene = await Scene.Of(ledger);
        var path = $"/api/v1/agreements?party={scene.One}";

        (await scene.Officer.Get(path, "image/png")).IsProblem(406, "not-acceptable");
        (await scene.Officer.Get(path, "application/json;q=0, image/png")).IsProblem(406, "not-acceptable");
        Assert.Equal("application/json", (await scene.Officer.Get(path, "text/csv;q=0.5, */*;q=0.9")).Is(200).Headers["Content-Type"].Split(';')[0]);
        Assert.Equal("text/csv", (await scene.Officer.Get(path, "text/*, application/json;q=0.2")).Is(200).Headers["Content-Type"].Split(';')[0]);
    }

    [Fact]
    public async Task the_register_as_known_at_an_instant_keeps_saying_the_same()
    {
        var scene = await Scene.Of(ledger);
        var reference = await scene.InForce();
        var knownAt = await scene.Now(reference);
        var then = (await scene.Officer.Get($"/api/v1/agreements?party={scene.One}&knownAt={knownAt}")).Is(200);
        await scene.Act(reference, "terminations", new { occurredOn = "2021-01-01" });
        await scene.Propose();
        (await ledger.Registrar.Post($"/api/v1/agencies/{scene.Two}/succession", new { successor = scene.Three, occurredOn = "2020-01-01" })).Is(201);

        var now = (await scene.Officer.Get($"/api/v1/agreements?party={scene.One}")).Is(200);
        var again = (await scene.Officer.Get($"/api/v1/agreements?party={scene.One}&knownAt={knownAt}")).Is(200);

        Assert.Equal(then.Body, again.Body);
        Assert.Equal((2, "terminated", scene.Three), (now.Items.Count, now.Items.Single(x => x.Text("reference") == reference).Text("status"), now["items/0/parties/1"]));
    }
}
