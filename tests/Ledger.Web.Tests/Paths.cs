using System.Globalization;
using System.Text.Json.Nodes;

namespace Ledger.Web.Tests;

/// <summary>Reading JSON by paths.</summary>
internal static class Paths
{
    public static JsonNode? At(this JsonNode? node, string path)
    {
        foreach (var step in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
            node = node is JsonArray items ? items.ElementAtOrDefault(int.Parse(step, CultureInfo.InvariantCulture)) : node?[step];
        return node;
    }

    public static string? AsText(this JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : node?.ToJsonString();

    public static string? Text(this JsonNode? node, string path) => node.At(path).AsText();
}
