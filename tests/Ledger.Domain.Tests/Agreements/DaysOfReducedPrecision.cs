using Ledger.Domain.Agreements;
using Ledger.Domain.Days;
using static Ledger.Domain.Tests.Scene;
using static Ledger.Domain.Tests.Story;

namespace Ledger.Domain.Tests.Agreements;

public class DaysOfReducedPrecision
{
    [Fact]
    public void an_act_of_a_year_counts_from_its_last_day_and_is_uncertain_before() => Given(Proposed with { OccurredOn = D("1970-01-01") }, Discussed("1972"))
        .Is(AgreementStatus.Proposed, "1971-12-31")
        .IsPerhaps(AgreementStatus.Proposed, "1972-01-01", "1972-12-30")
        .Is(AgreementStatus.UnderDiscussion, "1972-12-31");

    [Fact]
    public void an_act_of_a_month_counts_from_its_last_day_and_is_uncertain_before() => Given(Proposed with { OccurredOn = D("1970-01-01") }, Discussed("1972-02"))
        .Is(AgreementStatus.Proposed, "1972-01-31")
        .IsPerhaps(AgreementStatus.Proposed, "1972-02-01", "1972-02-28")
        .Is(AgreementStatus.UnderDiscussion, "1972-02-29");

    [Fact]
    public void a_proposal_of_a_year_may_have_been_made_on_any_of_its_days()
    {
        var story = Given(Proposed with { OccurredOn = D("1972") });
        Assert.Null(Standing.Of(story.State, new DateOnly(1971, 12, 31)));
        story.IsPerhaps(AgreementStatus.Proposed, "1972-01-01", "1972-12-30").Is(AgreementStatus.Proposed, "1972-12-31");
    }

    [Fact]
    public void a_delay_that_began_in_the_course_of_a_month_ends_in_the_course_of_another() =>
        Given(With(new(EntryIntoForceRule.AllParties) { Delay = Period.Parse("P3M") }, Cnes, Roscosmos), Acceded(Cnes, "2019-02-01"), Acceded(Roscosmos, "2019-03"))
            .IsPerhaps(AgreementStatus.PartiallyRatified, "2019-03-01", "2019-03-30")
            .Is(AgreementStatus.PartiallyRatified, "2019-03-31", "2019-05-31")
            .IsPerhaps(AgreementStatus.PartiallyRatified, "2019-06-01", "2019-06-29")
            .Is(AgreementStatus.InForce, "2019-06-30");

    [Fact]
    public void a_term_counted_from_the_course_of_a_month_ends_in_the_course_of_another() =>
        Given(Proposed with { Term = new(Length: Period.Parse("P3M")) }, Acceded(Cnes, "2019-02-01"), Acceded(Roscosmos, "2019-03"))
            .Is(AgreementStatus.InForce, "2019-03-31", "2019-06-01")
            .IsPerhaps(AgreementStatus.InForce, "2019-06-02", "2019-06-30")
            .Is(AgreementStatus.Expired, "2019-07-01");

    [Fact]
    public void a_term_until_a_year_is_over_after_its_last_day() => Given([Proposed with { Term = new(Until: D("2020")) }, .. InForce.Skip(1)])
        .IsPerhaps(AgreementStatus.InForce, "2020-01-01", "2020-12-31")
        .Is(AgreementStatus.Expired, "2021-01-01");

    [Fact]
    public void a_receipt_in_the_course_of_a_month_is_uncertain_until_its_end() =>
        Given(Proposed, Acceded(Cnes, "2019-02-01"), Acceded(Roscosmos, "2019-03-01", received: "2019-04"))
            .Is(AgreementStatus.PartiallyRatified, "2019-03-31")
            .IsPerhaps(AgreementStatus.PartiallyRatified, "2019-04-01", "2019-04-29")
            .Is(AgreementStatus.InForce, "2019-04-30");

    [Fact]
    public void where_the_day_of_the_proposal_is_unknown_the_rest_works_and_says_so()
    {
        var unknown = Proposed with { OccurredOn = null };
        Given(unknown).IsPerhaps(AgreementStatus.Proposed, "0001-01-01", "2020-02-12").Is(AgreementStatus.Proposed, "2020-02-13");
        Given(unknown, Discussed("1972-05-10"))
            .IsPerhaps(AgreementStatus.Proposed, "1972-05-09")
            .Is(AgreementStatus.UnderDiscussion, "1972-05-10");
        Given([unknown, .. InForce.Skip(1)]).Is(AgreementStatus.InForce, "2019-06-01");
    }

