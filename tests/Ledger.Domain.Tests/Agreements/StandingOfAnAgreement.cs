using Ledger.Domain.Agreements;
using Ledger.Domain.Days;
using static Ledger.Domain.Tests.Scene;
using static Ledger.Domain.Tests.Story;

namespace Ledger.Domain.Tests.Agreements;

public class StandingOfAnAgreement
{
    [Fact]
    public void before_it_was_proposed_there_is_none() => Assert.Null(Standing.Of(Given(Proposed).State, new DateOnly(2018, 12, 31)));

    [Fact]
    public void proposed_and_nothing_else_it_is_proposed() => Given(Proposed).Is(AgreementStatus.Proposed, "2019-01-01", "2020-02-20", "9999-12-31");

    [Fact]
    public void discussed_it_is_under_discussion() =>
        Given(Proposed, Discussed("2019-03-01")).Is(AgreementStatus.Proposed, "2019-02-28").Is(AgreementStatus.UnderDiscussion, "2019-03-01");

    [Fact]
    public void signed_by_some_it_is_under_discussion_and_by_all_signed() => Given(Proposed, Signed(Cnes, "2019-02-01"), Signed(Roscosmos, "2019-03-01"))
        .Is(AgreementStatus.Proposed, "2019-01-31")
        .Is(AgreementStatus.UnderDiscussion, "2019-02-01", "2019-02-28")
        .Is(AgreementStatus.Signed, "2019-03-01")
        .PartyIs(Cnes, PartyStatus.Negotiating, "2019-01-31")
        .PartyIs(Cnes, PartyStatus.Signatory, "2019-02-01")
        .PartyIs(Roscosmos, PartyStatus.Negotiating, "2019-02-01");

    [Fact]
    public void a_discussion_after_the_signatures_changes_nothing() =>
        Given(Proposed, Signed(Cnes, "2019-02-01"), Signed(Roscosmos, "2019-03-01"), Discussed("2019-04-01")).Is(AgreementStatus.Signed, "2019-04-01");

    [Fact]
    public void an_agreement_that_names_nobody_yet_is_not_signed_by_all() =>
        Given(ProposedBetween() with { Open = true }).Is(AgreementStatus.Proposed, "2019-01-01");

    [Fact]
    public void with_every_consent_it_is_in_force() => Given(InForce)
        .Is(AgreementStatus.Signed, "2019-04-30")
        .Is(AgreementStatus.PartiallyRatified, "2019-05-01", "2019-05-31")
        .Is(AgreementStatus.InForce, "2019-06-01", "2020-02-20", "9999-12-31")
        .PartyIs(Cnes, PartyStatus.Contracting, "2019-05-01", "2019-05-31")
        .PartyIs(Cnes, PartyStatus.Party, "2019-06-01", "9999-12-31")
        .PartyIs(Roscosmos, PartyStatus.Signatory, "2019-05-31");

    [Fact]
    public void entry_into_force_gives_its_reasons()
    {
        var waiting = Given(InForce).On("2019-05-31").Entry;
        Assert.Equal((null, null, 1), (waiting.MetOn, waiting.InForceFrom, waiting.Outstanding));
        Assert.Equal([Roscosmos], waiting.WaitingFor);

        var met = Given(InForce).On("2019-06-01").Entry;
        Assert.Equal((new DateOnly(2019, 6, 1), new DateOnly(2019, 6, 1), 0), (met.MetOn!.Value, met.InForceFrom!.Value, met.Outstanding));
        Assert.Equal([4L, 5L], met.Because);
        Assert.Empty(met.WaitingFor);
    }

    [Fact]
    public void a_meeting_of_1999_recorded_late_does_not_turn_it_back()
    {
        var story = Given([Proposed with { OccurredOn = D("1998") }, .. InForce.Skip(1), Discussed("1999-05-05")]);
        story.Is(AgreementStatus.UnderDiscussion, "1999-05-05").Is(AgreementStatus.InForce, "2020-02-20");
        Assert.Equal(new DatedAct(D("1999-05-05"), 6), story.On("2020-02-20").LastDiscussed);
    }

