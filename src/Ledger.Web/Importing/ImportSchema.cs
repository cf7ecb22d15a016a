using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using FluentValidation;
using FluentValidation.Internal;
using Ledger.Domain;
using Ledger.Domain.Days;
using Ledger.Web.Hosting;
using Ledger.Web.Meetings;

namespace Ledger.Web.Importing;

/// <summary>The lines of a file that can be brought in, as a JSON Schema (2020-12), made from what reads them.</summary>
internal static class ImportSchema
{
    private static readonly JsonSerializerOptions Indented = new(LedgerJson.Options) { WriteIndented = true, NewLine = "\n" };

    // What a line or an outcome may leave out of its own members.
    private static readonly (string Kind, string Member)[] Optional = [("meeting", "reference"), ("corrected", "agreement"), ("corrected", "meeting")];

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
        var line = Described(kind, command, own, "*");
        if (kind == "corrected")
            line["oneOf"] = new JsonArray([.. own.Select(member => new JsonObject { ["required"] = new JsonArray(member) })]);
        if (kind == "meeting")
            line["properties"]!["outcomes"]!["items"] = new JsonObject { ["oneOf"] = new JsonArray([.. Outcome.Commands.OrderBy(x => x.Key, StringComparer.Ordinal).Select(x => Outcomes(x.Key, x.Value))]) };
        return line;
    }

    // The day of an outcome is that of its meeting unless given.
    private static JsonNode Outcomes(string kind, Type command)
    {
        var outcome = Described(kind, command, ImportLineReader.Members[kind].Own, RulesetValidatorSelector.DefaultRuleSetName);
        if (kind != "proposed")
            outcome["properties"]!["expectedVersion"] = new JsonObject { ["type"] = "integer" };
        return outcome;
    }

    private static JsonObject Described(string kind, Type command, IReadOnlyList<string> own, string ruleSet)
    {
        var members = JsonSchemaExporter.GetJsonSchemaAsNode(StrictJson.HistoricalOptions, command, new() { TransformSchemaNode = Transform })["properties"]!.AsObject();
        var required = Demanded(command, ruleSet).Concat(own.Where(member => !Optional.Contains((kind, member)))).Append("kind").ToHashSet(StringComparer.Ordinal);
        var all = new JsonObject { ["kind"] = new JsonObject { ["const"] = kind } };
        foreach (var name in own)
        {
            all[name] = name == "agencyKind" ? NotNull(members["kind"]!)
                : name == "phase" ? new JsonObject { ["type"] = new JsonArray("string", "integer"), ["description"] = "The phase, by its id or its number from 1." }
                : new JsonObject { ["type"] = "string" };
        }

        foreach (var (name, value) in members.Where(member => !all.ContainsKey(member.Key)))
            all[name] = required.Contains(name) ? NotNull(value!) : value?.DeepClone();
        return new JsonObject { ["title"] = kind, ["type"] = "object", ["properties"] = all, ["required"] = new JsonArray([.. all.Select(member => member.Key).Where(required.Contains)]), ["additionalProperties"] = false };
    }

    // What cannot be left out is what the validator misses where nothing is said.
    private static IEnumerable<string> Demanded(Type command, string ruleSet)
    {
        var of = typeof(AbstractValidator<>).MakeGenericType(command);
        var validator = (IValidator)Activator.CreateInstance(typeof(ImportSchema).Assembly.GetTypes().Single(type => type.IsSubclassOf(of)))!;
        var nothing = JsonSerializer.Deserialize("{}", command, StrictJson.HistoricalOptions)!;
        return validator.Validate(new ValidationContext<object>(nothing, new PropertyChain(), new RulesetValidatorSelector([ruleSet])))
            .Errors.Select(error => JsonNamingPolicy.CamelCase.ConvertName(error.PropertyName));
    }

    private static JsonNode Transform(JsonSchemaExporterContext context, JsonNode schema)
    {
        if (Described(context.TypeInfo.Type, context.PropertyInfo) is { } described)
            return described;
        if (schema is JsonObject { } parts && parts["items"] is { } items)
            parts["items"] = NotNull(items);

        // The reader takes what may be null for null where it is left out.
        var required = (schema as JsonObject)?["required"]?.AsArray();
        foreach (var member in context.TypeInfo.Properties.Where(member => member.AssociatedParameter?.IsNullable == true))
            required?.Remove(required.FirstOrDefault(name => name!.GetValue<string>() == member.Name));

        // What has a default comes with that alone where a converter of the Ledger's own reads it.
        foreach (var member in context.TypeInfo.Properties.Where(member => member.AssociatedParameter?.HasDefaultValue == true))
        {
            if (Described(member.PropertyType, member) is { } bare)
                schema["properties"]![member.Name] = bare;
        }

        return schema;
    }

    private static JsonObject? Described(Type type, JsonPropertyInfo? member)
    {
        var canBeNull = Nullable.GetUnderlyingType(type) is not null || (member?.AssociatedParameter?.IsNullable ?? member?.IsSetNullable ?? false);
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsEnum ? EnumOf(type, canBeNull)
            : type == typeof(Day) ? TextOf("A day in EDTF: 1972-05-29, 1972-05, 1972, uncertain 1972-05?, some day of 1972-05-01/1972-05-29.", canBeNull)
            : type == typeof(Period) ? TextOf("A length of time in ISO 8601: P5Y, P30D.", canBeNull)
            : type == typeof(JsonElement) ? new JsonObject { ["type"] = "object" }
            : null;
    }

    private static JsonObject TextOf(string description, bool canBeNull) => new()
    {
        ["type"] = canBeNull ? new JsonArray("string", "null") : "string",
        ["description"] = description,
    };

    private static JsonObject EnumOf(Type type, bool canBeNull) => new()
    {
        ["enum"] = new JsonArray(
        [
            .. type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => JsonSerializer.SerializeToNode(field.GetValue(null), type, LedgerJson.Options)),
            .. canBeNull ? new JsonNode?[] { null } : [],
        ]),
    };

    private static JsonNode NotNull(JsonNode schema)
    {
        var copy = schema.DeepClone();
        if (copy is not JsonObject members)
            return copy;
        members.Remove("default");
        if (members["type"] is JsonArray types && types.Select(type => type!.GetValue<string>()).Where(type => type != "null").ToList() is var left)
            members["type"] = left is [var only] ? only : new JsonArray([.. left.Select(type => (JsonNode)type)]);
        if (members["enum"] is JsonArray values)
            values.Remove(values.FirstOrDefault(value => value is null));
        return copy;
    }
}
