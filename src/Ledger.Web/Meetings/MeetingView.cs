using System.Collections.Immutable;
using System.Globalization;
using Ledger.Domain;
using Ledger.Domain.Agreements;
using Ledger.Domain.Days;
using Ledger.Domain.Meetings;
using Ledger.Web.Access;
using Ledger.Web.Agreements;
using Ledger.Web.Briefs;
using Ledger.Web.Entries;
using Ledger.Web.Hosting;
using Ledger.Web.Persons;
using Ledger.Web.Store;
using Marten;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using Wolverine.Http;

namespace Ledger.Web.Meetings;

/// <summary>A meeting.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Reference">Its reference.</param>
/// <param name="Title">Its title.</param>
/// <param name="HeldOn">The day it was held.</param>
/// <param name="Place">Where.</param>
/// <param name="Host">Who hosted it.</param>
/// <param name="Participants">Who took part.</param>
/// <param name="Agenda">What was on the agenda.</param>
/// <param name="Outcomes">The entries it caused, in the order of the outcomes, as far as the caller may see them.</param>
/// <param name="Approvals">Which agency approved the minutes.</param>
/// <param name="AwaitingApprovalBy">The agencies that took part and have not approved the minutes as they stand.</param>
/// <param name="Version">The number of entries in its stream.</param>
/// <param name="RecordedAt">When it was recorded, UTC.</param>
public sealed record MeetingView(
    string Id,
    string Reference,
    string Title,
    Day HeldOn,
    Place? Place,
    PersonView? Host,
    ImmutableArray<ParticipantView> Participants,
    ImmutableArray<string> Agenda,
    ImmutableArray<OutcomeView> Outcomes,
    ImmutableArray<ApprovalView> Approvals,
    ImmutableArray<string> AwaitingApprovalBy,
    long Version,
    DateTimeOffset RecordedAt);

/// <summary>A person.</summary>
/// <param name="PersonId">The id by which the ledger knows them.</param>
/// <param name="Name">The name; null once it was erased, or where it is withheld.</param>
/// <param name="Office">The office; null where none was given, or once it was erased.</param>
/// <param name="Withheld">Whether the name is kept and not for the caller to see.</param>
public sealed record PersonView(string PersonId, string? Name, string? Office, bool Withheld)
{
    /// <summary>The day on which the name was erased, UTC; null while it is kept.</summary>
    public DateOnly? ErasedOn { get; init; }
}

/// <summary>Somebody who took part.</summary>
/// <param name="PersonId">The id by which the ledger knows them.</param>
/// <param name="Name">The name; null once it was erased, or where it is withheld.</param>
/// <param name="Office">The office; null where none was given, or once it was erased.</param>
/// <param name="Agency">The code of the agency for which they did.</param>
/// <param name="AgencyName">Its official name on the day of the meeting.</param>
/// <param name="Withheld">Whether the name is kept and not for the caller to see.</param>
public sealed record ParticipantView(string PersonId, string? Name, string? Office, string? Agency, string? AgencyName, bool Withheld)
{
    /// <summary>The day on which the name was erased, UTC; null while it is kept.</summary>
    public DateOnly? ErasedOn { get; init; }
}

/// <summary>An entry that the meeting caused.</summary>
/// <param name="Agreement">The reference of the agreement.</param>
/// <param name="Title">Its title.</param>
/// <param name="Sequence">The place of the entry in the whole ledger.</param>
/// <param name="Version">Its number in the agreement's stream.</param>
/// <param name="Type">What happened.</param>
/// <param name="OccurredOn">The day on which the parties did it.</param>
/// <param name="Summary">The entry in one sentence, in English.</param>
/// <param name="CorrectedBy">The version of the last entry that puts this one right.</param>
public sealed record OutcomeView(string Agreement, string Title, long Sequence, long Version, string Type, Day? OccurredOn, string Summary, long? CorrectedBy = null);

/// <summary>An approval of the minutes.</summary>
/// <param name="Agency">The code of the agency.</param>
/// <param name="ApprovedOn">The day.</param>
/// <param name="OfVersion">The version of the text that was approved.</param>
/// <param name="IsCurrent">Whether that is the text as it stands; a correction since makes it an earlier one.</param>
public sealed record ApprovalView(string Agency, Day ApprovedOn, long OfVersion, bool IsCurrent);