    [Fact]
    public void an_amendment_an_achievement_and_a_document_change_no_status() =>
        Given([.. InForce, Amended("Article 3", "2019-07-01"), Achieved("A launch", "2019-07-02"), Document() with { OccurredOn = D("2019-07-03") }])
            .Is(AgreementStatus.InForce, "2019-07-03");

    [Fact]
    public void suspended_and_resumed_it_is_in_force_again()
    {
        var story = Given([.. InForce, Suspended("2019-07-01", "2019-07-10"), Resumed("2019-08-01", "2019-08-10")])
            .Is(AgreementStatus.InForce, "2019-07-09", "2019-08-10")
            .Is(AgreementStatus.Suspended, "2019-07-10", "2019-08-09")
            .PartyIs(Cnes, PartyStatus.Party, "2019-07-10");
        Assert.Equal((6, null), (story.On("2019-07-10").SuspendedBy, story.On("2019-08-10").SuspendedBy));
    }

    [Fact]
    public void terminated_from_a_later_day_it_is_in_force_until_then()
    {
        var story = Given([.. InForce, Terminated("2019-09-01", "2020-01-01")])
            .Is(AgreementStatus.InForce, "2019-09-01", "2019-12-31")
            .Is(AgreementStatus.Terminated, "2020-01-01")
            .PartyIs(Cnes, PartyStatus.Party, "2019-12-31")
            .PartyIs(Cnes, PartyStatus.FormerParty, "2020-01-01");
        Assert.Equal((null, null), (story.On("2019-08-31").EndedOn, story.On("2019-08-31").EndedBy));
        Assert.Equal((new DateOnly(2020, 1, 1), 6), (story.On("2019-09-01").EndedOn!.Value, story.On("2019-09-01").EndedBy!.Value));
    }

    [Fact]
    public void terminated_from_an_earlier_day_it_had_ended_by_then() => Given([.. InForce, Terminated("2019-09-01", "2019-08-01")])
        .Is(AgreementStatus.InForce, "2019-07-31")
        .Is(AgreementStatus.Terminated, "2019-08-01");

    [Fact]
    public void a_withdrawn_proposal_is_withdrawn() => Given(Proposed, Discussed("2019-02-01"), ProposalGone("2019-03-01", "2019-04-01"))
        .Is(AgreementStatus.UnderDiscussion, "2019-03-31")
        .Is(AgreementStatus.Withdrawn, "2019-04-01");

    [Fact]
    public void what_ended_first_is_the_end()
    {
        var story = Given(Proposed, ProposalGone("2019-03-01", "2019-06-01"), Terminated("2019-04-01")).Is(AgreementStatus.Terminated, "2019-04-01", "2019-06-01");
        Assert.Equal(new DateOnly(2019, 4, 1), story.On("2019-04-01").EndedOn);
    }

    [Fact]
    public void a_term_until_a_day_takes_that_day_in()
    {
        var story = Given([Proposed with { Term = new(Until: D("2019-12-31")) }, .. InForce.Skip(1)])
            .Is(AgreementStatus.InForce, "2019-12-31")
            .Is(AgreementStatus.Expired, "2020-01-01")
            .PartyIs(Cnes, PartyStatus.FormerParty, "2020-01-01");
        Assert.Equal(new DateOnly(2019, 12, 31), story.On("2019-01-01").ExpiresOn);
        Assert.Equal([1L], story.On("2019-01-01").TermActs);
    }

    [Fact]
    public void a_term_of_a_length_runs_from_entry_into_force()
    {
        var story = Given([Proposed with { Term = new(Length: Period.Parse("P6M")) }, .. InForce.Skip(1)])
            .Is(AgreementStatus.InForce, "2019-12-01")
            .Is(AgreementStatus.Expired, "2019-12-02");
        Assert.Null(story.On("2019-05-31").ExpiresOn);
        Assert.Equal(new DateOnly(2019, 12, 1), story.On("2019-06-01").ExpiresOn);
    }

    [Fact]
    public void a_term_that_runs_from_entry_into_force_is_not_over_before_it() =>
        Given(Proposed with { Term = new(Length: Period.Parse("P6M")) }, Discussed("2019-02-01"), Extended("2019-06-30", "2019-03-01"))
            .Is(AgreementStatus.UnderDiscussion, "2019-07-01");

