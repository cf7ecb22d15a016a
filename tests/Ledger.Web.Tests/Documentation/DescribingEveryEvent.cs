using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Ledger.Domain;
using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Domain.Days;
using Ledger.Domain.Meetings;
using Xunit;

namespace Ledger.Web.Tests.Documentation;

/// <summary>The catalogue of the events, made from the code and its comments.</summary>
public partial class DescribingEveryEvent
{
    private const string Introduction =
        """
        # Events

        The record is made of these events and of nothing else. Each is stored for ever under its stored name; the API calls it by its own name.
        Optional members may be added to an event; none is ever renamed, retyped or removed. A member that has nothing to say may be left out.

        Every event has `occurredOn`, the day on which the parties did it (a [day](#day)), absent where that day is not known.
        Beside the event the store keeps its place in the whole ledger (`sequence`) and in its stream (`version`), the instant of recording, who recorded it and for which agency.


        """;

    private static readonly XElement[] Comments = [.. XDocument.Load(Path.ChangeExtension(typeof(LedgerEvent).Assembly.Location, ".xml")).Descendants("member")];
    private static readonly NullabilityInfoContext Nullability = new();

    [Fact]
    public void the_catalogue_is_what_the_code_says()
    {
        var text = new StringBuilder(Introduction);
        var parts = new List<Type>();
        foreach (var stream in new[] { typeof(AgreementEvent), typeof(MeetingEvent), typeof(AgencyEvent) })
        {
            text.Append(CultureInfo.InvariantCulture, $"## {stream.Name[..^5]} stream\n\n{Meaning($"T:{stream.FullName}")}\n\n");
            var own = stream.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly);
            if (own.Length > 0)
                text.Append("Each of its events has\n\n").Append(Members(own, parts)).Append('\n');
            foreach (var kind in EventNames.Stored.Keys.Where(k => k.BaseType == stream).OrderBy(k => k.MetadataToken))
                text.Append(Event(kind, parts));
        }

        text.Append("## Parts of events\n\n### Day\n\n").Append(Meaning($"T:{typeof(Day).FullName}")).Append("\n\n");
        for (var i = 0; i < parts.Count; i++)
            text.Append(Part(parts[i], parts));

        Repository.IsKeptIn(text.ToString().TrimEnd() + "\n", "docs", "events.md");
    }

    private static string Event(Type kind, List<Type> parts)
    {
        var stored = EventNames.Stored[kind];
        var text = new StringBuilder($"### {kind.Name}\n\nStored as `{stored}`, in the API `{EventNames.OnTheWire(kind)}`.\n\n{Meaning($"T:{kind.FullName}")}\n\n");
        var members = kind.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly);
        text.Append(members.Length == 0 ? "It has no members of its own.\n" : Members(members, parts));

        var golden = Repository.Path("tests", "Ledger.Domain.Tests", "Golden", $"{stored}.v1.json");
        text.Append("\n```json\n").Append(JsonNode.Parse(File.ReadAllText(golden))!.ToJsonString(new JsonSerializerOptions(LedgerJson.Options) { WriteIndented = true, NewLine = "\n" })).Append("\n```\n\n");
        return text.ToString();
    }

    private static string Part(Type part, List<Type> parts) => $"### {part.Name}\n\n{Meaning($"T:{part.FullName}")}\n\n" + (part.IsEnum
        ? "| value | meaning |\n|---|---|\n" + string.Concat(Enum.GetNames(part).Select(name => $"| `{JsonSerializer.SerializeToNode(Enum.Parse(part, name), part, LedgerJson.Options)}` | {Meaning($"F:{part.FullName}.{name}")} |\n"))
        : part == typeof(Period) ? ""
        : Members(part.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly), parts)) + "\n";

    private static string Members(PropertyInfo[] members, List<Type> parts) => "| member | type | | meaning |\n|---|---|---|---|\n" + string.Concat(members
        .Where(m => m.GetMethod!.GetParameters().Length == 0)
        .Select(m => $"| `{JsonNamingPolicy.CamelCase.ConvertName(m.Name)}` | {Kind(m.PropertyType, parts)} | {(IsOptional(m) ? "optional" : "")} | {Meaning(m)} |\n"));

    // What is no parameter of the record has a value of its own where none is given.
    private static bool IsOptional(PropertyInfo member) =>
        Nullability.Create(member).ReadState == NullabilityState.Nullable
        || !member.DeclaringType!.GetConstructors().Any(c => c.GetParameters().Any(p => p.Name == member.Name));

    private static string Kind(Type type, List<Type> parts)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>))
            return $"list of {Kind(type.GetGenericArguments()[0], parts)}";
        if (type == typeof(string))
            return "text";
        if (type == typeof(bool))
            return "true or false";
        if (type == typeof(long) || type == typeof(int) || type == typeof(decimal))
            return "number";
        if (type == typeof(DateOnly))
            return "`YYYY-MM-DD`";
        if (type == typeof(JsonNode))
            return "any JSON value";
        if (type == typeof(Day))
            return "[day](#day)";

        if (!parts.Contains(type))
            parts.Add(type);
        return $"[{type.Name}](#{type.Name.ToLowerInvariant()})";
    }

    private static string Meaning(PropertyInfo member)
    {
        var parameter = Comment($"T:{member.DeclaringType!.FullName}")?.Elements("param").FirstOrDefault(p => p.Attribute("name")!.Value == member.Name);
        return parameter is not null ? Text(parameter) : Meaning($"P:{member.DeclaringType.FullName}.{member.Name}");
    }

    private static string Meaning(string id) => Text(Comment(id)?.Element("summary") ?? throw new InvalidOperationException($"{id} has no comment."));

    private static XElement? Comment(string id) => Array.Find(Comments, c => c.Attribute("name")!.Value == id);

    private static string Text(XElement comment) => Space().Replace(string.Concat(comment.Nodes().Select(node => node switch
    {
        XElement { Name.LocalName: "see" } see => $"`{See(see.Attribute("cref")!.Value)}`",
        XElement code => $"`{code.Value}`",
        _ => ((XText)node).Value,
    })), " ").Trim().Replace("|", "\\|", StringComparison.Ordinal);

    // The value of an enumeration by its name on the wire, anything else by its own.
    private static string See(string id)
    {
        var name = id[(id.LastIndexOf('.') + 1)..];
        return id[0] == 'F' ? JsonNamingPolicy.CamelCase.ConvertName(name) : name;
    }

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex Space();
}
