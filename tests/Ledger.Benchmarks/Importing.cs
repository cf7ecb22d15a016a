using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Ledger.Benchmarks;

/// <summary>How fast a file of an older record comes in, by the command that people run.</summary>
internal sealed class Importing(Stage stage, Scale scale)
{
    private const int Each = 10;

    // What an import fills: the entries with their streams, the current states, and what the register lists.
    private static readonly string[] Tables = ["mt_streams", "mt_events", "mt_doc_agreement", "agreement_period", "agreement_field"];

    private readonly Dictionary<string, byte[]> _rows = new(StringComparer.Ordinal);
    private int _databases;

    public async Task<IReadOnlyList<Comparison>> Run()
    {
        var file = Path.Combine(Path.GetTempPath(), $"ledger-import-{Environment.ProcessId}.jsonl");
        await File.WriteAllLinesAsync(file, Lines(scale.ImportedEvents / Each));
        try
        {
            return
            [
                await Comparison.InTurns(
                    $"bulk import of {scale.ImportedEvents:N0} entries with current states and register, checked first, without the start of the command",
                    "binary COPY of the same rows into the same tables, checks and triggers off", "entries/s",
                    Math.Min(2, scale.Rounds), _ => Import(file), _ => Copy(), 0.60),
            ];
        }
        finally
        {
            File.Delete(file);
        }
    }

    private async Task<double> Import(string file)
    {
        var database = await Ready();
        var took = await Timed(database, file);

        // The same command once more finds the file in: it starts, reads the file through for its hash, and ends.
        var start = await Timed(database, file);
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"The import took {took.TotalSeconds:0.0} s, of which its start and the hash of the file {start.TotalSeconds:0.0} s."));
        took -= start;
        await using var source = NpgsqlDataSource.Create(database);
        await using var connection = await source.OpenConnectionAsync();
        foreach (var table in Tables)
        {
            await using var copy = await connection.BeginRawBinaryCopyAsync($"copy (select * from ledger.{table}) to stdout (format binary)");
            using var rows = new MemoryStream();
            await copy.CopyToAsync(rows);
            _rows[table] = rows.ToArray();
        }

        await using var count = new NpgsqlCommand("select count(*) from ledger.mt_events where type like 'agreement%'", connection);
        return (long)(await count.ExecuteScalarAsync())! == scale.ImportedEvents
            ? scale.ImportedEvents / took.TotalSeconds
            : throw new InvalidOperationException("The import did not bring in every entry.");
    }

    private async Task<TimeSpan> Timed(string database, string file)
    {
        var clock = Stopwatch.StartNew();
        await stage.Command(database, "import", file);
        return clock.Elapsed;
    }

    private async Task<double> Copy()
    {
        var database = await Ready();
        await using var source = NpgsqlDataSource.Create(database);
        await using var connection = await source.OpenConnectionAsync();
        await using var off = new NpgsqlCommand("set session_replication_role = replica", connection);
        await off.ExecuteNonQueryAsync();
        var clock = Stopwatch.StartNew();
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var table in Tables)
        {
            await using var copy = await connection.BeginRawBinaryCopyAsync($"copy ledger.{table} from stdin (format binary)");
            await copy.WriteAsync(_rows[table]);
        }

        await transaction.CommitAsync();
        return scale.ImportedEvents / clock.Elapsed.TotalSeconds;
    }

    // An empty ledger, as a service that has started on it leaves it behind.
    private async Task<string> Ready()
    {
        var database = await stage.Database($"importing{_databases++}");
        await using var service = await stage.Service(database);
        return database;
    }

    private static IEnumerable<string> Lines(int agreements)
    {
        yield return """{"kind":"agency","code":"ONE","name":"Agency ONE","agencyKind":"agency"}""";
        yield return """{"kind":"agency","code":"TWO","name":"Agency TWO","agencyKind":"agency"}""";
        for (var n = 0; n < agreements; n++)
        {
            var reference = Agreements.Reference(n);
            var day = new DateOnly(1960, 1, 1).AddDays(n % 15_000);
            string On(int days) => day.AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            yield return $$"""{"kind":"proposed","reference":"{{reference}}","title":"Agreement {{n}} on cooperation in space","parties":["ONE","TWO"],"fields":["space"],"proposedOn":"{{On(0)}}"}""";
            for (var discussion = 1; discussion <= 5; discussion++)
                yield return $$"""{"kind":"discussed","agreement":"{{reference}}","discussedOn":"{{On(discussion)}}","summary":"Round {{discussion}} of the talks on the joint mission."}""";
            foreach (var party in new[] { "ONE", "TWO" })
                yield return $$"""{"kind":"signed","agreement":"{{reference}}","party":"{{party}}","signedOn":"{{On(30)}}"}""";
            foreach (var party in new[] { "ONE", "TWO" })
                yield return $$"""{"kind":"ratified","agreement":"{{reference}}","party":"{{party}}","ratifiedOn":"{{On(200)}}"}""";
        }
    }
}
