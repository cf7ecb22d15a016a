using System.Diagnostics;
using Ledger.Web.Access;
using Ledger.Web.Hosting;
using Ledger.Web.Store;
using Xunit;

namespace Ledger.Web.Tests.Hosting;

/// <summary>Two processes on one database.</summary>
public class RunningTwoNodes(RunningLedger ledger, ITestOutputHelper output)
{
    [Fact]
    public async Task both_record_and_read_and_when_one_is_killed_the_other_goes_on_and_its_search_catches_up()
    {
        await using var own = await ledger.Another();
        using var directories = new TemporaryDirectories();
        await own.Host.StopAsync(TestContext.Current.CancellationToken);
        using var one = await LedgerNode.Start(("ConnectionStrings__Ledger", EmbeddedPostgres.As(LedgerRoles.Writer, own.ConnectionString)), ("Ledger__DataDirectory", directories.Next()));
        using var other = await LedgerNode.Start(("ConnectionStrings__Ledger", EmbeddedPostgres.As(LedgerRoles.Writer, own.ConnectionString)), ("Ledger__DataDirectory", directories.Next()));
        var (at, atOther) = (await one.As("Rita", Roles.Registrar), await other.As("Rita", Roles.Registrar));
        foreach (var code in new[] { "ONE", "TWO" })
            (await at.Put($"/api/v1/agencies/{code}", new { name = code, kind = "agency" })).Is(201);

        for (var n = 1; n <= 6; n++)
        {
            var (writes, reads) = n % 2 == 0 ? (at, atOther) : (atOther, at);
            var reference = (await Propose(writes, $"Agreement {n}"))["reference"];
            (await reads.Get($"/api/v1/agreements/{reference}")).Is(200);
            Assert.Contains(reference, (await reads.Get("/api/v1/agreements")).Is(200).Items.Select(a => a.Text("reference")));
        }

        await Finds(atOther, "agreement", 6, (await Propose(at, "The seventh")));
        one.Kill();
        var since = Stopwatch.StartNew();
        await Finds(atOther, "eighth", 1, await Propose(atOther, "The eighth"));
        output.WriteLine($"The search had caught up {since.Elapsed.TotalSeconds:0.0} s after the kill.");
        Assert.Equal(8, (await atOther.Get("/api/v1/agreements")).Is(200).Items.Count);
    }

    private static async Task<Reply> Propose(Client by, string title) =>
        (await by.Post("/api/v1/agreements", new { title, parties = new[] { "ONE", "TWO" }, proposedOn = "2020-01-01" })).Is(201);

    // Asks again for as long as it is told to.
    private static async Task Finds(Client reader, string text, int count, Reply afterwards)
    {
        var path = $"/api/v1/agreements?q={text}&notBefore={afterwards["entries/0/sequence"]}";
        await Eventually.TrueAsync(async () => (await reader.Get(path)).Status == 200, "The search never caught up.");
        Assert.Equal(count, (await reader.Get(path)).Is(200).Items.Count);
    }

    private sealed class TemporaryDirectories : IDisposable
    {
        private readonly List<string> _made = [];

        public string Next()
        {
            _made.Add(Directory.CreateTempSubdirectory("ledger-node-").FullName);
            return _made[^1];
        }

        public void Dispose() => _made.ForEach(path => Directory.Delete(path, recursive: true));
    }
}
