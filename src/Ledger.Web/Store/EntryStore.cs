using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Domain;
using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Domain.Meetings;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Web.Store;

/// <summary>An event about to be recorded.</summary>
/// <param name="Event">What became true.</param>
/// <param name="Provenance">Where it was recorded before, for one brought over from another record.</param>
internal sealed record NewEntry(LedgerEvent Event, JsonObject? Provenance = null);

/// <summary>What one stream gains in a commit.</summary>
/// <param name="Id">The stream's id.</param>
/// <param name="ReadVersion">The version at which it was read; 0 for a new one. Whoever finds another version there records nothing.</param>
/// <param name="Entries">The events, in order.</param>
/// <param name="Before">The state before them; null for a new stream.</param>
/// <param name="After">The state after them.</param>
internal sealed record StreamAppend(string Id, long ReadVersion, IReadOnlyList<NewEntry> Entries, object? Before, object After)
{
    /// <summary>The reference that its state and its entries bear, where it is yet to be given.</summary>
    public LateReference? LateReference { get; init; }
}

/// <summary>
/// A reference whose number the store gives as late as it can: whoever wants the next one of the series waits only for what is written after it.
/// </summary>
/// <param name="Series">The series, such as <c>CM</c>.</param>
/// <param name="Year">The year.</param>
internal sealed record LateReference(string Series, int Year)
{
    /// <summary>What stands for the reference in every text until it is given; nobody can have sent it.</summary>
    public string Placeholder { get; } = $"{Series}-{Guid.CreateVersion7():N}";

    /// <summary>SQL for a text in which the reference given stands in the place of the placeholder, which is a parameter.</summary>
    public static string In(string text, string placeholder) => $"replace({text}, {placeholder}, current_setting('ledger.reference'))";

    /// <summary>The statement that gives the reference, and answers with it.</summary>
    public NpgsqlBatchCommand Give() => new("select set_config('ledger.reference', ledger.next_reference($1, $2), true)")
    {
        Parameters = { new() { Value = Series }, new() { Value = Year } },
    };
}

/// <summary>Who records, when and in which request: the same for every entry of a commit.</summary>
/// <param name="RecordedAt">The instant, UTC, given by <c>ledger.begin_entry()</c> in the same transaction.</param>
/// <param name="Recorder">The person id of who records.</param>
/// <param name="Agency">For which agency.</param>
/// <param name="Correlation">The trace of the request.</param>
/// <param name="Causation">The idempotency record of the request.</param>
internal sealed record Occurrence(DateTimeOffset RecordedAt, string Recorder, string? Agency, string? Correlation, string? Causation);

/// <summary>Many entries, ready to be written at once.</summary>
/// <param name="Entries">The entries, in the order in which they are to stand in the ledger.</param>
/// <param name="Statements">What is written of their streams before them.</param>
/// <param name="Rows">The rows that they add to the register and the lists.</param>
/// <param name="ChangesNames">Whether they change what answers show beside agreements.</param>
internal sealed record ReadyCopy(IReadOnlyList<ReadyEntry> Entries, IReadOnlyList<NpgsqlBatchCommand> Statements, IReadOnlyList<CopiedRows> Rows, bool ChangesNames);

/// <summary>An entry, ready to be written.</summary>
/// <param name="Stream">The id of its stream.</param>
/// <param name="Version">Its number there.</param>
/// <param name="Kind">The kind of its event.</param>
/// <param name="Data">Its event as JSON, in UTF-8.</param>
/// <param name="Headers">What else is kept of it, as JSON.</param>
internal sealed record ReadyEntry(string Stream, long Version, Type Kind, byte[] Data, string? Headers);

/// <summary>
/// Writes entries, their streams and what is kept ready of them into Marten's tables and our own, in one batch for however many streams:
/// the same statements for an act, a meeting and an import. Why not by Marten's session: <c>docs/decisions/appending.md</c>.
/// </summary>
internal static class EntryStore
{
    private static readonly FrozenDictionary<Type, string> DotNetNames =
        EventNames.Stored.Keys.ToFrozenDictionary(kind => kind, kind => $"{kind.FullName}, {kind.Assembly.GetName().Name}");

