using CsCheck;
using Ledger.Web.Briefs;
using Xunit;

namespace Ledger.Web.Tests.Briefs;

public class CitingEverySentence
{
    [Fact]
    public void every_sentence_bullet_and_row_of_a_random_register_ends_with_a_citation() => RandomRegister.Drawn.Sample(
        drawn =>
        {
            foreach (var brief in Briefs(drawn.Register, drawn.Point))
            {
                foreach (var book in Phrasebook.All)
                    Assert.Empty(Cited.Missing(MarkdownBrief.Write(brief, book), book));
            }
        },
        iter: 60,
        threads: 1);

    [Fact]
    public void every_citation_points_at_an_entry_that_exists_and_gives_its_day() => RandomRegister.Drawn.Sample(
        drawn =>
        {
            var existing = drawn.Register.Agreements.SelectMany(a => ReadEntry.All(a.Entries).Select(e => (a.Agreement.Reference, e)))
                .Concat(ReadEntry.All(drawn.Register.Meeting("CM-2021-0001").Entries).Select(e => (Reference: "CM-2021-0001", e)))
                .ToDictionary(x => (x.Reference, x.e.Entry.Version), x => x.e);
            foreach (var brief in Briefs(drawn.Register, drawn.Point))
            {
                foreach (var book in Phrasebook.All)
                {
                    foreach (var (what, number, day) in Cited.Citations(MarkdownBrief.Write(brief, book)))
                    {
                        if (what == book.Word(BriefWord.Record))
                        {
                            Assert.Equal((drawn.Point.Sequence ?? number, book.Day(new DateOnly(2022, 1, 1))), (number, day));
                            Assert.InRange(number, 1, drawn.Register.Sequence);
                            continue;
                        }

                        var entry = existing[(what, number)];
                        Assert.Contains(day, new[] { entry.Event.OccurredOn, entry.Entry.Event.OccurredOn }.Select(on => on is null ? book.Word(BriefWord.Undated) : book.Day(on)));
                    }
                }
            }
        },
        iter: 50,
        threads: 1);

    [Fact]
    public void the_bottom_line_is_three_sentences() => RandomRegister.Drawn.Sample(
        drawn => Assert.All(Briefs(drawn.Register, drawn.Point), brief => Assert.Equal(3, brief.BottomLine.Length)), iter: 40, threads: 1);

    [Fact]
    public void a_sentence_without_a_citation_is_found()
    {
        var book = Phrasebook.For("en")!;
        var written = MarkdownBrief.Write(FoundingMeeting.Briefs().First().Brief, book);
        Assert.Empty(Cited.Missing(written, book));

        Assert.Single(Cited.Missing(written.Replace("- Host: ", "- Things went well. Host: ", StringComparison.Ordinal), book));
        Assert.NotEmpty(Cited.Missing(written + "- Nothing else is known.\n", book));
        Assert.NotEmpty(Cited.Missing(written + "| 2020-02-17 | 3 | CNES | Something \\[CA-2020-0001 #1, undated\\] |\n", book));
    }

    private static IEnumerable<Brief> Briefs(Register register, BriefPoint point) =>
    [
        .. register.Agreements.Select(a => register.BriefOfAgreement(a.Agreement.Reference, point)),
        register.BriefOfMeeting("CM-2021-0001", point),
        register.BriefOfPortfolio(["CNES", "ROSCOSMOS"], point with { Sequence = register.Sequence }),
    ];
}
