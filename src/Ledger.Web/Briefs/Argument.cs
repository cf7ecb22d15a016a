using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Ledger.Domain;
using Ledger.Domain.Agreements;
using Ledger.Domain.Days;

namespace Ledger.Web.Briefs;

/// <summary>Of what a statement speaks: a value that every language writes in its own way.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(DayArgument), "day")]
[JsonDerivedType(typeof(InstantArgument), "instant")]
[JsonDerivedType(typeof(CountArgument), "count")]
[JsonDerivedType(typeof(AgenciesArgument), "agencies")]
[JsonDerivedType(typeof(NamedAgenciesArgument), "namedAgencies")]
[JsonDerivedType(typeof(AgreementArgument), "agreement")]
[JsonDerivedType(typeof(ReferencesArgument), "references")]
[JsonDerivedType(typeof(TextArgument), "text")]
[JsonDerivedType(typeof(TextsArgument), "texts")]
[JsonDerivedType(typeof(PersonsArgument), "persons")]
[JsonDerivedType(typeof(PlaceArgument), "place")]
[JsonDerivedType(typeof(CountersArgument), "counters")]
[JsonDerivedType(typeof(BeneficiariesArgument), "beneficiaries")]
[JsonDerivedType(typeof(StatusArgument), "status")]
[JsonDerivedType(typeof(PartyStatusArgument), "partyStatus")]
[JsonDerivedType(typeof(PhaseStatusArgument), "phaseStatus")]
[JsonDerivedType(typeof(InstrumentArgument), "instrument")]
[JsonDerivedType(typeof(GroundArgument), "ground")]
[JsonDerivedType(typeof(StatusTallyArgument), "statusTally")]
[JsonDerivedType(typeof(OutcomeTallyArgument), "outcomeTally")]
[JsonDerivedType(typeof(MemberArgument), "member")]
[JsonDerivedType(typeof(ValueArgument), "value")]
[JsonDerivedType(typeof(PhaseArgument), "phase")]
[JsonDerivedType(typeof(TermArgument), "term")]
public abstract record Argument;

/// <summary>A day, a month or a year.</summary>
/// <param name="Day">The day.</param>
public sealed record DayArgument(Day Day) : Argument;

/// <summary>An instant.</summary>
/// <param name="Instant">The instant, UTC.</param>
public sealed record InstantArgument(DateTimeOffset Instant) : Argument;

/// <summary>A number.</summary>
/// <param name="Count">The number.</param>
public sealed record CountArgument(long Count) : Argument;

/// <summary>Agencies, by code.</summary>
/// <param name="Codes">The codes of those shown.</param>
/// <param name="More">How many more there are.</param>
public sealed record AgenciesArgument(ImmutableArray<string> Codes, int More = 0) : Argument
{
    /// <summary>Agencies, of which a sentence shows so many that it can still be read.</summary>
    internal static AgenciesArgument Of(IEnumerable<string> codes)
    {
        const int most = 8;
        var all = codes.ToList();
        return all.Count <= most ? new([.. all]) : new([.. all.Take(most - 1)], all.Count - most + 1);
    }
}

/// <summary>Agencies, by code and official name.</summary>
/// <param name="Agencies">The agencies.</param>
/// <param name="More">How many more there are.</param>
public sealed record NamedAgenciesArgument(ImmutableArray<AgencyLabel> Agencies, int More = 0) : Argument;

/// <summary>An agency and its official name on the day of the brief.</summary>
/// <param name="Code">The code.</param>
/// <param name="Name">The official name.</param>
/// <param name="Names">The official name in other languages, where known.</param>
public sealed record AgencyLabel(string Code, string Name, Translations? Names = null);

/// <summary>An agreement other than the one in whose context something is said.</summary>
/// <param name="Reference">Its reference.</param>
/// <param name="Title">Its title.</param>
/// <param name="Titles">Its title in other languages, where known.</param>
public sealed record AgreementArgument(string Reference, string Title, Translations? Titles = null) : Argument
{
    /// <summary>How much of a title a sentence shows.</summary>
    internal const int TitleLimit = 80;
}

/// <summary>References of agreements.</summary>
/// <param name="References">Those shown.</param>
/// <param name="More">How many more there are.</param>
public sealed record ReferencesArgument(ImmutableArray<string> References, int More = 0) : Argument;

/// <summary>A user's own words, which every language quotes as they are.</summary>
/// <param name="Text">The words, on one line.</param>
/// <param name="Cut">Whether more was written.</param>
/// <param name="Translations">The same in other languages, where known; one that was cut ends in "…".</param>
public sealed record TextArgument(string Text, bool Cut = false, Translations? Translations = null) : Argument;

/// <summary>Several of a user's own words.</summary>
/// <param name="Texts">The words, each on one line; one that was cut ends in "…".</param>
/// <param name="More">How many more there are.</param>
public sealed record TextsArgument(ImmutableArray<string> Texts, int More = 0) : Argument;

