using System.Diagnostics;
using System.Globalization;
using Ledger.Web.Access;
using Ledger.Web.Hosting;
using Ledger.Web.Importing;
using Ledger.Web.Tests.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace Ledger.Web.Tests.Importing;

/// <summary>The real command with its embedded store, killed while it records and run again.</summary>
public sealed class BeingKilledWhileImporting(RunningLedger ledger) : IDisposable
{
    private const int Agreements = 6_000;
    private const string Register =
        "select string_agg(d.data ->> 'reference' || ' ' || s.version, ',' order by d.data ->> 'reference') from ledger.mt_streams s join ledger.mt_doc_agreement d on d.id = s.id";

    private readonly TemporaryData _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task and_run_again_it_records_each_line_once_and_loses_none()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("ledger-import-").FullName, "killed.jsonl");
        await File.WriteAllLinesAsync(path, Lines(), TestContext.Current.CancellationToken);
        var lines = Lines().Count();

        foreach (var reached in new[] { "Recording: 2,0", "Recording: 5,0" })
            await KillOnce(path, reached);
        var (output, exitCode) = await RunToItsEnd(path);
        var (again, _) = await RunToItsEnd(path);

        Assert.True(exitCode == 0, output);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"Recorded {lines:N0} lines as {lines:N0} entries in {Agreements:N0} agreements"), output, StringComparison.Ordinal);
        Assert.Contains("Nothing was recorded.", again, StringComparison.Ordinal);

        await using var undisturbed = await ledger.Another();
        Assert.Equal(ImportState.Finished, (await Imports.BringIn(undisturbed.Host.Services, path)).State);
        await using var postgres = await EmbeddedPostgres.StartAsync(_temporary.Data, NullLogger.Instance, TestContext.Current.CancellationToken);
        Assert.Equal(lines.ToString(CultureInfo.InvariantCulture), await RunningStore.AskAsync(postgres.ConnectionString, "select count(*) from ledger.mt_events"));
        Assert.Equal("0", await RunningStore.AskAsync(postgres.ConnectionString, "select count(*) from ledger.mt_streams s where s.version <> (select count(*) from ledger.mt_events e where e.stream_id = s.id)"));
        Assert.Equal(await undisturbed.Sql(Register), await RunningStore.AskAsync(postgres.ConnectionString, Register));
        NpgsqlConnection.ClearAllPools();
    }

    [Fact]
    public async Task while_it_serves_it_finishes_the_file_once_it_is_started_again()
    {
        var body = string.Join('\n', Lines());
        var total = Lines().Count();
        var data = ("Ledger__DataDirectory", _temporary.Data.Location);
        string place;
        using (var node = await LedgerNode.Start(data))
        {
            var registrar = await node.As("Rita Registrar", Roles.Registrar);
            place = (await registrar.Send(HttpMethod.Post, "/api/v1/imports", body, ("Content-Type", "application/x-ndjson"), ("Idempotency-Key", "the-file"))).Is(202).Headers["Location"];
            await Eventually.TrueAsync(async () => (await registrar.Get(place)).Is(200)["linesDone"] != "0", "Nothing was ever recorded.");
            node.Kill();
        }

        await using (var postgres = await EmbeddedPostgres.StartAsync(_temporary.Data, NullLogger.Instance, TestContext.Current.CancellationToken))
        {
            var done = long.Parse(await RunningStore.AskAsync(postgres.ConnectionString, "select lines_done from ledger.import where state = 'writing'"), CultureInfo.InvariantCulture);
            Assert.InRange(done, 1, total - 1);
            NpgsqlConnection.ClearAllPools();
        }

        using var again = await LedgerNode.Start(data);
        var auditor = await again.As("Otto Auditor", Roles.Auditor);
        await Eventually.TrueAsync(async () => (await auditor.Get(place)).Is(200)["state"] == "finished", "The file was never finished.");
        var import = (await auditor.Get(place)).Is(200);
        Assert.Equal(($"{total}", $"{total}"), (import["linesDone"], import["entries"]));
        var replayed = await (await again.As("Rita Registrar", Roles.Registrar)).Send(HttpMethod.Post, "/api/v1/imports", body, ("Content-Type", "application/x-ndjson"), ("Idempotency-Key", "the-file"));
        Assert.Equal("true", replayed.Is(202).Headers["Idempotent-Replayed"]);
        again.Kill();

        await using var store = await EmbeddedPostgres.StartAsync(_temporary.Data, NullLogger.Instance, TestContext.Current.CancellationToken);
        Assert.Equal($"{total}", await RunningStore.AskAsync(store.ConnectionString, "select count(*) from ledger.mt_events"));
        Assert.Equal($"{Agreements}", await RunningStore.AskAsync(store.ConnectionString, "select count(*) from ledger.mt_doc_agreement"));
        Assert.Equal("0", await RunningStore.AskAsync(store.ConnectionString, "select count(*) from ledger.mt_streams s where s.version <> (select count(*) from ledger.mt_events e where e.stream_id = s.id)"));
        NpgsqlConnection.ClearAllPools();
    }

    private static IEnumerable<string> Lines()
    {
        foreach (var code in new[] { "ONE", "TWO" })
            yield return $$"""{"kind":"agency","code":"{{code}}","name":"{{code}}","agencyKind":"state"}""";
        for (var n = 1; n <= Agreements; n++)
        {
            // Every second one is given its reference by the ledger, and then nothing else can name it.
            yield return $$"""{"kind":"proposed",{{(n % 2 == 0 ? "" : $"\"reference\":\"K-{n}\",")}}"title":"Agreement {{n}}","parties":["ONE","TWO"],"proposedOn":"1990-01-01"}""";
            foreach (var party in n % 2 == 0 ? [] : new[] { "ONE", "TWO" })
            {
                yield return $$"""{"kind":"signed","agreement":"K-{{n}}","party":"{{party}}","signedOn":"1990-02-01","signatory":{"name":"Person {{n % 50}}"} }""";
                yield return $$"""{"kind":"ratified","agreement":"K-{{n}}","party":"{{party}}","ratifiedOn":"1990-03-01"}""";
            }
        }
    }

    private async Task KillOnce(string path, string reached)
    {
        using var process = Start(path);
        string? line;
        do
            line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        while (line is not null && !line.StartsWith(reached, StringComparison.Ordinal));

        Assert.True(line is not null, "The import ended before it could be killed.");
        RunningStore.Kill(_temporary.Data);
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private async Task<(string Output, int ExitCode)> RunToItsEnd(string path)
    {
        using var process = Start(path);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (output, process.ExitCode);
    }

    private Process Start(string path)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var built = Path.GetFullPath(Path.Combine(here.FullName, "../../../../../src/Ledger.Web/bin", here.Parent!.Name, here.Name, "Ledger.Web.dll"));
        return Process.Start(new ProcessStartInfo("dotnet", [built, "import", path, "--registrar", "Rita Registrar"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment = { ["ASPNETCORE_ENVIRONMENT"] = "Development", ["Ledger__DataDirectory"] = _temporary.Data.Location, ["Logging__LogLevel__Default"] = "Error" },
            WorkingDirectory = Path.GetTempPath(),
        })!;
    }
}
