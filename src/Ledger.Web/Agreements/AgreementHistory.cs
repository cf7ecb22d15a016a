using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsvHelper.Configuration.Attributes;
using Ledger.Domain;
using Ledger.Domain.Agreements;
using Ledger.Domain.Days;
using Ledger.Web.Access;
using Ledger.Web.Briefs;
using Ledger.Web.Entries;
using Ledger.Web.Hosting;
using Ledger.Web.Persons;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace Ledger.Web.Agreements;

/// <summary>Shows the history of an agreement: every entry as it was written.</summary>
public static class AgreementHistoryEndpoint
{
    private const string Kept = "history";

    /// <summary>Read the history: who recorded what, when, how late, through which meeting, and what put it right.</summary>
    /// <remarks>Corrections stand beside what they correct. As JSON, CSV or JSON Lines by <c>Accept</c>.</remarks>
    [Tags("Agreements")]
    [Query("knownAt", "Only what had been recorded by this instant.", Example = "2020-02-20T00:00:00Z")]
    [Query("limit", "How many entries to a page, 1,000 at most.", Example = "100")]
    [Query("cursor", "What an earlier page gave as next.")]
    [ProducesResponseType<HistoryPage>(200, Form.Json, Form.Csv, Form.JsonLines)]
    [WolverineGet("/api/v1/agreements/{id}/history", OperationId = "getAgreementHistory")]
    public static async Task<IResult> Get(string id, AgreementReader agreements, RecordReader record, HistoryWriter writer, AgreementAnswers answers, HttpContext http)
    {
        var query = new RequestQuery(http);
        var knownAt = query.Instant("knownAt");
        var page = HistoryWriter.PageOf(query, out var problem);
        if (problem is not null)
            return problem;

        var caller = Caller.From(http.User);

        // What is kept ready holds every name.
        if (caller.SeesEveryName() && http.Request.Query.Count == 0 && Form.Of(http, Form.Json, Form.Csv, Form.JsonLines) == Form.Json)
            return await Whole(id, caller, agreements, writer, answers, http);

        // The instant first and the agreement after it: everything recorded by then is in it.
        DateTimeOffset? upTo = knownAt is null ? null : await record.SpeakingUpTo(knownAt.Value, http.RequestAborted);
        if (await agreements.Find(id, caller, http.RequestAborted) is not { } agreement)
            return AgreementReader.NotFound(id);

        // Sentences name phases, parties and what was counted as they were known then; what is kept ready is only what is known now.
        var known = upTo is { } instant && agreement.LastRecordedAt > instant ? await record.AgreementAt(agreement.Id, instant, null, http.RequestAborted) : agreement;
        return await writer.Write(http, new(agreement.Id, known?.Version ?? 0) { Agreement = known, KnownAt = upTo }, page);
    }

    private static async Task<IResult> Whole(
        string id, Caller caller, AgreementReader agreements, HistoryWriter writer, AgreementAnswers answers, HttpContext http)
    {
        if (await answers.Head(id, caller, http.RequestAborted) is not { } head)
            return AgreementReader.NotFound(id);
        if (answers.Find(Kept, head, agreements.Today) is { } kept)
            return AgreementAnswers.Send(kept, default);
        if (await agreements.Find(head.Id, caller, http.RequestAborted) is not { } agreement)
            return AgreementReader.NotFound(id);

        var page = await writer.PageOf(new(agreement.Id, agreement.Version) { Agreement = agreement }, new(0, HistoryWriter.UsualLimit), http);
        var answer = new AgreementAnswer(new(agreement.Id, agreement.Version, head.Names), agreement.LastRecordedAt, null, JsonSerializer.SerializeToUtf8Bytes(page, Form.Options));

        // With a next page the answer has a header of its own, and is too long to be asked for often.
        if (page.Next is null)
            answers.Keep(Kept, answer);
        return AgreementAnswers.Send(answer, default);
    }
}

/// <summary>A page of a history.</summary>
/// <param name="Items">The entries in their order.</param>
/// <param name="Next">The cursor of the next page; null on the last one.</param>
public sealed record HistoryPage(IReadOnlyList<HistoryItem> Items, string? Next);

/// <summary>An entry as a history shows it.</summary>
/// <param name="Sequence">Its place in the whole ledger.</param>
/// <param name="Version">Its number in the stream.</param>
/// <param name="Type">What happened.</param>
/// <param name="OccurredOn">The day on which the parties did it.</param>
/// <param name="RecordedAt">The instant at which it was recorded, UTC.</param>
/// <param name="RecordedLateByDays">How many days later than it occurred.</param>
/// <param name="RecordedBy">Who recorded it.</param>
/// <param name="Meeting">The meeting through which it was recorded.</param>
/// <param name="Summary">The entry in one sentence.</param>
/// <param name="Data">What was written, member by member.</param>
/// <param name="Corrects">The version of the entry that this one puts right.</param>
/// <param name="CorrectedBy">The version of the last entry that puts this one right.</param>
/// <param name="Correlation">The trace of the request that recorded it.</param>
/// <param name="Causation">The idempotency record of that request.</param>
/// <param name="Provenance">Where it was first recorded, when it came here from another ledger.</param>
/// <param name="ClockSaid">What a clock said when this was recorded, UTC, where it contradicted <c>recordedAt</c>: the store's clock had been set back, or the clocks of store and service were apart by more than a minute.</param>
public sealed record HistoryItem(
    long Sequence,
    long Version,
    string Type,
    Day? OccurredOn,
    DateTimeOffset RecordedAt,
    int? RecordedLateByDays,
    RecorderNamed RecordedBy,
    MeetingNamed? Meeting,
    string Summary,
    JsonNode Data,
    long? Corrects,
    long? CorrectedBy,
    string? Correlation,
    string? Causation,
    ProvenanceNamed? Provenance = null,
    DateTimeOffset? ClockSaid = null);

