using Ledger.Domain.Agreements;
using Ledger.Domain.Days;
using static Ledger.Domain.Tests.Scene;
using static Ledger.Domain.Tests.Story;

namespace Ledger.Domain.Tests.Agreements;

public class EnteringIntoForce
{
    private static readonly EntryIntoForce All = new(EntryIntoForceRule.AllParties);
    private static readonly EntryIntoForce Two = new(EntryIntoForceRule.Count) { Count = 2 };

    [Fact]
    public void a_consent_counts_on_receipt() => Given(Proposed, Acceded(Cnes, "2019-02-01"), Acceded(Roscosmos, "2019-03-01", received: "2019-04-01"))
        .Is(AgreementStatus.PartiallyRatified, "2019-03-01", "2019-03-31")
        .Is(AgreementStatus.InForce, "2019-04-01")
        .PartyIs(Roscosmos, PartyStatus.Negotiating, "2019-03-31")
        .PartyIs(Roscosmos, PartyStatus.Party, "2019-04-01");

    [Fact]
    public void a_consent_with_later_effect_binds_nobody_before()
    {
        var story = Given(Proposed, Acceded(Cnes, "2019-02-01"), Acceded(Roscosmos, "2019-03-01", effective: "2019-07-01"))
            .Is(AgreementStatus.PartiallyRatified, "2019-03-01", "2019-06-30")
            .Is(AgreementStatus.InForce, "2019-07-01")
            .PartyIs(Cnes, PartyStatus.Contracting, "2019-03-01", "2019-06-30")
            .PartyIs(Roscosmos, PartyStatus.Contracting, "2019-03-01", "2019-06-30")
            .PartyIs(Cnes, PartyStatus.Party, "2019-07-01");
        Assert.Equal(new DateOnly(2019, 7, 1), story.PartyOn(Cnes, "2019-03-01").BoundFrom);
        Assert.Equal(new DateOnly(2019, 7, 1), story.On("2019-03-01").Entry.InForceFrom);
    }

    [Fact]
    public void a_consent_with_effect_before_its_receipt_counts_from_its_effect() =>
        Given(Proposed, Acceded(Cnes, "2019-02-01"), Acceded(Roscosmos, "2019-06-01", received: "2019-07-01", effective: "2019-04-01"))
            .Is(AgreementStatus.PartiallyRatified, "2019-03-31")
            .Is(AgreementStatus.InForce, "2019-04-01");

    [Fact]
    public void with_a_count_the_last_of_that_many_brings_it_into_force_for_those_that_consented() =>
        Given(With(Two, Cnes, Roscosmos, Asi), Signed(Asi, "2019-01-15"), Acceded(Cnes, "2019-02-01"), Acceded(Roscosmos, "2019-03-01"))
            .Is(AgreementStatus.PartiallyRatified, "2019-02-01", "2019-02-28")
            .Is(AgreementStatus.InForce, "2019-03-01")
            .PartyIs(Cnes, PartyStatus.Party, "2019-03-01")
            .PartyIs(Asi, PartyStatus.Signatory, "2019-03-01");

    [Fact]
    public void a_count_says_how_many_are_outstanding()
    {
        var entry = Given(With(Two, Cnes, Roscosmos, Asi), Acceded(Cnes, "2019-02-01")).On("2019-02-01").Entry;
        Assert.Equal(1, entry.Outstanding);
        Assert.Equal([Roscosmos, Asi], entry.WaitingFor);
    }

    [Fact]
    public void named_parties_bring_it_into_force_and_others_do_not()
    {
        var named = new EntryIntoForce(EntryIntoForceRule.Named) { Parties = [Cnes, Nasa] };
        var story = Given(With(named, Cnes, Roscosmos, Asi, Nasa), Acceded(Roscosmos, "2019-02-01"), Acceded(Asi, "2019-02-15"), Acceded(Cnes, "2019-03-01"), Acceded(Nasa, "2019-04-01"))
            .Is(AgreementStatus.PartiallyRatified, "2019-02-15", "2019-03-31")
            .Is(AgreementStatus.InForce, "2019-04-01")
            .PartyIs(Roscosmos, PartyStatus.Party, "2019-04-01");
        Assert.Equal([Nasa], story.On("2019-03-31").Entry.WaitingFor);
        Assert.Equal([4L, 5L], story.On("2019-04-01").Entry.Because);
    }

    [Fact]
    public void on_a_fixed_day_it_is_in_force_between_those_that_signed() =>
        Given(With(new(EntryIntoForceRule.Date) { Date = new(2019, 7, 1) }, Cnes, Roscosmos, Asi), Signed(Cnes, "2019-02-01"), Signed(Roscosmos, "2019-03-01"))
            .Is(AgreementStatus.UnderDiscussion, "2019-06-30")
            .Is(AgreementStatus.InForce, "2019-07-01")
            .PartyIs(Cnes, PartyStatus.Contracting, "2019-06-30")
            .PartyIs(Cnes, PartyStatus.Party, "2019-07-01")
            .PartyIs(Asi, PartyStatus.Negotiating, "2019-07-01");

