using System.Collections.Immutable;
using Ledger.Domain.Days;

namespace Ledger.Domain.Agreements;

/// <summary>Days in a row on which the register lists the same of an agreement.</summary>
/// <param name="From">The first of them.</param>
/// <param name="Until">The last of them; the last day of the calendar where nothing known ends them.</param>
/// <param name="Listed">What the register lists.</param>
public sealed record ListedPeriod(DateOnly From, DateOnly Until, ListedStanding Listed);

/// <summary>What the register lists of an agreement on a day.</summary>
/// <param name="Status">The status of the agreement.</param>
/// <param name="Certain">Whether it holds whichever days are meant by acts whose day is not known exactly.</param>
/// <param name="Parties">The codes under which the agreement names the parties, in the order of the proposal, then of joining.</param>
/// <param name="ProvisionalFrom">From when it is applied provisionally, while it is.</param>
/// <param name="InForceFrom">From when it is in force; it may lie ahead.</param>
/// <param name="ExpiresOn">The last day of the term, as agreed by the day.</param>
/// <param name="LastDiscussedOn">The day of the last discussion.</param>
public sealed record ListedStanding(
    AgreementStatus Status, bool Certain, ImmutableArray<string> Parties, DateOnly? ProvisionalFrom, DateOnly? InForceFrom, DateOnly? ExpiresOn, Day? LastDiscussedOn)
{
    /// <summary>What the register lists of a standing.</summary>
    public static ListedStanding Of(Standing standing) => new(
        standing.Status, standing.Certain, [.. standing.Parties.Select(p => p.Party)], standing.ProvisionalFrom, standing.Entry.InForceFrom, standing.ExpiresOn, standing.LastDiscussed?.On);

    /// <inheritdoc/>
    public bool Equals(ListedStanding? other) => other is not null
        && (Status, Certain, ProvisionalFrom, InForceFrom, ExpiresOn) == (other.Status, other.Certain, other.ProvisionalFrom, other.InForceFrom, other.ExpiresOn)
        && LastDiscussedOn == other.LastDiscussedOn
        && Parties.SequenceEqual(other.Parties, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Status, Certain, ProvisionalFrom, InForceFrom, ExpiresOn, LastDiscussedOn, Parties.Length);
}

/// <summary>A deadline and the days on which an agreement has it.</summary>
/// <param name="Deadline">The deadline. Whether it is overdue depends on the day, and is not said.</param>
/// <param name="From">The first of the days.</param>
/// <param name="Until">The last of them; the last day of the calendar where nothing known ends them.</param>
public sealed record LastingDeadline(Deadline Deadline, DateOnly From, DateOnly Until);

/// <summary>
/// All that the register will ever list of an agreement by what is known of it: periods of days, each with what it lists, and the deadlines. On every
/// day it says what <see cref="Standing.Of"/> says, and asks that only for the days on which something can change. Of the acts that play no part on
/// a day, however many, none is looked at.
/// </summary>
public sealed class Timeline
{
    private readonly Agreement _agreement;
    private readonly ActList _always;
    private readonly ImmutableArray<Act> _discussions;
    private readonly ImmutableArray<(DateOnly From, DateOnly? Until)> _vague;

    // On these something else than the last discussion can become otherwise, in their order.
    private readonly ImmutableArray<DateOnly> _grave;

    // Those and the days on which the last discussion becomes another, in no order.
    private readonly ImmutableArray<DateOnly> _turns;

    // The standing, and what is listed of it, from each grave day until the next, before the first of them in the first place: the same but for the
    // last discussion.
    private readonly (Standing Standing, ListedStanding Listed)?[] _standings;

