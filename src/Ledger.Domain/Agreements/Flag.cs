using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Ledger.Domain.Days;

namespace Ledger.Domain.Agreements;

/// <summary>
/// Something about an agreement that cannot have been so, or that an older record does not say. Such records are admitted as they are in an
/// import; a live request is refused where a rule stands against it. Written in kebab case: <c>ratified-before-signed</c>.
/// </summary>
public enum Flag
{
    /// <summary>Declared by the source: it gives a day in words or figures that could not be read.</summary>
    UnparsedDay,

    /// <summary>Declared by the source: it does not name the parties.</summary>
    PartiesNotNamed,

    /// <summary>Declared by the source: it tells of an act that has no place among those of the ledger.</summary>
    ActNotMapped,

    /// <summary>An act was done, or an instrument received, on a day that had not come anywhere on earth when the last entry was recorded.</summary>
    DayInFuture,

    /// <summary>An act between the parties was done before the proposal.</summary>
    ActBeforeProposal,

    /// <summary>An act was done after the day on which the agreement ended.</summary>
    ActAfterEnd,

    /// <summary>A party ratified, accepted or approved on a day by which it had not signed (VCLT article 14).</summary>
    RatifiedBeforeSigned,

    /// <summary>An instrument of consent was received before it was made.</summary>
    ReceivedBeforeMade,

    /// <summary>A party is bound from an earlier day than that of its signature.</summary>
    InForceBeforeSignature,

    /// <summary>The agreement was terminated and had never been in force.</summary>
    TerminatedNeverInForce,

    /// <summary>The proposal was withdrawn when the agreement was in force.</summary>
    ProposalWithdrawnInForce,

    /// <summary>Provisional application began when the agreement was in force (VCLT article 25).</summary>
    AppliedProvisionallyInForce,

    /// <summary>The term was extended to a day no later than the one until which it ran.</summary>
    ExtensionNotLater,

    /// <summary>The agreement was suspended from a day on which it was not in force.</summary>
    SuspendedNotInForce,

    /// <summary>The agreement was suspended while it was suspended.</summary>
    SuspendedTwice,

    /// <summary>The agreement was resumed from a day on which it was not suspended.</summary>
    ResumedNotSuspended,

    /// <summary>A party gave notice of withdrawal and had not consented to be bound.</summary>
    WithdrawnWithoutConsent,

    /// <summary>A withdrawal has effect from a day before the notice of it.</summary>
    EffectBeforeNotice,

    /// <summary>A party revoked a notice of withdrawal that it had not given.</summary>
    RevokedWithoutNotice,

    /// <summary>A party revoked its notice of withdrawal when that had had effect (VCLT article 68).</summary>
    RevokedAfterEffect,

    /// <summary>The agreement was closed as completed and had phases that are not, or none at all.</summary>
    PhasesOutstanding,
}

/// <summary>The flags of agreements: worked out from the acts, so that a correction which puts things right takes the flag away.</summary>
public static class Flags
{
    private static readonly FrozenDictionary<Flag, string> Names = Enum.GetValues<Flag>()
        .ToFrozenDictionary(flag => flag, flag => JsonNamingPolicy.KebabCaseLower.ConvertName(flag.ToString()));

    private static readonly FrozenDictionary<string, Flag> ByName = Names.ToFrozenDictionary(x => x.Value, x => x.Key, StringComparer.Ordinal);

    // The day begins first in the Line Islands, fourteen hours before UTC.
    private static readonly TimeSpan EarliestZone = TimeSpan.FromHours(14);

    /// <summary>The name of a flag: <c>ratified-before-signed</c>.</summary>
    public static string Name(Flag flag) => Names[flag];

    /// <summary>The flag of this name; null where there is none.</summary>
    public static Flag? Find(string name) => ByName.TryGetValue(name, out var flag) ? flag : null;

    /// <summary>Whether the source declares the flag; all others the ledger works out.</summary>
    public static bool IsDeclared(Flag flag) => flag is Flag.UnparsedDay or Flag.PartiesNotNamed or Flag.ActNotMapped;

    /// <summary>The flags of an agreement, each once, in the order of <see cref="Flag"/>.</summary>
    public static ImmutableArray<Flag> Of(Agreement agreement)
    {
        var flags = new SortedSet<Flag>(agreement.Proposal.Flags ?? []);

        // What neither binds nor ends nor suspends anything cannot be at odds with what did.
        if (!OfDays(agreement, flags))
            return [.. flags];

        var facts = new Facts(agreement);
        var reading = new Reading(facts, DateOnly.MaxValue, day => day.Latest);
        var standing = reading.Standing();
        OfConsents(facts, DateOnly.FromDateTime(agreement.LastRecordedAt.UtcDateTime + EarliestZone), flags);
        OfEntryAndEnd(agreement, standing, flags);
        OfExtensions(facts, standing, flags);
        OfSuspensions(facts, standing, flags);
        OfWithdrawals(facts, flags);
        if (reading.HasNoticeWithoutConsent)
            flags.Add(Flag.WithdrawnWithoutConsent);
        return [.. flags];
    }

    // Every act for itself, and whether there are any that stand to each other.
    private static bool OfDays(Agreement agreement, SortedSet<Flag> flags)
    {
        var recordedOn = DateOnly.FromDateTime(agreement.LastRecordedAt.UtcDateTime + EarliestZone);
        var (isLater, isBefore, isRelated) = (false, false, false);
        foreach (var act in agreement.Acts)
        {
            isLater = isLater || IsLater(act.Event.OccurredOn, recordedOn);
            isBefore = isBefore || AgreementRules.IsBeforeProposal(agreement, act.Event);
            isRelated = isRelated || act.Event is not (AgreementDiscussed or AgreementProposed or AgreementSigned or AchievementRecorded or AgreementAmended or PhasePlanned or PhaseCompleted or DocumentAttached);
        }

        if (isLater)
            flags.Add(Flag.DayInFuture);
        if (isBefore)
            flags.Add(Flag.ActBeforeProposal);
        return isRelated;
    }

