using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Ledger.Web.Tests;

namespace Ledger.Fuzz;

/// <summary>An agreement as a player knows it.</summary>
internal sealed class Pact(string reference, string id, IEnumerable<string> parties, DateOnly day, bool open)
{
    public string Reference { get; } = reference;

    public string Id { get; } = id;

    public List<string> Parties { get; } = [.. parties];

    public bool Open { get; } = open;

    public long Version { get; set; } = 1;

    /// <summary>The day of the last act.</summary>
    public DateOnly Day { get; set; } = day;

    public int Phases { get; set; }

    public HashSet<int> Completed { get; } = [];

    public HashSet<string> Signed { get; } = [];

    public HashSet<string> Ratified { get; } = [];

    public HashSet<string> Leaving { get; } = [];

    public bool IsSuspended { get; set; }

    public bool IsProvisional { get; set; }

    public DateOnly? Until { get; set; }

    public List<string> Documents { get; } = [];

    /// <summary>How often in a row something meant well was refused; then it is let go.</summary>
    public int Refused { get; set; }

    public bool IsInForce => Parties.TrueForAll(Ratified.Contains);
}

/// <summary>A meeting as a player knows it.</summary>
/// <param name="Reference">Its reference.</param>
/// <param name="Id">Its id.</param>
/// <param name="HeldOn">When it was held.</param>
internal sealed record Gathering(string Reference, string Id, DateOnly HeldOn)
{
    public long Version { get; set; } = 1;
}

/// <summary>What one player knows of the record, all of it recorded by that player: nobody else touches it.</summary>
internal sealed class World(string name, Dice dice, Func<string, string?, string?, Person> sign)
{
    private static readonly string[] Words = ["Soyuz", "Bion", "Cardiomed", "Союз", "télémédecine", "lunar surface", "Space Climate Observatory", "étude", "эксперимент", "Sirius"];

    private readonly List<string> _agencies = [];
    private readonly List<string> _free = [];
    private int _last;

    public List<Pact> Pacts { get; } = [];

    public List<Gathering> Meetings { get; } = [];

    public List<string> Imports { get; } = [];

    /// <summary>Persons whom nobody but this player has named.</summary>
    public List<string> Persons { get; } = [];

    public List<(string Target, string Cursor)> Cursors { get; } = [];

    public List<string> Instants { get; } = ["2030-01-01T00:00:00Z", "2020-02-20T00:00:00+03:00"];

    public long Sequence { get; set; } = 1;

    public IReadOnlyList<string> Agencies => _agencies;

    public Person Registrar { get; } = sign($"Registrar {name}", null, "registrar");

    public Person Auditor { get; } = sign($"Auditor {name}", null, "auditor");

    public Person Reader { get; } = sign($"Reader {name}", "NOWHERE", null);

    /// <summary>Officers by their agency.</summary>
    public Dictionary<string, Person> Officers { get; } = [];

    /// <summary>Somebody else than the one who may: an officer of another agency, an auditor, a reader, nobody.</summary>
    public Person Anybody() => dice.Below(6) switch
    {
        0 => Person.Nobody,
        1 => Reader,
        2 => Auditor,
        3 => Registrar,
        _ => Officers.Count > 0 ? dice.Of([.. Officers.Values]) : Reader,
    };

    /// <summary>A number that this player has not used.</summary>
    public int Next() => ++_last;

    public string NewKey() => string.Create(CultureInfo.InvariantCulture, $"{name}-{Next()}");

    /// <summary>Begins anew with agencies of its own, so that what one party has never grows without bounds.</summary>
    public void Refresh()
    {
        _agencies.Clear();
        _free.Clear();
        Officers.Clear();
        Pacts.Clear();
        Meetings.Clear();
        Cursors.Clear();
    }

    /// <summary>A valid request for the operation; null where there is nothing yet that it could be about.</summary>
    public Shot? Valid(string operation, JsonNode description)
    {
        var (method, pattern) = (operation.Split(' ')[0], operation.Split(' ')[1]);
        return method switch
        {
            "GET" => Read(operation, pattern, description),
            "PUT" => Keep(operation, pattern),
            _ => Write(operation, pattern),
        };
    }

    // ------------------------------------------------------------------ reads