    [Fact]
    public void a_fixed_day_alone_does_not_bind_a_single_signatory() =>
        Given(With(new(EntryIntoForceRule.Date) { Date = new(2019, 7, 1) }, Cnes, Roscosmos), Signed(Cnes, "2019-02-01"), Signed(Roscosmos, "2019-08-01"))
            .Is(AgreementStatus.UnderDiscussion, "2019-07-01")
            .Is(AgreementStatus.InForce, "2019-08-01");

    [Fact]
    public void who_is_bound_by_signature_stays_bound_whatever_its_later_instrument_says() =>
        Given(With(new(EntryIntoForceRule.Date) { Date = new(2019, 7, 1) }, Cnes, Roscosmos), Signed(Cnes, "2019-02-01"), Signed(Roscosmos, "2019-03-01"), Ratified(Cnes, "2019-08-01", effective: "2020-01-01"))
            .PartyIs(Cnes, PartyStatus.Party, "2019-07-01", "2019-08-01", "2020-01-01");

    [Theory]
    [InlineData("P30D", false, "2019-03-02", "2019-04-01")]
    [InlineData("P1M", false, "2019-01-31", "2019-02-28")]
    [InlineData("P3M", false, "2019-03-01", "2019-06-01")]
    [InlineData("P3M", true, "2019-03-01", "2019-07-01")]
    [InlineData("P30D", true, "2019-03-02", "2019-05-01")]
    [InlineData(null, true, "2019-03-02", "2019-04-01")]
    [InlineData(null, true, "2019-03-01", "2019-04-01")]
    [InlineData(null, true, "2019-12-31", "2020-01-01")]
    public void a_delay_runs_from_the_day_the_rule_is_met(string? delay, bool firstOfMonth, string met, string inForce)
    {
        var rule = All with { Delay = delay is null ? null : Period.Parse(delay), FirstOfMonth = firstOfMonth };
        var from = DateOnly.Parse(inForce, null);
        var story = Given(With(rule, Cnes, Roscosmos), Acceded(Cnes, "2019-01-15"), Acceded(Roscosmos, met))
            .Is(AgreementStatus.PartiallyRatified, met, Day.On(from.AddDays(-1)).ToString())
            .Is(AgreementStatus.InForce, inForce)
            .PartyIs(Cnes, PartyStatus.Contracting, met)
            .PartyIs(Cnes, PartyStatus.Party, inForce);
        Assert.Equal((DateOnly.Parse(met, null), from), (story.On(met).Entry.MetOn!.Value, story.On(met).Entry.InForceFrom!.Value));
        Assert.Equal(from, story.PartyOn(Cnes, met).BoundFrom);
    }

    [Fact]
    public void a_party_that_consents_later_is_bound_from_its_own_day() =>
        Given(With(Two with { Delay = Period.Parse("P30D") }, Cnes, Roscosmos, Asi), Acceded(Cnes, "2019-02-01"), Acceded(Roscosmos, "2019-03-02"), Acceded(Asi, "2019-03-12"))
            .Is(AgreementStatus.InForce, "2019-04-01")
            .PartyIs(Roscosmos, PartyStatus.Party, "2019-04-01")
            .PartyIs(Asi, PartyStatus.Contracting, "2019-04-01", "2019-04-10")
            .PartyIs(Asi, PartyStatus.Party, "2019-04-11");

    [Fact]
    public void organisations_may_be_left_out_of_the_count()
    {
        Given(With(Two with { ExcludeOrganisations = true }, Cnes, Roscosmos, Esa), Acceded(Cnes, "2019-02-01"), Acceded(Esa, "2019-03-01"), Acceded(Roscosmos, "2019-04-01"))
            .Is(AgreementStatus.PartiallyRatified, "2019-03-31")
            .Is(AgreementStatus.InForce, "2019-04-01")
            .PartyIs(Esa, PartyStatus.Party, "2019-04-01");
        Given(With(All with { ExcludeOrganisations = true }, Cnes, Roscosmos, Esa), Acceded(Cnes, "2019-02-01"), Acceded(Roscosmos, "2019-04-01"), Acceded(Esa, "2019-05-01"))
            .Is(AgreementStatus.InForce, "2019-04-01")
            .PartyIs(Esa, PartyStatus.Negotiating, "2019-04-30")
            .PartyIs(Esa, PartyStatus.Party, "2019-05-01");
    }

