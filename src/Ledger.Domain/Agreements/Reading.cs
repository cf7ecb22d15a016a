using System.Collections.Immutable;
using Ledger.Domain.Days;

namespace Ledger.Domain.Agreements;

/// <summary>
/// One reading of the acts on a day, every day of reduced precision taken as the latest or the earliest it can mean.
/// Nothing in here depends on the order in which acts were recorded.
/// </summary>
internal sealed class Reading
{
    private readonly Facts _facts;
    private readonly DateOnly _day;
    private readonly Func<Day, DateOnly> _read;
    private readonly EntryIntoForce _rule;
    private readonly Dictionary<string, Place> _byCode = new(StringComparer.Ordinal);

    // The parties named, in the order of the proposal; then those that joined by the day, in the order of joining.
    private readonly List<Place> _places = [];
    private int _named;
    private readonly List<Notice> _notices = [];

    // By the day from which each counts, then by party.
    private readonly List<Consent> _consents = [];

    public Reading(Facts facts, DateOnly day, Func<Day, DateOnly> read)
    {
        (_facts, _day, _read) = (facts, day, read);
        _rule = facts.Agreement.Proposal.EntryIntoForce ?? new EntryIntoForce(EntryIntoForceRule.AllParties);
        ReadSignatures();
        ReadConsents();
        ReadNotices();
        ReadPlaces();
        ReadInstruments();
    }

    /// <summary>Whether a party gave notice and had no consent that it could end.</summary>
    public bool HasNoticeWithoutConsent => _notices.Except(_consents.Select(c => c.EndedBy).OfType<Notice>()).Any();

    /// <summary>Whether a consent of the party stands on the day.</summary>
    public static bool IsConsentOn(DateOnly day, Agreement agreement, string party) =>
        new Reading(new Facts(agreement), day, d => d.Latest)._byCode.TryGetValue(party, out var place) && place.Consents.Exists(c => c.IsInstrument && c.HoldsOn(day));

    public Standing Standing()
    {
        var entry = EntersIntoForce();
        var ties = Ties(entry);
        var withdrawn = Taking(_facts.ProposalWithdrawn);
        var terminated = Taking(_facts.Terminated);

        // What ended while a delay ran never entered into force, and whoever would have been bound after the end never was.
        var end = Earlier(withdrawn?.On, terminated?.On) ?? DateOnly.MaxValue;
        var inForceFrom = InForceFrom(entry, ties) is { } first && first < end ? first : (DateOnly?)null;
        var (expiresOn, termActs) = TermEnd(inForceFrom);
        inForceFrom = inForceFrom > expiresOn ? null : inForceFrom;
        var bound = inForceFrom is not { } from ? [] : ties
            .Select(x => x with { From = Later(x.From, from) })
            .Where(x => x.From < x.Consent.Ends && x.From < end && !(x.From > expiresOn))
            .ToList();
        var (endedOn, endedBy, closed) = End(terminated, TooFewLeft(entry, bound, expiresOn));
        foreach (var tie in bound.Where(x => !(x.From >= endedOn)))
            tie.Consent.Place.Bound.Add(tie);
        withdrawn = endedOn < withdrawn?.On ? null : withdrawn;
        var phases = Phases();
        var suspendedBy = SuspendedBy();
        var discussed = LastDiscussed();

        var done = phases.Length > 0 && phases.All(p => p.CompletedOn is not null);
        var status = withdrawn is { } w && w.On <= _day ? AgreementStatus.Withdrawn
            : endedOn <= _day ? (closed && done ? AgreementStatus.Completed : AgreementStatus.Terminated)
            : expiresOn < _day ? (done ? AgreementStatus.Completed : AgreementStatus.Expired)
            : inForceFrom <= _day ? (suspendedBy is null ? AgreementStatus.InForce : AgreementStatus.Suspended)
            : _consents.Exists(c => c.IsInstrument && c.HoldsOn(_day)) ? AgreementStatus.PartiallyRatified
            : _places.Count > 0 && _places.TrueForAll(p => p.Signature is not null) ? AgreementStatus.Signed
            : discussed is not null || _places.Exists(p => p.Signature is not null) ? AgreementStatus.UnderDiscussion
            : AgreementStatus.Proposed;

        var ended = status is AgreementStatus.Terminated or AgreementStatus.Expired or AgreementStatus.Completed or AgreementStatus.Withdrawn;
        var provisional = ended || inForceFrom <= _day || Taking(_facts.Provisional) is not { } begun || begun.On > _day ? null : ((DateOnly On, long By)?)begun;
        return new Standing(
            _day,
            status,
            Certain: true,
            [.. _places.Select(place => Party(place, ended))],
            phases,
            new EntryStanding(entry?.MetOn, inForceFrom, Because(entry), WaitingFor(entry), Outstanding(entry)),
            expiresOn,
            termActs,
            withdrawn?.On ?? endedOn,
            withdrawn?.By ?? endedBy,
            discussed,
            status == AgreementStatus.Suspended ? suspendedBy : null,
            provisional?.On,
            provisional?.By);
    }

