using System.Collections.Immutable;
using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Domain.Days;
using Ledger.Domain.Meetings;
using Ledger.Web.Entries;
using Ledger.Web.Persons;

namespace Ledger.Web.Briefs;

/// <summary>
/// Composes briefs from records that hold what was known at the point of view, and no more. Pure: the same record gives the same brief.
/// </summary>
public static class BriefComposer
{
    // Two pages of A4 take 116 lines of about 105 characters in the template's type. Title, headings, head matter, bottom line and a full table
    // take up to 60 of them; 56 are left for the lists. A line is counted as a little shorter, for the bullet and for words that do not break.
    private const int LineWidth = 100;
    private const int SentenceLines = 56;
    private const int AboutLines = 10;
    private const int MostRows = 9;
    private const int MostHistory = 500;

    /// <summary>The brief of one agreement.</summary>
    public static Brief OfAgreement(AgreementRecord record, BriefPoint point, AgencyDirectory agencies, PersonDirectory persons) =>
        WithRoom(detail => ComposeAgreement(record, point, agencies, persons, detail));

    /// <summary>The brief of a meeting. Of the agreements only those count that the meeting led to entries on.</summary>
    public static Brief OfMeeting(
        MeetingRecord meeting, IReadOnlyList<AgreementRecord> agreements, BriefPoint point, AgencyDirectory agencies, PersonDirectory persons) =>
        WithRoom(detail => ComposeMeeting(meeting, agreements, point, agencies, persons, detail));

    /// <summary>The brief of what agencies have together: of the agreements given, which are those that all of them are parties to.</summary>
    public static Brief OfPortfolio(
        IReadOnlyList<string> parties, IReadOnlyList<AgreementRecord> agreements, BriefPoint point, AgencyDirectory agencies, PersonDirectory persons)
    {
        var whole = Whole(point, agreements.SelectMany(a => a.Entries));
        var all = agreements.Select(a => new AgreementFindings(a, point, persons, whole, named: true, Detail.Ample))
            .Where(f => f.Standing is not null)
            .OrderBy(f => Rank(f.Standing!.Status)).ThenBy(f => f.Reference, StringComparer.Ordinal)
            .ToList();
        return WithRoom(detail => ComposePortfolio(parties, [.. all.Select(f => f.In(detail))], point, agencies, whole, detail));
    }

    // Words are cut only where two pages do not hold them whole.
    private static Brief WithRoom(Func<Detail, (Brief Brief, bool Whole)> compose) =>
        compose(Detail.Ample) is (var brief, true) ? brief : compose(Detail.Short).Brief;

    private static (Brief Brief, bool Whole) ComposeAgreement(AgreementRecord record, BriefPoint point, AgencyDirectory agencies, PersonDirectory persons, Detail detail)
    {
        var whole = Whole(point, record.Entries);
        var found = new AgreementFindings(record, point, persons, whole, named: false, detail);
        var (overdue, upcoming) = (Sorted(found.Overdue()), Sorted(found.Upcoming()));
        var awaited = found.Awaited();
        ImmutableArray<Statement> open =
        [
            .. awaited is null ? Array.Empty<Statement>() : [awaited],
            .. found.Standing?.Status is AgreementStatus.Proposed or AgreementStatus.UnderDiscussion && awaited is null
                ? [Statement.Of(StatementKey.NoSignature, [whole])]
                : Array.Empty<Statement>(),
            .. PhasesOverdue(overdue),
            .. found.Open(),
        ];

        // What can wait until the morning comes after what is awaited and what is due.
        var second = awaited ?? (upcoming.IsEmpty ? LatestAchievement(found, point) ?? Statement.Of(StatementKey.NoDateAhead, [whole]) : upcoming[0]);
        var third = overdue switch
        {
            [] => Statement.Of(StatementKey.NothingOverdue, [whole]),
            [var only] => only,
            _ => PhasesOverdue(overdue).Single(),
        };

        ImmutableArray<StatusRow> rows = [found.Row(), .. found.InnerRows()];
        var seen = found.Entries.Where(entry => !IsLater(entry, point)).ToList();
        return Bounded(
            new(BriefKind.Agreement, found.Reference, record.Agreement.Title, record.Agreement.Proposal.Titles),
            point,
            whole,
            [.. found.About(codes => Named(codes, agencies, point))],
            [found.StatusSentence(), second, third],
            [.. rows.Take(MostRows)],
            rows.Length,
            Changes([found], null, point, whole, detail),
            null,
            overdue,
            upcoming,
            open,
            History(seen.Select(entry => (entry, found)), x => x.Of.AsWritten(x.Entry)),
            found.Entries.Length - seen.Count,
            StatementKey.MoreInState);
    }

