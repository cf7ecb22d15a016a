using Ledger.Domain.Agreements;
using static Ledger.Domain.Tests.Scene;
using static Ledger.Domain.Tests.Story;

namespace Ledger.Domain.Tests.Agreements;

public class SuspendingAndResumingAnAgreement
{
    [Fact]
    public void an_agreement_in_force_is_suspended() => Given(InForce).When(Suspend("2019-07-01")).Then(Suspended("2019-07-01"));

    [Fact]
    public void a_suspension_may_be_agreed_for_a_later_day() =>
        Given(InForce).When(Suspend("2019-07-01", "2020-07-01")).Then(Suspended("2019-07-01", "2020-07-01"));

    [Fact]
    public void what_is_not_in_force_cannot_be_suspended()
    {
        Given(Proposed).When(Suspend("2019-07-01")).ThenRefused("not-in-force");
        Given(InForce).When(Suspend("2019-05-31")).ThenRefused("not-in-force");
        Given(InForce).When(Suspend("2019-05-31", "2019-06-01")).Then(Suspended("2019-05-31", "2019-06-01"));
    }

    [Fact]
    public void what_is_suspended_cannot_be_suspended_again() => Given([.. InForce, Suspended("2019-07-01")])
        .When(Suspend("2019-08-01"))
        .ThenRefused("already-suspended");

    [Fact]
    public void what_is_suspended_is_resumed() => Given([.. InForce, Suspended("2019-07-01")]).When(Resume("2019-08-01")).Then(Resumed("2019-08-01"));

    [Fact]
    public void what_is_not_suspended_cannot_be_resumed()
    {
        Given(InForce).When(Resume("2019-08-01")).ThenRefused("not-suspended");
        Given([.. InForce, Suspended("2019-07-01")]).When(Resume("2019-06-30")).ThenRefused("not-suspended");
    }

    [Fact]
    public void what_was_resumed_may_be_suspended_again_on_the_same_day() => Given([.. InForce, Suspended("2019-07-01"), Resumed("2019-08-01")])
        .When(Suspend("2019-08-01"))
        .Then(Suspended("2019-08-01"))
        .Is(AgreementStatus.Suspended, "2019-08-01", "2019-08-02");

    [Fact]
    public void what_was_suspended_may_be_resumed_on_the_same_day() => Given([.. InForce, Suspended("2019-07-01")])
        .When(Resume("2019-07-01"))
        .Then(Resumed("2019-07-01"))
        .Is(AgreementStatus.InForce, "2019-07-01", "2019-07-02");

    [Fact]
    public void an_act_that_others_of_its_day_leave_without_effect_is_refused_and_not_recorded_in_vain()
    {
        Given([.. InForce, Suspended("2019-08-01"), Suspended("2019-07-01")]).When(Resume("2019-08-01")).ThenRefused("not-suspended");
        Given([.. InForce, Suspended("2019-07-01"), Resumed("2019-08-01"), Resumed("2019-08-01")]).When(Suspend("2019-08-01")).ThenRefused("already-suspended");
    }

    [Fact]
    public void neither_lies_in_the_future()
    {
        Given(InForce).When(Suspend("2020-02-21")).ThenRefused("act-in-future");
        Given([.. InForce, Suspended("2019-07-01")]).When(Resume("2020-02-21")).ThenRefused("act-in-future");
    }

    [Fact]
    public void a_terminated_agreement_is_neither_suspended_nor_resumed()
    {
        Given([.. InForce, Terminated("2019-07-01")]).When(Suspend("2019-07-01")).ThenRefused("agreement-ended");
        Given([.. InForce, Suspended("2019-06-15"), Terminated("2019-07-01")]).When(Resume("2019-07-01")).ThenRefused("agreement-ended");
    }
}