    private DateOnly On(Act act) => _read(act.Event.OccurredOn!);

    private void ReadSignatures()
    {
        foreach (var code in _facts.Agreement.Proposal.Parties)
            PlaceOf(code).JoinedOn = DateOnly.MinValue;
        _named = _places.Count;

        foreach (var (act, signed) in _facts.Signed)
        {
            if (On(act) is var on && on > _day)
                continue;

            var place = PlaceOf(signed.Party);
            place.Join(on);
            if (place.Signature is null || on < place.SignedOn)
                (place.Signature, place.SignedOn) = (act, on);
        }
    }

    private Place PlaceOf(string code)
    {
        if (!_byCode.TryGetValue(code, out var place))
        {
            place = new Place(code);
            _byCode.Add(code, place);
            _places.Add(place);
        }

        return place;
    }

    private void ReadConsents()
    {
        var given = new List<Consent>();
        foreach (var (act, ratified) in _facts.Ratified)
        {
            if (CountsFrom(ratified) is var countsFrom && countsFrom <= _day)
                given.Add(new(PlaceOf(ratified.Party), act, countsFrom, ratified.EffectiveOn is { } effective ? _read(effective) : null, IsInstrument: true));
        }

        // An agreement with a fixed day needs no further consent than the signature (VCLT article 12).
        if (_rule.Rule == EntryIntoForceRule.Date)
            given.AddRange(_places.Where(place => place.Signature is not null).Select(place => new Consent(place, place.Signature!, place.SignedOn, null, IsInstrument: false)));

        _consents.AddRange(given.OrderBy(c => c.CountsFrom).ThenBy(c => c.Place.Party, StringComparer.Ordinal));
        foreach (var consent in _consents)
        {
            consent.Place.Join(consent.CountsFrom);
            consent.Place.Consents.Add(consent);
        }
    }

    private DateOnly CountsFrom(AgreementRatified ratified)
    {
        var received = _read(ratified.ReceivedOn ?? ratified.OccurredOn!);
        return ratified.EffectiveOn is { } on && _read(on) is var effective && effective < received ? effective : received;
    }