/// <summary>Persons.</summary>
/// <param name="Persons">The persons.</param>
/// <param name="More">How many more there are.</param>
public sealed record PersonsArgument(ImmutableArray<PersonLabel> Persons, int More = 0) : Argument;

/// <summary>A person as far as the ledger still knows them.</summary>
/// <param name="Name">The name; absent once erased.</param>
/// <param name="Office">The office, where known.</param>
/// <param name="Agency">The code of the agency for which they acted, where there was one.</param>
/// <param name="Withheld">True where the name is kept and not for the reader to see; absent otherwise.</param>
public sealed record PersonLabel(string? Name, string? Office, string? Agency, bool? Withheld = null)
{
    /// <summary>The day on which the name was erased, UTC, where that is known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateOnly? ErasedOn { get; init; }
}

/// <summary>A place.</summary>
/// <param name="City">The city.</param>
/// <param name="Venue">The house or room.</param>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
public sealed record PlaceArgument(string? City, string? Venue, string? Country) : Argument;

/// <summary>Numbers that go with an achievement.</summary>
/// <param name="Counters">The numbers, each with its label; a label that was cut ends in "…".</param>
/// <param name="More">How many more there are.</param>
public sealed record CountersArgument(ImmutableArray<Counter> Counters, int More = 0) : Argument;

/// <summary>Who benefits from which item.</summary>
/// <param name="Items">The items, each once.</param>
/// <param name="More">How many more items there are.</param>
public sealed record BeneficiariesArgument(ImmutableArray<BenefitingItem> Items, int More = 0) : Argument;

/// <summary>An item and who benefits from it.</summary>
/// <param name="Item">The item; one that was cut ends in "…".</param>
/// <param name="Agencies">The agencies.</param>
public sealed record BenefitingItem(string Item, AgenciesArgument Agencies);

/// <summary>The status of an agreement.</summary>
/// <param name="Status">The status.</param>
/// <param name="Certain">Whether it holds whichever days are meant by acts whose day is not known exactly.</param>
public sealed record StatusArgument(AgreementStatus Status, bool Certain = true) : Argument;

/// <summary>The standing of a party.</summary>
/// <param name="Status">The standing.</param>
/// <param name="Instrument">The form of its consent, where it gave one.</param>
public sealed record PartyStatusArgument(PartyStatus Status, Instrument? Instrument = null) : Argument;

/// <summary>The standing of a phase.</summary>
/// <param name="Status">The standing.</param>
public sealed record PhaseStatusArgument(PhaseStatus Status) : Argument;

/// <summary>How a phase stands on the day of the brief.</summary>
public enum PhaseStatus
{
    /// <summary>Foreseen, and not due yet.</summary>
    Planned,

    /// <summary>Its planned end has passed.</summary>
    Overdue,

    /// <summary>Completed.</summary>
    Completed,
}

/// <summary>The form of a consent.</summary>
/// <param name="Instrument">The form.</param>
public sealed record InstrumentArgument(Instrument Instrument) : Argument;

/// <summary>Why an agreement was terminated, in law.</summary>
/// <param name="Ground">The ground.</param>
public sealed record GroundArgument(TerminationGround Ground) : Argument;

/// <summary>How many agreements are of each status.</summary>
/// <param name="Items">The statuses that occur, with their numbers.</param>
public sealed record StatusTallyArgument(ImmutableArray<StatusTally> Items) : Argument;

/// <summary>A status and how many agreements are of it.</summary>
/// <param name="Status">The status.</param>
/// <param name="Count">How many.</param>
public sealed record StatusTally(AgreementStatus Status, int Count);

/// <summary>How many entries of each kind a meeting led to.</summary>
/// <param name="Items">The kinds that occur, with their numbers.</param>
public sealed record OutcomeTallyArgument(ImmutableArray<OutcomeTally> Items) : Argument;

/// <summary>A kind of outcome and how many there are of it.</summary>
/// <param name="Outcome">The kind, as the key of the entry's sentence.</param>
/// <param name="Count">How many.</param>
public sealed record OutcomeTally(StatementKey Outcome, int Count);

/// <summary>A member of an entry that was corrected.</summary>
/// <param name="Pointer">The JSON Pointer (RFC 6901); the first segment says what it is.</param>
/// <param name="Label">The user's own word for it, such as the label of a counter.</param>
public sealed record MemberArgument(string Pointer, string? Label = null) : Argument;

/// <summary>The value of a member before or after a correction.</summary>
/// <param name="Value">The value; absent: nothing stood or stands there.</param>
/// <param name="Pointer">The member.</param>
public sealed record ValueArgument(JsonNode? Value, string Pointer) : Argument
{
    /// <summary>How much of a value a sentence shows.</summary>
    internal const int TextLimit = 60;
}

/// <summary>A phase.</summary>
/// <param name="Number">Its number from 1.</param>
/// <param name="Title">Its title.</param>
public sealed record PhaseArgument(int Number, string Title) : Argument;

/// <summary>The term of an agreement.</summary>
public sealed record TermArgument : Argument;
