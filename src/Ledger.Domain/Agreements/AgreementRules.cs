using Ledger.Domain.Days;
using static Ledger.Domain.Decision;

namespace Ledger.Domain.Agreements;

/// <summary>
/// The rules of the Law of Treaties that an act is held against: the other acts, by their days and not by the order of recording.
/// Each answers with a refusal, or with null where there is nothing against the act.
/// </summary>
internal static class AgreementRules
{
    /// <summary>What there is against a proposal.</summary>
    public static Decision? OfProposal(AgreementProposed proposed, Occasion occasion)
    {
        if (proposed.OccurredOn?.IsAfter(occasion.Today) == Truth.Yes)
            return InFuture(proposed.OccurredOn, "/proposedOn");

        foreach (var (codes, field) in new[] { (proposed.Parties, "/parties"), (proposed.Institutes, "/institutes") })
        {
            if (codes.FirstOrDefault(code => occasion.Agencies.Find(code) is null) is { } unknown)
                return UnknownAgency(unknown, field);
        }

        return proposed.EntryIntoForce?.Parties.FirstOrDefault(party => !proposed.Parties.Contains(party)) is { } stranger
            ? Refuse("not-a-party", $"{stranger} is named in the rule of entry into force and is no party. Name parties only.", "/entryIntoForce/parties")
            : null;
    }

    /// <summary>What there is against an act, given all other acts of the agreement.</summary>
    public static Decision? Of(Agreement state, AgreementEvent act, Occasion occasion)
    {
        if (act.OccurredOn!.IsAfter(occasion.Today) == Truth.Yes)
            return InFuture(act.OccurredOn, "/occurredOn");

        if (PartyOf(act) is { } party)
        {
            if (occasion.Agencies.Find(party) is null)
                return UnknownAgency(party, "/party");
            if (!state.Proposal.Open && !state.Proposal.Parties.Contains(party))
                return NotAParty(state, party);
        }

        // What an older arrangement achieved before it came to be known here is no act between the parties.
        if (act is not (AchievementRecorded or PhaseCompleted or PhasePlanned or DocumentAttached)
            && state.Proposal.OccurredOn is { } proposedOn
            && act.OccurredOn.IsBefore(proposedOn) == Truth.Yes)
        {
            return Refuse("act-before-proposal", $"{state.Reference} was proposed on {proposedOn}; nothing can be done under it on {act.OccurredOn}. Check the day, or correct the day of the proposal.", "/occurredOn");
        }

        if (act is not DocumentAttached && Standing.Of(state, DateOnly.MaxValue)!.EndedOn is { } ended && TakesEffect(act) >= ended)
            return Refuse("agreement-ended", $"{state.Reference} ended on {Day.On(ended)}. After that only corrections and documents can be recorded.");

        return act switch
        {
            AgreementSigned signed => OfSignature(state, signed),
            AgreementRatified ratified => OfConsent(state, ratified, occasion),
            PhasePlanned planned => OfPhase(state, planned),
            PhaseCompleted completed => OfCompletion(state, completed),
            AchievementRecorded achieved => OfAchievement(achieved, occasion),
            AgreementExtended extended => OfExtension(state, extended),
            AgreementSuspended suspended => OfSuspension(state, suspended),
            AgreementResumed resumed => OfResumption(state, resumed),
            WithdrawalNotified notified => OfWithdrawal(state, notified),
            WithdrawalRevoked revoked => OfRevocation(state, revoked),
            AgreementTerminated terminated => OfTermination(state, terminated),
            ProposalWithdrawn withdrawn => OfProposalWithdrawal(state, withdrawn),
            _ => null,
        };
    }

    /// <summary>Whose place among the parties the agency acts in on a day, and under which code it acts where that is another's place.</summary>
    public static (string Party, string? ActedBy, Decision? Refused) Place(Agreement state, string agency, Day on, Occasion occasion, bool mayJoin)
    {
        if (occasion.Agencies.Find(agency) is null)
            return ("", null, UnknownAgency(agency, "/party"));

        var holder = occasion.Agencies.HolderOn(agency, on.Latest);
        if (holder != agency)
            return ("", null, Refuse("agency-succeeded", $"{holder} had taken the place of {agency} by {on}. Name {holder} instead.", "/party"));
        if (occasion.Agencies.PlaceOf(state.Parties, agency, on.Latest) is { } party)
            return (party, party == agency ? null : agency, null);

        return mayJoin && state.Proposal.Open
            ? (agency, null, null)
            : ("", null, NotAParty(state, agency));
    }

