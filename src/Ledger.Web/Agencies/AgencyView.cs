using System.Collections.Immutable;
using CsvHelper.Configuration.Attributes;
using Ledger.Domain;
using Ledger.Domain.Agencies;
using Ledger.Domain.Days;
using Ledger.Web.Agreements;
using Ledger.Web.Hosting;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace Ledger.Web.Agencies;

/// <summary>An agency as of a day.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Name">The official name it bears on the day.</param>
/// <param name="Names">That name in other languages.</param>
/// <param name="Kind">What kind of body it is on the day.</param>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="Formerly">The names it bore before, each with the day from which it did.</param>
/// <param name="SucceededBy">Who stands in its place on the day; null while it does so itself.</param>
/// <param name="SucceededOn">From when.</param>
/// <param name="Succeeds">The agencies in whose place it stands on the day.</param>
/// <param name="Version">The number of entries that this rests on.</param>
/// <param name="AsOf">The day.</param>
public sealed record AgencyView(
    string Code,
    string Name,
    Translations? Names,
    AgencyKind Kind,
    string? Country,
    ImmutableArray<NameFrom> Formerly,
    string? SucceededBy,
    Day? SucceededOn,
    ImmutableArray<string> Succeeds,
    long Version,
    DateOnly AsOf)
{
    /// <summary>Every agency, by code.</summary>
    internal static IReadOnlyList<AgencyView> All(AgencyDirectory agencies, DateOnly day)
    {
        var holders = agencies.HoldersOn(day);
        var all = agencies.All.ToList();
        var held = all.ToLookup(a => holders[a.Id], a => a.Id, StringComparer.Ordinal);
        return [.. all.Select(a => Of(a, holders[a.Id], held[a.Id], day))];
    }

    internal static AgencyView Of(Agency agency, AgencyDirectory agencies, DateOnly day)
    {
        var holders = agencies.HoldersOn(day);
        return Of(agency, holders[agency.Id], agencies.All.Select(a => a.Id).Where(code => holders[code] == agency.Id), day);
    }

    private static AgencyView Of(Agency agency, string holder, IEnumerable<string> held, DateOnly day)
    {
        var name = agency.NameOn(day);
        return new AgencyView(
            agency.Id,
            name.Name,
            name.Names,
            name.Kind,
            name.Country,
            [.. agency.Names.TakeWhile(n => n != name).Select(n => new NameFrom(n.Name, n.From))],
            holder == agency.Id ? null : holder,
            holder == agency.Id ? null : agency.Succession!.On,
            [.. held.Where(code => code != agency.Id)],
            agency.Version,
            day);
    }
}

/// <summary>A name and the day from which it was borne.</summary>
/// <param name="Name">The name.</param>
/// <param name="From">The day; null for the first name.</param>
public sealed record NameFrom(string Name, Day? From);

/// <summary>All agencies as of a day.</summary>
/// <param name="Items">The agencies, by code.</param>
/// <param name="Next">Always null: they come on one page.</param>
/// <param name="AsOf">The day.</param>
public sealed record AgencyPage(IReadOnlyList<AgencyView> Items, string? Next, DateOnly AsOf);

/// <summary>An agency as a row of a table.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Name">The official name it bears on the day.</param>
/// <param name="Kind">What kind of body it is on the day.</param>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="SucceededBy">Who stands in its place on the day.</param>
/// <param name="SucceededOn">From when.</param>
/// <param name="Succeeds">The agencies in whose place it stands on the day, separated by spaces.</param>
/// <param name="Version">The number of entries that this rests on.</param>
/// <param name="AsOf">The day.</param>
public sealed record AgencyTableRow(
    [property: Index(0)] string Code,
    [property: Index(1)] string Name,
    [property: Index(2)] string Kind,
    [property: Index(3)] string? Country,
    [property: Index(4)] string? SucceededBy,
    [property: Index(5)] string? SucceededOn,
    [property: Index(6)] string Succeeds,
    [property: Index(7)] long Version,
    [property: Index(8)] string AsOf)
{
    internal static AgencyTableRow Of(AgencyView view) => new(
        view.Code,
        view.Name,
        System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(view.Kind.ToString()),
        view.Country,
        view.SucceededBy,
        view.SucceededOn?.ToString(),
        string.Join(' ', view.Succeeds),
        view.Version,
        Day.On(view.AsOf).ToString());
}