    private void ReadNotices()
    {
        if (_facts.Notified.Count == 0)
            return;

        var revoked = _facts.Revoked.Where(x => On(x.Act) <= _day).ToLookup(x => x.Event.Party, x => On(x.Act), StringComparer.Ordinal);
        _notices.AddRange(_facts.Notified
            .Select(x => (x.Event.Party, x.Act, EffectiveOn: _read(x.Event.EffectiveOn ?? x.Event.OccurredOn!)))

            // A notice given on a day not known exactly was given by the day it took effect.
            .Select(x => new Notice(x.Party, x.Act, Earlier(On(x.Act), x.EffectiveOn)!.Value, x.EffectiveOn))
            .Where(n => n.NotifiedOn <= _day || n.EffectiveOn <= _day)
            .Where(n => !revoked[n.Party].Any(on => n.NotifiedOn <= on && on < n.EffectiveOn))
            .OrderBy(n => n.EffectiveOn));
        foreach (var notice in _notices)
        {
            if (!_byCode.TryGetValue(notice.Party, out var place))
                continue;

            // A notice ends the consents that stood when it was given.
            place.Notice = notice;
            foreach (var consent in place.Consents)
            {
                if (consent.CountsFrom <= notice.NotifiedOn && consent.Ends == DateOnly.MaxValue)
                    (consent.Ends, consent.EndedBy) = (notice.EffectiveOn, notice);
            }
        }
    }

    private void ReadPlaces()
    {
        _places.Sort(_named, _places.Count - _named, Comparer<Place>.Create((one, other) =>
            one.JoinedOn != other.JoinedOn ? one.JoinedOn.CompareTo(other.JoinedOn) : string.CompareOrdinal(one.Party, other.Party)));

        HashSet<string> organisations = _rule.ExcludeOrganisations
            ? [
                .. _facts.Agreement.Proposal.Organisations,
                .. _facts.Signed.Where(x => x.Event.Organisation).Select(x => x.Event.Party),
                .. _facts.Ratified.Where(x => x.Event.Organisation).Select(x => x.Event.Party),
            ]
            : [];
        foreach (var place in _places)
        {
            place.IsCounted = !organisations.Contains(place.Party);
            place.IsNamed = _rule.Rule == EntryIntoForceRule.Named && _rule.Parties.Contains(place.Party);
            place.HasConsent = place.Consents.Exists(c => c.HoldsOn(_day));
        }
    }

    // The first act of a kind to take effect, of those done by the day, or done later with effect from an earlier day.
    private (DateOnly On, long By)? Taking(List<(Act Act, Day From)> acts)
    {
        (DateOnly On, long By)? first = null;
        foreach (var (act, from) in acts)
        {
            var on = _read(from);
            if ((On(act) <= _day || on <= _day) && (first is not { } earlier || on < earlier.On))
                first = (on, act.Number);
        }

        return first;
    }

    // The days on which what the rule looks at changes are walked through once. Whoever joins an open agreement after the rule was met on a
    // day does not unmeet it.
    private EntryDay? EntersIntoForce()
    {
        var turns = Turns();
        var watch = new Watch(_rule, _places.Where(place => place.JoinedOn == DateOnly.MinValue));
        EntryDay? met = null;
        for (var i = 0; i < turns.Count;)
        {
            var day = turns[i].On;

            // A consent withdrawn while the delay runs is not there on the day of entry.
            if (met is not null && day > met.From)
                return met;

            for (; i < turns.Count && turns[i].On == day; i++)
                watch.Turn(turns[i].Place, turns[i].Kind);
            if (met is not null && !watch.IsStillMet)
                met = null;
            if (met is null && watch.IsMet)
            {
                met = new EntryDay(day, _rule.Rule == EntryIntoForceRule.Date ? Later(_rule.EffectAfter(_rule.Date!.Value), day) : _rule.EffectAfter(day));
                watch.WaitOutDelay(day);
            }
        }

        return met;
    }

    private List<(DateOnly On, Place Place, TurnKind Kind)> Turns()
    {
        var turns = new List<(DateOnly On, Place Place, TurnKind Kind)>();
        foreach (var place in _places)
        {
            Add(place.JoinedOn == DateOnly.MinValue ? DateOnly.MaxValue : place.JoinedOn, place, TurnKind.Joins);
            if (place.Signature is not null)
                Add(place.SignedOn, place, TurnKind.Signs);
        }

        foreach (var consent in _consents)
        {
            Add(consent.CountsFrom, consent.Place, TurnKind.Consents);
            Add(consent.Ends, consent.Place, TurnKind.Leaves);
        }

        turns.Sort((one, other) => one.On.CompareTo(other.On));
        return turns;

        void Add(DateOnly on, Place place, TurnKind kind)
        {
            if (on < DateOnly.MaxValue)
                turns.Add((on, place, kind));
        }
    }

