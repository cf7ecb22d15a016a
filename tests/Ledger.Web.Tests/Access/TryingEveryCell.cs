using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ledger.Web.Access;
using Ledger.Web.Pages;
using Xunit;

namespace Ledger.Web.Tests.Access;

/// <summary>Every cell of the access table, tried over HTTP on every route and page of its row.</summary>
public partial class TryingEveryCell(RunningLedger ledger)
{
    private const string HelloSha256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

    public static TheoryData<string> ApiReads => RoutesWhere(route => route.StartsWith("GET /api/", StringComparison.Ordinal));

    public static TheoryData<string> ApiWrites => RoutesWhere(route => route.Contains(" /api/", StringComparison.Ordinal) && !route.StartsWith("GET ", StringComparison.Ordinal));

    public static TheoryData<string> Elsewhere => RoutesWhere(route => !route.Contains(" /api/", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(ApiReads))]
    public async Task of_a_route_that_reads(string route)
    {
        var row = RowOf(route);
        foreach (var relation in AccessTable.RelationsTo(row.Concerns))
        {
            var scene = await Scene.Of(ledger, isRestricted: relation == Reach.Restricted);
            var path = await PathOf(route["GET ".Length..], scene, relation);
            foreach (var column in Visitor.All)
            {
                var reply = await ledger.Api(Visitor.Of(column, AgencyOf(row, relation, scene))).Get(path);
                Check(row, column, relation, reply, done: 200);
            }
        }
    }

    [Theory]
    [MemberData(nameof(ApiWrites))]
    public async Task of_a_route_that_writes(string route) => await Try(RowOf(route), route, scene => Arrange(route, scene));

    [Fact]
    public async Task of_the_row_that_has_no_route_of_its_own() =>
        await Try(AccessTable.Of(Operation.CorrectPartysAct), "POST /api/v1/agreements/{id}/corrections", async scene => (
            $"/api/v1/agreements/{await scene.InForce()}/corrections", """{"corrects":2,"field":"/signedOn","value":"2020-01-31","reason":"The day before."}"""));

    [Theory]
    [MemberData(nameof(Elsewhere))]
    public async Task of_a_page(string route)
    {
        var row = RowOf(route);
        var (method, pattern) = (new HttpMethod(route.Split(' ')[0]), route.Split(' ')[1]);
        foreach (var relation in AccessTable.RelationsTo(row.Concerns))
        {
            var scene = await Scene.Of(ledger, isRestricted: relation == Reach.Restricted);
            var path = await PathOf(pattern, scene, relation);
            foreach (var column in Visitor.All)
            {
                var caller = Visitor.Of(column, AgencyOf(row, relation, scene));
                var reply = await ledger.Host.Services.Page(caller, method, pattern.Contains("{draft}", StringComparison.Ordinal) ? await DraftOf(caller, path) : path);
                var what = $"{column}, {relation}: {method} {path} brought {reply.Status}: {reply.Headers.GetValueOrDefault("Location")}";
                if (row.CellOf(column).HasFlag(relation))
                    Assert.True(IsLetIn(reply, method, row), what);
                else if (column == "nobody")
                    Assert.True(reply.LeadsToSignIn(), what);
                else if (row.CellOf(column) == Reach.Nowhere)
                    Assert.True(reply.Status == 403, what);
                else if (relation == Reach.Restricted)
                    Assert.True(reply.Status == 404, what);
                else
                    Assert.True(IsLetIn(reply, method, row), what);
            }
        }
    }

    // A form that was not given out is refused for that, once its sender has been let in; whose agencies it concerns, the door of the API asks.
    private static bool IsLetIn(Reply reply, HttpMethod method, AccessRow row) =>
        !reply.LeadsToSignIn() && (row.Operation == Operation.VisitOpenPages ? reply.Status is not (401 or 403)
            : method == HttpMethod.Post ? reply.Status == 400
            : reply.Status is 200 or 302);

