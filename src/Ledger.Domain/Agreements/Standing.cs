using System.Collections.Immutable;
using Ledger.Domain.Days;

namespace Ledger.Domain.Agreements;

/// <summary>What an agreement amounts to on a day: a pure function of its acts and that day.</summary>
/// <param name="Day">The day.</param>
/// <param name="Status">The status of the agreement on that day.</param>
/// <param name="Certain">Whether it holds whichever days are meant by acts whose day is not known exactly.</param>
/// <param name="Parties">Each party's own standing, in the order of the proposal, then of joining.</param>
/// <param name="Phases">The phases planned or completed by that day.</param>
/// <param name="Entry">Whether, why and from when it is in force.</param>
/// <param name="ExpiresOn">The last day of the term, as agreed by that day.</param>
/// <param name="TermActs">The numbers of the entries that make the term: the proposal, then each extension.</param>
/// <param name="EndedOn">The day of termination, of withdrawal of the proposal or of too few parties left; it may lie ahead.</param>
/// <param name="EndedBy">The number of the entry that brought the end.</param>
/// <param name="LastDiscussed">The last discussion by that day.</param>
/// <param name="SuspendedBy">The number of the entry that suspended it, while it is suspended.</param>
/// <param name="ProvisionalFrom">The day from which it is applied provisionally (VCLT article 25), while it is: not before that day, once in force, or ended.</param>
/// <param name="ProvisionalBy">The number of the entry by which it is.</param>
public sealed record Standing(
    DateOnly Day,
    AgreementStatus Status,
    bool Certain,
    ImmutableArray<PartyStanding> Parties,
    ImmutableArray<PhaseStanding> Phases,
    EntryStanding Entry,
    DateOnly? ExpiresOn,
    ImmutableArray<long> TermActs,
    DateOnly? EndedOn,
    long? EndedBy,
    DatedAct? LastDiscussed,
    long? SuspendedBy,
    DateOnly? ProvisionalFrom,
    long? ProvisionalBy)
{
    /// <summary>The standing of an agreement on a day; null on days before there was one.</summary>
    public static Standing? Of(Agreement agreement, DateOnly day)
    {
        var facts = new Facts(agreement);
        if (!facts.ExistOn(day))
            return null;

        var standing = new Reading(facts, day, d => d.Latest).Standing();
        if (facts.Vague.Count == 0)
            return facts.ProvenBy <= day ? standing : standing with { Certain = false };

        // A day of reduced precision counts from the latest day it can mean. Before that the answer depends on which day it was; so it does
        // while a delay or a term runs that began on such a day, which reading every day as the earliest one brings to light. What a source
        // is not sure of may have been on any other day, so that nothing is certain any more from the day on that it gives.
        var isCertain = facts.ProvenBy <= day && !facts.Vague.Exists(d => d.Earliest <= day && (day < d.Latest || d.IsUncertain));
        if (isCertain)
        {
            var earliest = new Reading(facts, day, d => d.Earliest).Standing();
            isCertain = earliest.Status == standing.Status && Statuses(earliest).SequenceEqual(Statuses(standing));
        }

        return standing with { Certain = isCertain };
    }

    private static IEnumerable<(string Party, PartyStatus Status)> Statuses(Standing standing) =>
        standing.Parties.Select(p => (p.Party, p.Status)).OrderBy(p => p.Party, StringComparer.Ordinal);

    /// <summary>The days on which the standing of an agreement depends in an act: when it was done, received, and takes effect.</summary>
    public static IEnumerable<Day> Days(AgreementEvent e)
    {
        var (occurred, other, effective) = DaysOf(e);
        return new[] { occurred, other, effective }.OfType<Day>();
    }

    // When it was done; when it was received or until when it lasts; from when it has effect.
    internal static (Day? Occurred, Day? Other, Day? Effective) DaysOf(AgreementEvent e) => e switch
    {
        AgreementProposed x => (x.OccurredOn, x.Term?.Until, null),
        AgreementRatified x => (x.OccurredOn, x.ReceivedOn, x.EffectiveOn),
        AgreementExtended x => (x.OccurredOn, x.Until, null),
        AgreementAmended x => (x.OccurredOn, null, x.EffectiveOn),
        AgreementSuspended x => (x.OccurredOn, null, x.EffectiveOn),
        AgreementResumed x => (x.OccurredOn, null, x.EffectiveOn),
        WithdrawalNotified x => (x.OccurredOn, null, x.EffectiveOn),
        AgreementTerminated x => (x.OccurredOn, null, x.EffectiveOn),
        ProposalWithdrawn x => (x.OccurredOn, null, x.EffectiveOn),
        ProvisionalApplicationBegun x => (x.OccurredOn, null, x.EffectiveOn),
        _ => (e.OccurredOn, null, null),
    };

    internal static IEnumerable<Day> PlannedEnds(AgreementEvent e) => e switch
    {
        AgreementProposed x => x.Phases.Select(phase => phase.PlannedEnd).OfType<Day>(),
        PhasePlanned { PlannedEnd: { } end } => [end],
        _ => [],
    };
}