    /// <summary>Makes an agreement ready to be asked for many days.</summary>
    public Timeline(Agreement agreement)
    {
        _agreement = agreement;
        var others = agreement.Acts.Skip(1).Where(a => a.Event.OccurredOn is not null).ToList();
        First = agreement.Proposal.OccurredOn is null
            ? DateOnly.MinValue
            : others.Select(a => a.Event.OccurredOn!.Earliest).Append(agreement.Proposal.OccurredOn.Earliest).Min();
        _discussions =
        [
            .. agreement.Acts.Where(a => a.Event is AgreementDiscussed { OccurredOn: not null })
                .OrderBy(a => a.Event.OccurredOn!.Latest).ThenBy(a => a.Event.OccurredOn!.Earliest).ThenBy(a => a.Number),
        ];

        // The act that shows first that a proposal of unknown day was made, and the discussion that may have been the first, count on every day.
        var kept = new[] { others.MinBy(a => a.Event.OccurredOn!.Latest), others.MinBy(a => a.Event.OccurredOn!.Earliest), _discussions.MinBy(a => a.Event.OccurredOn!.Earliest) };
        _always = [.. agreement.Acts.Where(a => !IsSetAside(a.Event) || kept.Contains(a))];
        _vague =
        [
            .. agreement.Acts.Where(a => IsSetAside(a.Event)).SelectMany(a => Standing.Days(a.Event))
                .Where(d => !d.IsExact)
                .Select(d => (d.Earliest, d.IsUncertain ? (DateOnly?)null : d.Latest))
                .Distinct(),
        ];
        var grave = Candidates([.. _always, .. _discussions.Take(1)]);
        _grave = [.. grave.Order()];
        _standings = new (Standing, ListedStanding)?[_grave.Length + 1];
        _turns =
        [
            .. agreement.Acts.Where(a => IsSetAside(a.Event)).SelectMany(a => Standing.Days(a.Event)).SelectMany(d => new[] { d.Earliest, d.Latest })
                .Concat(grave).Where(day => day >= First).Append(First).Distinct(),
        ];
    }

    /// <summary>The first day on which there was the agreement; the first of the calendar where that is not known.</summary>
    public DateOnly First { get; }

    /// <summary>The periods of an agreement in their order, without a gap from the first day on which there was one; neighbours differ.</summary>
    public static ImmutableArray<ListedPeriod> Of(Agreement agreement) => new Timeline(agreement).From(DateOnly.MinValue);

    /// <summary>The periods from a day on, the first of them cut off at that day.</summary>
    public ImmutableArray<ListedPeriod> From(DateOnly day)
    {
        var periods = ImmutableArray.CreateBuilder<ListedPeriod>();
        foreach (var turn in _turns.Where(turn => turn > day).Order().Prepend(day))
        {
            if (Listed(turn) is not { } listed)
                continue;
            if (periods.Count > 0)
            {
                if (periods[^1].Listed.Equals(listed))
                    continue;
                periods[^1] = periods[^1] with { Until = turn.AddDays(-1) };
            }

            periods.Add(new(turn, DateOnly.MaxValue, listed));
        }

        return periods.ToImmutable();
    }

    /// <summary>
    /// The first day of the period in which what comes before a day lies: from there on everything must be worked out again when an act
    /// changes things from that day on. The first day of the calendar where there is nothing before it.
    /// </summary>
    public DateOnly StartBefore(DateOnly day)
    {
        if (day == DateOnly.MinValue)
            return day;

        var last = Listed(day.AddDays(-1));
        for (var start = day; ;)
        {
            // One after the other from behind: the first few decide it.
            start = _turns.Where(turn => turn < start).DefaultIfEmpty(DateOnly.MinValue).Max();
            if (start == DateOnly.MinValue || !Equals(Listed(start.AddDays(-1)), last))
                return start;
        }
    }

    /// <summary>
    /// Every deadline that the agreement ever has, with the days on which it has it: on each day those that <see cref="Deadline.Of"/> names, which are
    /// overdue once <see cref="Deadline.On"/> has passed. In the order of the days on which they fall due.
    /// </summary>
    public ImmutableArray<LastingDeadline> Deadlines()
    {
        var ended = new List<LastingDeadline>();
        var lasting = new Dictionary<Deadline, DateOnly>();
        foreach (var day in _grave.Where(day => day > First).Prepend(First))
        {
            var due = Deadline.Of(Apart(day, LastBy(day)).Standing).Select(deadline => deadline with { Overdue = false }).ToHashSet();
            foreach (var (deadline, from) in lasting.Where(x => !due.Contains(x.Key)).ToList())
            {
                ended.Add(new(deadline, from, day.AddDays(-1)));
                lasting.Remove(deadline);
            }

            foreach (var deadline in due)
                lasting.TryAdd(deadline, day);
        }

        return
        [
            .. ended.Concat(lasting.Select(x => new LastingDeadline(x.Key, x.Value, DateOnly.MaxValue)))
                .OrderBy(x => x.Deadline.On.Latest).ThenBy(x => x.Deadline.Kind).ThenBy(x => x.Deadline.By).ThenBy(x => x.Deadline.Subject, StringComparer.Ordinal).ThenBy(x => x.From),
        ];
    }

