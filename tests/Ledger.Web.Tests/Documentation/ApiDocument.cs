using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Ledger.Web.Tests.Documentation;

/// <summary>The description of the API, and whether JSON is what it says: as much of JSON Schema 2020-12 as the description uses.</summary>
internal sealed class ApiDocument(JsonNode document)
{
    public JsonNode Json => document;

    /// <summary>Every operation under /api/v1, with its method and path.</summary>
    public IEnumerable<(string Route, JsonNode Operation)> Operations =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        where path.Key.StartsWith("/api/v1/", StringComparison.Ordinal)
        select ($"{operation.Key.ToUpperInvariant()} {path.Key}", operation.Value!);

    public JsonNode Operation(string route) => Operations.Single(o => o.Route == route).Operation;

    public JsonNode Schema(string name) => document["components"]!["schemas"]![name]!;

    /// <summary>What lies at a reference, or the node itself.</summary>
    public JsonNode Follow(JsonNode node) =>
        node["$ref"]?.GetValue<string>() is { } reference ? document.At(reference.TrimStart('#', '/'))! : node;

    /// <summary>What is wrong with a value, each with where it is.</summary>
    public IEnumerable<string> Problems(JsonNode? value, JsonNode schema, string at = "")
    {
        // The schema true admits anything.
        if (schema is JsonValue)
            return [];
        schema = Follow(schema);
        var types = schema["type"] switch { JsonArray several => [.. several.Select(t => t!.GetValue<string>())], { } one => [one.GetValue<string>()], null => Array.Empty<string>() };
        if (types.Length > 0 && !types.Any(type => IsA(value, type)))
            return [$"{at} is no {string.Join(" or ", types)}: {value?.ToJsonString() ?? "null"}"];
        if (schema["const"] is { } constant && !JsonNode.DeepEquals(constant, value))
            return [$"{at} is not {constant}."];
        if (schema["enum"] is JsonArray values && !values.Any(v => JsonNode.DeepEquals(v, value)) && value is not null)
            return [$"{at} is none of {values.ToJsonString()}."];
        if (schema["pattern"]?.GetValue<string>() is { } pattern && value is JsonValue text && text.GetValueKind() == JsonValueKind.String && !Regex.IsMatch(text.GetValue<string>(), pattern, RegexOptions.None, TimeSpan.FromSeconds(1)))
            return [$"{at} does not look like {pattern}."];
        if (schema["oneOf"] is JsonArray oneOf && oneOf.Count(s => !Problems(value, s!, at).Any()) is var fitting && fitting != 1)
            return [$"{at} fits {fitting.ToString(CultureInfo.InvariantCulture)} of its forms: {string.Join(" ", oneOf.SelectMany(s => Problems(value, s!, at)))}"];

        return value switch
        {
            JsonObject members => Members(members, schema, at),
            JsonArray items when schema["items"] is { } item => items.SelectMany((x, i) => Problems(x, item, string.Create(CultureInfo.InvariantCulture, $"{at}/{i}"))),
            _ => [],
        };
    }

    private IEnumerable<string> Members(JsonObject members, JsonNode schema, string at)
    {
        foreach (var required in schema["required"]?.AsArray().Select(r => r!.GetValue<string>()) ?? [])
        {
            if (!members.ContainsKey(required))
                yield return $"{at}/{required} is missing.";
        }

        foreach (var (name, value) in members)
        {
            if (schema["properties"]?[name] is { } member)
            {
                foreach (var problem in Problems(value, member, $"{at}/{name}"))
                    yield return problem;
            }
            else if (schema["properties"] is not null)
            {
                // Callers may meet members that they do not know; the description knows them all.
                yield return $"{at}/{name} is not described.";
            }
        }
    }

    private static bool IsA(JsonNode? value, string type) => (type, value?.GetValueKind() ?? JsonValueKind.Null) switch
    {
        ("null", JsonValueKind.Null) or ("string", JsonValueKind.String) or ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) => true,
        ("boolean", JsonValueKind.True or JsonValueKind.False) or ("number", JsonValueKind.Number) => true,
        ("integer", JsonValueKind.Number) => value!.GetValue<decimal>() % 1 == 0,
        _ => false,
    };
}
