using System.Text.Json.Nodes;
using Xunit;

namespace Ledger.Web.Tests.Meetings;

[Covers("GET /api/v1/meetings")]
[Covers("GET /api/v1/meetings/{id}")]
[Covers("GET /api/v1/meetings/{id}/history")]
public class RecordingAMeeting(RunningLedger ledger)
{
    [Fact]
    public async Task an_agreement_proposed_in_an_earlier_outcome_is_named_by_that_outcome()
    {
        var scene = await Scene.Of(ledger);

        var reply = (await scene.Officer.Post("/api/v1/meetings", $$"""
            {"title": "Talks", "heldOn": "2020-02-14", "participants": [{"name": "Anna", "agency": "{{scene.One}}"}], "outcomes": [
              {"kind": "proposed", "title": "Named by its place", "parties": ["{{scene.One}}", "{{scene.Two}}"]},
              {"kind": "discussed", "agreement": "/outcomes/0", "summary": "It was discussed."}]}
            """)).Is(201);

        Assert.Equal(2, reply.Json!["entries"]!.AsArray().Count);
        Assert.Equal(reply["entries/0/agreement"], reply["entries/1/agreement"]);
        Assert.Equal("underDiscussion", (await scene.Officer.Get($"/api/v1/agreements/{reply["entries/0/agreement"]}")).Is(200)["status"]);
    }

    [Theory]
    [InlineData("/outcomes/1")]
    [InlineData("/outcomes/7")]
    public async Task an_outcome_that_proposed_nothing_before_names_no_agreement(string name)
    {
        var scene = await Scene.Of(ledger);

        var reply = await scene.Officer.Post("/api/v1/meetings", $$"""
            {"title": "Talks", "heldOn": "2020-02-14", "participants": [{"name": "Anna", "agency": "{{scene.One}}"}], "outcomes": [
              {"kind": "discussed", "agreement": "{{name}}", "summary": "It was discussed."},
              {"kind": "proposed", "title": "Too late", "parties": ["{{scene.One}}", "{{scene.Two}}"]}]}
            """);

        Assert.Equal("/outcomes/0/agreement", reply.IsProblem(409, "unknown-agreement")["problems/0/pointer"]);
    }