    private Shot? Read(string operation, string pattern, JsonNode description)
    {
        var target = pattern;
        var pact = Pacts.Count > 0 ? dice.Of(Pacts) : null;
        foreach (var parameter in description["parameters"]?.AsArray().Where(p => p.Text("in") == "path").Select(p => p.Text("name")!) ?? [])
        {
            var value = (parameter, pattern) switch
            {
                ("code", _) => _agencies.Count > 0 ? dice.Of(_agencies) : null,
                ("id", _) when pattern.Contains("/meetings/", StringComparison.Ordinal) => Meetings.Count > 0 ? dice.Of(Meetings) is var m && dice.Percent(80) ? m.Reference : m.Id : null,
                ("id", _) when pattern.Contains("/imports/", StringComparison.Ordinal) => Imports.Count > 0 ? dice.Of(Imports) : null,
                ("id", _) when pattern.Contains("/persons/", StringComparison.Ordinal) => Persons.Count > 0 ? dice.Of(Persons) : null,
                ("id", _) when pattern.Contains("/documents/", StringComparison.Ordinal) => (pact = Pacts.Find(p => p.Documents.Count > 0))?.Reference,
                ("id", _) => pact is null ? null : dice.Percent(80) ? pact.Reference : pact.Id,
                ("sha256", _) => pact?.Documents.Count > 0 ? dice.Of(pact.Documents) : null,
                _ => Example(description, parameter),
            };
            if (value is null)
                return null;
            target = target.Replace($"{{{parameter}}}", value, StringComparison.Ordinal);
        }

        var query = new List<string>();
        var path = target;
        foreach (var parameter in description["parameters"]?.AsArray().Where(p => p.Text("in") == "query") ?? [])
        {
            if (parameter.Text("required") != "true" && !dice.Percent(25))
                continue;
            if (QueryValue(parameter!, path, pact) is { } value)
                query.Add($"{parameter.Text("name")}={Uri.EscapeDataString(value)}");
            if (parameter.Text("name") == "party" && pattern.EndsWith("/portfolio", StringComparison.Ordinal) && dice.Percent(60) && _agencies.Count > 0)
                query.Add($"party={dice.Of(_agencies)}");
        }

        // What was known before anything was recorded says no more than that nothing is there.
        var accepts = description["responses"]?["200"]?["content"]?.AsObject().Select(c => c.Key).ToList() ?? [];
        var caller = pattern.Contains("/imports", StringComparison.Ordinal) ? dice.Any(Registrar, Auditor) : pattern.Contains("/persons", StringComparison.Ordinal) ? Registrar : dice.Percent(20) ? Auditor : dice.Percent(20) ? Reader : Registrar;
        var shot = new Shot(operation, "GET", query.Count == 0 ? target : $"{target}?{string.Join('&', query)}", caller);
        if (accepts.Count > 0 && dice.Percent(70))
            shot = shot.With("Accept", dice.Of(accepts));
        if (dice.Percent(5) && description["responses"]?["304"] is not null)
            shot = shot.With("If-None-Match", $"\"{pact?.Version}\"");
        return shot;
    }

    private string? QueryValue(JsonNode parameter, string path, Pact? pact)
    {
        string Number(long least, long most) => (least + dice.Below((int)Math.Min(int.MaxValue, most - least + 1))).ToString(CultureInfo.InvariantCulture);
        string Point() => dice.Below(3) switch { 0 => AnyDay(), 1 => dice.Of(Instants), _ => Number(1, pact?.Version ?? 1) };
        return parameter.Text("name") switch
        {
            "party" or "agency" => _agencies.Count > 0 ? dice.Of(_agencies) : null,
            "asOf" or "expiresBefore" => AnyDay(),
            "knownAt" => dice.Of(Instants),
            "version" => Number(1, pact?.Version ?? 1),
            "limit" => Number(1, dice.Percent(90) ? 30 : 1_000),
            "after" => Number(0, Sequence),
            "notBefore" => "1",
            "cursor" => Cursors.Find(c => c.Target == path).Cursor,
            "since" => dice.Percent(50) ? dice.Of(Instants) : Number(0, Sequence),
            "from" or "to" => Point(),
            "q" when path == "/api/v1/persons" => _agencies.Count > 0 ? HeadOf(dice.Of(_agencies)) : null,
            "q" => dice.Of(Words),
            "field" => dice.Any("life-sciences", "lunar", "climate"),
            "meeting" => Meetings.Count > 0 ? dice.Of(Meetings).Reference : null,
            "check" => dice.Any("true", "false"),
            "name" => "file.jsonl",
            "lang" => dice.Any("en", "fr", "ru"),
            _ when parameter["schema"]?["enum"] is JsonArray values => dice.Of([.. values.Select(v => v!.GetValue<string>())]),
            _ => parameter["example"].AsText(),
        };
    }

    private static string? Example(JsonNode description, string parameter) =>
        description["parameters"]!.AsArray().First(p => p.Text("name") == parameter)!["example"].AsText();

