using System.Collections.Immutable;
using Ledger.Domain.Agreements;
using static Ledger.Domain.Tests.Scene;
using static Ledger.Domain.Tests.Story;

namespace Ledger.Domain.Tests.Agreements;

public class BringingOverAnOlderRecord
{
    private static readonly Occasion Import = Outside with { IsHistorical = true };


    private static (string Code, Flag Flag, ImmutableArray<AgreementEvent> Before, Func<Agreement, Occasion, Decision> Act)[] Odd { get; } =
    [
        ("act-in-future", Flag.DayInFuture, [Proposed], (s, o) => AgreementDecider.Discuss(s, new("Talks.", D("2020-02-23")), o)),
        ("act-before-proposal", Flag.ActBeforeProposal, [Proposed], (s, o) => AgreementDecider.Sign(s, new(Cnes, D("2018")), null, o)),
        ("agreement-ended", Flag.ActAfterEnd, [.. InForce, Terminated("2019-12-01")], (s, o) => AgreementDecider.Discuss(s, new("Talks.", D("2019-12-02")), o)),
        ("not-yet-signed", Flag.RatifiedBeforeSigned, [Proposed, Signed(Cnes, "2019-05-02")], (s, o) => AgreementDecider.Ratify(s, new(Cnes, D("2019-05-01")), o)),
        ("received-before-made", Flag.ReceivedBeforeMade, [Proposed], (s, o) => AgreementDecider.Ratify(s, new(Cnes, D("2019-05-02"), Instrument.Accession, D("2019-05-01")), o)),
        ("already-in-force", Flag.ProposalWithdrawnInForce, InForce, (s, o) => AgreementDecider.WithdrawProposal(s, new(D("2019-07-01")), o)),
        ("already-in-force", Flag.AppliedProvisionallyInForce, InForce, (s, o) => AgreementDecider.ApplyProvisionally(s, new(D("2019-06-02")), o)),
        ("extension-not-later", Flag.ExtensionNotLater, [Proposed with { Term = new(D("2025")) }], (s, o) => AgreementDecider.Extend(s, new(D("2024"), D("2020-01-01")), o)),
        ("extension-not-later", Flag.ExtensionNotLater, [Proposed, Extended("2025", "2020-01-01")], (s, o) => AgreementDecider.Extend(s, new(D("2025"), D("2019-02-01")), o)),
        ("not-in-force", Flag.SuspendedNotInForce, InForce, (s, o) => AgreementDecider.Suspend(s, new(D("2019-05-31")), o)),
        ("already-suspended", Flag.SuspendedTwice, [.. InForce, Suspended("2019-07-01")], (s, o) => AgreementDecider.Suspend(s, new(D("2019-08-01")), o)),
        ("not-suspended", Flag.ResumedNotSuspended, InForce, (s, o) => AgreementDecider.Resume(s, new(D("2019-07-01")), o)),
        ("no-consent-to-withdraw", Flag.WithdrawnWithoutConsent, InForceBetweenThree, (s, o) => AgreementDecider.NotifyWithdrawal(s, new(Cnes, D("2019-02-01")), o)),
        ("effect-before-notice", Flag.EffectBeforeNotice, InForceBetweenThree, (s, o) => AgreementDecider.NotifyWithdrawal(s, new(Cnes, D("2019-08-01"), D("2019-07-01")), o)),
        ("no-withdrawal-to-revoke", Flag.RevokedWithoutNotice, InForceBetweenThree, (s, o) => AgreementDecider.RevokeWithdrawal(s, new(Cnes, D("2019-08-01")), o)),
        ("withdrawal-in-effect", Flag.RevokedAfterEffect, [.. InForceBetweenThree, Notified(Cnes, "2019-07-01")], (s, o) => AgreementDecider.RevokeWithdrawal(s, new(Cnes, D("2019-08-01")), o)),
        ("phases-outstanding", Flag.PhasesOutstanding, [WithPhases("First"), .. InForce.Skip(1)], (s, o) => AgreementDecider.Terminate(s, new(D("2019-12-01"), Ground: TerminationGround.Completion), o)),
        ("phases-outstanding", Flag.PhasesOutstanding, InForce, (s, o) => AgreementDecider.Terminate(s, new(D("2019-12-01"), Ground: TerminationGround.Completion), o)),
    ];

    [Fact]
    public void what_a_live_request_is_refused_for_its_days_is_admitted_with_a_flag()
    {
        foreach (var (code, flag, before, act) in Odd)
        {
            var story = Given(before);
            Assert.DoesNotContain(flag, Flags.Of(story.State));
            story.When(s => act(s, Outside)).ThenRefused(code);
            var admitted = Assert.IsType<Decision.Decided>(act(story.State, Import));
            Assert.Contains(flag, Flags.Of(story.And(admitted.Events.Cast<AgreementEvent>()).State));
        }
    }

    [Fact]
    public void the_same_act_brought_over_again_is_recorded_once()
    {
        foreach (var (_, _, before, act) in Odd.Where(odd => odd.Flag is not (Flag.DayInFuture or Flag.ActAfterEnd or Flag.ReceivedBeforeMade or Flag.RatifiedBeforeSigned)))
        {
            var story = Given(before);
            var once = story.And(((Decision.Decided)act(story.State, Import)).Events.Cast<AgreementEvent>());
            var twice = act(once.State, Import);
            Assert.True(twice is Decision.Decided { Events.IsEmpty: true } or Decision.Refused, twice.ToString());
        }
    }

