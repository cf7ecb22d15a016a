using System.Collections.Immutable;
using Ledger.Domain;
using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Domain.Meetings;
using Ledger.Web.Entries;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Web.Store;

/// <summary>
/// One walk through every stream: entries are read on one connection while those before them are folded, and what those before these make is
/// held against what is kept on another.
/// </summary>
/// <param name="reading">Where entries are read.</param>
/// <param name="connection">Where projections are read, and put right.</param>
/// <param name="putsRight">Whether what differs is written as it should be.</param>
/// <param name="progress">Told how far it has come.</param>
/// <param name="cancellation">Ends the work.</param>
internal sealed class RebuildPass(NpgsqlConnection reading, NpgsqlConnection connection, bool putsRight, Action<RebuildProgress>? progress, CancellationToken cancellation)
{
    /// <summary>How many entries are in hand at once.</summary>
    public const int EntriesAtOnce = 5_000;

    private readonly Projection _agreements = new(nameof(Agreement), "mt_doc_agreement", "id", "agreement");
    private readonly Projection _meetings = new(nameof(Meeting), "mt_doc_meeting", "id", "meeting");
    private readonly Projection _listed = Projection.Of("MeetingList", MeetingRows.Table, "meeting");
    private readonly Projection _agencies = new(nameof(Agency), "mt_doc_agency", "id", "agency");
    private readonly Projection _periods = Projection.Of("AgreementPeriod", RegisterRows.Table, "agreement");
    private readonly Projection _deadlines = Projection.Of("AgreementDeadline", DeadlineRows.Table, "agreement");
    private readonly Projection _fields = new("AgreementField", "agreement_field", "field", "agreement");
    private readonly Projection _texts = Projection.Of("AgreementSearch", AgreementSearch.Table, "agreement");

    // Every field of cooperation that any row names.
    private readonly HashSet<string> _made = new(StringComparer.Ordinal);
    private long _searchedUpTo;
    private long _done;
    private long _all;

    /// <summary>The agreement after the entries of each instant: what was recorded at once became known at once.</summary>
    public static List<Agreement> States(IEnumerable<Entry<AgreementEvent>> entries)
    {
        var states = new List<Agreement>();
        Agreement? state = null;
        foreach (var entry in entries)
        {
            state = Agreement.Evolve(state, entry);
            if (states.Count > 0 && states[^1].LastRecordedAt == entry.RecordedAt)
                states[^1] = state;
            else
                states.Add(state);
        }

        return states;
    }

    /// <summary>Makes every projection.</summary>
    /// <returns>What was found of each.</returns>
    public async Task<ImmutableArray<RebuiltProjection>> Run()
    {
        _all = await Ask<long>("select count(*) from ledger.mt_events");
        _searchedUpTo = await Ask<long>($"select coalesce((select last_seq_id from ledger.mt_event_progression where name = '{AgreementSearch.Name}:All'), 0)");
        await Walk<AgreementEvent>(_agreements, MakeAgreement);
        await Walk<MeetingEvent>(_meetings, MakeMeeting);
        await Walk<AgencyEvent>(_agencies, MakeAgency);
        await CompareFields();
        foreach (var projection in new[] { _agreements, _meetings, _listed, _agencies, _periods, _deadlines, _texts })
            await FindWithoutStream(projection);
        progress?.Invoke(new(_all, _all));
        return [.. new[] { _agreements, _meetings, _agencies, _listed, _periods, _deadlines, _fields, _texts }.Select(p => new RebuiltProjection(p.Name, p.Rows, [.. p.Differing.Order(StringComparer.Ordinal)]))];
    }

    private async Task Walk<TEvent>(Projection documents, Func<StoredStream, MadeStream> make)
        where TEvent : LedgerEvent
    {
        var settled = Task.CompletedTask;
        await foreach (var streams in StoredStream.Each<TEvent>(reading, EntriesAtOnce, cancellation).OneAhead(cancellation))
        {
            var made = streams.AsParallel().Select(make).ToList();
            await settled;
            settled = Settle(documents, made, streams.Sum(stream => stream.Entries.Count));
        }

        await settled;
    }

    private MadeStream MakeAgreement(StoredStream stream)
    {
        var entries = stream.Entries.Select(entry => entry.To<AgreementEvent>()).ToList();
        var states = States(entries);
        var isBehind = entries.Where((entry, index) => stream.Entries[index].Sequence > _searchedUpTo && AgreementSearch.Concerns(entry.Event)).Any();
        return Document(stream, states[^1], states[^1].Reference) with
        {
            Rows = [.. RegisterRows.History(states).OrderBy(row => row.KnownTo ?? DateTimeOffset.MaxValue).ThenBy(row => row.Row.DayFrom)],
            Deadlines = DeadlineRows.Of(states[^1]),
            Texts = isBehind ? null : [.. AgreementSearch.Rows(entries)],
        };
    }