    private static (Brief Brief, bool Whole) ComposeMeeting(
        MeetingRecord meeting, IReadOnlyList<AgreementRecord> agreements, BriefPoint point, AgencyDirectory agencies, PersonDirectory persons, Detail detail)
    {
        var facts = meeting.Meeting.Facts;
        var caused = facts.Entries.Select(entry => entry.Agreement).Distinct(StringComparer.Ordinal).ToList();
        var touched = agreements.Where(a => caused.Contains(a.Agreement.Id)).OrderBy(a => caused.IndexOf(a.Agreement.Id)).ToList();
        var whole = Whole(point, meeting.Entries.Concat(touched.SelectMany(a => a.Entries)));
        var found = touched.ToDictionary(a => a.Agreement.Id, a => new AgreementFindings(a, point, persons, whole, named: true, detail), StringComparer.Ordinal);
        var own = ReadEntry.All(meeting.Entries);
        var held = own[0].Cite(meeting.Meeting.Reference);

        var outcomes = facts.Entries
            .Where(entry => found.ContainsKey(entry.Agreement))
            .Select(entry => (Found: found[entry.Agreement], Entry: found[entry.Agreement].Entries.First(e => e.Entry.Version == entry.Version)))
            .ToList();
        var standing = outcomes.Where(o => !o.Entry.StruckOut).ToList();
        ImmutableArray<BriefGroup> decisions = [.. standing.GroupBy(o => o.Found).Select(g => g.Key.Group(g.Select(o => g.Key.Sentence(o.Entry))))];

        var all = found.Values.ToList();
        var (overdue, upcoming) = (Sorted(all.SelectMany(f => f.Overdue())), Sorted(all.SelectMany(f => f.Upcoming())));
        var minutes = Minutes(meeting, own, held);
        ImmutableArray<Statement> open = [.. minutes.Where(m => m.Key != StatementKey.MinutesApprovedByAll), .. OpenAmong(all, overdue, whole)];

        var approvers = meeting.Meeting.Agencies.ToImmutableArray();
        var history = History(
            own.Select(entry => (entry, (AgreementFindings?)null)).Concat(outcomes.SelectMany(o => Corrections(o.Found, o.Entry).Prepend(o.Entry).Select(entry => (entry, (AgreementFindings?)o.Found)))),
            x => x.Of?.AsWritten(x.Entry) ?? EntrySentence.Of(x.Entry.Entry, meeting.Meeting.Reference, null, persons));
        return Bounded(
            new(BriefKind.Meeting, meeting.Meeting.Reference, facts.Title),
            point,
            whole,
            [.. AboutMeeting(facts, held, persons, detail)],
            [
                Statement.Of(
                    StatementKey.MeetingHeld,
                    held,
                    ("day", new DayArgument(facts.OccurredOn!)),
                    ("place", EntrySentence.PlaceOf(facts.Place)),
                    ("agencies", approvers.IsEmpty ? null : AgenciesArgument.Of(approvers))),
                standing.Count == 0
                    ? Statement.Of(StatementKey.MeetingWithoutOutcomes, held)
                    : Statement.Of(
                        StatementKey.MeetingOutcomes,
                        held,
                        ("count", new CountArgument(standing.Count)),
                        ("agreements", new CountArgument(decisions.Length)),
                        ("tally", new OutcomeTallyArgument(
                        [
                            .. standing.GroupBy(o => o.Found.Sentence(o.Entry).Key)
                                .Select(g => new OutcomeTally(g.Key, g.Count()))
                                .OrderByDescending(t => t.Count).ThenBy(t => t.Outcome),
                        ]))),
                minutes[0],
            ],
            [.. all.Take(MostRows).Select(f => f.Row())],
            all.Count,
            Changes(all, meeting.Entries.Length > 0 ? (meeting.Meeting, own) : null, point, whole, detail),
            decisions,
            overdue,
            upcoming,
            open,
            history,
            0,
            StatementKey.MoreInAgreements);
    }

