using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;
using Ledger.Benchmarks;
using Ledger.Web.Tests.Documentation;

namespace Ledger.Fuzz;

/// <summary>A run from the empty record to the report.</summary>
internal static class Run
{
    // One caller of this machine sends more than a thousand people do.
    private static readonly Dictionary<string, string> Settings = [];

    // Fewer than a core each: what is under test needs the others.
    private const int Players = 4;

    // So many requests of each between two counts of the store.
    private const int Between = 500;

    public static async Task<int> Of(long requests, ulong seed, string? program, string? file)
    {
        await using var stage = await Stage.Set(program);
        var database = await stage.Database("fuzz");
        var log = Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"ledger-fuzz-{Environment.ProcessId}.log"));
        await using var service = await stage.Service(database, log, Settings);
        using var http = new HttpClient { BaseAddress = service.Address };
        var document = new ApiDocument(JsonNode.Parse(await http.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)))!);
        var codes = Directory.EnumerateFiles(Path.Combine(Stage.Root, "docs", "problems"), "*.md").Select(f => Path.GetFileNameWithoutExtension(f)!).ToHashSet();

        var report = new Report(requests);
        var ground = new Ground(service.Address, new Judge(document, codes), new Accounts(database), report, Signing(stage), seed);
        await Phase(ground, "players", () => Play(ground, requests * 85 / 100));
        await Phase(ground, "races", () =>
        {
            new Races(ground).Run(requests * 10 / 100);
            return Task.CompletedTask;
        });
        await Phase(ground, "accounts", () => Count(ground));
        await Phase(ground, "pages", async () =>
        {
            using var visits = new PageVisits(ground);
            var before = await ground.Accounts.Entries();
            visits.Run(requests * 5 / 100);

            // A page does not say which entries it recorded.
            var more = await ground.Accounts.Entries() - before;
            if (more > visits.Taken)
                report.Add(new("accounts", "the pages", $"{more} entries were recorded, and {visits.Taken} forms taken.", "# the seed shows it again"));
        });
        report.Say(isLast: true);

        foreach (var operation in ground.Judge.Operations.Keys.Where(o => report.Successes(o) == 0))
            report.Add(new("never succeeded", operation, "No request was answered with success: nothing is known of what lies behind.", "# see the table"));
        var text = report.Write(seed, ground.Accounts.Total);
        if (file is not null)
            await File.WriteAllTextAsync(file, text);
        else
            await Console.Out.WriteLineAsync(text);
        if (report.Findings.Any())
        {
            await Console.Error.WriteLineAsync($"{report.Findings.Count()} findings; what the service said meanwhile is in {log}.");
            return 1;
        }

        File.Delete(log);
        return 0;
    }

    // Whatever becomes of one phase, the others are played and the report is written.
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A mistake of the fuzzer's own may be of any type.")]
    private static async Task Phase(Ground ground, string name, Func<Task> phase)
    {
        try
        {
            await phase();
        }
        catch (Exception failure)
        {
            ground.Failed(name, failure, null);
        }
    }

    private static async Task Play(Ground ground, long requests)
    {
        var players = Enumerable.Range(0, Players).Select(n => new Player(ground, string.Create(CultureInfo.InvariantCulture, $"P{n}"), (uint)n)).ToList();
        while (ground.Report.Requests < requests && !players.TrueForAll(p => p.HasGivenUp))
        {
            var share = (int)Math.Clamp((requests - ground.Report.Requests) / Players, 1, Between);
            var threads = players.Select(p => new Thread(() => p.Play(share))).ToList();
            threads.ForEach(t => t.Start());
            threads.ForEach(t => t.Join());
            await Phase(ground, "accounts", () => Count(ground));
        }

        players.ForEach(p => p.Dispose());
    }

    // Nobody records meanwhile.
    private static async Task Count(Ground ground)
    {
        foreach (var (sentence, shot) in await ground.Accounts.Settle())
            ground.Report.Add(new("accounts", shot?.Operation ?? "the store", sentence, shot?.Curl(ground.Address) ?? "# the seed shows it again"));
    }

    private static Func<string, string?, string?, Person> Signing(Stage stage)
    {
        var gate = new Lock();
        return (name, agency, role) =>
        {
            lock (gate)
                return new Person(name, agency, role, stage.Token(name, agency, role));
        };
    }
}
