using System.Collections.Immutable;
using System.Diagnostics;
using Ledger.Domain;
using Ledger.Domain.Agreements;
using Ledger.Domain.Days;
using Ledger.Web.Entries;
using Ledger.Web.Persons;
using AgreementCorrected = Ledger.Domain.Agreements.EntryCorrected;

namespace Ledger.Web.Briefs;

/// <summary>What a brief finds in one agreement.</summary>
internal sealed class AgreementFindings
{
    // More entries than these make a sentence unreadable; the whole record then stands for the others.
    private const int MostCited = 4;

    private readonly Agreement _agreement;
    private readonly BriefPoint _point;
    private readonly PersonDirectory _persons;
    private readonly Citation _record;
    private readonly AgreementArgument? _name;
    private readonly Detail _detail;

    /// <summary>Looks at one agreement from a point of view.</summary>
    /// <param name="record">The agreement with its entries.</param>
    /// <param name="point">The point of view.</param>
    /// <param name="persons">The persons whose names are kept.</param>
    /// <param name="whole">The citation of the whole record.</param>
    /// <param name="named">Whether sentences name the agreement, because they stand among those on others.</param>
    /// <param name="detail">How much of users' own words its sentences show.</param>
    public AgreementFindings(AgreementRecord record, BriefPoint point, PersonDirectory persons, Citation whole, bool named, Detail detail)
    {
        (_agreement, _point, _persons, _record, _detail) = (record.Agreement, point, persons, whole, detail);
        var proposal = _agreement.Proposal;
        _name = named ? new(proposal.Reference, EntrySentence.OneLine(proposal.Title), proposal.Titles) : null;
        Entries = ReadEntry.All(record.Entries);
        Standing = Standing.Of(_agreement, point.AsOf);
    }

    private AgreementFindings(AgreementFindings found, Detail detail)
    {
        (_agreement, _point, _persons, _record, _name, _detail) = (found._agreement, found._point, found._persons, found._record, found._name, detail);
        (Entries, Standing) = (found.Entries, found.Standing);
    }

    /// <summary>The entries, as readers see them.</summary>
    public ImmutableArray<ReadEntry> Entries { get; }

    /// <summary>The standing on the day; null on days before there was an agreement.</summary>
    public Standing? Standing { get; }

    /// <summary>The reference.</summary>
    public string Reference => _agreement.Reference;

    /// <summary>The agreement by name, as a row calls it.</summary>
    public AgreementArgument Name => _name ?? new(Reference, EntrySentence.OneLine(_agreement.Title), _agreement.Proposal.Titles);

    /// <summary>Whether it has ended or its proposal was withdrawn by the day.</summary>
    public bool IsOver => Standing?.Status is AgreementStatus.Terminated or AgreementStatus.Expired or AgreementStatus.Completed or AgreementStatus.Withdrawn;

    /// <summary>The same with so much of users' own words.</summary>
    public AgreementFindings In(Detail detail) => detail == _detail ? this : new(this, detail);

    /// <summary>What an entry says, as it was written.</summary>
    public Statement AsWritten(ReadEntry entry) => EntrySentence.Of(entry.Entry, Reference, _agreement, _persons);

    /// <summary>What an entry says, as readers see it.</summary>
    public Statement Sentence(ReadEntry entry) => EntrySentence.Of(entry, Reference, _agreement, _persons, _detail);

    /// <summary>A group of statements under the agreement's name, which they do not repeat.</summary>
    public BriefGroup Group(IEnumerable<Statement> statements) => new(
        Reference,
        _agreement.Title,
        _agreement.Proposal.Titles,
        [.. statements.Select(s => s.Key is StatementKey.Proposed or StatementKey.EnteredRecord ? s with { Arguments = s.Arguments.Remove("title") } : s)]);

