using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Domain;
using Ledger.Web.Access;
using Ledger.Web.Hosting;
using Microsoft.AspNetCore.Http.Features;

namespace Ledger.Web.Pages;

/// <summary>
/// How a page writes: it sends the request that any client could send, through the same reading, checks and door, without the network
/// between. What the API refuses, a page refuses in the same words.
/// </summary>
public sealed class ApiDoor(IServiceScopeFactory scopes)
{
    private const int MostWaits = 40;

    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(250);

    /// <summary>Sends a command to an endpoint of the API for the reader of a page.</summary>
    /// <typeparam name="TCommand">The command in the body.</typeparam>
    /// <param name="page">The request of the page, whose reader is the caller.</param>
    /// <param name="path">The path of the endpoint, e.g. <c>/api/v1/meetings</c>.</param>
    /// <param name="body">The body.</param>
    /// <param name="key">The idempotency key: the same for the same submission, however often it is sent.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="version">The version that the reader has seen, where the endpoint asks for one.</param>
    /// <param name="method">The method of the endpoint; POST unless given.</param>
    public async Task<ApiAnswer> Send<TCommand>(
        HttpContext page, string path, JsonNode body, string key, Func<TCommand, HttpContext, Task<IResult>> endpoint, long? version = null, string? method = null)
    {
        await using var scope = scopes.CreateAsyncScope();
        using var sent = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(body, LedgerJson.Options));
        using var received = new MemoryStream();
        var http = Request(page, method ?? HttpMethods.Post, path, scope.ServiceProvider, sent, received);
        http.Request.Headers["Idempotency-Key"] = key;
        if (version is not null)
            http.Request.Headers.IfMatch = $"\"{version}\"";

        var (command, problem) = await RequestBody.Read<TCommand>(http);
        var result = problem ?? await endpoint(command, http);

        // A button pressed twice sends the same submission twice: the second waits until it is told what came of the first.
        for (var waits = 0; result is Problem { Code: "idempotency-key-in-progress" } && waits < MostWaits; waits++)
        {
            await Task.Delay(Wait, CancellationToken.None);
            result = await endpoint(command, http);
        }

        return await Answer(result, http, page, received);
    }

    /// <summary>Sends a file to an endpoint of the API for the reader of a page, as it comes in.</summary>
    /// <param name="page">The request of the page, whose reader is the caller.</param>
    /// <param name="path">The path of the endpoint.</param>
    /// <param name="query">The parameters of the endpoint, which it declares.</param>
    /// <param name="file">The file.</param>
    /// <param name="form">Its media type.</param>
    /// <param name="key">The idempotency key: the same for the same submission, however often it is sent.</param>
    /// <param name="endpoint">The endpoint's own method, which declares its parameters.</param>
    public async Task<ApiAnswer> SendFile(HttpContext page, string path, QueryString query, Stream file, string form, string key, Func<HttpContext, Task<IResult>> endpoint)
    {
        await using var scope = scopes.CreateAsyncScope();
        using var received = new MemoryStream();
        var http = Request(page, HttpMethods.Post, path, scope.ServiceProvider, file, received);
        http.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(endpoint.Method.GetCustomAttributes(typeof(QueryAttribute), inherit: false)), path));
        (http.Request.QueryString, http.Request.ContentType, http.Request.Headers["Idempotency-Key"]) = (query, form, key);
        return await Answer(await endpoint(http), http, page, received);
    }

    private static async Task<ApiAnswer> Answer(IResult result, DefaultHttpContext http, HttpContext page, MemoryStream received)
    {
        await result.ExecuteAsync(http);
        SecurityLog.TakeOver(http, page);
        return new ApiAnswer(http.Response.StatusCode, JsonNode.Parse(received.ToArray()) as JsonObject ?? [], http.Response.Headers["Idempotent-Replayed"] == "true");
    }

    private static DefaultHttpContext Request(HttpContext page, string method, string path, IServiceProvider services, Stream sent, Stream received)
    {
        var http = new DefaultHttpContext { RequestServices = services, User = page.User, TraceIdentifier = page.TraceIdentifier };
        http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(received));
        http.SetEndpoint(new Endpoint(null, EndpointMetadataCollection.Empty, path));
        (http.Request.Method, http.Request.Path, http.Request.ContentType, http.Request.Body) = (method, path, "application/json", sent);
        return http;
    }
}

/// <summary>What the API answered.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body; problem details where it refused.</param>
/// <param name="WasReplayed">Whether the same submission had been recorded before.</param>
public sealed record ApiAnswer(int Status, JsonObject Body, bool WasReplayed)
{
    /// <summary>Whether it was recorded, now or by the same submission before.</summary>
    public bool IsDone => Status is >= 200 and < 300;

    /// <summary>The stable code of the problem.</summary>
    public string? Code => Body["code"]?.GetValue<string>();

    /// <summary>What is wrong and what to do.</summary>
    public string? Detail => Body["detail"]?.GetValue<string>();

    /// <summary>Every sentence with the JSON Pointer of the member it belongs to; the detail alone where the problem names no member.</summary>
    public IEnumerable<(string Pointer, string Sentence)> Problems => Body["errors"] is JsonObject errors && errors.Count > 0
        ? errors.SelectMany(e => e.Value!.AsArray().Select(sentence => (e.Key, sentence!.GetValue<string>())))
        : Detail is { } detail ? [("", detail)] : [];
}
