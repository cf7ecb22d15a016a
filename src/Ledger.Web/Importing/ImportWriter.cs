using System.Text.Json;
using JasperFx.Events;
using Ledger.Domain;
using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Domain.Meetings;
using Ledger.Web.Access;
using Ledger.Web.Persons;
using Marten;
using Npgsql;

namespace Ledger.Web.Importing;

/// <summary>Writes what was decided, a chunk in one commit.</summary>
internal sealed class ImportWriter(IDocumentStore store, NpgsqlDataSource source, TimeProvider time)
{
    /// <summary>Writes a chunk and, with it, how far the file has come then.</summary>
    public async Task Write(ImportChunk chunk, Caller caller, string import, Func<NpgsqlConnection, Task> keep)
    {
        // From here to the commit nothing is given up half-way: a commit of unknown outcome is settled by the row that goes with it.
        await using var connection = await source.OpenConnectionAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
        DateTimeOffset recordedAt;
        await using (var begin = new NpgsqlCommand("select recorded_at from ledger.begin_entry()", connection))
            recordedAt = new DateTimeOffset((DateTime)(await begin.ExecuteScalarAsync(CancellationToken.None))!, TimeSpan.Zero);

        var persons = new PersonTable(connection, () => Guid.CreateVersion7(time.GetUtcNow()).ToString());
        var recorder = (await persons.Keep(caller.Subject, caller.Agency, new NamedPerson(caller.Name))).PersonId;
        foreach (var person in chunk.Persons)
            await persons.Keep(person);
        await KeepFiles(chunk, connection);
        await KeepReferences(chunk, connection);

        await using var session = store.LightweightSession(Marten.Services.SessionOptions.ForTransaction(transaction));
        foreach (var run in Runs(chunk.Entries))
        {
            foreach (var stream in run)
                await Append(session, stream);
            foreach (var e in session.PendingChanges.Streams().SelectMany(s => s.Events))
            {
                e.Timestamp = recordedAt;
                e.UserName = recorder;
                e.CorrelationId = import;
                if (caller.Agency is not null)
                    e.SetHeader("agency", caller.Agency);
                if (chunk.Entries.First(x => ReferenceEquals(x.Event, e.Data)).Provenance is { } provenance)
                    e.SetHeader("provenance", provenance);
            }

            await session.SaveChangesAsync(CancellationToken.None);
        }

        await keep(connection);
        await transaction.CommitAsync(CancellationToken.None);
    }

    // Entries keep the order of the lines: a stream that comes again after another begins a new run.
    private static IEnumerable<List<List<DecidedEntry>>> Runs(IEnumerable<DecidedEntry> entries)
    {
        var run = new List<List<DecidedEntry>>();
        foreach (var entry in entries)
        {
            if (run.Count > 0 && run[^1][0].Id == entry.Id)
            {
                run[^1].Add(entry);
                continue;
            }

            if (run.Exists(stream => stream[0].Id == entry.Id))
            {
                yield return run;
                run = [];
            }

            run.Add([entry]);
        }

        if (run.Count > 0)
            yield return run;
    }

    private static async Task Append(IDocumentSession session, List<DecidedEntry> stream)
    {
        var (id, events) = (stream[0].Id, stream.Select(e => (object)e.Event).ToArray());
        switch (stream[0].Stream)
        {
            case EntryStream.Agreement:
                await To<Agreement>();
                break;
            case EntryStream.Meeting:
                await To<Meeting>();
                break;
            default:
                await To<Agency>();
                break;
        }

        async Task To<TState>()
            where TState : class
        {
            if (stream[0].Version == 1)
            {
                session.Events.StartStream<TState>(id, events);
                return;
            }

            var writing = await session.Events.FetchForWriting<TState>(id);
            if ((writing.CurrentVersion ?? 0) != stream[0].Version - 1)
                throw new EventStreamUnexpectedMaxEventIdException(id, typeof(TState), stream[0].Version - 1, writing.CurrentVersion ?? 0);
            writing.AppendMany(events);
        }
    }

    private static async Task KeepFiles(ImportChunk chunk, NpgsqlConnection connection)
    {
        foreach (var file in chunk.Files)
        {
            await using var insert = new NpgsqlCommand("insert into ledger.document_content (sha256, content) values ($1, $2) on conflict do nothing", connection)
            {
                Parameters = { new() { Value = file.Sha256 }, new() { Value = file.Content } },
            };
            await insert.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    // Whoever took one of these numbers meanwhile has an agreement of that reference, and the commit fails on it.
    private static async Task KeepReferences(ImportChunk chunk, NpgsqlConnection connection)
    {
        foreach (var ((series, year), last) in chunk.References)
        {
            await using var keep = new NpgsqlCommand(
                "insert into ledger.reference_counter values ($1, $2, $3) on conflict (series, year) do update set last = greatest(reference_counter.last, excluded.last)", connection)
            {
                Parameters = { new() { Value = series }, new() { Value = year }, new() { Value = last } },
            };
            await keep.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }
}
