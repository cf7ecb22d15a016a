using System.Globalization;
using System.Text.RegularExpressions;
using AngleSharp.Html.Parser;
using Ledger.Web.Hosting;
using Xunit;

namespace Ledger.Web.Tests.Documentation;

public partial class ExplainingEveryProblem(RunningLedger ledger)
{
    [Fact]
    public void every_code_of_the_sources_has_a_page_and_every_page_a_code()
    {
        var codes = Codes().Select(c => c.Code).Distinct().Order(StringComparer.Ordinal).ToList();

        Assert.True(codes.Count > 50, "The codes were not found in the sources.");
        Assert.Equal(codes, ProblemPages.All.Keys);
    }

    [Fact]
    public void a_page_names_the_status_that_the_code_comes_with()
    {
        foreach (var (code, status) in Codes().Where(c => c.Status is not null))
            Assert.Equal((code, status!.Value), (code, ProblemPages.All[code].Status));
    }

    [Fact]
    public void a_page_shows_an_answer_of_its_own()
    {
        foreach (var page in ProblemPages.All.Values)
        {
            Assert.Equal(
                (page.Code, page.Status.ToString(CultureInfo.InvariantCulture), $"/docs/problems/{page.Code}"),
                (page.Example.Text("code"), page.Example.Text("status"), page.Example.Text("type")));
        }
    }

    [Fact]
    public void the_index_lists_every_page() => Repository.IsKeptIn(
        "# Problems\n\nEvery refusal of the Ledger has a code that stays. Each has a page that says what it means, why the rule exists and what to do next.\n\n"
        + string.Concat(ProblemPages.All.Values.OrderBy(p => p.Status).ThenBy(p => p.Code, StringComparer.Ordinal).Select(p => $"- {p.Status} [`{p.Code}`]({p.Code}.md): {p.Title}\n")),
        "docs", "problems", "index.md");

    [Fact]
    public async Task anybody_can_read_a_page_and_find_the_others()
    {
        var page = (await ledger.With(null).Get("/docs/problems/already-signed")).Is(200);
        var index = (await ledger.With(null).Get("/docs/problems")).Is(200);

        Assert.Equal("text/html; charset=utf-8", page.Headers["Content-Type"]);
        Assert.Equal("The party has signed already", new HtmlParser().ParseDocument(page.Body).QuerySelector("main h1")!.TextContent);
        Assert.Equal(
            ProblemPages.All.Keys.Select(code => $"/docs/problems/{code}"),
            new HtmlParser().ParseDocument(index.Body).QuerySelectorAll("main a").Select(a => a.GetAttribute("href")!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task a_page_carries_no_script_and_asks_nobody_for_anything()
    {
        var page = new HtmlParser().ParseDocument((await ledger.With(null).Get("/docs/problems/forbidden")).Is(200).Body);

        Assert.Empty(page.QuerySelectorAll("script, link, img, iframe, object"));
    }

    [Fact]
    public async Task a_code_that_there_is_not_has_no_page() =>
        (await ledger.With(null).Get("/docs/problems/no-such-problem")).IsProblem(404, "not-found");

    // Pages refuse nothing of their own: what they show is the API's.
    private static IEnumerable<(string Code, int? Status)> Codes() => Repository.Sources("Ledger.Domain").Concat(Repository.Sources("Ledger.Web", except: "Pages"))
        .SelectMany(source => Refusals().Matches(source))
        .Select(match => (match.Groups["code"].Value, match.Groups["status"].Success ? int.Parse(match.Groups["status"].Value, CultureInfo.InvariantCulture)
            : match.Value.StartsWith("Refuse", StringComparison.Ordinal) ? 409 : (int?)null));

    // Refuse("code", …), new Problem(409, "code", …), new("code", $"…") and the problems of a meeting.
    [GeneratedRegex("""
        \bRefuse\(\s*"(?<code>[a-z-]+)"
        |\bnew(\ Problem|\ Decision\.Refused)?\(\s*((?<status>\d{3})|status),\s*"(?<code>[a-z-]+)",
        |\bnew(\ Decision\.Refused)?\(\s*"(?<code>[a-z-]+)",\s*\$?"
        |\b(problems\.Add|Say|outcome\.Flawed)\((problems,\s)?(?<status>\d{3}),\s[^,]+,\s"(?<code>[a-z-]+)",
        """, RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace, 5000)]
    private static partial Regex Refusals();
}