    // ----------------------------------------------------------------- writes

    private Shot Keep(string operation, string pattern)
    {
        var isNew = _agencies.Count < 8 || dice.Percent(25);
        var code = isNew ? string.Create(CultureInfo.InvariantCulture, $"{name}.{Next()}") : dice.Of(_agencies);
        var body = new JsonObject
        {
            ["name"] = $"Agency {code} {Next()}",
            ["kind"] = dice.Any("agency", "institute", "ministry", "organisation", "company", "state"),
        };
        if (dice.Percent(40))
            body["country"] = dice.Any("FR", "RU", "IT");
        if (dice.Percent(30))
            body["names"] = new JsonObject { ["fr"] = $"Agence {code}", ["ru"] = $"Агентство {code}" };
        if (!isNew && dice.Percent(30))
            body["occurredOn"] = "2015-06-01";
        return new Shot(operation, "PUT", pattern.Replace("{code}", code, StringComparison.Ordinal), Registrar) { Headers = [("Content-Type", "application/json")] }.WithBody(body.ToJsonString());
    }

    private Shot? Write(string operation, string pattern)
    {
        if (pattern == "/dev/tokens")
            return new Shot(operation, "POST", pattern, Person.Nobody) { Headers = [("Content-Type", "application/json")] }.WithBody($"{{\"name\":\"Anna {Next()}\",\"agency\":\"CNES\",\"roles\":[\"{dice.Any("officer", "auditor", "registrar")}\"]}}");
        if (_agencies.Count < 4)
            return null;
        if (pattern == "/api/v1/imports")
            return Import(operation, pattern);

        var (target, body, caller, version) = pattern switch
        {
            "/api/v1/agencies/{code}/succession" => Succession(),
            "/api/v1/agreements" => Proposal(),
            "/api/v1/meetings" => Meeting(),
            "/api/v1/persons/{id}/erasure" => Persons.Count == 0 ? default : ($"/api/v1/persons/{dice.Of(Persons)}/erasure", new() { ["reason"] = "Asked for it.", ["legalBasis"] = "GDPR, Article 17(1)(b)" }, Registrar, null),
            "/api/v1/meetings/{id}/minutes-approvals" => OnMeeting("minutes-approvals", m => new() { ["agency"] = dice.Of([.. _agencies.Take(3)]), ["approvedOn"] = Text(m.HeldOn.AddDays(dice.Below(60))) }),
            "/api/v1/meetings/{id}/corrections" => OnMeeting("corrections", Correction),
            _ when pattern.StartsWith("/api/v1/agreements/{id}/", StringComparison.Ordinal) => OnPact(pattern["/api/v1/agreements/{id}/".Length..]),
            _ => default,
        };
        if (body is null)
            return null;

        var shot = new Shot(operation, "POST", target, caller!) { Headers = [("Content-Type", "application/json"), ("Idempotency-Key", NewKey())] }.WithBody(body.ToJsonString());
        return version is null ? shot : shot.With("If-Match", dice.Percent(80) ? $"\"{version}\"" : "*");
    }

    private static string HeadOf(string agency) => $"Head of {agency}";

    private (string Target, JsonObject? Body, Person? Caller, long? Version) Succession()
    {
        // One that stands in no agreement, so that those go on.
        if (_free.Count == 0)
            return default;
        var code = dice.Of(_free);
        return ($"/api/v1/agencies/{code}/succession", new() { ["successor"] = dice.Of(_agencies), ["occurredOn"] = "2016-01-01" }, Registrar, null);
    }

    private (string Target, JsonObject? Body, Person? Caller, long? Version) Proposal()
    {
        var body = ProposalBody(new DateOnly(1990, 1, 1).AddDays(dice.Below(9_000)));
        return ("/api/v1/agreements", body, dice.Percent(50) ? Registrar : Officers[body.Text("parties/0")!], null);
    }