    private static (Brief Brief, bool Whole) ComposePortfolio(
        IReadOnlyList<string> parties, List<AgreementFindings> all, BriefPoint point, AgencyDirectory agencies, Citation whole, Detail detail)
    {
        var (overdue, upcoming) = (Sorted(all.SelectMany(f => f.Overdue())), Sorted(all.SelectMany(f => f.Upcoming())));
        var codes = AgenciesArgument.Of(parties);
        var awaiting = all.Where(f => f.Awaited() is not null).ToList();

        var first = all.Count == 0
            ? Statement.Of(StatementKey.PortfolioEmpty, [whole], ("agencies", codes))
            : Statement.Of(
                StatementKey.PortfolioHolds,
                [whole],
                ("agencies", codes),
                ("count", new CountArgument(all.Count)),
                ("tally", new StatusTallyArgument([.. all.GroupBy(f => f.Standing!.Status).Select(g => new StatusTally(g.Key, g.Count()))])));
        var second = PhasesOverdue(overdue).Concat(upcoming.Take(1)).FirstOrDefault() ?? Statement.Of(StatementKey.NoDates, [whole]);
        var third = awaiting.Count == 0
            ? Statement.Of(StatementKey.NothingAwaited, [whole])
            : Listing(StatementKey.AwaitedIn, awaiting, whole);

        var history = all.SelectMany(f => f.Entries.Where(entry => !IsLater(entry, point)).Select(entry => (entry, f)));
        return Bounded(
            new(BriefKind.Portfolio, Parties: [.. parties]),
            point,
            whole,
            [Statement.Of(StatementKey.AgenciesAre, [whole], ("agencies", Named(parties, agencies, point)))],
            [first, second, third],
            [.. all.Take(MostRows).Select(f => f.Row())],
            all.Count,
            Changes(all, null, point, whole, detail),
            null,
            overdue,
            upcoming,
            [.. OpenAmong(all, overdue, whole)],
            History(history, x => x.Of.AsWritten(x.Entry)),
            all.Sum(f => f.Entries.Count(entry => IsLater(entry, point))),
            StatementKey.MoreInAgreements);
    }

    // The brief, and whether two pages hold all of its sentences.
    private static (Brief Brief, bool Whole) Bounded(
        BriefSubject subject,
        BriefPoint point,
        Citation whole,
        ImmutableArray<Statement> about,
        ImmutableArray<Statement> bottomLine,
        ImmutableArray<StatusRow> rows,
        int allRows,
        ImmutableArray<BriefGroup>? changes,
        ImmutableArray<BriefGroup>? decisions,
        ImmutableArray<Statement> overdue,
        ImmutableArray<Statement> upcoming,
        ImmutableArray<Statement> open,
        (ImmutableArray<HistoryLine> Lines, int LeftOut) annex,
        int later,
        StatementKey elsewhere)
    {
        var (changesHeights, decisionsHeights) = (Heights(changes ?? []), Heights(decisions ?? []));
        var (overdueHeights, upcomingHeights, openHeights) = (Heights(overdue), Heights(upcoming), Heights(open));
        int[] wanted = [.. new[] { changesHeights, decisionsHeights, overdueHeights, upcomingHeights, openHeights }.Select(heights => heights.Sum())];
        var room = SentenceLines - Math.Max(0, about.Sum(Lines) - AboutLines);

        // A meeting is read for what it decided: half of the room is kept for that.
        var decided = Math.Min(room / 2, wanted[1]);
        var shares = Share(room - decided, [wanted[0], wanted[1] - decided, .. wanted[2..]]);
        shares[1] += decided;

        return (new(
            subject,
            point.AsOf,
            point.KnownAt.ToUniversalTime(),
            point.Since,
            about,
            bottomLine,
            rows,
            allRows > rows.Length ? More(elsewhere, allRows - rows.Length) : null,
            changes is { } changed ? Cut(changed, changesHeights, shares[0]) : null,
            decisions is { } settled ? Cut(settled, decisionsHeights, shares[1]) : null,
            new(
                overdue.IsEmpty ? [Statement.Of(StatementKey.NothingOverdue, [whole])] : Trim(overdue, overdueHeights, shares[2]),
                upcoming.IsEmpty ? [Statement.Of(StatementKey.NoDateAhead, [whole])] : Trim(upcoming, upcomingHeights, shares[3])),
            open.IsEmpty ? [Statement.Of(StatementKey.NothingOpen, [whole])] : Trim(open, openHeights, shares[4]),
            annex.Lines,
            [
                .. annex.LeftOut > 0 ? [More(StatementKey.MoreInHistory, annex.LeftOut)] : Array.Empty<Statement>(),
                .. later > 0
                    ? [Statement.Of(StatementKey.LaterEntriesLeftOut, [whole], ("count", new CountArgument(later)), ("day", new DayArgument(Day.On(point.AsOf))))]
                    : Array.Empty<Statement>(),
            ]), wanted.Sum() <= room);

        Statement More(StatementKey key, int count) => Statement.Of(key, [whole], ("count", new CountArgument(count)));

        ImmutableArray<Statement> Trim(ImmutableArray<Statement> list, ImmutableArray<int> heights, int lines)
        {
            var kept = Fitting(heights, lines);
            return kept == list.Length ? list : [.. list.Take(kept), More(elsewhere, list.Length - kept)];
        }

        ImmutableArray<BriefGroup> Cut(ImmutableArray<BriefGroup> list, ImmutableArray<int> heights, int lines)
        {
            var kept = Fitting(heights, lines);
            var total = list.Sum(group => group.Statements.Length);
            var cut = ImmutableArray.CreateBuilder<BriefGroup>();
            foreach (var group in list)
            {
                var taken = Math.Min(group.Statements.Length, kept - cut.Sum(g => g.Statements.Length));
                if (taken > 0)
                    cut.Add(group with { Statements = [.. group.Statements.Take(taken)] });
            }

            if (kept < total)
                cut.Add(new(null, null, null, [More(StatementKey.MoreInAnnex, total - kept)]));
            return cut.ToImmutable();
        }
    }