    private async Task Try(AccessRow row, string route, Func<Scene, Task<(string Path, string Body)>> arrange)
    {
        foreach (var relation in AccessTable.RelationsTo(row.Concerns))
        {
            var scene = await Scene.Of(ledger, isRestricted: relation == Reach.Restricted);
            (string Path, string Body)? state = null;
            foreach (var column in Visitor.All)
            {
                if (state is null)
                {
                    scene = await Scene.Of(ledger, isRestricted: relation == Reach.Restricted);
                    state = await arrange(scene);
                    if (relation == Reach.Ended)
                        state = await Ended(row, state.Value.Path, state.Value.Body);
                }

                var client = ledger.Api(Visitor.Of(column, AgencyOf(row, relation, scene)));
                var (path, body) = state.Value;
                var reply = await client.Send(
                    new HttpMethod(route.Split(' ')[0]), path, body, ("Idempotency-Key", client.NewKey()), ("If-Match", "*"), ("Content-Type", row.Operation == Operation.BringFilesIn ? "application/x-ndjson" : null));
                Check(row, column, relation, reply, done: row.Operation == Operation.BringFilesIn ? 202 : 201);
                if (reply.Status < 300)
                    state = null;
            }
        }
    }

    private static void Check(AccessRow row, string column, Reach relation, Reply reply, int done)
    {
        var expected = row.CellOf(column).HasFlag(relation) ? (done, null)
            : column == "nobody" ? (401, "unauthenticated")
            : row.CellOf(column) == Reach.Nowhere ? (403, "forbidden")
            : relation == Reach.Restricted ? (404, "not-found")
            : relation == Reach.Ended ? (409, "agreement-ended")
            : (403, (string?)"forbidden");

        Assert.True((reply.Status, reply.Status < 300 ? null : reply["code"]) == expected, $"{column}, {relation}: expected {expected}, and it is {reply.Status}: {reply.Body}");
    }

    private async Task<(string Path, string Body)> Arrange(string route, Scene scene) => route switch
    {
        "PUT /api/v1/agencies/{code}" => ($"/api/v1/agencies/N{scene.One}{ledger.Next()}", """{"name":"X","kind":"agency"}"""),
        "POST /api/v1/imports" => ("/api/v1/imports?check=true", $$"""{"kind":"agency","code":"N{{ledger.Next()}}","name":"X","agencyKind":"agency"}"""),
        "POST /api/v1/persons/{id}/erasure" => ($"/api/v1/persons/{await Person(scene)}/erasure", """{"reason":"Asked for it.","legalBasis":"GDPR, Article 17(1)(b)"}"""),
        _ => await Writes.Arrange(scene, route),
    };

    // Somebody of whom no other test knows.
    private async Task<string> Person(Scene scene)
    {
        var meeting = (await ledger.Registrar.Post("/api/v1/meetings", new
        {
            title = "Talks",
            heldOn = "2020-02-14",
            participants = new[] { new { name = $"Somebody {ledger.Next()}", agency = scene.One } },
            outcomes = new[] { new { kind = "proposed", title = "An arrangement", parties = new[] { scene.One, scene.Two } } },
        })).Is(201);
        return (await ledger.Registrar.Get($"/api/v1/meetings/{meeting["reference"]}")).Is(200)["participants/0/personId"]!;
    }

