using System.Text.RegularExpressions;
using Ledger.Domain;
using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Domain.Days;
using Ledger.Domain.Meetings;
using Ledger.Web.Briefs;
using Xunit;

namespace Ledger.Web.Tests.Briefs;

public class KeepingToTwoPages
{
    // Measured on the printed page (Chromium, A4, the template's 9.5 points): 60 lines of about 108 characters to the page, a heading with its
    // space being two of them and a citation, which is set smaller, four fifths of its length. Four lines are left to spare.
    private const int LinesOfTwoPages = 116;
    private const int CharactersOfALine = 108;

    [Theory]
    [InlineData("en")]
    [InlineData("fr")]
    [InlineData("ru")]
    public void a_meeting_with_145_outcomes_fits_before_its_annex(string language)
    {
        var book = Phrasebook.For(language)!;
        var brief = Crowded.Meeting();
        Assert.Equal(145, brief.Annex.Length - 1);
        Assert.InRange(Lines(MarkdownBrief.Write(brief, book), book), 60, LinesOfTwoPages);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("fr")]
    [InlineData("ru")]
    public void an_agreement_and_a_portfolio_with_long_histories_fit_before_their_annex(string language)
    {
        var book = Phrasebook.For(language)!;
        Assert.All(Crowded.Others(), brief => Assert.InRange(Lines(MarkdownBrief.Write(brief, book), book), 40, LinesOfTwoPages));
    }

    [Theory]
    [InlineData("en")]
    [InlineData("fr")]
    [InlineData("ru")]
    public void the_founding_meeting_fits_with_no_word_cut(string language)
    {
        var book = Phrasebook.For(language)!;
        var written = MarkdownBrief.Write(FoundingMeeting.Briefs().First().Brief, book);
        Assert.InRange(Lines(written, book), 60, LinesOfTwoPages);
        Assert.DoesNotContain("…", written, StringComparison.Ordinal);
    }

