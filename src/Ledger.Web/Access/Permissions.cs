using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Web.Hosting;

namespace Ledger.Web.Access;

/// <summary>Asks <see cref="AccessTable"/> for a caller, and says in a sentence why something is not theirs to do.</summary>
internal static class Permissions
{
    /// <summary>Whether the caller may do this at all, wherever.</summary>
    public static bool May(this Caller caller, Operation operation) => AccessTable.Of(operation).ReachOf(caller) != Reach.Nowhere;

    /// <summary>Whether the caller may do this where it stands so to them.</summary>
    public static bool May(this Caller caller, Operation operation, Reach relation) => AccessTable.Of(operation).ReachOf(caller).HasFlag(relation);

    /// <summary>The refusal of what the caller may do nowhere.</summary>
    public static Problem? RefusalTo(this Caller caller, Operation operation) => caller.May(operation) ? null : Problem.Forbidden(AccessTable.Of(operation).Refusal);

    /// <summary>Whether the caller may know of the agreement.</summary>
    public static bool MaySee(this Caller caller, Agreement agreement, AgencyDirectory agencies) =>
        caller.May(Operation.SeeAgreement, Reach.Restricted)
        || caller.May(Operation.SeeAgreement, caller.Places(agencies).Overlaps(agreement.Parties.Concat(agreement.Proposal.Institutes)) ? Reach.Own
            : agreement.Proposal.Visibility == Visibility.Shared ? Reach.Other
            : Reach.Restricted);

    /// <summary>Whether no name that is kept is withheld from the caller.</summary>
    public static bool SeesEveryName(this Caller caller) => caller.May(Operation.SeeRecorders, Reach.Anybody) && caller.May(Operation.SeePersonsNamed, Reach.Anybody);

    /// <summary>The places whose agreements are the caller's own: their agency and those it has succeeded.</summary>
    public static IReadOnlySet<string> Places(this Caller caller, AgencyDirectory agencies) =>
        caller.Agency is { } agency ? agencies.PlacesOf(agency) : System.Collections.Immutable.ImmutableHashSet<string>.Empty;

    /// <summary>The refusal to do an act of an agreement that the caller may see, for a party where the act is one party's own.</summary>
    public static Problem? RefusalToAct(this Caller caller, Operation operation, Agreement agreement, string? party, AgencyDirectory agencies, DateOnly today)
    {
        if (party is not null)
            return caller.RefusalToActFor(operation, party, agencies);

        var takesPart = caller.Agency is { } agency && agencies.PlaceOf(agreement.Parties.Concat(agreement.Proposal.Institutes), agency, today) is not null;
        return caller.May(operation, takesPart ? Reach.Own : Reach.Other)
            ? null
            : Problem.Forbidden($"{caller.Agency} is not a party to {agreement.Reference}. An officer of one of its parties can record this, or a registrar.");
    }

    /// <summary>The refusal to propose an agreement that the caller's agency is no party to.</summary>
    public static Problem? RefusalToPropose(this Caller caller, IEnumerable<string> parties, AgencyDirectory agencies, DateOnly today) =>
        caller.May(Operation.ProposeAgreement, caller.Agency is { } agency && agencies.PlaceOf(parties, agency, today) is not null ? Reach.Own : Reach.Other)
            ? null
            : Problem.Forbidden($"{caller.Agency} is not among the parties. You can propose agreements that your agency is party to; a registrar can propose any.");

    /// <summary>The refusal to record or correct a meeting that the caller's agency took no part in.</summary>
    public static Problem? RefusalOfMeeting(this Caller caller, Operation operation, IEnumerable<string?> participants) =>
        caller.May(operation, caller.Agency is { } agency && participants.Contains(agency) ? Reach.Own : Reach.Other)
            ? null
            : Problem.Forbidden($"{caller.Agency} is not among the participants. You can record meetings that your agency took part in; a registrar can record any.");

    /// <summary>The refusal to act for an agency other than the caller's own, or one that it has succeeded.</summary>
    public static Problem? RefusalToActFor(this Caller caller, Operation operation, string party, AgencyDirectory agencies) =>
        caller.May(operation, caller.Places(agencies).Contains(party) ? Reach.Own : Reach.Other)
            ? null
            : Problem.Forbidden($"You act for {caller.Agency} and not for {party}. An officer of {party} can record this, or a registrar.");
}
