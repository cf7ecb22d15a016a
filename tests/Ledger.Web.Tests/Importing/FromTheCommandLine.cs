using Ledger.Web.Access;
using Ledger.Web.Hosting;
using Ledger.Web.Store;
using Ledger.Web.Tests.Hosting;
using Xunit;

namespace Ledger.Web.Tests.Importing;

/// <summary>The commands as whoever keeps the record runs them: what they print, and how they end.</summary>
public sealed class FromTheCommandLine(RunningLedger ledger) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ledger-commands-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task a_file_is_refused_checked_and_brought_in()
    {
        await using var own = await ledger.Another();
        var auditor = await own.As("Otto", null, Roles.Auditor);
        const string one = """{"kind":"agency","code":"ONE","name":"One","agencyKind":"state"}""";
        var (bad, good) = (Write("bad.jsonl", one, """{"kind":"agency","code":"TWO","name":"Two","agencyKind":"cheese"}"""), Write("good.jsonl", one));

        var refused = await Run(own, "import", bad);
        var isChecked = await Run(own, "import", good, "--check");
        var before = await auditor.Get("/api/v1/agencies/ONE");
        var recorded = await Run(own, "import", good, "--registrar", "Rita Registrar");
        var missing = await Run(own, "import", Path.Combine(_folder, "no-such-file.jsonl"));

        Assert.Equal((1, 0, 0, 2), (refused.Code, isChecked.Code, recorded.Code, missing.Code));
        Assert.Contains("Line 2, /agencyKind: malformed.", refused.Result, StringComparison.Ordinal);
        Assert.Contains("It says: cheese", refused.Result, StringComparison.Ordinal);
        Assert.Contains("Nothing is wrong with the 1 lines.", isChecked.Result, StringComparison.Ordinal);
        before.IsProblem(404, "not-found");
        Assert.Equal("One", (await auditor.Get("/api/v1/agencies/ONE")).Is(200)["name"]);
        Assert.Contains("Recorded 1 lines as 1 entries", recorded.Result, StringComparison.Ordinal);
        Assert.Contains("There is no file", missing.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task the_record_is_given_out_with_nothing_else_between_and_over_no_other_file()
    {
        await using var own = await ledger.Another();
        var registrar = await own.As("Rita Registrar", null, Roles.Registrar);
        (await registrar.Put("/api/v1/agencies/ONE", new { name = "One", kind = "state" })).Is(201);
        var expected = (await registrar.Get("/api/v1/export")).Is(200).Body;
        var path = Path.Combine(_folder, "record.jsonl");

        var printed = await Run(own, "export");
        var written = await Run(own, "export", path);
        var refused = await Run(own, "export", path);

        Assert.Equal((0, 0, 2), (printed.Code, written.Code, refused.Code));
        Assert.Equal(expected, printed.Result);
        Assert.True(printed.Output.Length > printed.Result.Length, "Nothing was logged that could have come between.");
        Assert.Equal(expected, await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        Assert.Contains("is there already", refused.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_check_of_the_record_that_finds_a_difference_says_so_in_how_it_ends()
    {
        await using var own = await ledger.Another();
        var registrar = await own.As("Rita Registrar", null, Roles.Registrar);
        (await registrar.Put("/api/v1/agencies/ONE", new { name = "One", kind = "state" })).Is(201);
        await own.Sql("update ledger.mt_doc_agency set data = data || '{\"version\":7}' where id = 'ONE' returning 1");

        var found = await Run(own, "check");

        Assert.True(found.Code == 1, found.Output);
        Assert.Contains("Agency: 1 made; differing: ONE.", found.Result, StringComparison.Ordinal);
    }

    private Task<(int Code, string Output, string Result)> Run(OwnLedger own, params string[] arguments) => LedgerNode.Run(
        arguments,
        ("ASPNETCORE_ENVIRONMENT", "Development"),
        ("ConnectionStrings__Ledger", EmbeddedPostgres.As(LedgerRoles.Writer, own.ConnectionString)),
        ("Ledger__DataDirectory", Path.Combine(_folder, "data")),
        ("Logging__LogLevel__Default", "Debug"));

    private string Write(string name, params string[] lines)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllLines(path, lines);
        return path;
    }
}
