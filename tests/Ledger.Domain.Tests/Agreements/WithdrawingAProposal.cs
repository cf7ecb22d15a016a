using static Ledger.Domain.Tests.Scene;
using static Ledger.Domain.Tests.Story;

namespace Ledger.Domain.Tests.Agreements;

public class WithdrawingAProposal
{
    [Fact]
    public void a_proposal_is_withdrawn() => Given(Proposed).When(WithdrawTheProposal("2019-03-01")).Then(ProposalGone("2019-03-01"));

    [Fact]
    public void a_proposal_is_withdrawn_from_a_later_day_once() =>
        Given(Proposed).When(WithdrawTheProposal("2019-03-01", "2019-04-01")).Then(ProposalGone("2019-03-01", "2019-04-01"));

    [Fact]
    public void what_is_in_force_is_no_proposal_any_more()
    {
        Given(InForce).When(WithdrawTheProposal("2019-06-01")).ThenRefused("already-in-force");
        Given(InForce).When(WithdrawTheProposal("2019-05-31")).Then(ProposalGone("2019-05-31"));
    }

    [Fact]
    public void a_withdrawal_in_the_future_is_refused() => Given(Proposed).When(WithdrawTheProposal("2020-02-21")).ThenRefused("act-in-future");

    [Fact]
    public void a_terminated_agreement_has_no_proposal_to_withdraw() =>
        Given(Proposed, Terminated("2019-03-01")).When(WithdrawTheProposal("2019-03-01")).ThenRefused("agreement-ended");
}