    // Every list gets what it needs as long as that is no more than an equal share; what one leaves over goes to the others.
    private static int[] Share(int lines, int[] wanted)
    {
        var shares = new int[wanted.Length];
        foreach (var (want, place) in wanted.Select((want, index) => (want, Index: index)).OrderBy(x => x.want).ThenBy(x => x.Index).Select((x, place) => (x, place)))
        {
            shares[want.Index] = Math.Min(want.want, lines / (wanted.Length - place));
            lines -= shares[want.Index];
        }

        return shares;
    }

    // How many fit; where not all do, one line less, for the sentence that says how many more there are. The first is always told.
    private static int Fitting(ImmutableArray<int> heights, int lines)
    {
        var left = heights.Sum() <= lines ? lines : lines - 1;
        return Math.Max(Math.Min(1, heights.Length), heights.TakeWhile(height => (left -= height) >= 0).Count());
    }

    private static ImmutableArray<int> Heights(ImmutableArray<Statement> list) => UntilFull(list.Select(Lines));

    // The first statement of a group stands under its name.
    private static ImmutableArray<int> Heights(ImmutableArray<BriefGroup> groups) => UntilFull(
        groups.SelectMany(group => group.Statements.Select((statement, i) => Lines(statement) + (i == 0 && group.Reference is not null ? 1 : 0))));

    // More than two pages hold nobody need measure.
    private static ImmutableArray<int> UntilFull(IEnumerable<int> heights)
    {
        var sum = 0;
        return [.. heights.TakeWhile(height => (sum += height) - height <= SentenceLines)];
    }

    // As many as the language needs that needs most; citations are set smaller.
    private static int Lines(Statement statement) => Phrasebook.All.Max(book =>
        (book.PlainSentence(statement).Length + (book.Cite(statement.Citations).Length * 4 / 5) + LineWidth - 1) / LineWidth);

    private static Citation Whole(BriefPoint point, IEnumerable<RecordedEntry> entries) => new(
        CitationSource.Record,
        null,
        point.Sequence ?? entries.Select(entry => entry.Sequence).DefaultIfEmpty(0).Max(),
        Day.On(DateOnly.FromDateTime(point.KnownAt.UtcDateTime)));

    private static ImmutableArray<Statement> Sorted(IEnumerable<(DateOnly Day, Statement Statement)> dated) => [.. dated.OrderBy(x => x.Day).Select(x => x.Statement)];

