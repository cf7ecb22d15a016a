using System.Text;
using AngleSharp.Html.Parser;
using Ledger.Web.Tests.Pages;
using Xunit;

namespace Ledger.Web.Tests.Agencies;

[Covers("PUT /api/v1/agencies/{code}")]
[Covers("GET /api/v1/agencies")]
[Covers("GET /api/v1/agencies/{code}")]
[Covers("GET /api/v1/agencies/{code}/history")]
public class KeepingAgencies(RunningLedger ledger)
{
    [Fact]
    public async Task the_old_name_answers_for_old_days()
    {
        var scene = await Scene.Of(ledger);
        var path = $"/api/v1/agencies/{scene.One}";
        var reference = await scene.Propose();
        (await ledger.Registrar.Put(path, new { name = "New name", kind = "agency", country = "FR", names = new { fr = "Nouveau nom" }, occurredOn = "2019-06-01" })).Is(200);

        var before = (await scene.Officer.Get($"{path}?asOf=2019-05-31")).Is(200);
        var after = (await scene.Officer.Get(path)).Is(200);

        Assert.Equal(($"Agency {scene.One}", "New name", "FR", "Nouveau nom", "\"2\""), (before["name"], after["name"], after["country"], after["names/fr"], after.ETag));
        Assert.Equal($"Agency {scene.One}", after["formerly/0/name"]);
        Assert.Equal($"Agency {scene.One}", (await scene.Officer.Get($"/api/v1/agreements/{reference}?asOf=2019-05-31"))["parties/0/name"]);
        Assert.Equal("New name", (await scene.Officer.Get($"/api/v1/agreements/{reference}?asOf=2019-06-01"))["parties/0/name"]);
        Assert.Equal("New name", (await scene.Officer.Get("/api/v1/agencies")).Items.Single(a => a.Text("code") == scene.One).Text("name"));
        Assert.Equal(["agencyRegistered", "agencyRenamed"], (await scene.Officer.Get($"{path}/history")).Items.Select(e => e.Text("type")));
        (await scene.Officer.Get($"{path}X")).IsProblem(404, "not-found");
        (await scene.Officer.Get($"{path}X/history")).IsProblem(404, "not-found");
    }

    [Fact]
    public async Task a_successor_acts_in_its_predecessors_place()
    {
        var scene = await Scene.Of(ledger);
        var reference = await scene.Propose("\"visibility\":\"restricted\"");
        var successor = await ledger.OfficerOf(scene.Three);
        (await successor.Get($"/api/v1/agreements/{reference}")).IsProblem(404, "not-found");
        (await ledger.Registrar.Post($"/api/v1/agencies/{scene.One}/succession", new { successor = scene.Three, occurredOn = "2020-01-01" })).Is(201);

        (await successor.Post($"/api/v1/agreements/{reference}/signatures", new { party = scene.Three, signedOn = "2020-02-01" }, ifMatch: 1)).Is(201);
        (await scene.Officer.Post($"/api/v1/agreements/{reference}/signatures", new { party = scene.One, signedOn = "2020-02-01" }, ifMatch: 2)).IsProblem(409, "agency-succeeded");

        var now = await successor.Get($"/api/v1/agreements/{reference}");
        Assert.Equal((scene.Three, scene.One, "2020-02-01"), (now["parties/0/agency"], now["parties/0/inPlaceOf"], now["parties/0/signedOn"]));
        Assert.Equal((scene.One, null), ((await successor.Get($"/api/v1/agreements/{reference}?asOf=2019-12-31"))["parties/0/agency"], (await successor.Get($"/api/v1/agreements/{reference}?asOf=2019-12-31"))["parties/0/inPlaceOf"]));
        Assert.Equal((scene.Three, "2020-01-01"), ((await successor.Get($"/api/v1/agencies/{scene.One}"))["succeededBy"], (await successor.Get($"/api/v1/agencies/{scene.One}"))["succeededOn"]));
        Assert.Equal(scene.One, (await successor.Get($"/api/v1/agencies/{scene.Three}"))["succeeds/0"]);
        Assert.Single((await successor.Get($"/api/v1/agreements?party={scene.Three}")).Items);
    }