    [Fact]
    public void what_an_older_arrangement_achieved_does_not_make_the_proposal_older_for_certain() =>
        Given(Proposed, Achieved("The first launch", "2011-10-21"))
            .IsPerhaps(AgreementStatus.Proposed, "2011-10-21", "2018-12-31")
            .Is(AgreementStatus.Proposed, "2019-01-01");

    [Fact]
    public void those_that_joined_an_open_agreement_in_an_order_unknown_are_compared_one_by_one() =>
        Given(Proposed with { Open = true }, Acceded(Nasa, "2019"), Signed(Asi, "2019-06-01")).Is(AgreementStatus.PartiallyRatified, "2020-01-01");

    [Fact]
    public void a_notice_of_a_year_was_given_by_the_day_it_had_effect() =>
        Given(With(new(EntryIntoForceRule.Count) { Count = 2 }, Cnes, Roscosmos, Asi), Acceded(Cnes, "2019-02-01"), Acceded(Roscosmos, "2019-02-01"), Acceded(Asi, "2019-08-05"))
            .When(Withdraw(Asi, "2019", "2019-06-03"))
            .ThenRefused("no-consent-to-withdraw");

    [Fact]
    public void of_two_discussions_that_count_from_one_day_the_closer_known_is_the_last() =>
        Assert.Equal(D("2019-12"), Given(Proposed, Discussed("2019-12"), Discussed("2019")).On("2020-01-01").LastDiscussed!.On);

    [Fact]
    public void the_phases_of_a_proposal_are_foreseen_on_whichever_day_of_the_year_it_was_made() =>
        Assert.Single(Given(WithPhases("First") with { OccurredOn = D("2019") }).On("2019-05-05").Phases);

    [Fact]
    public void an_act_of_a_range_counts_from_its_last_day_and_is_uncertain_before() => Given(Proposed with { OccurredOn = D("1960-01-01") }, Discussed("1962-02-21/1962-11-23"))
        .Is(AgreementStatus.Proposed, "1962-02-20")
        .IsPerhaps(AgreementStatus.Proposed, "1962-02-21", "1962-11-22")
        .Is(AgreementStatus.UnderDiscussion, "1962-11-23");

    [Fact]
    public void what_the_source_is_not_sure_of_counts_as_it_stands_and_leaves_nothing_certain_from_then_on() =>
        Given(Proposed with { OccurredOn = D("1960-01-01") }, Discussed("1962-05?"), Acceded(Cnes, "1970-01-01"), Acceded(Roscosmos, "1970-01-01"))
            .Is(AgreementStatus.Proposed, "1962-04-30")
            .IsPerhaps(AgreementStatus.Proposed, "1962-05-01", "1962-05-30")
            .IsPerhaps(AgreementStatus.UnderDiscussion, "1962-05-31", "1969-12-31")
            .IsPerhaps(AgreementStatus.InForce, "1970-01-01", "2020-01-01");

    [Fact]
    public void a_day_of_which_the_source_is_not_sure_breaks_no_order_for_certain()
    {
        Given(Proposed).When(Discuss("2018?")).ThenEachTime(Discussed("2018?"));
        Assert.Empty(Flags.Of(Given(Proposed, Discussed("2018?"), Ratified(Cnes, "2019-05-01", received: "2019-04-01?"), Signed(Cnes, "2019-06?")).State));
    }

    [Theory]
    [InlineData("2019-02?")]
    [InlineData("2019-01-05/2019-02-11")]
    public void a_correction_brings_in_no_such_day(string day)
    {
        Given(Proposed, Signed(Cnes, "2019-02-01")).WhenCorrecting(2, "/occurredOn", day).ThenRefused("value-does-not-fit", "/value");
        Given(WithPhases("First")).WhenCorrecting(1, "/phases/0/plannedEnd", day).ThenRefused("value-does-not-fit", "/value");
        Given(Proposed, Signed(Cnes, day)).WhenCorrecting(2, "/place", "Paris").Then(CorrectedEntry(2, "/place", null, "Paris"));
        Given(Proposed, Signed(Cnes, day)).WhenCorrecting(2, "/occurredOn", "2019-02-01").Then(CorrectedEntry(2, "/occurredOn", day, "2019-02-01"));
    }
}