    // A party is tied with the agreement, or from a day of its own when it consents later (VCLT article 24, 3).
    private List<Tie> Ties(EntryDay? entry)
    {
        var ties = new List<Tie>();
        if (entry is null)
            return ties;

        foreach (var consent in _consents)
        {
            var from = Later(entry.From, consent.EffectiveOn
                ?? (consent.CountsFrom <= entry.MetOn || _rule.Rule == EntryIntoForceRule.Date ? consent.CountsFrom : _rule.EffectAfter(consent.CountsFrom)));
            if (from < consent.Ends)
                ties.Add(new(consent, from));
        }

        return ties;
    }

    // An agreement is between two at least, unless it named one alone or asks for the consent of one alone.
    private int Needed(DateOnly met) => Math.Min(2, _rule.Rule switch
    {
        EntryIntoForceRule.Count => _rule.Count ?? 1,
        EntryIntoForceRule.Named => _rule.Parties.Length,
        _ => _places.Count(place => place.JoinedOn <= met),
    });

    private DateOnly? InForceFrom(EntryDay? entry, List<Tie> ties)
    {
        if (entry is null)
            return null;

        var needed = Needed(entry.MetOn);
        var tied = new Coverage(ties.Select(x => (x.Consent, x.From)));
        foreach (var day in ties.Select(x => x.From).Order())
        {
            if (tied.On(day) >= needed)
                return day;
        }

        return null;
    }

    // An agreement whose term is over cannot lose its parties any more.
    private Consent? TooFewLeft(EntryDay? entry, List<Tie> bound, DateOnly? expiresOn)
    {
        var leaving = bound.Select(x => x.Consent).Where(c => c.EndedBy is not null && !(c.Ends > expiresOn)).OrderBy(c => c.Ends).ToList();
        if (leaving.Count == 0)
            return null;

        var needed = Needed(entry!.MetOn);
        var standing = new Coverage(_consents.Select(c => (c, c.CountsFrom)));
        return leaving.Find(left => standing.On(left.Ends) < needed);
    }

    private (DateOnly? On, long? By, bool Closed) End((DateOnly On, long By)? terminated, Consent? tooFew)
    {
        if (tooFew is not null && (terminated is null || tooFew.Ends < terminated.Value.On))
            return (tooFew.Ends, tooFew.EndedBy!.Act.Number, false);

        return terminated is { } t
            ? (t.On, t.By, _facts.Terminated.Find(x => x.Act.Number == t.By).Act.Event is AgreementTerminated { Ground: TerminationGround.Completion })
            : (null, null, false);
    }

    private (DateOnly? On, ImmutableArray<long> Acts) TermEnd(DateOnly? inForceFrom)
    {
        var term = _facts.Agreement.Proposal.Term;
        if (term is null && _facts.Extended.Count == 0)
            return (null, []);

        var stated = term?.Until is { } until ? _read(until)
            : term?.Length is { } length && inForceFrom is { } from ? length.After(from)
            : (DateOnly?)null;
        var extensions = _facts.Extended
            .Where(x => On(x.Act) <= _day)
            .Select(x => (Until: _read(x.Event.Until), x.Act.Number))
            .OrderBy(x => x.Until)
            .ToList();

        // A term that runs from entry into force is not over before it has begun.
        if (term is { Length: not null, Until: null } && inForceFrom is null)
            return (null, [.. extensions.Select(x => x.Number)]);

        ImmutableArray<long> acts = [.. stated is null ? Array.Empty<long>() : [_facts.Agreement.Acts[0].Number], .. extensions.Select(x => x.Number)];
        return (extensions.Count > 0 && !(stated > extensions[^1].Until) ? extensions[^1].Until : stated, acts);
    }