    [Fact]
    public async Task the_founding_meeting_is_one_request()
    {
        var scene = await Scene.Of(ledger);
        var (imbp, esa, asi, defence, tyvak) = (
            await ledger.Agency("IMBP", "institute"), await ledger.Agency("ESA", "organisation"), await ledger.Agency("ASI"),
            await ledger.Agency("Italian Ministry of Defence", "ministry"), await ledger.Agency("Tyvak", "company"));
        var parties = $"""["{scene.One}","{scene.Two}"]""";
        var n = ledger.Next();
        (string Soyuz, string Bion, string Sirius, string Cardiomed, string Sco, string Moon) names = ($"SOYUZ-{n}", $"BION-{n}", $"SIRIUS-{n}", $"CARDIOMED-{n}", $"SCO-{n}", $"MOON-{n}");

        var reply = await scene.Officer.Post("/api/v1/meetings", $$"""
            {
              "title": "Status check on cooperation in space",
              "heldOn": "2020-02-14",
              "place": {"city": "Moscow", "country": "RU", "venue": "Embassy of France", "timeZone": "Europe/Moscow"},
              "host": {"name": "Pierre Levy", "office": "Ambassador of France to Russia"},
              "participants": [
                {"name": "Jean-Yves Le Gall", "office": "President", "agency": "{{scene.One}}"},
                {"name": "Dmitry Rogozin", "office": "Director General", "agency": "{{scene.Two}}"}
              ],
              "agenda": ["Launches", "Life sciences", "Climate", "The Moon"],
              "outcomes": [
                {"kind": "proposed", "reference": "{{names.Soyuz}}", "title": "Soyuz at the Guiana Space Centre", "parties": {{parties}}, "proposedOn": null},
                {"kind": "achieved", "agreement": "{{names.Soyuz}}", "occurredOn": "2019-12-18", "title": "Launch of 18 December 2019",
                 "counters": [{"label": "Soyuz flight from the centre", "value": 23}, {"label": "Soyuz launch of 2019 there", "value": 3}, {"label": "launch of the year from the centre", "value": 9}],
                 "beneficiaries": [
                   {"item": "CosmoSkyMed Second Generation", "agency": "{{asi}}"}, {"item": "CosmoSkyMed Second Generation", "agency": "{{defence}}"},
                   {"item": "CHEOPS", "agency": "{{esa}}"}, {"item": "ANGELS", "agency": "{{scene.One}}"}, {"item": "EyeSat", "agency": "{{scene.One}}"},
                   {"item": "OPS-SAT", "agency": "{{tyvak}}"}, {"item": "OPS-SAT", "agency": "{{esa}}"}]},
                {"kind": "discussed", "agreement": "{{names.Soyuz}}", "summary": "Continued operation."},
                {"kind": "proposed", "reference": "{{names.Bion}}", "title": "Bion-M2 / MTB-2", "parties": {{parties}}, "proposedOn": null},
                {"kind": "discussed", "agreement": "{{names.Bion}}", "summary": "Plans."},
                {"kind": "proposed", "reference": "{{names.Sirius}}", "title": "SIRIUS-20", "parties": {{parties}}, "institutes": ["{{imbp}}"], "proposedOn": null},
                {"kind": "discussed", "agreement": "{{names.Sirius}}", "summary": "Plans."},
                {"kind": "proposed", "reference": "{{names.Cardiomed}}", "title": "Cardiomed", "parties": {{parties}}, "institutes": ["{{imbp}}"], "proposedOn": null, "phases": [{"title": "First phase"}]},
                {"kind": "phaseCompleted", "agreement": "{{names.Cardiomed}}", "phase": "1", "completedOn": "2020-02-03"},
                {"kind": "discussed", "agreement": "{{names.Cardiomed}}", "summary": "Further studies."},
                {"kind": "phasePlanned", "agreement": "{{names.Cardiomed}}", "title": "Cerebral circulation"},
                {"kind": "phasePlanned", "agreement": "{{names.Cardiomed}}", "title": "Myocardial remodelling"},
                {"kind": "phasePlanned", "agreement": "{{names.Cardiomed}}", "title": "Paravertebral discs"},
                {"kind": "proposed", "reference": "{{names.Sco}}", "title": "Space Climate Observatory", "parties": {{parties}}, "proposedOn": null},
                {"kind": "discussed", "agreement": "{{names.Sco}}", "summary": "Future cooperation."},
                {"kind": "proposed", "reference": "{{names.Moon}}", "title": "Experiments from the lunar surface", "parties": {{parties}}}
              ]
            }
            """);

        reply.Is(201);
        Assert.Equal(16, reply.Json!["entries"]!.AsArray().Count);
        Assert.Equal(6, reply.Json["agreements"]!.AsArray().Count);
        var meeting = (await scene.Officer.Get(reply.Headers["Location"])).Is(200);
        Assert.Equal(
            ("2020-02-14", "Moscow", "Embassy of France", "Pierre Levy", "Ambassador of France to Russia"),
            (meeting["heldOn"], meeting["place/city"], meeting["place/venue"], meeting["host/name"], meeting["host/office"]));
        Assert.Equal(("Jean-Yves Le Gall", "President", scene.One), (meeting["participants/0/name"], meeting["participants/0/office"], meeting["participants/0/agency"]));
        Assert.Equal(reply.Json["entries"]!.AsArray().Select(e => (long)e!["sequence"]!), meeting.Json!["outcomes"]!.AsArray().Select(o => (long)o!["sequence"]!));
        Assert.Equal("underDiscussion", (await scene.Officer.Get($"/api/v1/agreements/{names.Soyuz}"))["status"]);
        var cardiomed = await scene.Officer.Get($"/api/v1/agreements/{names.Cardiomed}");
        Assert.Equal(
            ("completed", "2020-02-03", "planned", "2020-02-14", reply["reference"]),
            (cardiomed["phases/0/status"], cardiomed["phases/0/completedOn"], cardiomed["phases/3/status"], cardiomed["lastDiscussedOn"], cardiomed["meetings/0/reference"]));
        Assert.Equal("proposed", (await scene.Officer.Get($"/api/v1/agreements/{names.Moon}"))["status"]);
        Assert.Equal(names.Moon, (await scene.Officer.Get($"/api/v1/agreements?meeting={reply["reference"]}&q=lunar&notBefore={reply.Json!["entries"]!.AsArray().Max(e => (long)e!["sequence"]!)}"))["items/0/reference"]);
        var launch = (await scene.Officer.Get($"/api/v1/agreements/{names.Soyuz}")).Json!["achievements"]![0]!;
        Assert.Equal(("23", "ASI", "2019-12-18"), (launch.Text("counters/0/value"), launch.Text("beneficiaries/0/name"), launch.Text("occurredOn")));
    }

