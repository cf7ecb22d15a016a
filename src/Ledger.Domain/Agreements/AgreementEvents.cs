using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Ledger.Domain.Days;
using Ledger.Domain.Persons;

namespace Ledger.Domain.Agreements;

/// <summary>What became true of an agreement. Words are those of the Vienna Convention on the Law of Treaties (1969).</summary>
[JsonDerivedType(typeof(AgreementProposed), "agreement_proposed")]
[JsonDerivedType(typeof(AgreementDiscussed), "agreement_discussed")]
[JsonDerivedType(typeof(AgreementSigned), "agreement_signed")]
[JsonDerivedType(typeof(AgreementRatified), "agreement_ratified")]
[JsonDerivedType(typeof(PhasePlanned), "phase_planned")]
[JsonDerivedType(typeof(PhaseCompleted), "phase_completed")]
[JsonDerivedType(typeof(AchievementRecorded), "achievement_recorded")]
[JsonDerivedType(typeof(AgreementExtended), "agreement_extended")]
[JsonDerivedType(typeof(AgreementAmended), "agreement_amended")]
[JsonDerivedType(typeof(AgreementSuspended), "agreement_suspended")]
[JsonDerivedType(typeof(AgreementResumed), "agreement_resumed")]
[JsonDerivedType(typeof(WithdrawalNotified), "withdrawal_notified")]
[JsonDerivedType(typeof(WithdrawalRevoked), "withdrawal_revoked")]
[JsonDerivedType(typeof(AgreementTerminated), "agreement_terminated")]
[JsonDerivedType(typeof(ProposalWithdrawn), "proposal_withdrawn")]
[JsonDerivedType(typeof(DocumentAttached), "document_attached")]
[JsonDerivedType(typeof(ProvisionalApplicationBegun), "provisional_application_begun")]
[JsonDerivedType(typeof(EntryCorrected), "agreement_entry_corrected")]
public abstract record AgreementEvent : LedgerEvent
{
    /// <summary>The meeting through which it was agreed, where there was one.</summary>
    public string? Meeting { get; init; }

    /// <summary>The event without the long texts that no decision and no status needs, so that the state stays small.</summary>
    internal virtual AgreementEvent Essence => this;

    /// <summary>Whether the essence keeps the member of this name, so that a correction of it changes the state.</summary>
    internal virtual bool Keeps(string field) => true;
}

/// <summary>The parties have an agreement in view; its other members say what was proposed.</summary>
/// <param name="AgreementId">The stream's own id.</param>
/// <param name="Reference">The reference by which people call it, such as <c>CA-2020-0007</c>.</param>
/// <param name="Title">Its title.</param>
/// <param name="Parties">The codes of the agencies named as parties.</param>
public sealed record AgreementProposed(string AgreementId, string Reference, string Title, ImmutableArray<string> Parties) : AgreementEvent
{
    /// <summary>The title in other languages, where known.</summary>
    public Translations? Titles { get; init; }

    /// <summary>What it is about.</summary>
    public string? Summary { get; init; }

    /// <summary>The codes of the institutes that carry it out and are no parties.</summary>
    public ImmutableArray<string> Institutes { get; init; } = [];

    /// <summary>The fields of cooperation, such as <c>life-sciences</c>.</summary>
    public ImmutableArray<string> Fields { get; init; } = [];

    /// <summary>Whether an agency not named may become a party by signing or acceding.</summary>
    public bool Open { get; init; }

    /// <summary>The phases foreseen from the start.</summary>
    public ImmutableArray<ProposedPhase> Phases { get; init; } = [];

    /// <summary>When it enters into force; absent: when every party has consented.</summary>
    public EntryIntoForce? EntryIntoForce { get; init; }

    /// <summary>How long it lasts; absent: without end.</summary>
    public Term? Term { get; init; }

    /// <summary>Who may know of it.</summary>
    public Visibility Visibility { get; init; }

    /// <summary>Those of the parties that were international organisations when this was recorded.</summary>
    public ImmutableArray<string> Organisations { get; init; } = [];

