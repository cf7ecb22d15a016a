using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Ledger.Web.Tests;

/// <summary>Somebody who talks to the Ledger over HTTP, with a real bearer token or with none.</summary>
public sealed class Client(HttpClient http, string? token, Func<int> next)
{
    /// <summary>A key that has not been used.</summary>
    public string NewKey() => string.Create(CultureInfo.InvariantCulture, $"key-{next()}");

    public Task<Reply> Get(string path, string? accept = null, string? ifNoneMatch = null) =>
        Send(HttpMethod.Get, path, null, ("Accept", accept), ("If-None-Match", ifNoneMatch));

    /// <summary>Posts with a new Idempotency-Key unless one is given, and with If-Match where a version is.</summary>
    public Task<Reply> Post(string path, object body, string? key = null, object? ifMatch = null) =>
        Send(HttpMethod.Post, path, body, ("Idempotency-Key", key ?? NewKey()), ("If-Match", Tag(ifMatch)));

    public Task<Reply> Put(string path, object body) => Send(HttpMethod.Put, path, body);

    /// <summary>Sends a request: the body as it stands where it is a text, else as JSON.</summary>
    public async Task<Reply> Send(HttpMethod method, string path, object? body, params (string Name, string? Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        foreach (var (name, value) in headers)
        {
            if (value is not null && name != "Content-Type")
                request.Headers.TryAddWithoutValidation(name, value);
        }

        if (body is not null)
        {
            var json = body as byte[] ?? Encoding.UTF8.GetBytes(body as string ?? JsonSerializer.Serialize(body, JsonSerializerOptions.Web));
            request.Content = new ByteArrayContent(json) { Headers = { ContentType = new MediaTypeHeaderValue(headers.FirstOrDefault(h => h.Name == "Content-Type").Value ?? "application/json") } };
        }

        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return new Reply(
            (int)response.StatusCode,
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase));
    }

    private static string? Tag(object? version) => version switch
    {
        null => null,
        string text => text,
        _ => string.Create(CultureInfo.InvariantCulture, $"\"{version}\""),
    };
}

/// <summary>An answer.</summary>
public sealed record Reply(int Status, string Body, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The body as JSON; null where it is none.</summary>
    public JsonNode? Json => Headers.GetValueOrDefault("Content-Type")?.Contains("json", StringComparison.Ordinal) == true ? JsonNode.Parse(Body) : null;

    /// <summary>The value at a path such as <c>parties/0/name</c>: a text as it is, anything else as JSON, null where there is nothing.</summary>
    public string? this[string path] => Json.At(path).AsText();

    public string? ETag => Headers.GetValueOrDefault("ETag");

    /// <summary>The items of a page.</summary>
    public IReadOnlyList<JsonNode> Items => [.. Json!["items"]!.AsArray().Select(x => x!)];

    /// <summary>This answer, which has this status.</summary>
    public Reply Is(int status)
    {
        Assert.True(Status == status, $"Expected {status}, and it is {Status}: {Body}");
        return this;
    }

    /// <summary>This answer, which is a problem with all that a problem has.</summary>
    public Reply IsProblem(int status, string code)
    {
        Is(status);
        Assert.Equal("application/problem+json", Headers["Content-Type"].Split(';')[0]);
        Assert.Equal((code, status.ToString(CultureInfo.InvariantCulture), $"/docs/problems/{code}"), (this["code"], this["status"], this["type"]));
        Assert.All(["title", "detail", "traceId"], member => Assert.False(string.IsNullOrWhiteSpace(this[member])));
        return this;
    }
}
