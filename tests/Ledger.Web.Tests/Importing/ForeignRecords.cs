using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Ledger.Web.Tests.Importing;

/// <summary>
/// An example of a converter: turns records of UK Treaties Online, of the manytreaties collection (ggo) and of the UN Treaty Collection (mtdsg), as
/// they lie in <c>../shared/data</c>, into lines of the Ledger's own format.
/// </summary>
internal sealed partial class ForeignRecords
{
    private const string NotNamed = "NOT-NAMED";
    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Article VIII of the Registration Convention, 19 of the Moon Agreement, 10 of the Brussels Convention: each enters into force by five instruments.
    private static readonly Dictionary<string, JsonObject> RulesOfUnTreaties = new(StringComparer.Ordinal)
    {
        ["mtdsg:24-1"] = new() { ["rule"] = "count", ["count"] = 5 },
        ["mtdsg:24-2"] = new() { ["rule"] = "count", ["count"] = 5, ["delay"] = "P30D" },
        ["mtdsg:25-1"] = new() { ["rule"] = "count", ["count"] = 5, ["delay"] = "P3M" },
    };

    // The records give no last day for what the protocols prolonged: each prolongation is taken to reach to the day on which the next was signed,
    // the last of them to the day on which the Convention of ESRO entered into force.
    private static readonly (string AgreedOn, string Until)[] ProlongationsOfCopers =
    [
        ("1962-02-21", "1962-11-23"), ("1962-11-23", "1963-06-21"), ("1963-06-21", "1963-12-13"), ("1963-12-13", "1964-03-20"),
    ];

    private readonly Dictionary<string, string> _codes = new(StringComparer.Ordinal);
    private readonly List<JsonObject> _agencies = [];
    private readonly List<JsonObject> _acts = [];

    /// <summary>The lines: every agency first, then the agreements with their acts.</summary>
    public IEnumerable<string> Lines => _agencies.Concat(_acts).Select(line => line.ToJsonString(Plain));

    /// <summary>How many agreements there are among them.</summary>
    public int Agreements { get; private set; }

    /// <summary>The reference under which a record is brought in.</summary>
    public static string ReferenceOf(string id, string prefix = "") => prefix + id.Replace(':', '-').ToUpperInvariant();

    /// <summary>Takes the records of a file.</summary>
    public void Take(string path, string prefix = "")
    {
        foreach (var line in File.ReadLines(path, Encoding.UTF8))
        {
            var record = JsonNode.Parse(line)!.AsObject();
            Agreements++;
            if ((string)record["source"]! == "uk")
                TakeUk(record, prefix);
            else
                TakeByParty(record, prefix);
        }
    }

    /// <summary>Writes the lines to a file.</summary>
    public void Write(string path) => File.WriteAllLines(path, Lines, new UTF8Encoding(false));