/// <summary>Shows agencies.</summary>
public static class AgencyViewEndpoint
{
    /// <summary>List the agencies, as they are called today or on a day.</summary>
    /// <remarks>A former name and a former agency go on answering for the days before. As JSON or CSV by <c>Accept</c>.</remarks>
    [Tags("Agencies")]
    [Query("asOf", "As they were called on this day.", Example = "2014-01-01")]
    [ProducesResponseType<AgencyPage>(200, Form.Json, Form.Csv)]
    [WolverineGet("/api/v1/agencies", OperationId = "listAgencies")]
    public static async Task<IResult> List(AgreementReader agreements, HttpContext http)
    {
        var query = new RequestQuery(http);
        var asOf = query.Day("asOf") ?? agreements.Today;
        if (query.Problem is { } problem)
            return problem;

        var agencies = await agreements.AgenciesNow(http.RequestAborted);
        var views = AgencyView.All(agencies, asOf);
        return Form.Of(http, Form.Json, Form.Csv) switch
        {
            Form.Json => Form.Answer(new AgencyPage(views, null, asOf)),
            Form.Csv => Form.AsCsv(views.Select(AgencyTableRow.Of)),
            _ => Form.NotAcceptable(Form.Json, Form.Csv),
        };
    }

    /// <summary>Read an agency, as it is called today or on a day.</summary>
    /// <remarks>A former name and a former agency go on answering for the days before.</remarks>
    [Tags("Agencies")]
    [Query("asOf", "As it was called on this day.", Example = "2014-01-01")]
    [ProducesResponseType<AgencyView>(200)]
    [WolverineGet("/api/v1/agencies/{code}", OperationId = "getAgency")]
    public static async Task<IResult> Get(string code, AgreementReader agreements, HttpContext http)
    {
        var query = new RequestQuery(http);
        var asOf = query.Day("asOf") ?? agreements.Today;
        if (query.Problem is { } problem)
            return problem;

        var agencies = await agreements.AgenciesNow(http.RequestAborted);
        if (agencies.Find(code) is not { } agency)
            return NotFound(code);

        http.Response.Headers.ETag = $"\"{agency.Version}\"";
        return Form.Answer(AgencyView.Of(agency, agencies, asOf));
    }

    /// <summary>Read the history of an agency.</summary>
    /// <remarks>Every entry as it was written, with who recorded it and when; as JSON, CSV or JSON Lines by <c>Accept</c>.</remarks>
    [Tags("Agencies")]
    [Query("limit", "How many entries to a page, 1,000 at most.", Example = "100")]
    [Query("cursor", "What an earlier page gave as next.")]
    [ProducesResponseType<HistoryPage>(200, Form.Json, Form.Csv, Form.JsonLines)]
    [WolverineGet("/api/v1/agencies/{code}/history", OperationId = "getAgencyHistory")]
    public static async Task<IResult> History(string code, AgreementReader agreements, HistoryWriter writer, HttpContext http)
    {
        var page = HistoryWriter.PageOf(new RequestQuery(http), out var problem);
        if (problem is not null)
            return problem;
        if ((await agreements.AgenciesNow(http.RequestAborted)).Find(code) is not { } agency)
            return NotFound(code);

        return await writer.Write(http, new(agency.Id, agency.Version), page);
    }

    internal static Problem NotFound(string code) => Problem.NotFound($"No agency {code} is registered. GET /api/v1/agencies lists those that are.");
}