    private static IEnumerable<Statement> PhasesOverdue(ImmutableArray<Statement> overdue) => overdue.IsEmpty
        ? []
        : [Statement.Of(
            StatementKey.PhasesOverdue,
            [.. overdue.SelectMany(statement => statement.Citations).Distinct().Take(3)],
            ("count", new CountArgument(overdue.Length)),
            ("day", overdue[0].Arguments["day"]))];

    private static IEnumerable<Statement> OpenAmong(List<AgreementFindings> all, ImmutableArray<Statement> overdue, Citation whole)
    {
        foreach (var awaited in all.Select(f => f.Awaited()).OfType<Statement>())
            yield return awaited;
        foreach (var statement in PhasesOverdue(overdue))
            yield return statement;

        var unsigned = all.Where(f => f.Awaited() is null && f.Standing?.Entry.InForceFrom is null).ToList();
        foreach (var (key, status) in new[] { (StatementKey.OnlyDiscussed, AgreementStatus.UnderDiscussion), (StatementKey.OnlyProposed, AgreementStatus.Proposed) })
        {
            if (unsigned.Where(f => f.Standing?.Status == status).ToList() is { Count: > 0 } some)
                yield return Listing(key, some, whole);
        }

        foreach (var statement in all.SelectMany(f => f.Open()))
            yield return statement;

        if (all.Where(f => f.IsUndated && f.Standing?.Certain == true).ToList() is { Count: > 0 } undated)
            yield return Listing(StatementKey.ProposalsUndated, undated, whole);
    }

    private static Statement Listing(StatementKey key, List<AgreementFindings> some, Citation whole)
    {
        const int most = 8;
        return Statement.Of(
            key,
            [whole],
            ("count", new CountArgument(some.Count)),
            ("references", new ReferencesArgument([.. some.Take(most).Select(f => f.Reference)], Math.Max(0, some.Count - most))));
    }

    private static Statement? LatestAchievement(AgreementFindings found, BriefPoint point) => found.Entries
        .Where(entry => !entry.StruckOut && entry.Event is AchievementRecorded && entry.Event.OccurredOn!.Latest <= point.AsOf)
        .OrderBy(entry => entry.Event.OccurredOn!.Latest).ThenBy(entry => entry.Entry.Version)
        .Select(entry => Statement.Of(
            StatementKey.LatestAchievement,
            entry.Cite(found.Reference),
            ("day", new DayArgument(entry.Event.OccurredOn!)),
            ("title", EntrySentence.Quote(((AchievementRecorded)entry.Event).Title, 200))))
        .LastOrDefault();

    private static ImmutableArray<BriefGroup>? Changes(
        List<AgreementFindings> all, (Meeting Meeting, ImmutableArray<ReadEntry> Entries)? meeting, BriefPoint point, Citation whole, Detail detail)
    {
        if (point.Since is not { } since)
            return null;

        ImmutableArray<BriefGroup> changes =
        [
            .. meeting is { } m
                ? [new(m.Meeting.Reference, m.Meeting.Facts.Title, null,
                [
                    .. m.Entries.Where(entry => since.IsBefore(entry.Entry))
                        .Select(entry => EntrySentence.Of(entry, m.Meeting.Reference, null, new([]), detail)),
                ])]
                : Array.Empty<BriefGroup>(),
            .. all.Select(found => found.Group(found.Changes(since))),
        ];
        changes = [.. changes.Where(group => !group.Statements.IsEmpty)];
        return changes.IsEmpty ? [new(null, null, null, [Statement.Of(StatementKey.NothingChanged, [whole])])] : changes;
    }

    private static ImmutableArray<Statement> Minutes(MeetingRecord meeting, ImmutableArray<ReadEntry> own, ImmutableArray<Citation> held)
    {
        var state = meeting.Meeting;
        var agencies = state.Agencies.ToList();
        if (agencies.Count == 0)
            return [Statement.Of(StatementKey.MinutesWithoutApprovers, held)];

        var valid = state.Approvals.Where(a => a.OfVersion == state.TextVersion).ToList();
        var waiting = agencies.Where(agency => valid.All(a => a.Agency != agency)).ToImmutableArray();
        var outdated = waiting.Where(agency => state.Approvals.Any(a => a.Agency == agency)).ToImmutableArray();
        return
        [
            waiting.IsEmpty
                ? Statement.Of(
                    StatementKey.MinutesApprovedByAll,
                    Cite(valid.Select(a => a.Number)),
                    ("agencies", AgenciesArgument.Of(agencies)),
                    ("day", new DayArgument(valid.MaxBy(a => a.ApprovedOn.Latest)!.ApprovedOn)))
                : Statement.Of(StatementKey.MinutesAwaitApproval, held, ("agencies", AgenciesArgument.Of(waiting))),
            .. outdated.IsEmpty
                ? Array.Empty<Statement>()
                : [Statement.Of(StatementKey.MinutesChangedSinceApproval, Cite([state.TextVersion]), ("agencies", AgenciesArgument.Of(outdated)))],
        ];

        ImmutableArray<Citation> Cite(IEnumerable<long> numbers) =>
            [.. own.Where(entry => numbers.Contains(entry.Entry.Version)).SelectMany(entry => entry.Cite(state.Reference)).Take(4)];
    }

