using System.Collections.Frozen;
using Ledger.Domain.Days;
using static Ledger.Domain.Decision;

namespace Ledger.Domain.Agreements;

/// <summary>
/// The rules of the Law of Treaties that an act is held against: the other acts, by their days and not by the order of recording.
/// Each tells all that there is against the act, the gravest first.
/// </summary>
internal static class AgreementRules
{
    // Old records hold days in an order that cannot have been. Who acted, and whether it was done already, is no matter of days.
    private static readonly FrozenSet<string> OnTheOrderOfDays = FrozenSet.Create(
        StringComparer.Ordinal,
        "act-in-future", "act-before-proposal", "agreement-ended", "received-before-made", "not-yet-signed", "effect-before-notice", "extension-not-later", "not-in-force",
        "already-suspended", "not-suspended", "no-consent-to-withdraw", "no-withdrawal-to-revoke", "withdrawal-in-effect", "already-in-force", "phases-outstanding");

    /// <summary>What there is against a proposal.</summary>
    public static Decision? OfProposal(AgreementProposed proposed, Occasion occasion) => AgainstProposal(proposed, occasion).FirstOrDefault();

    /// <summary>What there is against an act, given all other acts of the agreement.</summary>
    public static Decision? Of(Agreement state, AgreementEvent act, Occasion occasion) => Against(state, act, occasion, EndOf(state)).FirstOrDefault();

    /// <summary>Whether an act that is admitted for its days alone stands in the record already.</summary>
    public static bool IsRepeated(Agreement state, AgreementEvent act, Occasion occasion) =>
        occasion.IsHistorical && state.Acts.Any(a => a.Event == act) && Of(state, act, occasion with { IsHistorical = false }) is not null;

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
        if (New(AgainstProposal(after.Proposal, occasion), AgainstProposal(before.Proposal, occasion)) is { } proposal)
            return proposal with { Field = "/value" };

        var (endBefore, endAfter) = (EndOf(before), EndOf(after));
        foreach (var act in after.Acts.Skip(1).Where(act => act.Event is not AgreementDiscussed))
        {
            if (New(AgainstOthers(after, act, endAfter), AgainstOthers(before, before.Acts.Find(act.Number)!, endBefore)) is { } refused)
                return refused with { Sentence = $"Entry {act.Number} could not stand then: {refused.Sentence}", Field = "/value" };
        }

        return after.Acts.Skip(1).Where(act => act.Event is AgreementDiscussed)
            .Select(act => New(AgainstOthers(after, act, endAfter), AgainstOthers(before, before.Acts.Find(act.Number)!, endBefore)))
            .FirstOrDefault(refused => refused is not null);

        // What neither brings an end nor depends on its like is held against all acts alike, itself included.
        IEnumerable<Refused> AgainstOthers(Agreement state, Act act, Lazy<DateOnly?> end) => act.Event switch
        {
            AgreementDiscussed or AchievementRecorded or AgreementAmended or DocumentAttached => Against(state, act.Event, occasion, end),
            _ => Against(Without(state, act), act.Event, occasion),
        };

