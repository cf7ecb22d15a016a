using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Domain;
using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Domain.Meetings;
using Ledger.Web.Access;
using Ledger.Web.Entries;
using Ledger.Web.Persons;
using Ledger.Web.Recording;
using Ledger.Web.Store;
using Npgsql;

namespace Ledger.Web.Importing;

/// <summary>Writes what was decided, a chunk in one commit.</summary>
internal sealed class ImportWriter(NpgsqlDataSource source, TimeProvider time)
{
    /// <summary>Writes a chunk and, with it, how far the file has come then.</summary>
    /// <param name="chunk">What was decided.</param>
    /// <param name="caller">Who records it.</param>
    /// <param name="import">The file.</param>
    /// <param name="keep">Keeps how far the file has come, in the same commit.</param>
    public async Task Write(ImportChunk chunk, Caller caller, string import, Func<NpgsqlConnection, Task> keep)
    {
        // From here to the commit nothing is given up half-way: a commit of unknown outcome is settled by the row that goes with it.
        await using var transaction = await WriteTransaction.Begin(source);
        var connection = transaction.Connection;
        var streams = chunk.Entries.GroupBy(e => e.Id, StringComparer.Ordinal).Select(e => e.ToList()).ToList();
        var states = await States(streams, connection);
        DateTimeOffset recordedAt;
        await using (var begin = new NpgsqlCommand("select ledger.begin_entry($1)", connection) { Parameters = { new() { Value = time.GetUtcNow().UtcDateTime } } })
            recordedAt = new DateTimeOffset((DateTime)(await begin.ExecuteScalarAsync(CancellationToken.None))!, TimeSpan.Zero);

        var persons = new PersonTable(connection, () => Guid.CreateVersion7(time.GetUtcNow()).ToString());
        var recorder = (await persons.KeepRecorder(caller)).PersonId;
        foreach (var person in chunk.Persons)
            await persons.Keep(person);

        await using var batch = new NpgsqlBatch(connection);
        foreach (var command in Files(chunk).Concat(References(chunk)))
            batch.BatchCommands.Add(command);
        if (chunk.Entries.Count > 0)
        {
            var appends = streams.ConvertAll(entries => Append(entries, states.GetValueOrDefault(entries[0].Id), recordedAt));
            foreach (var command in EntryStore.Append(appends, [.. chunk.Entries.Select(e => e.Event)], new Occurrence(recordedAt, recorder, caller.Agency, import, null)))
                batch.BatchCommands.Add(command);
        }

        // Its acts may have come in a chunk before it, and answers made in between do not know it.
        if (chunk.Entries.Any(e => e.Event is MeetingRecorded))
            batch.BatchCommands.Add(new("update ledger.names set stamp = stamp + 1"));
        if (batch.BatchCommands.Count > 0)
            await batch.ExecuteNonQueryAsync(CancellationToken.None);
        await keep(connection);
        await using var last = new NpgsqlBatch(connection);
        await transaction.Commit(last, Timeout.InfiniteTimeSpan);
    }

    // The streams that go on, as they stand: whoever comes second to one of them waits here, or finds its versions taken.
    private static async Task<Dictionary<string, object>> States(List<List<DecidedEntry>> streams, NpgsqlConnection connection)
    {
        var states = new Dictionary<string, object>(StringComparer.Ordinal);
        string[] ids = [.. streams.Where(s => s[0].Version > 1).Select(s => s[0].Id)];
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
        var read = entries[0].Version - 1;
        if (Version(before) != read)
            throw new StaleImportException();

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

        return new StreamAppend(entries[0].Id, read, [.. entries.Select(e => new NewEntry(e.Event, ToJson(e.Provenance)))], before, after!);
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

/// <summary>Somebody else wrote to a stream that a file goes on with.</summary>
internal sealed class StaleImportException() : Exception("Somebody else wrote to a stream that the file goes on with.");
