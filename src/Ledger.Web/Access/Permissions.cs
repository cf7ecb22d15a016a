using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Domain.Meetings;
using Ledger.Web.Hosting;

namespace Ledger.Web.Access;

/// <summary>Who may see and do what. An officer acts for their own agency only; a registrar records for any; an auditor reads everything.</summary>
internal static class Permissions
{
    /// <summary>Whether the caller may know of the agreement: everybody of a shared one; its parties, registrars and auditors of a restricted one.</summary>
    public static bool MaySee(this Caller caller, Agreement agreement, AgencyDirectory agencies) =>
        agreement.Proposal.Visibility == Visibility.Shared
        || caller.IsRegistrar
        || caller.IsAuditor
        || (caller.Agency is { } agency && agencies.PlacesOf(agency).Overlaps(agreement.Parties.Concat(agreement.Proposal.Institutes)));

    /// <summary>The refusal for a caller who may write nothing at all.</summary>
    public static Problem? RefusalToWrite(this Caller caller) =>
        caller.IsRegistrar || (caller.IsOfficer && caller.Agency is not null)
            ? null
            : Problem.Forbidden("You may read the record and not add to it. An officer of an agency or a registrar can record this.");

    /// <summary>The refusal for a caller who is no registrar.</summary>
    public static Problem? RefusalToKeepAgencies(this Caller caller) =>
        caller.IsRegistrar ? null : Problem.Forbidden("Only a registrar keeps the agencies. Ask one to record this.");

    /// <summary>The refusal to do an act of an agreement, for a party where the act is one party's own.</summary>
    public static Problem? RefusalToAct(this Caller caller, Agreement agreement, string? party, AgencyDirectory agencies, DateOnly today)
    {
        if (caller.IsRegistrar)
            return null;
        if (party is not null)
            return caller.RefusalToActFor(party, agencies);

        var takesPart = agencies.PlaceOf(agreement.Parties.Concat(agreement.Proposal.Institutes), caller.Agency!, today) is not null;
        return takesPart ? null : Problem.Forbidden($"{caller.Agency} is not a party to {agreement.Reference}. An officer of one of its parties can record this, or a registrar.");
    }

    /// <summary>The refusal to propose an agreement that the caller's agency is no party to.</summary>
    public static Problem? RefusalToPropose(this Caller caller, IEnumerable<string> parties, AgencyDirectory agencies, DateOnly today) =>
        caller.IsRegistrar || agencies.PlaceOf(parties, caller.Agency!, today) is not null
            ? null
            : Problem.Forbidden($"{caller.Agency} is not among the parties. You can propose agreements that your agency is party to; a registrar can propose any.");

    /// <summary>The refusal to record a meeting that the caller's agency took no part in.</summary>
    public static Problem? RefusalToRecordMeeting(this Caller caller, IEnumerable<string?> participants) =>
        caller.IsRegistrar || participants.Contains(caller.Agency)
            ? null
            : Problem.Forbidden($"{caller.Agency} is not among the participants. You can record meetings that your agency took part in; a registrar can record any.");

    /// <summary>The refusal to act for an agency other than the caller's own, or one that it has succeeded.</summary>
    public static Problem? RefusalToActFor(this Caller caller, string party, AgencyDirectory agencies) =>
        caller.IsRegistrar || (caller.Agency is { } agency && agencies.PlacesOf(agency).Contains(party))
            ? null
            : Problem.Forbidden($"You act for {caller.Agency} and not for {party}. An officer of {party} can record this, or a registrar.");

    /// <summary>The refusal to put an entry of a meeting right.</summary>
    public static Problem? RefusalToCorrect(this Caller caller, Meeting meeting) => caller.RefusalToRecordMeeting(meeting.Agencies);
}
