using Ledger.Web.Access;
using Xunit;

namespace Ledger.Web.Tests.Documentation;

public class DescribingAccess
{
    [Fact]
    public void the_page_is_what_the_table_says() => Repository.IsKeptIn(AccessPage.Text, "docs", "access.md");
}