/// <summary>The status of an agreement.</summary>
public enum AgreementStatus
{
    /// <summary>Proposed, and no consent expressed or discussion held yet.</summary>
    Proposed,

    /// <summary>Discussed or signed by some; consent not complete.</summary>
    UnderDiscussion,

    /// <summary>Signed by every party; consent to be bound outstanding.</summary>
    Signed,

    /// <summary>Some parties have consented; the rule of entry into force is not met, or its delay is running.</summary>
    PartiallyRatified,

    /// <summary>In force.</summary>
    InForce,

    /// <summary>In force, its operation suspended.</summary>
    Suspended,

    /// <summary>Ended by termination, or by too few parties left.</summary>
    Terminated,

    /// <summary>Its term is over.</summary>
    Expired,

    /// <summary>Every planned phase is completed and the term is over, or the agreement was closed.</summary>
    Completed,

    /// <summary>The proposal was withdrawn.</summary>
    Withdrawn,
}

/// <summary>The standing of one party.</summary>
public enum PartyStatus
{
    /// <summary>Named, and nothing done yet (VCLT article 2, 1 (e)).</summary>
    Negotiating,

    /// <summary>Has signed.</summary>
    Signatory,

    /// <summary>Has consented; the agreement is not yet in force for it (VCLT article 2, 1 (f)).</summary>
    Contracting,

    /// <summary>The agreement is in force for it (VCLT article 2, 1 (g)).</summary>
    Party,

    /// <summary>A party whose notice of withdrawal has yet to take effect.</summary>
    Leaving,

    /// <summary>No longer a party.</summary>
    FormerParty,
}

/// <summary>One party's acts and standing.</summary>
/// <param name="Party">The code under which the agreement names it.</param>
/// <param name="Status">Its standing.</param>
/// <param name="SignedOn">When it signed.</param>
/// <param name="SignedBy">The number of that entry.</param>
/// <param name="RatifiedOn">When its latest instrument of consent was made.</param>
/// <param name="ReceivedOn">When that instrument was received.</param>
/// <param name="Instrument">Its form.</param>
/// <param name="RatifiedBy">The number of that entry.</param>
/// <param name="BoundFrom">From when it is bound; it may lie ahead.</param>
/// <param name="WithdrawnOn">When its withdrawal takes or took effect.</param>
/// <param name="WithdrawnBy">The number of the notice.</param>
public sealed record PartyStanding(
    string Party,
    PartyStatus Status,
    Day? SignedOn,
    long? SignedBy,
    Day? RatifiedOn,
    Day? ReceivedOn,
    Instrument? Instrument,
    long? RatifiedBy,
    DateOnly? BoundFrom,
    DateOnly? WithdrawnOn,
    long? WithdrawnBy);

/// <summary>A phase as it stands.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Number">Its number from 1, in the order of planning.</param>
/// <param name="Title">What is to be done in it.</param>
/// <param name="PlannedEnd">When it is to be completed.</param>
/// <param name="CompletedOn">When it was.</param>
/// <param name="PlannedBy">The number of the entry that planned it.</param>
/// <param name="CompletedBy">The number of the entry that completed it.</param>
/// <param name="Overdue">Whether its planned end has passed without completion.</param>
public sealed record PhaseStanding(
    string Id, int Number, string Title, Day? PlannedEnd, Day? CompletedOn, long PlannedBy, long? CompletedBy, bool Overdue)
{
    /// <summary>By how many days, at the least that the days given can mean, it was completed late or is overdue; null where it is neither.</summary>
    /// <param name="day">The day of the standing.</param>
    public int? SlippedDays(DateOnly day)
    {
        var reached = CompletedOn?.Earliest ?? day;
        return PlannedEnd is { } planned && planned.Latest < reached ? reached.DayNumber - planned.Latest.DayNumber : null;
    }
}

/// <summary>Whether, why and from when an agreement is in force.</summary>
/// <param name="MetOn">The day on which the rule was met.</param>
/// <param name="InForceFrom">The day from which it is in force; it may lie ahead.</param>
/// <param name="Because">The numbers of the entries by which the rule was met.</param>
/// <param name="WaitingFor">The parties whose consent the rule still waits for.</param>
/// <param name="Outstanding">How many consents the rule still waits for.</param>
public sealed record EntryStanding(
    DateOnly? MetOn, DateOnly? InForceFrom, ImmutableArray<long> Because, ImmutableArray<string> WaitingFor, int Outstanding);

/// <summary>An act and its day.</summary>
/// <param name="On">The day.</param>
/// <param name="By">The number of the entry.</param>
public sealed record DatedAct(Day On, long By);
