using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ledger.Domain.Agreements;
using Ledger.Domain.Persons;

namespace Ledger.Web.Persons;

/// <summary>
/// A correction of a name or an office. The request names them where a reader sees them; the entry is told of another person by id, so that
/// no name enters an event.
/// </summary>
/// <param name="Place">The member of the event that holds the person, as a JSON Pointer.</param>
/// <param name="Member"><c>name</c> or <c>office</c>.</param>
/// <param name="Value">What is right; null for no office.</param>
internal sealed partial record PersonCorrection(string Place, string Member, string? Value)
{
    /// <summary>The correction of a person that a request asks for; null where it asks for another kind.</summary>
    public static PersonCorrection? Of(CorrectEntry command)
    {
        if (Pattern().Match(command.Field) is not { Success: true } match)
            return null;

        var holder = match.Groups["place"].Value;
        return new PersonCorrection(holder.StartsWith("/participants", StringComparison.Ordinal) ? holder + "/person" : holder, match.Groups["member"].Value, Text(command.Value));
    }

    /// <summary>What is wrong with the value.</summary>
    public string? Problem => Member == "name" && string.IsNullOrWhiteSpace(Value) ? "Give the name as a text."
        : Value is { Length: > 300 } || (Member == "name" && Value!.Length > 200) ? "A name may have 200 characters at most, an office 300."
        : Value is not null && string.IsNullOrWhiteSpace(Value) ? "Give the office as a text, or null for none."
        : null;

    /// <summary>The person named rightly, given who was named before.</summary>
    public NamedPerson Apply(NamedPerson before) => Member == "name" ? before with { Name = Value! } : before with { Office = Value };

    /// <summary>Whom the entry names in the place, as far as it names somebody there.</summary>
    public static Person? At(JsonNode entry, string place)
    {
        JsonNode? node = entry;
        foreach (var segment in place[1..].Split('/'))
            node = node is JsonArray items ? (int.TryParse(segment, System.Globalization.CultureInfo.InvariantCulture, out var i) && i < items.Count ? items[i] : null) : (node as JsonObject)?[segment];
        return node is null ? null : System.Text.Json.JsonSerializer.Deserialize<Person>(node, Domain.LedgerJson.Options);
    }

    private static string? Text(JsonNode? value) => value is JsonValue v && v.TryGetValue<string>(out var text) ? text : value is null ? null : "";

    [GeneratedRegex(@"^(?<place>/host|/signatory|/participants/[0-9]{1,4})/(?<member>name|office)\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Pattern();
}
