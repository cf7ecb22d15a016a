using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Domain;
using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Domain.Days;
using Ledger.Domain.Meetings;
using Ledger.Web.Access;
using Ledger.Web.Agreements;
using Ledger.Web.Hosting;
using Ledger.Web.Meetings;
using Marten;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace Ledger.Web.Entries;

/// <summary>A page of the feed.</summary>
/// <param name="Items">The entries in the order of the ledger.</param>
/// <param name="Next">What to give as <c>after</c> next: every entry at or before it that the caller may see has been given.</param>
/// <param name="IsAtEnd">Whether nothing settled lies behind it yet.</param>
public sealed record EntryPage(IReadOnlyList<EntryInFeed> Items, long Next, bool IsAtEnd);

/// <summary>An entry of the feed.</summary>
/// <param name="Sequence">Its place in the whole ledger. Numbers that are left out belong to no entry, or to none that the caller may see.</param>
/// <param name="Stream">What it is about: <c>agreement</c>, <c>meeting</c> or <c>agency</c>.</param>
/// <param name="Id">The id of its stream.</param>
/// <param name="Version">Its number in the stream.</param>
/// <param name="Type">What happened.</param>
/// <param name="OccurredOn">The day on which the parties did it.</param>
/// <param name="RecordedAt">The instant at which it was recorded, UTC.</param>
/// <param name="RecordedBy">Who recorded it.</param>
/// <param name="Data">What was written, member by member.</param>
/// <param name="Correlation">The trace of the request that recorded it.</param>
/// <param name="Causation">The idempotency record of that request.</param>
/// <param name="ClockSaid">What a clock said when this was recorded, UTC, where it contradicted <c>recordedAt</c>: the store's clock had been set back, or the clocks of store and service were apart by more than a minute.</param>
public sealed record EntryInFeed(
    long Sequence,
    string Stream,
    string Id,
    long Version,
    string Type,
    Day? OccurredOn,
    DateTimeOffset RecordedAt,
    RecorderNamed RecordedBy,
    JsonNode Data,
    string? Correlation,
    string? Causation,
    DateTimeOffset? ClockSaid = null);

/// <summary>Gives the whole record in its order: the feed from which all else can be rebuilt.</summary>
public static class EntryFeedEndpoint
{
    /// <summary>Read every entry that you may see, in global order and without a gap: an entry is given only once none can come before it.</summary>
    /// <remarks>Give <c>next</c> as <c>after</c> to go on, from 0; ask again later once <c>isAtEnd</c>. As JSON or JSON Lines by <c>Accept</c>.</remarks>
    [Tags("The whole record")]
    [Query("after", "The sequence after which to go on: what an earlier page gave as next; 0 from the beginning.", Example = "0")]
    [Query("limit", "How many entries to a page, 1,000 at most.", Example = "100")]
    [ProducesResponseType<EntryPage>(200, Form.Json, Form.JsonLines)]
    [WolverineGet("/api/v1/events", OperationId = "listEvents")]
    public static async Task<IResult> Get(RecordReader record, AgreementReader agreements, MeetingReader meetings, IQuerySession session, HttpContext http)
    {
        var query = new RequestQuery(http);
        var after = query.Number("after", 0, long.MaxValue) ?? 0;
        var limit = (int)(query.Number("limit", 1, 1_000) ?? 100);
        if (query.Problem is { } problem)
            return problem;

        var caller = Caller.From(http.User);
        var settled = await record.Settled(http.RequestAborted);
        var entries = await record.After(after, settled.Sequence, limit, http.RequestAborted);
        var next = entries.Length == limit ? entries[^1].Sequence : Math.Max(after, settled.Sequence);

        var concerned = await session.LoadManyAsync<Agreement>(http.RequestAborted, [.. entries.Where(e => e.Event is AgreementEvent).Select(e => e.Stream).Distinct(StringComparer.Ordinal)]);
        var agencies = await agreements.AgenciesNow(http.RequestAborted);
        var visible = concerned.Where(a => caller.MaySee(a, agencies)).Select(a => a.Id).ToHashSet(StringComparer.Ordinal);
        var touched = await meetings.VisibleAgreements(entries.Select(e => e.Event), caller, http.RequestAborted);
        var persons = await record.Persons(entries.Select(e => e.By.PersonId), http.RequestAborted);
        var items = entries
            .Where(e => e.Event is not AgreementEvent || visible.Contains(e.Stream))
            .Select(e => e with { Event = MeetingReader.Redacted(e.Event, touched) })
            .Select(e => new EntryInFeed(
                e.Sequence,
                e.Event switch { AgreementEvent => "agreement", MeetingEvent => "meeting", AgencyEvent => "agency", _ => throw new System.Diagnostics.UnreachableException(e.Event.GetType().Name) },
                e.Stream,
                e.Version,
                EventNames.OnTheWire(e.Event.GetType()),
                e.Event.OccurredOn,
                e.RecordedAt,
                new RecorderNamed(persons.Find(e.By.PersonId)?.Name, e.By.Agency, e.By.PersonId),
                JsonSerializer.SerializeToNode(e.Event, e.Event.GetType(), LedgerJson.Options)!,
                e.Correlation,
                e.Causation,
                e.ClockSaid))
            .ToList();
        Form.LinkToNext(http, "after", next.ToString(CultureInfo.InvariantCulture));
        return Form.Of(http, Form.Json, Form.JsonLines) switch
        {
            Form.Json => Form.Answer(new EntryPage(items, next, entries.Length < limit)),
            Form.JsonLines => Form.AsJsonLines(items),
            _ => Form.NotAcceptable(Form.Json, Form.JsonLines),
        };
    }
}