    /// <summary>Who and what it is about.</summary>
    public IEnumerable<Statement> About(Func<IEnumerable<string>, NamedAgenciesArgument> names)
    {
        var proposal = _agreement.Proposal;
        ImmutableArray<string> parties = [.. Standing?.Parties.Select(p => p.Party) ?? proposal.Parties];
        var joined = Standing?.Parties.Where(p => !proposal.Parties.Contains(p.Party)).Select(p => p.SignedBy ?? p.RatifiedBy).OfType<long>() ?? [];
        yield return Say(StatementKey.PartiesAre, Cite([1, .. joined]), ("agencies", names(parties)));
        if (!proposal.Institutes.IsEmpty)
            yield return Say(StatementKey.InstitutesAre, Cite([1]), ("agencies", names(proposal.Institutes)));
        if (((AgreementProposed)Entries[0].Event).Summary is { } summary)
            yield return Say(StatementKey.SummaryIs, Cite([1]), ("summary", EntrySentence.Quote(summary, 240)));
        if (Standing is { ProvisionalFrom: { } from, ProvisionalBy: { } by })
            yield return Say(StatementKey.IsAppliedProvisionally, Cite([by]), ("day", On(from)));
    }

    /// <summary>How the agreement stands, in one sentence.</summary>
    public Statement StatusSentence()
    {
        if (Standing is not { } s)
            return Say(StatementKey.NotYetProposed, Cite([1]), ("day", On(_point.AsOf)));

        // The rule may be met although the last signature or the delay still keeps the agreement from being in force.
        if (!IsOver && s.Entry.InForceFrom > _point.AsOf)
            return Say(StatementKey.WillEnterIntoForce, Cite(s.Entry.Because), ("day", On(s.Entry.InForceFrom.Value)));

        return s.Status switch
        {
            AgreementStatus.Proposed => Say(StatementKey.IsProposed, [.. Cite([1]), _record]),
            AgreementStatus.UnderDiscussion when Signatories.Any() => Say(StatementKey.IsPartlySigned, Cite(Signatories.Select(p => p.SignedBy!.Value)), ("agencies", Codes(Signatories))),
            AgreementStatus.UnderDiscussion => Say(StatementKey.IsUnderDiscussion, Cite([s.LastDiscussed!.By]), ("day", new DayArgument(s.LastDiscussed.On))),
            AgreementStatus.Signed => Say(StatementKey.IsSigned, Cite(Signatories.Select(p => p.SignedBy!.Value)), ("day", new DayArgument(LastSigned!))),
            AgreementStatus.PartiallyRatified => Say(
                StatementKey.IsPartiallyRatified, Cite(Contracting.Select(p => p.RatifiedBy!.Value)), ("count", Count(Contracting.Count())), ("total", Count(s.Parties.Length))),
            AgreementStatus.InForce => Say(StatementKey.IsInForce, Cite(s.Entry.Because), ("day", On(s.Entry.InForceFrom!.Value))),
            AgreementStatus.Suspended => Say(
                StatementKey.IsSuspended, Cite([.. s.Entry.Because, s.SuspendedBy!.Value]), ("day", On(s.Entry.InForceFrom!.Value)), ("from", new DayArgument(SuspendedFrom))),
            AgreementStatus.Terminated => Say(EndedByNotice ? StatementKey.IsEndedByWithdrawal : StatementKey.IsTerminated, Cite([s.EndedBy!.Value]), ("day", On(s.EndedOn!.Value))),
            AgreementStatus.Expired => Say(StatementKey.IsExpired, Cite(s.TermActs.TakeLast(1)), ("day", On(s.ExpiresOn!.Value))),
            AgreementStatus.Completed => Say(
                StatementKey.IsCompleted, Cite([.. s.Phases.Select(p => p.CompletedBy).OfType<long>(), EndEntry]), ("day", On(s.EndedOn ?? s.ExpiresOn!.Value))),
            AgreementStatus.Withdrawn => Say(StatementKey.IsWithdrawn, Cite([s.EndedBy!.Value]), ("day", On(s.EndedOn!.Value))),
        };
    }

