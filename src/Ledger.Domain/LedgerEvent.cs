using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json.Serialization;
using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Domain.Days;
using Ledger.Domain.Meetings;

namespace Ledger.Domain;

/// <summary>
/// Something that became true and stays written. Stored for ever: optional members may be added; none is ever renamed, retyped or removed.
/// </summary>
public abstract record LedgerEvent
{
    /// <summary>The day on which the parties did it; absent where that day is not known.</summary>
    [JsonPropertyOrder(-1)]
    public Day? OccurredOn { get; init; }
}

/// <summary>An event with its place in its stream and the instant at which it was recorded: what a fold needs, and no more.</summary>
/// <param name="Version">The number of the entry in its stream, from 1.</param>
/// <param name="RecordedAt">The instant of recording, UTC, to the microsecond; given by the store.</param>
/// <param name="Event">What became true.</param>
public sealed record Entry<TEvent>(long Version, DateTimeOffset RecordedAt, TEvent Event)
    where TEvent : LedgerEvent;

/// <summary>The names under which events are stored, and by which the API calls them.</summary>
public static class EventNames
{
    /// <summary>Every kind of event with its stored name, fixed by hand on the stream's base record.</summary>
    public static ImmutableDictionary<Type, string> Stored { get; } =
        new[] { typeof(AgreementEvent), typeof(MeetingEvent), typeof(AgencyEvent) }
            .SelectMany(stream => stream.GetCustomAttributes<JsonDerivedTypeAttribute>())
            .ToImmutableDictionary(kind => kind.DerivedType, kind => (string)kind.TypeDiscriminator!);

    /// <summary>The name by which the API calls a kind of event: <c>agreementSigned</c>.</summary>
    public static string OnTheWire(Type kind) => char.ToLowerInvariant(kind.Name[0]) + kind.Name[1..];
}