    private JsonObject ProposalBody(DateOnly day)
    {
        var parties = _agencies.OrderBy(_ => dice.Below(1_000)).Take(dice.Percent(80) ? 2 : 4).ToList();
        var body = new JsonObject { ["title"] = $"{dice.Of(Words)} {name} {Next()}", ["parties"] = new JsonArray([.. parties.Select(p => (JsonNode)p)]), ["proposedOn"] = Text(day) };
        if (dice.Percent(40))
            body["summary"] = dice.Of(Words) + (dice.Percent(10) ? Hostile.Script : "");
        if (dice.Percent(30))
            body["fields"] = new JsonArray("life-sciences", "lunar");
        if (dice.Percent(20))
            body["institutes"] = new JsonArray(dice.Of(_agencies));
        if (dice.Percent(20))
            body["open"] = true;
        if (dice.Percent(50))
            body["phases"] = new JsonArray([.. Enumerable.Range(1, dice.Between(1, 3)).Select(n => (JsonNode)new JsonObject { ["title"] = $"Phase {n}", ["plannedEnd"] = "2028-01" })]);
        if (dice.Percent(40))
        {
            body["entryIntoForce"] = dice.Below(4) switch
            {
                0 => new JsonObject { ["rule"] = "allParties", ["delay"] = dice.Any("P30D", "P1M", "P2W"), ["firstOfMonth"] = true },
                1 => new JsonObject { ["rule"] = "count", ["count"] = parties.Count, ["excludeOrganisations"] = true },
                2 => new JsonObject { ["rule"] = "named", ["parties"] = new JsonArray([.. parties.Take(2).Select(p => (JsonNode)p)]) },
                _ => new JsonObject { ["rule"] = "date", ["date"] = Text(day.AddDays(500)) },
            };
        }

        if (dice.Percent(40))
            body["term"] = dice.Percent(50) ? new JsonObject { ["until"] = "2031-12-31" } : new JsonObject { ["length"] = dice.Any("P5Y", "P40Y", "P9999Y") };
        if (dice.Percent(10))
            body["visibility"] = "restricted";
        return body;
    }

    private (string Target, JsonObject? Body, Person? Caller, long? Version) Meeting()
    {
        var heldOn = new DateOnly(2020, 2, 14).AddDays(dice.Below(1_500));
        var outcomes = new JsonArray();
        var used = new HashSet<string>();
        for (var n = dice.Between(0, 6); n > 0; n--)
        {
            if (dice.Percent(25))
            {
                var proposal = ProposalBody(heldOn);
                proposal["kind"] = "proposed";
                proposal.Remove("proposedOn");
                outcomes.Add(proposal);
                if (dice.Percent(50))
                    outcomes.Add(new JsonObject { ["kind"] = "discussed", ["agreement"] = $"/outcomes/{outcomes.Count - 1}", ["summary"] = "At once." });
            }
            else if (Pacts.Count > 0 && dice.Of(Pacts) is { } pact && used.Add(pact.Reference))
            {
                var act = dice.Percent(30) ? "discussions" : dice.Of(Acts);
                if (ActBody(act, pact, heldOn) is not { } outcome)
                    continue;
                outcome["kind"] = Kinds[act.StartsWith("phases/", StringComparison.Ordinal) ? "phases/{phase}/completion" : act];
                outcome["agreement"] = dice.Percent(80) ? pact.Reference : pact.Id;
                if (dice.Percent(30))
                    outcome["expectedVersion"] = pact.Version;
                outcomes.Add(outcome);
            }
        }

        var agencies = _agencies.Take(3).ToList();
        var body = new JsonObject
        {
            ["title"] = $"Meeting {name} {Next()}",
            ["heldOn"] = Text(heldOn),
            ["participants"] = new JsonArray([.. agencies.Select(a => (JsonNode)new JsonObject { ["name"] = HeadOf(a), ["office"] = "President", ["agency"] = a })]),
            ["outcomes"] = outcomes,
        };
        if (dice.Percent(50))
            body["place"] = new JsonObject { ["city"] = "Moscow", ["country"] = "RU", ["venue"] = "Embassy of France", ["timeZone"] = "Europe/Moscow" };
        if (dice.Percent(30))
            body["host"] = new JsonObject { ["name"] = "Pierre Levy", ["office"] = "Ambassador" };
        if (dice.Percent(30))
            body["agenda"] = new JsonArray("Review", "Next steps");
        return ("/api/v1/meetings", body, dice.Percent(60) ? Registrar : Officers[agencies[0]], null);
    }

    private (string Target, JsonObject? Body, Person? Caller, long? Version) OnMeeting(string route, Func<Gathering, JsonObject> body)
    {
        if (Meetings.Count == 0)
            return default;
        var meeting = dice.Of(Meetings);
        return ($"/api/v1/meetings/{meeting.Reference}/{route}", body(meeting), Registrar, route == "corrections" || dice.Percent(30) ? meeting.Version : null);
    }

    private JsonObject Correction(Gathering meeting) => dice.Below(4) switch
    {
        0 => Correcting("/title", $"Better {Next()}"),
        1 => Correcting("/participants/0", new JsonObject { ["name"] = $"Name {Next()}", ["office"] = "Head" }),
        2 => Correcting("/place", new JsonObject { ["city"] = "Paris" }),
        _ => Correcting("/agenda", new JsonArray("A", $"B {Next()}")),
    };