    /// <summary>The row of the agreement itself.</summary>
    public StatusRow Row()
    {
        var sentence = StatusSentence();
        var (when, on) = Standing switch
        {
            null => (DayWord.On, null),
            { Entry.InForceFrom: { } from } s when from > _point.AsOf && !IsOver => (DayWord.From, Day.On(from)),
            { Status: AgreementStatus.Proposed } => (DayWord.Since, _agreement.Proposal.OccurredOn),
            { Status: AgreementStatus.UnderDiscussion, LastDiscussed.On: var day } => (DayWord.LastDiscussed, day),
            { Status: AgreementStatus.UnderDiscussion or AgreementStatus.Signed } => (DayWord.LastSigned, LastSigned),
            { Status: AgreementStatus.PartiallyRatified } => (DayWord.LastConsent, Contracting.Select(p => p.RatifiedOn).OfType<Day>().MaxBy(d => d.Latest)),
            { Status: AgreementStatus.InForce } s => (DayWord.Since, Day.On(s.Entry.InForceFrom!.Value)),
            { Status: AgreementStatus.Suspended } => (DayWord.Since, SuspendedFrom),
            { EndedOn: { } ended, Status: not AgreementStatus.Expired } => (DayWord.Since, Day.On(ended)),
            { ExpiresOn: { } end } => (DayWord.Until, Day.On(end)),
            _ => (DayWord.On, (Day?)null),
        };

        var cited = Standing is { Status: AgreementStatus.UnderDiscussion, LastDiscussed: { } last } && Signatories.Any() ? Cite([.. Signatories.Select(p => p.SignedBy!.Value), last.By]) : sentence.Citations;
        return new(Name, Standing is { } standing ? new StatusArgument(standing.Status, standing.Certain) : null, when, on, cited);
    }

    /// <summary>Rows of the parties, the phases and the term.</summary>
    public IEnumerable<StatusRow> InnerRows()
    {
        if (Standing is not { } s)
            yield break;

        foreach (var p in s.Parties)
        {
            var (when, on) = p switch
            {
                { Status: PartyStatus.Party or PartyStatus.Contracting, BoundFrom: { } from } => (from > _point.AsOf ? DayWord.From : DayWord.Since, Day.On(from)),
                { Status: PartyStatus.Leaving, WithdrawnOn: { } day } => (DayWord.Until, Day.On(day.AddDays(-1))),
                { Status: PartyStatus.FormerParty, WithdrawnOn: { } day } => (DayWord.Since, Day.On(day)),
                { Status: PartyStatus.FormerParty } => (DayWord.Since, Day.On(s.EndedOn ?? s.ExpiresOn!.Value.AddDays(1))),
                { Status: PartyStatus.Contracting } => (DayWord.On, p.RatifiedOn),
                _ => (DayWord.On, p.SignedOn),
            };
            long[] acts = [.. new[] { p.SignedBy, p.RatifiedBy, p.WithdrawnBy }.OfType<long>(), .. p is { Status: PartyStatus.FormerParty, WithdrawnBy: null } ? [EndEntry] : Array.Empty<long>()];
            yield return new(
                new AgenciesArgument([p.Party]), new PartyStatusArgument(p.Status, p.Instrument), when, on, acts.Length == 0 ? [.. Cite([1]), _record] : Cite(acts));
        }

        foreach (var phase in s.Phases)
        {
            yield return new(
                new PhaseArgument(phase.Number, phase.Title),
                new PhaseStatusArgument(phase.CompletedOn is not null ? PhaseStatus.Completed : phase.Overdue ? PhaseStatus.Overdue : PhaseStatus.Planned),
                phase.CompletedOn is not null ? DayWord.On : DayWord.PlannedFor,
                phase.CompletedOn ?? phase.PlannedEnd,
                Cite([phase.CompletedBy ?? phase.PlannedBy]));
        }

        if (s.ExpiresOn is { } end)
            yield return new(new TermArgument(), null, DayWord.Until, Day.On(end), Cite(s.TermActs.TakeLast(1)));
    }

    /// <summary>What is overdue, with the day since when.</summary>
    public IEnumerable<(DateOnly Day, Statement Statement)> Overdue() => IsOver || Standing is null
        ? []
        : Standing.Phases.Where(p => p.Overdue).Select(p => (p.PlannedEnd!.Latest, Say(
            StatementKey.PhaseOverdue,
            Cite([p.PlannedBy]),
            ("phase", new PhaseArgument(p.Number, p.Title)),
            ("day", new DayArgument(p.PlannedEnd)),
            ("count", Count(_point.AsOf.DayNumber - p.PlannedEnd.Latest.DayNumber)))));

