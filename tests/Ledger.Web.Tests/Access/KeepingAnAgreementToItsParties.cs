using Xunit;

namespace Ledger.Web.Tests.Access;

public class KeepingAnAgreementToItsParties(RunningLedger ledger)
{
    [Fact]
    public async Task others_find_no_trace_of_it_anywhere()
    {
        var scene = await Scene.Of(ledger);
        var secret = await scene.Propose("\"visibility\":\"restricted\",\"summary\":\"Hush\"");
        (await scene.Officer.Post($"/api/v1/agreements/{secret}/documents", new { name = "x", mediaType = "text/plain", content = "aGVsbG8=" }, ifMatch: 1)).Is(201);
        var open = await scene.Propose();
        var meeting = (await scene.Meeting(outcomes: $$"""{"kind":"discussed","agreement":"{{secret}}","summary":"Hush"},{"kind":"discussed","agreement":"{{open}}","summary":"Loud"}""")).Is(201);
        var id = (await scene.Officer.Get($"/api/v1/agreements/{secret}"))["id"]!;

        // A missing agreement gives the same answer, but for the name in it and the trace.
        foreach (var route in new[] { "", "/history", "/changes?from=1", $"/documents/{new string('0', 64)}" })
        {
            var hidden = await scene.Stranger.Get($"/api/v1/agreements/{secret}{route}");
            var missing = await scene.Stranger.Get($"/api/v1/agreements/{secret}X{route}");
            Assert.Equal(
                missing.IsProblem(404, "not-found").Body.Replace($"{secret}X", secret, StringComparison.Ordinal).Replace(missing["traceId"]!, "", StringComparison.Ordinal),
                hidden.IsProblem(404, "not-found").Body.Replace(hidden["traceId"]!, "", StringComparison.Ordinal));
        }

        (await scene.Stranger.Get($"/api/v1/agreements/{id}")).IsProblem(404, "not-found");
        (await scene.Stranger.Post($"/api/v1/agreements/{secret}/discussions", new { discussedOn = "2020-01-01", summary = "X" }, ifMatch: "*")).IsProblem(404, "not-found");
        (await scene.Stranger.Post($"/api/v1/agreements/{secret}/corrections", new { corrects = 1, field = "/title", value = "X", reason = "X" }, ifMatch: "*")).IsProblem(404, "not-found");
        var guess = scene.MeetingBody(outcomes: $$"""{"kind":"discussed","agreement":"{{secret}}","summary":"X"}""").Replace(scene.Two, scene.Three, StringComparison.Ordinal);
        Assert.Equal("unknown-agreement", (await scene.Stranger.Post("/api/v1/meetings", guess))["problems/0/code"]);

        foreach (var path in new[]
        {
            "/api/v1/agreements?limit=1000", $"/api/v1/agreements?meeting={meeting["reference"]}", "/api/v1/agreements?q=Hush", $"/api/v1/agreements?party={scene.One}",
            $"/api/v1/meetings/{meeting["reference"]}", $"/api/v1/meetings/{meeting["reference"]}/history", $"/api/v1/agreements?party={scene.One}&knownAt=2999-01-01T00:00:00Z",
        })
        {
            var reply = (await scene.Stranger.Get(path)).Is(200);
            Assert.DoesNotContain(secret, reply.Body, StringComparison.Ordinal);
            Assert.DoesNotContain(id, reply.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("Hush", reply.Body, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(id, await Feed(scene.Stranger), StringComparison.Ordinal);
        Assert.DoesNotContain(id, (await scene.Stranger.Get($"/api/v1/meetings/{meeting["reference"]}/history", "text/csv")).Body, StringComparison.Ordinal);
        Assert.Single((await scene.Stranger.Get($"/api/v1/meetings/{meeting["reference"]}")).Json!["outcomes"]!.AsArray());
    }

    [Fact]
    public async Task its_parties_registrars_and_auditors_find_it()
    {
        var scene = await Scene.Of(ledger);
        var institute = await ledger.Agency(kind: "institute");
        var secret = await scene.Propose($"\"visibility\":\"restricted\",\"institutes\":[\"{institute}\"]");
        var id = (await scene.Officer.Get($"/api/v1/agreements/{secret}"))["id"]!;

        foreach (var client in new[] { scene.Officer, scene.Partner, await ledger.OfficerOf(institute), ledger.Registrar, ledger.Auditor })
        {
            (await client.Get($"/api/v1/agreements/{secret}")).Is(200);
            (await client.Get($"/api/v1/agreements/{secret}/history")).Is(200);
            Assert.Single((await client.Get($"/api/v1/agreements?party={scene.One}")).Items);
            Assert.Contains(id, await Feed(client), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task visibility_cannot_be_corrected_away()
    {
        var scene = await Scene.Of(ledger);
        var secret = await scene.Propose("\"visibility\":\"restricted\"");

        (await scene.Officer.Post($"/api/v1/agreements/{secret}/corrections", new { corrects = 1, field = "/visibility", value = "shared", reason = "Open." }, ifMatch: 1)).IsProblem(409, "unknown-field");
    }

    private static async Task<string> Feed(Client client)
    {
        var feed = new System.Text.StringBuilder();
        for (var after = "0"; ;)
        {
            var page = (await client.Get($"/api/v1/events?after={after}&limit=1000")).Is(200);
            feed.Append(page.Body);
            if (page["isAtEnd"] == "true")
                return feed.ToString();
            after = page["next"]!;
        }
    }
}