    [Fact]
    public void a_chain_of_extensions_stands_on_each_day_as_agreed_by_then()
    {
        var story = Given([Proposed with { Term = new(Until: D("2019-08-31")) }, .. InForce.Skip(1), Extended("2019-10-31", "2019-08-01"), Extended("2021-12-31", "2019-12-01")])
            .Is(AgreementStatus.InForce, "2019-08-31", "2019-10-31")
            .Is(AgreementStatus.Expired, "2019-11-01", "2019-11-30")
            .Is(AgreementStatus.InForce, "2019-12-01", "2021-12-31")
            .Is(AgreementStatus.Expired, "2022-01-01");
        Assert.Equal(
            [new DateOnly(2019, 8, 31), new DateOnly(2019, 10, 31), new DateOnly(2021, 12, 31)],
            new[] { "2019-07-31", "2019-08-01", "2019-12-01" }.Select(day => story.On(day).ExpiresOn!.Value));
        Assert.Equal([1L, 6L, 7L], story.On("2019-12-01").TermActs);
    }

    [Fact]
    public void with_every_phase_completed_the_end_of_the_term_completes_it()
    {
        var term = WithPhases("First") with { Term = new(Until: D("2019-12-31")) };
        Given([term, .. InForce.Skip(1), Completed("phase-1", "2019-11-01")])
            .Is(AgreementStatus.InForce, "2019-12-31")
            .Is(AgreementStatus.Completed, "2020-01-01")
            .PartyIs(Cnes, PartyStatus.FormerParty, "2020-01-01");
        Given([term, .. InForce.Skip(1)]).Is(AgreementStatus.Expired, "2020-01-01");
        Given([term, .. InForce.Skip(1), Completed("phase-1", "2020-01-15")]).Is(AgreementStatus.Expired, "2020-01-14").Is(AgreementStatus.Completed, "2020-01-15");
    }

    [Fact]
    public void with_every_phase_completed_closing_completes_it() =>
        Given([WithPhases("First"), .. InForce.Skip(1), Completed("phase-1", "2019-11-01"), Terminated("2019-12-01", ground: TerminationGround.Completion)])
            .Is(AgreementStatus.InForce, "2019-11-30")
            .Is(AgreementStatus.Completed, "2019-12-01");

    [Fact]
    public void with_every_phase_completed_a_termination_on_another_ground_terminates_it() =>
        Given([WithPhases("First"), .. InForce.Skip(1), Completed("phase-1", "2019-11-01"), Terminated("2019-12-01", ground: TerminationGround.Breach)])
            .Is(AgreementStatus.Terminated, "2019-12-01");

    [Fact]
    public void completed_phases_alone_do_not_complete_an_agreement_without_end() =>
        Given([WithPhases("First"), .. InForce.Skip(1), Completed("phase-1", "2019-11-01")]).Is(AgreementStatus.InForce, "2020-02-20");

    [Fact]
    public void a_corrected_day_counts_and_an_entry_struck_out_does_not()
    {
        Given([.. InForce, CorrectedEntry(5, "/occurredOn", "2019-06-01", "2019-06-15")])
            .Is(AgreementStatus.PartiallyRatified, "2019-06-14")
            .Is(AgreementStatus.InForce, "2019-06-15");
        Given([.. InForce, Terminated("2019-09-01"), CorrectedEntry(6, "", null, null)]).Is(AgreementStatus.InForce, "2019-09-01");
    }

    [Fact]
    public void the_state_can_be_stored_and_read_back()
    {
        var state = Given([WithPhases("First"), .. InForce.Skip(1), Discussed("2019-07-01")]).State;
        var text = System.Text.Json.JsonSerializer.Serialize(state, LedgerJson.Options);
        var read = System.Text.Json.JsonSerializer.Deserialize<Agreement>(text, LedgerJson.Options)!;
        Assert.Equal(text, System.Text.Json.JsonSerializer.Serialize(read, LedgerJson.Options));
        Assert.Equal(AgreementStatus.InForce, Standing.Of(read, Today)!.Status);
    }
}
