using AngleSharp.Html.Parser;
using CsCheck;
using Ledger.Web.Briefs;
using Xunit;

namespace Ledger.Web.Tests.Briefs;

public class WritingHtml
{
    [Fact]
    public void the_page_names_its_language_its_title_and_its_point_of_view()
    {
        foreach (var book in Phrasebook.All)
        {
            var brief = FoundingMeeting.Briefs().First().Brief;
            var page = new HtmlParser().ParseDocument(HtmlBrief.Write(brief, book));

            Assert.Equal(book.Language, page.DocumentElement.GetAttribute("lang"));
            Assert.Equal(page.QuerySelector("h1")!.TextContent, page.Title);
            Assert.Contains(book.Instant(brief.KnownAt), page.QuerySelector("h1 + p")!.TextContent, StringComparison.Ordinal);
            Assert.Contains($"content: \"{MarkdownBrief.PointOfView(brief, book)}\"", page.QuerySelector("style")!.TextContent, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void words_of_users_never_become_markup_links_or_citations() => RandomRegister.Drawn.Sample(
        drawn =>
        {
            foreach (var brief in drawn.Register.Agreements.Select(a => drawn.Register.BriefOfAgreement(a.Agreement.Reference, drawn.Point)))
            {
                var book = Phrasebook.For("fr")!;
                var markdown = MarkdownBrief.Write(brief, book);
                var page = new HtmlParser().ParseDocument(HtmlBrief.Write(brief, book));

                Assert.Empty(page.QuerySelectorAll("script, link, img, a, b, i, iframe, object, form, input, code, del, h3, main strong em"));
                Assert.DoesNotContain(page.QuerySelectorAll("*").SelectMany(e => e.Attributes), a => a.Name.StartsWith("on", StringComparison.Ordinal) || a.Name is "src" or "href");
                Assert.Equal(Cited.Citations(markdown).Count(), page.QuerySelectorAll("cite").Length);
                Assert.DoesNotContain("#99", page.QuerySelectorAll("cite").Select(c => c.TextContent), StringComparer.Ordinal);
            }
        },
        iter: 40,
        threads: 1);

    [Fact]
    public void within_a_page_its_headings_stand_below_those_of_the_page()
    {
        var brief = FoundingMeeting.Briefs().First().Brief;
        var book = Phrasebook.For("fr")!;
        var page = new HtmlParser().ParseDocument($"<main>{HtmlBrief.Body(brief, book, heading: 2)}</main>");

        Assert.Empty(page.QuerySelectorAll("h1"));
        Assert.Equal(MarkdownBrief.Title(brief, book, markdown: false), page.QuerySelector("h2")!.TextContent);
        Assert.NotEmpty(page.QuerySelectorAll("h3"));
        Assert.Contains($"<main>\n{HtmlBrief.Body(brief, book)}</main>", HtmlBrief.Write(brief, book), StringComparison.Ordinal);
    }

    [Fact]
    public void every_row_of_the_status_table_has_its_four_cells()
    {
        var page = new HtmlParser().ParseDocument(HtmlBrief.Write(FoundingMeeting.Briefs().First().Brief, Phrasebook.For("ru")!));
        Assert.All(page.QuerySelectorAll("table tbody tr"), row => Assert.Equal(4, row.Children.Length));
        Assert.Equal(2, page.QuerySelectorAll("table").Length);
    }
}
