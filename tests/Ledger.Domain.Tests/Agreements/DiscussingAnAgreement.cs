using Ledger.Domain.Agreements;
using static Ledger.Domain.Tests.Scene;
using static Ledger.Domain.Tests.Story;

namespace Ledger.Domain.Tests.Agreements;

public class DiscussingAnAgreement
{
    [Fact]
    public void two_discussions_on_one_day_are_two_discussions() => Given(Proposed).When(Discuss("2020-02-14")).ThenEachTime(Discussed("2020-02-14"));

    [Fact]
    public void in_a_meeting_the_day_is_that_of_the_meeting_unless_given() => Given(Proposed)
        .When(s => AgreementDecider.Discuss(s, new("The plans were discussed."), InMeeting))
        .ThenEachTime(Discussed("2020-02-14") with { Meeting = "meeting-1" });

    [Fact]
    public void outside_a_meeting_a_discussion_without_a_day_is_a_fault_of_the_caller() =>
        Assert.Throws<ArgumentException>(() => AgreementDecider.Discuss(Given(Proposed).State, new("When?"), Outside));

    [Fact]
    public void the_future_cannot_have_been_discussed_in() => Given(Proposed).When(Discuss("2020-02-21")).ThenRefused("act-in-future");

    [Fact]
    public void nothing_was_discussed_before_it_was_proposed() => Given(Proposed).When(Discuss("2018-12-31")).ThenRefused("act-before-proposal");

    [Fact]
    public void a_year_that_may_lie_after_the_proposal_is_admitted() => Given(Proposed).When(Discuss("2019")).ThenEachTime(Discussed("2019"));

    [Fact]
    public void where_the_day_of_the_proposal_is_unknown_any_past_day_is_admitted() =>
        Given(Proposed with { OccurredOn = null }).When(Discuss("1972-05")).ThenEachTime(Discussed("1972-05"));

    [Fact]
    public void an_agreement_that_ended_is_discussed_no_more() =>
        Given([.. InForce, Terminated("2019-12-01")]).When(Discuss("2019-12-01")).ThenRefused("agreement-ended");

    [Fact]
    public void what_was_discussed_before_the_end_can_be_recorded_after_it() =>
        Given([.. InForce, Terminated("2019-12-01")]).When(Discuss("2019-11-30")).ThenEachTime(Discussed("2019-11-30"));
}