/// <summary>A page of meetings.</summary>
/// <param name="Items">The meetings, the latest first.</param>
/// <param name="Next">The cursor of the next page; null on the last one.</param>
public sealed record MeetingPage(IReadOnlyList<MeetingRow> Items, string? Next);

/// <summary>A meeting as a list shows it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Reference">Its reference.</param>
/// <param name="Title">Its title.</param>
/// <param name="HeldOn">The day it was held.</param>
/// <param name="City">Where.</param>
/// <param name="Agencies">The agencies that took part.</param>
/// <param name="Version">The number of entries in its stream.</param>
public sealed record MeetingRow(string Id, string Reference, string Title, Day HeldOn, string? City, ImmutableArray<string> Agencies, long Version);

/// <summary>Shows meetings.</summary>
public static class MeetingViewEndpoint
{
    /// <summary>List the meetings, the latest first.</summary>
    /// <remarks>A page at a time.</remarks>
    [Tags("Meetings")]
    [Query("agency", "Those in which this agency took part.", Example = "CNES")]
    [Query("limit", "How many to a page, 1,000 at most.", Example = "50")]
    [Query("cursor", "What an earlier page gave as next.")]
    [ProducesResponseType<MeetingPage>(200)]
    [WolverineGet("/api/v1/meetings", OperationId = "listMeetings")]
    public static async Task<IResult> List(MeetingReader meetings, HttpContext http)
    {
        var query = new RequestQuery(http);
        var agency = query.Text("agency");
        var limit = (int)(query.Number("limit", 1, 1_000) ?? 50);
        var cursor = query.Cursor("cursor", position => MeetingReader.Position.Open(position) is not null);
        if (query.Problem is { } problem)
            return problem;

        var (shown, next) = await meetings.Page(agency, cursor is null ? null : MeetingReader.Position.Open(cursor), limit, http.RequestAborted);
        return Form.Answer(new MeetingPage(
            [.. shown.Select(m => new MeetingRow(m.Id, m.Reference, m.Facts.Title, m.Facts.OccurredOn!, m.Facts.Place?.City, [.. m.Agencies], m.Version))],
            next is null ? null : RequestQuery.Close(next.ToString())));
    }

    /// <summary>Read a meeting: its facts, its participants, what it came to, and who approved the minutes.</summary>
    /// <remarks>Outcomes of agreements that the caller may not see are left out.</remarks>
    [Tags("Meetings")]
    [ProducesResponseType<MeetingView>(200)]
    [WolverineGet("/api/v1/meetings/{id}", OperationId = "getMeeting")]
    public static async Task<IResult> Get(string id, MeetingReader meetings, HttpContext http)
    {
        if (new RequestQuery(http).Problem is { } problem)
            return problem;
        if (await meetings.Find(id, http.RequestAborted) is not { } meeting)
            return NotFound(id);

        http.Response.Headers.ETag = $"\"{meeting.Version}\"";
        return Form.Answer(await meetings.View(meeting, Caller.From(http.User), http.RequestAborted));
    }

    /// <summary>Read the history of a meeting.</summary>
    /// <remarks>As JSON, CSV or JSON Lines by <c>Accept</c>.</remarks>
    [Tags("Meetings")]
    [Query("limit", "How many entries to a page, 1,000 at most.", Example = "100")]
    [Query("cursor", "What an earlier page gave as next.")]
    [ProducesResponseType<HistoryPage>(200, Form.Json, Form.Csv, Form.JsonLines)]
    [WolverineGet("/api/v1/meetings/{id}/history", OperationId = "getMeetingHistory")]
    public static async Task<IResult> History(string id, MeetingReader meetings, HistoryWriter writer, HttpContext http)
    {
        var page = HistoryWriter.PageOf(new RequestQuery(http), out var problem);
        if (problem is not null)
            return problem;
        if (await meetings.Find(id, http.RequestAborted) is not { } meeting)
            return NotFound(id);

        return await writer.Write(http, new(meeting.Id, meeting.Version) { Seen = entries => meetings.Redacted(entries, Caller.From(http.User), http.RequestAborted) }, page);
    }