    private static JsonObject Correcting(string field, JsonNode? value, long corrects = 1) => new() { ["corrects"] = corrects, ["field"] = field, ["value"] = value, ["reason"] = "Misspelt." };

    private static readonly string[] Acts = ["signatures", "ratifications", "phases", "phases/{phase}/completion", "achievements", "extensions", "amendments", "suspensions", "resumptions", "withdrawals", "terminations", "provisional-application", "withdrawal-revocations", "proposal-withdrawal"];

    private static readonly Dictionary<string, string> Kinds = new()
    {
        ["discussions"] = "discussed",
        ["signatures"] = "signed",
        ["ratifications"] = "ratified",
        ["phases"] = "phasePlanned",
        ["phases/{phase}/completion"] = "phaseCompleted",
        ["achievements"] = "achieved",
        ["extensions"] = "extended",
        ["amendments"] = "amended",
        ["suspensions"] = "suspended",
        ["resumptions"] = "resumed",
        ["withdrawals"] = "withdrawn",
        ["terminations"] = "terminated",
        ["provisional-application"] = "provisionallyApplied",
        ["withdrawal-revocations"] = "withdrawalRevoked",
        ["proposal-withdrawal"] = "proposalWithdrawn",
    };

    private (string Target, JsonObject? Body, Person? Caller, long? Version) OnPact(string route)
    {
        // Half of the time one for which the act is known to be possible.
        foreach (var pact in Pacts.OrderBy(_ => dice.Below(10_000)).Take(12))
        {
            var day = pact.Day.AddDays(dice.Between(0, 40));
            if (day > new DateOnly(2026, 1, 1))
                day = new DateOnly(2026, 1, 1);
            if (ActBody(route, pact, day) is not { } body)
                continue;
            var target = route.Contains("{phase}", StringComparison.Ordinal) ? route.Replace("{phase}", body.Text("phase")!, StringComparison.Ordinal) : route;
            if (route.Contains("{phase}", StringComparison.Ordinal))
                body.Remove("phase");
            var party = body.Text("party") ?? dice.Of(pact.Parties);
            return ($"/api/v1/agreements/{(dice.Percent(85) ? pact.Reference : pact.Id)}/{target}", body, dice.Percent(50) && Officers.TryGetValue(party, out var officer) ? officer : Registrar, pact.Version);
        }

        return default;
    }