    [Fact]
    public void a_consent_withdrawn_before_entry_into_force_is_not_leaving() =>
        Given(Proposed, Signed(Cnes, "2019-01-15"), Signed(Roscosmos, "2019-01-15"), Ratified(Cnes, "2019-02-01"), Notified(Cnes, "2019-03-01"), Ratified(Roscosmos, "2019-04-01"))
            .Is(AgreementStatus.PartiallyRatified, "2019-02-01", "2019-02-28", "2019-04-01")
            .Is(AgreementStatus.Signed, "2019-03-01", "2019-03-31")
            .PartyIs(Cnes, PartyStatus.Signatory, "2019-03-01", "2020-02-20");

    [Fact]
    public void a_consent_withdrawn_while_the_delay_runs_is_missing_on_the_day() =>
        Given(With(All with { Delay = Period.Parse("P30D") }, Cnes, Roscosmos), Acceded(Cnes, "2019-02-01"), Acceded(Roscosmos, "2019-03-01"), Notified(Cnes, "2019-03-10"), Acceded(Cnes, "2019-04-15"))
            .Is(AgreementStatus.PartiallyRatified, "2019-03-31", "2019-04-15", "2019-05-14")
            .Is(AgreementStatus.InForce, "2019-05-15");

    [Fact]
    public void who_joins_an_open_agreement_before_the_rule_is_met_is_waited_for() =>
        Given(Proposed with { Open = true }, Acceded(Cnes, "2019-02-01"), Signed(Asi, "2019-02-15"), Acceded(Roscosmos, "2019-03-01"), Ratified(Asi, "2019-04-01"))
            .Is(AgreementStatus.PartiallyRatified, "2019-03-01", "2019-03-31")
            .Is(AgreementStatus.InForce, "2019-04-01");

    [Fact]
    public void who_joins_an_open_agreement_after_the_rule_is_met_holds_up_nobody()
    {
        var open = Proposed with { Open = true };
        Given(open, Acceded(Cnes, "2019-02-01"), Acceded(Roscosmos, "2019-03-01"), Signed(Asi, "2019-03-10"), Ratified(Asi, "2019-09-01"))
            .Is(AgreementStatus.InForce, "2019-03-01", "2019-03-10")
            .PartyIs(Asi, PartyStatus.Signatory, "2019-03-10")
            .PartyIs(Asi, PartyStatus.Party, "2019-09-01");
        Given(open with { EntryIntoForce = All with { Delay = Period.Parse("P30D") } }, Acceded(Cnes, "2019-02-01"), Acceded(Roscosmos, "2019-03-02"), Signed(Asi, "2019-03-10"))
            .Is(AgreementStatus.InForce, "2019-04-01");
    }

    [Fact]
    public void who_joins_an_agreement_of_one_party_in_force_does_not_turn_it_back() =>
        Given(ProposedBetween(Cnes) with { Open = true }, Acceded(Cnes, "2019-02-01"), Signed(Asi, "2019-03-10"), Ratified(Asi, "2019-09-01"))
            .Is(AgreementStatus.InForce, "2019-02-01", "2019-03-10", "2019-09-01")
            .PartyIs(Cnes, PartyStatus.Party, "2019-02-01", "2019-03-10", "2019-09-01");

    [Fact]
    public void two_that_are_never_bound_at_once_are_not_bound_at_all() =>
        Given(With(Two, Cnes, Roscosmos), Acceded(Cnes, "2019-02-01"), Acceded(Roscosmos, "2019-03-01", effective: "2019-06-01"), Notified(Cnes, "2019-04-01", "2019-05-01"))
            .Is(AgreementStatus.PartiallyRatified, "2019-05-31", "2019-06-01")
            .PartyIs(Roscosmos, PartyStatus.Contracting, "2019-06-01")
            .PartyIs(Cnes, PartyStatus.Negotiating, "2019-06-01");

    [Fact]
    public void what_ended_while_the_delay_ran_never_entered_into_force()
    {
        var rule = All with { Delay = Period.Parse("P6M") };
        foreach (var (end, status) in new[] { ((AgreementEvent)Terminated("2019-05-01"), AgreementStatus.Terminated), (ProposalGone("2019-05-01"), AgreementStatus.Withdrawn) })
        {
            var story = Given([With(rule, Cnes, Roscosmos), Acceded(Cnes, "2019-02-01"), Acceded(Roscosmos, "2019-03-01"), end])
                .Is(status, "2019-05-01", "2019-12-31")
                .PartyIs(Cnes, PartyStatus.Contracting, "2019-05-01", "2019-12-31");
            Assert.Null(story.On("2019-12-31").Entry.InForceFrom);
            Assert.Null(story.PartyOn(Cnes, "2019-12-31").BoundFrom);
        }
    }
}
