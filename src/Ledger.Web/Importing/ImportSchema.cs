using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using Ledger.Domain;
using Ledger.Domain.Days;
using Ledger.Web.Hosting;

namespace Ledger.Web.Importing;

/// <summary>The lines of a file that can be brought in, as a JSON Schema (2020-12), made from what reads them.</summary>
internal static class ImportSchema
{
    private static readonly JsonSerializerOptions Indented = new(LedgerJson.Options) { WriteIndented = true, NewLine = "\n" };

    /// <summary>The schema.</summary>
    public static string Text { get; } = Make().ToJsonString(Indented) + "\n";

    private static JsonObject Make() => new()
    {
        ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
        ["title"] = "A line of a file that a Ledger takes in",
        ["oneOf"] = new JsonArray([.. ImportLineReader.Members.OrderBy(kind => kind.Key, StringComparer.Ordinal).Select(kind => Line(kind.Key, kind.Value.Command, kind.Value.Own))]),
    };

    private static JsonNode Line(string kind, Type command, IReadOnlyList<string> own)
    {
        var schema = JsonSchemaExporter.GetJsonSchemaAsNode(StrictJson.HistoricalOptions, command, new() { TransformSchemaNode = Transform }).AsObject();
        var members = schema["properties"]!.AsObject();
        if (own.Contains("agencyKind", StringComparer.Ordinal))
            members.Remove("kind");
        var all = new JsonObject { ["kind"] = new JsonObject { ["const"] = kind } };
        foreach (var name in own)
            all[name] = name == "agencyKind" ? EnumOf(typeof(Domain.Agencies.AgencyKind)) : new JsonObject { ["type"] = "string" };
        foreach (var (name, value) in members)
            all[name] = value?.DeepClone();
        var required = new JsonArray("kind");
        foreach (var name in schema["required"]?.AsArray() ?? [])
            required.Add(name!.DeepClone());
        return new JsonObject { ["title"] = kind, ["type"] = "object", ["properties"] = all, ["required"] = required, ["additionalProperties"] = false };
    }

    private static JsonNode Transform(JsonSchemaExporterContext context, JsonNode schema)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        if (type.IsEnum)
            return EnumOf(type);
        return type == typeof(Day) ? new JsonObject { ["type"] = "string", ["description"] = "A day in EDTF level 1: 1972-05-29, 1972-05, 1972, 1972-05?, 1972-05-01/1972-05-29." }
            : type == typeof(Period) ? new JsonObject { ["type"] = "string", ["description"] = "A length of time in ISO 8601: P5Y, P30D." }
            : schema;
    }

    private static JsonObject EnumOf(Type type) => new()
    {
        ["enum"] = new JsonArray([.. type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => JsonSerializer.SerializeToNode(field.GetValue(null), type, LedgerJson.Options))]),
    };
}
