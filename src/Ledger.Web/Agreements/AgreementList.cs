using System.Collections.Immutable;
using System.Globalization;
using CsvHelper.Configuration.Attributes;
using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Domain.Days;
using Ledger.Web.Access;
using Ledger.Web.Entries;
using Ledger.Web.Hosting;
using Marten;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace Ledger.Web.Agreements;

/// <summary>A page of the register.</summary>
/// <param name="Items">The agreements, in the order asked for.</param>
/// <param name="Next">The cursor of the next page; null on the last one.</param>
/// <param name="AsOf">The day whose state of affairs this is.</param>
/// <param name="KnownAt">The instant up to whose records it speaks, UTC.</param>
public sealed record AgreementPage(IReadOnlyList<AgreementRow> Items, string? Next, DateOnly AsOf, DateTimeOffset KnownAt);

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
    Visibility Visibility)
{
    internal static AgreementRow Of(Agreement agreement, Standing standing, AgencyDirectory agencies) => new(
        agreement.Id,
        agreement.Reference,
        agreement.Title,
        standing.Status,
        standing.Certain,
        agreement.Version,
        [.. standing.Parties.Select(p => agencies.HolderOn(p.Party, standing.Day))],
        agreement.Proposal.Fields,
        standing.Entry.InForceFrom,
        standing.ProvisionalFrom,
        standing.ExpiresOn,
        standing.LastDiscussed?.On,
        agreement.Proposal.Visibility);
}

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
    [Query("q", "Those whose reference, title or summary contains this text, whatever its case.", Example = "soyuz")]
    [Query("meeting", "Those touched by this meeting, by its id or reference.", Example = "CM-2020-0001")]
    [Query("expiresBefore", "Those whose term ends before this day.", Example = "2030-01-01")]
    [Query("asOf", "The state of affairs on this day.", Example = "2020-02-14")]
    [Query("knownAt", "By what had been recorded by this instant.", Example = "2020-02-20T00:00:00Z")]
    [Query("sort", "The order; by reference unless given.", Example = "lastDiscussedOn", Of = typeof(AgreementSort))]
    [Query("limit", "How many to a page, 1,000 at most.", Example = "50")]
    [Query("cursor", "What an earlier page gave as next.")]
    [ProducesResponseType<AgreementPage>(200, Form.Json, Form.Csv)]
    [WolverineGet("/api/v1/agreements", OperationId = "listAgreements")]
    public static async Task<IResult> Get(AgreementReader agreements, AgreementRegister register, HttpContext http)
    {
        var query = new RequestQuery(http);
        var filter = new AgreementFilter(
            query.Text("party"), query.OneOf<AgreementStatus>("status"), query.Text("field"), query.Text("q"), query.Text("meeting"), query.Day("expiresBefore"));
        var asOf = query.Day("asOf") ?? agreements.Today;
        var knownAt = query.Instant("knownAt");
        var sort = query.OneOf<AgreementSort>("sort") ?? AgreementSort.Reference;
        var limit = (int)(query.Number("limit", 1, 1_000) ?? 50);
        var cursor = query.Cursor("cursor");
        if (query.Problem is { } problem)
            return problem;

        var (rows, speakingUpTo) = await register.Rows(Caller.From(http.User), filter, asOf, knownAt, http.RequestAborted);
        var shown = rows.Select(row => (Row: row, Key: AgreementRegister.Key(row, sort)))
            .OrderBy(x => x.Key, StringComparer.Ordinal)
            .Where(x => cursor is null || string.CompareOrdinal(x.Key, cursor) > 0)
            .Take(limit + 1)
            .ToList();
        var items = shown.Take(limit).Select(x => x.Row).ToList();
        var next = shown.Count > limit ? RequestQuery.Close(shown[limit - 1].Key) : null;
        Form.LinkToNext(http, "cursor", next);
        return Form.Of(http, Form.Json, Form.Csv) switch
        {
            Form.Json => Form.Answer(new AgreementPage(items, next, asOf, speakingUpTo)),
            Form.Csv => Form.AsCsv(items.Select(row => ToTable(row, asOf, speakingUpTo))),
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

/// <summary>Which agreements are asked for; an absent member asks nothing.</summary>
/// <param name="Party">A party.</param>
/// <param name="Status">The status on the day.</param>
/// <param name="Field">A field of cooperation.</param>
/// <param name="Text">A text in the reference, title or summary.</param>
/// <param name="Meeting">A meeting by id or reference.</param>
/// <param name="ExpiresBefore">The day before which the term ends.</param>
public sealed record AgreementFilter(string? Party, AgreementStatus? Status, string? Field, string? Text, string? Meeting, DateOnly? ExpiresBefore);

/// <summary>The register: every agreement that a caller may see, as of a day and as known at an instant.</summary>
public sealed class AgreementRegister(IDocumentStore store, RecordReader record, AgreementReader agreements)
{
    /// <summary>The rows that a filter lets through, and the instant up to which they speak.</summary>
    public async Task<(IReadOnlyList<AgreementRow> Rows, DateTimeOffset KnownAt)> Rows(
        Caller caller, AgreementFilter filter, DateOnly asOf, DateTimeOffset? knownAt, CancellationToken cancellation)
    {
        var (found, agencies, speakingUpTo) = await Find(caller, filter, asOf, knownAt, cancellation);
        return ([.. found.Select(x => AgreementRow.Of(x.Agreement, x.Standing, agencies))], speakingUpTo);
    }

    /// <summary>The agreements that a filter lets through with their standing on the day, the agencies, and the instant up to which all speak.</summary>
    public async Task<(IReadOnlyList<(Agreement Agreement, Standing Standing)> Found, AgencyDirectory Agencies, DateTimeOffset KnownAt)> Find(
        Caller caller, AgreementFilter filter, DateOnly asOf, DateTimeOffset? knownAt, CancellationToken cancellation)
    {
        var (all, agencies, speakingUpTo) = await Agreements(knownAt, cancellation);
        var meeting = filter.Meeting is null ? null : await MeetingId(filter.Meeting, cancellation);
        var rows = all
            .Where(a => caller.MaySee(a, agencies))
            .Where(a => filter.Field is null || a.Proposal.Fields.Contains(filter.Field, StringComparer.OrdinalIgnoreCase))
            .Where(a => filter.Text is null || Says(a, filter.Text))
            .Where(a => filter.Meeting is null || (meeting is not null && a.Acts.Any(act => act.Event.Meeting == meeting)))
            .Where(a => filter.Party is null || agencies.PlacesOf(filter.Party).Overlaps(a.Parties))
            .Select(a => (Agreement: a, Standing: Standing.Of(a, asOf)))
            .Where(x => x.Standing is not null)
            .Where(x => filter.Status is null || x.Standing!.Status == filter.Status)
            .Where(x => filter.ExpiresBefore is null || x.Standing!.ExpiresOn < filter.ExpiresBefore)
            .Select(x => (x.Agreement, x.Standing!))
            .ToList();
        return (rows, agencies, speakingUpTo);
    }

    // The id at the end makes every key the only one of its kind, so that a page begins exactly where the last one ended.
    internal static string Key(AgreementRow row, AgreementSort sort) => sort switch
    {
        AgreementSort.Title => row.Title.ToUpperInvariant(),
        AgreementSort.ExpiresOn => Number((row.ExpiresOn ?? DateOnly.MaxValue).DayNumber),
        AgreementSort.LastDiscussedOn => Number(DateOnly.MaxValue.DayNumber - (row.LastDiscussedOn?.Latest ?? DateOnly.MinValue).DayNumber),
        _ => row.Reference,
    } + "\u0001" + row.Id;

    private static string Number(int number) => number.ToString("D8", CultureInfo.InvariantCulture);

    /// <summary>Every agreement, the agencies, and the instant up to which both speak.</summary>
    public async Task<(IReadOnlyList<Agreement> Agreements, AgencyDirectory Agencies, DateTimeOffset KnownAt)> Agreements(DateTimeOffset? knownAt, CancellationToken cancellation)
    {
        if (knownAt is { } asked)
        {
            var upTo = await record.SpeakingUpTo(asked, cancellation);
            var known = (await record.All<AgreementEvent>(upTo, cancellation))
                .GroupBy(e => e.Stream, StringComparer.Ordinal)
                .Select(stream => RecordReader.ToAgreement(stream)!)
                .ToList();
            return (known, await record.AgenciesAt(upTo, cancellation), upTo);
        }

        var settled = await record.Settled(cancellation);
        await using var session = store.QuerySession();
        var current = await session.Query<Agreement>().ToListAsync(cancellation);

        // No later one, even where a later entry shows: others from before that one may still come.
        return (current, await agreements.AgenciesNow(cancellation), settled.Instant);
    }

    private static bool Says(Agreement agreement, string text) =>
        new[] { agreement.Reference, agreement.Title, agreement.Proposal.Summary, agreement.Proposal.Titles?.En, agreement.Proposal.Titles?.Fr, agreement.Proposal.Titles?.Ru }
            .Any(x => x is not null && CultureInfo.InvariantCulture.CompareInfo.IndexOf(x, text, CompareOptions.IgnoreCase | CompareOptions.IgnoreNonSpace) >= 0);

    private async Task<string?> MeetingId(string name, CancellationToken cancellation)
    {
        await using var session = store.QuerySession();
        return await session.Query<Domain.Meetings.Meeting>().Where(m => m.Id == name || m.Reference == name).Select(m => m.Id).FirstOrDefaultAsync(cancellation);
    }
}