    private static IEnumerable<Statement> AboutMeeting(MeetingRecorded facts, ImmutableArray<Citation> held, PersonDirectory persons, Detail detail)
    {
        const int most = 6;
        if (facts.Host is { } host)
            yield return Statement.Of(StatementKey.HostWas, held, ("persons", new PersonsArgument([EntrySentence.Label(host, null, persons)])));
        if (!facts.Participants.IsEmpty)
        {
            yield return Statement.Of(StatementKey.ParticipantsWere, held, ("persons", new PersonsArgument(
                [.. facts.Participants.Take(most).Select(p => EntrySentence.Label(p.Person, p.Agency, persons))],
                Math.Max(0, facts.Participants.Length - most))));
        }

        if (!facts.Agenda.IsEmpty)
        {
            var (items, limit) = detail == Detail.Short ? (most, 60) : (20, 200);
            yield return Statement.Of(StatementKey.AgendaWas, held, ("topics", new TextsArgument(
                [.. facts.Agenda.Take(items).Select(item => EntrySentence.Marked(item, limit))],
                Math.Max(0, facts.Agenda.Length - items))));
        }
    }

    private static NamedAgenciesArgument Named(IEnumerable<string> codes, AgencyDirectory agencies, BriefPoint point)
    {
        const int most = 6;
        var all = codes.ToList();
        return new(
            [.. all.Take(most).Select(code => new AgencyLabel(code, agencies.NameOn(code, point.AsOf), agencies.Find(code)?.NameOn(point.AsOf).Names))],
            Math.Max(0, all.Count - most));
    }

    private static IEnumerable<ReadEntry> Corrections(AgreementFindings found, ReadEntry entry) =>
        found.Entries.Where(e => ReadEntry.Corrects(e.Entry.Event) == entry.Entry.Version);

    // A correction is a statement about the record and belongs to every day.
    private static bool IsLater(ReadEntry entry, BriefPoint point) =>
        ReadEntry.Corrects(entry.Entry.Event) is null && entry.Event.OccurredOn?.Earliest > point.AsOf;

    // Its last lines, and how many others there are.
    private static (ImmutableArray<HistoryLine> Lines, int LeftOut) History<TOf>(IEnumerable<(ReadEntry Entry, TOf Of)> entries, Func<(ReadEntry Entry, TOf Of), Statement> sentence)
    {
        var all = entries.OrderBy(x => x.Entry.Entry.Sequence).DistinctBy(x => x.Entry.Entry.Sequence).ToList();
        return (
            [
                .. all.TakeLast(MostHistory).Select(x => (x.Entry, Statement: sentence(x))).Select(x => new HistoryLine(
                    x.Statement.Citations[0],
                    x.Entry.Entry.Sequence,
                    x.Entry.Entry.Event.OccurredOn,
                    x.Entry.Entry.RecordedAt,
                    HistoryLine.DaysLate(x.Entry.Entry),
                    x.Entry.Entry.By.Agency,
                    x.Statement,
                    [.. x.Entry.CorrectedBy.Select(correction => correction.Version)])),
            ],
            Math.Max(0, all.Count - MostHistory));
    }

    // What binds comes first, then what is on its way, then what is over.
    private static int Rank(AgreementStatus status) => status switch
    {
        AgreementStatus.InForce => 0,
        AgreementStatus.Suspended => 1,
        AgreementStatus.PartiallyRatified => 2,
        AgreementStatus.Signed => 3,
        AgreementStatus.UnderDiscussion => 4,
        AgreementStatus.Proposed => 5,
        _ => 6,
    };
}