    /// <summary>The rule that a correction would make some act break that kept it before.</summary>
    public static Decision? BrokenBy(Agreement before, Agreement after, Occasion occasion)
    {
        if (OfProposal(after.Proposal, occasion) is Refused proposal)
            return proposal with { Field = "/value" };

        var broken = after.Acts.Skip(1)
            .Where(act => act.Event is not AgreementDiscussed)
            .Select(act => (act.Number, Refused: Of(Without(after, act), act.Event, occasion) as Refused))
            .FirstOrDefault(x => x.Refused is not null
                && !(before.Acts.FirstOrDefault(act => act.Number == x.Number) is { } former
                    && (Of(Without(before, former), former.Event, occasion) as Refused)?.Code == x.Refused.Code));
        var early = after.Acts.FirstOrDefault(act => act.Event is AgreementDiscussed && Of(after, act.Event, occasion) is Refused
            && Of(before, before.Acts.First(a => a.Number == act.Number).Event, occasion) is null);

        return broken.Refused is { } refused
            ? refused with { Sentence = $"Entry {broken.Number} could not stand then: {refused.Sentence}", Field = "/value" }
            : early is not null ? Of(after, early.Event, occasion) : null;
    }

    /// <summary>A sentence that names the phases.</summary>
    public static string PhasesOf(Agreement state)
    {
        var titles = state.Phases.Select((p, index) => $"{index + 1} ({p.Phase.Title})").ToList();
        return titles.Count == 0 ? "None has been planned; plan it first." : $"There are: {string.Join(", ", titles)}.";
    }

    private static Agreement Without(Agreement state, Act act) => state with { Acts = state.Acts.RemoveAll(a => a.Number == act.Number) };

    private static DateOnly TakesEffect(AgreementEvent act) => act switch
    {
        // A second end may only bring the end nearer.
        AgreementTerminated e => (e.EffectiveOn ?? e.OccurredOn!).Latest,
        ProposalWithdrawn e => (e.EffectiveOn ?? e.OccurredOn!).Latest,
        _ => act.OccurredOn!.Earliest,
    };

    private static Decision InFuture(Day on, string field) =>
        Refuse("act-in-future", $"{on} lies in the future. Record an act once it has happened; if it is to have effect later, give effectiveOn.", field);

    private static string? PartyOf(AgreementEvent act) => act switch
    {
        AgreementSigned e => e.Party,
        AgreementRatified e => e.Party,
        WithdrawalNotified e => e.Party,
        WithdrawalRevoked e => e.Party,
        _ => null,
    };

    private static Decision NotAParty(Agreement state, string agency) =>
        Refuse("not-a-party", $"{agency} is not a party to {state.Reference}. Its parties are {string.Join(", ", state.Proposal.Open ? state.Parties : state.Proposal.Parties)}.", "/party");

    private static Decision UnknownAgency(string code, string field) =>
        Refuse("unknown-agency", $"No agency {code} is registered. Ask a registrar to register it, or check the code.", field);

    private static Decision? OfSignature(Agreement state, AgreementSigned signed) =>
        state.Acts.Select(act => act.Event).OfType<AgreementSigned>().FirstOrDefault(s => s.Party == signed.Party) is { } earlier
            ? Refuse("already-signed", $"{signed.Party} signed {state.Reference} on {earlier.OccurredOn}. If that day is wrong, correct that entry.", "/party")
            : null;

    private static Decision? OfConsent(Agreement state, AgreementRatified ratified, Occasion occasion)
    {
        var received = ratified.ReceivedOn ?? ratified.OccurredOn!;
        if (received.IsAfter(occasion.Today) == Truth.Yes)
            return InFuture(received, "/receivedOn");
        if (received.IsBefore(ratified.OccurredOn!) == Truth.Yes)
            return Refuse("received-before-made", $"An instrument of {ratified.OccurredOn} cannot have been received on {received}.", "/receivedOn");

        if (SecondConsent(state, ratified) is { } second)
            return second;

        var needsSignature = ratified.Instrument is Instrument.Ratification or Instrument.Acceptance or Instrument.Approval;
        return needsSignature && !state.Acts.Any(act => act.Event is AgreementSigned s && s.Party == ratified.Party && s.OccurredOn!.IsAfter(ratified.OccurredOn!) != Truth.Yes)
            ? Refuse("not-yet-signed", $"{ratified.Party} had not signed {state.Reference} by {ratified.OccurredOn}. Record its signature first, or an accession if it consented without signing.", "/party")
            : null;
    }

