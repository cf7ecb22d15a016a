using System.Collections.Immutable;
using System.Globalization;
using CsvHelper.Configuration.Attributes;
using Ledger.Domain.Agreements;
using Ledger.Domain.Days;
using Ledger.Web.Access;
using Ledger.Web.Hosting;
using Ledger.Web.Store;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace Ledger.Web.Agreements;

/// <summary>A page of the register.</summary>
/// <param name="Items">The agreements, in the order asked for.</param>
/// <param name="Next">The cursor of the next page; null on the last one.</param>
/// <param name="AsOf">The day whose state of affairs this is.</param>
/// <param name="KnownAt">The instant up to whose records it speaks, UTC.</param>
/// <param name="SearchedUpTo">Where <c>q</c> was asked: the sequence of the entry up to which texts have been searched. What was recorded later is found in a moment.</param>
public sealed record AgreementPage(IReadOnlyList<AgreementRow> Items, string? Next, DateOnly AsOf, DateTimeOffset KnownAt, long? SearchedUpTo);

/// <summary>An agreement as the register lists it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Reference">Its reference.</param>
/// <param name="Title">Its title.</param>
/// <param name="Status">Its status on the day.</param>
/// <param name="Certain">Whether the status holds whichever days are meant by acts whose day is not known exactly.</param>
/// <param name="Version">The number of entries that this rests on.</param>
/// <param name="Parties">The codes of those that hold the parties' places on the day.</param>
/// <param name="Fields">The fields of cooperation.</param>
/// <param name="InForceFrom">From when it is in force.</param>
/// <param name="ProvisionallyAppliedFrom">The day from which it is applied provisionally, while it is; null once in force or ended.</param>
/// <param name="ExpiresOn">The last day of the term.</param>
/// <param name="LastDiscussedOn">The day of the last discussion.</param>
/// <param name="Visibility">Who may know of it.</param>
/// <param name="Flags">What about it cannot have been so, or an older record does not say.</param>
public sealed record AgreementRow(
    string Id,
    string Reference,
    string Title,
    AgreementStatus Status,
    bool Certain,
    long Version,
    ImmutableArray<string> Parties,
    ImmutableArray<string> Fields,
    DateOnly? InForceFrom,
    DateOnly? ProvisionallyAppliedFrom,
    DateOnly? ExpiresOn,
    Day? LastDiscussedOn,
    Visibility Visibility,
    ImmutableArray<Flag> Flags);

/// <summary>An agreement as a row of a table.</summary>
/// <param name="Reference">Its reference.</param>
/// <param name="Title">Its title.</param>
/// <param name="Parties">The codes of the parties, separated by spaces.</param>
/// <param name="Status">Its status on the day.</param>
/// <param name="Certain">Whether the status is certain.</param>
/// <param name="InForceFrom">From when it is in force.</param>
/// <param name="ExpiresOn">The last day of the term.</param>
/// <param name="LastDiscussedOn">The day of the last discussion.</param>
/// <param name="Fields">The fields of cooperation, separated by spaces.</param>
/// <param name="Version">The number of entries that this rests on.</param>
/// <param name="AsOf">The day whose state of affairs this is.</param>
/// <param name="KnownAt">The instant up to whose records it speaks, UTC.</param>
public sealed record AgreementTableRow(
    [property: Index(0)] string Reference,
    [property: Index(1)] string Title,
    [property: Index(2)] string Parties,
    [property: Index(3)] string Status,
    [property: Index(4)] bool Certain,
    [property: Index(5)] string? InForceFrom,
    [property: Index(6)] string? ExpiresOn,
    [property: Index(7)] string? LastDiscussedOn,
    [property: Index(8)] string Fields,
    [property: Index(9)] long Version,
    [property: Index(10)] string AsOf,
    [property: Index(11)] string KnownAt);

/// <summary>The orders in which the register can be listed.</summary>
public enum AgreementSort
{
    /// <summary>By reference.</summary>
    Reference,

    /// <summary>By title.</summary>
    Title,

    /// <summary>By the last day of the term, the nearest first; those without one last.</summary>
    ExpiresOn,

    /// <summary>By the last discussion, the latest first; those never discussed last.</summary>
    LastDiscussedOn,
}