    /// <summary>
    /// The statements that append, in their order. They answer with numbers, which are the sequences given in the order of <paramref name="order"/>,
    /// and with the reference where one was yet to be given.
    /// </summary>
    /// <param name="streams">What each stream gains; of one at most the reference is yet to be given, and its entries are the last.</param>
    /// <param name="order">Every new entry of every stream once, in the order in which they are to stand in the ledger; null: stream by stream.</param>
    /// <param name="occurrence">Who records, when and in which request.</param>
    public static IEnumerable<NpgsqlBatchCommand> Append(IReadOnlyList<StreamAppend> streams, IReadOnlyList<LedgerEvent>? order, Occurrence occurrence)
    {
        yield return Streams(streams, occurrence);
        var late = streams.FirstOrDefault(s => s.LateReference is not null);
        List<StreamAppend> others = [.. streams.Where(s => s != late)];
        if (others.Count > 0)
            yield return Entries(Numbered(others, order), occurrence);
        foreach (var kind in others.GroupBy(s => Kind(s.After), StringComparer.Ordinal))
            yield return States(kind.Key, [.. kind], occurrence);
        foreach (var command in RegisterRows.Commands(streams.Where(s => s.After is Agreement).Select(s => (s.Before as Agreement, (Agreement)s.After)), occurrence.RecordedAt))
            yield return command;
        var listed = Listed(streams);
        foreach (var command in MeetingRows.Table.Deleting(listed).Concat(MeetingRows.Table.Inserting(listed)))
            yield return command;
        if (streams.Any(ChangesNames))
            yield return new NpgsqlBatchCommand("update ledger.names set stamp = stamp + 1");
        if (late is not null)
        {
            yield return late.LateReference!.Give();
            yield return Entries(Numbered([late], order), occurrence, late.LateReference);
            yield return States(Kind(late.After), [late], occurrence, late.LateReference);
        }
    }

    /// <summary>What <see cref="Copy"/> writes, made ready on every core without asking the store.</summary>
    /// <param name="streams">What each stream gains.</param>
    /// <param name="order">Every new entry of every stream once, in the order in which they are to stand in the ledger.</param>
    /// <param name="occurrence">Who records, when and in which request.</param>
    public static ReadyCopy Ready(IReadOnlyList<StreamAppend> streams, IReadOnlyList<LedgerEvent> order, Occurrence occurrence)
    {
        var changes = streams.Where(s => s.After is Agreement).AsParallel().AsOrdered().Select(s => RegisterRows.ChangeOf(s.Before as Agreement, (Agreement)s.After)).ToList();
        var listed = Listed(streams);
        var entries = Numbered(streams, order).AsParallel().AsOrdered()
            .Select(e => new ReadyEntry(e.Stream, e.Version, e.Entry.Event.GetType(), JsonSerializer.SerializeToUtf8Bytes(e.Entry.Event, e.Entry.Event.GetType(), LedgerJson.Options), Headers(e.Entry, occurrence))).ToList();
        return new(
            entries,
            [
                Streams(streams, occurrence),
                .. streams.GroupBy(s => Kind(s.After), StringComparer.Ordinal).Select(kind => States(kind.Key, [.. kind], occurrence)),
                .. RegisterRows.Closing(changes, occurrence.RecordedAt),
                .. MeetingRows.Table.Deleting(listed),
            ],
            [.. RegisterRows.Added(changes, occurrence.RecordedAt), MeetingRows.Table.Copied(listed.SelectMany(replaced => replaced.Now))],
            streams.Any(ChangesNames));
    }

