using System.Globalization;
using Ledger.Domain;
using Ledger.Domain.Agreements;
using Ledger.Web.Access;
using Ledger.Web.Agreements;
using Ledger.Web.Entries;
using Ledger.Web.Hosting;
using Ledger.Web.Meetings;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace Ledger.Web.Briefs;

/// <summary>Gives briefs: of an agreement, of a meeting, of what agencies have together.</summary>
public static class BriefEndpoints
{
    /// <summary>Read the brief of an agreement: two pages in which every sentence cites its entry.</summary>
    /// <remarks>As Markdown, HTML or JSON (the sentences before they are put into words) by <c>Accept</c>.</remarks>
    [Tags("Briefs")]
    [Query("asOf", "The state of affairs on this day.", Example = "2020-02-14")]
    [Query("knownAt", "By what had been recorded by this instant.", Example = "2020-02-20T00:00:00Z")]
    [Query("lang", "en, fr or ru.", Example = "en")]
    [Query("since", "Tell what was recorded after this instant or sequence.", Example = "2020-01-01T00:00:00Z", Of = typeof(string))]
    [ProducesResponseType<Brief>(200, Form.Markdown, Form.Html, Form.Json)]
    [WolverineGet("/api/v1/agreements/{id}/brief", OperationId = "getAgreementBrief")]
    public static Task<IResult> OfAgreement(string id, AgreementReader agreements, BriefReader briefs, HttpContext http) =>
        Answer(http, agreements, asked => briefs.OfAgreement(id, Caller.From(http.User), asked, http.RequestAborted));

    /// <summary>Read the brief of a meeting: what it decided, by agreement.</summary>
    /// <remarks>As Markdown, HTML or JSON (the sentences before they are put into words) by <c>Accept</c>.</remarks>
    [Tags("Briefs")]
    [Query("asOf", "The state of affairs on this day.", Example = "2020-02-14")]
    [Query("knownAt", "By what had been recorded by this instant.", Example = "2020-02-20T00:00:00Z")]
    [Query("lang", "en, fr or ru.", Example = "en")]
    [Query("since", "Tell what was recorded after this instant or sequence.", Example = "2020-01-01T00:00:00Z", Of = typeof(string))]
    [ProducesResponseType<Brief>(200, Form.Markdown, Form.Html, Form.Json)]
    [WolverineGet("/api/v1/meetings/{id}/brief", OperationId = "getMeetingBrief")]
    public static Task<IResult> OfMeeting(string id, AgreementReader agreements, BriefReader briefs, HttpContext http) =>
        Answer(http, agreements, asked => briefs.OfMeeting(id, Caller.From(http.User), asked, http.RequestAborted));

    /// <summary>Read the brief of what agencies have together: every agreement that all of them are party to.</summary>
    /// <remarks>As Markdown, HTML or JSON (the sentences before they are put into words) by <c>Accept</c>.</remarks>
    [Tags("Briefs")]
    [Query("party", "The agencies, one to ten; give the parameter once for each.", Example = "CNES", Of = typeof(string[]), IsRequired = true)]
    [Query("asOf", "The state of affairs on this day.", Example = "2020-02-14")]
    [Query("knownAt", "By what had been recorded by this instant.", Example = "2020-02-20T00:00:00Z")]
    [Query("lang", "en, fr or ru.", Example = "en")]
    [Query("since", "Tell what was recorded after this instant or sequence.", Example = "2020-01-01T00:00:00Z", Of = typeof(string))]
    [ProducesResponseType<Brief>(200, Form.Markdown, Form.Html, Form.Json)]
    [WolverineGet("/api/v1/briefs/portfolio", OperationId = "getPortfolioBrief")]
    public static Task<IResult> OfPortfolio(AgreementReader agreements, BriefReader briefs, HttpContext http) =>
        Answer(http, agreements, asked => briefs.OfPortfolio(Caller.From(http.User), asked, http.RequestAborted));

