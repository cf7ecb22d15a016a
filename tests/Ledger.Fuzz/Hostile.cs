using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;

namespace Ledger.Fuzz;

/// <summary>What is done to a valid request to see whether something gives way.</summary>
internal static class Hostile
{
    /// <summary>What no page may show as it stands.</summary>
    public const string Script = "<script>fuzz()</script>";

    private const string Mark = "@@fuzz@@";

    private static readonly string[] Days =
    [
        "0001-01-01", "0001-12-31", "9999-12-31", "9999-01-01", "2020-02-30", "2019-02-29", "2020-13-01", "2020-00-10", "2020-01-00", "0000-01-01", "0000", "0001", "9999", "9999-12", "0001-01",
        "2020", "2020-02", "2020-02-14?", "2019/2020", "2020-02-14/2020-02-13", "+2020-01-01", "-0001", "-0001-01-01", "10000-01-01", "20200214", "2020-2-4", "2020-02-14T00:00:00Z", "2020-02-14T00:00:00+14:00",
        "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2020-02-14T24:00:00Z", "2020-02-14T23:59:60Z", "2020-02-14T00:00:00", "1582-10-10", "2020-02-14\n", " 2020-02-14", "٢٠٢٠-٠٢-١٤",
    ];

    private static readonly string[] Texts =
    [
        "", " ", "\t", "\n", "x", "\u00a0", "\u200b", "\ufeff", "e\u0301", "\u202egnirts\u2066\u2069", "\u0085\u2028\u2029", "\u0001\u001f\u007f", "\U0001F6F0\uFE0F", "\ufffe\uffff", "\U000e0001", "İıſßΣς",
        "'; drop table ledger.mt_events; --", "\\", "\\\\\\", "%", "_", "*", "?", "%00", "$1", "{0}", "{id}", "$(id)", "`id`", "../../etc/passwd", "..\\..\\x", "/", "//", "~", "/~0/~1/~2", "/a/b/c", "/-", "/outcomes/0", "/outcomes/-1", "/outcomes/99999999999",
        "/parties/0", "/phases/0/title", "/phases/99", "/occurredOn", "/entryIntoForce/count", "/term/length", "/titles/fr", "/participants/0/name", "/signatory", "=1+1", "@x", "-1", "0", "1", "true", "null", "undefined", "NaN", "Infinity", "1e400", "0x10",
        Script, "\" onload=\"fuzz()", "[x](javascript:fuzz())", "|a|b|\n|-|-|", "# heading\n\n- item", "<!-- x", "]]>", "&lt;&#0;&#x110000;", "cnes", "CNES\n", "CNES\r\nX-Fuzz: 1", "FR\n", "fr", "XX", "application/pdf\n", "text/html", "a/b; charset=utf-7",
        "00000000-0000-0000-0000-000000000000", "CA-2020-0001", "CA-9999-99999999999999999999", "CM-0000-0000", "Europe/Moscow", "../UTC", "Etc/GMT+12", "P0D", "P9999Y", "P9999Y9999M9999W9999D", "P-1D", "PT1H", "P5Y\n", "p1y", "P", "P1", "aGVsbG8", "aGVsbG8=", "====", "AA==\n",
    ];

    private static readonly string[] Json =
    [
        "null", "true", "false", "0", "-0", "-1", "1", "1.5", "1e2", "1e400", "-1e400", "1e-400", "2147483647", "2147483648", "-2147483649", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "79228162514264337593543950336", "0.1e1",
        "[]", "{}", "[null]", "[[]]", "[{}]", "{\"\":1}", "{\"a\":{\"b\":[]}}", "[1,\"x\",null,true]", "\"\\u0000\"", "\"a\\u0000b\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\ud83d\\ude00\"", "01", "1.", ".5", "+1", "'x'", "undefined", "NaN", "\"\\x\"", "\"\\u12\"", "\"\t\"", "[1,]", "{\"a\":1,}", "/*c*/1", "\"unterminated",
    ];