    private JsonObject? ActBody(string route, Pact pact, DateOnly day)
    {
        var on = dice.Percent(8) ? string.Create(CultureInfo.InvariantCulture, $"{day.Year + 1:0000}") : Text(day);
        string? Party(Func<string, bool> wanted) => pact.Parties.Where(wanted).OrderBy(_ => dice.Below(100)).FirstOrDefault();
        JsonObject Dated(bool effective) => effective && dice.Percent(60) ? new() { ["occurredOn"] = on, ["effectiveOn"] = Text(day.AddDays(dice.Below(90))) } : new() { ["occurredOn"] = on };
        switch (route)
        {
            case "discussions":
                return new() { ["discussedOn"] = on, ["summary"] = $"{dice.Of(Words)} was discussed {Next()}.", ["topics"] = new JsonArray("budget") };
            case "signatures" when Party(p => !pact.Signed.Contains(p)) is { } party:
                var signature = new JsonObject { ["party"] = party, ["signedOn"] = Text(day), ["place"] = "Paris" };
                if (dice.Percent(40))
                    signature["signatory"] = new JsonObject { ["name"] = $"Signatory {Next()}", ["office"] = "President" };
                return signature;
            case "ratifications" when Party(p => pact.Signed.Contains(p) && !pact.Ratified.Contains(p)) is { } party:
                return new() { ["party"] = party, ["ratifiedOn"] = Text(day), ["instrument"] = dice.Any("ratification", "acceptance", "approval"), ["receivedOn"] = Text(day.AddDays(dice.Below(20))) };
            case "ratifications" when pact.Open && Party(p => !pact.Ratified.Contains(p)) is { } party:
                return new() { ["party"] = party, ["ratifiedOn"] = Text(day), ["instrument"] = "accession" };
            case "phases":
                return new() { ["title"] = $"Phase {Next()}", ["plannedEnd"] = dice.Any("2028", "2028-05", "2029-01-31") };
            case "phases/{phase}/completion" when Enumerable.Range(1, pact.Phases).FirstOrDefault(n => !pact.Completed.Contains(n)) is var phase and > 0:
                return new() { ["phase"] = phase.ToString(CultureInfo.InvariantCulture), ["completedOn"] = on, ["results"] = "Done." };
            case "achievements":
                return new()
                {
                    ["occurredOn"] = on,
                    ["title"] = $"Launch {Next()}",
                    ["counters"] = new JsonArray(new JsonObject { ["label"] = "flight", ["value"] = 23 }),
                    ["beneficiaries"] = new JsonArray(new JsonObject { ["item"] = "CHEOPS", ["agency"] = dice.Of(_agencies) }),
                };
            case "extensions" when pact.Until is { } until && until < new DateOnly(2090, 1, 1):
                return new() { ["until"] = Text(until.AddDays(dice.Between(1, 400))), ["agreedOn"] = Text(day), ["reason"] = "More to do." };
            case "amendments":
                var amendment = Dated(effective: true);
                amendment["summary"] = $"Article {Next()}.";
                return amendment;
            case "suspensions" when pact.IsInForce && !pact.IsSuspended:
            case "resumptions" when pact.IsSuspended:
                return Dated(effective: false);
            case "provisional-application" when !pact.IsInForce && !pact.IsProvisional:
                return Dated(effective: true);
            case "withdrawals" when pact.IsInForce && Party(p => !pact.Leaving.Contains(p)) is { } party:
                return new() { ["party"] = party, ["occurredOn"] = Text(day), ["effectiveOn"] = Text(day.AddDays(700)), ["reason"] = "Budget." };
            case "withdrawal-revocations" when Party(pact.Leaving.Contains) is { } party:
                return new() { ["party"] = party, ["occurredOn"] = Text(day) };
            case "terminations" when pact.IsInForce && dice.Percent(30):
                return new() { ["occurredOn"] = Text(day), ["ground"] = dice.Any("consent", "breach", "impossibility", "changeOfCircumstances"), ["reason"] = "Done." };
            case "proposal-withdrawal" when !pact.IsInForce && pact.Ratified.Count == 0 && dice.Percent(30):
                return Dated(effective: true);
            case "documents":
                return new() { ["name"] = $"minutes {Next()}.txt", ["mediaType"] = dice.Any("text/plain", "application/pdf"), ["content"] = Convert.ToBase64String([.. Enumerable.Range(0, dice.Between(1, 60)).Select(_ => (byte)dice.Below(256))]) };
            case "corrections":
                return dice.Below(7) switch
                {
                    0 => Correcting("/title", $"Better {Next()}"),
                    1 => Correcting("/summary", $"Better {Next()}"),
                    2 => Correcting("/titles", new JsonObject { ["fr"] = $"Mieux {Next()}" }),
                    3 => Correcting("/occurredOn", Text(pact.Day.AddDays(-dice.Below(30))), dice.Between(1, (int)pact.Version)),
                    4 => Correcting("", null, dice.Between(1, (int)pact.Version)),
                    5 => Correcting("/entryIntoForce", new JsonObject { ["rule"] = "date", ["date"] = Text(pact.Day.AddDays(90)) }),
                    _ => Correcting("/term", new JsonObject { ["length"] = "P50Y" }),
                };
            default:
                return null;
        }
    }

    // ---------------------------------------------------------------- imports

    private Shot Import(string operation, string pattern)
    {
        var isCsv = dice.Percent(30);
        var (one, two) = (dice.Of(_agencies), dice.Of(_agencies));
        var reference = string.Create(CultureInfo.InvariantCulture, $"OLD.{name}.{Next()}");
        var file = isCsv
            ? $"kind,reference,title,parties,proposedOn,agreement,party,signedOn\nproposed,{reference},Old {reference},\"[\"\"{one}\"\",\"\"{(one == two ? dice.Of([.. _agencies.Where(a => a != one)]) : two)}\"\"]\",1962-02?,,,\nsigned,,,,,{reference},{one},1962-02-21/1962-11-23\n"
            : $$"""
               {"kind":"proposed","reference":"{{reference}}","title":"Old {{reference}}","parties":["{{one}}","{{(one == two ? dice.Of([.. _agencies.Where(a => a != one)]) : two)}}"],"proposedOn":"1960-12?","flags":["unparsed-day"]}
               {"kind":"signed","agreement":"{{reference}}","party":"{{one}}","signedOn":"1960"}
               {"kind":"ratified","agreement":"{{reference}}","party":"{{one}}","ratifiedOn":"1959-01-01"}
               {"kind":"extended","agreement":"{{reference}}","agreedOn":"1962-02","until":"1962-11-23?"}
               {"kind":"meeting","reference":"M.{{reference}}","title":"Old","heldOn":"1963","participants":[{"name":"A","agency":"{{one}}"}],"outcomes":[{"kind":"discussed","agreement":"{{reference}}","summary":"x"}]}
               {"kind":"corrected","agreement":"{{reference}}","corrects":2,"field":"/place","value":"Paris","reason":"Unclear."}

               """;
        var body = dice.Percent(45) ? System.Text.Encoding.UTF8.GetBytes(file) : Hostile.File(file, isCsv, dice);
        return new Shot(operation, "POST", pattern + dice.Any("", "?check=true", "?name=old.jsonl"), Registrar)
        {
            Headers = [("Content-Type", isCsv ? "text/csv" : "application/x-ndjson"), ("Idempotency-Key", NewKey())],
            Body = body,
        };
    }