    // A party consents once, unless it left in between; that holds too for a consent recorded after one that followed it.
    private static Decision? SecondConsent(Agreement state, AgreementRatified ratified)
    {
        var others = state.Acts.Where(act => act.Event is AgreementRatified r && r.Party == ratified.Party).ToList();
        if (others.Count == 0)
            return null;

        var received = ReceivedOn(ratified);
        var after = state with { Acts = state.Acts.Add(new(state.Version + 1, ratified)) };
        var standing = Reading.IsConsentOn(received, state, ratified.Party)
            ? others.Where(act => ReceivedOn(act.Event) <= received).MaxBy(act => ReceivedOn(act.Event)) ?? others[0]
            : others.Find(act => ReceivedOn(act.Event) >= received && Reading.IsConsentOn(ReceivedOn(act.Event), Without(after, act), ratified.Party));
        if (standing is not null)
            return Refuse("already-ratified", $"{ratified.Party} consented to be bound by {state.Reference} on {standing.Event.OccurredOn} and has not left it. If that entry is wrong, correct it.", "/party");

        return Reading.IsConsentOn(received, after, ratified.Party)
            ? null
            : Refuse("already-ratified", $"{ratified.Party} withdrew by {Day.On(received)} what consent it had given. If it acceded again, give the day after that.", "/party");
    }

    private static DateOnly ReceivedOn(AgreementEvent ratified) => (((AgreementRatified)ratified).ReceivedOn ?? ratified.OccurredOn!).Latest;

    private static WithdrawalRevoked? RevokedBy(Agreement state, WithdrawalNotified notice) => state.Acts.Select(act => act.Event)
        .OfType<WithdrawalRevoked>()
        .FirstOrDefault(revoked => revoked.Party == notice.Party
            && GivenBy(notice) <= revoked.OccurredOn!.Latest
            && revoked.OccurredOn.Latest < (notice.EffectiveOn ?? notice.OccurredOn!).Latest);

    // A notice given on a day not known exactly was given by the day it took effect.
    private static DateOnly GivenBy(WithdrawalNotified notice) =>
        notice.EffectiveOn?.Latest < notice.OccurredOn!.Latest ? notice.EffectiveOn.Latest : notice.OccurredOn.Latest;

    private static Decision? OfPhase(Agreement state, PhasePlanned planned) =>
        state.Phases.Any(p => p.Phase.Title == planned.Title)
            ? Refuse("phase-already-planned", $"{state.Reference} already has a phase \"{planned.Title}\" with another planned end. Correct that entry, or give the phase another title.", "/title")
            : null;

    private static Decision? OfCompletion(Agreement state, PhaseCompleted completed)
    {
        if (state.FindPhase(completed.PhaseId) is null)
            return Refuse("unknown-phase", $"{state.Reference} has no phase {completed.PhaseId}. {PhasesOf(state)}", "/phase");

        return state.Acts.Select(act => act.Event).OfType<PhaseCompleted>().FirstOrDefault(c => c.PhaseId == completed.PhaseId) is { } earlier
            ? Refuse("phase-already-completed", $"That phase was completed on {earlier.OccurredOn}. If that day is wrong, correct that entry.", "/phase")
            : null;
    }

    private static Decision? OfAchievement(AchievementRecorded achieved, Occasion occasion)
    {
        var index = achieved.Beneficiaries.ToList().FindIndex(b => occasion.Agencies.Find(b.Agency) is null);
        return index < 0 ? null : UnknownAgency(achieved.Beneficiaries[index].Agency, $"/beneficiaries/{index}/agency");
    }

    // Taken by the day on which each was agreed, every link of the chain ends later than the one before.
    private static Decision? OfExtension(Agreement state, AgreementExtended extended)
    {
        var stated = state.Proposal.Term?.Until?.Latest
            ?? (state.Proposal.Term?.Length is { } length && Standing.Of(state, DateOnly.MaxValue)!.Entry.InForceFrom is { } from ? length.After(from) : null);
        var others = state.Acts.Select(act => act.Event).OfType<AgreementExtended>().ToList();
        var current = others.Where(e => e.OccurredOn!.Latest <= extended.OccurredOn!.Latest).Select(e => (DateOnly?)e.Until.Latest).Append(stated).Max();
        if (extended.Until.Latest <= current)
            return Refuse("extension-not-later", $"The term of {state.Reference} already runs until {Day.On(current.Value)}. An extension must end later.", "/until");

        return others.FirstOrDefault(e => e.OccurredOn!.Latest > extended.OccurredOn!.Latest && e.Until.Latest <= extended.Until.Latest) is { } later
            ? Refuse("extension-not-later", $"On {later.OccurredOn} the term was extended until {later.Until}; an earlier extension cannot have reached {extended.Until}.", "/until")
            : null;
    }