    [Fact]
    public async Task a_proposal_of_unknown_day_has_none_and_one_without_a_day_that_of_the_meeting()
    {
        var scene = await Scene.Of(ledger);
        var parties = $"\"parties\":[\"{scene.One}\",\"{scene.Two}\"]";

        var reply = (await scene.Meeting("2020-02-14", $$"""{"kind":"proposed","title":"Old",{{parties}},"proposedOn":null},{"kind":"proposed","title":"New",{{parties}}},{"kind":"proposed","title":"Dated",{{parties}},"proposedOn":"2019"}""")).Is(201);

        var days = new List<string?>();
        foreach (var entry in reply.Json!["entries"]!.AsArray())
            days.Add((await scene.Officer.Get($"/api/v1/agreements/{entry.Text("agreement")}/history"))["items/0/occurredOn"]);
        Assert.Equal([null, "2020-02-14", "2019"], days);
    }

    [Fact]
    public async Task one_hundred_and_forty_five_agreements_go_in_one_meeting()
    {
        var scene = await Scene.Of(ledger);
        var outcomes = string.Join(',', Enumerable.Range(1, 145).Select(n => $$"""{"kind":"proposed","reference":"BULK-{{scene.One}}-{{n}}","title":"Agreement {{n}}","parties":["{{scene.One}}","{{scene.Two}}"]}"""));
        (await scene.Meeting("2020-02-14", outcomes)).Is(201);
        var discussed = string.Join(',', Enumerable.Range(1, 145).Select(n => $$"""{"kind":"discussed","agreement":"BULK-{{scene.One}}-{{n}}","summary":"Again.","expectedVersion":1}"""));

        var reply = (await scene.Meeting("2020-02-15", discussed)).Is(201);

        Assert.Equal(145, reply.Json!["agreements"]!.AsArray().Count);
        var rows = (await scene.Officer.Get($"/api/v1/agreements?party={scene.One}&meeting={reply["reference"]}&limit=1000")).Items;
        Assert.Equal(145, rows.Count);
        Assert.All(rows, row => Assert.Equal(("2", "underDiscussion", "2020-02-15"), (row.Text("version"), row.Text("status"), row.Text("lastDiscussedOn"))));
    }