    /// <summary>What the older record lacks from which this was brought over; absent for what was recorded here.</summary>
    public ImmutableArray<Flag>? Flags { get; init; }
}

/// <summary>A phase foreseen from the start.</summary>
/// <param name="PhaseId">Its id.</param>
/// <param name="Title">What is to be done in it.</param>
/// <param name="PlannedEnd">When it is to be completed.</param>
public sealed record ProposedPhase(string PhaseId, string Title, Day? PlannedEnd = null);

/// <summary>The parties discussed it.</summary>
/// <param name="Summary">What was said, in a sentence or two.</param>
public sealed record AgreementDiscussed(string Summary) : AgreementEvent
{
    /// <summary>The topics touched.</summary>
    public ImmutableArray<string> Topics { get; init; } = [];

    internal override AgreementEvent Essence => this with { Summary = "", Topics = [] };

    internal override bool Keeps(string field) => field == "/occurredOn";
}

/// <summary>A party signed, which authenticates the text and expresses no consent to be bound (VCLT articles 10 and 18).</summary>
/// <param name="Party">The code under which the agreement names the party.</param>
public sealed record AgreementSigned(string Party) : AgreementEvent
{
    /// <summary>Where.</summary>
    public string? Place { get; init; }

    /// <summary>Who signed.</summary>
    public Person? Signatory { get; init; }

    /// <summary>The agency that acted in the party's place because it has succeeded it.</summary>
    public string? ActedBy { get; init; }

    /// <summary>Whether the party was an international organisation when this was recorded.</summary>
    public bool Organisation { get; init; }
}

/// <summary>A party consented to be bound (VCLT articles 11 to 16). It occurred when the instrument was made and counts on receipt.</summary>
/// <param name="Party">The code under which the agreement names the party.</param>
/// <param name="Instrument">The form in which it consented.</param>
public sealed record AgreementRatified(string Party, Instrument Instrument) : AgreementEvent
{
    /// <summary>When the depositary or the other party received the instrument; absent: when it was made.</summary>
    public Day? ReceivedOn { get; init; }

    /// <summary>From when this consent has effect, where the instrument or the agreement names the day.</summary>
    public Day? EffectiveOn { get; init; }

    // These forms of consent confirm a signature (VCLT article 14); the others take its place.
    internal bool NeedsSignature => Instrument is Instrument.Ratification or Instrument.Acceptance or Instrument.Approval;

    /// <summary>The agency that acted in the party's place because it has succeeded it.</summary>
    public string? ActedBy { get; init; }

    /// <summary>Whether the party was an international organisation when this was recorded.</summary>
    public bool Organisation { get; init; }
}

/// <summary>A further phase is foreseen.</summary>
/// <param name="PhaseId">Its id.</param>
/// <param name="Title">What is to be done in it.</param>
public sealed record PhasePlanned(string PhaseId, string Title) : AgreementEvent
{
    /// <summary>When it is to be completed.</summary>
    public Day? PlannedEnd { get; init; }
}

/// <summary>A phase was completed.</summary>
/// <param name="PhaseId">The id of the phase.</param>
public sealed record PhaseCompleted(string PhaseId) : AgreementEvent
{
    /// <summary>What came of it.</summary>
    public string? Results { get; init; }
}

/// <summary>Something was achieved under the agreement: a launch, a payload in orbit, a delivery.</summary>
/// <param name="Title">What was achieved.</param>
public sealed record AchievementRecorded(string Title) : AgreementEvent
{
    /// <summary>What it consisted of.</summary>
    public string? Summary { get; init; }

    /// <summary>Numbers that go with it, such as the 23rd flight.</summary>
    public ImmutableArray<Counter> Counters { get; init; } = [];

    /// <summary>Who benefits from which item.</summary>
    public ImmutableArray<Beneficiary> Beneficiaries { get; init; } = [];
}

/// <summary>A number that goes with an achievement.</summary>
/// <param name="Label">What is counted.</param>
/// <param name="Value">How many.</param>
public sealed record Counter(string Label, [property: JsonRequired, JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)] decimal Value);