    /// <summary>
    /// Appends as <see cref="Append"/> does, for many entries at once: what is only added is copied in, past the same triggers, keys and
    /// references.
    /// </summary>
    /// <param name="connection">The connection in whose transaction it is written.</param>
    /// <param name="ready">What to write.</param>
    /// <param name="occurrence">Who records, when and in which request, as it was when that was made ready.</param>
    public static async Task Copy(NpgsqlConnection connection, ReadyCopy ready, Occurrence occurrence)
    {
        var sequences = new List<long>(ready.Entries.Count);
        await using (var batch = new NpgsqlBatch(connection) { Timeout = 0 })
        {
            batch.BatchCommands.Add(new("select nextval('ledger.mt_events_sequence') from generate_series(1, $1)") { Parameters = { new() { Value = ready.Entries.Count } } });
            foreach (var command in ready.Statements)
                batch.BatchCommands.Add(command);
            await using var reader = await batch.ExecuteReaderAsync(CancellationToken.None);
            while (await reader.ReadAsync(CancellationToken.None))
                sequences.Add(reader.GetInt64(0));

            // What the other statements answer is that they went well.
            while (await reader.NextResultAsync(CancellationToken.None))
            {
            }
        }

        foreach (var copied in ready.Rows)
            await copied.Rows.CopyInto(connection, copied.Target);
        var rows = BinaryRows.ForCopy();
        foreach (var (index, entry) in ready.Entries.Index())
        {
            rows.Row(12).Long(sequences[index]).Uuid(Guid.CreateVersion7(occurrence.RecordedAt)).Text(entry.Stream).Long(entry.Version).Json(entry.Data).Text(EventNames.Stored[entry.Kind])
                .Instant(occurrence.RecordedAt).Text(DotNetNames[entry.Kind]).Text(occurrence.Correlation).Text(occurrence.Causation).Json(entry.Headers is { } headers ? Encoding.UTF8.GetBytes(headers) : null).Text(occurrence.Recorder);
        }

        await rows.CopyInto(connection, "ledger.mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, correlation_id, causation_id, headers, user_name)");
        if (!ready.ChangesNames)
            return;

        await using var names = new NpgsqlCommand("update ledger.names set stamp = stamp + 1", connection);
        await names.ExecuteNonQueryAsync(CancellationToken.None);
    }

    /// <summary>A state as it is kept: the same bytes for the writer, a rebuild and a check.</summary>
    public static string Json(object state) => JsonSerializer.Serialize(state, state.GetType(), LedgerJson.Options);

    /// <summary>The name of a kind of stream, and the table of its states.</summary>
    public static string Kind(object state) => state switch
    {
        Agreement => "agreement",
        Meeting => "meeting",
        Agency => "agency",
        _ => throw new ArgumentException($"{state.GetType().Name} is no state of a stream.", nameof(state)),
    };

    // What meetings are listed by, where they are listed otherwise than before.
    private static List<ReplacedRows<MeetingRow>> Listed(IEnumerable<StreamAppend> streams) =>
    [
        .. streams.Where(s => s.After is Meeting)
            .Select(s => MeetingRows.Table.Replacing(s.Id, s.Before is Meeting before ? MeetingRows.Of(before) : [], MeetingRows.Of((Meeting)s.After)))
            .OfType<ReplacedRows<MeetingRow>>(),
    ];

    // What answers about agreements show beside the agreements themselves.
    private static bool ChangesNames(StreamAppend stream) => stream.After is Agency || (stream.After is Meeting && stream.Before is not null);

    private static NpgsqlBatchCommand Streams(IReadOnlyList<StreamAppend> streams, Occurrence occurrence) => new(
        """
        insert into ledger.mt_streams (id, type, version, timestamp, created)
        select s.id, s.type, s.version, $4, $4 from unnest($1::text[], $2::text[], $3::bigint[]) s(id, type, version)
        on conflict (id) do update set version = excluded.version, timestamp = excluded.timestamp
        """)
    {
        Parameters =
        {
            Texts(streams.Select(s => s.Id)),
            Texts(streams.Select(s => Kind(s.After))),
            new() { Value = streams.Select(s => s.ReadVersion + s.Entries.Count).ToArray() },
            new() { Value = occurrence.RecordedAt.UtcDateTime },
        },
    };

    // A stream that somebody else has moved on holds these versions already, and the whole commit is refused.
    private static NpgsqlBatchCommand Entries(List<(string Stream, long Version, NewEntry Entry)> entries, Occurrence occurrence, LateReference? late = null)
    {
        var command = new NpgsqlBatchCommand(
            $"""
            insert into ledger.mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, correlation_id, causation_id, headers, user_name)
            select nextval('ledger.mt_events_sequence'), e.id, e.stream, e.version, {Data("e.data", late, "$12")}, e.type, $8, e.dotnet, $9, $10, e.headers, $11
              from unnest($1::uuid[], $2::text[], $3::bigint[], $4::{(late is null ? "jsonb" : "text")}[], $5::text[], $6::text[], $7::jsonb[]) e(id, stream, version, data, type, dotnet, headers)
            returning seq_id
            """)
        {
            Parameters =
            {
                new() { Value = entries.Select(_ => Guid.CreateVersion7(occurrence.RecordedAt)).ToArray() },
                Texts(entries.Select(e => e.Stream)),
                new() { Value = entries.Select(e => e.Version).ToArray() },
                Jsons(entries.Select(e => JsonSerializer.Serialize(e.Entry.Event, e.Entry.Event.GetType(), LedgerJson.Options)), late),
                Texts(entries.Select(e => EventNames.Stored[e.Entry.Event.GetType()])),
                Texts(entries.Select(e => DotNetNames[e.Entry.Event.GetType()])),
                Jsons(entries.Select(e => Headers(e.Entry, occurrence))),
                new() { Value = occurrence.RecordedAt.UtcDateTime },
                Text(occurrence.Correlation),
                Text(occurrence.Causation),
                new() { Value = occurrence.Recorder },
            },
        };
        if (late is not null)
            command.Parameters.Add(Text(late.Placeholder));
        return command;
    }

