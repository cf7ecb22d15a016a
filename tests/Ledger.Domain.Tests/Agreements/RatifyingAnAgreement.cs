using Ledger.Domain.Agreements;
using static Ledger.Domain.Tests.Scene;
using static Ledger.Domain.Tests.Story;

namespace Ledger.Domain.Tests.Agreements;

public class RatifyingAnAgreement
{
    [Fact]
    public void a_party_that_has_signed_ratifies() => Given(Proposed, Signed(Cnes, "2019-02-01"))
        .When(Ratify(Cnes, "2019-05-01", received: "2019-05-09", effective: "2019-06-01"))
        .Then(Ratified(Cnes, "2019-05-01", received: "2019-05-09", effective: "2019-06-01"));

    [Theory]
    [InlineData(Instrument.Ratification)]
    [InlineData(Instrument.Acceptance)]
    [InlineData(Instrument.Approval)]
    public void what_follows_a_signature_needs_one(Instrument by)
    {
        Given(Proposed).When(Ratify(Cnes, "2019-05-01", by: by)).ThenRefused("not-yet-signed");
        Given(Proposed, Signed(Cnes, "2019-05-02")).When(Ratify(Cnes, "2019-05-01", by: by)).ThenRefused("not-yet-signed");
        Given(Proposed, Signed(Cnes, "2019-05-01")).When(Ratify(Cnes, "2019-05-01", by: by)).Then(Ratified(Cnes, "2019-05-01", by: by));
    }

    [Theory]
    [InlineData(Instrument.Accession)]
    [InlineData(Instrument.Succession)]
    [InlineData(Instrument.DefinitiveSignature)]
    public void what_takes_the_place_of_a_signature_needs_none(Instrument by) =>
        Given(Proposed).When(Ratify(Cnes, "2019-05-01", by: by)).Then(Ratified(Cnes, "2019-05-01", by: by));

    [Fact]
    public void a_party_consents_once() => Given(InForce).When(Ratify(Cnes, "2019-07-01")).ThenRefused("already-ratified");

    [Fact]
    public void a_party_that_withdrew_may_accede_again() => Given([.. InForceBetweenThree, Notified(Asi, "2019-07-01", "2019-08-01")])
        .When(Accede(Asi, "2019-08-01"))
        .Then(Acceded(Asi, "2019-08-01"));

    [Fact]
    public void a_party_that_has_yet_to_leave_cannot_accede_again() => Given([.. InForceBetweenThree, Notified(Asi, "2019-07-01", "2019-08-01")])
        .When(Accede(Asi, "2019-07-15"))
        .ThenRefused("already-ratified");

    [Fact]
    public void a_party_that_revoked_its_notice_never_left_and_cannot_accede_again() =>
        Given([.. InForceBetweenThree, Notified(Asi, "2019-07-01", "2019-08-01"), Revoked(Asi, "2019-07-15")])
            .When(Accede(Asi, "2019-09-01"))
            .ThenRefused("already-ratified");

    [Fact]
    public void a_consent_recorded_late_is_held_against_one_that_came_after_it() => Given([.. InForceBetweenThree, Acceded(Nasa, "2019-07-01")])
        .When(Accede(Asi, "2019-03-01"))
        .ThenRefused("already-ratified");

    [Fact]
    public void a_party_that_withdrew_its_ratification_before_entry_into_force_may_ratify_again() =>
        Given(Proposed, Signed(Cnes, "2019-02-01"), Ratified(Cnes, "2019-03-01"), Notified(Cnes, "2019-04-01"))
            .When(Ratify(Cnes, "2019-05-01"))
            .Then(Ratified(Cnes, "2019-05-01"));

    [Fact]
    public void a_consent_given_again_on_the_day_of_a_notice_with_effect_at_once_is_refused_and_not_recorded_in_vain()
    {
        Given([.. InForceBetweenThree, Notified(Asi, "2019-07-01")]).When(Accede(Asi, "2019-07-01")).ThenRefused("already-ratified");
        Given([.. InForceBetweenThree, Notified(Asi, "2019-07-01")]).When(Accede(Asi, "2019-07-02")).Then(Acceded(Asi, "2019-07-02"));
    }

    [Fact]
    public void a_consent_recorded_late_would_make_the_one_that_followed_it_a_second_one() =>
        Given([.. InForceBetweenThree, Notified(Asi, "2019-07-01"), Acceded(Asi, "2019-09-01")]).When(Accede(Asi, "2019-08-01")).ThenRefused("already-ratified");

    [Fact]
    public void an_instrument_is_not_received_before_it_is_made() =>
        Given(Proposed, Signed(Cnes, "2019-02-01")).When(Ratify(Cnes, "2019-05-01", received: "2019-04-30")).ThenRefused("received-before-made");

    [Fact]
    public void an_instrument_received_in_the_future_is_refused() =>
        Given(Proposed, Signed(Cnes, "2019-02-01")).When(Ratify(Cnes, "2019-05-01", received: "2020-02-21")).ThenRefused("act-in-future", "/receivedOn");

    [Fact]
    public void a_stranger_is_refused() => Given(Proposed).When(Accede(Asi, "2019-05-01")).ThenRefused("not-a-party");

    [Fact]
    public void an_open_agreement_may_be_acceded_to_by_any_agency() =>
        Given(Proposed with { Open = true }).When(Accede(Asi, "2019-05-01")).Then(Acceded(Asi, "2019-05-01"));

    [Fact]
    public void an_organisation_is_noted_as_one() =>
        Given(ProposedBetween(Cnes, Esa)).When(Accede(Esa, "2019-05-01")).Then(Acceded(Esa, "2019-05-01") with { Organisation = true });

    [Fact]
    public void an_ended_agreement_is_ratified_no_more() =>
        Given(Proposed, Signed(Cnes, "2019-02-01"), Terminated("2019-03-01")).When(Ratify(Cnes, "2019-03-01")).ThenRefused("agreement-ended");
}
