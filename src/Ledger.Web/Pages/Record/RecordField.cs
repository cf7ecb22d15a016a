using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Ledger.Web.Pages;

/// <summary>How a field of the recording is filled in.</summary>
internal enum FieldInput
{
    /// <summary>A line of text.</summary>
    Line,

    /// <summary>A text of several lines.</summary>
    Text,

    /// <summary>A day, month or year.</summary>
    Day,

    /// <summary>A day of the calendar.</summary>
    Date,

    /// <summary>A number.</summary>
    Number,

    /// <summary>Texts, one to a line.</summary>
    Lines,

    /// <summary>An agency.</summary>
    Agency,

    /// <summary>A phase of the agreement.</summary>
    Phase,

    /// <summary>One of some values; the first where nothing is said.</summary>
    Choice,

    /// <summary>Yes or no.</summary>
    Flag,

    /// <summary>Fields that belong together.</summary>
    Group,

    /// <summary>Any number of rows of the same fields; of one field without a name: a list.</summary>
    Rows,
}

/// <summary>A field of the recording: a member of the request that the API reads, and how a person fills it in.</summary>
/// <param name="Name">The member.</param>
/// <param name="Label">The key of its words.</param>
/// <param name="Input">How it is filled in.</param>
internal sealed record RecordField(string Name, string Label, FieldInput Input = FieldInput.Line)
{
    /// <summary>The key of the words that help.</summary>
    public string? Hint { get; init; }

    /// <summary>Whether the API refuses it when it is left empty.</summary>
    public bool Needed { get; init; }

    /// <summary>How wide it is, in characters; the whole width where nothing is said.</summary>
    public int? Width { get; init; }

    /// <summary>The values to choose from, each with the key of its words.</summary>
    public ImmutableArray<(string Value, string Words)> Choices { get; init; } = [];

    /// <summary>The fields of a group or of a row.</summary>
    public ImmutableArray<RecordField> Fields { get; init; } = [];

    /// <summary>Whether its label says no more than the heading of the page.</summary>
    public bool IsNamedByPage { get; init; }

    /// <summary>Whether a group is shown only on demand.</summary>
    public bool Folded { get; init; }

    /// <summary>What a form sent, as the API reads it.</summary>
    /// <param name="fields">The fields.</param>
    /// <param name="form">The form.</param>
    /// <param name="prefix">What the names of the fields begin with.</param>
    /// <param name="keepEmptyRows">Whether rows that hold nothing stay in their places, to be shown again.</param>
    public static JsonObject Read(IEnumerable<RecordField> fields, IFormCollection form, string prefix = "", bool keepEmptyRows = false)
    {
        var json = new JsonObject();
        foreach (var field in fields)
        {
            if (field.ReadOne(form, prefix + field.Name, keepEmptyRows) is { } node)
                json[field.Name] = node;
        }

        return json;
    }

    /// <summary>The id of the field with a name, and the place of a problem with a JSON Pointer.</summary>
    public static string IdOf(string name) => name.TrimStart('/').Replace('/', '-');

    /// <summary>Whether there is a field for a JSON Pointer among some fields.</summary>
    public static bool HasPlace(IEnumerable<RecordField> fields, string pointer)
    {
        var steps = pointer.Split('/', StringSplitOptions.RemoveEmptyEntries);
        foreach (var step in steps)
        {
            if (int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                continue;
            if (fields.FirstOrDefault(f => f.Name == step) is not { } field)
                return false;
            fields = field.Fields;
        }

        return steps.Length > 0;
    }

    /// <summary>Adds or removes the row of a form that a button names, such as <c>add:phases</c> or <c>remove:phases/1</c>.</summary>
    public static void ChangeRows(JsonObject json, string command)
    {
        if (command.Split(':', 2) is not [var verb, var name])
            return;
        var steps = name.Split('/');
        if (verb == "add")
        {
            var owner = (JsonObject?)Walk(json, steps[..^1], create: true);
            if (owner?[steps[^1]] is not JsonArray rows)
                owner![steps[^1]] = rows = [""];
            rows.Add((JsonNode)"");
        }
        else if (Walk(json, steps[..^1], create: false) is JsonArray rows && int.TryParse(steps[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < rows.Count)
        {
            rows.RemoveAt(index);
        }
    }

    private static JsonNode? Walk(JsonNode? node, IEnumerable<string> steps, bool create)
    {
        foreach (var step in steps)
        {
            if (node is not JsonObject owner)
                return null;
            if (create)
                owner[step] ??= new JsonObject();
            node = owner[step];
        }

        return node;
    }

    private JsonNode? ReadOne(IFormCollection form, string name, bool keepEmptyRows)
    {
        switch (Input)
        {
            case FieldInput.Group:
                return Read(Fields, form, name + "/", keepEmptyRows) is { Count: > 0 } group ? group : null;
            case FieldInput.Rows:
                var rows = new JsonArray([.. Indexes(form, name).Select(i => ReadRow(form, $"{name}/{i}", keepEmptyRows)).Where(row => keepEmptyRows || row is not null).Select(row => row ?? "")]);
                return rows.Count > 0 ? rows : null;
            case FieldInput.Lines:
                var lines = (form[name].ToString()).Split('\n').Select(PageInput.TextOf).OfType<string>().ToArray();
                return lines.Length > 0 ? new JsonArray([.. lines.Select(line => (JsonNode)line)]) : null;
            case FieldInput.Flag:
                return form[name] == "true" ? true : null;
            case FieldInput.Number when decimal.TryParse(form[name].ToString().Trim(), NumberStyles.Number & ~NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var number):
                return number;
            case FieldInput.Choice when form[name] == Choices[0].Value:
                return null;
            default:
                return PageInput.TextOf(form[name]) is { } text ? text : null;
        }
    }

    private JsonNode? ReadRow(IFormCollection form, string name, bool keepEmptyRows)
    {
        if (Fields is [{ Name: "" } single])
            return single.ReadOne(form, name, keepEmptyRows);
        var row = Read(Fields, form, name + "/", keepEmptyRows);

        // An agency that the page filled in by itself makes no row.
        var isTyped = Fields.Any(f => f.Input is not (FieldInput.Agency or FieldInput.Choice) && row.ContainsKey(f.Name));
        return isTyped || (keepEmptyRows && row.Count > 0) ? row : null;
    }

    private static IEnumerable<int> Indexes(IFormCollection form, string name) => form.Keys
        .Where(key => key.StartsWith(name + "/", StringComparison.Ordinal))
        .Select(key => int.TryParse(key[(name.Length + 1)..].Split('/')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : -1)
        .Where(index => index >= 0)
        .Distinct()
        .Order();
}
