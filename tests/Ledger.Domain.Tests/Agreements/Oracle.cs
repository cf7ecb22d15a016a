using System.Collections.Immutable;
using Ledger.Domain.Agreements;
using Ledger.Domain.Days;
using static Ledger.Domain.Tests.Scene;

namespace Ledger.Domain.Tests.Agreements;

/// <summary>
/// The table of statuses a second time, written from the rules and not from the domain: it walks from day to day and keeps a book of who has
/// consented, who is bound and what has begun or ended. Every day of reduced precision is its latest.
/// </summary>
internal sealed class Oracle
{
    private readonly List<Consent> _standing = [];
    private readonly HashSet<string> _everBound = [];
    private DateOnly? _ruleMetOn;
    private List<string> _waitedFor = [];
    private DateOnly? _entersOn;
    private DateOnly? _inForceSince;
    private bool _tooFewLeft;
    private bool _suspended;

    private Oracle()
    {
    }

    public AgreementStatus Status { get; private set; }

    public Dictionary<string, PartyStatus> Parties { get; } = [];

    public static Oracle On(DateOnly asOf, ImmutableArray<AgreementEvent> facts)
    {
        var oracle = new Oracle();
        oracle.Walk(asOf, facts);
        return oracle;
    }

    private void Walk(DateOnly asOf, ImmutableArray<AgreementEvent> facts)
    {
        var proposal = (AgreementProposed)facts[0];
        var rule = proposal.EntryIntoForce ?? new(EntryIntoForceRule.AllParties);

        // What is known as of the day: what was done by then, and what was done later with effect from an earlier day.
        var signatures = facts.OfType<AgreementSigned>().Where(f => Done(f) <= asOf).ToList();
        var notices = facts.OfType<WithdrawalNotified>().Where(f => Done(f) <= asOf || Effect(f.EffectiveOn, f) <= asOf).Where(n => !IsRevoked(n)).ToList();
        var terminations = facts.OfType<AgreementTerminated>().Where(f => Done(f) <= asOf || Effect(f.EffectiveOn, f) <= asOf).ToList();
        var withdrawals = facts.OfType<ProposalWithdrawn>().Where(f => Done(f) <= asOf || Effect(f.EffectiveOn, f) <= asOf).ToList();
        var extensions = facts.OfType<AgreementExtended>().Where(f => Done(f) <= asOf).ToList();
        var consents = facts.OfType<AgreementRatified>().Select(f =>
        {
            var received = (f.ReceivedOn ?? f.OccurredOn!).Latest;
            return new Consent(f.Party, f.EffectiveOn?.Latest < received ? f.EffectiveOn.Latest : received, f.EffectiveOn?.Latest, IsInstrument: true);
        }).ToList();
        if (rule.Rule == EntryIntoForceRule.Date)
            consents.AddRange(facts.OfType<AgreementSigned>().Select(f => new Consent(f.Party, Done(f), null, IsInstrument: false)));
        var terminatedOn = terminations.Count == 0 ? DateOnly.MaxValue : terminations.Min(f => Effect(f.EffectiveOn, f));
        var withdrawnOn = withdrawals.Count == 0 ? DateOnly.MaxValue : withdrawals.Min(f => Effect(f.EffectiveOn, f));

        for (var day = new DateOnly(2019, 12, 31); day <= asOf; day = day.AddDays(1))
        {
            var boundYesterday = _standing.Where(c => c.IsBound).Select(c => c.Party).ToHashSet();
            var left = KeepTheBook(day);
            WatchTheRule(day);
            var expired = ExpiresOn() < day;
            var over = _tooFewLeft || expired || terminatedOn <= day || withdrawnOn <= day;
            _tooFewLeft |= !over && left.Overlaps(boundYesterday) && _standing.Select(c => c.Party).Distinct().Count() < Needed(_waitedFor.Count);
            if (!over && !_tooFewLeft)
                Bind(day);
        }

        Suspensions();
        Conclude();

        HashSet<string> KeepTheBook(DateOnly day)
        {
            _standing.AddRange(consents.Where(c => c.From == day));
            var left = new HashSet<string>();
            foreach (var notice in notices.Where(n => Effect(n.EffectiveOn, n) == day))
            {
                if (_standing.RemoveAll(c => c.Party == notice.Party && c.From <= Given(notice)) > 0)
                    left.Add(notice.Party);
            }

            return left;
        }

        void WatchTheRule(DateOnly day)
        {
            if (_entersOn is { } until && day > until)
                return;

            var joined = proposal.Parties.Concat(signatures.Where(s => Done(s) <= day).Select(s => s.Party)).Concat(consents.Where(c => c.From <= day).Select(c => c.Party)).Distinct().ToList();
            if (_ruleMetOn is not null && !IsMet(_waitedFor))
                (_ruleMetOn, _entersOn) = (null, null);
            if (_ruleMetOn is null && IsMet(joined))
            {
                (_ruleMetOn, _waitedFor) = (day, joined);
                _entersOn = rule.Rule == EntryIntoForceRule.Date && OwnDay(rule.Date!.Value) is var fixedDay ? (fixedDay > day ? fixedDay : day) : OwnDay(day);
            }
        }

        bool IsMet(List<string> joined)
        {
            var holders = _standing.Select(c => c.Party).ToHashSet();
            return rule.Rule switch
            {
                EntryIntoForceRule.AllParties => joined.Exists(Counts) && joined.Where(Counts).All(holders.Contains),
                EntryIntoForceRule.Count => holders.Count(Counts) >= rule.Count,
                EntryIntoForceRule.Named => rule.Parties.All(holders.Contains),
                _ => holders.Count >= Math.Min(2, joined.Count),
            };
        }

        void Bind(DateOnly day)
        {
            if (!(_entersOn <= day))
                return;

            var ready = _standing.Where(c => OwnDayOf(c) <= day).ToList();
            if (_inForceSince is null && ready.Select(c => c.Party).Distinct().Count() < Needed(_waitedFor.Count))
                return;

            _inForceSince ??= day;
            foreach (var consent in ready)
            {
                consent.IsBound = true;
                _everBound.Add(consent.Party);
            }
        }

        // Its own day where it names one; with the agreement if it was among those that brought it into force; else after the same delay.
        DateOnly OwnDayOf(Consent c) => c.Effective ?? (c.From <= _ruleMetOn || rule.Rule == EntryIntoForceRule.Date ? c.From : OwnDay(c.From));

        DateOnly OwnDay(DateOnly from)
        {
            var day = rule.Delay is { } delay ? from.AddMonths((delay.Years * 12) + delay.Months).AddDays(delay.Days) : from;
            if (!rule.FirstOfMonth)
                return day;
            do
                day = day.AddDays(1);
            while (day.Day != 1);
            return day;
        }

        bool Counts(string party) => !(rule.ExcludeOrganisations && party == Esa);

        int Needed(int parties) => Math.Min(2, rule.Rule switch { EntryIntoForceRule.Count => rule.Count!.Value, EntryIntoForceRule.Named => rule.Parties.Length, _ => parties });

        DateOnly? ExpiresOn()
        {
            var stated = proposal.Term?.Until?.Latest ?? (proposal.Term?.Length is { } length && _inForceSince is { } since ? since.AddMonths((length.Years * 12) + length.Months).AddDays(length.Days) : null);
            if (proposal.Term is { Until: null, Length: not null } && _inForceSince is null)
                return null;
            return extensions.Select(e => (DateOnly?)e.Until.Latest).Append(stated).Max();
        }

        bool IsRevoked(WithdrawalNotified notice) => facts.OfType<WithdrawalRevoked>()
            .Any(r => r.Party == notice.Party && Done(r) <= asOf && Given(notice) <= Done(r) && Done(r) < Effect(notice.EffectiveOn, notice));

        void Suspensions()
        {
            foreach (var day in facts.OfType<AgreementSuspended>().Select(f => (On: Effect(f.EffectiveOn, f), Step: 1))
                .Concat(facts.OfType<AgreementResumed>().Select(f => (On: Effect(f.EffectiveOn, f), Step: -1)))
                .Where(x => x.On <= asOf).GroupBy(x => x.On).OrderBy(g => g.Key))
            {
                _suspended = Math.Sign(day.Sum(x => x.Step)) switch { 1 => true, -1 => false, _ => _suspended };
            }
        }

        void Conclude()
        {
            var closed = terminatedOn <= asOf && terminations.MinBy(f => Effect(f.EffectiveOn, f))!.Ground == TerminationGround.Completion;
            var planned = proposal.Phases.Select(p => p.PhaseId).Concat(facts.OfType<PhasePlanned>().Where(f => Done(f) <= asOf || IsCompleted(f.PhaseId)).Select(f => f.PhaseId)).ToList();
            var done = planned.Count > 0 && planned.TrueForAll(IsCompleted);
            var everybody = proposal.Parties.Concat(signatures.Select(s => s.Party)).Concat(consents.Where(c => c.From <= asOf).Select(c => c.Party)).Distinct().ToList();
            Status = _tooFewLeft ? AgreementStatus.Terminated
                : withdrawnOn <= asOf && withdrawnOn <= terminatedOn ? AgreementStatus.Withdrawn
                : terminatedOn <= asOf ? (closed && done ? AgreementStatus.Completed : AgreementStatus.Terminated)
                : ExpiresOn() < asOf ? (done ? AgreementStatus.Completed : AgreementStatus.Expired)
                : _inForceSince is not null ? (_suspended ? AgreementStatus.Suspended : AgreementStatus.InForce)
                : _standing.Exists(c => c.IsInstrument) ? AgreementStatus.PartiallyRatified
                : everybody.TrueForAll(p => signatures.Exists(s => s.Party == p)) ? AgreementStatus.Signed
                : signatures.Count > 0 || facts.OfType<AgreementDiscussed>().Any(f => Done(f) <= asOf) ? AgreementStatus.UnderDiscussion
                : AgreementStatus.Proposed;

            var isOver = Status is AgreementStatus.Withdrawn or AgreementStatus.Terminated or AgreementStatus.Completed or AgreementStatus.Expired;
            foreach (var party in everybody)
            {
                var own = _standing.Where(c => c.Party == party).ToList();
                var leaves = own.TrueForAll(c => notices.Exists(n => n.Party == party && Effect(n.EffectiveOn, n) > asOf && c.From <= Given(n)));
                Parties[party] = own.Exists(c => c.IsBound) ? (isOver ? PartyStatus.FormerParty : leaves ? PartyStatus.Leaving : PartyStatus.Party)
                    : own.Count > 0 ? PartyStatus.Contracting
                    : _everBound.Contains(party) ? PartyStatus.FormerParty
                    : signatures.Exists(s => s.Party == party) ? PartyStatus.Signatory
                    : PartyStatus.Negotiating;
            }

            bool IsCompleted(string phase) => facts.OfType<PhaseCompleted>().Any(f => f.PhaseId == phase && Done(f) <= asOf);
        }
    }

    private static DateOnly Done(AgreementEvent fact) => fact.OccurredOn!.Latest;

    private static DateOnly Effect(Day? effectiveOn, AgreementEvent fact) => (effectiveOn ?? fact.OccurredOn!).Latest;

    // A notice has no effect before it is given, so it was given by the day it had effect.
    private static DateOnly Given(WithdrawalNotified notice) => Effect(notice.EffectiveOn, notice) is var effect && effect < Done(notice) ? effect : Done(notice);

    private sealed record Consent(string Party, DateOnly From, DateOnly? Effective, bool IsInstrument)
    {
        public bool IsBound { get; set; }
    }
}
