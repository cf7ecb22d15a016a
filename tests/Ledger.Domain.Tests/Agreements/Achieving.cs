using Ledger.Domain.Agreements;
using static Ledger.Domain.Tests.Scene;
using static Ledger.Domain.Tests.Story;

namespace Ledger.Domain.Tests.Agreements;

public class Achieving
{
    [Fact]
    public void an_achievement_tells_its_counters_and_who_benefits() => Given(Proposed)
        .When(s => AgreementDecider.Achieve(s, Launch, Outside))
        .Then(Achieved("The launch of CHEOPS", "2019-12-18") with
        {
            Summary = "From the Guiana Space Centre.",
            Counters = [new("Soyuz flights from the centre", 23)],
            Beneficiaries = [new("CHEOPS", Esa), new("ANGELS", Cnes)],
        });

    [Fact]
    public void the_same_achievement_again_is_nothing_new() =>
        Given(Proposed, Achieved("The launch of CHEOPS", "2019-12-18")).When(s => AgreementDecider.Achieve(s, Launch, Outside)).ThenNothing();

    [Fact]
    public void an_achievement_of_an_older_arrangement_may_precede_the_proposal() => Given(Proposed)
        .When(s => AgreementDecider.Achieve(s, new("The first launch", D("2011-10-21")), Outside))
        .Then(Achieved("The first launch", "2011-10-21"));

    [Fact]
    public void a_beneficiary_that_nobody_registered_is_refused() => Given(Proposed)
        .When(s => AgreementDecider.Achieve(s, Launch with { Beneficiaries = [new("CHEOPS", Esa), new("OPS-SAT", "NOBODY")] }, Outside))
        .ThenRefused("unknown-agency", "/beneficiaries/1/agency");

    [Fact]
    public void an_achievement_in_the_future_is_refused() => Given(Proposed)
        .When(s => AgreementDecider.Achieve(s, Launch with { OccurredOn = D("2021") }, Outside))
        .ThenRefused("act-in-future");

    [Fact]
    public void an_agreement_that_ended_achieves_nothing_more() => Given([.. InForce, Terminated("2019-12-18")])
        .When(s => AgreementDecider.Achieve(s, Launch, Outside))
        .ThenRefused("agreement-ended");

    private static readonly RecordAchievement Launch = new("The launch of CHEOPS", D("2019-12-18"), "From the Guiana Space Centre.")
    {
        Counters = [new("Soyuz flights from the centre", 23)],
        Beneficiaries = [new("CHEOPS", Esa), new("ANGELS", Cnes)],
    };
}