    private static Decision? OfSuspension(Agreement state, AgreementSuspended suspended)
    {
        var from = suspended.EffectiveOn ?? suspended.OccurredOn!;
        return Standing.Of(state, from.Latest)?.Status switch
        {
            AgreementStatus.InForce => StatusWith(state, suspended, from) == AgreementStatus.Suspended
                ? null
                : Refuse("already-suspended", $"What else is recorded of {from} leaves {state.Reference} in force on that day. Give the day after, or correct those entries."),
            AgreementStatus.Suspended => Refuse("already-suspended", $"{state.Reference} was already suspended on {from}."),
            _ => NotInForce(state, from),
        };
    }

    private static Decision? OfResumption(Agreement state, AgreementResumed resumed)
    {
        var from = resumed.EffectiveOn ?? resumed.OccurredOn!;
        if (Standing.Of(state, from.Latest)?.Status != AgreementStatus.Suspended)
            return Refuse("not-suspended", $"{state.Reference} was not suspended on {from}, so there is nothing to resume. Check the day, or record the suspension first.");

        return StatusWith(state, resumed, from) == AgreementStatus.Suspended
            ? Refuse("not-suspended", $"What else is recorded of {from} leaves {state.Reference} suspended on that day. Give the day after, or correct those entries.")
            : null;
    }

    private static AgreementStatus? StatusWith(Agreement state, AgreementEvent act, Day on) =>
        Standing.Of(state with { Acts = state.Acts.Add(new(state.Version + 1, act)) }, on.Latest)?.Status;

    private static Decision NotInForce(Agreement state, Day on) =>
        Refuse("not-in-force", $"{state.Reference} was not in force on {on}. Check the day, or record first what brought it into force.");

    private static Decision? OfWithdrawal(Agreement state, WithdrawalNotified notified)
    {
        var on = notified.OccurredOn!;
        if (notified.EffectiveOn?.IsBefore(on) == Truth.Yes)
            return Refuse("effect-before-notice", $"A notice of {on} cannot have effect from {notified.EffectiveOn}.", "/effectiveOn");

        var given = GivenBy(notified);
        var party = Standing.Of(state, given)?.Parties.FirstOrDefault(p => p.Party == notified.Party);
        if (party?.Status is not (PartyStatus.Contracting or PartyStatus.Party or PartyStatus.Leaving))
            return Refuse("no-consent-to-withdraw", $"{notified.Party} was not bound by {state.Reference} on {on} and had not consented to be. There is nothing to withdraw.", "/party");

        if (party.WithdrawnOn > given)
            return Refuse("withdrawal-already-notified", $"{notified.Party} has given notice already; it leaves on {Day.On(party.WithdrawnOn.Value)}. Revoke or correct that notice to change the day.", "/party");

        return RevokedBy(state, notified) is { } revoked
            ? Refuse("withdrawal-already-notified", $"{notified.Party} revoked on {revoked.OccurredOn} what notice it had given. If it gave notice anew, give the day after that.", "/occurredOn")
            : null;
    }

    private static Decision? OfRevocation(Agreement state, WithdrawalRevoked revoked)
    {
        var on = revoked.OccurredOn!;
        var leaves = Standing.Of(state, on.Latest)?.Parties.FirstOrDefault(p => p.Party == revoked.Party)?.WithdrawnOn;
        if (leaves is null)
            return Refuse("no-withdrawal-to-revoke", $"{revoked.Party} had given no notice of withdrawal from {state.Reference} by {on}.", "/party");

        return leaves <= on.Latest
            ? Refuse("withdrawal-in-effect", $"The withdrawal of {revoked.Party} had effect from {Day.On(leaves.Value)} and can no longer be revoked. It may accede again.", "/occurredOn")
            : null;
    }

    private static Decision? OfTermination(Agreement state, AgreementTerminated terminated)
    {
        var open = state.Phases.Where(p => !state.Acts.Any(act => act.Event is PhaseCompleted c && c.PhaseId == p.Phase.PhaseId)).ToList();
        return terminated.Ground == TerminationGround.Completion && (open.Count > 0 || !state.Phases.Any())
            ? Refuse("phases-outstanding", open.Count > 0
                ? $"{state.Reference} cannot be closed as completed while a phase is open: {string.Join(", ", open.Select(p => p.Phase.Title))}."
                : $"{state.Reference} has no phases that could be completed. Terminate it on another ground.", "/ground")
            : null;
    }

    private static Decision? OfProposalWithdrawal(Agreement state, ProposalWithdrawn withdrawn)
    {
        var from = withdrawn.EffectiveOn ?? withdrawn.OccurredOn!;
        return Standing.Of(state, from.Latest)?.Entry.InForceFrom <= from.Latest
            ? Refuse("already-in-force", $"{state.Reference} was in force on {from}; its proposal can no longer be withdrawn. Record a withdrawal or a termination.")
            : null;
    }
}
