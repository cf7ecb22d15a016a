using Ledger.Domain.Agreements;
using static Ledger.Domain.Tests.Scene;
using static Ledger.Domain.Tests.Story;

namespace Ledger.Domain.Tests.Agreements;

public class SigningAnAgreement
{
    [Fact]
    public void a_party_signs() => Given(Proposed).When(Sign(Cnes, "2019-02-01")).Then(Signed(Cnes, "2019-02-01"));

    [Fact]
    public void the_signatory_enters_the_record_as_commitments_only() => Given(Proposed)
        .When(s => AgreementDecider.Sign(s, new(Cnes, D("2019-02-01"), "Paris", new("J.-Y. L. G.", "President")), Signatory, Outside))
        .Then(Signed(Cnes, "2019-02-01") with { Place = "Paris", Signatory = Signatory });

    [Fact]
    public void the_same_signature_again_is_nothing_new() => Given(Proposed, Signed(Cnes, "2019-02-01")).When(Sign(Cnes, "2019-02-01")).ThenNothing();

    [Fact]
    public void a_party_signs_once() => Given(Proposed, Signed(Cnes, "2019-02-01")).When(Sign(Cnes, "2019-03-01")).ThenRefused("already-signed");

    [Fact]
    public void a_stranger_is_refused() => Given(Proposed).When(Sign(Asi, "2019-02-01")).ThenRefused("not-a-party", "/party");

    [Fact]
    public void an_institute_that_carries_it_out_is_a_stranger_too() =>
        Given(Proposed with { Institutes = ["IMBP"] }).When(Sign("IMBP", "2019-02-01")).ThenRefused("not-a-party");

    [Fact]
    public void an_agency_that_nobody_registered_is_refused() => Given(Proposed).When(Sign("NOBODY", "2019-02-01")).ThenRefused("unknown-agency");

    [Fact]
    public void an_open_agreement_may_be_signed_by_any_agency() =>
        Given(Proposed with { Open = true }).When(Sign(Asi, "2019-02-01")).Then(Signed(Asi, "2019-02-01"));

    [Fact]
    public void a_signature_in_the_future_is_refused() => Given(Proposed).When(Sign(Cnes, "2020-02-21")).ThenRefused("act-in-future");

    [Fact]
    public void a_signature_before_the_proposal_is_refused() => Given(Proposed).When(Sign(Cnes, "2018-12-31")).ThenRefused("act-before-proposal");

    [Fact]
    public void a_terminated_agreement_is_signed_no_more() =>
        Given(Proposed, Terminated("2019-03-01")).When(Sign(Cnes, "2019-03-01")).ThenRefused("agreement-ended");

    [Fact]
    public void a_withdrawn_proposal_is_signed_no_more() =>
        Given(Proposed, ProposalGone("2019-03-01")).When(Sign(Cnes, "2019-03-02")).ThenRefused("agreement-ended");

    [Fact]
    public void the_successor_signs_in_the_place_of_its_predecessor() => Given(ProposedBetween(Cnes, Rka))
        .When(Sign(Roscosmos, "2019-02-01"))
        .Then(Signed(Rka, "2019-02-01") with { ActedBy = Roscosmos });

    [Fact]
    public void before_the_succession_the_old_agency_signed_for_itself() => Given(ProposedBetween(Cnes, Rka) with { OccurredOn = D("2004-01-01") })
        .When(Sign(Rka, "2004-03-08"))
        .Then(Signed(Rka, "2004-03-08"));

    [Fact]
    public void after_the_succession_the_old_agency_signs_no_more() =>
        Given(ProposedBetween(Cnes, Rka)).When(Sign(Rka, "2019-02-01")).ThenRefused("agency-succeeded");

    [Fact]
    public void before_the_succession_the_successor_was_a_stranger() => Given(ProposedBetween(Cnes, Rka) with { OccurredOn = D("2004-01-01") })
        .When(Sign(Roscosmos, "2004-03-08"))
        .ThenRefused("not-a-party");

    [Fact]
    public void a_successor_that_is_itself_a_party_signs_in_its_own_place() => Given(ProposedBetween(Rka, Roscosmos))
        .When(Sign(Roscosmos, "2019-02-01"))
        .Then(Signed(Roscosmos, "2019-02-01"));
}
