using System.Collections.Immutable;
using Ledger.Domain.Days;

namespace Ledger.Domain.Agreements;

/// <summary>
/// One reading of the acts on a day, every day of reduced precision taken as the latest or the earliest it can mean.
/// Nothing in here depends on the order in which acts were recorded.
/// </summary>
internal sealed class Reading
{
    private readonly Agreement _agreement;
    private readonly DateOnly _day;
    private readonly Func<Day, DateOnly> _read;
    private readonly EntryIntoForce _rule;
    private readonly ILookup<Type, Act> _acts;
    private readonly ImmutableArray<string> _parties;
    private readonly ImmutableDictionary<string, Act> _signatures;
    private readonly ImmutableArray<Notice> _notices;
    private readonly ImmutableArray<Consent> _consents;
    private readonly ImmutableHashSet<string> _organisations;

    public Reading(Agreement agreement, DateOnly day, Func<Day, DateOnly> read)
    {
        (_agreement, _day, _read) = (agreement, day, read);
        _rule = agreement.Proposal.EntryIntoForce ?? new EntryIntoForce(EntryIntoForceRule.AllParties);
        _acts = agreement.Acts.ToLookup(act => act.Event.GetType());
        _signatures = Acts<AgreementSigned>()
            .Where(x => x.Event.OccurredOn is { } on && read(on) <= day)
            .GroupBy(x => x.Event.Party, StringComparer.Ordinal)
            .ToImmutableDictionary(g => g.Key, g => g.MinBy(x => read(x.Event.OccurredOn!)).Act, StringComparer.Ordinal);
        _notices = [.. Notices()];
        _consents = [.. Consents().OrderBy(c => c.CountsFrom).ThenBy(c => c.Party, StringComparer.Ordinal)];
        _parties =
        [
            .. agreement.Proposal.Parties
                .Concat(_signatures.Select(s => (Party: s.Key, On: On(s.Value)))
                    .Concat(_consents.Select(c => (c.Party, On: c.CountsFrom)))
                    .OrderBy(x => x.On).ThenBy(x => x.Party, StringComparer.Ordinal)
                    .Select(x => x.Party))
                .Distinct(StringComparer.Ordinal),
        ];
        _organisations =
        [
            .. agreement.Proposal.Organisations,
            .. Acts<AgreementSigned>().Where(x => x.Event.Organisation).Select(x => x.Event.Party),
            .. Acts<AgreementRatified>().Where(x => x.Event.Organisation).Select(x => x.Event.Party),
        ];
    }

    /// <summary>Whether a consent of the party stands on the day.</summary>
    public static bool IsConsentOn(DateOnly day, Agreement agreement, string party) =>
        new Reading(agreement, day, d => d.Latest)._consents.Any(c => c.Party == party && c.Act.Event is AgreementRatified && c.HoldsOn(day));

    /// <summary>Whether a party gave notice and had no consent that it could end.</summary>
    public bool HasNoticeWithoutConsent => _notices.Except(_consents.Select(c => c.EndedBy).OfType<Notice>()).Any();

