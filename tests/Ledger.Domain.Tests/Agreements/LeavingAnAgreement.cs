using Ledger.Domain.Agreements;
using static Ledger.Domain.Tests.Scene;
using static Ledger.Domain.Tests.Story;

namespace Ledger.Domain.Tests.Agreements;

public class LeavingAnAgreement
{
    [Fact]
    public void a_party_that_gave_notice_is_leaving_until_the_day_and_then_a_former_party()
    {
        var story = Given([.. InForceBetweenThree, Notified(Asi, "2019-07-01", "2019-10-01")])
            .PartyIs(Asi, PartyStatus.Party, "2019-06-30")
            .PartyIs(Asi, PartyStatus.Leaving, "2019-07-01", "2019-09-30")
            .PartyIs(Asi, PartyStatus.FormerParty, "2019-10-01")
            .Is(AgreementStatus.InForce, "2019-10-01");
        Assert.Null(story.PartyOn(Asi, "2019-06-30").WithdrawnOn);
        Assert.Equal((new DateOnly(2019, 10, 1), 5), (story.PartyOn(Asi, "2019-07-01").WithdrawnOn!.Value, story.PartyOn(Asi, "2019-07-01").WithdrawnBy!.Value));
    }

    [Fact]
    public void a_revoked_notice_leaves_the_party_a_party() =>
        Given([.. InForceBetweenThree, Notified(Asi, "2019-07-01", "2019-10-01"), Revoked(Asi, "2019-09-30")])
            .PartyIs(Asi, PartyStatus.Leaving, "2019-09-29")
            .PartyIs(Asi, PartyStatus.Party, "2019-09-30", "2019-10-01");

    [Fact]
    public void with_one_party_left_the_agreement_has_ended()
    {
        var story = Given([.. InForce, Notified(Cnes, "2019-07-01", "2019-10-01")])
            .Is(AgreementStatus.InForce, "2019-09-30")
            .Is(AgreementStatus.Terminated, "2019-10-01")
            .PartyIs(Cnes, PartyStatus.FormerParty, "2019-10-01")
            .PartyIs(Roscosmos, PartyStatus.FormerParty, "2019-10-01");
        Assert.Equal((new DateOnly(2019, 10, 1), 6), (story.On("2019-07-01").EndedOn!.Value, story.On("2019-07-01").EndedBy!.Value));
    }

    [Fact]
    public void fewer_than_brought_it_into_force_are_enough_to_keep_it() => Given([.. InForceBetweenThree, Notified(Asi, "2019-07-01"), Notified(Roscosmos, "2019-08-01")])
        .Is(AgreementStatus.InForce, "2019-07-31")
        .Is(AgreementStatus.Terminated, "2019-08-01");

    [Fact]
    public void two_that_leave_on_one_day_end_an_agreement_of_three() =>
        Given([.. InForceBetweenThree, Notified(Asi, "2019-07-01", "2019-10-01"), Notified(Cnes, "2019-08-01", "2019-10-01")])
            .Is(AgreementStatus.InForce, "2019-09-30")
            .Is(AgreementStatus.Terminated, "2019-10-01");

    [Fact]
    public void who_accedes_again_is_a_party_again()
    {
        var story = Given([.. InForceBetweenThree, Notified(Asi, "2019-07-01", "2019-08-01"), Acceded(Asi, "2019-10-01")])
            .PartyIs(Asi, PartyStatus.FormerParty, "2019-08-01", "2019-09-30")
            .PartyIs(Asi, PartyStatus.Party, "2019-10-01");
        Assert.Equal((new DateOnly(2019, 10, 1), null), (story.PartyOn(Asi, "2019-10-01").BoundFrom!.Value, story.PartyOn(Asi, "2019-10-01").WithdrawnOn));
    }

    [Fact]
    public void who_leaves_after_the_term_is_over_terminates_nothing() =>
        Given([Proposed with { Term = new(Until: D("2019-08-31")) }, .. InForce.Skip(1), Notified(Cnes, "2019-08-01", "2019-10-01")])
            .Is(AgreementStatus.Expired, "2019-09-01", "2019-10-01");

    [Fact]
    public void a_former_party_is_one_for_good() => Given([.. InForceBetweenThree, Notified(Asi, "2019-07-01")])
        .PartyIs(Asi, PartyStatus.FormerParty, "2019-07-01", "9999-12-31")
        .PartyIs(Cnes, PartyStatus.Party, "9999-12-31");
}
