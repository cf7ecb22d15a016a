using System.Collections.Immutable;
using Ledger.Domain.Days;

namespace Ledger.Web.Briefs;

/// <summary>One thing that a brief says, in no language: what is said, of what, and on which entries it rests.</summary>
/// <param name="Key">What is said.</param>
/// <param name="Arguments">Of what it is said, by the names that the key knows. Without <c>agreement</c> the agreement of the context is meant.</param>
/// <param name="Citations">The entries on which it rests, at least one.</param>
public sealed record Statement(StatementKey Key, ImmutableSortedDictionary<string, Argument> Arguments, ImmutableArray<Citation> Citations)
{
    /// <summary>A statement from the arguments that are there.</summary>
    internal static Statement Of(StatementKey key, ImmutableArray<Citation> citations, params ReadOnlySpan<(string Name, Argument? Value)> arguments)
    {
        var given = ImmutableSortedDictionary.CreateBuilder<string, Argument>(StringComparer.Ordinal);
        foreach (var (name, value) in arguments)
        {
            if (value is not null)
                given.Add(name, value);
        }

        return new(key, given.ToImmutable(), [.. citations.Distinct()]);
    }

    /// <summary>The argument of this name, where it is there and of this kind.</summary>
    internal TArgument? Get<TArgument>(string name)
        where TArgument : Argument => Arguments.GetValueOrDefault(name) as TArgument;
}

/// <summary>Where something stands written.</summary>
/// <param name="Source">What is pointed at.</param>
/// <param name="Reference">The reference of the agreement or meeting, or the code of the agency; absent for the whole record.</param>
/// <param name="Number">The entry's number in its stream; for the whole record the last sequence taken into account.</param>
/// <param name="On">The day it occurred, absent where that is not known; for the whole record the day (UTC) of the instant known at.</param>
public sealed record Citation(CitationSource Source, string? Reference, long Number, Day? On);

/// <summary>What a citation points at.</summary>
public enum CitationSource
{
    /// <summary>One entry of one stream.</summary>
    Entry,

    /// <summary>Everything recorded up to a sequence: what says that something is not there.</summary>
    Record,
}

/// <summary>Everything that a brief can say. Each phrasebook has words for every key; the compiler refuses one that has not.</summary>
public enum StatementKey
{
    /// <summary>There was no such agreement yet on <c>day</c>.</summary>
    NotYetProposed,

    /// <summary>Proposed, and nothing else.</summary>
    IsProposed,

    /// <summary>Under discussion, last on <c>day</c>.</summary>
    IsUnderDiscussion,

    /// <summary>Signed by <c>agencies</c> and not by all.</summary>
    IsPartlySigned,

    /// <summary>Signed by all, last on <c>day</c>, and not in force.</summary>
    IsSigned,

    /// <summary><c>count</c> of <c>total</c> parties have consented; not in force.</summary>
    IsPartiallyRatified,

    /// <summary>The rule is met; in force only from <c>day</c>.</summary>
    WillEnterIntoForce,

    /// <summary>In force since <c>day</c>.</summary>
    IsInForce,

    /// <summary>In force since <c>day</c>, suspended since <c>from</c>.</summary>
    IsSuspended,

    /// <summary>Applied provisionally since <c>day</c>.</summary>
    IsAppliedProvisionally,

    /// <summary>Terminated on <c>day</c>.</summary>
    IsTerminated,

    /// <summary>Ended on <c>day</c> because too few parties were left.</summary>
    IsEndedByWithdrawal,

    /// <summary>The term ended on <c>day</c>.</summary>
    IsExpired,

    /// <summary>Every phase completed, ended on <c>day</c>.</summary>
    IsCompleted,

    /// <summary>The proposal was withdrawn on <c>day</c>.</summary>
    IsWithdrawn,

    /// <summary>The latest achievement is <c>title</c> of <c>day</c>.</summary>
    LatestAchievement,

