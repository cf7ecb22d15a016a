using Ledger.Domain.Agreements;
using static Ledger.Domain.Tests.Scene;
using static Ledger.Domain.Tests.Story;

namespace Ledger.Domain.Tests.Agreements;

public class TerminatingAnAgreement
{
    [Fact]
    public void an_agreement_is_terminated_from_a_day() => Given(InForce)
        .When(Terminate("2019-07-01", "2020-01-01", TerminationGround.LaterAgreement))
        .Then(Terminated("2019-07-01", "2020-01-01", TerminationGround.LaterAgreement));

    [Fact]
    public void a_second_termination_may_only_bring_the_end_nearer()
    {
        var story = Given([.. InForce, Terminated("2019-07-01", "2020-01-01")]);
        story.When(Terminate("2019-08-01", "2020-02-01")).ThenRefused("agreement-ended");
        story.When(Terminate("2019-08-01", "2019-12-01")).Then(Terminated("2019-08-01", "2019-12-01")).Is(AgreementStatus.Terminated, "2019-12-01");
    }

    [Fact]
    public void a_termination_in_the_course_of_a_year_is_recorded_once() => Given(InForce).When(Terminate("2019")).Then(Terminated("2019"));

    [Fact]
    public void closing_needs_every_phase_completed()
    {
        var story = Given(WithPhases("First", "Second"), Completed("phase-1", "2019-06-01"));
        story.When(Terminate("2019-07-01", ground: TerminationGround.Completion)).ThenRefused("phases-outstanding");
        story.And([Completed("phase-2", "2019-06-02")])
            .When(Terminate("2019-07-01", ground: TerminationGround.Completion))
            .Then(Terminated("2019-07-01", ground: TerminationGround.Completion));
    }

    [Fact]
    public void closing_an_agreement_without_phases_is_refused() =>
        Given(InForce).When(Terminate("2019-07-01", ground: TerminationGround.Completion)).ThenRefused("phases-outstanding");

    [Fact]
    public void a_termination_agreed_in_the_future_is_refused() => Given(InForce).When(Terminate("2020-02-21")).ThenRefused("act-in-future");

    [Fact]
    public void a_withdrawn_proposal_is_not_terminated() =>
        Given(Proposed, ProposalGone("2019-03-01")).When(Terminate("2019-03-01")).ThenRefused("agreement-ended");
}