    private static readonly Gen<string> Number = Gen.OneOf(
        Gen.Long.Select(n => n.ToString(CultureInfo.InvariantCulture)),
        Gen.Double.Select(n => double.IsFinite(n) ? n.ToString("R", CultureInfo.InvariantCulture) : "-1.5e308"));

    /// <summary>A text that nobody means.</summary>
    public static readonly Gen<string> Text = Gen.Frequency(
        (6, Gen.OneOf(Texts)),
        (3, Gen.OneOf(Days)),
        (3, Gen.String[0, 40].Select(Storable)),
        (1, Gen.Int[200, 2_100].Select(length => new string('x', length))),
        (1, Gen.Int[50, 1_200].Select(length => string.Concat(Enumerable.Repeat("e\u0301\U0001F680", length)))));

    /// <summary>A piece of JSON, or of something that is none.</summary>
    private static readonly Gen<string> Value = Gen.Frequency(
        (5, Gen.OneOf(Json)),
        (8, Text.Select(text => JsonSerializer.Serialize(text))),
        (2, Number),
        (1, Gen.Int[2, 60].Select(depth => $"{new string('[', depth)}{new string(']', depth)}")),
        (1, Gen.Int[2, 60].Select(depth => $"{string.Concat(Enumerable.Repeat("{\"a\":", depth))}1{new string('}', depth)}")),
        (1, Gen.Int[1, 700].Select(length => $"[{string.Join(',', Enumerable.Repeat("\"A\"", length))}]")));

    private static readonly string[] Targets = ["%", "%zz", "%00", "%0a", "%0D%0AX-Fuzz:%201", "%ff%fe", "%ed%a0%80", "%2f", "%2e%2e%2f", "..", ".", "//", "%c0%af", "%e2%80%ae", ";", "*", "\\", "%5c", "%25", "%20", "+", "~", "'", "%22", "%3cscript%3efuzz()%3c/script%3e", "%F0%9F%9B%B0", "\u00e9", "[", "|", "^", "\""];

    /// <summary>The request with one thing wrong.</summary>
    public static Shot Nearly(Shot shot, Dice dice) => Once(shot, dice, isGentle: true) with { Intent = Intent.NearlyValid };

    /// <summary>The request with several things wrong, down to its bytes.</summary>
    public static Shot Utterly(Shot shot, Dice dice)
    {
        for (var times = dice.Between(1, 3); times > 0; times--)
            shot = Once(shot, dice, isGentle: false);
        return shot with { Intent = Intent.Hostile };
    }

    private static Shot Once(Shot shot, Dice dice, bool isGentle)
    {
        var hasBody = shot.Body is not null;
        return dice.Below(100) switch
        {
            < 55 when hasBody => InBody(shot, dice),
            < 62 when hasBody && !isGentle => BadBody(shot, dice),
            < 78 => InQuery(shot, dice),
            < 85 => InPath(shot, dice),
            < 97 => InHeaders(shot, dice),
            _ when !isGentle => BrokenHttp(shot, dice),
            _ => shot with { Method = dice.Any("POST", "PUT", "GET", "DELETE", "PATCH", "OPTIONS", "HEAD", "QUERY", "post"), MovedElsewhere = true },
        };
    }

    /// <summary>A value in a body put in place of another, a member added, doubled or taken away.</summary>
    private static Shot InBody(Shot shot, Dice dice)
    {
        if (shot.Json is not { } body)
            return BadBody(shot, dice);

        var places = Places(body).ToList();
        if (places.Count == 0 || dice.Percent(8))
            return Added(shot, body, dice);

        var (parent, name, index) = dice.Of(places);
        switch (dice.Below(10))
        {
            case 0 when parent is JsonObject members:
                members.Remove(name!);
                return shot.WithBody(body.ToJsonString());
            case 0 or 1 when parent is JsonArray items:
                if (dice.Percent(50))
                    items.RemoveAt(index);
                else
                    items.Add(items[index]?.DeepClone());
                return shot.WithBody(body.ToJsonString());
            case 1 when parent is JsonObject members:
                members[dice.Any(name!.ToUpperInvariant(), $"{name}s", $" {name}", "recordedAt", "recordedBy", "id", "__proto__", "$type", "$ref", "")] = members[name!]?.DeepClone() ?? 1;
                return shot.WithBody(body.ToJsonString());
            case 2 when parent is JsonObject members:
                // The same member twice, the second time perhaps with something else in it.
                var twice = $"{JsonSerializer.Serialize(name)}:{(dice.Percent(50) ? members[name!]?.ToJsonString() ?? "null" : dice.Draw(Value))}";
                members.Add(Mark, 1);
                return shot.WithBody(body.ToJsonString().Replace($"\"{Mark}\":1", twice, StringComparison.Ordinal));
            default:
                if (parent is JsonObject holder)
                    holder[name!] = Mark;
                else
                    parent.AsArray()[index] = Mark;
                return shot.WithBody(body.ToJsonString().Replace($"\"{Mark}\"", dice.Draw(Value), StringComparison.Ordinal));
        }
    }

    private static Shot Added(Shot shot, JsonObject body, Dice dice)
    {
        body[Mark] = 1;
        var name = JsonSerializer.Serialize(dice.Percent(50) ? dice.Any("flags", "visibility", "phases", "term", "until", "effectiveOn", "kind", "agreement", "expectedVersion", "reference", "value") : dice.Draw(Text));
        return shot.WithBody(body.ToJsonString().Replace($"\"{Mark}\":1", $"{name}:{dice.Draw(Value)}", StringComparison.Ordinal));
    }

    /// <summary>A body that is no JSON, or not in the form its type says.</summary>
    private static Shot BadBody(Shot shot, Dice dice)
    {
        var body = shot.Body!;
        switch (dice.Below(16))
        {
            case 0:
                return shot with { Body = [] };
            case 1:
                return shot with { Body = body[..dice.Below(Math.Max(1, body.Length))] };
            case 2:
                return shot with { Body = [.. body, .. Encoding.UTF8.GetBytes(dice.Any("x", "}", "{}", "\0", ",", "//"))] };
            case 3:
                return shot with { Body = [.. Encoding.UTF8.Preamble, .. body] };
            case 4:
                return (shot with { Body = [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(body))] }).With("Content-Type", "application/json; charset=utf-16");
            case 5:
                return (shot with { Body = Encoding.Latin1.GetBytes(Encoding.UTF8.GetString(body).Replace("a", "\u00e9", StringComparison.Ordinal)) }).With("Content-Type", "application/json; charset=iso-8859-1");
            case 6:
                return shot.WithBody($"{new string('[', 3_000)}{new string(']', 3_000)}");
            case 7:
                return shot.WithBody(dice.Draw(Value));
            case 8:
                return shot.WithBody($"[{Encoding.UTF8.GetString(body)}]");
            case 9:
                return shot with { Body = [.. Enumerable.Range(0, dice.Between(1, 400)).Select(_ => (byte)dice.Below(256))] };
            case 10:
                var flipped = (byte[])body.Clone();
                if (flipped.Length > 0)
                    flipped[dice.Below(flipped.Length)] ^= (byte)(1 << dice.Below(8));
                return shot with { Body = flipped };
            case 11:
                return shot.WithBody($"{{\"title\":\"{new string('x', dice.Percent(10) ? 2_000_000 : 60_000)}\"}}");
            case 12:
                return shot.WithBody("a=1&b=2").With("Content-Type", "application/x-www-form-urlencoded");
            case 13:
                return shot.With("Content-Encoding", dice.Any("gzip", "br", "deflate", "x"));
            case 14:
                return shot.WithBody("--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x--\r\n").With("Content-Type", "multipart/form-data; boundary=x");
            default:
                return shot.With("Content-Type", dice.Any("text/plain", "application/xml", "application/json;", "application/json; charset=utf-7", "application/json; charset=\"", "json", "application/vnd.x+json", "APPLICATION/JSON", "", ";", "application/x-ndjson", "text/csv", "*/*"));
        }
    }

    private static Shot InQuery(Shot shot, Dice dice)
    {
        var (path, query) = Split(shot.Target);
        var parameters = query.Length == 0 ? [] : query.Split('&').ToList();
        var value = dice.Percent(70) ? Uri.EscapeDataString(WithoutSurrogates(dice.Draw(Text))) : dice.Of(Targets);
        var name = dice.Any("asOf", "knownAt", "version", "limit", "cursor", "after", "since", "lang", "from", "to", "q", "party", "status", "sort", "meeting", "field", "flag", "notBefore", "expiresBefore", "agency", "check", "name", "x", "", "__proto__", "Limit");
        switch (dice.Below(6))
        {
            case 0 when parameters.Count > 0:
                parameters.Add(dice.Of(parameters));
                break;
            case 1 or 2 when parameters.Count > 0:
                var at = dice.Below(parameters.Count);
                parameters[at] = $"{parameters[at].Split('=')[0]}={value}";
                break;
            case 3 when parameters.Count > 0:
                // A cursor or a number with something changed in it.
                var one = dice.Below(parameters.Count);
                parameters[one] = parameters[one].Length > 2 ? parameters[one][..^1] + dice.Any("A", "_", "0", "%", "-") : parameters[one];
                break;
            case 4:
                parameters.Add($"{dice.Any("limit", "after", "version", "cursor")}={dice.Any("0", "-1", "1001", "1000000", "9223372036854775807", "9223372036854775808", "99999999999999999999999", "1.5", "1e3", "%31", "", "MTow", "AAAA", "e30", "gICA", "MTo", "W10", "%00")}");
                break;
            default:
                parameters.Add($"{name}={(dice.Percent(3) ? new string('x', dice.Any(600, 7_000, 9_000)) : value)}");
                break;
        }

        return shot with { Target = $"{path}?{string.Join('&', parameters)}", BreaksHttp = shot.BreaksHttp || !IsTarget(parameters) };
    }

    private static Shot InPath(Shot shot, Dice dice)
    {
        var (path, query) = Split(shot.Target);
        var segments = path.Split('/');
        var at = dice.Between(1, segments.Length - 1);
        var word = dice.Percent(50) ? dice.Of(Targets) : Uri.EscapeDataString(WithoutSurrogates(dice.Draw(Text)));
        segments[at] = dice.Below(5) switch
        {
            0 => word,
            1 => segments[at] + word,
            2 => segments[at].ToLowerInvariant(),
            3 => string.Concat(segments[at].Select(c => $"%{(int)c:x2}")),
            _ => segments[at] + "/" + word,
        };
        var target = string.Join('/', segments) + (query.Length == 0 ? "" : "?" + query);
        return shot with { Target = target, MovedElsewhere = true, BreaksHttp = shot.BreaksHttp || !IsTarget(segments) };
    }

    private static Shot InHeaders(Shot shot, Dice dice)
    {
        var isWrite = shot.Key is not null;
        switch (dice.Below(14))
        {
            case 0 when isWrite:
                return shot.With("Idempotency-Key", null);
            case 1 when isWrite:
                return shot.With("Idempotency-Key", dice.Any("", " ", "two words", "\u00e9", new string('k', 255), new string('k', 256), new string('k', 6_000), "\t", "a,b", "\"quoted\"", "k\u0001"));
            case 2 when isWrite:
                return shot with { Headers = [.. shot.Headers, ("Idempotency-Key", $"second-{dice.Below(1_000_000)}")] };
            case 3 when shot["If-Match"] is not null:
                return shot.With("If-Match", null);
            case 4 or 5 when isWrite:
                return shot.With("If-Match", dice.Any("\"0\"", "\"-1\"", "\"1\"", "W/\"1\"", "1", "\"\"", "\"", "*, *", "\"9223372036854775808\"", "\"1\",\"2\"", "nonsense", new string('"', 900), "\u00e9", ","));
            case 6:
                return shot.With("Accept", dice.Any("text/html", "text/csv", "application/x-ndjson", "*/*", "image/png", "application/json;q=0", ";", ",", "text/*;q=1.5", "application/json; q=abc", "\"", "*", "*/json", new string('a', 3_000), "application/pdf", "text/markdown;q=0.1, */*;q=0.01", "\u00e9/x"));
            case 7:
                var signed = shot.With("Authorization", dice.Any("Bearer", "Bearer ", "Basic YTpi", "Bearer a.b.c", $"Bearer {shot.Caller.Token}x", $"bearer {shot.Caller.Token}", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm5hIn0.", "Bearer \u00e9", $"Bearer {new string('x', 9_000)}", ""));

                // Schemes are told by any case: who brings a token by one is who they are.
                return signed["Authorization"] == $"bearer {shot.Caller.Token}" ? signed : signed with { Caller = Person.Nobody };
            case 8:
                return shot with { Headers = [.. shot.Headers.Select(h => (Mixed(h.Name, dice), h.Value))] };
            case 9:
                return shot.With("If-None-Match", dice.Any("*", "\"1\"", "W/\"1\"", "\"", "", "\"1\", \"2\"", new string('"', 500), "\u00e9"));
            case 10:
                return shot.With(dice.Any("X-HTTP-Method-Override", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded", "X-Original-URL", "traceparent", "tracestate", "Origin", "Cookie", "Accept-Language", "Accept-Encoding", "Range", "If-Modified-Since", "Prefer", "Access-Control-Request-Method"), dice.Any("DELETE", "::1", "https", "evil.example", "00-00000000000000000000000000000000-0000000000000000-00", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "null", "a=b; c", "ru-RU,fr;q=x", "bytes=0-5", "Tue, 99 Nov 2026", "\u00ff\u00fe", ".AspNetCore.Culture=c%3Dxx; __Host-x=1"));
            case 11:
                return shot.With("Expect", dice.Any("100-continue", "200-ok", "x"));
            case 12:
                return shot.With($"X-Fuzz-{dice.Below(10)}", new string('h', dice.Any(10, 4_000, 40_000))) with { BreaksHttp = true };
            default:
                return shot with { Headers = [.. shot.Headers, .. Enumerable.Range(0, dice.Any(1, 40, 120)).Select(n => ($"X-{n}", "1"))], BreaksHttp = true };
        }
    }

    private static Shot BrokenHttp(Shot shot, Dice dice)
    {
        var broken = shot with { BreaksHttp = true, MovedElsewhere = true };
        return dice.Below(12) switch
        {
            0 => broken with { Headers = [.. shot.Headers, ("Content-Length", "5"), ("Content-Length", "6")], Body = "hello!"u8.ToArray() },
            1 => broken with { Headers = [.. shot.Headers, ("Transfer-Encoding", "chunked")], Body = "zz\r\nhello\r\n0\r\n\r\n"u8.ToArray() },
            2 => broken with { Headers = [.. shot.Headers, ("Transfer-Encoding", "chunked"), ("Content-Length", "4")], Body = "0\r\n\r\n"u8.ToArray() },
            3 => broken with { Headers = [.. shot.Headers, ("Transfer-Encoding", "gzip, x")], Body = "abc"u8.ToArray() },
            4 => broken with { Headers = [.. shot.Headers, ("Content-Length", dice.Any("-1", "x", "99999999999999999999", "1e3", ""))], Body = [] },
            5 => broken with { Headers = [.. shot.Headers, ("Bad Header", "1")] },
            6 => broken with { Headers = [.. shot.Headers, ("X", "a\rb")] },
            7 => broken with { Headers = [.. shot.Headers, ("Host", "")] },
            8 => broken with { Headers = [.. shot.Headers, ("Host", "a b"), ("Host", "c")] },
            9 => broken with { Raw = Encoding.Latin1.GetBytes($"{shot.Method} {shot.Target} HTTP/{dice.Any("1.0", "2.0", "9.9", "x")}\r\nHost: a\r\nConnection: close\r\n\r\n") },
            10 => broken with { Raw = [.. Enumerable.Range(0, dice.Between(1, 200)).Select(_ => (byte)dice.Below(256)), .. "\r\n\r\n"u8] },
            _ => broken with { Headers = [.. shot.Headers, ("Transfer-Encoding", "chunked")], Body = [.. Encoding.ASCII.GetBytes($"{shot.Body?.Length ?? 0:x}\r\n"), .. shot.Body ?? [], .. "\r\n0\r\nX-Trailer: 1\r\n\r\n"u8] },
        };
    }

    /// <summary>A file to import that is none, or nearly one.</summary>
    public static byte[] File(string valid, bool isCsv, Dice dice)
    {
        var line = dice.Any(
            "{", "[]", "null", "{\"kind\":\"nonsense\"}", "{\"kind\":5}", "{\"kind\":\"entry\"}", "{\"kind\":\"person\",\"id\":\"x\"}", "{\"kind\":\"file\",\"sha256\":\"x\",\"content\":\"!\"}", "{\"kind\":\"corrected\",\"agreement\":\"X\",\"corrects\":-1,\"field\":\"/x\",\"value\":null,\"reason\":\"r\"}",
            "{\"kind\":\"signed\",\"agreement\":\"\\u0000\",\"party\":\"X\"}", "{\"kind\":\"signed\",\"agreement\":\"\\ud800\",\"party\":\"X\"}", "{\"kind\":\"meeting\",\"title\":\"x\",\"heldOn\":\"0001-01-01\",\"outcomes\":[null]}", "{\"kind\":\"agency\",\"code\":\"A\\n\",\"name\":\"x\",\"agencyKind\":\"agency\"}",
            "{\"kind\":\"phaseCompleted\",\"agreement\":\"X\",\"phase\":null}", $"{{\"kind\":\"proposed\",\"title\":\"{new string('x', 20_000)}\"}}", "kind,\"", "kind\n\"a", "kind,kind\na,b", "\0", "\ufeff", dice.Draw(Value), $"{{\"kind\":{dice.Draw(Value)}}}", $"{{\"kind\":\"proposed\",\"title\":{dice.Draw(Value)},\"parties\":{dice.Draw(Value)},\"proposedOn\":{dice.Draw(Value)}}}", "\"kind\",\"code\"\r\n\"agency\"");
        var bytes = Encoding.UTF8.GetBytes(dice.Below(4) switch
        {
            0 => line,
            1 => $"{valid}\n{line}\n",
            2 => $"{line}\n{valid}",
            _ when isCsv => valid.Replace("\n", dice.Any("\r", "\n\n", "\"\n", ",\n"), StringComparison.Ordinal),
            _ => valid[..dice.Below(Math.Max(1, valid.Length))],
        });
        return dice.Below(8) switch
        {
            0 => [.. bytes, 0xff, 0xfe, (byte)'\n'],
            1 => Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(bytes)),
            _ => bytes,
        };
    }

    private static IEnumerable<(JsonNode Parent, string? Name, int Index)> Places(JsonNode? node) => node switch
    {
        JsonObject members => members.ToList().SelectMany(m => Places(m.Value).Prepend((members, m.Key, -1))),
        JsonArray items => Enumerable.Range(0, items.Count).SelectMany(n => Places(items[n]).Prepend((items, null, n))),
        _ => [],
    };

    private static (string Path, string Query) Split(string target) => target.Split('?', 2) is [var path, var query] ? (path, query) : (target, "");

    // Raw bytes beyond ASCII, a stray per cent or a NUL are refused by the server itself.
    private static bool IsTarget(IEnumerable<string> parts) => parts.All(part => part.Length < 4_000 && part.All(c => c is > ' ' and < '\u007f') && !part.Contains("%00", StringComparison.Ordinal));

    private static string Mixed(string name, Dice dice) => string.Concat(name.Select(c => dice.Percent(50) ? char.ToUpperInvariant(c) : char.ToLowerInvariant(c)));

    private static string Storable(string text) => WithoutSurrogates(text).Replace("\0", "", StringComparison.Ordinal);

    private static string WithoutSurrogates(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