/// <summary>Where an entry was first recorded, when it came here from another ledger.</summary>
/// <param name="RecordedAt">The instant at which that ledger recorded it, UTC.</param>
/// <param name="RecordedBy">Who recorded it there.</param>
public sealed record ProvenanceNamed(DateTimeOffset RecordedAt, RecorderNamed RecordedBy);

/// <summary>Who recorded an entry.</summary>
/// <param name="Name">The name; null once it was erased, or where it is withheld.</param>
/// <param name="Agency">The code of the agency they acted for.</param>
/// <param name="PersonId">The id by which the ledger knows them.</param>
/// <param name="Withheld">Whether the name is kept and not for the caller to see.</param>
public sealed record RecorderNamed(string? Name, string? Agency, string PersonId, bool Withheld)
{
    /// <summary>The day on which the name was erased, UTC; null while it is kept.</summary>
    public DateOnly? ErasedOn { get; init; }

    internal static RecorderNamed Of(RecordedBy by, PersonDirectory persons)
    {
        var known = persons.Find(by.PersonId);
        return new(known?.Name, by.Agency, by.PersonId, known is { IsWithheld: true }) { ErasedOn = persons.ErasedOn(by.PersonId) };
    }
}

/// <summary>A history as a row of a table.</summary>
/// <param name="Sequence">Its place in the whole ledger.</param>
/// <param name="Version">Its number in the stream.</param>
/// <param name="Type">What happened.</param>
/// <param name="OccurredOn">The day on which the parties did it.</param>
/// <param name="RecordedAt">The instant at which it was recorded, RFC 3339, UTC.</param>
/// <param name="RecordedLateByDays">How many days later than it occurred.</param>
/// <param name="RecordedBy">Who recorded it.</param>
/// <param name="Agency">For which agency.</param>
/// <param name="Meeting">The reference of the meeting.</param>
/// <param name="Summary">The entry in one sentence.</param>
/// <param name="Corrects">The version of the entry that this one puts right.</param>
/// <param name="CorrectedBy">The version of the last entry that puts this one right.</param>
/// <param name="Data">What was written, as JSON.</param>
public sealed record HistoryRow(
    [property: Index(0)] long Sequence,
    [property: Index(1)] long Version,
    [property: Index(2)] string Type,
    [property: Index(3)] string? OccurredOn,
    [property: Index(4)] string RecordedAt,
    [property: Index(5)] int? RecordedLateByDays,
    [property: Index(6)] string? RecordedBy,
    [property: Index(7)] string? Agency,
    [property: Index(8)] string? Meeting,
    [property: Index(9)] string Summary,
    [property: Index(10)] long? Corrects,
    [property: Index(11)] long? CorrectedBy,
    [property: Index(12)] string Data)
{
    internal static HistoryRow Of(HistoryItem item) => new(
        item.Sequence,
        item.Version,
        item.Type,
        item.OccurredOn?.ToString(),
        item.RecordedAt.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", System.Globalization.CultureInfo.InvariantCulture),
        item.RecordedLateByDays,
        item.RecordedBy.Name,
        item.RecordedBy.Agency,
        item.Meeting?.Reference,
        item.Summary,
        item.Corrects,
        item.CorrectedBy,
        item.Data.ToJsonString(LedgerJson.Options));
}

/// <summary>Writes histories of agreements, meetings and agencies in the form that the caller asks for.</summary>
public sealed class HistoryWriter(RecordReader record, AgreementReader agreements)
{
    internal const int UsualLimit = 100;

    internal sealed record Page(long After, int Limit);

    /// <summary>Which history.</summary>
    /// <param name="Stream">The id of the stream.</param>
    /// <param name="Version">The number of its last entry.</param>
    internal sealed record Of(string Stream, long Version)
    {
        /// <summary>The agreement that those entries make; absent for other streams.</summary>
        public Agreement? Agreement { get; init; }

        /// <summary>The instant by whose records meetings are named; absent: as they stand.</summary>
        public DateTimeOffset? KnownAt { get; init; }

        /// <summary>What the caller may see of entries; absent: all.</summary>
        public Func<ImmutableArray<RecordedEntry>, Task<ImmutableArray<RecordedEntry>>>? Seen { get; init; }
    }

