using System.Collections.Immutable;
using Ledger.Domain.Days;
using Ledger.Domain.Persons;
using static Ledger.Domain.Decision;

namespace Ledger.Domain.Agreements;

/// <summary>What may become true of an agreement. Each method refuses, finds it already true, or decides.</summary>
public static class AgreementDecider
{
    /// <summary>Begins an agreement. The id, the reference and one id for each phase are made outside.</summary>
    public static Decision Propose(ProposeAgreement command, string id, string reference, ImmutableArray<string> phaseIds, Occasion occasion)
    {
        var proposed = new AgreementProposed(id, reference, command.Title, command.Parties)
        {
            OccurredOn = command.ProposedOn,
            Meeting = occasion.Meeting,
            Titles = command.Titles,
            Summary = command.Summary,
            Institutes = command.Institutes,
            Fields = command.Fields,
            Open = command.Open,
            Phases = [.. command.Phases.Zip(phaseIds, (phase, phaseId) => new ProposedPhase(phaseId, phase.Title, phase.PlannedEnd))],
            EntryIntoForce = command.EntryIntoForce,
            Term = command.Term,
            Visibility = command.Visibility,
            Organisations = [.. command.Parties.Where(occasion.Agencies.IsOrganisation)],
            Flags = command.Flags.IsDefaultOrEmpty ? null : [.. command.Flags.Distinct().Order()],
        };
        return AgreementRules.OfProposal(proposed, occasion) ?? Record(proposed);
    }

    /// <summary>Records a discussion. Two discussions on one day are two discussions.</summary>
    public static Decision Discuss(Agreement state, DiscussAgreement command, Occasion occasion) =>
        Admit(state, occasion, new AgreementDiscussed(command.Summary) { Topics = command.Topics }, command.DiscussedOn);

    /// <summary>Records a party's signature, once.</summary>
    public static Decision Sign(Agreement state, SignAgreement command, Person? signatory, Occasion occasion)
    {
        var on = DayOf(command.SignedOn, occasion);
        var (party, actedBy, refused) = AgreementRules.Place(state, command.Party, on, occasion, mayJoin: true);
        if (refused is not null)
            return refused;
        if (state.Acts.Any(act => act.Event is AgreementSigned signed && signed.Party == party && signed.OccurredOn == on))
            return Nothing;

        return Admit(state, occasion, new AgreementSigned(party)
        {
            Place = command.Place,
            Signatory = signatory,
            ActedBy = actedBy,
            Organisation = occasion.Agencies.IsOrganisation(command.Party),
        }, on);
    }

    /// <summary>Records a party's consent to be bound, once unless it withdrew in between.</summary>
    public static Decision Ratify(Agreement state, RatifyAgreement command, Occasion occasion)
    {
        var on = DayOf(command.RatifiedOn, occasion);
        var (party, actedBy, refused) = AgreementRules.Place(state, command.Party, on, occasion, mayJoin: true);
        return refused ?? Admit(state, occasion, new AgreementRatified(party, command.Instrument)
        {
            ReceivedOn = command.ReceivedOn,
            EffectiveOn = command.EffectiveOn,
            ActedBy = actedBy,
            Organisation = occasion.Agencies.IsOrganisation(command.Party),
        }, on);
    }

    /// <summary>Plans a further phase. The id is made outside.</summary>
    public static Decision PlanPhase(Agreement state, PlanPhase command, string phaseId, Occasion occasion)
    {
        if (state.Phases.Any(p => p.Phase.Title == command.Title && p.Phase.PlannedEnd == command.PlannedEnd))
            return Nothing;

        // Nobody says when a phase was planned: it was by the day of the meeting, or by today.
        return Admit(state, occasion, new PhasePlanned(phaseId, command.Title) { PlannedEnd = command.PlannedEnd }, occasion.HeldOn ?? Day.On(occasion.Today));
    }

    /// <summary>Records the completion of a phase, once. The phase is named by its id or its number from 1.</summary>
    public static Decision CompletePhase(Agreement state, string phase, CompletePhase command, Occasion occasion)
    {
        if (state.FindPhase(phase) is not { } phaseId)
            return Refuse("unknown-phase", $"{state.Reference} has no phase {phase}. {AgreementRules.PhasesOf(state)}", "/phase");

        return Admit(state, occasion, new PhaseCompleted(phaseId) { Results = command.Results }, command.CompletedOn);
    }

    /// <summary>Records an achievement.</summary>
    public static Decision Achieve(Agreement state, RecordAchievement command, Occasion occasion)
    {
        var on = DayOf(command.OccurredOn, occasion);
        if (state.Acts.Any(act => act.Event is AchievementRecorded recorded && recorded.Title == command.Title && recorded.OccurredOn == on))
            return Nothing;

        return Admit(state, occasion, new AchievementRecorded(command.Title)
        {
            Summary = command.Summary,
            Counters = command.Counters,
            Beneficiaries = command.Beneficiaries,
        }, on);
    }