    // ----------------------------------------------------------------- learns

    /// <summary>Takes in what an answer says of the record.</summary>
    public void Learn(Shot shot, Reply reply)
    {
        if (reply.MediaType != "application/json" || reply.Body.Length > 200_000 || reply.Json is not JsonObject answer)
            return;
        if (shot.Method == "GET")
        {
            LearnRead(shot, reply, answer);
            return;
        }

        foreach (var entry in (answer["entries"] as JsonArray)?.OfType<JsonObject>() ?? [])
        {
            Sequence = Math.Max(Sequence, (long)entry["sequence"]!);
            if (Pacts.Find(p => p.Reference == entry.Text("agreement")) is { } pact)
                pact.Version = Math.Max(pact.Version, (long)entry["version"]!);
            if (Meetings.Find(m => m.Reference == entry.Text("meeting")) is { } meeting)
                meeting.Version = Math.Max(meeting.Version, (long)entry["version"]!);
        }

        var body = shot.Json;
        switch (shot.Operation)
        {
            case "PUT /api/v1/agencies/{code}" when answer.Text("code") is { } code && code.StartsWith(name, StringComparison.Ordinal) && !_agencies.Contains(code) && !_free.Contains(code):
                if (_agencies.Count < 8)
                {
                    _agencies.Add(code);
                    Officers[code] = sign($"Officer of {code}", code, "officer");
                }
                else
                {
                    _free.Add(code);
                }

                break;
            case "POST /api/v1/agencies/{code}/succession" when reply.Status == 201:
                _free.Remove(answer.Text("code")!);
                break;
            case "POST /api/v1/agreements" when reply.Status == 201 && body is not null:
                Add(body, answer.Text("reference")!, answer.Text("id")!, null);
                break;
            case "POST /api/v1/meetings" when body is not null && reply.Status == 201:
                Add(body, answer);
                break;
            case "POST /api/v1/imports":
                if (answer.Text("id") is { } id && !Imports.Contains(id))
                    Imports.Add(id);
                break;
            default:
                if (reply.Status == 201 && body is not null && (answer["entries"] as JsonArray)?.FirstOrDefault().Text("agreement") is { } reference && Pacts.Find(p => p.Reference == reference) is { } acted)
                    Acted(acted, shot.Operation[(shot.Operation.IndexOf("{id}/", StringComparison.Ordinal) + 5)..], body, shot.Target);
                break;
        }
    }

    /// <summary>Counts what was refused though it was meant well, and lets an agreement go of which too much was.</summary>
    public void WasRefused(Shot shot)
    {
        if (Pacts.Find(p => shot.Target.Contains(p.Reference + "/", StringComparison.Ordinal) || shot.Target.Contains(p.Id + "/", StringComparison.Ordinal)) is { } pact && ++pact.Refused > 6)
            Pacts.Remove(pact);
    }

