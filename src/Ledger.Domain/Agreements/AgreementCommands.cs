using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ledger.Domain.Agencies;
using Ledger.Domain.Days;

namespace Ledger.Domain.Agreements;

/// <summary>The occasion on which acts are recorded: what a decider may know beside the agreement itself.</summary>
/// <param name="Today">The day of recording, UTC, or at the place of the meeting where that is later.</param>
/// <param name="Agencies">The agencies as the record has them.</param>
/// <param name="Meeting">The id of the meeting through which the acts are recorded.</param>
/// <param name="HeldOn">The day of that meeting: acts without a day of their own happened on it.</param>
/// <param name="IsHistorical">Whether the acts are brought over from an older record, where an impossible order of days is admitted and flagged.</param>
public sealed record Occasion(DateOnly Today, AgencyDirectory Agencies, string? Meeting = null, Day? HeldOn = null, bool IsHistorical = false);

/// <summary>Propose an agreement.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Parties">The codes of the parties.</param>
public sealed record ProposeAgreement(string Title, ImmutableArray<string> Parties)
{
    /// <summary>The title in English, French and Russian, where known.</summary>
    public Translations? Titles { get; init; }

    /// <summary>What it is about.</summary>
    public string? Summary { get; init; }

    /// <summary>The reference it already bears; given by the ledger otherwise.</summary>
    public string? Reference { get; init; }

    /// <summary>The codes of institutes that carry it out and are no parties.</summary>
    public ImmutableArray<string> Institutes { get; init; } = [];

    /// <summary>The fields of cooperation, such as <c>life-sciences</c>.</summary>
    public ImmutableArray<string> Fields { get; init; } = [];

    /// <summary>When it was proposed; absent: not known, or in a meeting the day it was held.</summary>
    public Day? ProposedOn { get; init; }

    /// <summary>Whether an agency not named may become a party by signing or acceding.</summary>
    public bool Open { get; init; }

    /// <summary>The phases foreseen.</summary>
    public ImmutableArray<PlanPhase> Phases { get; init; } = [];

    /// <summary>What brings it into force; absent: the consent of every party.</summary>
    public EntryIntoForce? EntryIntoForce { get; init; }

    /// <summary>How long it lasts; absent: without end.</summary>
    public Term? Term { get; init; }

    /// <summary>Who may know of it.</summary>
    public Visibility Visibility { get; init; }

    /// <summary>In an import, what the older record lacks.</summary>
    public ImmutableArray<Flag> Flags { get; init; } = [];
}

/// <summary>Record a discussion.</summary>
/// <param name="Summary">What was said.</param>
/// <param name="DiscussedOn">When; in a meeting the day it was held unless given.</param>
public sealed record DiscussAgreement(string Summary, Day? DiscussedOn = null)
{
    /// <summary>The topics touched.</summary>
    public ImmutableArray<string> Topics { get; init; } = [];
}

/// <summary>Record a party's signature.</summary>
/// <param name="Party">The code of the party.</param>
/// <param name="SignedOn">When; in a meeting the day it was held unless given.</param>
/// <param name="Place">Where.</param>
/// <param name="Signatory">Who signed.</param>
public sealed record SignAgreement(string Party, Day? SignedOn = null, string? Place = null, NamedPerson? Signatory = null);

/// <summary>A person by name and office. Neither ever enters an event.</summary>
/// <param name="Name">The name.</param>
/// <param name="Office">The office held.</param>
public sealed record NamedPerson(string Name, string? Office = null);

/// <summary>Record a party's consent to be bound.</summary>
/// <param name="Party">The code of the party.</param>
/// <param name="RatifiedOn">When the instrument was made; in a meeting the day it was held unless given.</param>
/// <param name="Instrument">The form of consent.</param>
/// <param name="ReceivedOn">When the instrument was received, from which day it counts.</param>
/// <param name="EffectiveOn">From when it has effect, where the instrument says so.</param>
public sealed record RatifyAgreement(
    string Party, Day? RatifiedOn = null, Instrument Instrument = Instrument.Ratification, Day? ReceivedOn = null, Day? EffectiveOn = null);

/// <summary>Plan a phase.</summary>
/// <param name="Title">What is to be done in it.</param>
/// <param name="PlannedEnd">When it is to be completed.</param>
public sealed record PlanPhase(string Title, Day? PlannedEnd = null);

/// <summary>Record the completion of a phase.</summary>
/// <param name="CompletedOn">When; in a meeting the day it was held unless given.</param>
/// <param name="Results">What came of it.</param>
public sealed record CompletePhase(Day? CompletedOn = null, string? Results = null);

