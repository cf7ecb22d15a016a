using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ledger.Web.Importing;

/// <summary>What is wrong with a line of a file.</summary>
/// <param name="Line">The number of the line, from 1; the header of a CSV file is line 1.</param>
/// <param name="Pointer">The member at fault, as a JSON Pointer (RFC 6901); empty: the line as a whole.</param>
/// <param name="Code">The stable code; it has a page under <c>/docs/problems</c>.</param>
/// <param name="Value">What stands there, shortened.</param>
/// <param name="Sentence">What is wrong and what to do.</param>
public sealed record LineProblem(long Line, string Pointer, string Code, string? Value, string Sentence)
{
    private const int MostCharacters = 80;

    /// <summary>A text short enough for a report.</summary>
    internal static string Shorten(string text)
    {
        // What cannot be stored is not told either.
        text = text.Replace('\0', '\uFFFD');
        return text.Length <= MostCharacters ? text : text[..(char.IsHighSurrogate(text[MostCharacters - 1]) ? MostCharacters - 1 : MostCharacters)] + "…";
    }

    /// <summary>The same problem with what stands in the line at its member.</summary>
    internal LineProblem In(ReadOnlyMemory<byte> json) => Value is null && Pointer.Length > 0 ? this with { Value = ValueAt(json, Pointer) } : this;

    private static string? ValueAt(ReadOnlyMemory<byte> json, string pointer)
    {
        try
        {
            var node = JsonNode.Parse(json.Span);
            foreach (var step in pointer[1..].Split('/').Select(step => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)))
                node = node is JsonArray items ? (int.TryParse(step, System.Globalization.CultureInfo.InvariantCulture, out var i) && i < items.Count ? items[i] : null) : (node as JsonObject)?[step];
            return node is null ? null : Shorten(node is JsonValue value && value.TryGetValue<string>(out var text) ? text : node.ToJsonString(Domain.LedgerJson.Options));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            // A line that is no JSON has no members to show.
            return null;
        }
    }
}