    [Fact]
    public void words_that_are_cut_show_it()
    {
        var brief = Crowded.Meeting();
        var achieved = brief.Decisions!.Value.SelectMany(g => g.Statements).First(s => s.Key == StatementKey.Achieved);
        string[] shown =
        [
            .. brief.About.Single(s => s.Key == StatementKey.AgendaWas).Get<TextsArgument>("topics")!.Texts,
            .. achieved.Get<CountersArgument>("counters")!.Counters.Select(c => c.Label),
            .. achieved.Get<BeneficiariesArgument>("beneficiaries")!.Items.Select(i => i.Item),
        ];
        Assert.Equal(6 + 4 + 1, shown.Length);
        Assert.All(shown, text => Assert.Matches(new Regex(@"^The parties reviewed.*\w…$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)), text));
    }

    [Fact]
    public void what_is_left_out_is_counted_and_cited()
    {
        var brief = Crowded.Meeting();
        var shown = brief.Decisions!.Value.Where(g => g.Reference is not null).Sum(g => g.Statements.Length);
        var more = brief.Decisions.Value[^1].Statements.Single();

        Assert.Equal(StatementKey.MoreInAnnex, more.Key);
        Assert.Equal(145 - shown, more.Get<CountArgument>("count")!.Count);
        Assert.Equal(CitationSource.Record, more.Citations.Single().Source);
        Assert.Equal(145 - brief.Status.Length, brief.MoreStatus!.Get<CountArgument>("count")!.Count);
    }

    private static int Lines(string markdown, Phrasebook book)
    {
        var lines = 0;
        foreach (var line in markdown.Split($"## {book.Word(BriefWord.Annex)}")[0].Split('\n'))
        {
            if (line.Length == 0 || line.StartsWith("| --- |", StringComparison.Ordinal))
                continue;
            var width = Regex.Replace(line, @"\[[^\]]*\]", m => new string('c', m.Length * 4 / 5), RegexOptions.None, TimeSpan.FromSeconds(1)).Length;
            lines += line.StartsWith('#') ? 2 : (width + CharactersOfALine - 1) / CharactersOfALine;
        }

        return lines;
    }
}

/// <summary>Registers with more in them than two pages can hold.</summary>
internal static class Crowded
{
    private const string Text = "The parties reviewed the progress made since the last session and agreed to continue the work under the same terms; details were left to the joint working group, which reports in spring.";

    private static readonly BriefPoint Point = new(new DateOnly(2026, 11, 22), new DateTimeOffset(2026, 11, 22, 19, 15, 0, TimeSpan.Zero), BriefSince.After(10));

    /// <summary>A meeting with 145 outcomes on as many agreements.</summary>
    public static Brief Meeting()
    {
        var register = Filled(145);
        return register.BriefOfMeeting("CM-2026-0001", Point);
    }

    /// <summary>An agreement of 22 parties and 40 phases, and a portfolio of 145 agreements.</summary>
    public static IEnumerable<Brief> Others()
    {
        var register = Filled(145);
        yield return register.BriefOfPortfolio(["CNES", "ROSCOSMOS"], Point);

        var parties = Enumerable.Range(1, 22).Select(i => $"AGENCY-{i}").ToList();
        var many = new Register();
        foreach (var party in parties)
            many.Agency(party, $"The national space agency of country number {party}", AgencyKind.Agency, null);
        many.Add("CA-2019-0001", new AgreementProposed(Register.IdOf("CA-2019-0001"), "CA-2019-0001", Text, [.. parties])
        {
            OccurredOn = Day.On(2019, 1, 1),
            Summary = Text + Text,
            Phases = [.. Enumerable.Range(1, 40).Select(i => new ProposedPhase($"p{i}", Text, Day.On(2026, 6, 1).Earliest.AddDays(i * 7) is var d ? Day.On(d) : null))],
        });
        foreach (var party in parties.Take(21))
        {
            many.Add("CA-2019-0001", new AgreementSigned(party) { OccurredOn = Day.On(2019, 2, 1) });
            many.Add("CA-2019-0001", new AgreementDiscussed(Text) { OccurredOn = Day.On(2019, 2, 1) });
        }

        yield return many.BriefOfAgreement("CA-2019-0001", Point);
    }

    private static Register Filled(int agreements)
    {
        var register = new Register { Now = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero) };
        register.Agency("CNES", "Centre national d’études spatiales", AgencyKind.Agency, "FR");
        register.Agency("ROSCOSMOS", "Роскосмос", AgencyKind.Agency, "RU");
        var caused = new List<CausedEntry>();
        for (var i = 1; i <= agreements; i++)
        {
            var reference = $"CA-2026-{i:0000}";
            register.Add(reference, new AgreementProposed(Register.IdOf(reference), reference, $"Cooperation on subject {i} in the exploration and use of outer space for peaceful purposes", ["CNES", "ROSCOSMOS"])
            {
                OccurredOn = Day.On(2026, 1, 1),
                Phases = [new("a", "Study of the effects of the space environment on materials", Day.On(2026, 3, 1)), new("b", "Definition of the joint experiment", Day.On(2027, 3, 1))],
            });
            AgreementEvent outcome = (i % 3) switch
            {
                0 => new AgreementSigned("CNES") { OccurredOn = Day.On(2026, 11, 20), Place = "Moscow" },
                1 => new AgreementDiscussed(Text) { OccurredOn = Day.On(2026, 11, 20), Topics = [Text, Text] },
                _ => new AchievementRecorded(Text) { OccurredOn = Day.On(2026, 11, 20), Counters = [.. Enumerable.Range(1, 9).Select(n => new Counter(Text, n))], Beneficiaries = [.. Enumerable.Range(1, 9).Select(_ => new Beneficiary(Text, "CNES"))] },
            };
            caused.Add(new(Register.IdOf(reference), register.Add(reference, outcome), EventNames.Stored[outcome.GetType()]));
        }

        register.Add("CM-2026-0001", new MeetingRecorded(Register.IdOf("CM-2026-0001"), "CM-2026-0001", Text)
        {
            OccurredOn = Day.On(2026, 11, 20),
            Place = new("Moscow", "RU", "Embassy of France"),
            Host = register.Person("host", "Pierre Levy", "Ambassador of France to Russia"),
            Participants = [.. Enumerable.Range(1, 30).Select(i => new Participant(register.Person($"p{i}", $"Participant Number {i}", "Head of the department of international relations"), i % 2 == 0 ? "CNES" : "ROSCOSMOS"))],
            Agenda = [.. Enumerable.Repeat(Text, 20)],
            Entries = [.. caused],
        });
        return register;
    }
}
