using System.Collections.Immutable;
using System.Diagnostics;
using Ledger.Domain;

namespace Ledger.Web.Hosting;

/// <summary>A refusal as RFC 9457 problem details: what is wrong, under a stable code, and what to do.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The stable code; it has a page under <c>/docs/problems</c>.</param>
/// <param name="Title">What kind of problem it is, the same for every occurrence.</param>
/// <param name="Detail">What is wrong this time and what to do.</param>
public sealed record Problem(int Status, string Code, string Title, string Detail) : IResult
{
    internal const string MediaType = "application/problem+json";

    /// <summary>The member for which what was sent cannot be read, as a JSON Pointer (RFC 6901); empty: the whole, or there is no such member.</summary>
    internal string Pointer { get; init; } = "";

    /// <summary>Sentences for each member at fault, by JSON Pointer (RFC 6901).</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>>? Errors { get; init; }

    /// <summary>Every problem of a meeting, each under its outcome.</summary>
    public ImmutableArray<OutcomeProblem>? Problems { get; init; }

    /// <summary>After how many seconds to try again with the same key.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>The body is no JSON, or not of the shape of the request.</summary>
    public static Problem Malformed(string detail) => new(400, "malformed", "The request cannot be read", detail);

    /// <summary>There is no such thing, or none that the caller may see: the answer is the same.</summary>
    public static Problem NotFound(string detail) => new(404, "not-found", "There is no such thing", detail);

    /// <summary>It is not the caller's to do.</summary>
    public static Problem Forbidden(string detail) => new(403, "forbidden", "This is not yours to do", detail);

    /// <summary>The Ledger, or something that it stands on, does not answer for now; or it is not known what became of a commit.</summary>
    public static Problem Unavailable(string detail) => new(503, "unavailable", "The Ledger cannot answer now", detail) { RetryAfterSeconds = 2 };

    /// <summary>The rules of agreements say no.</summary>
    public static Problem Rule(Decision.Refused refused) => new(409, refused.Code, "The rules of the record refuse this", refused.Sentence)
    {
        Errors = refused.Field is null ? null : Single(refused.Field, refused.Sentence),
    };

    /// <summary>The values do not hold together.</summary>
    public static Problem Invalid(IEnumerable<KeyValuePair<string, string>> errors)
    {
        var byMember = errors.GroupBy(e => e.Key, e => e.Value, StringComparer.Ordinal)
            .ToImmutableSortedDictionary(g => g.Key, g => g.Distinct(StringComparer.Ordinal).ToImmutableArray(), StringComparer.Ordinal);
        return new Problem(422, "validation", "Some values are missing or cannot be right", "Put right what is listed under errors, each at its member, and send the request again with a new key.")
        {
            Errors = byMember,
        };
    }

    /// <summary>One sentence at one member.</summary>
    public static ImmutableSortedDictionary<string, ImmutableArray<string>> Single(string pointer, string sentence) =>
        ImmutableSortedDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal).Add(pointer, [sentence]);

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = Status;
        if (RetryAfterSeconds is { } seconds)
            httpContext.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return httpContext.Response.WriteAsJsonAsync(
            new ProblemBody($"/docs/problems/{Code}", Title, Status, Detail, Code, Activity.Current?.TraceId.ToString() ?? httpContext.TraceIdentifier, Errors, Problems),
            LedgerJson.Options,
            MediaType);
    }
}

/// <summary>A problem as it is sent (RFC 9457).</summary>
/// <param name="Type">The address of the page that explains it.</param>
/// <param name="Title">What kind of problem it is, the same for every occurrence.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What is wrong this time and what to do.</param>
/// <param name="Code">The stable code to act on in programs. Each has a page under <c>/docs/problems</c>; new ones may be added.</param>
/// <param name="TraceId">The trace of the request, to give when reporting a fault.</param>
/// <param name="Errors">Sentences for each member at fault, by JSON Pointer (RFC 6901).</param>
/// <param name="Problems">Every problem of a meeting, each under its outcome.</param>
public sealed record ProblemBody(
    string Type,
    string Title,
    int Status,
    string Detail,
    string Code,
    string TraceId,
    ImmutableSortedDictionary<string, ImmutableArray<string>>? Errors = null,
    IReadOnlyList<OutcomeProblem>? Problems = null);

/// <summary>What is wrong with one outcome of a meeting.</summary>
/// <param name="Pointer">The outcome, or the member of it, as a JSON Pointer: <c>/outcomes/2</c>.</param>
/// <param name="Code">The stable code.</param>
/// <param name="Detail">What is wrong and what to do.</param>
/// <param name="Agreement">The agreement concerned, as the request names it.</param>
public sealed record OutcomeProblem(string Pointer, string Code, string Detail, string? Agreement = null);