/// <summary>An item of an achievement and the agency it is for.</summary>
/// <param name="Item">The item, such as a payload.</param>
/// <param name="Agency">The code of the agency.</param>
public sealed record Beneficiary(string Item, string Agency);

/// <summary>The parties prolonged the term.</summary>
/// <param name="Until">The new last day of the term.</param>
public sealed record AgreementExtended(Day Until) : AgreementEvent
{
    /// <summary>Why.</summary>
    public string? Reason { get; init; }
}

/// <summary>The parties amended the agreement (VCLT article 39).</summary>
public sealed record AgreementAmended : AgreementEvent
{
    /// <summary>What was amended.</summary>
    public string? Summary { get; init; }

    /// <summary>From when; absent: from the day it occurred.</summary>
    public Day? EffectiveOn { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }
}

/// <summary>The operation of the agreement was suspended (VCLT article 57).</summary>
public sealed record AgreementSuspended : AgreementEvent
{
    /// <summary>From when; absent: from the day it occurred.</summary>
    public Day? EffectiveOn { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }
}

/// <summary>The operation of the agreement was resumed.</summary>
public sealed record AgreementResumed : AgreementEvent
{
    /// <summary>From when; absent: from the day it occurred.</summary>
    public Day? EffectiveOn { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }
}

/// <summary>A party gave notice that it withdraws (VCLT article 54), or withdrew its consent before entry into force.</summary>
/// <param name="Party">The code under which the agreement names the party.</param>
public sealed record WithdrawalNotified(string Party) : AgreementEvent
{
    /// <summary>From when it has effect; absent: from the day it occurred.</summary>
    public Day? EffectiveOn { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }

    /// <summary>The agency that acted in the party's place because it has succeeded it.</summary>
    public string? ActedBy { get; init; }
}

/// <summary>A party revoked its notice before it had effect (VCLT article 68).</summary>
/// <param name="Party">The code under which the agreement names the party.</param>
public sealed record WithdrawalRevoked(string Party) : AgreementEvent
{
    /// <summary>Why.</summary>
    public string? Reason { get; init; }

    /// <summary>The agency that acted in the party's place because it has succeeded it.</summary>
    public string? ActedBy { get; init; }
}

/// <summary>The agreement was terminated.</summary>
public sealed record AgreementTerminated : AgreementEvent
{
    /// <summary>From when; absent: from the day it occurred.</summary>
    public Day? EffectiveOn { get; init; }

    /// <summary>Why, in law.</summary>
    public TerminationGround? Ground { get; init; }

    /// <summary>Why, in words.</summary>
    public string? Reason { get; init; }
}

/// <summary>The proposal was withdrawn before the agreement entered into force.</summary>
public sealed record ProposalWithdrawn : AgreementEvent
{
    /// <summary>From when; absent: from the day it occurred.</summary>
    public Day? EffectiveOn { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }
}

/// <summary>The parties apply the agreement provisionally, pending its entry into force (VCLT article 25).</summary>
public sealed record ProvisionalApplicationBegun : AgreementEvent
{
    /// <summary>From when; absent: from the day it occurred.</summary>
    public Day? EffectiveOn { get; init; }
}

/// <summary>A document belongs to the agreement. The file is kept beside the events, under its hash.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="MediaType">Its media type (RFC 6838).</param>
/// <param name="Size">Its length in bytes.</param>
/// <param name="Sha256">Its SHA-256 (FIPS 180-4), 64 lower-case hexadecimal digits.</param>
public sealed record DocumentAttached(string Name, string MediaType, long Size, string Sha256) : AgreementEvent;

/// <summary>
/// An earlier entry was wrong (procès-verbal of rectification, VCLT article 79). Readers see the corrected value; what was written stays.
/// </summary>
/// <param name="Corrects">The number, in this stream, of the entry that was wrong.</param>
/// <param name="Field">The member that was wrong, as a JSON Pointer (RFC 6901); empty: the whole entry never happened.</param>
/// <param name="Reason">Why it was wrong.</param>
public sealed record EntryCorrected(long Corrects, string Field, string Reason) : AgreementEvent
{
    /// <summary>What readers saw before.</summary>
    public JsonNode? Was { get; init; }

