using System.Globalization;
using Ledger.Web.Access;
using Ledger.Web.Importing;
using Ledger.Web.Tests.Documentation;
using Xunit;

namespace Ledger.Web.Tests.Importing;

[Covers("GET /api/v1/export")]
public sealed class MovingARecord(RunningLedger ledger) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ledger-export-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task what_was_given_out_and_taken_in_elsewhere_is_given_out_byte_for_byte_again()
    {
        var (restricted, scene) = await Fill(ledger);
        var first = await Export(ledger.Registrar);
        await using var other = await ledger.Another();
        var registrar = await other.As("Rolf Registrar elsewhere", null, Roles.Registrar);

        var import = await Imports.BringIn(other.Host.Services, Write(first));

        Assert.Equal([], import.Problems);
        Assert.Equal(ImportState.Finished, import.State);
        var second = await Export(registrar);
        Assert.All(first.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Equal([], ImportLine.Problems(line)));
        Assert.Equal(first.Split('\n'), second.Split('\n'));

        // The same register, statuses and histories, with the recording of the first ledger beside that of the second.
        var (here, there) = (await ledger.Registrar.Get($"/api/v1/agreements/{restricted}/history"), await registrar.Get($"/api/v1/agreements/{restricted}/history"));
        Assert.Equal(here.Is(200).Items.Select(i => i.Text("summary")), there.Is(200).Items.Select(i => i.Text("summary")));
        Assert.Equal(here.Items.Select(i => i.Text("recordedAt")), there.Items.Select(i => i.Text("provenance/recordedAt")));
        Assert.Equal(here.Items.Select(i => i.Text("recordedBy/name")), there.Items.Select(i => i.Text("provenance/recordedBy/name")));
        Assert.All(here.Items, item => Assert.Null(item.Text("provenance")));
        Assert.Equal(await Register(ledger.Registrar, scene), await Register(registrar, scene));

        // Given once more, in another order of bytes, it is known already.
        var again = await Imports.BringIn(other.Host.Services, Write(first + "\n"));
        Assert.Equal((ImportState.Finished, 0L), (again.State, again.Entries));
    }

    [Fact]
    public async Task a_person_whose_data_were_erased_stays_so_with_the_day_and_no_more_of_them()
    {
        await using var here = await ledger.Another();
        var registrar = await here.As("Rita Registrar", null, Roles.Registrar);
        (await registrar.Put("/api/v1/agencies/ONE", new { name = "One", kind = "agency" })).Is(201);
        var meeting = (await registrar.Post("/api/v1/meetings", new { title = "Talks", heldOn = "2020-02-14", participants = new[] { new { name = "Anna Blanc", office = "President", agency = "ONE" }, new { name = "Boris Orlov", office = "Adviser", agency = "ONE" }, new { name = "Ivan Petrov", office = "Interpreter", agency = (string)null! } } })).Is(201)["reference"];
        var person = (await registrar.Get($"/api/v1/meetings/{meeting}"))["participants/0/personId"];
        (await registrar.Post($"/api/v1/persons/{person}/erasure", new { reason = "Asked for it.", legalBasis = "GDPR" })).Is(201);

        // Long ago, so that no day of today's is taken for it.
        await here.Sql($"update ledger.person set erased_at = '2019-07-05 23:59:59+00' where person_id = '{person}' returning 1");
        var first = await Export(registrar);
        await using var there = await ledger.Another();
        var import = await Imports.BringIn(there.Host.Services, Write(first));
        var elsewhere = await there.As("Rolf Registrar elsewhere", null, Roles.Registrar);

        Assert.Equal(([], ImportState.Finished), (import.Problems, import.State));
        var line = System.Text.Json.Nodes.JsonNode.Parse(first.Split('\n').Single(l => l.Contains($"{{\"kind\":\"person\",\"id\":\"{person}\"", StringComparison.Ordinal)))!.AsObject();
        Assert.Equal(["kind", "id", "nameCommitment", "officeCommitment", "erasedOn"], line.Select(member => member.Key));
        Assert.Equal(first, await Export(elsewhere));
        Assert.Equal((null, "2019-07-05", "Boris Orlov"), ((await elsewhere.Get($"/api/v1/meetings/{meeting}"))["participants/0/name"], (await elsewhere.Get($"/api/v1/meetings/{meeting}"))["participants/0/erasedOn"], (await elsewhere.Get($"/api/v1/meetings/{meeting}"))["participants/1/name"]));
        var shown = (await elsewhere.Get($"/api/v1/persons/{person}")).Is(200);
        Assert.Equal((null, "2019-07-05", null), (shown["name"], shown["erasedOn"], shown["erasure"]));

        // Erased there too, for whoever wants to be sure: the day stays.
        (await elsewhere.Post($"/api/v1/persons/{person}/erasure", new { reason = "Asked for it.", legalBasis = "GDPR" })).Is(201);
        Assert.Equal(first, await Export(elsewhere));
    }

    [Fact]
    public async Task a_person_who_is_erased_and_named_in_one_line_is_refused()
    {
        await using var here = await ledger.Another();
        var registrar = await here.As("Rita Registrar", null, Roles.Registrar);
        (await registrar.Put("/api/v1/agencies/ONE", new { name = "One", kind = "agency" })).Is(201);
        var lines = (await Export(registrar)).Split('\n');
        Assert.Contains("\"name\":\"Rita Registrar\"", lines[0], StringComparison.Ordinal);
        await using var there = await ledger.Another();

        var import = await Imports.BringIn(there.Host.Services, Write(lines[0][..^1] + ",\"erasedOn\":\"2019-07-05\"}"));

        Assert.Equal((1L, "validation", "/erasedOn"), import.Problems.Select(p => (p.Line, p.Code, p.Pointer)).First());
    }

    [Fact]
    public async Task what_older_records_said_is_given_out_byte_for_byte_again()
    {
        string[] lines =
        [
            """{"kind":"agency","code":"ONE","name":"One","agencyKind":"state"}""",
            """{"kind":"agency","code":"TWO","name":"Two","agencyKind":"organisation"}""",
            """{"kind":"agency","code":"TWO","name":"Two, renamed","agencyKind":"organisation","occurredOn":"1905?"}""",
            """{"kind":"proposed","reference":"OLD-1","title":"[2000] Imprecise","parties":["ONE","TWO"],"proposedOn":"1901","flags":["unparsed-day","act-not-mapped"],"phases":[{"title":"First","plannedEnd":"1906-05?"}],"term":{"until":"1910/1912"}}""",
            """{"kind":"signed","agreement":"OLD-1","party":"ONE","signedOn":"1902-03","signatory":{"name":"Anna Blanc","office":"Consul"}}""",
            """{"kind":"signed","agreement":"OLD-1","party":"TWO","signedOn":"1902-03-04?"}""",
            """{"kind":"ratified","agreement":"OLD-1","party":"ONE","ratifiedOn":"1901-12-31","effectiveOn":"1900"}""",
            """{"kind":"ratified","agreement":"OLD-1","party":"TWO","ratifiedOn":"1903-02-21/1903-11"}""",
            """{"kind":"phaseCompleted","agreement":"OLD-1","phase":1,"completedOn":"1899-01"}""",
            """{"kind":"extended","agreement":"OLD-1","agreedOn":"1913","until":"1920?"}""",
            """{"kind":"corrected","agreement":"OLD-1","corrects":3,"field":"/signedOn","value":"1902-04?","reason":"The archive is not sure."}""",
            """{"kind":"proposed","reference":"OLD-2","title":"Of unknown day","parties":["ONE","TWO"],"flags":["parties-not-named"]}""",
            """{"kind":"terminated","agreement":"OLD-2","occurredOn":"1890"}""",
            """{"kind":"meeting","reference":"OLD-M","title":"A conference","heldOn":"1903-01/1903-02","participants":[{"name":"Anna Blanc","agency":"ONE"}],"outcomes":[{"kind":"discussed","agreement":"OLD-1","summary":"In passing.","discussedOn":"1898?"}]}""",
            """{"kind":"minutesApproved","meeting":"OLD-M","agency":"ONE","approvedOn":"1902"}""",
        ];
        await using var here = await ledger.Another();
        var brought = await Imports.BringIn(here.Host.Services, Write(string.Join('\n', lines)));
        var registrar = await here.As("Rita Registrar", null, Roles.Registrar);
        var first = await Export(registrar);
        await using var there = await ledger.Another();
        var elsewhere = await there.As("Rolf Registrar elsewhere", null, Roles.Registrar);

        var import = await Imports.BringIn(there.Host.Services, Write(first));

        Assert.Equal(([], []), (brought.Problems, import.Problems));
        Assert.Equal(first.Split('\n'), (await Export(elsewhere)).Split('\n'));
        Assert.All(first.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Equal([], ImportLine.Problems(line)));
        Assert.True(brought.Flags.Count > 4, "Little is odd about these lines.");
        Assert.Equal(brought.Flags.OrderBy(flag => flag.Key, StringComparer.Ordinal), import.Flags.OrderBy(flag => flag.Key, StringComparer.Ordinal));
        foreach (var reference in new[] { "OLD-1", "OLD-2" })
            Assert.Equal((await registrar.Get($"/api/v1/agreements/{reference}?asOf=1904-01-01")).Is(200)["flags"], (await elsewhere.Get($"/api/v1/agreements/{reference}?asOf=1904-01-01")).Is(200)["flags"]);
    }

    [Fact]
    public async Task an_officer_is_given_what_they_may_see()
    {
        var (restricted, _) = await Fill(ledger);
        var stranger = await ledger.OfficerOf(await ledger.Agency());

        Assert.Contains(restricted, await Export(ledger.Auditor), StringComparison.Ordinal);
        Assert.DoesNotContain(restricted, await Export(stranger), StringComparison.Ordinal);
        (await ledger.Registrar.Get("/api/v1/export", accept: "text/html")).IsProblem(406, "not-acceptable");
    }

    [Fact]
    public async Task lines_that_somebody_has_changed_are_refused()
    {
        var (_, scene) = await Fill(ledger);
        var lines = (await Export(ledger.Registrar)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await using var other = await ledger.Another();
        var person = Array.FindIndex(lines, line => line.Contains("Anna Blanc", StringComparison.Ordinal));

        // A signature on which later entries rest: one of another test's may be the last of its agreement, and nothing would tell of its absence.
        var signed = Array.FindIndex(lines, line => line.Contains("\"agreement_signed\"", StringComparison.Ordinal) && line.Contains($"\"{scene.One}\"", StringComparison.Ordinal));
        var changed = lines.ToArray();
        changed[person] = changed[person].Replace("Anna Blanc", "Anna Noir", StringComparison.Ordinal);
        var without = lines.Where((_, index) => index != signed).ToArray();

        var broken = await Imports.BringIn(other.Host.Services, Write(string.Join('\n', changed)));
        var gap = await Imports.BringIn(other.Host.Services, Write(string.Join('\n', without)));

        Assert.Contains((person + 1L, "validation"), broken.Problems.Select(p => (p.Line, p.Code)));
        Assert.Contains(gap.Problems, p => p.Code is "entry-out-of-order" or "unknown-entry");
        Assert.Equal("0", await other.Sql("select count(*) from ledger.mt_events"));
    }

    private static async Task<(string Restricted, Scene Scene)> Fill(RunningLedger ledger)
    {
        var scene = await Scene.Of(ledger);
        var reference = await scene.InForce("\"visibility\":\"restricted\",\"phases\":[{\"title\":\"First\"}]");
        await scene.Act(reference, "achievements", new { occurredOn = "2020-06-01", title = "Launch", counters = new[] { new { label = "flight", value = 23.50m } } });
        await scene.Act(reference, "documents", new { name = "text.txt", mediaType = "text/plain", content = "aGVsbG8=" });
        await scene.Act(reference, "corrections", new { corrects = 2, field = "/occurredOn", value = "2020-01-31", reason = "The day stands in the minutes." });
        var meeting = (await scene.Meeting(outcomes: $$"""{"kind":"proposed","title":"New","parties":["{{scene.One}}","{{scene.Two}}"]},{"kind":"signed","agreement":"/outcomes/0","party":"{{scene.One}}","signatory":{"name":"Anna Blanc","office":"President"} },{"kind":"discussed","agreement":"{{reference}}","summary":"Обсуждение “сотрудничества”"}""")).Is(201);
        await scene.Registrar.Post($"/api/v1/meetings/{meeting["reference"]}/minutes-approvals", new { agency = scene.One, approvedOn = "2020-02-20" });
        (await scene.Registrar.Post($"/api/v1/meetings/{meeting["reference"]}/corrections", new { corrects = 1, field = "/participants/0/name", value = "Anna Blanche", reason = "Misspelt." }, ifMatch: "*")).Is(201);
        (await scene.Registrar.Post($"/api/v1/meetings/{meeting["reference"]}/corrections", new { corrects = 1, field = "/title", value = "A better title", reason = "Misspelt." }, ifMatch: "*")).Is(201);
        (await scene.Registrar.Put($"/api/v1/agencies/{scene.Three}", new { name = "Renamed", kind = "institute", occurredOn = "2019-01-01" })).Is(200);
        (await scene.Registrar.Post($"/api/v1/agencies/{scene.Two}/succession", new { successor = scene.Three, occurredOn = "2021-01-01" })).Is(201);
        return (reference, scene);
    }

    private static async Task<string> Export(Client client) => (await client.Get("/api/v1/export")).Is(200).Body;

    // Others are recording in the first ledger meanwhile: what they add is no matter here.
    private static async Task<List<string>> Register(Client client, Scene scene) =>
    [
        .. (await client.Get($"/api/v1/agreements?party={scene.One}&limit=1000")).Is(200).Items
            .Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Text("reference")} {row.Text("status")} {row.Text("version")} {row.Text("title")}")),
    ];

    private string Write(string text)
    {
        var path = Path.Combine(_folder, $"{ledger.Next()}.jsonl");
        File.WriteAllText(path, text);
        return path;
    }
}