    private static MadeStream MakeMeeting(StoredStream stream)
    {
        var meeting = stream.Fold<Meeting, MeetingEvent>(Meeting.Evolve);
        return Document(stream, meeting, meeting.Reference) with { Listed = MeetingRows.Of(meeting) };
    }

    private static MadeStream MakeAgency(StoredStream stream) => Document(stream, stream.Fold<Agency, AgencyEvent>(Agency.Evolve), null);

    private static MadeStream Document(StoredStream stream, object state, string? reference) =>
        new(stream.Id, EntryStore.Json(state), stream.Entries[^1].Version, stream.Entries[^1].RecordedAt, reference);

    private async Task Settle(Projection documents, List<MadeStream> made, int entries)
    {
        await Compare(documents, made);
        _done += entries;
        progress?.Invoke(new(_done, _all));
    }

    private async Task Compare(Projection documents, List<MadeStream> made)
    {
        documents.Rows += made.Count;
        var differing = await DifferingDocuments(documents, made);
        documents.Differing.AddRange(differing);
        if (putsRight && differing.Count > 0)
            await PutRight(documents, [.. made.Where(stream => differing.Contains(stream.Id))]);
        if (documents == _meetings)
            await Compare(_listed, MeetingRows.Table, made, stream => stream.Listed);
        if (documents != _agreements)
            return;

        _made.UnionWith(made.SelectMany(stream => stream.Rows).SelectMany(row => row.Row.Fields));
        await Compare(_periods, RegisterRows.Table, made, stream => stream.Rows);
        await Compare(_deadlines, DeadlineRows.Table, made, stream => stream.Deadlines);
        await Compare(_texts, AgreementSearch.Table, made.Where(stream => stream.Texts is not null), stream => stream.Texts!);
    }

    // Both sides in the form in which PostgreSQL keeps them, so that nothing but the content can differ: *= compares that byte by byte, and only records.
    private async Task<HashSet<string>> DifferingDocuments(Projection documents, List<MadeStream> made)
    {
        var reference = documents == _agencies ? "null" : "kept.reference";
        await using var command = new NpgsqlCommand(
            $"""
            select made.id
              from unnest($1, $2, $3, $4) made (id, data, version, reference)
              left join ledger.{documents.Table} kept on kept.id = made.id
             where not row(kept.data, kept.mt_version::bigint, {reference}::text)::record *= row(made.data, made.version, made.reference)::record
            """,
            connection)
        {
            CommandTimeout = 0,
        };
        AddDocuments(command, made);
        var differing = new HashSet<string>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            differing.Add(reader.GetString(0));
        return differing;
    }