    internal static Problem NotFound(string id) => Problem.NotFound($"There is no meeting {id}. GET /api/v1/meetings lists those there are.");
}

/// <summary>Finds meetings, and shows of them what a caller may see.</summary>
public sealed class MeetingReader(NpgsqlDataSource source, IDocumentStore store, RecordReader record, AgreementReader agreements)
{
    /// <summary>The meeting of this id or reference as it stands.</summary>
    public async Task<Meeting?> Find(string id, CancellationToken cancellation)
    {
        await using var session = store.QuerySession();
        return await session.Query<Meeting>().Where(m => m.Id == id || m.Reference == id).FirstOrDefaultAsync(cancellation);
    }

    /// <summary>A page of the meetings in which the agency took part, or of all meetings where none is named, the latest first; and from where to go on, where more follow.</summary>
    internal async Task<(IReadOnlyList<Meeting> Meetings, Position? Next)> Page(string? agency, Position? after, int limit, CancellationToken cancellation)
    {
        var from = after ?? Position.First;

        // Marten's tables sort by another collation than the list, and no index of theirs answers to an id that does not say so.
        await using var command = source.CreateCommand(
            """
            select m.data
              from (select meeting_id, held_key from ledger.meeting_list where agency = $1 and (held_key, meeting_id) > ($2, $3) order by held_key, meeting_id limit $4) l
              join ledger.mt_doc_meeting m on m.id = l.meeting_id collate "default"
             order by l.held_key, l.meeting_id
            """);
        command.Parameters.Add(new() { Value = agency ?? "" });
        command.Parameters.Add(new() { Value = from.HeldKey });
        command.Parameters.Add(new() { Value = from.Id });
        command.Parameters.Add(new() { Value = limit + 1 });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var found = new List<Meeting>();
        while (await reader.ReadAsync(cancellation))
        {
            if (found.Count == limit)
                return (found, Position.Of(found[^1]));
            found.Add(LedgerJson.Read<Meeting>(reader.GetString(0)));
        }

        return (found, null);
    }