    /// <summary>Prolongs the term.</summary>
    public static Decision Extend(Agreement state, ExtendAgreement command, Occasion occasion) =>
        Admit(state, occasion, new AgreementExtended(command.Until) { Reason = command.Reason }, command.AgreedOn);

    /// <summary>Records an amendment.</summary>
    public static Decision Amend(Agreement state, AmendAgreement command, Occasion occasion)
    {
        var on = DayOf(command.OccurredOn, occasion);
        if (state.Acts.Any(act => act.Event is AgreementAmended amended && amended.Summary == command.Summary && amended.OccurredOn == on && amended.EffectiveOn == command.EffectiveOn))
            return Nothing;

        return Admit(state, occasion, new AgreementAmended { Summary = command.Summary, EffectiveOn = command.EffectiveOn, Reason = command.Reason }, on);
    }

    /// <summary>Suspends the operation of an agreement in force.</summary>
    public static Decision Suspend(Agreement state, SuspendAgreement command, Occasion occasion) =>
        Admit(state, occasion, new AgreementSuspended { EffectiveOn = command.EffectiveOn, Reason = command.Reason }, command.OccurredOn);

    /// <summary>Resumes the operation of a suspended agreement.</summary>
    public static Decision Resume(Agreement state, ResumeAgreement command, Occasion occasion) =>
        Admit(state, occasion, new AgreementResumed { EffectiveOn = command.EffectiveOn, Reason = command.Reason }, command.OccurredOn);

    /// <summary>Records a party's notice of withdrawal, or the withdrawal of its consent before entry into force.</summary>
    public static Decision NotifyWithdrawal(Agreement state, NotifyWithdrawal command, Occasion occasion)
    {
        var on = DayOf(command.OccurredOn, occasion);
        var (party, actedBy, refused) = AgreementRules.Place(state, command.Party, on, occasion, mayJoin: false);
        return refused ?? Admit(state, occasion, new WithdrawalNotified(party)
        {
            EffectiveOn = command.EffectiveOn,
            Reason = command.Reason,
            ActedBy = actedBy,
        }, on);
    }

    /// <summary>Records that a party revoked its notice before it had effect.</summary>
    public static Decision RevokeWithdrawal(Agreement state, RevokeWithdrawal command, Occasion occasion)
    {
        var on = DayOf(command.OccurredOn, occasion);
        var (party, actedBy, refused) = AgreementRules.Place(state, command.Party, on, occasion, mayJoin: false);
        return refused ?? Admit(state, occasion, new WithdrawalRevoked(party) { Reason = command.Reason, ActedBy = actedBy }, on);
    }

    /// <summary>Terminates an agreement.</summary>
    public static Decision Terminate(Agreement state, TerminateAgreement command, Occasion occasion) =>
        Admit(state, occasion, new AgreementTerminated { EffectiveOn = command.EffectiveOn, Ground = command.Ground, Reason = command.Reason }, command.OccurredOn);

    /// <summary>Withdraws the proposal of an agreement not yet in force.</summary>
    public static Decision WithdrawProposal(Agreement state, WithdrawProposal command, Occasion occasion) =>
        Admit(state, occasion, new ProposalWithdrawn { EffectiveOn = command.EffectiveOn, Reason = command.Reason }, command.OccurredOn);

    /// <summary>Records that an agreement not yet in force is applied provisionally, once.</summary>
    public static Decision ApplyProvisionally(Agreement state, ApplyProvisionally command, Occasion occasion) =>
        Admit(state, occasion, new ProvisionalApplicationBegun { EffectiveOn = command.EffectiveOn }, command.OccurredOn);

    /// <summary>Attaches a document, also to an agreement that has ended.</summary>
    public static Decision AttachDocument(Agreement state, DocumentAttached document, Occasion occasion) =>
        state.Acts.Any(act => act.Event is DocumentAttached attached && attached.Sha256 == document.Sha256 && attached.Name == document.Name)
            ? Nothing
            : Record(document with { OccurredOn = Day.On(occasion.Today), Meeting = occasion.Meeting });

