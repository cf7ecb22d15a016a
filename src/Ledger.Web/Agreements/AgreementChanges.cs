using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Domain.Agreements;
using Ledger.Web.Access;
using Ledger.Web.Hosting;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace Ledger.Web.Agreements;

/// <summary>What differs between two points of an agreement.</summary>
/// <param name="Reference">Its reference.</param>
/// <param name="From">The earlier point.</param>
/// <param name="To">The later point.</param>
/// <param name="Differences">The members that differ, in the order of the members.</param>
public sealed record AgreementChanges(string Reference, PointView From, PointView To, IReadOnlyList<Difference> Differences);

/// <summary>A point from which an agreement was read.</summary>
/// <param name="AsOf">The day.</param>
/// <param name="KnownAt">The instant up to whose records it speaks, UTC.</param>
/// <param name="Version">The number of entries it rests on; 0 where nothing was known, or there was no agreement.</param>
/// <param name="Status">The status; null where nothing was known, or there was no agreement.</param>
public sealed record PointView(DateOnly AsOf, DateTimeOffset? KnownAt, long Version, AgreementStatus? Status);

/// <summary>A member that differs.</summary>
/// <param name="Field">The member of the agreement as GET shows it, as a JSON Pointer.</param>
/// <param name="From">Its value at the earlier point; null where it was not there.</param>
/// <param name="To">Its value at the later point; null where it is not there.</param>
public sealed record Difference(string Field, JsonNode? From, JsonNode? To);

/// <summary>Compares an agreement with itself.</summary>
public static class AgreementChangesEndpoint
{
    // What says from where one looks is no change of what is seen.
    private static readonly string[] Viewpoint = ["asOf", "knownAt", "statusOn", "version"];

    /// <summary>Compare two points: days, instants or versions.</summary>
    /// <remarks>Each difference is a member of the agreement as GET shows it, with both values.</remarks>
    [Tags("Agreements")]
    [Query("from", "The earlier point: a day, an instant with its offset, or a version.", Example = "2020-02-13", Of = typeof(string), IsRequired = true)]
    [Query("to", "The later point, likewise; now where it is left out.", Example = "2020-02-14", Of = typeof(string))]
    [ProducesResponseType<AgreementChanges>(200)]
    [WolverineGet("/api/v1/agreements/{id}/changes", OperationId = "getAgreementChanges")]
    public static async Task<IResult> Get(string id, AgreementReader agreements, HttpContext http)
    {
        var query = new RequestQuery(http);
        var (from, to) = (query.Text("from"), query.Text("to"));
        if (query.Problem is { } problem)
            return problem;
        if (from is null)
            return Problem.Malformed("Give from: a day, an instant with its offset, or a version.");
        if (ToPoint(from, agreements.Today) is not { } earlier)
            return Problem.Malformed("from is a day such as 2020-02-13, an instant such as 2020-02-20T00:00:00Z, or a version such as 3.");
        if (ToPoint(to ?? "", agreements.Today) is not { } later)
            return Problem.Malformed("to is a day such as 2020-02-14, an instant such as 2020-02-20T00:00:00Z, or a version such as 3.");
        if (await agreements.Find(id, Caller.From(http.User), http.RequestAborted) is not { } current)
            return AgreementReader.NotFound(id);
        if ((AgreementReader.VersionProblem(current, earlier) ?? AgreementReader.VersionProblem(current, later)) is { } unreached)
            return unreached;

        var before = await At(current, earlier, agreements, http.RequestAborted);
        var after = await At(current, later, agreements, http.RequestAborted);
        var differences = new List<Difference>();
        Compare("", before.Json, after.Json, differences);
        return Form.Answer(new AgreementChanges(current.Reference, before.Point, after.Point, differences));
    }

    private static Point? ToPoint(string text, DateOnly today) =>
        text.Length == 0 ? new Point(today, null)
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? new Point(today, null, version)
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? new Point(day, null)
        : RequestQuery.ParseInstant(text) is { } instant ? new Point(today, instant)
        : null;

    private static async Task<(PointView Point, JsonObject Json)> At(Agreement current, Point point, AgreementReader agreements, CancellationToken cancellation)
    {
        if (await agreements.Read(current, point, cancellation) is not { } reading || Standing.Of(reading.Agreement, point.AsOf) is not { } standing)
            return (new PointView(point.AsOf, point.KnownAt, 0, null), []);

        var meetings = await agreements.Meetings(reading.Agreement.Acts.Select(a => a.Event.Meeting).OfType<string>(), cancellation, point.KnownAt is null ? null : reading.KnownAt);
        var json = JsonSerializer.SerializeToNode(AgreementView.Of(reading, standing, meetings), Form.Options)!.AsObject();
        foreach (var member in Viewpoint)
            json.Remove(member);
        return (new PointView(point.AsOf, reading.KnownAt, reading.Agreement.Version, standing.Status), json);
    }

    private static void Compare(string pointer, JsonNode? from, JsonNode? to, List<Difference> differences)
    {
        switch (from, to)
        {
            case (JsonObject a, JsonObject b):
                foreach (var name in a.Select(m => m.Key).Concat(b.Select(m => m.Key)).Distinct(StringComparer.Ordinal))
                    Compare($"{pointer}/{name}", a[name], b[name], differences);
                break;
            case (JsonArray a, JsonArray b):
                for (var i = 0; i < Math.Max(a.Count, b.Count); i++)
                    Compare(string.Create(CultureInfo.InvariantCulture, $"{pointer}/{i}"), i < a.Count ? a[i] : null, i < b.Count ? b[i] : null, differences);
                break;
            default:
                if (!JsonNode.DeepEquals(from, to))
                    differences.Add(new Difference(pointer, from?.DeepClone(), to?.DeepClone()));
                break;
        }
    }
}