    /// <summary>What is right; absent: nothing is to stand there.</summary>
    public JsonNode? Value { get; init; }
}

/// <summary>The form in which a party consents to be bound.</summary>
public enum Instrument
{
    /// <summary>Ratification.</summary>
    Ratification,

    /// <summary>Acceptance.</summary>
    Acceptance,

    /// <summary>Approval.</summary>
    Approval,

    /// <summary>Accession, without having signed.</summary>
    Accession,

    /// <summary>Succession to another's consent.</summary>
    Succession,

    /// <summary>Signature that is itself the consent.</summary>
    DefinitiveSignature,
}

/// <summary>Who may know of an agreement.</summary>
public enum Visibility
{
    /// <summary>Everybody who may read the ledger.</summary>
    Shared,

    /// <summary>Its parties, registrars and auditors.</summary>
    Restricted,
}

/// <summary>Why an agreement was terminated.</summary>
public enum TerminationGround
{
    /// <summary>By consent of the parties, or as the agreement provides (VCLT article 54).</summary>
    Consent,

    /// <summary>What was agreed is done; the agreement is closed.</summary>
    Completion,

    /// <summary>A later agreement takes its place (VCLT article 59).</summary>
    LaterAgreement,

    /// <summary>A material breach (VCLT article 60).</summary>
    Breach,

    /// <summary>Performance became impossible (VCLT article 61).</summary>
    Impossibility,

    /// <summary>A fundamental change of circumstances (VCLT article 62).</summary>
    ChangeOfCircumstances,
}

/// <summary>How long an agreement lasts: until a day, or for a time from its entry into force.</summary>
/// <param name="Until">The last day.</param>
/// <param name="Length">The time from entry into force.</param>
public sealed record Term(Day? Until = null, Period? Length = null);

/// <summary>What brings an agreement into force (VCLT article 24).</summary>
/// <param name="Rule">The rule.</param>
public sealed record EntryIntoForce(EntryIntoForceRule Rule)
{
    /// <summary>How many consents, for the rule <see cref="EntryIntoForceRule.Count"/>.</summary>
    public int? Count { get; init; }

    /// <summary>Whose consents, for the rule <see cref="EntryIntoForceRule.Named"/>.</summary>
    public ImmutableArray<string> Parties { get; init; } = [];

    /// <summary>The day, for the rule <see cref="EntryIntoForceRule.Date"/>.</summary>
    public DateOnly? Date { get; init; }

    /// <summary>How long after the rule is met.</summary>
    public Period? Delay { get; init; }

    /// <summary>Whether it enters into force only on the first day of the month that follows.</summary>
    public bool FirstOfMonth { get; init; }

    /// <summary>Whether consents of international organisations are left out of the count.</summary>
    public bool ExcludeOrganisations { get; init; }

    /// <summary>Whether it says all that its rule needs.</summary>
    internal bool IsComplete => Rule switch
    {
        EntryIntoForceRule.Count => Count > 0,
        EntryIntoForceRule.Named => !Parties.IsEmpty,
        EntryIntoForceRule.Date => Date is not null,
        _ => true,
    };

    /// <summary>The day on which something takes effect when the rule, or a later party's own consent, is met on the given day.</summary>
    public DateOnly EffectAfter(DateOnly day)
    {
        var delayed = Delay?.After(day) ?? day;
        if (!FirstOfMonth)
            return delayed;
        return delayed is { Year: 9999, Month: 12 } ? DateOnly.MaxValue : new DateOnly(delayed.Year, delayed.Month, 1).AddMonths(1);
    }
}

/// <summary>The rules by which agreements enter into force.</summary>
public enum EntryIntoForceRule
{
    /// <summary>Every party has consented.</summary>
    AllParties,

    /// <summary>A number of parties have consented.</summary>
    Count,

    /// <summary>Named parties have consented.</summary>
    Named,

    /// <summary>On a fixed day, for those that have signed or consented; there must be two of them.</summary>
    Date,
}
