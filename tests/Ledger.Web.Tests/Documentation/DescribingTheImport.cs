using Ledger.Web.Importing;
using Xunit;

namespace Ledger.Web.Tests.Documentation;

public class DescribingTheImport(RunningLedger ledger)
{
    [Fact]
    public void the_schema_is_what_the_code_reads() => Repository.IsKeptIn(ImportSchema.Text, "docs", "import.schema.json");

    [Fact]
    public async Task the_schema_is_given_to_anybody_by_a_running_ledger()
    {
        using var answer = await ledger.Host.Server.CreateClient().GetAsync(new Uri("/docs/import.schema.json", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal("application/schema+json", answer.EnsureSuccessStatusCode().Content.Headers.ContentType?.MediaType);
        Assert.Equal(ImportSchema.Text, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void the_schema_knows_every_kind_of_line() =>
        Assert.Equal(ImportLineReader.KindsOfLines, ImportLineReader.Members.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void the_page_names_every_kind_of_line()
    {
        var page = File.ReadAllText(Repository.Path("docs", "import.md"));

        Assert.All(ImportLineReader.KindsOfLines, kind => Assert.Contains($"`{kind}`", page, StringComparison.Ordinal));
    }
}
