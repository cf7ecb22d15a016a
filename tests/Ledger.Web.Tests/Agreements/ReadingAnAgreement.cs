using System.Reflection;
using Ledger.Web.Agreements;
using Xunit;

namespace Ledger.Web.Tests.Agreements;

[Covers("GET /api/v1/agreements/{id}")]
[Covers("GET /api/v1/agreements/{id}/changes")]
[Covers("GET /api/v1/agreements/{id}/documents/{sha256}")]
public class ReadingAnAgreement(RunningLedger ledger)
{
    [Fact]
    public async Task it_answers_by_id_and_by_reference_and_to_nothing_else()
    {
        var scene = await Scene.Of(ledger);
        var reference = await scene.Propose();

        var agreement = (await scene.Stranger.Get($"/api/v1/agreements/{reference}")).Is(200);

        Assert.Equal(("\"1\"", "proposed", "1", reference), (agreement.ETag, agreement["status"], agreement["version"], agreement["reference"]));
        Assert.Equal(agreement["id"], (await scene.Stranger.Get($"/api/v1/agreements/{agreement["id"]}")).Is(200)["id"]);
        (await scene.Stranger.Get($"/api/v1/agreements/{reference}X")).IsProblem(404, "not-found");
    }

    [Fact]
    public async Task each_day_has_its_own_answer()
    {
        var scene = await Scene.Of(ledger);
        var reference = await scene.InForce("\"term\":{\"until\":\"2022-12-31\"}");

        foreach (var (asOf, status, boundFrom) in new[]
        {
            ("2019-06-01", "proposed", null), ("2020-02-01", "signed", null), ("2020-05-01", "partiallyRatified", null),
            ("2020-05-02", "inForce", "2020-05-02"), ("2022-12-31", "inForce", "2020-05-02"), ("2023-01-01", "expired", "2020-05-02"),
        })
        {
            var agreement = (await scene.Officer.Get($"/api/v1/agreements/{reference}?asOf={asOf}")).Is(200);
            Assert.Equal((status, asOf, asOf, boundFrom, "5"), (agreement["status"], agreement["asOf"], agreement["statusOn"], agreement["parties/0/boundFrom"], agreement["version"]));
        }

        (await scene.Officer.Get($"/api/v1/agreements/{reference}?asOf=2018-12-31")).IsProblem(404, "not-found");
    }

    [Fact]
    public async Task what_was_recorded_late_was_not_known_before()
    {
        var scene = await Scene.Of(ledger);
        var reference = await scene.InForce();
        var before = await scene.Now(reference);
        await scene.Act(reference, "suspensions", new { occurredOn = "2020-07-01" });
        await scene.Act(reference, "resumptions", new { occurredOn = "2020-08-01" });
        var after = await scene.Now(reference);

        foreach (var (query, status, version) in new[]
        {
            ("asOf=2020-07-15", "suspended", "7"), ($"asOf=2020-07-15&knownAt={before}", "inForce", "5"), ($"asOf=2020-07-15&knownAt={after}", "suspended", "7"),
            ("asOf=2020-08-15&version=6", "suspended", "6"), ("asOf=2020-08-15", "inForce", "7"), ($"knownAt={after}&version=3", "signed", "3"),
            ($"knownAt={before}&version=7", "inForce", "5"), ("version=1", "proposed", "1"), ("version=4", "partiallyRatified", "4"), ("asOf=2020-01-15&version=5", "proposed", "5"),
        })
        {
            var agreement = (await scene.Officer.Get($"/api/v1/agreements/{reference}?{query}")).Is(200);
            Assert.Equal((query, status, version, $"\"{version}\""), (query, agreement["status"], agreement["version"], agreement.ETag));
        }

        (await scene.Officer.Get($"/api/v1/agreements/{reference}?knownAt=2001-01-01T00:00:00Z")).IsProblem(404, "not-found");
        (await scene.Officer.Get($"/api/v1/agreements/{reference}?version=8")).IsProblem(404, "not-found");
    }

