using Ledger.Domain.Agreements;
using static Ledger.Domain.Tests.Scene;
using static Ledger.Domain.Tests.Story;

namespace Ledger.Domain.Tests.Agreements;

public class ProposingAnAgreement
{
    private static readonly ProposeAgreement Command = new("Cardiomed", [Cnes, Roscosmos]) { ProposedOn = D("2019-01-01") };

    [Fact]
    public void a_proposal_names_its_parties() =>
        Assert.Equal(Json<AgreementEvent>([Proposed]), Json(Recorded(Command).Cast<AgreementEvent>()));

    [Fact]
    public void those_parties_that_are_organisations_are_noted() =>
        Assert.Equal([Esa], Proposal(Command with { Parties = [Cnes, Esa] }).Organisations);

    [Fact]
    public void each_phase_foreseen_bears_the_id_made_for_it() => Assert.Equal(
        [new ProposedPhase("phase-1", "First", D("2020")), new ProposedPhase("phase-2", "Second")],
        Proposal(Command with { Phases = [new("First", D("2020")), new("Second")] }).Phases);

    [Fact]
    public void its_day_may_be_unknown() => Assert.Null(Proposal(Command with { ProposedOn = null }).OccurredOn);

    [Fact]
    public void a_day_in_the_future_is_refused() => Propose(Command with { ProposedOn = D("2020-02-21") }).ThenRefused("act-in-future");

    [Fact]
    public void the_current_month_is_not_in_the_future() => Assert.Equal(D("2020-02"), Proposal(Command with { ProposedOn = D("2020-02") }).OccurredOn);

    [Fact]
    public void an_agency_that_nobody_registered_is_refused_as_party_and_as_institute()
    {
        Propose(Command with { Parties = [Cnes, "NOBODY"] }).ThenRefused("unknown-agency");
        Propose(Command with { Institutes = ["NOBODY"] }).ThenRefused("unknown-agency");
    }

    [Fact]
    public void a_rule_of_entry_into_force_that_names_a_stranger_is_refused() =>
        Propose(Command with { EntryIntoForce = new(EntryIntoForceRule.Named) { Parties = [Cnes, Asi] } }).ThenRefused("not-a-party");

    private static Decision Propose(ProposeAgreement command) => AgreementDecider.Propose(command, "agreement-1", "CA-2019-0001", ["phase-1", "phase-2"], Outside);

    private static IEnumerable<LedgerEvent> Recorded(ProposeAgreement command) => Assert.IsType<Decision.Decided>(Propose(command)).Events;

    private static AgreementProposed Proposal(ProposeAgreement command) => Assert.IsType<AgreementProposed>(Assert.Single(Recorded(command)));
}
