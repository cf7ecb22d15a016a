using System.Collections.Immutable;
using Ledger.Domain.Days;

namespace Ledger.Domain.Agreements;

/// <summary>A day on which something of an agreement falls due or changes by the mere passing of time.</summary>
/// <param name="Kind">What happens on the day.</param>
/// <param name="On">The day; of reduced precision where the plan was, and then the latest day it can mean counts.</param>
/// <param name="By">The number of the entry on which it rests last.</param>
/// <param name="Overdue">Whether the day has passed without that being done which it was set for.</param>
/// <param name="Subject">What it concerns within the agreement: the id of the phase, or the code of the party that leaves.</param>
public sealed record Deadline(DeadlineKind Kind, Day On, long By, bool Overdue = false, string? Subject = null)
{
    /// <summary>What lies ahead of an agreement on the day of its standing, and what is overdue: overdue first, then by day.</summary>
    public static ImmutableArray<Deadline> Of(Standing standing)
    {
        if (standing.Status is AgreementStatus.Terminated or AgreementStatus.Expired or AgreementStatus.Completed or AgreementStatus.Withdrawn)
            return [];

        var day = standing.Day;
        var deadlines = new List<Deadline>();
        if (standing.Entry.InForceFrom is { } from && from > day)
            deadlines.Add(new(DeadlineKind.EntersIntoForce, Day.On(from), standing.Entry.Because.DefaultIfEmpty(1).Max()));
        if (standing.ExpiresOn is { } last && last >= day && (standing.EndedOn is not { } end || end > last))
            deadlines.Add(new(DeadlineKind.Expires, Day.On(last), standing.TermActs.DefaultIfEmpty(1).Last()));
        if (standing.EndedOn is { } ended && ended > day)
            deadlines.Add(new(DeadlineKind.Ends, Day.On(ended), standing.EndedBy ?? 1));
        deadlines.AddRange(standing.Parties
            .Where(p => p.WithdrawnOn > day && p.WithdrawnBy is not null)

            // Whoever would leave after the end has left with it.
            .Where(p => !(p.WithdrawnOn > standing.EndedOn) && !(p.WithdrawnOn > standing.ExpiresOn))
            .Select(p => new Deadline(DeadlineKind.PartyLeaves, Day.On(p.WithdrawnOn!.Value), p.WithdrawnBy!.Value, Subject: p.Party)));
        deadlines.AddRange(standing.Phases
            .Where(p => p.CompletedOn is null && p.PlannedEnd is not null)
            .Select(p => new Deadline(DeadlineKind.PhaseDue, p.PlannedEnd!, p.PlannedBy, p.Overdue, p.Id)));
        return [.. deadlines.OrderBy(d => d.Overdue ? 0 : 1).ThenBy(d => d.On.Latest).ThenBy(d => d.Kind).ThenBy(d => d.By)];
    }
}

/// <summary>What happens on a deadline.</summary>
public enum DeadlineKind
{
    /// <summary>The agreement enters into force.</summary>
    EntersIntoForce,

    /// <summary>A phase is to be completed.</summary>
    PhaseDue,

    /// <summary>The withdrawal of a party takes effect.</summary>
    PartyLeaves,

    /// <summary>The last day of the term.</summary>
    Expires,

    /// <summary>The agreement ends by termination or for want of parties.</summary>
    Ends,
}