    private static async Task<IResult> Answer(HttpContext http, AgreementReader agreements, Func<BriefRequest, Task<BriefAnswer>> compose)
    {
        var asked = BriefRequest.Of(http, agreements.Today);
        if (asked.Problem is { } unread)
            return unread;
        var (brief, problem) = await compose(asked);
        if (brief is null)
            return problem!;

        string[] forms = [Form.Markdown, Form.Html, Form.Json];
        var form = Form.Of(http, forms);
        if (form is null)
            return Form.NotAcceptable(forms);

        var phrasebook = Phrasebook.For(asked.Language)!;
        http.Response.Headers.CacheControl = "private, no-cache";
        http.Response.Headers.ContentLanguage = asked.Language;
        if (form == Form.Html)
            http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";
        return form switch
        {
            Form.Json => Results.Json(brief, LedgerJson.Options),
            Form.Html => Results.Text(HtmlBrief.Write(brief, phrasebook), "text/html; charset=utf-8"),
            _ => Results.Text(MarkdownBrief.Write(brief, phrasebook), "text/markdown; charset=utf-8"),
        };
    }
}

/// <summary>What a request for a brief asks for.</summary>
internal sealed record BriefRequest(DateOnly AsOf, DateTimeOffset? KnownAt, string Language, BriefSince? Since, IReadOnlyList<string> Parties, Problem? Problem)
{
    public static BriefRequest Of(HttpContext http, DateOnly today)
    {
        var query = new RequestQuery(http);
        var (asOf, knownAt) = (query.Day("asOf"), query.Instant("knownAt"));
        var language = query.OneOf("lang", [.. Phrasebook.All.Select(p => p.Language)]);
        var since = query.Text("since");
        var parties = query.Texts("party");
        var problem = query.Problem;
        var point = since is null ? null : ParseSince(since);
        if (since is not null && point is null)
            problem ??= Problem.Malformed("since is an instant with its offset such as 2020-02-20T00:00:00Z, or a sequence such as 12.");
        return new BriefRequest(asOf ?? today, knownAt, language ?? "en", point, parties, problem);
    }

    /// <summary>A sequence or an instant; null where the text is neither.</summary>
    public static BriefSince? ParseSince(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) ? BriefSince.After(sequence)
        : RequestQuery.ParseInstant(text) is { } instant ? BriefSince.At(instant)
        : null;
}

/// <summary>A brief, or why there is none.</summary>
/// <param name="Brief">The brief.</param>
/// <param name="Problem">The problem.</param>
internal sealed record BriefAnswer(Brief? Brief, Problem? Problem)
{
    public static implicit operator BriefAnswer(Problem problem) => new(null, problem);
}

/// <summary>Gathers what briefs are written from, for those who may see it, and has them composed.</summary>
public sealed class BriefReader(RecordReader record, AgreementReader agreements, AgreementRegister register, MeetingReader meetings)
{
    /// <summary>Of how many agreements a portfolio can be: all of their entries are read for it.</summary>
    internal int MostAgreements { get; init; } = 10_000;

    /// <summary>The brief of an agreement, by its id or reference.</summary>
    internal async Task<BriefAnswer> OfAgreement(string id, Caller caller, BriefRequest asked, CancellationToken cancellation) =>
        await agreements.Find(id, caller, cancellation) is { } current ? await OfAgreement(current, caller, asked, cancellation) : AgreementReader.NotFound(id);

    /// <summary>The brief of an agreement that the caller may see.</summary>
    internal async Task<BriefAnswer> OfAgreement(Agreement current, Caller caller, BriefRequest asked, CancellationToken cancellation)
    {
        var point = await PointOf(asked, caller, cancellation);
        var entries = await record.Stream(current.Id, point.KnownAt, cancellation);
        if (entries.IsEmpty)
            return AgreementReader.NotYetKnown(current);

        var read = new AgreementRecord(RecordReader.ToAgreement(entries)!, entries);
        return Standing.Of(read.Agreement, point.AsOf) is null
            ? AgreementReader.NotYetThere(read.Agreement, point.AsOf)
            : await Compose(caller, point, entries, (agencies, persons) => BriefComposer.OfAgreement(read, point, agencies, persons), cancellation);
    }

