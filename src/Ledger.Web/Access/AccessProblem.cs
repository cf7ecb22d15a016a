using System.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Web.Access;

/// <summary>Answers in the form of RFC 9457 for requests that end before they reach an endpoint of the API.</summary>
internal static class AccessProblem
{
    /// <summary>Writes the whole answer; nothing may have been sent before.</summary>
    /// <param name="http">The request being answered.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="code">The problem's public code, e.g. <c>unauthenticated</c>.</param>
    /// <param name="title">What the code means, the same each time.</param>
    /// <param name="detail">What the caller does next.</param>
    /// <param name="errors">Sentences by JSON Pointer to the member of the body that they are about, or null.</param>
    public static Task WriteAsync(
        HttpContext http, int status, string code, string title, string detail, IReadOnlyDictionary<string, string[]>? errors = null)
    {
        var problem = new ProblemDetails { Type = $"/docs/problems/{code}", Title = title, Status = status, Detail = detail };
        problem.Extensions["code"] = code;
        problem.Extensions["traceId"] = Activity.Current?.Id ?? http.TraceIdentifier;
        if (errors is not null)
            problem.Extensions["errors"] = errors;
        http.Response.StatusCode = status;

        // A client that asked for CSV is told in JSON all the same: no other form has room for the reason.
        return http.Response.WriteAsJsonAsync(problem, options: null, "application/problem+json", http.RequestAborted);
    }
}
