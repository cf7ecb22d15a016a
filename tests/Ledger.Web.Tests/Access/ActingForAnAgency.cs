using Ledger.Web.Access;
using Xunit;

namespace Ledger.Web.Tests.Access;

public class ActingForAnAgency(RunningLedger ledger)
{
    [Fact]
    public async Task an_officer_acts_for_their_own_agency_only()
    {
        var scene = await Scene.Of(ledger);
        var reference = await scene.InForce();
        var path = $"/api/v1/agreements/{reference}";

        foreach (var (route, body) in new (string, object)[]
        {
            ("signatures", new { party = scene.One, signedOn = "2020-02-01" }), ("ratifications", new { party = scene.One, ratifiedOn = "2020-02-01" }),
            ("withdrawals", new { party = scene.One, occurredOn = "2020-06-01", effectiveOn = "2020-12-01" }), ("withdrawal-revocations", new { party = scene.One, occurredOn = "2020-06-01" }),
        })
        {
            (await scene.Partner.Post($"{path}/{route}", body, ifMatch: 5)).IsProblem(403, "forbidden");
            (await scene.Stranger.Post($"{path}/{route}", body, ifMatch: 5)).IsProblem(403, "forbidden");
        }

        (await scene.Officer.Post($"{path}/withdrawals", new { party = scene.One, occurredOn = "2020-06-01", effectiveOn = "2020-12-01" }, ifMatch: 5)).Is(201);
    }

    [Fact]
    public async Task what_any_party_may_record_is_not_for_strangers()
    {
        var scene = await Scene.Of(ledger);
        var path = $"/api/v1/agreements/{await scene.InForce("\"phases\":[{\"title\":\"First\"}]")}";

        foreach (var (route, body) in new (string, object)[]
        {
            ("discussions", new { discussedOn = "2020-06-01", summary = "X" }), ("phases", new { title = "X" }), ("phases/1/completion", new { completedOn = "2020-06-01" }),
            ("achievements", new { occurredOn = "2020-06-01", title = "X" }), ("extensions", new { until = "2030-01-01", agreedOn = "2020-06-01" }), ("amendments", new { occurredOn = "2020-06-01" }),
            ("suspensions", new { occurredOn = "2020-06-01" }), ("provisional-application", new { occurredOn = "2020-06-01" }), ("resumptions", new { occurredOn = "2020-06-01" }), ("terminations", new { occurredOn = "2020-06-01" }),
            ("proposal-withdrawal", new { occurredOn = "2020-06-01" }), ("corrections", new { corrects = 1, field = "/title", value = "X", reason = "X" }),
            ("documents", new { name = "x", mediaType = "text/plain", content = "aGVsbG8=" }),
        })
        {
            (await scene.Stranger.Post($"{path}/{route}", body, ifMatch: 5)).IsProblem(403, "forbidden");
        }

        (await scene.Partner.Post($"{path}/discussions", new { discussedOn = "2020-06-01", summary = "X" }, ifMatch: 5)).Is(201);
    }

    [Fact]
    public async Task an_officer_proposes_what_their_agency_is_party_to()
    {
        var scene = await Scene.Of(ledger);
        var body = new { title = "X", parties = new[] { scene.One, scene.Two }, proposedOn = "2020-01-01" };

        (await scene.Stranger.Post("/api/v1/agreements", body)).IsProblem(403, "forbidden");
        (await scene.Partner.Post("/api/v1/agreements", body)).Is(201);
        (await ledger.Registrar.Post("/api/v1/agreements", body)).Is(201);
    }

    [Fact]
    public async Task an_officer_records_meetings_that_their_agency_took_part_in_and_their_own_outcomes()
    {
        var scene = await Scene.Of(ledger);
        var reference = await scene.Propose();

        (await scene.Stranger.Post("/api/v1/meetings", scene.MeetingBody())).IsProblem(403, "forbidden");
        (await scene.Officer.Post("/api/v1/meetings", scene.MeetingBody())).Is(201);
        var reply = await scene.Partner.Post("/api/v1/meetings", scene.MeetingBody(outcomes: $$"""{"kind":"signed","agreement":"{{reference}}","party":"{{scene.One}}"},{"kind":"signed","agreement":"{{reference}}","party":"{{scene.Two}}"}"""));

        Assert.Equal("/outcomes/0", Assert.Single(reply.IsProblem(403, "forbidden").Json!["problems"]!.AsArray()).Text("pointer"));
        Assert.Equal("1", (await scene.Officer.Get($"/api/v1/agreements/{reference}"))["version"]);
    }

    [Fact]
    public async Task a_partys_own_act_is_corrected_by_that_party()
    {
        var scene = await Scene.Of(ledger);
        var reference = await scene.InForce();
        var correction = new { corrects = 2, field = "/signedOn", value = "2020-01-31", reason = "The day before." };

        (await scene.Partner.Post($"/api/v1/agreements/{reference}/corrections", correction, ifMatch: 5)).IsProblem(403, "forbidden");
        (await scene.Officer.Post($"/api/v1/agreements/{reference}/corrections", correction, ifMatch: 5)).Is(201);
    }

    [Fact]
    public async Task a_meeting_is_corrected_by_those_who_took_part()
    {
        var scene = await Scene.Of(ledger);
        var path = $"/api/v1/meetings/{(await scene.Meeting()).Is(201)["reference"]}/corrections";
        var correction = new { corrects = 1, field = "/title", value = "X", reason = "X" };

        (await scene.Stranger.Post(path, correction, ifMatch: 1)).IsProblem(403, "forbidden");
        (await scene.Partner.Post(path, correction, ifMatch: 1)).Is(201);
    }

    [Fact]
    public async Task who_recorded_it_comes_from_the_token()
    {
        var scene = await Scene.Of(ledger);
        var registrarOfNone = await ledger.As("Rita Registrar", null, Roles.Registrar);
        var reference = (await registrarOfNone.Post("/api/v1/agreements", new { title = "X", parties = new[] { scene.One, scene.Two } })).Is(201)["reference"];

        var entry = (await scene.Officer.Get($"/api/v1/agreements/{reference}/history")).Items[0];

        Assert.Equal(("Rita Registrar", null), (entry.Text("recordedBy/name"), entry.Text("recordedBy/agency")));
    }
}
