using System.Text.RegularExpressions;
using Xunit;

namespace Ledger.Web.Tests.Documentation;

public partial class ReadingTheReference(RunningLedger ledger)
{
    [Fact]
    public async Task anybody_can_read_it()
    {
        (await ledger.With(null).Get("/docs")).Is(302);
        var page = (await ledger.With(null).Get("/docs/")).Is(200);

        Assert.Contains("<title>The Cooperation Ledger</title>", page.Body, StringComparison.Ordinal);
        Assert.Contains("openapi/v1.json", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task it_names_no_other_host_and_may_ask_none()
    {
        var page = (await ledger.With(null).Get("/docs/")).Is(200);

        Assert.DoesNotMatch(OtherHost(), page.Body);
        Assert.Contains("default-src 'none'", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Contains("connect-src 'self'", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.DoesNotMatch(OtherHost(), page.Headers["Content-Security-Policy"]);
    }

    [Fact]
    public async Task its_script_comes_from_the_ledger_itself()
    {
        var page = (await ledger.With(null).Get("/docs/")).Is(200);
        var scripts = Script().Matches(page.Body).Select(m => m.Groups["address"].Value).ToList();

        Assert.NotEmpty(scripts);
        foreach (var script in scripts)
            Assert.Contains("javascript", (await ledger.With(null).Get($"/docs/{script}")).Is(200).Headers["Content-Type"], StringComparison.Ordinal);
    }

    [GeneratedRegex("(https?:)?//[a-z0-9]", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex OtherHost();

    [GeneratedRegex("src=\"(?<address>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Script();
}
