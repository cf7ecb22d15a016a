using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Ledger.Domain.Persons;

namespace Ledger.Domain;

/// <summary>Puts one member of an event right without touching what was written.</summary>
public static class Correction
{
    // What an entry is, and what binds it to other entries, is not a value that somebody got wrong.
    private static readonly FrozenSet<string> Fixed = FrozenSet.Create(
        StringComparer.Ordinal,
        "$type", "agreementId", "meetingId", "reference", "meeting", "phaseId", "personId", "person", "host", "signatory", "actedBy", "organisation", "organisations", "visibility",
        "entries", "corrects", "sha256", "size", "ofVersion");

    // A request calls the day of an act by the act's own word; an event calls it by one word for all.
    private static readonly FrozenSet<string> WordsForTheDay = FrozenSet.Create(
        StringComparer.Ordinal, "/proposedOn", "/discussedOn", "/signedOn", "/ratifiedOn", "/completedOn", "/agreedOn", "/heldOn", "/approvedOn");

    private static readonly JsonSerializerOptions WithAbsentMembers = new(LedgerJson.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.Never };

    // A corrected value comes from outside, so it is read more strictly than what the ledger wrote itself.
    private static readonly JsonSerializerOptions Strict = new(LedgerJson.Options)
    {
        RespectNullableAnnotations = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>The member as events call it: every word for the day of an act is <c>/occurredOn</c>.</summary>
    public static string Canonical(string field) => WordsForTheDay.Contains(field) ? "/occurredOn" : field;

    /// <summary>The value that a member has.</summary>
    /// <returns>False where the event has no such member, or none that a correction may touch.</returns>
    public static bool TryRead<TEvent>(TEvent @event, string field, out JsonNode? value)
        where TEvent : LedgerEvent
    {
        value = JsonSerializer.SerializeToNode(@event, WithAbsentMembers);
        if (!TrySplit(field, out var segments) || segments.Any(Fixed.Contains))
            return false;

        foreach (var segment in segments)
        {
            switch (value)
            {
                case JsonObject members when members.ContainsKey(segment):
                    value = members[segment];
                    break;
                case JsonArray items when Index(segment) is { } index && index < items.Count:
                    value = items[index];
                    break;
                default:
                    return false;
            }
        }

        value = value?.DeepClone();
        return !HoldsFixed(value);
    }

    /// <summary>The event with one member replaced.</summary>
    /// <typeparam name="TEvent">The base record of the stream.</typeparam>
    /// <exception cref="JsonException">The value does not fit the member.</exception>
    /// <exception cref="ArgumentException">There is no such member.</exception>
    public static TEvent Apply<TEvent>(TEvent @event, string field, JsonNode? value)
        where TEvent : LedgerEvent
    {
        if (HoldsFixed(value) && !IsPersonsPlace(field))
            throw new JsonException("The value holds members that no correction may touch.");

        var whole = JsonSerializer.SerializeToNode(@event, WithAbsentMembers)!;
        if (!TrySplit(field, out var segments))
            throw new ArgumentException($"\"{field}\" is not a JSON Pointer to a member.", nameof(field));

        var parent = whole;
        foreach (var segment in segments[..^1])
            parent = (parent is JsonArray items ? items[Index(segment) ?? items.Count] : parent?[segment]) ?? throw new ArgumentException($"There is no {field}.", nameof(field));

        if (parent is JsonArray array)
            array[Index(segments[^1]) ?? array.Count] = value?.DeepClone();
        else
            parent[segments[^1]] = value?.DeepClone();
        return HoldsNothing(whole)
            ? throw new JsonException("A list has no empty places.")
            : whole.Deserialize<TEvent>(Strict)!;
    }

    /// <summary>The event with another person in a place where it names one, and what was said of the person before.</summary>
    /// <param name="event">The event.</param>
    /// <param name="place">The member that names the person, as a JSON Pointer: <c>/host</c>, <c>/signatory</c>, <c>/participants/0/person</c>.</param>
    /// <param name="person">Who it is, named rightly.</param>
    /// <returns>Null where the event names nobody there.</returns>
    public static (JsonNode Was, JsonNode Value)? OfPerson<TEvent>(TEvent @event, string place, Person person)
        where TEvent : LedgerEvent
    {
        JsonNode? was = JsonSerializer.SerializeToNode(@event, LedgerJson.Options);
        if (!IsPersonsPlace(place) || !TrySplit(place, out var segments))
            return null;

        foreach (var segment in segments)
            was = was is JsonArray items ? (Index(segment) is { } index && index < items.Count ? items[index] : null) : (was as JsonObject)?[segment];
        return was is null ? null : (was.DeepClone(), JsonSerializer.SerializeToNode(person, LedgerJson.Options)!);
    }

    // Who is meant is said by the person's id, made outside; no request can write it into an event.
    private static bool IsPersonsPlace(string field) => field is "/host" or "/signatory" || field.EndsWith("/person", StringComparison.Ordinal);

    // A list or an object that holds an id or a person may be corrected member by member, never as a whole.
    private static bool HoldsFixed(JsonNode? value) => value switch
    {
        JsonObject members => members.Any(member => Fixed.Contains(member.Key) || HoldsFixed(member.Value)),
        JsonArray items => items.Any(HoldsFixed),
        _ => false,
    };

    private static bool HoldsNothing(JsonNode? value) => value switch
    {
        JsonObject members => members.Any(member => HoldsNothing(member.Value)),
        JsonArray items => items.Any(item => item is null || HoldsNothing(item)),
        _ => false,
    };

    private static bool TrySplit(string field, out ImmutableArray<string> segments)
    {
        segments = field.StartsWith('/')
            ? [.. field[1..].Split('/').Select(s => s.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))]
            : [];
        return segments.Length > 0;
    }

    private static int? Index(string segment) =>
        int.TryParse(segment, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;
}