    /// <summary>The first day on which an entry, added to an agreement, can change what the register lists of it.</summary>
    public static DateOnly ChangedFrom(AgreementEvent added) => added switch
    {
        EntryCorrected => DateOnly.MinValue,

        // What kind of party somebody is counts for all that it has done.
        AgreementSigned { Organisation: true } or AgreementRatified { Organisation: true } => DateOnly.MinValue,
        _ => Standing.Days(added).Select(d => d.Earliest).DefaultIfEmpty(IsSetAside(added) ? DateOnly.MaxValue : DateOnly.MinValue).Min(),
    };

    /// <summary>
    /// Whether neither the status nor the parties nor any deadline depends on an act: only its days count, for they show that there was an agreement,
    /// and blur it.
    /// </summary>
    public static bool IsSetAside(AgreementEvent act) => act is AgreementDiscussed or AchievementRecorded or AgreementAmended or DocumentAttached;

    private ListedStanding? Listed(DateOnly day)
    {
        if (day < First)
            return null;

        var last = LastBy(day);
        var listed = Apart(day, last).Listed with { LastDiscussedOn = last?.Event.OccurredOn };
        return _vague.Any(x => x.From <= day && !(day >= x.Until)) ? listed with { Certain = false } : listed;
    }

    // Right in everything but the last discussion and the day itself.
    private (Standing Standing, ListedStanding Listed) Apart(DateOnly day, Act? last)
    {
        var place = _grave.BinarySearch(day);
        return _standings[place < 0 ? ~place : place + 1] ??= Of(Standing.Of(_agreement with { Acts = last is null || _always.Contains(last) ? _always : _always.Add(last) }, day)!);

        static (Standing, ListedStanding) Of(Standing standing) => (standing, ListedStanding.Of(standing));
    }

    private Act? LastBy(DateOnly day)
    {
        var (low, high) = (0, _discussions.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _discussions[middle].Event.OccurredOn!.Latest <= day ? (middle + 1, high) : (low, middle);
        }

        return low == 0 ? null : _discussions[low - 1];
    }

    // Every day with which a standing compares its own: the days of these acts, and those on which a delay or a term that began on them ends.
    private HashSet<DateOnly> Candidates(IReadOnlyCollection<Act> acts)
    {
        var proposal = _agreement.Proposal;
        var named = acts.SelectMany(a => Standing.Days(a.Event)).SelectMany(d => new[] { d.Earliest, d.Latest }).ToHashSet();
        if (proposal.OccurredOn is null)
            named.Add(DateOnly.FromDateTime(_agreement.FirstRecordedAt.UtcDateTime));

        var consents = acts
            .Where(a => a.Event is AgreementSigned or AgreementRatified or WithdrawalNotified)
            .SelectMany(a => Standing.Days(a.Event))
            .SelectMany(d => new[] { d.Earliest, d.Latest })
            .ToHashSet();
        if (proposal.EntryIntoForce is { } rule)
        {
            if (rule.Date is { } date)
                consents.Add(date);
            consents.UnionWith(consents.Select(rule.EffectAfter).ToList());
        }

        named.UnionWith(consents);
        if (proposal.Term?.Length is { } length)
            named.UnionWith(consents.Select(length.After));

        // A term is over on the day after its last one.
        named.UnionWith(named.Where(d => d < DateOnly.MaxValue).Select(d => d.AddDays(1)).ToList());
        return named;
    }
}