    // What the row concerns, as it stands in relation to the agency of the visitor.
    private async Task<string> PathOf(string pattern, Scene scene, Reach relation)
    {
        if (pattern.Contains("agreements/{id}", StringComparison.Ordinal))
        {
            var reference = await scene.Propose();
            await scene.Act(reference, "documents", new { name = "x", mediaType = "text/plain", content = "aGVsbG8=" });
            if (relation == Reach.Ended)
                await End(reference);
            return pattern.Replace("{id}", reference, StringComparison.Ordinal).Replace("{sha256}", HelloSha256, StringComparison.Ordinal)
                + (pattern.EndsWith("/changes", StringComparison.Ordinal) ? "?from=1" : "");
        }

        if (pattern.Contains("meetings/{id}", StringComparison.Ordinal))
            return pattern.Replace("{id}", (await scene.Meeting()).Is(201)["reference"], StringComparison.Ordinal);
        if (pattern.Contains("persons/{id}", StringComparison.Ordinal))
            return pattern.Replace("{id}", await Person(scene), StringComparison.Ordinal);
        if (pattern.EndsWith("/persons", StringComparison.Ordinal))
            return pattern + "?q=somebody";
        if (pattern.Contains("imports/{id}", StringComparison.Ordinal))
        {
            var given = await ledger.Registrar.Send(
                HttpMethod.Post, "/api/v1/imports?check=true", $$"""{"kind":"agency","code":"N{{ledger.Next()}}"}""", ("Idempotency-Key", ledger.Registrar.NewKey()), ("Content-Type", "application/x-ndjson"));
            return pattern.Replace("{id}", given.Is(202)["id"], StringComparison.Ordinal);
        }

        if (pattern.Contains("{secret}", StringComparison.Ordinal))
            return pattern.Replace("{secret}", await ledger.Service<DeadlineFeedAddresses>().Make(Visitor.Of("reader", scene.One)!, "en", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        if (pattern.StartsWith("/sign-in/resume/", StringComparison.Ordinal))
        {
            ledger.Service<LostForms>().Keep("lost", new LostForm("/record", []));
            return "/sign-in/resume/lost";
        }

        return pattern.Replace("{code}", pattern.StartsWith("/docs", StringComparison.Ordinal) ? "forbidden" : relation == Reach.Other ? scene.Two : scene.One, StringComparison.Ordinal)
            .Replace("{status:int}", "404", StringComparison.Ordinal).Replace("{documentName}", "v1", StringComparison.Ordinal).Replace("{documentName?}", "", StringComparison.Ordinal)
            + (pattern.EndsWith("/portfolio", StringComparison.Ordinal) ? $"?party={scene.One}" : "");
    }

    private async Task<string> DraftOf(Caller? caller, string path)
    {
        var (drafts, subject) = (ledger.Service<MeetingDrafts>(), caller?.Subject ?? "test|nobody");
        var draft = await drafts.Begin(subject);
        await drafts.Change(draft, subject, d =>
        {
            d.Content["outcomes"] = new JsonArray(new JsonObject { ["id"] = "first", ["kind"] = "discussed" });
            return true;
        });
        return path.Replace("{draft}", draft, StringComparison.Ordinal).Replace("{outcome}", "first", StringComparison.Ordinal);
    }

    // An act of a day before the end is recorded late, and is none that the end stands against.
    private async Task<(string Path, string Body)> Ended(AccessRow row, string path, string body)
    {
        await End(path.Split('/')[4]);
        return (path, row.Officer.HasFlag(Reach.Ended) ? body : OfTheTime().Replace(body, "\"2024-"));
    }

    private async Task End(string reference)
    {
        var path = $"/api/v1/agreements/{reference}";
        if ((await ledger.Registrar.Post($"{path}/proposal-withdrawal", new { occurredOn = "2020-12-31" }, ifMatch: "*")).Status == 201)
            return;
        var terminated = await ledger.Registrar.Post($"{path}/terminations", new { occurredOn = "2020-12-31", ground = "consent" }, ifMatch: "*");
        if (terminated.Status != 201)
            terminated.IsProblem(409, "agreement-ended");
    }

    private static string AgencyOf(AccessRow row, Reach relation, Scene scene) => (relation, row.Operation) switch
    {
        (Reach.Own or Reach.Ended or Reach.Everywhere, _) => scene.One,
        (Reach.Other, Operation.ActForParty or Operation.CorrectPartysAct or Operation.ApproveMinutes) => scene.Two,
        _ => scene.Three,
    };

    private static AccessRow RowOf(string route) => AccessTable.Rows.Single(row => row.Routes.Contains(route));

    [GeneratedRegex("\"20(19|20)-", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OfTheTime();

    private static TheoryData<string> RoutesWhere(Func<string, bool> condition) => [.. AccessTable.Rows.SelectMany(row => row.Routes).Where(condition)];
}