    /// <summary>The brief of a meeting, by its id or reference.</summary>
    internal async Task<BriefAnswer> OfMeeting(string id, Caller caller, BriefRequest asked, CancellationToken cancellation)
    {
        if (await meetings.Find(id, cancellation) is not { } current)
            return MeetingViewEndpoint.NotFound(id);

        var point = await PointOf(asked, caller, cancellation);
        var written = await record.Stream(current.Id, point.KnownAt, cancellation);
        var visible = await meetings.VisibleAgreements(written.Select(e => e.Event), caller, cancellation);
        RecordedEntry[] entries = [.. written.Select(e => e with { Event = MeetingReader.Redacted(e.Event, visible) })];
        if (entries.Length == 0)
            return Problem.NotFound($"Nothing was known of {current.Reference} at that instant.");

        var meeting = new MeetingRecord(RecordReader.ToMeeting(entries)!, [.. entries]);
        var touched = await Agreements(visible.Keys, point.KnownAt, cancellation);
        return await Compose(
            caller, point, entries.Concat(touched.SelectMany(a => a.Entries)), (agencies, persons) => BriefComposer.OfMeeting(meeting, touched, point, agencies, persons), cancellation);
    }

    /// <summary>The brief of what agencies have together.</summary>
    internal async Task<BriefAnswer> OfPortfolio(Caller caller, BriefRequest asked, CancellationToken cancellation)
    {
        if (asked.Parties.Count is < 1 or > 10)
            return Problem.Malformed("Name the agencies whose agreements are meant: ?party=CNES&party=ROSCOSMOS.");

        var point = await PointOf(asked, caller, cancellation);
        var common = await register.Page(
            caller, new AgreementFilter { Parties = asked.Parties }, point.AsOf, point.KnownAt, AgreementSort.Reference, null, MostAgreements, cancellation);
        if (asked.Parties.FirstOrDefault(party => common.Agencies.Find(party) is null) is { } unknown)
            return Problem.NotFound($"No agency {unknown} was registered at that instant. GET /api/v1/agencies lists those that are.");

        if (common.Next is not null)
        {
            return Problem.Malformed(string.Create(
                CultureInfo.InvariantCulture, $"More than {MostAgreements:N0} agreements have all of these as parties, and a brief takes in as many at most. Name another party as well, or read them in the register: GET /api/v1/agreements?party={asked.Parties[0]}."));
        }

        var records = await Agreements(common.Rows.Select(row => row.Id), point.KnownAt, cancellation);
        return await Compose(
            caller, point, records.SelectMany(a => a.Entries), (agencies, persons) => BriefComposer.OfPortfolio(asked.Parties, records, point, agencies, persons), cancellation);
    }

    private async Task<BriefPoint> PointOf(BriefRequest asked, Caller caller, CancellationToken cancellation)
    {
        var knownAt = await record.SpeakingUpTo(asked.KnownAt ?? DateTimeOffset.MaxValue, cancellation);
        return new BriefPoint(asked.AsOf, knownAt, asked.Since, await record.LastSequence(knownAt, caller, cancellation));
    }

    private async Task<List<AgreementRecord>> Agreements(IEnumerable<string> ids, DateTimeOffset knownAt, CancellationToken cancellation) =>
    [
        .. (await record.Streams(ids, knownAt, cancellation))
            .Select(stream => new AgreementRecord(RecordReader.ToAgreement(stream)!, [.. stream]))
            .OrderBy(a => a.Agreement.Reference, StringComparer.Ordinal),
    ];

    private async Task<BriefAnswer> Compose(
        Caller caller, BriefPoint point, IEnumerable<RecordedEntry> entries, Func<Domain.Agencies.AgencyDirectory, Persons.PersonDirectory, Brief> compose, CancellationToken cancellation) =>
        new(compose(await record.AgenciesAt(point.KnownAt, cancellation), await record.PersonsNamedIn(entries, caller, cancellation)), null);
}
