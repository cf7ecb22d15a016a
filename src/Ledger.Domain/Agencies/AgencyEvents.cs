using System.Text.Json.Serialization;

namespace Ledger.Domain.Agencies;

/// <summary>What became true of an agency. Its stream is named by the agency's code.</summary>
[JsonDerivedType(typeof(AgencyRegistered), "agency_registered")]
[JsonDerivedType(typeof(AgencyRenamed), "agency_renamed")]
[JsonDerivedType(typeof(AgencySucceeded), "agency_succeeded")]
public abstract record AgencyEvent : LedgerEvent;

/// <summary>An agency is known to the ledger from now on. Its first name answers for all days before a renaming.</summary>
/// <param name="Code">The code by which agreements name it, such as <c>CNES</c>.</param>
/// <param name="Name">Its official name.</param>
/// <param name="Kind">What kind of body it is.</param>
public sealed record AgencyRegistered(string Code, string Name, AgencyKind Kind) : AgencyEvent
{
    /// <summary>The official name in other languages, where known.</summary>
    public Translations? Names { get; init; }

    /// <summary>The country, ISO 3166-1 alpha-2; absent for an international organisation.</summary>
    public string? Country { get; init; }
}

/// <summary>From the day this occurred the agency bears this name and is of this kind; the former name answers for the days before.</summary>
/// <param name="Name">Its official name from that day.</param>
/// <param name="Kind">What kind of body it is from that day.</param>
public sealed record AgencyRenamed(string Name, AgencyKind Kind) : AgencyEvent
{
    /// <summary>The official name in other languages, where known.</summary>
    public Translations? Names { get; init; }

    /// <summary>The country, ISO 3166-1 alpha-2; absent for an international organisation.</summary>
    public string? Country { get; init; }
}

/// <summary>From the day this occurred another agency stands in this one's place in every agreement (continuation of rights and duties).</summary>
/// <param name="Successor">The code of the agency that takes over.</param>
public sealed record AgencySucceeded(string Successor) : AgencyEvent;

/// <summary>What kind of body an agency is.</summary>
public enum AgencyKind
{
    /// <summary>A national agency.</summary>
    Agency,

    /// <summary>A research institute that carries work out.</summary>
    Institute,

    /// <summary>A ministry.</summary>
    Ministry,

    /// <summary>An international organisation; its deposits may be left out of a count.</summary>
    Organisation,

    /// <summary>A company.</summary>
    Company,

    /// <summary>A State.</summary>
    State,
}
