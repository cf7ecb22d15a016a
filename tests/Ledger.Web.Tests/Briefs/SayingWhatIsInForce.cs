using Ledger.Domain.Agreements;
using Ledger.Domain.Days;
using Ledger.Web.Briefs;
using Xunit;

namespace Ledger.Web.Tests.Briefs;

public class SayingWhatIsInForce
{
    [Theory]
    [InlineData("2020-01-20", "1 party of 2 has consented to be bound by the agreement; it is not yet in force [CA-2020-0001 #3, 10 Jan 2020].")]
    [InlineData("2020-02-10", "The conditions for entry into force are met, and the agreement is in force from 1 Mar 2020 [CA-2020-0001 #3, 10 Jan 2020] [CA-2020-0001 #4, 5 Feb 2020].")]
    [InlineData("2020-03-01", "The agreement has been in force since 1 Mar 2020 [CA-2020-0001 #3, 10 Jan 2020] [CA-2020-0001 #4, 5 Feb 2020].")]
    public void the_first_sentence_cites_the_entries_by_which_the_rule_was_met(string asOf, string sentence) =>
        Assert.Equal(sentence, Phrasebook.For("en")!.CitedSentence(Ratified().BriefOfAgreement("CA-2020-0001", Point(asOf)).BottomLine[0]));

    [Fact]
    public void what_changed_begins_with_the_status()
    {
        var changes = Ratified().BriefOfAgreement("CA-2020-0001", Point("2020-03-01") with { Since = BriefSince.After(3) }).Changes!.Value.Single().Statements;
        Assert.Equal(
            [
                "The status went from partially ratified to in force [CA-2020-0001 #3, 10 Jan 2020] [CA-2020-0001 #4, 5 Feb 2020].",
                "ROSCOSMOS consented to be bound (ratification) [CA-2020-0001 #4, 5 Feb 2020].",
            ],
            changes.Select(Phrasebook.For("en")!.CitedSentence));
    }

    [Fact]
    public void on_a_day_before_the_proposal_the_brief_says_so()
    {
        var brief = Ratified().BriefOfAgreement("CA-2020-0001", Point("2019-12-31"));
        Assert.Equal("By what the record shows, the agreement had not been proposed by 31 Dec 2019 [CA-2020-0001 #1, 1 Jan 2020].", Phrasebook.For("en")!.CitedSentence(brief.BottomLine[0]));
        Assert.Empty(brief.Annex);
    }

    private static BriefPoint Point(string asOf) => new(Day.Parse(asOf).Latest, new DateTimeOffset(2020, 12, 1, 0, 0, 0, TimeSpan.Zero));

    private static Register Ratified()
    {
        var register = new Register();
        register.Add("CA-2020-0001", new AgreementProposed(Register.IdOf("CA-2020-0001"), "CA-2020-0001", "Cardiomed", ["CNES", "ROSCOSMOS"])
        {
            OccurredOn = Day.On(2020, 1, 1),
            EntryIntoForce = new(EntryIntoForceRule.AllParties) { FirstOfMonth = true },
        });
        register.Add("CA-2020-0001", new AgreementDiscussed("Text agreed.") { OccurredOn = Day.On(2020, 1, 2) });
        register.Add("CA-2020-0001", new AgreementRatified("CNES", Instrument.Ratification) { OccurredOn = Day.On(2020, 1, 10) });
        register.Add("CA-2020-0001", new AgreementRatified("ROSCOSMOS", Instrument.Ratification) { OccurredOn = Day.On(2020, 2, 5) });
        return register;
    }
}
