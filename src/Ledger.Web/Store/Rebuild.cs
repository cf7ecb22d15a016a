using System.Collections.Immutable;
using System.Data;
using Ledger.Domain;
using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Domain.Meetings;
using Ledger.Web.Entries;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Web.Store;

/// <summary>What making one projection anew found.</summary>
/// <param name="Projection">The projection.</param>
/// <param name="Rows">How many documents or rows the entries make.</param>
/// <param name="Differing">The ids whose documents or rows differed from what the entries make, were missing, or should not have been there.</param>
public sealed record RebuiltProjection(string Projection, long Rows, ImmutableArray<string> Differing);

/// <summary>How far a rebuild has come.</summary>
/// <param name="Done">How many entries have been folded.</param>
/// <param name="Of">How many there are.</param>
public sealed record RebuildProgress(long Done, long Of);

/// <summary>
/// Makes every projection anew from the entries by the domain's folds, beside what is stored, and compares byte for byte. Entries are read in
/// their order, one stream at a time, and written in chunks, so that a record of any length fits.
/// </summary>
public sealed class Rebuild(NpgsqlDataSource source, ILogger<Rebuild>? logger = null)
{
    private const int Chunk = 2_000;

    /// <summary>Makes every projection anew in one transaction and puts right what differs. Writers wait meanwhile; readers do not.</summary>
    public Task<ImmutableArray<RebuiltProjection>> Run(CancellationToken cancellation) => Run(null, cancellation);

    /// <inheritdoc cref="Run(CancellationToken)"/>
    public async Task<ImmutableArray<RebuiltProjection>> Run(IProgress<RebuildProgress>? progress, CancellationToken cancellation)
    {
        await using var reading = await source.OpenConnectionAsync(cancellation);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);

        // In the order in which writers take them, so that nobody waits for each other.
        await Execute(connection, "lock table ledger.mt_doc_agreement, ledger.mt_doc_meeting, ledger.mt_doc_agency in exclusive mode", cancellation);
        await Execute(connection, "lock table ledger.mt_streams, ledger.agreement_search in share row exclusive mode", cancellation);
        var found = await Make(reading, connection, progress, cancellation);

        foreach (var projection in found)
        {
            var (_, made, kept, id) = Tables.Single(t => t.Projection == projection.Projection);
            var differing = projection.Differing.ToArray();
            await Execute(connection, $"delete from {kept} where {id} = any ($1)", cancellation, differing);
            await Execute(connection, $"insert into {kept} ({Columns(kept)}) select {Columns(kept)} from {made} where {id} = any ($1)", cancellation, differing);
        }

