using Ledger.Domain.Agreements;
using static Ledger.Domain.Tests.Scene;
using static Ledger.Domain.Tests.Story;

namespace Ledger.Domain.Tests.Agreements;

public class WithdrawingAndRevoking
{
    [Fact]
    public void a_party_gives_notice() => Given(InForceBetweenThree)
        .When(Withdraw(Asi, "2019-07-01", "2020-07-01"))
        .Then(Notified(Asi, "2019-07-01", "2020-07-01"));

    [Fact]
    public void a_notice_without_a_later_day_has_effect_at_once() => Given(InForceBetweenThree)
        .When(Withdraw(Asi, "2019-07-01"))
        .Then(Notified(Asi, "2019-07-01"))
        .PartyIs(Asi, PartyStatus.FormerParty, "2019-07-01");

    [Fact]
    public void a_notice_has_no_effect_before_it_is_given() =>
        Given(InForceBetweenThree).When(Withdraw(Asi, "2019-07-01", "2019-06-30")).ThenRefused("effect-before-notice");

    [Fact]
    public void one_notice_is_enough() => Given([.. InForceBetweenThree, Notified(Asi, "2019-07-01", "2020-07-01")])
        .When(Withdraw(Asi, "2019-08-01", "2020-08-01"))
        .ThenRefused("withdrawal-already-notified");

    [Fact]
    public void who_has_not_consented_has_nothing_to_withdraw()
    {
        Given(Proposed).When(Withdraw(Cnes, "2019-07-01")).ThenRefused("no-consent-to-withdraw");
        Given(Proposed, Signed(Cnes, "2019-02-01")).When(Withdraw(Cnes, "2019-07-01")).ThenRefused("no-consent-to-withdraw");
    }

    [Fact]
    public void who_has_left_has_nothing_to_withdraw() => Given([.. InForceBetweenThree, Notified(Asi, "2019-07-01")])
        .When(Withdraw(Asi, "2019-08-01"))
        .ThenRefused("no-consent-to-withdraw");

    [Fact]
    public void a_consent_may_be_withdrawn_before_entry_into_force() => Given(Proposed, Signed(Cnes, "2019-02-01"), Ratified(Cnes, "2019-03-01"))
        .When(Withdraw(Cnes, "2019-04-01"))
        .Then(Notified(Cnes, "2019-04-01"));

    [Fact]
    public void a_stranger_can_neither_withdraw_nor_revoke()
    {
        Given(Proposed with { Open = true }).When(Withdraw(Asi, "2019-07-01")).ThenRefused("not-a-party");
        Given(Proposed with { Open = true }).When(Revoke(Asi, "2019-07-01")).ThenRefused("not-a-party");
    }

    [Fact]
    public void the_successor_withdraws_in_the_place_of_its_predecessor() =>
        Given(ProposedBetween(Cnes, Rka, Asi), Acceded(Cnes, "2019-04-01"), Acceded(Asi, "2019-04-01"), Acceded(Rka, "2019-05-01"))
            .When(Withdraw(Roscosmos, "2019-07-01"))
            .Then(Notified(Rka, "2019-07-01") with { ActedBy = Roscosmos });

    [Fact]
    public void a_notice_is_revoked_before_it_has_effect() => Given([.. InForceBetweenThree, Notified(Asi, "2019-07-01", "2019-08-01")])
        .When(Revoke(Asi, "2019-07-31"))
        .Then(Revoked(Asi, "2019-07-31"));

    [Fact]
    public void a_notice_in_effect_is_not_revoked() => Given([.. InForceBetweenThree, Notified(Asi, "2019-07-01", "2019-08-01")])
        .When(Revoke(Asi, "2019-08-01"))
        .ThenRefused("withdrawal-in-effect");

    [Fact]
    public void where_there_is_no_notice_there_is_nothing_to_revoke()
    {
        Given(InForceBetweenThree).When(Revoke(Asi, "2019-07-01")).ThenRefused("no-withdrawal-to-revoke");
        Given([.. InForceBetweenThree, Notified(Asi, "2019-07-01", "2019-08-01")]).When(Revoke(Asi, "2019-06-30")).ThenRefused("no-withdrawal-to-revoke");
    }

    [Fact]
    public void a_notice_given_anew_after_a_revocation_has_effect() =>
        Given([.. InForceBetweenThree, Notified(Asi, "2019-07-01", "2019-12-01"), Revoked(Asi, "2019-07-15")])
            .When(Withdraw(Asi, "2019-07-16", "2019-10-01"))
            .Then(Notified(Asi, "2019-07-16", "2019-10-01"))
            .PartyIs(Asi, PartyStatus.Leaving, "2019-07-16", "2019-09-30")
            .PartyIs(Asi, PartyStatus.FormerParty, "2019-10-01");

    [Fact]
    public void a_notice_that_a_known_revocation_would_undo_at_once_is_refused_and_not_recorded_in_vain() =>
        Given([.. InForceBetweenThree, Notified(Asi, "2019-07-01", "2019-12-01"), Revoked(Asi, "2019-07-15")])
            .When(Withdraw(Asi, "2019-07-15", "2019-10-01"))
            .ThenRefused("withdrawal-already-notified");

    [Fact]
    public void neither_lies_in_the_future()
    {
        Given(InForceBetweenThree).When(Withdraw(Asi, "2020-02-21")).ThenRefused("act-in-future");
        Given([.. InForceBetweenThree, Notified(Asi, "2019-07-01", "2021-01-01")]).When(Revoke(Asi, "2020-02-21")).ThenRefused("act-in-future");
    }

    [Fact]
    public void nobody_withdraws_from_a_terminated_agreement() =>
        Given([.. InForceBetweenThree, Terminated("2019-07-01")]).When(Withdraw(Asi, "2019-07-01")).ThenRefused("agreement-ended");
}