    /// <summary>In how many meetings the agency took part, or how many there are where none is named; as many as are counted at most, where there are more.</summary>
    internal async Task<int> Count(string? agency, int most, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("select count(*) from (select from ledger.meeting_list where agency = $1 limit $2) counted");
        command.Parameters.Add(new() { Value = agency ?? "" });
        command.Parameters.Add(new() { Value = most });
        return (int)(long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>Those of the agreements touched by recorded meetings that the caller may see, by id.</summary>
    public async Task<ImmutableDictionary<string, Agreement>> VisibleAgreements(IEnumerable<LedgerEvent> events, Caller caller, CancellationToken cancellation)
    {
        string[] ids = [.. events.OfType<MeetingRecorded>().SelectMany(m => m.Entries).Select(e => e.Agreement).Distinct(StringComparer.Ordinal)];
        await using var session = store.QuerySession();
        var touched = await session.LoadManyAsync<Agreement>(cancellation, ids);
        var agencies = await agreements.AgenciesNow(cancellation);
        return touched.Where(a => caller.MaySee(a, agencies)).ToImmutableDictionary(a => a.Id, StringComparer.Ordinal);
    }

    /// <summary>The entries of a meeting as they were written, without what they say of agreements that the caller may not see.</summary>
    internal async Task<ImmutableArray<RecordedEntry>> Entries(Meeting meeting, Caller caller, CancellationToken cancellation) =>
        await Redacted(await record.Stream(meeting.Id, null, cancellation), caller, cancellation);

    /// <summary>The entries without what they say of agreements that the caller may not see.</summary>
    internal async Task<ImmutableArray<RecordedEntry>> Redacted(ImmutableArray<RecordedEntry> entries, Caller caller, CancellationToken cancellation)
    {
        var visible = await VisibleAgreements(entries.Select(e => e.Event), caller, cancellation);
        return [.. entries.Select(e => e with { Event = Redacted(e.Event, visible) })];
    }

    /// <summary>The event without what it says of agreements that are not to be seen.</summary>
    internal static LedgerEvent Redacted(LedgerEvent e, IReadOnlyDictionary<string, Agreement> visible) =>
        e is MeetingRecorded m ? m with { Entries = [.. m.Entries.Where(x => visible.ContainsKey(x.Agreement))] } : e;

    /// <summary>The meeting as a caller may see it: in the words of a language with entries as readers see them, or in English with entries as they were written.</summary>
    internal async Task<MeetingView> View(Meeting meeting, Caller caller, CancellationToken cancellation, Phrasebook? reader = null)
    {
        var facts = meeting.Facts;
        var visible = await VisibleAgreements([facts], caller, cancellation);
        var streams = await record.Streams(visible.Keys, null, cancellation);
        var entries = await record.Stream(meeting.Id, null, cancellation);
        var persons = await record.PersonsNamedIn(entries.Concat(streams.SelectMany(s => s)), caller, cancellation);
        var agencies = await agreements.AgenciesNow(cancellation);
        var day = facts.OccurredOn!.Latest;
        return new MeetingView(
            meeting.Id,
            meeting.Reference,
            facts.Title,
            facts.OccurredOn,
            facts.Place,
            facts.Host is { } host ? new PersonView(host.PersonId, persons.Find(host.PersonId)?.Name, persons.Find(host.PersonId)?.Office, persons.Find(host.PersonId)?.IsWithheld == true) { ErasedOn = persons.ErasedOn(host.PersonId) } : null,
            [.. facts.Participants.Select(p => new ParticipantView(
                p.Person.PersonId,
                persons.Find(p.Person.PersonId)?.Name,
                persons.Find(p.Person.PersonId)?.Office,
                p.Agency,
                p.Agency is { } agency ? agencies.NameOn(agency, day, reader?.Language) : null,
                persons.Find(p.Person.PersonId)?.IsWithheld == true) { ErasedOn = persons.ErasedOn(p.Person.PersonId) })],
            facts.Agenda,
            [.. facts.Entries.Where(e => visible.ContainsKey(e.Agreement)).Select(e => Outcome(e, visible[e.Agreement], [.. streams[e.Agreement]], persons, reader))],
            [.. meeting.Approvals.Select(a => new ApprovalView(a.Agency, a.ApprovedOn, a.OfVersion, a.OfVersion == meeting.TextVersion))],
            [.. meeting.Agencies.Where(a => !meeting.Approvals.Any(x => x.Agency == a && x.OfVersion == meeting.TextVersion))],
            meeting.Version,
            entries[0].RecordedAt);
    }

    private static OutcomeView Outcome(CausedEntry caused, Agreement agreement, ImmutableArray<RecordedEntry> stream, PersonDirectory persons, Phrasebook? reader)
    {
        var read = ReadEntry.All(stream).First(e => e.Entry.Version == caused.Version);
        var entry = read.Entry;
        return new OutcomeView(
            agreement.Reference,
            reader is null ? agreement.Title : agreement.Proposal.Titles?.In(reader.Language) ?? agreement.Title,
            entry.Sequence,
            entry.Version,
            EventNames.OnTheWire(entry.Event.GetType()),
            (reader is null ? entry.Event : read.Event).OccurredOn,
            reader is null
                ? EntrySentence.Of(entry, agreement, persons, Phrasebook.For("en")!)
                : reader.PlainSentence(EntrySentence.Of(read, agreement.Reference, agreement, persons, Detail.Full)),
            read.CorrectedBy.IsEmpty ? null : read.CorrectedBy[^1].Version);
    }

    /// <summary>The place of a meeting in the list.</summary>
    /// <param name="HeldKey">The days from the last on which it can have been held to the end of the calendar.</param>
    /// <param name="Id">Its id.</param>
    internal sealed record Position(int HeldKey, string Id)
    {
        private const int Digits = 8;

        /// <summary>Before every meeting.</summary>
        public static Position First { get; } = new(-1, "");

        public static Position Of(Meeting meeting) => new(MeetingRows.HeldKey(meeting), meeting.Id);

        /// <summary>The place that a cursor holds; null where it holds none.</summary>
        public static Position? Open(string text) =>
            text.Length > Digits && int.TryParse(text.AsSpan(0, Digits), NumberStyles.None, CultureInfo.InvariantCulture, out var key) ? new(key, text[Digits..]) : null;

        /// <summary>The place as a cursor holds it.</summary>
        public override string ToString() => HeldKey.ToString("D8", CultureInfo.InvariantCulture) + Id;
    }
}