    /// <summary>What lies ahead, with its day.</summary>
    public IEnumerable<(DateOnly Day, Statement Statement)> Upcoming()
    {
        if (IsOver || Standing is not { } s)
            return [];

        var ahead = new List<(DateOnly Day, Statement Statement)>();
        if (s.Entry.InForceFrom is { } from)
            Add(from, StatementKey.EntersIntoForce, s.Entry.Because);
        foreach (var p in s.Parties)
        {
            if (p.BoundFrom is { } bound && bound != s.Entry.InForceFrom)
                Add(bound, StatementKey.PartyBoundFrom, [p.RatifiedBy ?? p.SignedBy ?? 1], ("agencies", new AgenciesArgument([p.Party])));
            if (p.WithdrawnOn is { } leaves)
                Add(leaves, StatementKey.PartyLeaves, [p.WithdrawnBy!.Value], ("agencies", new AgenciesArgument([p.Party])));
        }

        foreach (var phase in s.Phases.Where(p => p is { CompletedOn: null, Overdue: false, PlannedEnd: not null }))
        {
            // A phase due this month or this year is due by its last day.
            ahead.Add((phase.PlannedEnd!.Latest, Say(
                StatementKey.PhaseDue, Cite([phase.PlannedBy]), ("phase", new PhaseArgument(phase.Number, phase.Title)), ("day", new DayArgument(phase.PlannedEnd)))));
        }

        if (s.ExpiresOn is { } end && !(s.EndedOn <= end))
            Add(end.AddDays(-1), StatementKey.TermEnds, s.TermActs.TakeLast(1), ("day", On(end)));
        if (s.EndedOn is { } ends)
            Add(ends, Event(s.EndedBy!.Value) is ProposalWithdrawn ? StatementKey.ProposalWithdrawalTakesEffect : StatementKey.AgreementEnds, [s.EndedBy.Value]);

        foreach (var act in _agreement.Acts.Where(act => act.Event.OccurredOn?.Latest <= _point.AsOf))
        {
            var (key, effect) = act.Event switch
            {
                ProvisionalApplicationBegun e => (StatementKey.ProvisionalApplicationTakesEffect, s.Entry.InForceFrom <= e.EffectiveOn?.Latest ? null : e.EffectiveOn),
                AgreementSuspended e => (StatementKey.SuspensionTakesEffect, e.EffectiveOn),
                AgreementResumed e => (StatementKey.ResumptionTakesEffect, e.EffectiveOn),
                AgreementAmended e => (StatementKey.AmendmentTakesEffect, e.EffectiveOn),
                _ => (default, null),
            };
            if (effect is not null)
                Add(effect.Latest, key, [act.Number], ("day", new DayArgument(effect)));
        }

        return ahead;

        void Add(DateOnly day, StatementKey key, IEnumerable<long> acts, (string Name, Argument Value)? argument = null)
        {
            // The last day of a term still lies ahead on that very day; whatever takes effect has done so then.
            if (day <= _point.AsOf && !(key == StatementKey.TermEnds && day == _point.AsOf.AddDays(-1)))
                return;
            ahead.Add((day, argument is { Name: not "day" } other
                ? Say(key, Cite(acts), ("day", On(day)), other)
                : Say(key, Cite(acts), argument ?? ("day", On(day)))));
        }
    }

    /// <summary>The signature or the consent that is waited for.</summary>
    public Statement? Awaited()
    {
        if (IsOver || Standing is not { Entry.InForceFrom: null } s)
            return null;

        switch (s.Status)
        {
            case AgreementStatus.UnderDiscussion when Signatories.Any():
                return Say(
                    StatementKey.AwaitsSignatures,
                    [.. Cite(Signatories.Select(p => p.SignedBy!.Value)), _record],
                    ("agencies", Codes(s.Parties.Where(p => p.SignedBy is null))));
            case AgreementStatus.Signed or AgreementStatus.PartiallyRatified:
                var given = s.Parties.Select(p => p.RatifiedBy ?? p.SignedBy).OfType<long>();
                return s.Entry.WaitingFor.IsEmpty || _agreement.Proposal.EntryIntoForce?.Rule is EntryIntoForceRule.Count or EntryIntoForceRule.Date
                    ? s.Entry.Outstanding > 0 ? Say(StatementKey.AwaitsConsents, [.. Cite(given), _record], ("count", Count(s.Entry.Outstanding))) : null
                    : Say(StatementKey.AwaitsConsent, [.. Cite(given), _record], ("agencies", AgenciesArgument.Of(s.Entry.WaitingFor)));
            default:
                return null;
        }
    }