/// <summary>Record an achievement.</summary>
/// <param name="Title">What was achieved.</param>
/// <param name="OccurredOn">When; in a meeting the day it was held unless given.</param>
/// <param name="Summary">What it consisted of.</param>
public sealed record RecordAchievement(string Title, Day? OccurredOn = null, string? Summary = null)
{
    /// <summary>Numbers that go with it.</summary>
    public ImmutableArray<Counter> Counters { get; init; } = [];

    /// <summary>Who benefits from which item.</summary>
    public ImmutableArray<Beneficiary> Beneficiaries { get; init; } = [];
}

/// <summary>Prolong the term.</summary>
/// <param name="Until">The new last day.</param>
/// <param name="AgreedOn">When it was agreed; in a meeting the day it was held unless given.</param>
/// <param name="Reason">Why.</param>
public sealed record ExtendAgreement(Day Until, Day? AgreedOn = null, string? Reason = null);

/// <summary>Record an amendment.</summary>
/// <param name="OccurredOn">When it was agreed; in a meeting the day it was held unless given.</param>
/// <param name="EffectiveOn">From when it has effect.</param>
/// <param name="Summary">What was amended.</param>
/// <param name="Reason">Why.</param>
public sealed record AmendAgreement(Day? OccurredOn = null, Day? EffectiveOn = null, string? Summary = null, string? Reason = null);

/// <summary>Suspend the operation of an agreement.</summary>
/// <param name="OccurredOn">When it was agreed; in a meeting the day it was held unless given.</param>
/// <param name="EffectiveOn">From when it has effect.</param>
/// <param name="Reason">Why.</param>
public sealed record SuspendAgreement(Day? OccurredOn = null, Day? EffectiveOn = null, string? Reason = null);

/// <summary>Resume the operation of an agreement.</summary>
/// <param name="OccurredOn">When it was agreed; in a meeting the day it was held unless given.</param>
/// <param name="EffectiveOn">From when it has effect.</param>
/// <param name="Reason">Why.</param>
public sealed record ResumeAgreement(Day? OccurredOn = null, Day? EffectiveOn = null, string? Reason = null);

/// <summary>Record a party's notice of withdrawal.</summary>
/// <param name="Party">The code of the party.</param>
/// <param name="OccurredOn">When notice was given; in a meeting the day it was held unless given.</param>
/// <param name="EffectiveOn">From when it has effect.</param>
/// <param name="Reason">Why.</param>
public sealed record NotifyWithdrawal(string Party, Day? OccurredOn = null, Day? EffectiveOn = null, string? Reason = null);

/// <summary>Record that a party revoked its notice of withdrawal.</summary>
/// <param name="Party">The code of the party.</param>
/// <param name="OccurredOn">When.</param>
/// <param name="Reason">Why.</param>
public sealed record RevokeWithdrawal(string Party, Day? OccurredOn = null, string? Reason = null);

/// <summary>Terminate an agreement.</summary>
/// <param name="OccurredOn">When it was agreed; in a meeting the day it was held unless given.</param>
/// <param name="EffectiveOn">From when it has effect.</param>
/// <param name="Ground">Why, in law; <c>completion</c> closes an agreement of which all is done.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record TerminateAgreement(Day? OccurredOn = null, Day? EffectiveOn = null, TerminationGround? Ground = null, string? Reason = null);

/// <summary>Withdraw a proposal.</summary>
/// <param name="OccurredOn">When.</param>
/// <param name="EffectiveOn">From when it has effect.</param>
/// <param name="Reason">Why.</param>
public sealed record WithdrawProposal(Day? OccurredOn = null, Day? EffectiveOn = null, string? Reason = null);

/// <summary>Apply an agreement provisionally, pending its entry into force.</summary>
/// <param name="OccurredOn">When it was agreed; in a meeting the day it was held unless given.</param>
/// <param name="EffectiveOn">From when it is applied.</param>
public sealed record ApplyProvisionally(Day? OccurredOn = null, Day? EffectiveOn = null);

/// <summary>Put an entry right.</summary>
/// <param name="Corrects">The entry's sequence in the ledger, or its version in the stream.</param>
/// <param name="Field">The member that is wrong, as a JSON Pointer; empty, with a value of null: the entry never happened.</param>
/// <param name="Value">What is right.</param>
/// <param name="Reason">Why the entry is wrong.</param>
public sealed record CorrectEntry(long Corrects, string Field, JsonNode? Value, string Reason);