        if (found.Any(projection => projection.Differing.Length > 0))
            await Execute(connection, "update ledger.names set stamp = stamp + 1", cancellation);
        await Remember(connection, cancellation);
        await transaction.CommitAsync(cancellation);
        return found;
    }

    /// <summary>Makes every projection anew and says what differs. Changes nothing, and nobody waits.</summary>
    public async Task<ImmutableArray<RebuiltProjection>> Check(IProgress<RebuildProgress>? progress, CancellationToken cancellation)
    {
        // Entries and projections as they stood at one instant, whatever is recorded while this goes on.
        await using var reading = await source.OpenConnectionAsync(cancellation);
        await using var instant = await reading.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        await using var export = new NpgsqlCommand("select pg_export_snapshot()", reading);
        var snapshot = (string)(await export.ExecuteScalarAsync(cancellation))!;
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        await Execute(connection, $"set transaction snapshot '{snapshot}'", cancellation);
        var found = await Make(reading, connection, progress, cancellation);
        await transaction.RollbackAsync(cancellation);
        return found;
    }

    /// <summary>Fills the register of a store that an earlier version has kept, which had none or made it by other rules.</summary>
    internal async Task FillRegister(CancellationToken cancellation)
    {
        await using var reading = await source.OpenConnectionAsync(cancellation);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await Execute(connection, "lock table ledger.projection in share row exclusive mode", cancellation);
        if (await IsFilled())
            return;

        await Execute(connection, "lock table ledger.mt_streams in share row exclusive mode", cancellation);
        await Execute(connection, "delete from ledger.agreement_period; delete from ledger.agreement_field", cancellation);
        var (rows, agreements) = (new List<KnownRow>(), 0);
        await foreach (var stream in RecordReader.EachStream<AgreementEvent>(reading, cancellation))
        {
            rows.AddRange(RegisterRows.History(States(stream)));
            agreements++;
            if (rows.Count >= Chunk)
                await CopyRows("ledger.agreement_period", connection, rows, cancellation);
        }

        await CopyRows("ledger.agreement_period", connection, rows, cancellation);
        await Execute(connection, "insert into ledger.agreement_field select distinct unnest(fields) from ledger.agreement_period", cancellation);
        await Remember(connection, cancellation);
        await transaction.CommitAsync(cancellation);
        if (agreements > 0)
            logger?.LogWarning("The register was made anew from the entries of {Agreements} agreements, because an earlier version had kept it", agreements);

        async Task<bool> IsFilled()
        {
            await using var command = source.CreateCommand("select exists (select 1 from ledger.projection where name = 'agreement_period' and version >= $1)");
            command.Parameters.Add(new() { Value = RegisterRows.Version });
            return (bool)(await command.ExecuteScalarAsync(cancellation))!;
        }
    }

    // Each projection, the table it is made anew in, the one it is kept in, and what it is told apart by there.
    private static readonly ImmutableArray<(string Projection, string Made, string Kept, string Id)> Tables =
    [
        (nameof(Agreement), "made_agreement", "ledger.mt_doc_agreement", "id"),
        (nameof(Meeting), "made_meeting", "ledger.mt_doc_meeting", "id"),
        (nameof(Agency), "made_agency", "ledger.mt_doc_agency", "id"),
        ("AgreementPeriod", "made_agreement_period", "ledger.agreement_period", "agreement_id"),
        ("AgreementField", "made_agreement_field", "ledger.agreement_field", "field"),
        ("AgreementSearch", "made_agreement_search", "ledger.agreement_search", "agreement_id"),
    ];

    // What EntryStore and RegisterRows write of each, and nothing that Marten adds.
    private static string Columns(string kept) => kept switch
    {
        "ledger.mt_doc_agency" => "id, data, mt_version, mt_last_modified",
        "ledger.mt_doc_agreement" or "ledger.mt_doc_meeting" => "id, data, mt_version, mt_last_modified, reference",
        "ledger.agreement_period" => $"{RegisterRow.Columns}, known_from, known_to, known_span",
        "ledger.agreement_search" => "agreement_id, known_from, known_to, text",
        _ => "field",
    };

    private async Task<ImmutableArray<RebuiltProjection>> Make(NpgsqlConnection reading, NpgsqlConnection connection, IProgress<RebuildProgress>? progress, CancellationToken cancellation)
    {
        await Execute(
            connection,
            """
            create temp table made_agreement (id text, data jsonb, mt_version bigint, mt_last_modified timestamptz, reference text) on commit drop;
            create temp table made_meeting (id text, data jsonb, mt_version bigint, mt_last_modified timestamptz, reference text) on commit drop;
            create temp table made_agency (id text, data jsonb, mt_version bigint, mt_last_modified timestamptz, reference text) on commit drop;
            create temp table made_agreement_period (like ledger.agreement_period) on commit drop;
            create temp table made_agreement_field (like ledger.agreement_field) on commit drop;
            create temp table made_agreement_search (like ledger.agreement_search) on commit drop
            """,
            cancellation);
        await using var count = new NpgsqlCommand("select count(*) from ledger.mt_events", connection) { CommandTimeout = 0 };
        var (done, all) = (0L, (long)(await count.ExecuteScalarAsync(cancellation))!);
        await using var position = new NpgsqlCommand("select coalesce((select last_seq_id from ledger.mt_event_progression where name = $1), 0)", connection) { Parameters = { new() { Value = $"{AgreementSearch.Name}:All" } } };
        var searchedUpTo = (long)(await position.ExecuteScalarAsync(cancellation))!;

        var (documents, periods, texts, behind) = (new List<Document>(), new List<KnownRow>(), new List<SearchRow>(), new List<string>());
        await foreach (var stream in RecordReader.EachStream<AgreementEvent>(reading, cancellation))
        {
            var states = States(stream);
            documents.Add(new(stream, EntryStore.Json(states[^1]), states[^1].Reference));
            periods.AddRange(RegisterRows.History(states));
            if (stream.Any(e => AgreementSearch.Concerns(e) && e.Sequence > searchedUpTo))
                behind.Add(stream[0].Stream);
            else
                texts.AddRange(AgreementSearch.Rows(stream));
            done += stream.Length;
            if (documents.Count + periods.Count >= Chunk)
                await Flush();
        }

        await Flush();
        await Documents<Meeting, MeetingEvent>(RecordReader.ToMeeting);
        await Documents<Agency, AgencyEvent>(RecordReader.ToAgency);
        await Execute(connection, "insert into made_agreement_field select distinct unnest(fields) from made_agreement_period", cancellation);
        await Execute(connection, "analyze made_agreement_period; analyze made_agreement_search; analyze made_agreement; analyze made_meeting; analyze made_agency", cancellation);
        progress?.Report(new(all, all));

        var found = ImmutableArray.CreateBuilder<RebuiltProjection>();
        foreach (var (name, made, kept, id) in Tables)
            found.Add(await Compare(name, made, kept, id, kept == "ledger.agreement_search" ? [.. behind] : []));
        return found.ToImmutable();

        async Task Documents<TState, TEvent>(Func<IEnumerable<RecordedEntry>, TState?> fold)
            where TState : class
            where TEvent : LedgerEvent
        {
            await foreach (var stream in RecordReader.EachStream<TEvent>(reading, cancellation))
            {
                var state = fold(stream)!;
                documents.Add(new(stream, EntryStore.Json(state), (state as Meeting)?.Reference));
                done += stream.Length;
                if (documents.Count >= Chunk)
                    await CopyDocuments(typeof(TState).Name);
            }

            await CopyDocuments(typeof(TState).Name);
        }

        async Task Flush()
        {
            await CopyDocuments(nameof(Agreement));
            await CopyRows("made_agreement_period", connection, periods, cancellation);
            await using var copy = await connection.BeginBinaryImportAsync("copy made_agreement_search (agreement_id, known_from, known_to, text) from stdin (format binary)", cancellation);
            foreach (var row in texts)
            {
                copy.StartRow();
                copy.Write(row.AgreementId, NpgsqlDbType.Text);
                copy.Write(row.KnownFrom.UtcDateTime, NpgsqlDbType.TimestampTz);
                copy.Write(row.KnownTo?.UtcDateTime ?? DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc), NpgsqlDbType.TimestampTz);
                copy.Write(row.Text, NpgsqlDbType.Text);
            }

            await copy.CompleteAsync(cancellation);
            texts.Clear();
        }

        async Task CopyDocuments(string name)
        {
            progress?.Report(new(done, all));
            await using var copy = await connection.BeginBinaryImportAsync($"copy made_{name.ToLowerInvariant()} (id, data, mt_version, mt_last_modified, reference) from stdin (format binary)", cancellation);
            foreach (var document in documents)
            {
                copy.StartRow();
                copy.Write(document.Stream[^1].Stream, NpgsqlDbType.Text);
                copy.Write(document.Json, NpgsqlDbType.Jsonb);
                copy.Write(document.Stream[^1].Version, NpgsqlDbType.Bigint);
                copy.Write(document.Stream[^1].RecordedAt.UtcDateTime, NpgsqlDbType.TimestampTz);
                if (document.Reference is { } reference)
                    copy.Write(reference, NpgsqlDbType.Text);
                else
                    copy.WriteNull();
            }

            await copy.CompleteAsync(cancellation);
            documents.Clear();
        }

        // Both sides are text as PostgreSQL prints it, so that nothing but the content can differ. A row that stands twice differs as well.
        async Task<RebuiltProjection> Compare(string projection, string made, string kept, string id, params string[] without)
        {
            var columns = Columns(kept).Replace("mt_last_modified, ", "", StringComparison.Ordinal).Replace(", mt_last_modified", "", StringComparison.Ordinal);
            await using var compare = new NpgsqlCommand(
                $"""
                select distinct {id}
                  from (select {id}, md5(row({columns})::text) as content, count(*) as n from {made} group by 1, 2) made
                  full join (select {id}, md5(row({columns})::text) as content, count(*) as n from {kept} group by 1, 2) kept using ({id}, content, n)
                 where (made.n is null or kept.n is null) and {id} <> all ($1)
                 order by 1
                """,
                connection)
            {
                CommandTimeout = 0,
                Parameters = { new() { Value = without } },
            };
            var differing = ImmutableArray.CreateBuilder<string>();
            await using (var reader = await compare.ExecuteReaderAsync(cancellation))
            {
                while (await reader.ReadAsync(cancellation))
                    differing.Add(reader.GetString(0));
            }

            await using var rows = new NpgsqlCommand($"select count(*) from {made}", connection);
            return new(projection, (long)(await rows.ExecuteScalarAsync(cancellation))!, differing.ToImmutable());
        }
    }

    // The agreement after the entries of each instant: what was recorded at once became known at once.
    private static List<Agreement> States(ImmutableArray<RecordedEntry> stream)
    {
        var states = new List<Agreement>();
        Agreement? state = null;
        foreach (var entry in stream)
        {
            state = Agreement.Evolve(state, new Entry<AgreementEvent>(entry.Version, entry.RecordedAt, (AgreementEvent)entry.Event));
            if (states.Count > 0 && states[^1].LastRecordedAt == entry.RecordedAt)
                states[^1] = state;
            else
                states.Add(state);
        }

        return states;
    }

    private static async Task CopyRows(string table, NpgsqlConnection connection, List<KnownRow> rows, CancellationToken cancellation)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"copy {table} ({RegisterRow.Columns}, known_from, known_to, known_span) from stdin (format binary)", cancellation);
        foreach (var row in rows)
            RegisterRows.Copy(copy, row);
        await copy.CompleteAsync(cancellation);
        rows.Clear();
    }

    private static Task Remember(NpgsqlConnection connection, CancellationToken cancellation) => Execute(
        connection,
        $"insert into ledger.projection (name, version) values ('agreement_period', {RegisterRows.Version}) on conflict (name) do update set version = excluded.version, made_at = now()",
        cancellation);

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellation, string[]? parameter = null)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        if (parameter is not null)
            command.Parameters.Add(new() { Value = parameter });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    // A document as it is made, with the entries that make it.
    private sealed record Document(ImmutableArray<RecordedEntry> Stream, string Json, string? Reference);
}
