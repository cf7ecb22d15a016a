using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Domain;
using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Domain.Meetings;
using Ledger.Web.Entries;
using Ledger.Web.Persons;
using Ledger.Web.Recording;
using Ledger.Web.Store;
using Npgsql;

namespace Ledger.Web.Importing;

/// <summary>
/// Writes what was decided, a chunk in one commit. While one is being written the next is made ready, in a transaction of its own that is
/// committed after it. For one file, from where it stands on; after anything went wrong there has to be another.
/// </summary>
internal sealed class ImportWriter(NpgsqlDataSource source, TimeProvider time, Import file)
{
    // Every stream that was written here, as it stands then: what comes next need not ask the store, which may not have it yet.
    private readonly Dictionary<string, object> _states = new(StringComparer.Ordinal);

    /// <summary>Begins the commit of a chunk and makes ready what it takes.</summary>
    /// <param name="chunk">What was decided.</param>
    /// <param name="before">The writing of the chunk before it.</param>
    public async Task<ReadyChunk> Prepare(ImportChunk chunk, Task before)
    {
        var streams = chunk.Entries.GroupBy(e => e.Id, StringComparer.Ordinal).Select(e => e.ToList()).ToList();
        string[] unknown = [.. streams.Where(s => s[0].Version > 1 && !_states.ContainsKey(s[0].Id)).Select(s => s[0].Id)];

        // Whoever waits for another holds nothing that others wait for: streams of the store are only held when nothing else is being written.
        if (unknown.Length > 0)
            await before;
        var transaction = await WriteTransaction.Begin(source);
        try
        {
            foreach (var (id, state) in await States(unknown, transaction.Connection))
                _states[id] = state;
            await using var begin = new NpgsqlCommand("select ledger.begin_entry($1)", transaction.Connection) { Parameters = { new() { Value = time.GetUtcNow().UtcDateTime } } };
            var recordedAt = new DateTimeOffset((DateTime)(await begin.ExecuteScalarAsync(CancellationToken.None))!, TimeSpan.Zero);

            // Who records is known once the persons of the chunk before are written.
            var occurrence = new Occurrence(recordedAt, "", file.Caller.Agency, file.Id, null);
            if (chunk.Entries.Count == 0)
                return new(chunk, transaction, occurrence, null);
            if (streams.Exists(entries => Version(_states.GetValueOrDefault(entries[0].Id)) != entries[0].Version - 1))
                throw new StaleImportException();

            var appends = streams.AsParallel().AsOrdered().Select(entries => Append(entries, _states.GetValueOrDefault(entries[0].Id), recordedAt)).ToList();
            foreach (var append in appends)
                _states[append.Id] = append.After;
            return new(chunk, transaction, occurrence, EntryStore.Ready(appends, [.. chunk.Entries.Select(e => e.Event)], occurrence));
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes a chunk and, with it, how far the file has come then.</summary>
    /// <param name="ready">What to write; it is done with afterwards, however that ends.</param>
    /// <param name="keep">Keeps how far the file has come, in the same commit.</param>
    public async Task Write(ReadyChunk ready, Func<NpgsqlConnection, Task> keep)
    {
        // From here to the commit nothing is given up half-way: a commit of unknown outcome is settled by the row that goes with it.
        await using var _ = ready;
        var (chunk, connection) = (ready.Chunk, ready.Transaction.Connection);
        var persons = new PersonTable(connection, () => Guid.CreateVersion7(time.GetUtcNow()).ToString());
        var recorder = (await persons.KeepRecorder(file.Caller)).PersonId;
        foreach (var person in chunk.Persons)
            await persons.Keep(person);

        await using (var batch = new NpgsqlBatch(connection))
        {
            foreach (var command in Files(chunk).Concat(References(chunk)))
                batch.BatchCommands.Add(command);
            if (batch.BatchCommands.Count > 0)
                await batch.ExecuteNonQueryAsync(CancellationToken.None);
        }

        if (ready.Copy is { } copy)
            await EntryStore.Copy(connection, copy, ready.Occurrence with { Recorder = recorder });

        // Its acts may have come in a chunk before it, and answers made in between do not know it.
        if (chunk.Entries.Exists(e => e.Event is MeetingRecorded))
        {
            await using var names = new NpgsqlCommand("update ledger.names set stamp = stamp + 1", connection);
            await names.ExecuteNonQueryAsync(CancellationToken.None);
        }

        await keep(connection);
        await using var last = new NpgsqlBatch(connection);
        await ready.Transaction.Commit(last, Timeout.InfiniteTimeSpan);
    }

    // Streams that go on, as they stand: whoever comes second to one of them waits here, or finds its versions taken.
    private static async Task<Dictionary<string, object>> States(string[] ids, NpgsqlConnection connection)
    {
        var states = new Dictionary<string, object>(StringComparer.Ordinal);
        if (ids.Length == 0)
            return states;

        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("select 'agreement', id, data from ledger.mt_doc_agreement where id = any ($1) order by id for no key update") { Parameters = { new() { Value = ids } } },
                new("select 'meeting', id, data from ledger.mt_doc_meeting where id = any ($1) order by id for no key update") { Parameters = { new() { Value = ids } } },
                new("select 'agency', id, data from ledger.mt_doc_agency where id = any ($1) order by id for no key update") { Parameters = { new() { Value = ids } } },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(CancellationToken.None);
        do
        {
            while (await reader.ReadAsync(CancellationToken.None))
            {
                states[reader.GetString(1)] = reader.GetString(0) switch
                {
                    "agreement" => LedgerJson.Read<Agreement>(reader.GetString(2)),
                    "meeting" => LedgerJson.Read<Meeting>(reader.GetString(2)),
                    _ => LedgerJson.Read<Agency>(reader.GetString(2)),
                };
            }
        }
        while (await reader.NextResultAsync(CancellationToken.None));

        return states;
    }

    private static StreamAppend Append(List<DecidedEntry> entries, object? before, DateTimeOffset recordedAt)
    {
        object? after = before;
        foreach (var entry in entries)
        {
            after = entry.Event switch
            {
                AgreementEvent e => Agreement.Evolve((Agreement?)after, new(entry.Version, recordedAt, e)),
                MeetingEvent e => Meeting.Evolve((Meeting?)after, new(entry.Version, recordedAt, e)),
                _ => Agency.Evolve((Agency?)after, new(entry.Version, recordedAt, (AgencyEvent)entry.Event)),
            };
        }

        return new StreamAppend(entries[0].Id, entries[0].Version - 1, [.. entries.Select(e => new NewEntry(e.Event, ToJson(e.Provenance)))], before, after!);
    }

    private static long Version(object? state) => state switch
    {
        Agreement agreement => agreement.Version,
        Meeting meeting => meeting.Version,
        Agency agency => agency.Version,
        _ => 0,
    };

    private static JsonObject? ToJson(Provenance? provenance) =>
        provenance is null ? null : JsonSerializer.SerializeToNode(provenance, LedgerJson.Options)!.AsObject();

    private static IEnumerable<NpgsqlBatchCommand> Files(ImportChunk chunk) => chunk.Files.Select(file =>
        new NpgsqlBatchCommand("insert into ledger.document_content (sha256, content) values ($1, $2) on conflict do nothing")
        {
            Parameters = { new() { Value = file.Sha256 }, new() { Value = file.Content } },
        });

    // Whoever took one of these numbers meanwhile has an agreement of that reference, and the commit fails on it.
    private static IEnumerable<NpgsqlBatchCommand> References(ImportChunk chunk) => chunk.References.Select(reference =>
        new NpgsqlBatchCommand("insert into ledger.reference_counter values ($1, $2, $3) on conflict (series, year) do update set last = greatest(reference_counter.last, excluded.last)")
        {
            Parameters = { new() { Value = reference.Key.Series }, new() { Value = reference.Key.Year }, new() { Value = reference.Value } },
        });
}

/// <summary>A chunk whose commit has begun, ready to be written.</summary>
/// <param name="Chunk">What was decided.</param>
/// <param name="Transaction">The transaction, in which nothing is written yet.</param>
/// <param name="Occurrence">Who records and when, but for the person.</param>
/// <param name="Copy">Its entries; null where there are none.</param>
internal sealed record ReadyChunk(ImportChunk Chunk, WriteTransaction Transaction, Occurrence Occurrence, ReadyCopy? Copy) : IAsyncDisposable
{
    /// <summary>Ends the transaction; what was not committed is undone.</summary>
    public ValueTask DisposeAsync() => Transaction.DisposeAsync();
}

/// <summary>Somebody else wrote to a stream that a file goes on with.</summary>
internal sealed class StaleImportException() : Exception("Somebody else wrote to a stream that the file goes on with.");
