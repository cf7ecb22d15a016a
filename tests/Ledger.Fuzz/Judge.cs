using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ledger.Web.Tests;
using Ledger.Web.Tests.Documentation;

namespace Ledger.Fuzz;

/// <summary>Holds an answer against what the service says of itself in its description.</summary>
internal sealed class Judge(ApiDocument document, IReadOnlySet<string> codes)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private const int LongestRequestLine = 8 * 1024;

    // The server's own answers to what is no HTTP: they have no body, for nothing of the Ledger has seen the request.
    private static readonly HashSet<int> OfTheServer = [400, 405, 408, 411, 413, 414, 415, 417, 431, 501, 505];

    private readonly Dictionary<string, JsonNode> _operations = document.Json["paths"]!.AsObject()
        .SelectMany(path => path.Value!.AsObject().Select(o => ($"{o.Key.ToUpperInvariant()} {path.Key}", o.Value!)))
        .ToDictionary(o => o.Item1, o => o.Item2);

    private readonly List<(string Method, Regex Path, string Operation)> _routes = [.. document.Json["paths"]!.AsObject()
        .SelectMany(path => path.Value!.AsObject().Select(o => (
            Method: o.Key.ToUpperInvariant(),
            Path: new Regex($"^{Regex.Replace(path.Key, @"\{[^}]+\}", "[^/?]+", RegexOptions.None, TimeSpan.FromSeconds(1))}(\\?|$)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)),
            Operation: $"{o.Key.ToUpperInvariant()} {path.Key}")))
        .OrderBy(o => o.Operation.Count(c => c == '{'))];

    /// <summary>Every operation that the service describes, by its method and path.</summary>
    public IReadOnlyDictionary<string, JsonNode> Operations => _operations;

    /// <summary>What is wrong with an answer: sentences, each with what kind of defect it is.</summary>
    public IEnumerable<(string Kind, string Sentence)> Problems(Shot shot, Reply? reply)
    {
        if (reply is null)
            return shot.BreaksHttp || IsBeyondHeaders(shot) ? [] : [("no answer", "The connection was closed without an answer.")];
        if (reply.Status >= 500 && !(shot.BreaksHttp && reply.Body.Length == 0 && OfTheServer.Contains(reply.Status)))
            return [("fails", $"{reply.Status}: {Short(reply.Text)}")];
        if (reply.Body.Length == 0 && OfTheServer.Contains(reply.Status) && (shot.BreaksHttp || IsBeyondHeaders(shot) || shot.Method == "HEAD"))
            return [];
        return shot.Method == "HEAD" ? [] : Found(shot, reply);
    }

    private IEnumerable<(string Kind, string Sentence)> Found(Shot shot, Reply reply)
    {
        if (shot.Caller.Token is null && shot.Target.StartsWith("/api/v1/", StringComparison.Ordinal) && reply.IsSuccess && shot["Authorization"] is null)
            yield return ("open", $"{reply.Status} without a token.");
        if (shot.Caller is { Token: not null, OnlyReads: true } && shot.Method is "POST" or "PUT" && shot.Caller.Token is not null && shot.Caller.OnlyReads && reply.IsSuccess && shot.Operation != "POST /dev/tokens")
            yield return ("open", $"{reply.Status} for somebody who only reads.");

        if (OperationOf(shot) is { } operation)
        {
            if (_operations[operation]["responses"]?[reply.Status.ToString(System.Globalization.CultureInfo.InvariantCulture)] is not { } response)
            {
                // What is refused before the operation is reached is described once for all of them.
                if (!(shot.BreaksHttp || shot.MovedElsewhere) || reply.IsSuccess)
                    yield return ("not described", $"{operation} does not say that it answers {reply.Status}: {Short(reply.Text)}");
            }
            else if (reply.Status < 400)
            {
                foreach (var problem in OfSuccess(reply, document.Follow(response)))
                    yield return problem;
            }
        }

        // Outside of the API it is people who are answered, with a page.
        if (reply.Status >= 400 && !(shot.MovedElsewhere && reply.MediaType == "text/html" && !IsOfTheApi(shot.Target)))
        {
            foreach (var problem in OfRefusal(reply))
                yield return problem;
        }
    }

    // As a server reads a path: /api/../v1 lies outside, and so does /api\/v1, where a browser would read a second slash.
    private static bool IsOfTheApi(string target) =>
        Uri.TryCreate($"http://localhost{target.Replace("\\", "%5C", StringComparison.Ordinal)}", UriKind.Absolute, out var read) && read.AbsolutePath.StartsWith("/api/", StringComparison.Ordinal);

    private IEnumerable<(string Kind, string Sentence)> OfSuccess(Reply reply, JsonNode response)
    {
        foreach (var header in response["headers"]?.AsObject().Select(h => h.Key) ?? [])
        {
            if (header is "ETag" or "Location" && !reply.Headers.ContainsKey(header))
                yield return ("header missing", $"{reply.Status} has no {header}.");
        }

        if (response["content"] is not JsonObject contents)
        {
            if (reply.Body.Length > 0)
                yield return ("body", $"{reply.Status} has a body that is not described.");
            yield break;
        }

        if (contents[reply.MediaType] is not { } content && contents["application/octet-stream"] is null)
        {
            yield return ("content type", $"{reply.MediaType} is not described.");
            yield break;
        }

        if (contents["application/octet-stream"] is not null)
            yield break;

        if (!IsUtf8(reply.Body))
        {
            yield return ("encoding", "The body is not valid UTF-8.");
            yield break;
        }

        if (reply.MediaType == "text/html" && reply.Text.Contains("<script", StringComparison.OrdinalIgnoreCase))
            yield return ("script", "The page holds a script.");
        if (reply.MediaType == "application/x-ndjson")
        {
            if (reply.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(line => !IsJson(line)) is { } line)
                yield return ("body", $"A line is no JSON: {Short(line)}");
        }
        else if (reply.MediaType.EndsWith("json", StringComparison.Ordinal))
        {
            foreach (var problem in OfJson(reply, contents[reply.MediaType]!["schema"]))
                yield return problem;
        }
    }

    private IEnumerable<(string Kind, string Sentence)> OfJson(Reply reply, JsonNode? schema)
    {
        // Pages of hundreds are of the same shape as pages of a few.
        if (reply.Body.Length > 300_000)
            return IsJson(reply.Text) ? [] : [("body", $"It is no JSON: {Short(reply.Text)}")];
        if (reply.Json is not { } json)
            return [("body", $"It is no JSON: {Short(reply.Text)}")];
        return schema is null ? [] : document.Problems(json, schema).Take(1).Select(problem => ("schema", Short(problem)));
    }

    private IEnumerable<(string Kind, string Sentence)> OfRefusal(Reply reply)
    {
        if (reply.MediaType != "application/problem+json" || reply.Json is not JsonObject problem)
        {
            yield return ("no problem details", $"{reply.Status} {reply.MediaType}: {Short(reply.Text)}");
            yield break;
        }

        foreach (var wrong in document.Problems(problem, document.Schema("Problem")).Take(1))
            yield return ("schema", Short(wrong));
        if (problem.Text("status") != reply.Status.ToString(System.Globalization.CultureInfo.InvariantCulture))
            yield return ("problem details", $"The status is {reply.Status} and the body says {problem.Text("status")}.");
        var code = problem.Text("code") ?? "";
        if (!codes.Contains(code) || problem.Text("type") != $"/docs/problems/{code}")
            yield return ("code", $"The code {code} of {problem.Text("type")} is none that is explained.");
        if (string.IsNullOrWhiteSpace(problem.Text("detail")) || string.IsNullOrWhiteSpace(problem.Text("traceId")))
            yield return ("problem details", "There is no detail or no traceId.");
    }

    /// <summary>The operation that answers at this address, whichever was meant.</summary>
    public string? OperationOf(Shot shot)
    {
        if (!shot.MovedElsewhere && !shot.BreaksHttp)
            return shot.Operation.Length > 0 && _operations.ContainsKey(shot.Operation) ? shot.Operation : null;

        // What is written in codes, and a segment that names the folder itself, may be another address than it looks like.
        return shot.Raw is null && !shot.Target.Contains('%', StringComparison.Ordinal) && !shot.Target.Contains("/.", StringComparison.Ordinal) && shot.Method == shot.Operation.Split(' ')[0]
            ? _routes.Find(r => r.Method == shot.Method && r.Path.IsMatch(shot.Target)).Operation
            : null;
    }

    // A header with other than visible ASCII the server may refuse, and a first line that is too long.
    private static bool IsBeyondHeaders(Shot shot) => shot.Method.Length + shot.Target.Length + " HTTP/1.1\r\n".Length > LongestRequestLine
        || shot.Headers.Any(h => h.Name.Length == 0 || h.Value.Any(c => c is < ' ' or > '~') || h.Value.Length > 8_000)
        || shot.Headers.Any(h => h.Name.Equals("Expect", StringComparison.OrdinalIgnoreCase) || h.Name.Equals("Host", StringComparison.OrdinalIgnoreCase));

    private static bool IsUtf8(byte[] body)
    {
        try
        {
            Strict.GetCharCount(body);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    private static bool IsJson(string text)
    {
        try
        {
            JsonDocument.Parse(text).Dispose();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Short(string text) => text.Length > 300 ? text[..300] + " …" : text;
}