    private long? SuspendedBy()
    {
        if (_facts.Suspensions.Count == 0)
            return null;

        // A suspension and a resumption on one day leave it as it was: which came first follows from what it was.
        var steps = _facts.Suspensions.Select(x => (On: _read(x.From), x.Act.Number, x.Suspends)).Where(x => x.On <= _day).OrderBy(x => x.On).ThenBy(x => x.Number).ToList();
        var last = steps.GroupBy(x => x.On, x => x.Suspends ? 1 : -1)
            .Where(day => day.Sum() != 0)
            .MaxBy(day => day.Key);
        return last?.Sum() > 0 ? steps.FindLast(x => x.Suspends).Number : null;
    }

    private DatedAct? LastDiscussed()
    {
        (DateOnly On, DateOnly Earliest, Act? Act) last = default;
        foreach (var act in _facts.Agreement.Acts)
        {
            if (act.Event is not AgreementDiscussed { OccurredOn: { } occurred } || _read(occurred) is var on && on > _day)
                continue;
            if (last.Act is null || on > last.On || (on == last.On && occurred.Earliest >= last.Earliest))
                last = (on, occurred.Earliest, act);
        }

        return last.Act is { } found ? new(found.Event.OccurredOn!, found.Number) : null;
    }

    private ImmutableArray<PhaseStanding> Phases()
    {
        if (_facts.Phases.Count == 0)
            return [];

        var completions = _facts.Completed
            .Where(x => On(x.Act) <= _day)
            .ToLookup(x => x.Event.PhaseId, x => x.Act, StringComparer.Ordinal);
        return
        [
            .. _facts.Phases
                .Select((planned, index) => (planned.Phase, planned.PlannedBy, Number: index + 1, CompletedBy: completions[planned.Phase.PhaseId].FirstOrDefault()))
                .Where(x => x.CompletedBy is not null || x.PlannedBy.Event is AgreementProposed || On(x.PlannedBy) <= _day)
                .Select(x => new PhaseStanding(
                    x.Phase.PhaseId,
                    x.Number,
                    x.Phase.Title,
                    x.Phase.PlannedEnd,
                    x.CompletedBy?.Event.OccurredOn,
                    x.PlannedBy.Number,
                    x.CompletedBy?.Number,
                    x.CompletedBy is null && x.Phase.PlannedEnd is { } end && end.Latest < _day)),
        ];
    }

    // The instrument made last; of those made on one day, the one received last, then the one with effect from the latest day.
    private void ReadInstruments()
    {
        foreach (var (act, ratified) in _facts.Ratified)
        {
            if ((On(act) > _day && CountsFrom(ratified) > _day) || !_byCode.TryGetValue(ratified.Party, out var place))
                continue;

            var made = (On(act), _read(ratified.ReceivedOn ?? ratified.OccurredOn!), ratified.EffectiveOn is { } from ? _read(from) : DateOnly.MaxValue);
            if (place.Instrument is null || made.CompareTo(place.InstrumentMade) >= 0)
                (place.Instrument, place.InstrumentMade) = (act, made);
        }
    }

    private PartyStanding Party(Place place, bool ended)
    {
        Tie? current = null;
        foreach (var tie in place.Bound)
        {
            if (tie.Consent.HoldsOn(_day) && (current is null || tie.From < current.From))
                current = tie;
        }

        var gone = place.Notice is { } notice && notice.EffectiveOn <= _day && place.HasConsent ? null : place.Notice;
        var isBound = current?.From <= _day;
        var wasBound = place.Bound.Exists(x => x.From <= _day);
        var status = isBound && ended ? PartyStatus.FormerParty
            : isBound ? (place.Consents.TrueForAll(c => c.EndedBy is not null || !c.HoldsOn(_day)) ? PartyStatus.Leaving : PartyStatus.Party)
            : place.HasConsent ? PartyStatus.Contracting
            : wasBound ? PartyStatus.FormerParty
            : place.Signature is not null ? PartyStatus.Signatory
            : PartyStatus.Negotiating;
        var instrument = place.Instrument?.Event as AgreementRatified;
        return new PartyStanding(
            place.Party,
            status,
            place.Signature?.Event.OccurredOn,
            place.Signature?.Number,
            instrument?.OccurredOn,
            instrument?.ReceivedOn,
            instrument?.Instrument,
            place.Instrument?.Number,
            (current ?? (place.Bound.Count > 0 ? place.Bound[^1] : null))?.From,
            gone?.EffectiveOn,
            gone?.Act.Number);
    }