    public Standing Standing()
    {
        var entry = EntersIntoForce();
        var ties = Ties(entry);
        var withdrawn = Taking<ProposalWithdrawn>(e => e.EffectiveOn);
        var terminated = Taking<AgreementTerminated>(e => e.EffectiveOn);

        // What ended while a delay ran never entered into force, and whoever would have been bound after the end never was.
        var end = Earlier(withdrawn?.On, terminated?.On) ?? DateOnly.MaxValue;
        var inForceFrom = InForceFrom(entry, ties) is { } first && first < end ? first : (DateOnly?)null;
        var (expiresOn, termActs) = TermEnd(inForceFrom);
        inForceFrom = inForceFrom > expiresOn ? null : inForceFrom;
        ImmutableArray<Tie> bound = inForceFrom is not { } from ? [] :
        [
            .. ties.Select(x => x with { From = Later(x.From, from) }).Where(x => x.From < x.Consent.Ends && x.From < end && !(x.From > expiresOn)),
        ];
        var (endedOn, endedBy, closed) = End(terminated, TooFewLeft(entry, bound, expiresOn));
        bound = bound.RemoveAll(x => x.From >= endedOn);
        withdrawn = endedOn < withdrawn?.On ? null : withdrawn;
        var phases = Phases();
        var suspendedBy = SuspendedBy();
        var discussed = Acts<AgreementDiscussed>()
            .Where(x => x.Event.OccurredOn is { } on && _read(on) <= _day)
            .OrderBy(x => _read(x.Event.OccurredOn!)).ThenBy(x => x.Event.OccurredOn!.Earliest).ThenBy(x => x.Act.Number)
            .Select(x => new DatedAct(x.Event.OccurredOn!, x.Act.Number))
            .LastOrDefault();

        var done = phases.Length > 0 && phases.All(p => p.CompletedOn is not null);
        var status = withdrawn is { } w && w.On <= _day ? AgreementStatus.Withdrawn
            : endedOn <= _day ? (closed && done ? AgreementStatus.Completed : AgreementStatus.Terminated)
            : expiresOn < _day ? (done ? AgreementStatus.Completed : AgreementStatus.Expired)
            : inForceFrom <= _day ? (suspendedBy is null ? AgreementStatus.InForce : AgreementStatus.Suspended)
            : _consents.Any(c => c.Act.Event is AgreementRatified && c.HoldsOn(_day)) ? AgreementStatus.PartiallyRatified
            : !_parties.IsEmpty && _parties.All(_signatures.ContainsKey) ? AgreementStatus.Signed
            : discussed is not null || !_signatures.IsEmpty ? AgreementStatus.UnderDiscussion
            : AgreementStatus.Proposed;

        var ended = status is AgreementStatus.Terminated or AgreementStatus.Expired or AgreementStatus.Completed or AgreementStatus.Withdrawn;
        var provisional = ended || inForceFrom <= _day || Taking<ProvisionalApplicationBegun>(e => e.EffectiveOn) is not { } begun || begun.On > _day ? null : ((DateOnly On, long By)?)begun;
        return new Standing(
            _day,
            status,
            Certain: true,
            [.. _parties.Select(party => Party(party, bound, ended))],
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

    private IEnumerable<(Act Act, TEvent Event)> Acts<TEvent>()
        where TEvent : AgreementEvent => _acts[typeof(TEvent)].Select(act => (act, (TEvent)act.Event));

    private DateOnly On(Act act) => _read(act.Event.OccurredOn!);

    // The first act of a kind to take effect, of those done by the day, or done later with effect from an earlier day.
    private (DateOnly On, long By)? Taking<TEvent>(Func<TEvent, Day?> effectiveOn)
        where TEvent : AgreementEvent => Acts<TEvent>()
        .Select(x => (On: _read(effectiveOn(x.Event) ?? x.Event.OccurredOn!), x.Act))
        .Where(x => On(x.Act) <= _day || x.On <= _day)
        .OrderBy(x => x.On).ThenBy(x => x.Act.Number)
        .Select(x => ((DateOnly, long)?)(x.On, x.Act.Number))
        .FirstOrDefault();

    private IEnumerable<Notice> Notices()
    {
        var revoked = Acts<WithdrawalRevoked>().Where(x => On(x.Act) <= _day).ToLookup(x => x.Event.Party, x => On(x.Act), StringComparer.Ordinal);
        return Acts<WithdrawalNotified>()
            .Select(x => (x.Event.Party, x.Act, EffectiveOn: _read(x.Event.EffectiveOn ?? x.Event.OccurredOn!)))

            // A notice given on a day not known exactly was given by the day it took effect.
            .Select(x => new Notice(x.Party, x.Act, Earlier(On(x.Act), x.EffectiveOn)!.Value, x.EffectiveOn))
            .Where(n => n.NotifiedOn <= _day || n.EffectiveOn <= _day)
            .Where(n => !revoked[n.Party].Any(on => n.NotifiedOn <= on && on < n.EffectiveOn));
    }

    private IEnumerable<Consent> Consents()
    {
        var given = Acts<AgreementRatified>().Select(x =>
        {
            var received = _read(x.Event.ReceivedOn ?? x.Event.OccurredOn!);
            DateOnly? effective = x.Event.EffectiveOn is { } on ? _read(on) : null;
            return new Consent(x.Event.Party, x.Act, effective < received ? effective.Value : received, effective, DateOnly.MaxValue, null);
        });

        // An agreement with a fixed day needs no further consent than the signature (VCLT article 12).
        if (_rule.Rule == EntryIntoForceRule.Date)
            given = given.Concat(_signatures.Select(s => new Consent(s.Key, s.Value, On(s.Value), null, DateOnly.MaxValue, null)));

        foreach (var own in given.Where(c => c.CountsFrom <= _day).GroupBy(c => c.Party, StringComparer.Ordinal))
        {
            var sorted = own.OrderBy(c => c.CountsFrom).ToList();
            foreach (var notice in _notices.Where(n => n.Party == own.Key).OrderBy(n => n.EffectiveOn))
            {
                // A notice ends the consents that stood when it was given.
                for (var i = 0; i < sorted.Count; i++)
                {
                    if (sorted[i].CountsFrom <= notice.NotifiedOn && sorted[i].Ends == DateOnly.MaxValue)
                        sorted[i] = sorted[i] with { Ends = notice.EffectiveOn, EndedBy = notice };
                }
            }

            foreach (var consent in sorted)
                yield return consent;
        }
    }

    // Whoever joins an open agreement after the rule was met on a day does not unmeet it.
    private bool IsMetOn(DateOnly day, DateOnly partiesOf)
    {
        var consented = _consents.Where(c => c.HoldsOn(day)).Select(c => c.Party).ToHashSet(StringComparer.Ordinal);
        return _rule.Rule switch
        {
            EntryIntoForceRule.AllParties => PartiesOn(partiesOf).Where(Counted).ToList() is { Count: > 0 } required && required.All(consented.Contains),
            EntryIntoForceRule.Count => consented.Count(Counted) >= _rule.Count,
            EntryIntoForceRule.Named => _rule.Parties.All(consented.Contains),
            EntryIntoForceRule.Date => consented.Count >= Needed(partiesOf),
            _ => false,
        };
    }

    private bool Counted(string party) => !_rule.ExcludeOrganisations || !_organisations.Contains(party);

    // Whoever joined an open agreement by a day is a party on that day.
    private IEnumerable<string> PartiesOn(DateOnly day) => _parties.Where(party => _agreement.Proposal.Parties.Contains(party)
        || (_signatures.TryGetValue(party, out var signature) && On(signature) <= day)
        || _consents.Any(c => c.Party == party && c.CountsFrom <= day));

    private EntryDay? EntersIntoForce()
    {
        ImmutableArray<DateOnly> turns =
        [
            .. _consents.SelectMany(c => new[] { c.CountsFrom, c.Ends })
                .Concat(_signatures.Values.Select(On))
                .Where(d => d < DateOnly.MaxValue)
                .Distinct()
                .Order(),
        ];
        foreach (var met in turns.Where(turn => IsMetOn(turn, turn)))
        {
            var from = _rule.Rule == EntryIntoForceRule.Date ? Later(_rule.EffectAfter(_rule.Date!.Value), met) : _rule.EffectAfter(met);

            // A consent withdrawn while the delay runs is not there on the day of entry.
            if (!turns.Any(turn => turn > met && turn <= from && !IsMetOn(turn, met)))
                return new EntryDay(met, from);
        }

        return null;
    }

    // A party is tied with the agreement, or from a day of its own when it consents later (VCLT article 24, 3).
    private ImmutableArray<Tie> Ties(EntryDay? entry) => entry is null
        ? []
        : [.. _consents
            .Select(c => new Tie(c, Later(entry.From, c.EffectiveOn
                ?? (c.CountsFrom <= entry.MetOn || _rule.Rule == EntryIntoForceRule.Date ? c.CountsFrom : _rule.EffectAfter(c.CountsFrom)))))
            .Where(x => x.From < x.Consent.Ends)];

    // An agreement is between two at least, unless it named one alone or asks for the consent of one alone.
    private int Needed(DateOnly met) => Math.Min(2, _rule.Rule switch
    {
        EntryIntoForceRule.Count => _rule.Count ?? 1,
        EntryIntoForceRule.Named => _rule.Parties.Length,
        _ => PartiesOn(met).Count(),
    });

    private DateOnly? InForceFrom(EntryDay? entry, ImmutableArray<Tie> ties) => entry is null
        ? null
        : ties.Select(x => (DateOnly?)x.From).Order()
            .FirstOrDefault(day => ties.Where(x => x.From <= day && day < x.Consent.Ends).Select(x => x.Consent.Party).Distinct(StringComparer.Ordinal).Count() >= Needed(entry.MetOn));

    // An agreement whose term is over cannot lose its parties any more.
    private Consent? TooFewLeft(EntryDay? entry, ImmutableArray<Tie> bound, DateOnly? expiresOn) => bound
        .Select(x => x.Consent)
        .Where(c => c.EndedBy is not null && !(c.Ends > expiresOn))
        .OrderBy(c => c.Ends)
        .FirstOrDefault(left => _consents.Where(c => c.HoldsOn(left.Ends)).Select(c => c.Party).Distinct(StringComparer.Ordinal).Count() < Needed(entry!.MetOn));

    private (DateOnly? On, long? By, bool Closed) End((DateOnly On, long By)? terminated, Consent? tooFew)
    {
        if (tooFew is not null && (terminated is null || tooFew.Ends < terminated.Value.On))
            return (tooFew.Ends, tooFew.EndedBy!.Act.Number, false);

        return terminated is { } t
            ? (t.On, t.By, ((AgreementTerminated)_agreement.Acts.First(a => a.Number == t.By).Event).Ground == TerminationGround.Completion)
            : (null, null, false);
    }

    private (DateOnly? On, ImmutableArray<long> Acts) TermEnd(DateOnly? inForceFrom)
    {
        var term = _agreement.Proposal.Term;
        var stated = term?.Until is { } until ? _read(until)
            : term?.Length is { } length && inForceFrom is { } from ? length.After(from)
            : (DateOnly?)null;
        var extensions = Acts<AgreementExtended>()
            .Where(x => On(x.Act) <= _day)
            .Select(x => (Until: _read(x.Event.Until), x.Act.Number))
            .OrderBy(x => x.Until)
            .ToList();

        // A term that runs from entry into force is not over before it has begun.
        if (term is { Length: not null, Until: null } && inForceFrom is null)
            return (null, [.. extensions.Select(x => x.Number)]);

        ImmutableArray<long> acts = [.. stated is null ? Array.Empty<long>() : [_agreement.Acts[0].Number], .. extensions.Select(x => x.Number)];
        return (extensions.Count > 0 && !(stated > extensions[^1].Until) ? extensions[^1].Until : stated, acts);
    }

    private long? SuspendedBy()
    {
        var suspensions = Acts<AgreementSuspended>().Select(x => (On: _read(x.Event.EffectiveOn ?? x.Event.OccurredOn!), x.Act.Number))
            .Where(x => x.On <= _day).OrderBy(x => x.On).ThenBy(x => x.Number).ToList();
        var resumptions = Acts<AgreementResumed>().Select(x => _read(x.Event.EffectiveOn ?? x.Event.OccurredOn!)).Where(on => on <= _day);

        // A suspension and a resumption on one day leave it as it was: which came first follows from what it was.
        var last = suspensions.Select(x => (x.On, Step: 1)).Concat(resumptions.Select(on => (On: on, Step: -1)))
            .GroupBy(x => x.On, x => x.Step)
            .Where(steps => steps.Sum() != 0)
            .MaxBy(steps => steps.Key);
        return last?.Sum() > 0 ? suspensions[^1].Number : null;
    }

    private ImmutableArray<PhaseStanding> Phases()
    {
        var completions = Acts<PhaseCompleted>()
            .Where(x => On(x.Act) <= _day)
            .ToLookup(x => x.Event.PhaseId, x => x.Act, StringComparer.Ordinal);
        return
        [
            .. _agreement.Phases
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

    private PartyStanding Party(string party, ImmutableArray<Tie> bound, bool ended)
    {
        var signature = _signatures.GetValueOrDefault(party);
        var instrument = Acts<AgreementRatified>()
            .Where(x => x.Event.Party == party && (On(x.Act) <= _day || _consents.Any(c => c.Act == x.Act)))
            .OrderBy(x => On(x.Act)).ThenBy(x => _read(x.Event.ReceivedOn ?? x.Event.OccurredOn!)).ThenBy(x => x.Event.EffectiveOn is { } from ? _read(from) : DateOnly.MaxValue)
            .LastOrDefault();
        var ties = bound.Where(x => x.Consent.Party == party).ToList();
        var current = ties.Where(x => x.Consent.HoldsOn(_day)).MinBy(x => x.From);
        var standing = _consents.Where(c => c.Party == party && c.HoldsOn(_day)).ToList();
        var notice = _notices.Where(n => n.Party == party).OrderBy(n => n.EffectiveOn).LastOrDefault();
        var gone = notice is not null && notice.EffectiveOn <= _day && standing.Count > 0 ? null : notice;

        var isBound = current?.From <= _day;
        var wasBound = ties.Any(x => x.From <= _day);
        var status = isBound && ended ? PartyStatus.FormerParty
            : isBound ? (standing.TrueForAll(c => c.EndedBy is not null) ? PartyStatus.Leaving : PartyStatus.Party)
            : standing.Count > 0 ? PartyStatus.Contracting
            : wasBound ? PartyStatus.FormerParty
            : signature is not null ? PartyStatus.Signatory
            : PartyStatus.Negotiating;
        return new PartyStanding(
            party,
            status,
            signature?.Event.OccurredOn,
            signature?.Number,
            instrument.Event?.OccurredOn,
            instrument.Event?.ReceivedOn,
            instrument.Event?.Instrument,
            instrument.Act?.Number,
            (current ?? ties.LastOrDefault())?.From,
            gone?.EffectiveOn,
            gone?.Act.Number);
    }

    private ImmutableArray<long> Because(EntryDay? entry) => entry is null
        ? []
        : [.. _consents.Where(c => c.HoldsOn(entry.MetOn) && IsNeeded(c.Party)).Select(c => c.Act.Number).Distinct().Order()];

    private bool IsNeeded(string party) => _rule.Rule == EntryIntoForceRule.Named ? _rule.Parties.Contains(party) : Counted(party);

    private ImmutableArray<string> WaitingFor(EntryDay? entry)
    {
        if (entry is not null)
            return [];

        IEnumerable<string> needed = _rule.Rule == EntryIntoForceRule.Named ? _rule.Parties : PartiesOn(_day).Where(Counted);
        return [.. needed.Where(party => !_consents.Any(c => c.Party == party && c.HoldsOn(_day)))];
    }

    private int Outstanding(EntryDay? entry) => entry is not null ? 0 : _rule.Rule switch
    {
        EntryIntoForceRule.Count => (_rule.Count ?? 1) - _consents.Where(c => c.HoldsOn(_day) && Counted(c.Party)).Select(c => c.Party).Distinct(StringComparer.Ordinal).Count(),
        EntryIntoForceRule.Date => Math.Max(0, Needed(_day) - _consents.Where(c => c.HoldsOn(_day)).Select(c => c.Party).Distinct(StringComparer.Ordinal).Count()),
        _ => WaitingFor(entry).Length,
    };

    private static DateOnly Later(DateOnly one, DateOnly other) => one > other ? one : other;

    private static DateOnly? Earlier(DateOnly? one, DateOnly? other) => one is null || other < one ? other : one;

    private sealed record EntryDay(DateOnly MetOn, DateOnly From);

    private sealed record Notice(string Party, Act Act, DateOnly NotifiedOn, DateOnly EffectiveOn);

    private sealed record Consent(string Party, Act Act, DateOnly CountsFrom, DateOnly? EffectiveOn, DateOnly Ends, Notice? EndedBy)
    {
        // The last day of the calendar is a day like any other for a consent that has no end.
        public bool HoldsOn(DateOnly day) => CountsFrom <= day && (EndedBy is null || day < Ends);
    }

    private sealed record Tie(Consent Consent, DateOnly From);
}