    [Fact]
    public async Task they_are_given_as_a_table_too()
    {
        var scene = await Scene.Of(ledger);
        (await ledger.Registrar.Put($"/api/v1/agencies/{scene.One}", new { name = "=1+1, Agência", kind = "agency", country = "PT", occurredOn = "2019-06-01" })).Is(200);

        var table = (await scene.Officer.Get("/api/v1/agencies?asOf=2019-12-31", accept: "text/csv")).Is(200);

        Assert.Equal("text/csv; charset=utf-8", table.Headers["Content-Type"]);
        var rows = table.Body.Split("\r\n");
        Assert.Equal("code,name,kind,country,succeededBy,succeededOn,succeeds,version,asOf", rows[0]);
        Assert.Contains($"{scene.One},\"'=1+1, Agência\",agency,PT,,,,2,2019-12-31", rows);
        (await scene.Officer.Get("/api/v1/agencies", accept: "text/html")).IsProblem(406, "not-acceptable");
    }

    [Fact]
    public async Task the_page_offers_the_table_to_spreadsheets_which_need_a_byte_order_mark()
    {
        var code = await ledger.Agency("Agência");
        using var reader = await Reader.SignIn(ledger, "Otto Auditor");
        using var page = await new HtmlParser().ParseDocumentAsync(await reader.GetStringAsync("/agencies", TestContext.Current.CancellationToken));
        var link = page.QuerySelector("a[download]")!.GetAttribute("href")!;

        using var answer = await reader.GetAsync(link, TestContext.Current.CancellationToken);
        var bytes = await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

        Assert.Equal([0xEF, 0xBB, 0xBF], bytes[..3]);
        Assert.Contains($"\r\n{code},Agência,agency,", Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
        Assert.Matches("^agencies-[0-9-]{10}[.]csv$", answer.Content.Headers.ContentDisposition!.FileName!.Trim('"'));
    }

    [Fact]
    public async Task only_a_registrar_keeps_them()
    {
        var scene = await Scene.Of(ledger);

        (await scene.Officer.Put($"/api/v1/agencies/{scene.One}", new { name = "Mine", kind = "agency" })).IsProblem(403, "forbidden");
        (await ledger.Auditor.Put($"/api/v1/agencies/{scene.One}", new { name = "Mine", kind = "agency" })).IsProblem(403, "forbidden");
        (await scene.Officer.Post($"/api/v1/agencies/{scene.One}/succession", new { successor = scene.Two, occurredOn = "2020-01-01" })).IsProblem(403, "forbidden");
    }

    [Theory]
    [InlineData("""{"name":"X"}""", 422, "validation")]
    [InlineData("""{"kind":"agency"}""", 422, "validation")]
    [InlineData("""{"name":" ","kind":"agency"}""", 422, "validation")]
    [InlineData("""{"name":"X","kind":"agency","country":"France"}""", 422, "validation")]
    [InlineData("""{"name":"X","kind":"club"}""", 400, "malformed")]
    [InlineData("""{"name":"X","kind":"agency","nonsense":1}""", 400, "malformed")]
    [InlineData("""{"name":"X","kind":"agency","name":"Y"}""", 400, "malformed")]
    [InlineData("""{"name":"X\u0000","kind":"agency"}""", 400, "malformed")]
    [InlineData("""{"name":"X","kind":"agency","occurredOn":"2999-01-01"}""", 409, "act-in-future")]
    public async Task one_that_is_no_agency_is_refused(string body, int status, string code) =>
        (await ledger.Registrar.Put($"/api/v1/agencies/{await ledger.Agency()}", body)).IsProblem(status, code);

    [Fact]
    public async Task a_code_that_is_none_is_refused()
    {
        var reply = await ledger.Registrar.Put("/api/v1/agencies/lower", new { name = "X", kind = "agency" });

        Assert.NotNull(reply.IsProblem(422, "validation").Json!["errors"]!["/code"]);
    }

    [Fact]
    public async Task two_registrars_at_once_register_it_once()
    {
        var code = await ledger.Agency();
        var replies = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => ledger.Registrar.Put($"/api/v1/agencies/{code}X", new { name = "Same", kind = "agency" })));

        Assert.Single(replies, r => r.Status == 201);
        Assert.All(replies, r => Assert.Contains(r.Status, new[] { 200, 201 }));
        Assert.Equal("1", (await ledger.Registrar.Get($"/api/v1/agencies/{code}X"))["version"]);
    }
}