    private void LearnRead(Shot shot, Reply reply, JsonObject answer)
    {
        var path = shot.Target.Split('?')[0];
        if (answer["next"] is JsonValue next && next.TryGetValue<string>(out var cursor))
        {
            Cursors.RemoveAll(c => c.Target == path);
            Cursors.Add((path, cursor));
            if (Cursors.Count > 60)
                Cursors.RemoveAt(0);
        }

        if (shot.Operation == "GET /api/v1/persons" && shot.Target.Contains(Uri.EscapeDataString(HeadOf($"{name}.")), StringComparison.Ordinal))
        {
            Persons.Clear();
            Persons.AddRange(answer["items"]!.AsArray().Select(p => p.Text("personId")!));
        }

        if (answer["knownAt"] is JsonValue at && at.TryGetValue<string>(out var instant) && dice.Percent(10))
        {
            if (Instants.Count > 20)
                Instants.RemoveAt(2);
            Instants.Add(instant);
        }

        if (shot.Operation == "GET /api/v1/agreements/{id}" && !shot.Target.Contains('?', StringComparison.Ordinal) && Pacts.Find(p => p.Reference == answer.Text("reference")) is { } pact && reply.Headers.TryGetValue("ETag", out var tag) && long.TryParse(tag.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            pact.Version = version;
    }

    private void Add(JsonObject proposal, string reference, string id, DateOnly? heldOn)
    {
        var day = DateOnly.TryParseExact(proposal.Text("proposedOn"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var exact) ? exact : heldOn ?? new DateOnly(2000, 1, 1);
        var pact = new Pact(reference, id, (proposal["parties"] as JsonArray)?.Select(p => p.AsText()!) ?? [], day, proposal.Text("open") == "true")
        {
            Phases = (proposal["phases"] as JsonArray)?.Count ?? 0,
            Until = proposal.Text("term/until") is "2031-12-31" ? new DateOnly(2031, 12, 31) : null,
        };
        Pacts.Add(pact);
        if (Pacts.Count > 60)
            Pacts.RemoveAt(dice.Below(10));
    }

    private void Add(JsonObject meeting, JsonObject answer)
    {
        var heldOn = DateOnly.TryParseExact(meeting.Text("heldOn"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : new DateOnly(2020, 2, 14);
        Meetings.Add(new(answer.Text("reference")!, answer.Text("id")!, heldOn));
        if (Meetings.Count > 30)
            Meetings.RemoveAt(0);

        var versions = answer["agreements"]!.AsArray().Select(a => (Id: a.Text("id")!, Reference: a.Text("reference")!, Version: (long)a!["version"]!)).ToList();
        var made = new Queue<(string Id, string Reference, long Version)>(versions.Where(v => Pacts.TrueForAll(p => p.Reference != v.Reference)));
        foreach (var outcome in meeting["outcomes"]?.AsArray().OfType<JsonObject>() ?? [])
        {
            if (outcome.Text("kind") == "proposed" && made.TryDequeue(out var proposed))
                Add(outcome, proposed.Reference, proposed.Id, heldOn);
            else if (Pacts.Find(p => p.Reference == outcome.Text("agreement") || p.Id == outcome.Text("agreement")) is { } pact && Kinds.FirstOrDefault(k => k.Value == outcome.Text("kind")).Key is { } route)
                Acted(pact, route, outcome, $"/phases/{outcome.Text("phase")}/");
        }

        foreach (var (_, reference, version) in versions)
        {
            if (Pacts.Find(p => p.Reference == reference) is { } pact)
                pact.Version = version;
        }
    }

    private void Acted(Pact pact, string route, JsonObject body, string target)
    {
        pact.Refused = 0;
        var party = body.Text("party") ?? "";
        if (new[] { "signedOn", "ratifiedOn", "occurredOn", "completedOn", "discussedOn", "receivedOn" }.Select(body.Text).FirstOrDefault(d => d is not null) is { } day
            && DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var on) && on > pact.Day && on < new DateOnly(2026, 1, 1))
            pact.Day = on;
        switch (route)
        {
            case "signatures": pact.Signed.Add(party); break;
            case "ratifications": pact.Ratified.Add(party); break;
            case "phases": pact.Phases++; break;
            case "phases/{phase}/completion" when PhaseIn(target) is { } number: pact.Completed.Add(number); break;
            case "suspensions": pact.IsSuspended = true; break;
            case "resumptions": pact.IsSuspended = false; break;
            case "provisional-application": pact.IsProvisional = true; break;
            case "withdrawals": pact.Leaving.Add(party); break;
            case "withdrawal-revocations": pact.Leaving.Remove(party); break;
            case "extensions" when DateOnly.TryParseExact(body.Text("until"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var until): pact.Until = until; break;
            case "terminations" or "proposal-withdrawal": Pacts.Remove(pact); break;
            case "documents" when body.Text("content") is { } content: Attached(pact, content); break;
            default: break;
        }

        // A long history costs more with each act, and says nothing new.
        if (pact.Version > 45)
            Pacts.Remove(pact);
    }

    // The path may be written in any case, or with escapes in it: then the phase is not learned.
    private static int? PhaseIn(string target) =>
        target.IndexOf("phases/", StringComparison.OrdinalIgnoreCase) is >= 0 and var at
        && int.TryParse(target[(at + "phases/".Length)..].Split('/')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static void Attached(Pact pact, string content)
    {
        var bytes = new byte[content.Length];
        if (Convert.TryFromBase64String(content, bytes, out var length))
            pact.Documents.Add(Convert.ToHexStringLower(SHA256.HashData(bytes.AsSpan(0, length))));
    }

    private string AnyDay() => Text(new DateOnly(2018, 1, 1).AddDays(dice.Below(4_000)));

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