    internal static Page PageOf(RequestQuery query, out Problem? problem)
    {
        var page = new Page(
            query.Position("cursor") ?? 0,
            (int)(query.Number("limit", 1, 1_000) ?? UsualLimit));
        problem = query.Problem;
        return page;
    }

    internal async Task<IResult> Write(HttpContext http, Of history, Page page)
    {
        var shown = await PageOf(history, page, http);
        return Form.Of(http, Form.Json, Form.Csv, Form.JsonLines) switch
        {
            Form.Json => Form.Answer(shown),
            Form.Csv => Form.AsCsv(shown.Items.Select(HistoryRow.Of)),
            Form.JsonLines => Form.AsJsonLines(shown.Items),
            _ => Form.NotAcceptable(Form.Json, Form.Csv, Form.JsonLines),
        };
    }

    /// <summary>A page of a history, with the next one named in a header. Only its own entries are read, and which put them right.</summary>
    internal async Task<HistoryPage> PageOf(Of history, Page page, HttpContext http)
    {
        var shown = await record.Part(history.Stream, page.After, history.Version, page.Limit, http.RequestAborted);
        if (shown.IsEmpty)
            return new HistoryPage([], null);

        var correctedBy = await record.CorrectedBy(history.Stream, shown[0].Version, shown[^1].Version, history.Version, http.RequestAborted);
        var seen = history.Seen is null ? shown : await history.Seen(shown);
        var items = await Items(Caller.From(http.User), seen, correctedBy, history.Agreement, history.KnownAt, Phrasebook.For("en")!, http.RequestAborted);
        var next = shown[^1].Version < history.Version ? RequestQuery.Close(shown[^1].Version.ToString(System.Globalization.CultureInfo.InvariantCulture)) : null;
        Form.LinkToNext(http, "cursor", next);
        return new HistoryPage(items, next);
    }

    /// <summary>Entries as a history shows them.</summary>
    /// <param name="caller">Who reads them.</param>
    /// <param name="shown">The entries to show.</param>
    /// <param name="all">Every entry of their stream, which tells what was corrected.</param>
    /// <param name="knownAt">The instant by whose records meetings are named; absent: as they stand.</param>
    /// <param name="phrasebook">The language of the sentences.</param>
    /// <param name="cancellation">Ends the reading.</param>
    internal Task<List<HistoryItem>> Items(
        Caller caller, IReadOnlyList<RecordedEntry> shown, IReadOnlyList<RecordedEntry> all, DateTimeOffset? knownAt, Phrasebook phrasebook, CancellationToken cancellation)
    {
        var correctedBy = all.Select(e => (e.Version, Corrects: Corrected(e.Event))).Where(x => x.Corrects is not null)
            .GroupBy(x => x.Corrects!.Value).ToDictionary(g => g.Key, g => g.Max(x => x.Version));
        var agreement = all.Count > 0 && all[0].Event is AgreementEvent ? RecordReader.ToAgreement(all) : null;
        return Items(caller, shown, correctedBy, agreement, knownAt, phrasebook, cancellation);
    }

    private async Task<List<HistoryItem>> Items(
        Caller caller,
        IReadOnlyList<RecordedEntry> shown,
        Dictionary<long, long> correctedBy,
        Agreement? agreement,
        DateTimeOffset? knownAt,
        Phrasebook phrasebook,
        CancellationToken cancellation)
    {
        var persons = await record.PersonsNamedIn(shown, caller, cancellation);
        var meetings = (await agreements.Meetings(shown.Select(e => e.Event).OfType<AgreementEvent>().Select(e => e.Meeting).OfType<string>(), cancellation, knownAt))
            .ToDictionary(m => m.Id, m => new MeetingNamed(m.Id, m.Reference, m.Facts.Title, m.Facts.OccurredOn!), StringComparer.Ordinal);
        return
        [
            .. shown.Select(e => new HistoryItem(
                e.Sequence,
                e.Version,
                EventNames.OnTheWire(e.Event.GetType()),
                e.Event.OccurredOn,
                e.RecordedAt,
                e.Event.OccurredOn is { } on ? Math.Max(0, DateOnly.FromDateTime(e.RecordedAt.UtcDateTime).DayNumber - on.Latest.DayNumber) : null,
                RecorderNamed.Of(e.By, persons),
                e.Event is AgreementEvent { Meeting: { } meeting } ? meetings.GetValueOrDefault(meeting) : null,
                EntrySentence.Of(e, agreement, persons, phrasebook),
                JsonSerializer.SerializeToNode(e.Event, e.Event.GetType(), LedgerJson.Options)!,
                Corrected(e.Event),
                correctedBy.TryGetValue(e.Version, out var by) ? by : null,
                e.Correlation,
                e.Causation,
                e.Provenance is { } from ? new ProvenanceNamed(from.RecordedAt, RecorderNamed.Of(from.RecordedBy, persons)) : null,
                e.ClockSaid)),
        ];
    }

    private static long? Corrected(LedgerEvent e) => e switch
    {
        Domain.Agreements.EntryCorrected x => x.Corrects,
        Domain.Meetings.EntryCorrected x => x.Corrects,
        _ => null,
    };
}