    private void TakeUk(JsonObject record, string prefix)
    {
        var reference = ReferenceOf((string)record["id"]!, prefix);
        var parties = Names(record["parties"]).Select(name => Agency(name)).Distinct(StringComparer.Ordinal).ToList();
        var flags = new JsonArray();
        if (parties.Count == 0)
        {
            parties.Add(Agency("Party not named by the source", NotNamed));
            flags.Add("parties-not-named");
        }

        var acts = record["actions"]!.AsArray().ToLookup(a => (string)a!["action"]!, CountingDay!, StringComparer.Ordinal);
        var (signed, inForce) = (acts["signature"].FirstOrDefault(), acts["entry_into_force"].FirstOrDefault());
        var untold = record["actions"]!.AsArray().Where(a => (string)a!["action"]! is "withdrawal" or "unofficial_information").ToList();
        if (untold.Count > 0)
            flags.Add("act-not-mapped");

        var counting = acts.Where(a => a.Key is not ("withdrawal" or "unofficial_information")).SelectMany(a => a).Order(StringComparer.Ordinal).ToList();
        Propose(record, reference, parties, counting.FirstOrDefault(), inForce, flags, untold.Select(a => $"{(string)a!["action"]!} on {CountingDay(a)}"));
        foreach (var party in parties)
        {
            if (signed is not null)
                Act("signed", reference, ("party", party), ("signedOn", signed));
            if (inForce is not null && signed is null)
                Act("ratified", reference, ("party", party), ("instrument", "accession"), ("ratifiedOn", inForce));

            // In force with effect from a day before the signature.
            if (inForce is not null && string.CompareOrdinal(inForce, signed) < 0)
                Act("ratified", reference, ("party", party), ("instrument", "definitiveSignature"), ("ratifiedOn", signed), ("effectiveOn", inForce));
        }

        foreach (var provisional in record["actions"]!.AsArray().Where(a => (string)a!["action"]! == "provisional_entry_into_force"))
            Act("provisionallyApplied", reference, ("occurredOn", EventDay(provisional!)), ("effectiveOn", Effective(provisional!)));
        foreach (var termination in record["actions"]!.AsArray().Where(a => (string)a!["action"]! == "termination"))
            Act("terminated", reference, ("occurredOn", EventDay(termination!)), ("effectiveOn", Effective(termination!)));
        if (reference == "SPACE-UK-70621")
        {
            foreach (var (agreedOn, until) in ProlongationsOfCopers)
                Act("extended", reference, ("agreedOn", agreedOn), ("until", until));
        }
    }

    private void TakeByParty(JsonObject record, string prefix)
    {
        var id = (string)record["id"]!;
        var reference = ReferenceOf(id, prefix);
        var parties = record["parties"]!.AsArray().Select(p => (Code: PartyCode(p!), Acts: p!["actions"]!.AsArray().ToLookup(a => (string)a!["action"]!, Written!, StringComparer.Ordinal))).ToList();
        var inForce = record["dates"]?["entry_into_force"] is { } entry ? Written(new JsonObject { ["date"] = entry.DeepClone() }) : null;
        var ended = record["dates"]?["termination"] is { } end ? Written(new JsonObject { ["date"] = end.DeepClone() }) : null;
        var original = parties.Where(p => inForce is not null && p.Acts["entry_into_force"].Contains(inForce)).Select(p => p.Code).ToList();
        var rule = RulesOfUnTreaties.GetValueOrDefault(id) ?? (original.Count > 0 ? new() { ["rule"] = "named", ["parties"] = Array(original) } : null);
        var earliest = parties.SelectMany(p => p.Acts["signature"].Concat(p.Acts["accession"])).Select(day => day.TrimEnd('?')).Order(StringComparer.Ordinal).FirstOrDefault();
        var consents = parties.ToDictionary(
            p => p.Code,
            p => new[] { "ratification", "accession", "succession" }.SelectMany(action => p.Acts[action].Select(day => (Action: action, Day: day))).OrderBy(c => c.Day, StringComparer.Ordinal).ToList(),
            StringComparer.Ordinal);

        // Whoever deposited with several depositaries consented by the first deposit.
        var further = consents.SelectMany(c => c.Value.Skip(1).Select(x => $"further deposit: {c.Key} on {x.Day}")).ToList();
        Propose(record, reference, [.. parties.Select(p => p.Code)], earliest, rule, [], further);
        foreach (var (party, acts) in parties)
        {
            var from = acts["entry_into_force"].FirstOrDefault();
            var signed = acts["signature"].FirstOrDefault();
            if (signed is not null)
                Act("signed", reference, ("party", party), ("signedOn", signed));
            foreach (var (action, day) in consents[party].Take(1))
                Act("ratified", reference, ("party", party), ("instrument", action == "ratification" && signed is null ? "accession" : action), ("ratifiedOn", day), ("effectiveOn", from));
            if (from is not null && consents[party].Count == 0)
                Act("ratified", reference, ("party", party), ("instrument", signed is null ? "accession" : "definitiveSignature"), ("ratifiedOn", signed ?? from), ("effectiveOn", from));
            foreach (var left in acts["end"].Where(day => ended is null && day.Length > 0))
                Act("withdrawn", reference, ("party", party), ("occurredOn", left));
        }

        if (ended is not null)
            Act("terminated", reference, ("occurredOn", ended));
    }