    private ImmutableArray<long> Because(EntryDay? entry) => entry is null
        ? []
        : [.. _consents.Where(c => c.HoldsOn(entry.MetOn) && IsNeeded(c.Place)).Select(c => c.Act.Number).Distinct().Order()];

    private bool IsNeeded(Place place) => _rule.Rule == EntryIntoForceRule.Named ? place.IsNamed : place.IsCounted;

    private ImmutableArray<string> WaitingFor(EntryDay? entry)
    {
        if (entry is not null)
            return [];

        return _rule.Rule == EntryIntoForceRule.Named
            ? [.. _rule.Parties.Where(party => !(_byCode.TryGetValue(party, out var place) && place.HasConsent))]
            : [.. _places.Where(place => place.IsCounted && !place.HasConsent).Select(place => place.Party)];
    }

    private int Outstanding(EntryDay? entry) => entry is not null ? 0 : _rule.Rule switch
    {
        EntryIntoForceRule.Count => (_rule.Count ?? 1) - _places.Count(place => place.HasConsent && place.IsCounted),
        EntryIntoForceRule.Date => Math.Max(0, Needed(_day) - _places.Count(place => place.HasConsent)),
        _ => WaitingFor(entry).Length,
    };

    private static DateOnly Later(DateOnly one, DateOnly other) => one > other ? one : other;

    private static DateOnly? Earlier(DateOnly? one, DateOnly? other) => one is null || other < one ? other : one;

    private enum TurnKind
    {
        Joins,
        Signs,
        Consents,
        Leaves,
    }

    private sealed record EntryDay(DateOnly MetOn, DateOnly From);

    private sealed record Tie(Consent Consent, DateOnly From);

    private sealed class Notice(string party, Act act, DateOnly notifiedOn, DateOnly effectiveOn)
    {
        public string Party => party;

        public Act Act => act;

        public DateOnly NotifiedOn => notifiedOn;

        public DateOnly EffectiveOn => effectiveOn;
    }

    private sealed class Consent(Place place, Act act, DateOnly countsFrom, DateOnly? effectiveOn, bool IsInstrument)
    {
        public Place Place => place;

        public Act Act => act;

        public DateOnly CountsFrom => countsFrom;

        public DateOnly? EffectiveOn => effectiveOn;

        // A signature may stand for it.
        public bool IsInstrument { get; } = IsInstrument;

        public DateOnly Ends { get; set; } = DateOnly.MaxValue;

        public Notice? EndedBy { get; set; }

        // The last day of the calendar is a day like any other for a consent that has no end.
        public bool HoldsOn(DateOnly day) => CountsFrom <= day && (EndedBy is null || day < Ends);
    }

    // A party, and what was read of it.
    private sealed class Place(string party)
    {
        public string Party => party;

        // The first day of the calendar for a party named in the proposal.
        public DateOnly JoinedOn { get; set; } = DateOnly.MaxValue;

        public Act? Signature { get; set; }

        public DateOnly SignedOn { get; set; }

        public Act? Instrument { get; set; }

        public (DateOnly, DateOnly, DateOnly) InstrumentMade { get; set; }

        public List<Consent> Consents { get; } = [];

        public List<Tie> Bound { get; } = [];

        // The one with effect from the latest day.
        public Notice? Notice { get; set; }