        static Refused? New(IEnumerable<Refused> now, IEnumerable<Refused> then) =>
            now.FirstOrDefault() is null ? null : now.ExceptBy(then.Select(refused => refused.Code), refused => refused.Code).FirstOrDefault();
    }

    /// <summary>Whether an act was certainly done before the agreement was proposed.</summary>
    public static bool IsBeforeProposal(Agreement state, AgreementEvent act) =>

        // What an older arrangement achieved before it came to be known here is no act between the parties.
        state.Proposal.OccurredOn is { } proposedOn
        && act.OccurredOn?.IsBefore(proposedOn) == Truth.Yes
        && act is not (AgreementProposed or AchievementRecorded or PhaseCompleted or PhasePlanned or DocumentAttached);

    /// <summary>A sentence that names the phases.</summary>
    public static string PhasesOf(Agreement state)
    {
        var titles = state.Phases.Select((p, index) => $"{index + 1} ({p.Phase.Title})").ToList();
        return titles.Count == 0 ? "None has been planned; plan it first." : $"There are: {string.Join(", ", titles)}.";
    }

    private static IEnumerable<Refused> AgainstProposal(AgreementProposed proposed, Occasion occasion) => All(proposed, occasion).Where(refused => Counts(refused, occasion));

    private static IEnumerable<Refused> Against(Agreement state, AgreementEvent act, Occasion occasion) => Against(state, act, occasion, EndOf(state));

    private static IEnumerable<Refused> Against(Agreement state, AgreementEvent act, Occasion occasion, Lazy<DateOnly?> end) =>
        All(state, act, occasion, end).Where(refused => Counts(refused, occasion));

    private static bool Counts(Refused refused, Occasion occasion) => !occasion.IsHistorical || !OnTheOrderOfDays.Contains(refused.Code);

    private static Lazy<DateOnly?> EndOf(Agreement state) => new(() => Standing.Of(state, DateOnly.MaxValue)!.EndedOn);

    private static IEnumerable<Refused> All(AgreementProposed proposed, Occasion occasion)
    {
        if (proposed.OccurredOn?.IsAfter(occasion.Today) == Truth.Yes)
            yield return InFuture(proposed.OccurredOn, "/proposedOn");

        foreach (var (codes, field) in new[] { (proposed.Parties, "/parties"), (proposed.Institutes, "/institutes") })
        {
            if (codes.FirstOrDefault(code => occasion.Agencies.Find(code) is null) is { } unknown)
                yield return UnknownAgency(unknown, field);
        }

        if (proposed.EntryIntoForce?.Parties.FirstOrDefault(party => !proposed.Parties.Contains(party)) is { } stranger)
            yield return Refuse("not-a-party", $"{stranger} is named in the rule of entry into force and is no party. Name parties only.", "/entryIntoForce/parties");

        if (proposed.Flags is { IsEmpty: false } flags)
        {
            if (!flags.All(Flags.IsDeclared))
                yield return Refuse("flag-not-declarable", "The ledger works out most flags itself. Give those only that say what the older record lacks.", "/flags");
            else if (!occasion.IsHistorical)
                yield return Refuse("flag-not-declarable", "Only what is brought over from an older record can be flagged for what that record lacks. Leave flags out.", "/flags");
        }
    }

    private static IEnumerable<Refused> All(Agreement state, AgreementEvent act, Occasion occasion, Lazy<DateOnly?> end)
    {
        if (act.OccurredOn!.IsAfter(occasion.Today) == Truth.Yes)
            yield return InFuture(act.OccurredOn, "/occurredOn");

        if (PartyOf(act) is { } party)
        {
            if (occasion.Agencies.Find(party) is null)
                yield return UnknownAgency(party, "/party");
            if (!state.Proposal.Open && !state.Proposal.Parties.Contains(party))
                yield return NotAParty(state, party);
        }

        if (IsBeforeProposal(state, act))
            yield return Refuse("act-before-proposal", $"{state.Reference} was proposed on {state.Proposal.OccurredOn}; nothing can be done under it on {act.OccurredOn}. Check the day, or correct the day of the proposal.", "/occurredOn");

        if (act is not DocumentAttached && end.Value is { } ended && TakesEffect(act) >= ended)
            yield return Refuse("agreement-ended", $"{state.Reference} ended on {Day.On(ended)}. After that only corrections and documents can be recorded.");

        var own = act switch
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
            ProvisionalApplicationBegun begun => OfProvisionalApplication(state, begun),
            _ => [],
        };
        foreach (var refused in own)
            yield return refused;
    }

    private static Agreement Without(Agreement state, Act act) => state with { Acts = state.Acts.Remove(act.Number) };

    private static DateOnly TakesEffect(AgreementEvent act) => act switch
    {
        // A second end may only bring the end nearer.
        AgreementTerminated e => (e.EffectiveOn ?? e.OccurredOn!).Latest,
        ProposalWithdrawn e => (e.EffectiveOn ?? e.OccurredOn!).Latest,

        // What is applied from a day after the end was never applied.
        ProvisionalApplicationBegun { EffectiveOn.Latest: var from } e when from > e.OccurredOn!.Earliest => from,
        _ => act.OccurredOn!.Earliest,
    };

    private static Refused InFuture(Day on, string field) =>
        Refuse("act-in-future", $"{on} lies in the future. Record an act once it has happened; if it is to have effect later, give effectiveOn.", field);

    private static string? PartyOf(AgreementEvent act) => act switch
    {
        AgreementSigned e => e.Party,
        AgreementRatified e => e.Party,
        WithdrawalNotified e => e.Party,
        WithdrawalRevoked e => e.Party,
        _ => null,
    };

    private static Refused NotAParty(Agreement state, string agency) =>
        Refuse("not-a-party", $"{agency} is not a party to {state.Reference}. Its parties are {string.Join(", ", state.Proposal.Open ? state.Parties : state.Proposal.Parties)}.", "/party");

    private static Refused UnknownAgency(string code, string field) =>
        Refuse("unknown-agency", $"No agency {code} is registered. Ask a registrar to register it, or check the code.", field);

    private static IEnumerable<Refused> OfSignature(Agreement state, AgreementSigned signed)
    {
        if (state.Acts.Select(act => act.Event).OfType<AgreementSigned>().FirstOrDefault(s => s.Party == signed.Party) is { } earlier)
            yield return Refuse("already-signed", $"{signed.Party} signed {state.Reference} on {earlier.OccurredOn}. If that day is wrong, correct that entry.", "/party");
    }

    private static IEnumerable<Refused> OfConsent(Agreement state, AgreementRatified ratified, Occasion occasion)
    {
        var received = ratified.ReceivedOn ?? ratified.OccurredOn!;
        if (received.IsAfter(occasion.Today) == Truth.Yes)
            yield return InFuture(received, "/receivedOn");
        if (received.IsBefore(ratified.OccurredOn!) == Truth.Yes)
            yield return Refuse("received-before-made", $"An instrument of {ratified.OccurredOn} cannot have been received on {received}.", "/receivedOn");

        if (SecondConsent(state, ratified) is { } second)
            yield return second;

        if (ratified.NeedsSignature && !state.Acts.Any(act => act.Event is AgreementSigned s && s.Party == ratified.Party && s.OccurredOn!.IsAfter(ratified.OccurredOn!) != Truth.Yes))
            yield return Refuse("not-yet-signed", $"{ratified.Party} had not signed {state.Reference} by {ratified.OccurredOn}. Record its signature first, or an accession if it consented without signing.", "/party");
    }

    // A party consents once, unless it left in between; that holds too for a consent recorded after one that followed it.
    private static Refused? SecondConsent(Agreement state, AgreementRatified ratified)
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

    /// <summary>The day by which a notice was given: at the latest the day it took effect, where its own is not known exactly.</summary>
    public static DateOnly GivenBy(WithdrawalNotified notice) =>
        notice.EffectiveOn?.Latest < notice.OccurredOn!.Latest ? notice.EffectiveOn.Latest : notice.OccurredOn.Latest;

    private static IEnumerable<Refused> OfPhase(Agreement state, PhasePlanned planned)
    {
        if (state.Phases.Any(p => p.Phase.Title == planned.Title))
            yield return Refuse("phase-already-planned", $"{state.Reference} already has a phase \"{planned.Title}\" with another planned end. Correct that entry, or give the phase another title.", "/title");
    }

    private static IEnumerable<Refused> OfCompletion(Agreement state, PhaseCompleted completed)
    {
        if (state.FindPhase(completed.PhaseId) is null)
            yield return Refuse("unknown-phase", $"{state.Reference} has no phase {completed.PhaseId}. {PhasesOf(state)}", "/phase");
        if (state.Acts.Select(act => act.Event).OfType<PhaseCompleted>().FirstOrDefault(c => c.PhaseId == completed.PhaseId) is { } earlier)
            yield return Refuse("phase-already-completed", $"That phase was completed on {earlier.OccurredOn}. If that day is wrong, correct that entry.", "/phase");
    }

    private static IEnumerable<Refused> OfAchievement(AchievementRecorded achieved, Occasion occasion)
    {
        var index = achieved.Beneficiaries.ToList().FindIndex(b => occasion.Agencies.Find(b.Agency) is null);
        if (index >= 0)
            yield return UnknownAgency(achieved.Beneficiaries[index].Agency, $"/beneficiaries/{index}/agency");
    }

    // Taken by the day on which each was agreed, every link of the chain ends later than the one before.
    private static IEnumerable<Refused> OfExtension(Agreement state, AgreementExtended extended)
    {
        var stated = state.Proposal.Term?.Until?.Latest
            ?? (state.Proposal.Term?.Length is { } length && Standing.Of(state, DateOnly.MaxValue)!.Entry.InForceFrom is { } from ? length.After(from) : null);
        var others = state.Acts.Select(act => act.Event).OfType<AgreementExtended>().ToList();
        var current = others.Where(e => e.OccurredOn!.Latest <= extended.OccurredOn!.Latest).Select(e => (DateOnly?)e.Until.Latest).Append(stated).Max();
        if (extended.Until.Latest <= current)
            yield return Refuse("extension-not-later", $"The term of {state.Reference} already runs until {Day.On(current.Value)}. An extension must end later.", "/until");
        else if (others.FirstOrDefault(e => e.OccurredOn!.Latest > extended.OccurredOn!.Latest && e.Until.Latest <= extended.Until.Latest) is { } later)
            yield return Refuse("extension-not-later", $"On {later.OccurredOn} the term was extended until {later.Until}; an earlier extension cannot have reached {extended.Until}.", "/until");
    }

    private static IEnumerable<Refused> OfSuspension(Agreement state, AgreementSuspended suspended)
    {
        var from = suspended.EffectiveOn ?? suspended.OccurredOn!;
        switch (Standing.Of(state, from.Latest)?.Status)
        {
            case AgreementStatus.InForce when StatusWith(state, suspended, from) != AgreementStatus.Suspended:
                yield return Refuse("already-suspended", $"What else is recorded of {from} leaves {state.Reference} in force on that day. Give the day after, or correct those entries.");
                break;
            case AgreementStatus.Suspended:
                yield return Refuse("already-suspended", $"{state.Reference} was already suspended on {from}.");
                break;
            case not AgreementStatus.InForce:
                yield return Refuse("not-in-force", $"{state.Reference} was not in force on {from}. Check the day, or record first what brought it into force.");
                break;
        }
    }

    private static IEnumerable<Refused> OfResumption(Agreement state, AgreementResumed resumed)
    {
        var from = resumed.EffectiveOn ?? resumed.OccurredOn!;
        if (Standing.Of(state, from.Latest)?.Status != AgreementStatus.Suspended)
            yield return Refuse("not-suspended", $"{state.Reference} was not suspended on {from}, so there is nothing to resume. Check the day, or record the suspension first.");
        else if (StatusWith(state, resumed, from) == AgreementStatus.Suspended)
            yield return Refuse("not-suspended", $"What else is recorded of {from} leaves {state.Reference} suspended on that day. Give the day after, or correct those entries.");
    }

    private static AgreementStatus? StatusWith(Agreement state, AgreementEvent act, Day on) =>
        Standing.Of(state with { Acts = state.Acts.Add(new(state.Version + 1, act)) }, on.Latest)?.Status;

    private static IEnumerable<Refused> OfWithdrawal(Agreement state, WithdrawalNotified notified)
    {
        var on = notified.OccurredOn!;
        if (notified.EffectiveOn?.IsBefore(on) == Truth.Yes)
            yield return Refuse("effect-before-notice", $"A notice of {on} cannot have effect from {notified.EffectiveOn}.", "/effectiveOn");

        var given = GivenBy(notified);
        var party = Standing.Of(state, given)?.Parties.FirstOrDefault(p => p.Party == notified.Party);
        if (party?.Status is not (PartyStatus.Contracting or PartyStatus.Party or PartyStatus.Leaving))
            yield return Refuse("no-consent-to-withdraw", $"{notified.Party} was not bound by {state.Reference} on {on} and had not consented to be. There is nothing to withdraw.", "/party");

        if (party?.WithdrawnOn is { } leaves && leaves > given)
            yield return Refuse("withdrawal-already-notified", $"{notified.Party} has given notice already; it leaves on {Day.On(leaves)}. Revoke or correct that notice to change the day.", "/party");

        if (RevokedBy(state, notified) is { } revoked)
            yield return Refuse("withdrawal-already-notified", $"{notified.Party} revoked on {revoked.OccurredOn} what notice it had given. If it gave notice anew, give the day after that.", "/occurredOn");
    }

    private static IEnumerable<Refused> OfRevocation(Agreement state, WithdrawalRevoked revoked)
    {
        var on = revoked.OccurredOn!;
        var leaves = Standing.Of(state, on.Latest)?.Parties.FirstOrDefault(p => p.Party == revoked.Party)?.WithdrawnOn;
        if (leaves is null)
            yield return Refuse("no-withdrawal-to-revoke", $"{revoked.Party} had given no notice of withdrawal from {state.Reference} by {on}.", "/party");
        else if (leaves <= on.Latest)
            yield return Refuse("withdrawal-in-effect", $"The withdrawal of {revoked.Party} had effect from {Day.On(leaves.Value)} and can no longer be revoked. It may accede again.", "/occurredOn");
    }

    private static IEnumerable<Refused> OfTermination(Agreement state, AgreementTerminated terminated)
    {
        var open = state.Phases.Where(p => !state.Acts.Any(act => act.Event is PhaseCompleted c && c.PhaseId == p.Phase.PhaseId)).ToList();
        if (terminated.Ground == TerminationGround.Completion && (open.Count > 0 || !state.Phases.Any()))
        {
            yield return Refuse(
                "phases-outstanding",
                open.Count > 0
                    ? $"{state.Reference} cannot be closed as completed while a phase is open: {string.Join(", ", open.Select(p => p.Phase.Title))}."
                    : $"{state.Reference} has no phases that could be completed. Terminate it on another ground.",
                "/ground");
        }
    }

    private static IEnumerable<Refused> OfProposalWithdrawal(Agreement state, ProposalWithdrawn withdrawn)
    {
        var from = withdrawn.EffectiveOn ?? withdrawn.OccurredOn!;
        if (Standing.Of(state, from.Latest)?.Entry.InForceFrom <= from.Latest)
            yield return Refuse("already-in-force", $"{state.Reference} was in force on {from}; its proposal can no longer be withdrawn. Record a withdrawal or a termination.");
    }

    private static IEnumerable<Refused> OfProvisionalApplication(Agreement state, ProvisionalApplicationBegun begun)
    {
        if (state.Acts.Select(act => act.Event).OfType<ProvisionalApplicationBegun>().FirstOrDefault() is { } earlier)
            yield return Refuse("already-applied-provisionally", $"{state.Reference} is applied provisionally from {earlier.EffectiveOn ?? earlier.OccurredOn}. If that day is wrong, correct that entry.");

        var from = begun.EffectiveOn ?? begun.OccurredOn!;
        if (Standing.Of(state, from.Latest)?.Entry.InForceFrom <= from.Latest)
            yield return Refuse("already-in-force", $"{state.Reference} was in force on {from}; provisional application comes before that. Check the day.");
    }
}