    [Fact]
    public async Task one_wrong_outcome_leaves_nothing_of_the_meeting_behind()
    {
        var scene = await Scene.Of(ledger);
        var reference = await scene.Propose();
        var before = await Counts();
        var key = scene.Registrar.NewKey();
        var body = scene.MeetingBody("1703-02-14", $$"""{"kind":"proposed","title":"New","parties":["{{scene.One}}","{{scene.Two}}"]},{"kind":"discussed","agreement":"{{reference}}","summary":"Fine.","discussedOn":"2020-01-01"},{"kind":"signed","agreement":"{{reference}}","party":"{{scene.Three}}"}""")
            .Replace("Anna Blanc", $"Only in {reference}", StringComparison.Ordinal);

        var reply = await scene.Registrar.Post("/api/v1/meetings", body, key);

        reply.IsProblem(409, "not-a-party");
        Assert.Equal("1", (await scene.Officer.Get($"/api/v1/agreements/{reference}"))["version"]);
        Assert.Equal("0", await ledger.Sql($"select count(*) from ledger.person where name = 'Only in {reference}'"));
        Assert.Equal("0", await ledger.Sql("select count(*) from ledger.reference_counter where year = 1703"));
        Assert.Equal("0", await ledger.Sql($"select count(*) from ledger.mt_doc_meeting where data #>> '{{facts,occurredOn}}' = '1703-02-14'"));
        Assert.Empty((await scene.Officer.Get($"/api/v1/meetings?agency={scene.One}")).Items);
        Assert.Equal(before, await Counts());

        async Task<string> Counts() => await ledger.Sql($"select count(*) from ledger.mt_events where data::text like '%\"{scene.One}\"%'");
    }

    [Fact]
    public async Task every_problem_of_every_outcome_is_reported_at_its_place()
    {
        var scene = await Scene.Of(ledger);
        var (reference, stale) = (await scene.Propose(), await scene.Propose());
        await scene.Act(stale, "discussions", new { discussedOn = "2020-01-01", summary = "Meanwhile." });

        var reply = await scene.Registrar.Post("/api/v1/meetings", $$"""
            {"title":"","heldOn":"2020-02-14","participants":[{"name":"Anna","agency":"{{scene.One}}"},{"name":"Boris","agency":"NOBODY-KNOWN"}],"outcomes":[
              {"kind":"discussed","agreement":"{{reference}}","summary":"Fine."},
              {"kind":"discussed","agreement":"NO-SUCH-THING","summary":"Where?"},
              {"kind":"signed","agreement":"{{reference}}","party":"{{scene.Three}}"},
              {"kind":"extended","agreement":"{{reference}}","until":"31 December"},
              {"kind":"discussed","agreement":"{{stale}}","summary":"Late.","expectedVersion":1},
              {"kind":"phaseCompleted","agreement":"{{reference}}","phase":"7"},
              {"kind":"proposed","title":"","parties":["{{scene.One}}"]},
              {"kind":"discussed","agreement":"{{reference}}"},
              {"kind":"signed","agreement":"{{reference}}","party":"{{scene.One}}","signedOn":"2999-01-01"},
              null
            ]}
            """);

        reply.Is(422);
        var problems = reply.Json!["problems"]!.AsArray().Select(p => (p.Text("pointer")!, p.Text("code")!)).ToList();
        Assert.Equal(
            [
                ("/outcomes", "validation"), ("/outcomes/1/agreement", "unknown-agreement"), ("/outcomes/2/party", "not-a-party"), ("/outcomes/3/until", "validation"), ("/outcomes/4", "stale-outcome"),
                ("/outcomes/5/phase", "unknown-phase"), ("/outcomes/6/parties", "validation"), ("/outcomes/6/title", "validation"), ("/outcomes/7/summary", "validation"),
                ("/outcomes/8/signedOn", "act-in-future"), ("/outcomes/9", "validation"), ("/participants/1/agency", "unknown-agency"), ("/title", "validation"),
            ],
            problems.OrderBy(p => p.Item1, StringComparer.Ordinal));
        Assert.Equal(problems.Select(p => p.Item1).Distinct().Order(StringComparer.Ordinal), reply.Json["errors"]!.AsObject().Select(e => e.Key));
    }