    /// <summary>The term ends on <c>day</c>.</summary>
    TermEnds,

    /// <summary>Phase <c>number</c>, <c>title</c>, is to be completed by <c>day</c>.</summary>
    PhaseDue,

    /// <summary>Phase <c>number</c>, <c>title</c>, was to be completed by <c>day</c>, <c>count</c> days ago.</summary>
    PhaseOverdue,

    /// <summary>Enters into force on <c>day</c>.</summary>
    EntersIntoForce,

    /// <summary><c>agencies</c> is bound from <c>day</c>.</summary>
    PartyBoundFrom,

    /// <summary>The withdrawal of <c>agencies</c> takes effect on <c>day</c>.</summary>
    PartyLeaves,

    /// <summary>The agreement ends on <c>day</c>.</summary>
    AgreementEnds,

    /// <summary>The withdrawal of the proposal takes effect on <c>day</c>.</summary>
    ProposalWithdrawalTakesEffect,

    /// <summary>Provisional application begins on <c>day</c>.</summary>
    ProvisionalApplicationTakesEffect,

    /// <summary>The suspension takes effect on <c>day</c>.</summary>
    SuspensionTakesEffect,

    /// <summary>The resumption takes effect on <c>day</c>.</summary>
    ResumptionTakesEffect,

    /// <summary>The amendment takes effect on <c>day</c>.</summary>
    AmendmentTakesEffect,

    /// <summary>No date lies ahead.</summary>
    NoDateAhead,

    /// <summary>Nothing is overdue.</summary>
    NothingOverdue,

    /// <summary>Nothing is overdue and no date lies ahead.</summary>
    NoDates,

    /// <summary><c>count</c> phases are overdue, the earliest since <c>day</c>.</summary>
    PhasesOverdue,

    /// <summary><c>count</c> open phases have no planned end.</summary>
    PhasesWithoutEnd,

    /// <summary>The signature of <c>agencies</c> is awaited.</summary>
    AwaitsSignatures,

    /// <summary>The consent of <c>agencies</c> is awaited.</summary>
    AwaitsConsent,

    /// <summary><c>count</c> further consents are needed.</summary>
    AwaitsConsents,

    /// <summary>No signature is on record.</summary>
    NoSignature,

    /// <summary><c>count</c> agreements, <c>references</c>, are proposed and no more.</summary>
    OnlyProposed,

    /// <summary><c>count</c> agreements, <c>references</c>, have been discussed and not signed.</summary>
    OnlyDiscussed,

    /// <summary>Signatures or consents are awaited in <c>count</c> agreements, <c>references</c>.</summary>
    AwaitedIn,

    /// <summary>No signature or consent is awaited on any agreement signed by at least one party.</summary>
    NothingAwaited,

    /// <summary>The standing depends on days that are not known exactly.</summary>
    StandingUncertain,

    /// <summary>The day of the proposal is not known.</summary>
    ProposalUndated,

    /// <summary>The day of the proposal is not known for <c>count</c> agreements, <c>references</c>.</summary>
    ProposalsUndated,

    /// <summary>Nothing is open.</summary>
    NothingOpen,

    /// <summary>The agencies are <c>agencies</c>, by their official names.</summary>
    AgenciesAre,

    /// <summary>The parties are <c>agencies</c>, by their official names.</summary>
    PartiesAre,

    /// <summary>The institutes that carry it out are <c>agencies</c>, by their official names.</summary>
    InstitutesAre,

    /// <summary>What the proposal says it is about: <c>summary</c>.</summary>
    SummaryIs,

    /// <summary>The host was <c>persons</c>.</summary>
    HostWas,

    /// <summary>Those who took part were <c>persons</c>.</summary>
    ParticipantsWere,

    /// <summary>The agenda was <c>topics</c>.</summary>
    AgendaWas,