    /// <summary>Corrects an entry. It is given whole and as readers see it, because the state keeps no long texts.</summary>
    public static Decision Correct(Agreement state, CorrectEntry command, Entry<AgreementEvent> target, Occasion occasion)
    {
        if (target.Event is EntryCorrected correction)
            return Refuse("cannot-correct-correction", $"Entry {target.Version} is itself a correction. Correct entry {correction.Corrects} again instead.", "/corrects");
        if (state.Acts.Find(target.Version) is not { } recorded)
            return Refuse("entry-annulled", $"Entry {target.Version} has been struck out. Record the act again if it did happen.", "/corrects");

        if (command.Field.Length == 0)
            return Annul(state, command, target, occasion);

        var field = Correction.Canonical(command.Field);
        if (!Correction.TryRead(target.Event, field, out var was))
            return Refuse("unknown-field", $"Entry {target.Version} has no member {command.Field} that a correction may touch. Name one of those that its history shows under data.", "/field");

        AgreementEvent corrected;
        try
        {
            corrected = Correction.Apply(target.Event, field, command.Value);
        }
        catch (System.Text.Json.JsonException problem)
        {
            return Refuse("value-does-not-fit", $"{command.Field} cannot hold that value. {problem.Message}", "/value");
        }

        if (corrected.OccurredOn is null && corrected is not AgreementProposed)
            return Refuse("value-does-not-fit", "Only the day of a proposal may be unknown. Give the day, the month or the year.", "/value");
        if (corrected is AgreementProposed { EntryIntoForce.IsComplete: false })
            return Refuse("value-does-not-fit", "The rule of entry into force says too little. Give the count, the parties or the date that it needs.", "/value");

        if (corrected is AgreementProposed { Flags: { } flags } && !flags.All(Flags.IsDeclared))
            return Refuse("flag-not-declarable", "The ledger works out most flags itself. Give those only that say what the older record lacks, or null.", "/value");

        if (!occasion.IsHistorical && Standing.Days(corrected).Concat(Standing.PlannedEnds(corrected)).Except(Standing.Days(target.Event).Concat(Standing.PlannedEnds(target.Event))).Any(day => !day.IsLevel0))
            return Refuse("value-does-not-fit", $"{command.Field} cannot hold that value. A day is a text such as \"2020-02-14\", \"2020-02\" or \"2020\"; ranges and uncertain days come from older records only.", "/value");

        // As the ledger writes it, so that one value has one form.
        _ = Correction.TryRead(corrected, field, out var value);
        if (System.Text.Json.Nodes.JsonNode.DeepEquals(was, value))
            return Nothing;

        var after = state with { Acts = state.Acts.Replace(recorded with { Event = corrected }) };
        return AgreementRules.BrokenBy(state, after, occasion)
            ?? Record(new EntryCorrected(target.Version, field, command.Reason)
            {
                OccurredOn = Day.On(occasion.Today),
                Meeting = occasion.Meeting,
                Was = was,
                Value = value,
            });
    }

    /// <summary>Puts right who signed. The person's name stays outside.</summary>
    public static Decision CorrectSignatory(Agreement state, long signature, Person person, string reason, Occasion occasion)
    {
        if (state.Acts.Find(signature)?.Event is not AgreementSigned signed || Correction.OfPerson<AgreementEvent>(signed, "/signatory", person) is not { } change)
            return Refuse("unknown-field", $"Entry {signature} names no signatory.", "/field");

        return System.Text.Json.Nodes.JsonNode.DeepEquals(change.Was, change.Value)
            ? Nothing
            : Record(new EntryCorrected(signature, "/signatory", reason) { OccurredOn = Day.On(occasion.Today), Meeting = occasion.Meeting, Was = change.Was, Value = change.Value });
    }

    private static Decision Annul(Agreement state, CorrectEntry command, Entry<AgreementEvent> target, Occasion occasion)
    {
        if (target.Event is AgreementProposed)
            return Refuse("cannot-annul-proposal", "The proposal carries the agreement and cannot be struck out. Withdraw the proposal instead.", "/corrects");
        if (command.Value is not null)
            return Refuse("value-does-not-fit", "To strike out a whole entry leave the field empty and give null as the value. To correct a member name it.", "/value");

        var after = state with { Acts = state.Acts.Remove(target.Version) };
        return AgreementRules.BrokenBy(state, after, occasion)
            ?? Record(new EntryCorrected(target.Version, "", command.Reason) { OccurredOn = Day.On(occasion.Today), Meeting = occasion.Meeting });
    }

    // The validator of a single request demands the day; in a meeting the day it was held stands in for it.
    private static Day DayOf(Day? given, Occasion occasion) =>
        given ?? occasion.HeldOn ?? throw new ArgumentException("An act outside a meeting has a day of its own.", nameof(given));

    private static Decision Admit(Agreement state, Occasion occasion, AgreementEvent act, Day? on)
    {
        act = act with { OccurredOn = DayOf(on, occasion), Meeting = occasion.Meeting };
        return AgreementRules.Of(state, act, occasion)
            ?? (AgreementRules.IsRepeated(state, act, occasion) ? Nothing : Record(act));
    }
}