    private void Propose(JsonObject record, string reference, List<string> parties, string? proposedOn, object? entryIntoForce, JsonArray flags, IEnumerable<string> untold)
    {
        var line = new JsonObject { ["kind"] = "proposed", ["reference"] = reference, ["title"] = ((string)record["title"]!).Trim(), ["parties"] = Array(parties) };
        string[] told =
        [
            .. new[] { "type", "subject", "place", "form", "depositary" }.Select(member => (member, value: (record[member] as JsonValue)?.ToString())).Where(x => !string.IsNullOrWhiteSpace(x.value)).Select(x => $"{x.member}: {x.value}"),
            .. Names(record["territories"]).Select(name => $"territory: {name}"),
            .. untold,
        ];
        if (told.Length > 0)
            line["summary"] = string.Join("; ", told);
        if (proposedOn is not null)
            line["proposedOn"] = proposedOn;
        if (parties.Count == 1)
            line["open"] = true;
        if (entryIntoForce is string day)
            line["entryIntoForce"] = new JsonObject { ["rule"] = "date", ["date"] = day };
        else if (entryIntoForce is JsonObject rule)
            line["entryIntoForce"] = rule.DeepClone();
        if (reference == "SPACE-UK-70621")
            line["term"] = new JsonObject { ["until"] = ProlongationsOfCopers[0].AgreedOn };
        if (flags.Count > 0)
            line["flags"] = flags;
        _acts.Add(line);
    }

    private void Act(string kind, string reference, params (string Name, string? Value)[] members)
    {
        var line = new JsonObject { ["kind"] = kind, ["agreement"] = reference };
        foreach (var (name, value) in members)
        {
            if (value is not null)
                line[name] = value;
        }

        _acts.Add(line);
    }

    private string PartyCode(JsonNode party) => Agency((string?)party["name"] ?? (string)party["party"]!, party["name"] is null && ((string)party["party"]!).Length > 3 ? null : (string)party["party"]!);

    private string Agency(string name, string? code = null)
    {
        var key = code ?? name;
        if (_codes.TryGetValue(key, out var known))
            return known;

        var slug = NotInCodes().Replace((code ?? name).ToUpperInvariant(), "-").Trim('-');
        slug = slug.Length > 40 ? slug[..40].TrimEnd('-') : slug;
        for (var n = 2; _codes.ContainsValue(slug); n++)
            slug = $"{slug[..Math.Min(slug.Length, 36)].TrimEnd('-')}-{n}";
        _agencies.Add(new JsonObject { ["kind"] = "agency", ["code"] = slug, ["name"] = name, ["agencyKind"] = "state" });
        return _codes[key] = slug;
    }

    private static IEnumerable<string> Names(JsonNode? names) => (names as JsonArray ?? []).Select(name => ((string)name!).Trim());

    private static JsonArray Array(IEnumerable<string> values) => [.. values.Select(value => (JsonNode)value)];

    private static string EventDay(JsonNode act) => (string)act["date"]!["earliest"]!;

    private static string? Effective(JsonNode act) => (string?)act["effective"]?["earliest"];

    private static string CountingDay(JsonNode act) => Effective(act) ?? EventDay(act);

    // Days without bounds, such as an end that never comes, are none.
    private static string Written(JsonNode act) => (string?)act["date"]?["earliest"] is { } day ? (bool?)act["date"]!["uncertain"] == true ? day + "?" : day : "";

    [GeneratedRegex("[^A-Z0-9]+", RegexOptions.None, 1000)]
    private static partial Regex NotInCodes();
}