    private static NpgsqlBatchCommand States(string kind, IReadOnlyList<StreamAppend> streams, Occurrence occurrence, LateReference? late = null)
    {
        var command = new NpgsqlBatchCommand(kind == "agency"
            ? """
            insert into ledger.mt_doc_agency (id, data, mt_version, mt_last_modified)
            select s.id, s.data, s.version, $4 from unnest($1::text[], $2::jsonb[], $3::bigint[]) s(id, data, version)
            on conflict (id) do update set data = excluded.data, mt_version = excluded.mt_version, mt_last_modified = excluded.mt_last_modified
            """
            : $"""
            insert into ledger.mt_doc_{kind} (id, data, mt_version, mt_last_modified, reference)
            select s.id, {Data("s.data", late, "$6")}, s.version, $4, {(late is null ? "s.reference" : LateReference.In("s.reference", "$6"))}
              from unnest($1::text[], $2::{(late is null ? "jsonb" : "text")}[], $3::bigint[], $5::text[]) s(id, data, version, reference)
            on conflict (id) do update set data = excluded.data, mt_version = excluded.mt_version, mt_last_modified = excluded.mt_last_modified
            """)
        {
            Parameters =
            {
                Texts(streams.Select(s => s.Id)),
                Jsons(streams.Select(s => Json(s.After)), late),
                new() { Value = streams.Select(s => s.ReadVersion + s.Entries.Count).ToArray() },
                new() { Value = occurrence.RecordedAt.UtcDateTime },
            },
        };
        if (kind != "agency")
            command.Parameters.Add(Texts(streams.Select(s => Reference(s.After))));
        if (late is not null)
            command.Parameters.Add(Text(late.Placeholder));
        return command;
    }

    private static string Data(string column, LateReference? late, string placeholder) =>
        late is null ? column : $"{LateReference.In(column, placeholder)}::jsonb";

    private static string Reference(object state) => state switch
    {
        Agreement agreement => agreement.Reference,
        Meeting meeting => meeting.Reference,
        _ => throw new ArgumentException($"{state.GetType().Name} bears no reference.", nameof(state)),
    };

    private static List<(string Stream, long Version, NewEntry Entry)> Numbered(IReadOnlyList<StreamAppend> streams, IReadOnlyList<LedgerEvent>? order)
    {
        var entries = streams.SelectMany(s => s.Entries.Select((entry, index) => (s.Id, Version: s.ReadVersion + index + 1, Entry: entry))).ToList();
        if (order is null || entries.Count == 1)
            return entries;

        var places = new Dictionary<LedgerEvent, int>(ReferenceEqualityComparer.Instance);
        foreach (var e in order)
            places.TryAdd(e, places.Count);
        return [.. entries.OrderBy(e => places[e.Entry.Event])];
    }

    private static string? Headers(NewEntry entry, Occurrence occurrence)
    {
        if (occurrence.Agency is null && entry.Provenance is null)
            return null;

        var headers = new JsonObject();
        if (occurrence.Agency is not null)
            headers["agency"] = occurrence.Agency;
        if (entry.Provenance is not null)
            headers["provenance"] = entry.Provenance.DeepClone();
        return headers.ToJsonString(LedgerJson.Options);
    }

    private static NpgsqlParameter Texts(IEnumerable<string> values) => new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    // What lacks its reference is no JSON to the store until it has it.
    private static NpgsqlParameter Jsons(IEnumerable<string?> values, LateReference? late = null) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | (late is null ? NpgsqlDbType.Jsonb : NpgsqlDbType.Text) };

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}