    [Fact]
    public void a_proposal_in_the_future_is_admitted_with_a_flag()
    {
        Propose(Outside, new("Cardiomed", [Cnes]) { ProposedOn = D("2021") }).ThenRefused("act-in-future");
        Assert.Equal([Flag.DayInFuture], Flags.Of(Proposal(new("Cardiomed", [Cnes]) { ProposedOn = D("2021") }).State));
    }

    [Fact]
    public void who_acted_is_no_matter_of_days()
    {
        Propose(Import, new("Cardiomed", ["NOBODY"])).ThenRefused("unknown-agency");
        Given(Proposed).When(s => AgreementDecider.Sign(s, new(Asi, D("2019-02-01")), null, Import)).ThenRefused("not-a-party");
        Given(Proposed).When(s => AgreementDecider.Sign(s, new("NOBODY", D("2019-02-01")), null, Import)).ThenRefused("unknown-agency");
        Given(Proposed).When(s => AgreementDecider.CompletePhase(s, "1", new(D("2019-02-01")), Import)).ThenRefused("unknown-phase");
    }

    [Fact]
    public void what_was_done_already_is_refused_whatever_the_days()
    {
        Given(InForce).When(s => AgreementDecider.Sign(s, new(Cnes, D("2018")), null, Import)).ThenRefused("already-signed");
        Given(InForce).When(s => AgreementDecider.Ratify(s, new(Cnes, D("2021")), Import)).ThenRefused("already-ratified");
        Given(WithPhases("First"), Completed("phase-1", "2019-02-01")).When(s => AgreementDecider.CompletePhase(s, "1", new(D("2021")), Import)).ThenRefused("phase-already-completed");
        Given([.. InForceBetweenThree, Notified(Cnes, "2019-07-01", "2019-09-01")]).When(s => AgreementDecider.NotifyWithdrawal(s, new(Cnes, D("2019-08-01")), Import)).ThenRefused("withdrawal-already-notified");
    }

    [Fact]
    public void what_the_source_does_not_say_it_may_declare()
    {
        var command = new ProposeAgreement("Cardiomed", [Cnes]) { Flags = [Flag.PartiesNotNamed, Flag.UnparsedDay, Flag.UnparsedDay] };
        Assert.Equal([Flag.UnparsedDay, Flag.PartiesNotNamed], Flags.Of(Proposal(command).State));
        Propose(Outside, command).ThenRefused("flag-not-declarable");
    }

    [Fact]
    public void what_the_ledger_works_out_is_not_declared() =>
        Propose(Import, new("Cardiomed", [Cnes]) { Flags = [Flag.UnparsedDay, Flag.DayInFuture] }).ThenRefused("flag-not-declarable");

    [Fact]
    public void a_record_out_of_order_can_be_corrected_step_by_step()
    {
        var story = Given(Proposed, Signed(Cnes, "2019-03-01"), Ratified(Cnes, "2019-02-01", received: "2019-01-15"), Discussed("2018-05-01"));
        Assert.Equal([Flag.ActBeforeProposal, Flag.RatifiedBeforeSigned, Flag.ReceivedBeforeMade], Flags.Of(story.State));
        story = Recorded(story, 3, "/receivedOn", "2019-04-01");
        Assert.Equal([Flag.ActBeforeProposal, Flag.RatifiedBeforeSigned], Flags.Of(story.State));
        story = Recorded(story, 3, "/occurredOn", "2019-03-15");
        Assert.Equal([Flag.ActBeforeProposal], Flags.Of(story.State));
        story = Recorded(story, 4, "/occurredOn", "2019-05-01");
        Assert.Empty(Flags.Of(story.State));
        story.WhenCorrecting(4, "/occurredOn", "2018-05-01").ThenRefused("act-before-proposal");
    }

    [Fact]
    public void what_was_declared_goes_when_the_record_is_completed()
    {
        var story = Proposal(new("Cardiomed", [Cnes]) { Flags = [Flag.UnparsedDay] });
        Assert.Empty(Flags.Of(Recorded(story, 1, "/flags", null).State));
        story.WhenCorrecting(1, "/flags", new System.Text.Json.Nodes.JsonArray("day-in-future")).ThenRefused("flag-not-declarable");
        Given(Proposed).WhenCorrecting(1, "/flags", new System.Text.Json.Nodes.JsonArray("unparsed-day")).ThenRefused("flag-not-declarable");
    }

    private static Story<Agreement, AgreementEvent> Recorded(Story<Agreement, AgreementEvent> story, long number, string field, System.Text.Json.Nodes.JsonNode? value)
    {
        var decision = AgreementDecider.Correct(story.State, new(number, field, value, "It was misread."), story.AsReadersSee(number), Outside);
        return story.And(Assert.IsType<Decision.Decided>(decision).Events.Cast<AgreementEvent>());
    }

    private static Decision Propose(Occasion occasion, ProposeAgreement command) => AgreementDecider.Propose(command, "agreement-1", "CA-2019-0001", [], occasion);

    private static Story<Agreement, AgreementEvent> Proposal(ProposeAgreement command) =>
        Given([.. Assert.IsType<Decision.Decided>(Propose(Import, command)).Events.Cast<AgreementEvent>()]);
}
