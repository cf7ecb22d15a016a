using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json.Serialization;
using Ledger.Domain.Days;

namespace Ledger.Domain.Agencies;

/// <summary>An agency: its names, each for its own days, and who has taken its place.</summary>
/// <param name="Id">Its code.</param>
/// <param name="Version">The number of entries in its stream.</param>
/// <param name="LastRecordedAt">When the last of them was recorded.</param>
/// <param name="Names">Its names, the first for all days before the second.</param>
/// <param name="Succession">Who has taken its place, and from when.</param>
public sealed record Agency(
    string Id, long Version, DateTimeOffset LastRecordedAt, ImmutableArray<AgencyName> Names, Succession? Succession = null)
{
    /// <summary>The name borne on a day: the latest that began on or before it.</summary>
    public AgencyName NameOn(DateOnly day) => Names.Last(name => name.From is null || name.From.Latest <= day);

    /// <summary>The name borne last.</summary>
    [JsonIgnore]
    public AgencyName LatestName => Names[^1];

    /// <summary>The fold of the agency's stream.</summary>
    /// <exception cref="UnreachableException">The events are not those of one agency.</exception>
    public static Agency Evolve(Agency? state, Entry<AgencyEvent> entry) => (state, entry.Event) switch
    {
        (null, AgencyRegistered e) => new(e.Code, entry.Version, entry.RecordedAt, [new(null, e.Name, e.Names, e.Kind, e.Country)]),
        ({ } s, AgencyRenamed e) => (s with
        {
            // By the day from which a name holds, so that a renaming recorded late takes its own place.
            Names = [s.Names[0], .. s.Names.Skip(1).Append(new(e.OccurredOn, e.Name, e.Names, e.Kind, e.Country)).OrderBy(n => n.From!.Latest)],
        }).At(entry),
        ({ } s, AgencySucceeded e) => (s with { Succession = new(e.Successor, e.OccurredOn!) }).At(entry),
        _ => throw new UnreachableException($"Agency has no rule for {entry.Event.GetType().Name} in entry {entry.Version}."),
    };

    private Agency At(Entry<AgencyEvent> entry) => this with { Version = entry.Version, LastRecordedAt = entry.RecordedAt };
}

/// <summary>A name and what goes with it.</summary>
/// <param name="From">The day from which it holds; absent for the first name.</param>
/// <param name="Name">The official name.</param>
/// <param name="Names">The official name in other languages.</param>
/// <param name="Kind">What kind of body the agency is while it bears this name.</param>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
public sealed record AgencyName(Day? From, string Name, Translations? Names, AgencyKind Kind, string? Country);

/// <summary>The taking of an agency's place by another.</summary>
/// <param name="Successor">The code of the agency that takes over.</param>
/// <param name="On">The day from which it does.</param>
public sealed record Succession(string Successor, Day On);