    private static bool IsLater(Day? day, DateOnly than) => day?.IsAfter(than) == Truth.Yes;

    private static bool HasOpenPhases(Agreement agreement)
    {
        var completed = agreement.Acts.Select(act => act.Event).OfType<PhaseCompleted>().Select(e => e.PhaseId).ToHashSet(StringComparer.Ordinal);
        return completed.Count == 0 || agreement.Phases.Any(planned => !completed.Contains(planned.Phase.PhaseId));
    }

    private static void OfConsents(Facts facts, DateOnly recordedOn, SortedSet<Flag> flags)
    {
        var signed = facts.Signed.ToLookup(x => x.Event.Party, x => x.Event.OccurredOn!, StringComparer.Ordinal);
        foreach (var (_, consent) in facts.Ratified)
        {
            if (IsLater(consent.ReceivedOn, recordedOn))
                flags.Add(Flag.DayInFuture);
            if (consent.ReceivedOn?.IsBefore(consent.OccurredOn!) == Truth.Yes)
                flags.Add(Flag.ReceivedBeforeMade);
            if (consent.NeedsSignature && signed[consent.Party].All(on => on.IsAfter(consent.OccurredOn!) == Truth.Yes))
                flags.Add(Flag.RatifiedBeforeSigned);
        }
    }

    private static void OfEntryAndEnd(Agreement agreement, Standing standing, SortedSet<Flag> flags)
    {
        if (standing.Parties.Any(party => party.BoundFrom < party.SignedOn?.Earliest))
            flags.Add(Flag.InForceBeforeSignature);

        var inForceFrom = standing.Entry.InForceFrom;
        foreach (var act in agreement.Acts.Skip(1))
        {
            if (act.Event is AgreementTerminated terminated)
            {
                if (inForceFrom is null)
                    flags.Add(Flag.TerminatedNeverInForce);
                if (terminated.Ground == TerminationGround.Completion && HasOpenPhases(agreement))
                    flags.Add(Flag.PhasesOutstanding);
            }

            if (act.Event is ProposalWithdrawn withdrawn && inForceFrom <= (withdrawn.EffectiveOn ?? withdrawn.OccurredOn!).Latest)
                flags.Add(Flag.ProposalWithdrawnInForce);
            if (act.Event is ProvisionalApplicationBegun begun && inForceFrom < (begun.EffectiveOn ?? begun.OccurredOn!).Earliest)
                flags.Add(Flag.AppliedProvisionallyInForce);

            // On the day of the end itself nobody can say which came first.
            if (act.Event is not DocumentAttached && act.Number != standing.EndedBy && act.Event.OccurredOn!.Earliest > standing.EndedOn)
                flags.Add(Flag.ActAfterEnd);
        }
    }

    private static void OfExtensions(Facts facts, Standing standing, SortedSet<Flag> flags)
    {
        var term = facts.Agreement.Proposal.Term;
        var until = term?.Until?.Latest ?? (standing.Entry.InForceFrom is { } from ? term?.Length?.After(from) : null);
        foreach (var (_, extended) in facts.Extended.OrderBy(x => x.Event.OccurredOn!.Latest).ThenBy(x => x.Event.Until.Latest))
        {
            if (extended.Until.Latest <= until)
                flags.Add(Flag.ExtensionNotLater);
            until = extended.Until.Latest > until || until is null ? extended.Until.Latest : until;
        }
    }

    private static void OfSuspensions(Facts facts, Standing standing, SortedSet<Flag> flags)
    {
        // A suspension and a resumption on one day leave it as it was.
        var suspended = false;
        foreach (var day in facts.Suspensions.GroupBy(x => x.From.Latest, x => x.Suspends ? 1 : -1).OrderBy(day => day.Key))
        {
            var net = day.Sum();
            if (net > 0 && !(standing.Entry.InForceFrom <= day.Key && !(standing.EndedOn <= day.Key) && !(standing.ExpiresOn < day.Key)))
                flags.Add(Flag.SuspendedNotInForce);
            if (net > 1 || (net > 0 && suspended))
                flags.Add(Flag.SuspendedTwice);
            if (net < -1 || (net < 0 && !suspended))
                flags.Add(Flag.ResumedNotSuspended);
            suspended = net > 0 || (net == 0 && suspended);
        }
    }

    private static void OfWithdrawals(Facts facts, SortedSet<Flag> flags)
    {
        if (facts.Notified.Exists(x => x.Event.EffectiveOn?.IsBefore(x.Event.OccurredOn!) == Truth.Yes))
            flags.Add(Flag.EffectBeforeNotice);

        var notices = facts.Notified.ToLookup(x => x.Event.Party, x => x.Event, StringComparer.Ordinal);
        foreach (var (_, revoked) in facts.Revoked)
        {
            var given = notices[revoked.Party].Where(notice => AgreementRules.GivenBy(notice) <= revoked.OccurredOn!.Latest).ToList();
            if (given.Count == 0)
                flags.Add(Flag.RevokedWithoutNotice);
            else if (given.TrueForAll(notice => (notice.EffectiveOn ?? notice.OccurredOn!).Latest <= revoked.OccurredOn!.Latest))
                flags.Add(Flag.RevokedAfterEffect);
        }
    }
}
