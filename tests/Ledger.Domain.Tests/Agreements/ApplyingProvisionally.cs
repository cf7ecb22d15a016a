using Ledger.Domain.Agreements;
using static Ledger.Domain.Tests.Scene;
using static Ledger.Domain.Tests.Story;

namespace Ledger.Domain.Tests.Agreements;

public class ApplyingProvisionally
{
    [Fact]
    public void what_is_not_in_force_may_be_applied() => Given(Proposed, Signed(Cnes, "2019-02-01"))
        .When(ApplyProvisionally("2019-02-01", "2019-03-01"))
        .Then(AppliedProvisionally("2019-02-01", "2019-03-01"));

    [Fact]
    public void it_is_applied_from_the_day_of_effect_until_entry_into_force_and_keeps_its_status()
    {
        var story = Given(Proposed, AppliedProvisionally("2019-02-01", "2019-03-01"), Acceded(Cnes, "2019-05-01"), Acceded(Roscosmos, "2019-06-01"))
            .Is(AgreementStatus.Proposed, "2019-03-01")
            .Is(AgreementStatus.PartiallyRatified, "2019-05-31")
            .Is(AgreementStatus.InForce, "2019-06-01");
        Assert.Equal(
            [null, new DateOnly(2019, 3, 1), new DateOnly(2019, 3, 1), null],
            new[] { "2019-02-28", "2019-03-01", "2019-05-31", "2019-06-01" }.Select(day => story.On(day).ProvisionalFrom));
        Assert.Equal((2L, null), (story.On("2019-03-01").ProvisionalBy, story.On("2019-06-01").ProvisionalBy));
    }

    [Fact]
    public void without_a_day_of_effect_it_is_applied_from_the_day_it_was_agreed() =>
        Assert.Equal(new DateOnly(2019, 2, 1), Given(Proposed, AppliedProvisionally("2019-02-01")).On("2020-01-01").ProvisionalFrom);

    [Fact]
    public void it_ends_with_the_agreement()
    {
        foreach (var end in new AgreementEvent[] { Terminated("2019-09-01"), ProposalGone("2019-09-01") })
        {
            var story = Given(Proposed, AppliedProvisionally("2019-02-01"), end);
            Assert.Equal(new DateOnly(2019, 2, 1), story.On("2019-08-31").ProvisionalFrom);
            Assert.Null(story.On("2019-09-01").ProvisionalFrom);
        }

        Assert.Null(Given(Proposed with { Term = new(D("2019-09-01")) }, AppliedProvisionally("2019-02-01")).On("2019-09-02").ProvisionalFrom);
    }

    [Fact]
    public void it_begins_once()
    {
        Given(Proposed, AppliedProvisionally("2019-02-01")).When(ApplyProvisionally("2019-02-01")).ThenRefused("already-applied-provisionally");
        Given(Proposed, AppliedProvisionally("2019-02-01")).When(s => AgreementDecider.ApplyProvisionally(s, new(D("2019-03-01")), Outside with { IsHistorical = true })).ThenRefused("already-applied-provisionally");
    }

    [Fact]
    public void it_comes_before_entry_into_force()
    {
        Given(InForce).When(ApplyProvisionally("2019-06-01")).ThenRefused("already-in-force");
        Given(InForce).When(ApplyProvisionally("2019-05-01", "2019-06-01")).ThenRefused("already-in-force");
        Given(InForce).When(ApplyProvisionally("2019-05-31")).Then(AppliedProvisionally("2019-05-31"));
    }

    [Fact]
    public void it_comes_before_the_end_and_after_the_proposal()
    {
        Given(Proposed, Terminated("2019-09-01")).When(ApplyProvisionally("2019-09-01")).ThenRefused("agreement-ended");
        Given(Proposed, Terminated("2019-09-01")).When(ApplyProvisionally("2019-08-01", "2019-09-01")).ThenRefused("agreement-ended");
        Given(Proposed, Terminated("2019-09-01")).When(ApplyProvisionally("2019-09-02", "2019-08-01")).ThenRefused("agreement-ended");
        Given(Proposed).When(ApplyProvisionally("2018-12-31")).ThenRefused("act-before-proposal");
        Given(Proposed).When(ApplyProvisionally("2020-02-21")).ThenRefused("act-in-future");
        Given(Proposed).When(ApplyProvisionally("2020-02-20", "2020-06-01")).Then(AppliedProvisionally("2020-02-20", "2020-06-01"));
    }

    [Fact]
    public void its_day_can_be_corrected() => Assert.Equal(
        new DateOnly(2019, 4, 1),
        Given(Proposed, AppliedProvisionally("2019-02-01", "2019-03-01"))
            .WhenCorrecting(2, "/effectiveOn", "2019-04-01")
            .Then(CorrectedEntry(2, "/effectiveOn", "2019-03-01", "2019-04-01"))
            .On("2020-01-01").ProvisionalFrom);
}
