using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;

namespace Ledger.Benchmarks;

/// <summary>How fast acts and meetings are recorded over HTTP, each with token, idempotency key and expected version.</summary>
internal sealed class Writing(Stage stage, Scale scale)
{
    private const int Clients = 16;
    private const string Act = "record one act over HTTP";
    private const string ActByPgBench = "the same rows by pgbench";
    private const string ActByEntityFramework = "an act by ASP.NET + EF Core";
    private const string Meeting = "record a meeting touching six agreements";

    private readonly Meter _meter = new(stage);
    private readonly int[] _versions = [.. Enumerable.Repeat(1, Clients * scale.WrittenAgreements)];
    private readonly int[] _next = new int[Clients];

    public async Task<IReadOnlyList<Comparison>> Run()
    {
        var database = await stage.Database("writing");
        await using var service = await stage.Service(database);
        var registrar = stage.Token("Registrar", null, "registrar");
        var officer = stage.Token("Officer", "ONE", "officer");
        await Agreements.Prepare(service, registrar, (Clients * scale.WrittenAgreements) + 1);

        // As many discussions as an agreement has half way through the measuring.
        var sample = Agreements.Reference(Clients * scale.WrittenAgreements);
        for (var n = 0; n < 3; n++)
            await service.Write(officer, HttpMethod.Post, $"/api/v1/agreements/{sample}/discussions", JsonNode.Parse(On(n))!);

        // Whoever writes first pays for compiling, which goes on for most of a minute, and for statements to be prepared.
        for (var n = 1; n <= 8; n++)
            await Acts(service, officer, -n);
        var baseline = await PgBench.OfActs(database, sample, scale.WrittenAgreements, scale.Time);
        var acts = await Comparison.InTurns(
            "record one act over HTTP: token, idempotency key, expected version, event, current status, commit",
            "the same rows by prepared SQL in two round trips from pgbench",
            "acts/s", scale.Rounds, round => Acts(service, officer, round), _ => _meter.Measure(ActByPgBench, null, baseline), 0.55);

        var efDatabase = await stage.Database("plain");
        await PreparePlain(efDatabase);
        await using var plain = await stage.Rival("write", efDatabase);
        await Plain(plain, officer, -1);
        var entity = await Comparison.InTurns(
            "the same", "plain ASP.NET + EF Core writing the row and an audit row, with token and key", "acts/s",
            scale.Rounds, round => Acts(service, officer, 100 + round), round => Plain(plain, officer, round), 1.1);

        await Meetings(service, officer, -1);
        var meetings = await Comparison.InTurns(
            Meeting, "entries a second of the first row", "entries/s",
            scale.Rounds, round => Meetings(service, officer, round), round => Acts(service, officer, 200 + round), 3);
        return [acts with { Costs = _meter.Costs }, entity, meetings];
    }

    // Each discussion on a day of its own, so that every one changes what the register lists.
    private static string On(int n) =>
        $$"""{"discussedOn":"{{new DateOnly(2020, 2, 15).AddDays(n % 2_400):yyyy-MM-dd}}","summary":"The parties reviewed the preparation of the joint mission and agreed on the next steps."}""";

    private Task<double> Acts(Running service, string token, int round) => _meter.Measure(
        round < 0 ? $"{Act}, warming up" : Act, service, () => Load.Run(service.Address, Clients, scale.Time, (client, n) =>
        {
            var (agreement, version) = Next(client);
            return Load.Request("POST", $"/api/v1/agreements/{agreement}/discussions", token, On(version),
                ("Idempotency-Key", $"act-{round}-{client}-{n}"), ("If-Match", $"\"{version - 1}\""));
        }, 201));

    private async Task<double> Meetings(Running service, string token, int round) => 7 * await _meter.Measure(
        round < 0 ? $"{Meeting}, warming up" : Meeting, service, () => Load.Run(service.Address, Clients, scale.Time, (client, n) =>
        {
            var outcomes = Enumerable.Range(0, 6).Select(_ => Next(client).Agreement)
                .Select(agreement => $$"""{"kind":"discussed","agreement":"{{agreement}}","summary":"The parties reviewed the preparation of the joint mission."}""");
            return Load.Request("POST", "/api/v1/meetings", token,
                $$"""{"title":"Review","heldOn":"{{new DateOnly(2024, 5, 17).AddDays(n % 600):yyyy-MM-dd}}","place":{"city":"Paris","country":"FR"},"participants":[{"name":"Anna Berg","office":"Director","agency":"ONE"}],"outcomes":[{{string.Join(',', outcomes)}}]}""",
                ("Idempotency-Key", $"meeting-{round}-{client}-{n}"));
        }, 201));

    // A client takes its agreements in turns, so that they all grow alike: how much there is to read and write of each stays the same for whoever is measured when.
    private (string Agreement, int Version) Next(int client)
    {
        var agreement = (client * scale.WrittenAgreements) + (_next[client]++ % scale.WrittenAgreements);
        return (Agreements.Reference(agreement), ++_versions[agreement]);
    }

    private async Task PreparePlain(string database)
    {
        await using var records = new Records(new DbContextOptionsBuilder<Records>().UseNpgsql(database).Options);
        await records.Database.EnsureCreatedAsync();
        records.Rows.AddRange(Enumerable.Range(0, Clients * scale.WrittenAgreements).Select(n => new Row { Id = Agreements.Reference(n), Title = "Agreement on cooperation in space", Status = "proposed", Version = 1 }));
        await records.SaveChangesAsync();
    }

    private Task<double> Plain(Running plain, string token, int round) => _meter.Measure(
        round < 0 ? $"{ActByEntityFramework}, warming up" : ActByEntityFramework, plain, () => Load.Run(plain.Address, Clients, scale.Time, (client, n) => Load.Request(
            "POST", $"/write/{Agreements.Reference((client * scale.WrittenAgreements) + (n % scale.WrittenAgreements))}", token, On(n),
            ("Idempotency-Key", $"act-{round}-{client}-{n}"), ("If-Match", "*")), 201));
}

/// <summary>The agreements that measurements work on.</summary>
internal static class Agreements
{
    public static string Reference(int n) => string.Create(CultureInfo.InvariantCulture, $"B-{n:00000000}");

    /// <summary>Registers two agencies and records this many agreements of theirs, by meetings.</summary>
    public static async Task Prepare(Running service, string registrar, int count)
    {
        foreach (var code in new[] { "ONE", "TWO" })
            await service.Write(registrar, HttpMethod.Put, $"/api/v1/agencies/{code}", new JsonObject { ["name"] = $"Agency {code}", ["kind"] = "agency" });
        foreach (var some in Enumerable.Range(0, count).Chunk(500))
        {
            await service.Write(registrar, HttpMethod.Post, "/api/v1/meetings", new JsonObject
            {
                ["title"] = "Start",
                ["heldOn"] = "2020-02-14",
                ["participants"] = new JsonArray(new JsonObject { ["name"] = "Anna Berg", ["agency"] = "ONE" }),
                ["outcomes"] = new JsonArray([.. some.Select(n => new JsonObject
                {
                    ["kind"] = "proposed",
                    ["reference"] = Reference(n),
                    ["title"] = $"Agreement {n} on cooperation in space",
                    ["parties"] = new JsonArray("ONE", "TWO"),
                })]),
            });
        }
    }
}