/// <summary>Lists the register.</summary>
public static class AgreementListEndpoint
{
    /// <summary>List agreements: as they stand, as of a day, as known at an instant.</summary>
    /// <remarks>All that the caller may see, a page at a time. <c>asOf</c> and <c>knownAt</c> combine. As JSON or CSV by <c>Accept</c>.</remarks>
    [Tags("Agreements")]
    [Query("party", "Those to which this agency is or was a party, also in another's place.", Example = "CNES")]
    [Query("status", "Those of this status on the day.", Example = "inForce", Of = typeof(AgreementStatus))]
    [Query("field", "Those in this field of cooperation.", Example = "life-sciences")]
    [Query("q", "Those whose reference, titles or summary hold each of these words or parts of words, whatever the case and the accents.", Example = "soyuz")]
    [Query("notBefore", "With q: search at least up to the entry of this sequence, such as one just recorded.", Example = "1")]
    [Query("meeting", "Those touched by this meeting, by its id or reference.", Example = "CM-2020-0001")]
    [Query("flag", "Those that bear this flag: something that cannot have been so, or that an older record does not say.", Example = "ratified-before-signed", Of = typeof(Flag))]
    [Query("expiresBefore", "Those whose term ends before this day.", Example = "2030-01-01")]
    [Query("asOf", "The state of affairs on this day.", Example = "2020-02-14")]
    [Query("knownAt", "By what had been recorded by this instant.", Example = "2020-02-20T00:00:00Z")]
    [Query("sort", "The order; by reference unless given.", Example = "lastDiscussedOn", Of = typeof(AgreementSort))]
    [Query("limit", "How many to a page, 1,000 at most.", Example = "50")]
    [Query("cursor", "What an earlier page gave as next.")]
    [ProducesResponseType<AgreementPage>(200, Form.Json, Form.Csv)]
    [WolverineGet("/api/v1/agreements", OperationId = "listAgreements")]
    public static async Task<IResult> Get(AgreementReader agreements, AgreementRegister register, AgreementSearch search, HttpContext http)
    {
        var query = new RequestQuery(http);
        var filter = new AgreementFilter
        {
            Parties = query.Text("party") is { } party ? [party] : [],
            Status = query.OneOf<AgreementStatus>("status"),
            Field = query.Text("field"),
            Text = query.Text("q"),
            Meeting = query.Text("meeting"),
            Flag = query.OneOf("flag", [.. Enum.GetValues<Flag>().Select(Flags.Name)]) is { } flag ? Flags.Find(flag) : null,
            ExpiresBefore = query.Day("expiresBefore"),
        };
        var asOf = query.Day("asOf") ?? agreements.Today;
        var knownAt = query.Instant("knownAt");
        var sort = query.OneOf<AgreementSort>("sort") ?? AgreementSort.Reference;
        var limit = (int)(query.Number("limit", 1, 1_000) ?? 50);
        var cursor = query.Cursor("cursor", position => AgreementRegister.Position.Open(position, sort) is not null);
        var notBefore = query.Number("notBefore", 0, long.MaxValue);
        if (query.Problem is { } problem)
            return problem;
        if (await search.WaitFor(filter.Text is null ? null : notBefore, http.RequestAborted) is { } behind)
            return behind;

        var part = await register.Page(Caller.From(http.User), filter, asOf, knownAt, sort, cursor, limit, http.RequestAborted);
        var next = part.Next is null ? null : RequestQuery.Close(part.Next);
        Form.LinkToNext(http, "cursor", next);
        return Form.Of(http, Form.Json, Form.Csv) switch
        {
            Form.Json => Form.Answer(new AgreementPage(part.Rows, next, asOf, part.KnownAt, part.SearchedUpTo)),
            Form.Csv => Form.AsCsv(part.Rows.Select(row => ToTable(row, asOf, part.KnownAt))),
            _ => Form.NotAcceptable(Form.Json, Form.Csv),
        };
    }

    internal static AgreementTableRow ToTable(AgreementRow row, DateOnly asOf, DateTimeOffset knownAt) => new(
        row.Reference,
        row.Title,
        string.Join(' ', row.Parties),
        System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(row.Status.ToString()),
        row.Certain,
        row.InForceFrom is { } from ? Day.On(from).ToString() : null,
        row.ExpiresOn is { } until ? Day.On(until).ToString() : null,
        row.LastDiscussedOn?.ToString(),
        string.Join(' ', row.Fields),
        row.Version,
        Day.On(asOf).ToString(),
        knownAt.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture));
}