    [Fact]
    public async Task an_outcome_of_an_unknown_kind_or_with_unknown_members_is_refused_by_name()
    {
        var scene = await Scene.Of(ledger);
        var reference = await scene.Propose();

        foreach (var (outcome, named) in new[]
        {
            ("\"kind\":\"celebrated\"", "celebrated|discussed"), ("\"kind\":\"discussed\",\"summary\":\"X\",\"nonsense\":1", "nonsense"),
            ("\"summary\":\"X\"", "kind"), ("\"kind\":\"ratified\",\"party\":\"X\",\"instrument\":\"handshake\"", "accession"),
            ("\"kind\":\"discussed\",\"summary\":\"X\",\"expectedVersion\":\"1\"", "expectedVersion"), ("\"kind\":\"discussed\",\"summary\":\"X\",\"summary\":\"Y\"", "summary"),
            ("\"kind\":\"discussed\",\"summary\":\"X\",\"recordedAt\":\"2001-01-01\"", "recordedAt"), ("\"kind\":\"phaseCompleted\",\"phase\":1,\"summary\":\"X\"", "summary"),
            ("\"kind\":\"discussed\",\"summary\":\"X\",\"phase\":\"1\"", "phase"),
        })
        {
            var reply = await scene.Meeting(outcomes: $$"""{"agreement":"{{reference}}",{{outcome}}}""");

            Assert.Equal((400, "malformed"), (reply.Status, reply["code"]));
            Assert.Contains(named.Split('|')[^1], reply.Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task a_version_that_is_no_longer_expected_refuses_the_meeting_and_names_the_agreement()
    {
        var scene = await Scene.Of(ledger);
        var reference = await scene.Propose();
        await scene.Act(reference, "discussions", new { discussedOn = "2020-01-01", summary = "Meanwhile." });

        var reply = await scene.Meeting(outcomes: $$"""{"kind":"discussed","agreement":"{{reference}}","summary":"X","expectedVersion":1}""");

        reply.IsProblem(409, "stale-outcome");
        Assert.Contains(reference, reply["detail"], StringComparison.Ordinal);
        Assert.Equal(("/outcomes/0", reference), (reply["problems/0/pointer"], reply["problems/0/agreement"]));
        (await scene.Meeting(outcomes: $$"""{"kind":"discussed","agreement":"{{reference}}","summary":"X","expectedVersion":2},{"kind":"discussed","agreement":"{{reference}}","summary":"Y","expectedVersion":2}""")).Is(201);
    }

    [Fact]
    public async Task what_rests_on_a_refused_proposal_is_not_reported_twice()
    {
        var scene = await Scene.Of(ledger);

        foreach (var flaw in new[] { "\"parties\":[]", "\"nonsense\":1", $"\"parties\":[\"{scene.One}\",\"NOBODY-KNOWN\"]" })
        {
            var reply = await scene.Meeting(outcomes: $$"""{"kind":"proposed","reference":"FLAW-{{scene.One}}","title":"X",{{flaw}}},{"kind":"discussed","agreement":"FLAW-{{scene.One}}","summary":"Y"}""");

            Assert.Equal("/outcomes/0", Assert.Single(reply.Json!["problems"]!.AsArray()).Text("pointer")![..11]);
        }
    }

    [Fact]
    public async Task a_reference_that_is_taken_is_refused()
    {
        var scene = await Scene.Of(ledger);
        var reference = await scene.Propose();

        var elsewhere = await scene.Meeting(outcomes: $$"""{"kind":"proposed","reference":"{{reference}}","title":"X","parties":["{{scene.One}}","{{scene.Two}}"]}""");
        var within = await scene.Meeting(outcomes: $$"""{"kind":"proposed","reference":"W-{{scene.One}}","title":"X","parties":["{{scene.One}}","{{scene.Two}}"]},{"kind":"proposed","reference":"W-{{scene.One}}","title":"X","parties":["{{scene.One}}","{{scene.Two}}"]}""");

        Assert.Equal("/outcomes/0/reference", elsewhere.IsProblem(409, "reference-taken")["problems/0/pointer"]);
        Assert.Equal("/outcomes/1/reference", within.IsProblem(409, "reference-taken")["problems/0/pointer"]);
    }

    [Fact]
    public async Task every_kind_of_outcome_is_recorded()
    {
        var scene = await Scene.Of(ledger);
        var (reference, other) = (await scene.InForce("\"term\":{\"until\":\"2030-12-31\"},\"phases\":[{\"title\":\"First\"}]"), await scene.Propose());
        var at = $"\"agreement\":\"{reference}\"";

        var reply = (await scene.Meeting("2021-02-14", $$"""
            {"kind":"discussed",{{at}},"summary":"X"}, {"kind":"phasePlanned",{{at}},"title":"Second"}, {"kind":"phaseCompleted",{{at}},"phase":1},
            {"kind":"achieved",{{at}},"title":"Launch"}, {"kind":"extended",{{at}},"until":"2032-12-31"}, {"kind":"amended",{{at}},"summary":"Article 4"},
            {"kind":"suspended",{{at}},"effectiveOn":"2021-03-01"}, {"kind":"resumed",{{at}},"effectiveOn":"2021-04-01"},
            {"kind":"withdrawn",{{at}},"party":"{{scene.One}}","effectiveOn":"2021-12-31"}, {"kind":"terminated",{{at}},"effectiveOn":"2021-06-30"},
            {"kind":"signed","agreement":"{{other}}","party":"{{scene.One}}"}, {"kind":"provisionallyApplied","agreement":"{{other}}"}, {"kind":"ratified","agreement":"{{other}}","party":"{{scene.One}}"},
            {"kind":"proposed","title":"New","parties":["{{scene.One}}","{{scene.Two}}"]}
            """)).Is(201);

        Assert.Equal(
            ["agreementDiscussed", "phasePlanned", "phaseCompleted", "achievementRecorded", "agreementExtended", "agreementAmended", "agreementSuspended", "agreementResumed", "withdrawalNotified", "agreementTerminated", "agreementSigned", "provisionalApplicationBegun", "agreementRatified", "agreementProposed"],
            reply.Json!["entries"]!.AsArray().Select(e => e.Text("type")));
        var history = (await scene.Officer.Get($"/api/v1/agreements/{reference}/history")).Items.Skip(5).ToList();
        Assert.All(history, e => Assert.Equal(("2021-02-14", reply["reference"]), (e.Text("occurredOn"), e.Text("meeting/reference"))));
    }

    [Fact]
    public async Task a_meeting_is_read_by_id_and_by_reference()
    {
        var scene = await Scene.Of(ledger);
        var made = (await scene.Meeting()).Is(201);

        var meeting = (await scene.Stranger.Get($"/api/v1/meetings/{made["reference"]}")).Is(200);

        Assert.Equal(("\"1\"", made["id"]), (meeting.ETag, meeting["id"]));
        Assert.Equal(meeting.Body, (await scene.Stranger.Get($"/api/v1/meetings/{made["id"]}")).Is(200).Body);
        (await scene.Stranger.Get("/api/v1/meetings/CM-1800-0001")).IsProblem(404, "not-found");
    }

    [Fact]
    public async Task meetings_are_listed_the_latest_first_and_page_by_page()
    {
        var scene = await Scene.Of(ledger);
        var expected = new List<string?>();
        foreach (var heldOn in new[] { "2020-02-14", "2021", "2019-05", "2020-02-14" })
            expected.Add((await scene.Meeting(heldOn)).Is(201)["reference"]);

        var listed = new List<string?>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = (await scene.Officer.Get($"/api/v1/meetings?agency={scene.One}&limit=1{cursor}")).Is(200);
            listed.AddRange(page.Items.Select(m => m.Text("reference")));
            cursor = page["next"] is { } next ? $"&cursor={next}" : null;
        }

        Assert.Equal([expected[1], expected[0], expected[3], expected[2]], listed);
        (await scene.Officer.Get("/api/v1/meetings?limit=0")).IsProblem(400, "malformed");
        (await scene.Officer.Get("/api/v1/meetings?cursor=%25")).IsProblem(400, "malformed");
    }

    [Fact]
    public async Task minutes_are_approved_by_each_side_and_anew_after_a_correction()
    {
        var scene = await Scene.Of(ledger);
        var path = $"/api/v1/meetings/{(await scene.Meeting()).Is(201)["reference"]}";
        (await scene.Partner.Post($"{path}/minutes-approvals", new { agency = scene.One, approvedOn = "2020-02-20" })).IsProblem(403, "forbidden");
        (await scene.Stranger.Post($"{path}/minutes-approvals", new { agency = scene.Three, approvedOn = "2020-02-20" })).IsProblem(409, "not-a-participant");

        (await scene.Officer.Post($"{path}/minutes-approvals", new { agency = scene.One, approvedOn = "2020-02-20" })).Is(201);
        (await scene.Officer.Post($"{path}/minutes-approvals", new { agency = scene.One, approvedOn = "2020-02-20" })).Is(200);
        (await scene.Partner.Post($"{path}/minutes-approvals", new { agency = scene.Two, approvedOn = "2020-02-21" })).Is(201);
        Assert.Equal("[]", (await scene.Officer.Get(path))["awaitingApprovalBy"]);
        (await scene.Officer.Post($"{path}/corrections", new { corrects = 1, field = "/title", value = "Better", reason = "Misspelt." }, ifMatch: 3)).Is(201);

        var meeting = await scene.Officer.Get(path);
        Assert.Equal(("Better", "false", "4"), (meeting["title"], meeting["approvals/0/isCurrent"], meeting["version"]));
        Assert.Equal([scene.One, scene.Two], meeting.Json!["awaitingApprovalBy"]!.AsArray().Select(a => (string)a!));
        (await scene.Officer.Post($"{path}/minutes-approvals", new { agency = scene.One, approvedOn = "2020-03-01" }, ifMatch: 3)).IsProblem(412, "version-conflict");
        (await scene.Officer.Post($"{path}/minutes-approvals", new { agency = scene.One, approvedOn = "2020-03-01" }, ifMatch: 4)).Is(201);
    }

    [Fact]
    public async Task the_history_of_a_meeting_keeps_what_was_first_written()
    {
        var scene = await Scene.Of(ledger);
        var made = (await scene.Meeting()).Is(201);
        var path = $"/api/v1/meetings/{made["reference"]}";
        (await scene.Officer.Post($"{path}/corrections", new { corrects = (long)made.Json!["sequence"]!, field = "/heldOn", value = "2020-02-13", reason = "The day before." }, ifMatch: 1)).Is(201);

        var history = (await scene.Officer.Get($"{path}/history")).Is(200);

        Assert.Equal(("2020-02-14", "2", "1"), (history["items/0/data/occurredOn"], history["items/0/correctedBy"], history["items/1/corrects"]));
        Assert.Equal("2020-02-13", (await scene.Officer.Get(path))["heldOn"]);
        Assert.Equal(3, (await scene.Officer.Get($"{path}/history", "text/csv")).Is(200).Body.TrimEnd().Split("\r\n").Length);
        (await scene.Officer.Get("/api/v1/meetings/CM-1800-0001/history")).IsProblem(404, "not-found");
    }

    [Fact]
    public async Task who_took_part_can_be_corrected_and_never_by_name()
    {
        var scene = await Scene.Of(ledger);
        var path = $"/api/v1/meetings/{(await scene.Meeting()).Is(201)["reference"]}";

        foreach (var (field, value) in new (string, JsonNode?)[]
        {
            ("/participants/0/person/name", "Clara Clearly"), ("/participants/0/person", new JsonObject { ["personId"] = "x", ["name"] = "Clara Clearly" }),
            ("/host", new JsonObject { ["personId"] = "x", ["name"] = "Clara Clearly" }),
            ("/participants", new JsonArray(new JsonObject { ["person"] = new JsonObject { ["personId"] = "x", ["name"] = "Clara Clearly" }, ["agency"] = scene.One })),
        })
        {
            var reply = await scene.Officer.Post($"{path}/corrections", new { corrects = 1, field, value, reason = "Wrong." }, ifMatch: 1);
            Assert.Equal(409, reply.Status);
        }

        (await scene.Officer.Post($"{path}/corrections", new { corrects = 1, field = "/participants/1/agency", value = scene.Three, reason = "Wrong." }, ifMatch: 1)).Is(201);
        Assert.Equal("0", await ledger.Sql("select count(*) from ledger.mt_events where data::text like '%Clara Clearly%'"));
    }
}