    [Fact]
    public async Task a_correction_is_seen_from_when_it_was_recorded()
    {
        var scene = await Scene.Of(ledger);
        var reference = await scene.Propose("\"term\":{\"until\":\"2022-12-31\"}");
        var path = $"/api/v1/agreements/{reference}";
        var before = await scene.Now(reference);
        (await scene.Officer.Post($"{path}/corrections", new { corrects = 1, field = "/title", value = "Put right", reason = "Misspelt." }, ifMatch: 1)).Is(201);
        (await scene.Officer.Post($"{path}/corrections", new { corrects = 1, field = "/proposedOn", value = "2018-12", reason = "A letter was found." }, ifMatch: 2)).Is(201);

        Assert.Equal("Put right", (await scene.Officer.Get(path))["title"]);
        Assert.StartsWith("Cooperation", (await scene.Officer.Get($"{path}?knownAt={before}"))["title"], StringComparison.Ordinal);
        Assert.Equal(("2019-01-01", "2018-12-01"), (
            (await scene.Officer.Get($"{path}?asOf=2018-12-31&version=2")).Is(404).Status == 404 ? "2019-01-01" : null,
            (await scene.Officer.Get($"{path}?asOf=2018-12-31")).Is(200).Status == 200 ? "2018-12-01" : null));
        var history = await scene.Officer.Get($"{path}/history");
        Assert.Equal(("2019-01-01", "3", "/occurredOn"), (history["items/0/data/occurredOn"], history["items/0/correctedBy"], history["items/2/data/field"]));
    }

    [Fact]
    public async Task a_day_known_to_the_month_only_makes_the_answer_uncertain_within_it()
    {
        var scene = await Scene.Of(ledger);
        var reference = await scene.Propose("\"proposedOn\":\"1972\"");
        await scene.Act(reference, "signatures", new { party = scene.One, signedOn = "1973-05" });
        await scene.Act(reference, "signatures", new { party = scene.Two, signedOn = "1973-05-10" });

        foreach (var (asOf, status, certain) in new[] { ("1972-06-01", "proposed", "false"), ("1973-01-01", "proposed", "true"), ("1973-05-15", "underDiscussion", "false"), ("1973-05-31", "signed", "true"), ("1973-06-01", "signed", "true") })
        {
            var agreement = (await scene.Officer.Get($"/api/v1/agreements/{reference}?asOf={asOf}")).Is(200);
            Assert.Equal((asOf, status, certain), (asOf, agreement["status"], agreement["certain"]));
        }
    }

    [Fact]
    public async Task an_unchanged_agreement_is_not_sent_twice()
    {
        var scene = await Scene.Of(ledger);
        var reference = await scene.InForce("\"term\":{\"until\":\"2999-12-31\"},\"entryIntoForce\":{\"rule\":\"allParties\",\"delay\":\"P30D\"}");
        var path = $"/api/v1/agreements/{reference}";
        var first = (await scene.Officer.Get(path)).Is(200);

        var again = await scene.Officer.Get(path, ifNoneMatch: first.ETag);
        var weak = await scene.Officer.Get(path, ifNoneMatch: $"\"77\", W/{first.ETag}");

        Assert.Equal((304, "", first.ETag), (again.Status, again.Body, again.ETag));
        Assert.Equal(304, weak.Status);
        (await scene.Officer.Get(path, ifNoneMatch: "\"4\"")).Is(200);
        Assert.Equal("expired", (await scene.Officer.Get($"{path}?asOf=3000-01-01", ifNoneMatch: first.ETag)).Is(200)["status"]);
        await scene.Act(reference, "discussions", new { discussedOn = "2021-01-01", summary = "X" });
        Assert.Equal("\"6\"", (await scene.Officer.Get(path, ifNoneMatch: first.ETag)).Is(200).ETag);
    }

    [Fact]
    public async Task a_new_name_of_a_party_or_title_of_a_meeting_is_a_change()
    {
        var scene = await Scene.Of(ledger);
        var reference = await scene.Propose();
        var meeting = (await scene.Meeting(outcomes: $$"""{"kind":"discussed","agreement":"{{reference}}","summary":"X"}""")).Is(201)["reference"];
        var path = $"/api/v1/agreements/{reference}";
        var tag = (await scene.Officer.Get(path)).ETag;

        (await scene.Officer.Post($"/api/v1/meetings/{meeting}/corrections", new { corrects = 1, field = "/title", value = "Put right", reason = "Misspelt." }, ifMatch: 1)).Is(201);
        Assert.Equal("Put right", (await scene.Officer.Get(path, ifNoneMatch: tag)).Is(200)["meetings/0/title"]);
        (await ledger.Registrar.Put($"/api/v1/agencies/{scene.One}", new { name = "Renamed", kind = "agency" })).Is(200);

        Assert.Equal("Renamed", (await scene.Officer.Get(path, ifNoneMatch: tag)).Is(200)["parties/0/name"]);
    }

