using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Ledger.Fuzz;

/// <summary>Somebody who calls.</summary>
/// <param name="Name">The name.</param>
/// <param name="Agency">The agency for which they act.</param>
/// <param name="Role">What they may do; null for somebody who only reads.</param>
/// <param name="Token">The bearer token; null for somebody who brings none.</param>
internal sealed record Person(string Name, string? Agency, string? Role, string? Token)
{
    /// <summary>Somebody without a token.</summary>
    public static Person Nobody { get; } = new("Nobody", null, null, null);

    /// <summary>Whether no write of theirs can be anything but refused.</summary>
    public bool OnlyReads => Role is null or "auditor";
}

/// <summary>How a request was meant.</summary>
internal enum Intent
{
    /// <summary>As the reference says.</summary>
    Valid,

    /// <summary>Valid but for one thing.</summary>
    NearlyValid,

    /// <summary>Made to break something.</summary>
    Hostile,
}

/// <summary>A request, down to its bytes.</summary>
/// <param name="Operation">The method and the pattern of the path it is meant for, as the description of the API has them.</param>
/// <param name="Method">The method.</param>
/// <param name="Target">The path and the query, encoded.</param>
/// <param name="Caller">Who calls.</param>
internal sealed record Shot(string Operation, string Method, string Target, Person Caller)
{
    /// <summary>The headers in their order, those that every request has aside.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public byte[]? Body { get; init; }

    public Intent Intent { get; init; }

    /// <summary>Whether it breaks the rules of HTTP itself, so that the server may refuse it before the Ledger sees it.</summary>
    public bool BreaksHttp { get; init; }

    /// <summary>Whether something was done to its address, so that another operation than the one meant may answer, or none.</summary>
    public bool MovedElsewhere { get; init; }

    /// <summary>Sent as it stands in place of everything else, where the request is none that could be built.</summary>
    public byte[]? Raw { get; init; }

    /// <summary>The idempotency key.</summary>
    public string? Key => this["Idempotency-Key"];

    /// <summary>The value of a header; null where there is none.</summary>
    public string? this[string header] => Headers.FirstOrDefault(h => h.Name.Equals(header, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>The body as a JSON object; null where it is none.</summary>
    public JsonObject? Json
    {
        get
        {
            try
            {
                var json = Body is null || !System.Text.Unicode.Utf8.IsValid(Body) ? null : JsonNode.Parse(Body, documentOptions: new() { AllowDuplicateProperties = false }) as JsonObject;

                // Half of a character can be read and not written.
                _ = json?.ToJsonString();
                return json;
            }
            catch (Exception e) when (e is System.Text.Json.JsonException or ArgumentException or InvalidOperationException)
            {
                return null;
            }
        }
    }

    /// <summary>The same with a header in place of the one of that name; without it where the value is null.</summary>
    public Shot With(string name, string? value)
    {
        var others = Headers.Where(h => !h.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return this with { Headers = value is null ? [.. others] : [.. others, (name, value)] };
    }

    public Shot WithBody(string body) => this with { Body = Encoding.UTF8.GetBytes(body) };

    /// <summary>The request as it goes over the wire.</summary>
    public byte[] Bytes(string host)
    {
        if (Raw is not null)
            return Raw;

        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"{Method} {Target} HTTP/1.1\r\n");
        if (this["Host"] is null)
            head.Append(CultureInfo.InvariantCulture, $"Host: {host}\r\n");
        if (Caller.Token is not null && this["Authorization"] is null)
            head.Append(CultureInfo.InvariantCulture, $"Authorization: Bearer {Caller.Token}\r\n");
        foreach (var (name, value) in Headers)
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        if (Body is not null && this["Content-Length"] is null && this["Transfer-Encoding"] is null)
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {Body.Length}\r\n");
        head.Append("\r\n");

        // A header may hold any byte, which Latin-1 keeps.
        return [.. Encoding.Latin1.GetBytes(head.ToString()), .. Body ?? []];
    }

    /// <summary>The commands that send it again.</summary>
    public string Curl(Uri address)
    {
        var text = new StringBuilder();
        if (Raw is not null)
            return $"printf '%b' {Quoted(string.Concat(Raw.Take(4_000).Select(b => b is > 0x1f and < 0x7f and not ((byte)'\\' or (byte)'%') ? ((char)b).ToString() : $"\\x{b:x2}")))} | nc {address.Host} {address.Port}";
        var isSigned = Caller.Token is not null && this["Authorization"] is null;
        if (isSigned)
            text.Append(CultureInfo.InvariantCulture, $"TOKEN=$(curl -s {address}dev/tokens -d '{TokenRequest}' | sed 's/.*access_token\":\"//;s/\".*//'); ");
        text.Append(CultureInfo.InvariantCulture, $"curl -i -X {Method} --path-as-is {Quoted(address.GetLeftPart(UriPartial.Authority) + Target)}");
        if (isSigned)
            text.Append(" -H \"Authorization: Bearer $TOKEN\"");
        foreach (var (name, value) in Headers)
            text.Append(CultureInfo.InvariantCulture, $" -H {Quoted($"{name}: {value}")}");
        if (Body is not null)
            text.Append(CultureInfo.InvariantCulture, $" --data-binary {Quoted(Body.Length > 20_000 ? $"({Body.Length} bytes, beginning with) {Encoding.UTF8.GetString(Body.AsSpan(0, 2_000))}" : Encoding.UTF8.GetString(Body))}");
        return text.ToString();
    }

    private string TokenRequest => new JsonObject { ["name"] = Caller.Name, ["agency"] = Caller.Agency, ["roles"] = Caller.Role is null ? [] : new JsonArray(Caller.Role) }.ToJsonString();

    private static string Quoted(string text)
    {
        var isPlain = text.All(c => c is >= ' ' and not '\'' || c > '\u007f');
        return isPlain ? $"'{text}'" : "$'" + string.Concat(text.Select(c => c switch
        {
            '\'' => "\\'",
            '\\' => "\\\\",
            < ' ' => $"\\x{(int)c:x2}",
            _ => c.ToString(),
        })) + "'";
    }
}

/// <summary>An answer.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Body">Its body.</param>
/// <param name="Elapsed">How long it took.</param>
internal sealed record Reply(int Status, byte[] Body, TimeSpan Elapsed)
{
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public string Text => Encoding.UTF8.GetString(Body);

    public bool IsSuccess => Status is >= 200 and < 300;

    public string MediaType => Headers.GetValueOrDefault("Content-Type", "").Split(';')[0].Trim();

    /// <summary>The body as JSON; null where it is none.</summary>
    public JsonNode? Json
    {
        get
        {
            try
            {
                return MediaType.EndsWith("json", StringComparison.Ordinal) ? JsonNode.Parse(Body) : null;
            }
            catch (System.Text.Json.JsonException)
            {
                return null;
            }
        }
    }
}
