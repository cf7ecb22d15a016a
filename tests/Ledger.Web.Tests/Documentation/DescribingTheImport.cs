using Ledger.Web.Importing;
using Xunit;

namespace Ledger.Web.Tests.Documentation;

public class DescribingTheImport
{
    [Fact]
    public void the_schema_is_what_the_code_reads() => Repository.IsKeptIn(ImportSchema.Text, "docs", "import.schema.json");

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