    [Fact]
    public async Task a_meeting_not_yet_held_on_the_day_is_not_listed_on_it()
    {
        var scene = await Scene.Of(ledger);
        var reference = await scene.Propose();
        (await scene.Meeting("2020-02-14", $$"""{"kind":"achieved","agreement":"{{reference}}","title":"Launch","occurredOn":"2019-12-18"}""")).Is(201);

        Assert.Equal("[]", (await scene.Officer.Get($"/api/v1/agreements/{reference}?asOf=2020-02-13"))["meetings"]);
        Assert.Equal("2020-02-14", (await scene.Officer.Get($"/api/v1/agreements/{reference}?asOf=2020-02-14"))["meetings/0/heldOn"]);
    }

    [Fact]
    public async Task the_changes_between_two_points_are_told_member_by_member()
    {
        var scene = await Scene.Of(ledger);
        var reference = await scene.InForce();
        var path = $"/api/v1/agreements/{reference}/changes";

        var days = (await scene.Officer.Get($"{path}?from=2020-02-01&to=2020-05-02")).Is(200);
        var versions = (await scene.Officer.Get($"{path}?from=3&to=4")).Is(200);
        var since = (await scene.Officer.Get($"{path}?from=2001-01-01T00:00:00Z")).Is(200);

        Assert.Equal(("signed", "inForce"), (days["from/status"], days["to/status"]));
        Assert.Equal(("\"signed\"", "\"inForce\""), Difference(days, "/status"));
        Assert.Equal(("null", "\"2020-05-02\""), Difference(days, "/parties/0/boundFrom"));
        Assert.Equal(("3", "4"), (versions["from/version"], versions["to/version"]));
        Assert.Equal(("null", "\"2020-05-01\""), Difference(versions, "/parties/0/ratifiedOn"));
        Assert.Equal(("0", null, "5", "inForce"), (since["from/version"], since["from/status"], since["to/version"], since["to/status"]));
        (await scene.Officer.Get(path)).IsProblem(400, "malformed");
        (await scene.Officer.Get($"{path}?from=yesterday")).IsProblem(400, "malformed");
        (await scene.Officer.Get($"{path}?from=1&to=99")).IsProblem(404, "not-found");
        (await scene.Officer.Get("/api/v1/agreements/CA-1800-0001/changes?from=1")).IsProblem(404, "not-found");

        static (string, string) Difference(Reply reply, string field)
        {
            var difference = reply.Json!["differences"]!.AsArray().Single(d => d.Text("field") == field)!;
            return (difference["from"]?.ToJsonString() ?? "null", difference["to"]?.ToJsonString() ?? "null");
        }
    }

    [Fact]
    public async Task a_document_comes_back_byte_for_byte_and_never_in_place()
    {
        var scene = await Scene.Of(ledger);
        var reference = await scene.Propose();
        var path = $"/api/v1/agreements/{reference}/documents";
        (await scene.Officer.Post(path, new { name = "été.html", mediaType = "text/html", content = "aGVsbG8=" }, ifMatch: 1)).Is(201);
        (await scene.Officer.Post(path, new { name = "été.html", mediaType = "text/html", content = "aGVsbG8=" }, ifMatch: 2)).Is(200);
        const string Hash = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

        var document = (await scene.Partner.Get($"{path}/{Hash}")).Is(200);

        Assert.Equal(("hello", "text/html"), (document.Body, document.Headers["Content-Type"]));
        Assert.StartsWith("attachment", document.Headers["Content-Disposition"], StringComparison.Ordinal);
        Assert.Equal((Hash, "5"), ((await scene.Officer.Get($"/api/v1/agreements/{reference}"))["documents/0/sha256"], (await scene.Officer.Get($"/api/v1/agreements/{reference}"))["documents/0/size"]));
        (await scene.Partner.Get($"{path}/{Hash[1..]}0")).IsProblem(404, "not-found");
    }

