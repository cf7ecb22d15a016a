using Ledger.Domain.Days;

namespace Ledger.Domain.Agreements;

/// <summary>The acts of an agreement sorted by kind, once for all readings of them, each kind in the order of recording.</summary>
internal sealed class Facts
{
    private DateOnly _first = DateOnly.MaxValue;
    private DateOnly _firstForCertain = DateOnly.MaxValue;

    public Facts(Agreement agreement)
    {
        Agreement = agreement;
        foreach (var act in agreement.Acts)
        {
            Sort(act);
            Note(act.Event);
        }
    }

    public Agreement Agreement { get; }

    public List<(Act Act, AgreementSigned Event)> Signed { get; } = [];

    public List<(Act Act, AgreementRatified Event)> Ratified { get; } = [];

    public List<(Act Act, WithdrawalNotified Event)> Notified { get; } = [];

    public List<(Act Act, WithdrawalRevoked Event)> Revoked { get; } = [];

    public List<(Act Act, AgreementExtended Event)> Extended { get; } = [];

    /// <summary>Suspensions and resumptions, each with the day from which it has effect.</summary>
    public List<(Act Act, Day From, bool Suspends)> Suspensions { get; } = [];

    /// <summary>Terminations, with the day from which each has effect.</summary>
    public List<(Act Act, Day From)> Terminated { get; } = [];

    /// <summary>Withdrawals of the proposal, with the day from which each has effect.</summary>
    public List<(Act Act, Day From)> ProposalWithdrawn { get; } = [];

    /// <summary>Beginnings of provisional application, with the day from which each has effect.</summary>
    public List<(Act Act, Day From)> Provisional { get; } = [];

    /// <summary>The phases, each with the act that planned it.</summary>
    public List<(ProposedPhase Phase, Act PlannedBy)> Phases { get; } = [];

    public List<(Act Act, PhaseCompleted Event)> Completed { get; } = [];

    /// <summary>The days that are not known exactly.</summary>
    public List<Day> Vague { get; } = [];

    /// <summary>Whether there was an agreement on the day, by any day that its acts can mean.</summary>
    public bool ExistOn(DateOnly day) => Agreement.Proposal.OccurredOn is null || _first <= day;

    /// <summary>The day from which the agreement is certain to have been there: that of a proposal, or of what else was done, or recorded.</summary>
    public DateOnly ProvenBy => Agreement.Proposal.OccurredOn?.Earliest ?? Earlier(_firstForCertain, DateOnly.FromDateTime(Agreement.FirstRecordedAt.UtcDateTime));

    private void Sort(Act act)
    {
        switch (act.Event)
        {
            case AgreementProposed e:
                Phases.AddRange(e.Phases.Select(phase => (phase, act)));
                break;
            case AgreementSigned e:
                Signed.Add((act, e));
                break;
            case AgreementRatified e:
                Ratified.Add((act, e));
                break;
            case PhasePlanned e:
                Phases.Add((new(e.PhaseId, e.Title, e.PlannedEnd), act));
                break;
            case PhaseCompleted e:
                Completed.Add((act, e));
                break;
            case AgreementExtended e:
                Extended.Add((act, e));
                break;
            case AgreementSuspended e:
                Suspensions.Add((act, e.EffectiveOn ?? e.OccurredOn!, true));
                break;
            case AgreementResumed e:
                Suspensions.Add((act, e.EffectiveOn ?? e.OccurredOn!, false));
                break;
            case WithdrawalNotified e:
                Notified.Add((act, e));
                break;
            case WithdrawalRevoked e:
                Revoked.Add((act, e));
                break;
            case AgreementTerminated e:
                Terminated.Add((act, e.EffectiveOn ?? e.OccurredOn!));
                break;
            case ProposalWithdrawn e:
                ProposalWithdrawn.Add((act, e.EffectiveOn ?? e.OccurredOn!));
                break;
            case ProvisionalApplicationBegun e:
                Provisional.Add((act, e.EffectiveOn ?? e.OccurredOn!));
                break;
        }
    }

    private void Note(AgreementEvent e)
    {
        var (occurred, other, effective) = Standing.DaysOf(e);
        if (occurred is not null)
        {
            _first = Earlier(_first, occurred.Earliest);
            if (e is not AgreementProposed)
                _firstForCertain = Earlier(_firstForCertain, occurred.Latest);
        }

        if (occurred is { IsExact: false })
            Vague.Add(occurred);
        if (other is { IsExact: false })
            Vague.Add(other);
        if (effective is { IsExact: false })
            Vague.Add(effective);
    }

    private static DateOnly Earlier(DateOnly one, DateOnly other) => one < other ? one : other;
}