    /// <summary>A meeting was held on <c>day</c>, at <c>place</c> where known, of <c>agencies</c> where known.</summary>
    MeetingHeld,

    /// <summary>The meeting led to <c>count</c> entries on <c>agreements</c> agreements: <c>tally</c>.</summary>
    MeetingOutcomes,

    /// <summary>No outcome is recorded.</summary>
    MeetingWithoutOutcomes,

    /// <summary>The minutes are approved by <c>agencies</c>, last on <c>day</c>.</summary>
    MinutesApprovedByAll,

    /// <summary>The approval of <c>agencies</c> is awaited.</summary>
    MinutesAwaitApproval,

    /// <summary>The minutes were corrected after <c>agencies</c> approved them.</summary>
    MinutesChangedSinceApproval,

    /// <summary>No agency is named that could approve the minutes.</summary>
    MinutesWithoutApprovers,

    /// <summary><c>agencies</c> are parties together to <c>count</c> agreements: <c>tally</c>.</summary>
    PortfolioHolds,

    /// <summary><c>agencies</c> have no agreement together.</summary>
    PortfolioEmpty,

    /// <summary>The status went from <c>from</c> to <c>to</c>.</summary>
    StatusChanged,

    /// <summary>Nothing was recorded after <c>point</c>.</summary>
    NothingChanged,

    /// <summary><c>count</c> further points: see the annex.</summary>
    MoreInAnnex,

    /// <summary><c>count</c> further points: ask for the brief of each agreement.</summary>
    MoreInAgreements,

    /// <summary><c>count</c> further lines: see the state of the agreement.</summary>
    MoreInState,

    /// <summary><c>count</c> earlier entries: see the history.</summary>
    MoreInHistory,

    /// <summary><c>count</c> entries of days after <c>day</c> are left out.</summary>
    LaterEntriesLeftOut,

    /// <summary>Entry: an agreement from before, of whose proposal the day is not known. Without <c>title</c> the agreement of the context is meant.</summary>
    EnteredRecord,

    /// <summary>Entry: proposed. Without <c>title</c> the agreement of the context is meant.</summary>
    Proposed,

    /// <summary>Entry: discussed.</summary>
    Discussed,

    /// <summary>Entry: signed.</summary>
    Signed,

    /// <summary>Entry: consented.</summary>
    Consented,

    /// <summary>Entry: phase planned.</summary>
    PhasePlanned,

    /// <summary>Entry: phase completed.</summary>
    PhaseCompleted,

    /// <summary>Entry: achieved.</summary>
    Achieved,

    /// <summary>Entry: extended.</summary>
    Extended,

    /// <summary>Entry: amended.</summary>
    Amended,

    /// <summary>Entry: suspended.</summary>
    Suspended,

    /// <summary>Entry: resumed.</summary>
    Resumed,

    /// <summary>Entry: provisional application agreed.</summary>
    ProvisionallyApplied,

    /// <summary>Entry: notice of withdrawal.</summary>
    WithdrawalNotified,

    /// <summary>Entry: notice revoked.</summary>
    WithdrawalRevoked,

    /// <summary>Entry: terminated.</summary>
    Terminated,

    /// <summary>Entry: proposal withdrawn.</summary>
    ProposalWithdrawn,

    /// <summary>Entry: document attached.</summary>
    DocumentAttached,

    /// <summary>Entry: the <c>member</c> of entry <c>number</c> corrected.</summary>
    Corrected,

    /// <summary>Entry: entry <c>number</c> struck out.</summary>
    StruckOut,

    /// <summary>Entry: meeting recorded.</summary>
    MeetingRecorded,

    /// <summary>Entry: minutes approved.</summary>
    MinutesApproved,

    /// <summary>Entry: agency registered.</summary>
    AgencyRegistered,

    /// <summary>Entry: agency renamed.</summary>
    AgencyRenamed,

    /// <summary>Entry: agency succeeded.</summary>
    AgencySucceeded,
}