    [Fact]
    public async Task it_says_from_when_it_is_applied_provisionally_until_it_is_in_force()
    {
        var scene = await Scene.Of(ledger);
        var reference = await scene.InForce();
        await scene.Act(reference, "provisional-application", new { occurredOn = "2020-02-01", effectiveOn = "2020-03-01" });

        foreach (var (asOf, from) in new[] { ("2020-02-29", null), ("2020-03-01", "2020-03-01"), ("2020-05-01", "2020-03-01"), ("2020-05-02", null) })
        {
            var agreement = (await scene.Officer.Get($"/api/v1/agreements/{reference}?asOf={asOf}")).Is(200);
            var row = (await scene.Officer.Get($"/api/v1/agreements?party={scene.One}&asOf={asOf}")).Is(200);
            Assert.Equal((asOf, from, from), (asOf, agreement["provisionallyAppliedFrom"], row["items/0/provisionallyAppliedFrom"]));
        }
    }

    [Fact]
    public async Task it_names_what_cannot_have_been_so()
    {
        var scene = await Scene.Of(ledger);
        var reference = await scene.Propose();
        Assert.Empty((await scene.Officer.Get($"/api/v1/agreements/{reference}")).Is(200).Json!["flags"]!.AsArray());
        await scene.Act(reference, "terminations", new { occurredOn = "2020-02-01" });

        Assert.Equal("terminated-never-in-force", (await scene.Officer.Get($"/api/v1/agreements/{reference}")).Is(200)["flags/0"]);
    }

    [Theory]
    [InlineData("1972?")]
    [InlineData("1962-02-21/1962-11-23")]
    public async Task no_live_request_brings_a_range_or_a_day_of_which_nobody_is_sure(string day)
    {
        var scene = await Scene.Of(ledger);
        var path = $"/api/v1/agreements/{await scene.Propose()}";

        (await scene.Officer.Post($"{path}/discussions", new { discussedOn = day, summary = "Talks." }, ifMatch: 1)).IsProblem(422, "validation");
        (await scene.Officer.Post($"{path}/signatures", new { party = scene.One, signedOn = day }, ifMatch: 1)).IsProblem(422, "validation");
        (await scene.Officer.Post($"{path}/corrections", new { corrects = 1, field = "/occurredOn", value = day, reason = "Misread." }, ifMatch: 1)).IsProblem(409, "value-does-not-fit");
    }

    [Theory]
    [InlineData("asOf=2020")]
    [InlineData("asOf=2020-02-30")]
    [InlineData("asOf=")]
    [InlineData("asOf=2020-01-01&asOf=2020-01-02")]
    [InlineData("knownAt=2020-02-20")]
    [InlineData("knownAt=2020-02-20T00:00:00")]
    [InlineData("version=0")]
    [InlineData("version=-1")]
    [InlineData("version=first")]
    public async Task a_point_that_cannot_be_read_is_refused(string query)
    {
        var scene = await Scene.Of(ledger);
        var reference = await scene.Propose();
        var path = $"/api/v1/agreements/{reference}";

        (await scene.Officer.Get($"{path}?{query}")).IsProblem(400, "malformed");

        // Once an instant is settled the record never again speaks of an earlier one.
        await scene.Now(reference);
        (await scene.Officer.Get($"{path}?asOf=2020-01-01&knownAt=2999-01-01T00:00:00%2B03:00")).Is(200);
    }

    [Fact]
    public void an_answer_kept_ready_holds_nothing_but_what_its_size_is_counted_by()
    {
        // An answer that also held the agencies of its time kept every state of all of them, far beyond what answers may take together.
        var held = new[] { typeof(AgreementAnswer), typeof(AgreementHead) }.SelectMany(kind => kind.GetProperties(BindingFlags.Instance | BindingFlags.Public)).Select(member => member.PropertyType);

        Assert.All(held, kind => Assert.True(kind.IsValueType || kind == typeof(string) || kind == typeof(byte[]) || kind == typeof(AgreementHead), kind.FullName));
    }
}
