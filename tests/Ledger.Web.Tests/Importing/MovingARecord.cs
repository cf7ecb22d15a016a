using System.Globalization;
using Ledger.Web.Access;
using Ledger.Web.Importing;
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