        // How many of its consents stand, as one day follows the other.
        public int Standing { get; set; }

        public bool IsCounted { get; set; }

        public bool IsNamed { get; set; }

        public bool HasConsent { get; set; }

        public void Join(DateOnly on) => JoinedOn = on < JoinedOn ? on : JoinedOn;
    }

    // How many of those on whom the rule depends have consented, as one day follows the other.
    private sealed class Watch
    {
        private readonly EntryIntoForce _rule;
        private readonly int _named;
        private int _parties;
        private int _required;
        private int _consented;
        private int _counted;
        private int _namedConsented;
        private DateOnly? _metOn;
        private int _missing;
        private int _neededWhenMet;

        public Watch(EntryIntoForce rule, IEnumerable<Place> fromTheStart)
        {
            _rule = rule;
            _named = rule.Rule == EntryIntoForceRule.Named ? rule.Parties.Distinct(StringComparer.Ordinal).Count() : 0;
            foreach (var place in fromTheStart)
                Join(place);
        }

        public bool IsMet => _rule.Rule switch
        {
            EntryIntoForceRule.AllParties => _required > 0 && _counted == _required,
            EntryIntoForceRule.Date => _consented >= Math.Min(2, _parties),
            _ => IsMetByNumber,
        };

        public bool IsStillMet => _rule.Rule switch
        {
            EntryIntoForceRule.AllParties => _missing == 0,
            EntryIntoForceRule.Date => _consented >= _neededWhenMet,
            _ => IsMetByNumber,
        };

        private bool IsMetByNumber => _rule.Rule == EntryIntoForceRule.Count ? _counted >= _rule.Count : _rule.Rule == EntryIntoForceRule.Named && _namedConsented == _named;

        // From now on only those are waited for that are parties on the day the rule was met.
        public void WaitOutDelay(DateOnly metOn) => (_metOn, _missing, _neededWhenMet) = (metOn, 0, Math.Min(2, _parties));

        public void Turn(Place place, TurnKind kind)
        {
            switch (kind)
            {
                case TurnKind.Joins:
                    Join(place);
                    break;
                case TurnKind.Consents when ++place.Standing == 1:
                    Count(place, 1);
                    break;
                case TurnKind.Leaves when --place.Standing == 0:
                    Count(place, -1);
                    break;
            }
        }

        private void Join(Place place)
        {
            _parties++;
            _required += place.IsCounted ? 1 : 0;
        }

        private void Count(Place place, int step)
        {
            _consented += step;
            _counted += place.IsCounted ? step : 0;
            _namedConsented += place.IsNamed ? step : 0;
            _missing -= place.IsCounted && place.JoinedOn <= _metOn ? step : 0;
        }
    }

    // How many parties have a consent that stands, for days asked in their order.
    private sealed class Coverage
    {
        private readonly List<(DateOnly On, Place Place)> _begin;
        private readonly List<(DateOnly On, Place Place)> _end;
        private int _begun;
        private int _ended;
        private int _parties;

        public Coverage(IEnumerable<(Consent Consent, DateOnly From)> consents)
        {
            var all = consents.ToList();
            foreach (var (consent, _) in all)
                consent.Place.Standing = 0;
            _begin = [.. all.Select(x => (x.From, x.Consent.Place)).OrderBy(x => x.From)];
            _end = [.. all.Where(x => x.Consent.EndedBy is not null).Select(x => (x.Consent.Ends, x.Consent.Place)).OrderBy(x => x.Ends)];
        }

        public int On(DateOnly day)
        {
            for (; _begun < _begin.Count && _begin[_begun].On <= day; _begun++)
                _parties += ++_begin[_begun].Place.Standing == 1 ? 1 : 0;
            for (; _ended < _end.Count && _end[_ended].On <= day; _ended++)
                _parties -= --_end[_ended].Place.Standing == 0 ? 1 : 0;
            return _parties;
        }
    }
}
