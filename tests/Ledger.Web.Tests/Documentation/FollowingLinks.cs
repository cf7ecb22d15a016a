using System.Text.RegularExpressions;
using Markdig;
using Markdig.Extensions.AutoIdentifiers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Xunit;

namespace Ledger.Web.Tests.Documentation;

public partial class FollowingLinks
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UseAutoIdentifiers(AutoIdentifierOptions.GitHub).Build();

    [Fact]
    public void every_link_of_the_documentation_leads_somewhere()
    {
        var pages = Directory.GetFiles(Repository.Path("docs"), "*.md", SearchOption.AllDirectories).Append(Repository.Path("README.md")).ToList();
        var links = pages.SelectMany(page => Markdown.Parse(File.ReadAllText(page), Pipeline).Descendants<LinkInline>().Select(link => (Page: page, To: link.Url!)))
            .Where(link => !Elsewhere().IsMatch(link.To))
            .ToList();

        Assert.NotEmpty(links);
        Assert.Equal([], links.Where(link => !Leads(link.Page, link.To)).Select(link => $"{Path.GetRelativePath(Repository.Path(), link.Page)}: {link.To}"));
    }

    private static bool Leads(string page, string to)
    {
        var (file, heading) = to.Split('#') is [var before, var after] ? (before, after) : (to, null);
        var target = file.Length == 0 ? page : Path.GetFullPath(Uri.UnescapeDataString(file), Path.GetDirectoryName(page)!);
        return (File.Exists(target) || Directory.Exists(target))
            && (heading is null || Markdown.Parse(File.ReadAllText(target), Pipeline).Descendants<HeadingBlock>().Any(h => h.GetAttributes().Id == heading));
    }

    // Another site, or an address of the running Ledger.
    [GeneratedRegex("^([a-z]+:|/)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Elsewhere();
}