    private async Task PutRight(Projection documents, List<MadeStream> made)
    {
        await Delete(documents, made.Select(stream => stream.Id));
        var reference = documents == _agencies ? "" : ", reference";
        await using var command = new NpgsqlCommand(
            $"insert into ledger.{documents.Table} (id, data, mt_version, mt_last_modified{reference}) select id, data, version, at{reference} from unnest($1, $2, $3, $4, $5) made (id, data, version, reference, at)",
            connection)
        {
            CommandTimeout = 0,
        };
        AddDocuments(command, made);
        command.Parameters.Add(new() { Value = made.Select(stream => stream.LastRecordedAt.UtcDateTime).ToArray() });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static void AddDocuments(NpgsqlCommand command, List<MadeStream> made)
    {
        command.Parameters.Add(new() { Value = made.Select(stream => stream.Id).ToArray() });
        command.Parameters.Add(new() { Value = made.Select(stream => stream.Json).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb });
        command.Parameters.Add(new() { Value = made.Select(stream => stream.Version).ToArray() });
        command.Parameters.Add(new() { Value = made.Select(stream => stream.Reference).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
    }

    // The rows of many agreements are held at once against those kept, as PostgreSQL copies them out; where anything differs, those of each agreement.
    private async Task Compare<TRow>(Projection projection, RowTable<TRow> table, IEnumerable<MadeStream> streams, Func<MadeStream, IReadOnlyList<TRow>> rows)
    {
        var made = streams.ToDictionary(stream => stream.Id, rows, StringComparer.Ordinal);
        projection.Rows += made.Values.Sum(of => of.Count);
        if (await AreAllAlike())
            return;

        var left = made.ToDictionary(of => of.Key, of => new RowsInHand(table.Written(BinaryRows.AsSent(), of.Value).Bytes.ToArray()), StringComparer.Ordinal);
        await using (var command = new NpgsqlCommand($"select {table.Id}, record_send(row({table.Columns})) from ledger.{table.Name} where {table.Id} = any ($1) order by {table.Id}, {table.Order}", connection) { CommandTimeout = 0 })
        {
            command.Parameters.Add(new() { Value = made.Keys.ToArray() });
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
                left[reader.GetString(0)].Take(reader.GetFieldValue<byte[]>(1));
        }

        string[] differing = [.. left.Where(of => !of.Value.AreAllThere).Select(of => of.Key)];
        projection.Differing.AddRange(differing);
        if (!putsRight || differing.Length == 0)
            return;

        await Delete(projection, differing);
        var anew = table.Copied(differing.SelectMany(id => made[id]));
        await anew.Rows.CopyInto(connection, anew.Target);

        async Task<bool> AreAllAlike()
        {
            if (made.Count == 0)
                return true;

            // A copy takes no parameters.
            string[] ids = [.. made.Keys.Order(StringComparer.Ordinal)];
            var listed = string.Join(',', ids.Select(id => $"'{id.Replace("'", "''", StringComparison.Ordinal)}'"));
            return await table.Copied(ids.SelectMany(id => made[id])).Rows.AreCopiedFrom(
                connection, $"select {table.Columns} from ledger.{table.Name} where {table.Id} = any (array[{listed}]) order by {table.Id} collate \"C\", {table.Order}", cancellation);
        }
    }

    private async Task CompareFields()
    {
        var kept = new HashSet<string>(StringComparer.Ordinal);
        await using (var command = new NpgsqlCommand("select field from ledger.agreement_field", connection))
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
                kept.Add(reader.GetString(0));
        }

        _fields.Rows = _made.Count;
        _fields.Differing.AddRange(_made.Except(kept, StringComparer.Ordinal).Concat(kept.Except(_made, StringComparer.Ordinal)));
        if (!putsRight || _fields.Differing.Count == 0)
            return;

        await Delete(_fields, _fields.Differing);
        var rows = BinaryRows.ForCopy();
        foreach (var field in _fields.Differing.Where(_made.Contains))
            rows.Row(1).Text(field);
        await rows.CopyInto(connection, "ledger.agreement_field (field)");
    }

    // What is kept of no stream at all.
    private async Task FindWithoutStream(Projection projection)
    {
        var without = new List<string>();
        await using (var command = new NpgsqlCommand(
            $"select distinct kept.{projection.Id} from ledger.{projection.Table} kept where not exists (select from ledger.mt_streams s where s.id = kept.{projection.Id} and s.type = '{projection.Stream}')",
            connection)
        { CommandTimeout = 0 })
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
                without.Add(reader.GetString(0));
        }

        projection.Differing.AddRange(without);
        if (putsRight && without.Count > 0)
            await Delete(projection, without);
    }

    private async Task Delete(Projection projection, IEnumerable<string> ids)
    {
        await using var command = new NpgsqlCommand($"delete from ledger.{projection.Table} where {projection.Id} = any ($1)", connection) { CommandTimeout = 0 };
        command.Parameters.Add(new() { Value = ids.ToArray() });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private async Task<T> Ask<T>(string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        return (T)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>A projection and what was found of it.</summary>
    private sealed class Projection(string name, string table, string id, string stream)
    {
        public static Projection Of<TRow>(string name, RowTable<TRow> rows, string stream) => new(name, rows.Name, rows.Id, stream);

        public string Name => name;

        public string Table => table;

        /// <summary>The column by which its rows are told apart.</summary>
        public string Id => id;

        /// <summary>The kind of streams that make it.</summary>
        public string Stream => stream;

        public long Rows { get; set; }

        public List<string> Differing { get; } = [];
    }

    /// <summary>What a stream makes.</summary>
    private sealed record MadeStream(string Id, string Json, long Version, DateTimeOffset LastRecordedAt, string? Reference)
    {
        /// <summary>Its rows in the register, in the order of the key of that table.</summary>
        public IReadOnlyList<KnownRow> Rows { get; init; } = [];

        /// <summary>Its deadlines.</summary>
        public IReadOnlyList<DeadlineRow> Deadlines { get; init; } = [];

        /// <summary>What it is listed by among the meetings.</summary>
        public IReadOnlyList<MeetingRow> Listed { get; init; } = [];

        /// <summary>What it is searched by; null where the index has not come so far yet.</summary>
        public IReadOnlyList<SearchRow>? Texts { get; init; }
    }

    /// <summary>The rows made of an agreement, as far as no kept one was held against them.</summary>
    private sealed class RowsInHand(byte[] made)
    {
        private int _at;
        private bool _isDifferent;

        public bool AreAllThere => !_isDifferent && _at == made.Length;

        public void Take(ReadOnlySpan<byte> kept)
        {
            _isDifferent = _isDifferent || !made.AsSpan(_at).StartsWith(kept);
            _at += kept.Length;
        }
    }
}