    /// <summary>What is open beside what is awaited: days, phases and values.</summary>
    public IEnumerable<Statement> Open()
    {
        if (Standing is not { } s)
            yield break;

        if (!IsOver && s.Phases.Where(p => p is { CompletedOn: null, PlannedEnd: null }).ToList() is { Count: > 0 } endless)
            yield return Say(StatementKey.PhasesWithoutEnd, Cite(endless.Select(p => p.PlannedBy)), ("count", Count(endless.Count)));
        foreach (var entry in Entries.Where(e => IsCorrectionOfValue(e.Entry.Event)))
        {
            var sentence = Sentence(entry);
            yield return _name is null ? sentence : sentence with { Arguments = sentence.Arguments.Add("agreement", _name) };
        }

        if (!s.Certain)
        {
            var vague = _agreement.Acts.Where(act => act.Event.OccurredOn is not { IsExact: true }).Select(act => act.Number).ToList();
            yield return Say(StatementKey.StandingUncertain, vague.Count == 0 ? [_record] : Cite(vague));
        }
        else if (_name is null && IsUndated)
        {
            yield return Say(StatementKey.ProposalUndated, Cite([1]));
        }
    }

    /// <summary>Whether the day of the proposal is not known.</summary>
    public bool IsUndated => _agreement.Proposal.OccurredOn is null;

    /// <summary>What was recorded after a point, and what it did to the status.</summary>
    public ImmutableArray<Statement> Changes(BriefSince since)
    {
        var news = Entries.Where(entry => since.IsBefore(entry.Entry)).ToList();
        if (news.Count == 0)
            return [];

        var known = Entries.Select(entry => entry.Entry).Where(entry => !since.IsBefore(entry)).ToList();
        var before = known.Aggregate((Agreement?)null, (state, entry) => Agreement.Evolve(state, new(entry.Version, entry.RecordedAt, (AgreementEvent)entry.Event)));
        var was = before is null ? null : Standing.Of(before, _point.AsOf)?.Status;
        return
        [
            .. was is { } from && Standing?.Status is { } to && from != to
                ? [Statement.Of(StatementKey.StatusChanged, StatusSentence().Citations, ("from", new StatusArgument(from)), ("to", new StatusArgument(to)))]
                : Array.Empty<Statement>(),
            .. news.Where(entry => !entry.StruckOut).Select(Sentence),
        ];
    }

    /// <summary>The citations of entries and of what corrected them; the whole record stands for those that are too many to name.</summary>
    public ImmutableArray<Citation> Cite(IEnumerable<long> numbers)
    {
        var wanted = numbers.ToHashSet();
        var cited = Entries.Where(entry => wanted.Contains(entry.Entry.Version)).SelectMany(entry => entry.Cite(Reference)).Distinct().ToList();
        return cited.Count <= MostCited ? [.. cited] : [.. cited.TakeLast(MostCited - 1), _record];
    }

    private IEnumerable<PartyStanding> Signatories => Standing!.Parties.Where(p => p.SignedBy is not null);

    private IEnumerable<PartyStanding> Contracting => Standing!.Parties.Where(p => p.Status == PartyStatus.Contracting && p.RatifiedBy is not null);

    private Day? LastSigned => Signatories.Select(p => p.SignedOn).OfType<Day>().MaxBy(day => day.Latest);

    private bool EndedByNotice => Event(Standing!.EndedBy!.Value) is WithdrawalNotified;

    private Day SuspendedFrom => Event(Standing!.SuspendedBy!.Value) is AgreementSuspended e ? e.EffectiveOn ?? e.OccurredOn! : throw new UnreachableException("A suspension has an act.");

    // The entry by which the agreement is over: the act that ended it, or the last one that set its term.
    private long EndEntry => Standing!.EndedBy ?? Standing.TermActs[^1];

    private LedgerEvent Event(long number) => _agreement.Acts.First(act => act.Number == number).Event;

    private static bool IsCorrectionOfValue(LedgerEvent e) => e is AgreementCorrected { Field.Length: 0 } or AgreementCorrected { Was: not null };

    private Statement Say(StatementKey key, ImmutableArray<Citation> citations, params ReadOnlySpan<(string, Argument?)> arguments) =>
        Statement.Of(key, citations, [("agreement", _name), .. arguments]);

    private static DayArgument On(DateOnly day) => new(Day.On(day));

    private static CountArgument Count(long count) => new(count);

    private static AgenciesArgument Codes(IEnumerable<PartyStanding> parties) => AgenciesArgument.Of(parties.Select(p => p.Party));
}
