using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ledger.Domain;
using Npgsql;

namespace Ledger.Web.Entries;

/// <summary>An entry as it lies in the store, its event not read yet.</summary>
/// <param name="Sequence">Its place in the whole ledger.</param>
/// <param name="Version">Its number in the stream, from 1.</param>
/// <param name="RecordedAt">The instant of recording, UTC.</param>
/// <param name="Kind">The kind of its event.</param>
/// <param name="Json">The event, in UTF-8.</param>
internal readonly record struct StoredEntry(long Sequence, long Version, DateTimeOffset RecordedAt, JsonTypeInfo Kind, byte[] Json)
{
    /// <summary>The columns that <see cref="Read"/> takes, in its order.</summary>
    public const string Columns = "seq_id, version, timestamp, type, data";

    private static readonly FrozenDictionary<string, JsonTypeInfo> Kinds =
        EventNames.Stored.ToFrozenDictionary(x => x.Value, x => LedgerJson.Options.GetTypeInfo(x.Key), StringComparer.Ordinal);

    /// <summary>The entry in a row whose first columns are <see cref="Columns"/>.</summary>
    public static StoredEntry Read(NpgsqlDataReader reader) => new(
        reader.GetInt64(0), reader.GetInt64(1), new DateTimeOffset(reader.GetDateTime(2), TimeSpan.Zero), Kinds[reader.GetString(3)], reader.GetFieldValue<byte[]>(4));

    /// <summary>The entry with its event, as a fold takes it.</summary>
    public Entry<TEvent> To<TEvent>()
        where TEvent : LedgerEvent => new(Version, RecordedAt, (TEvent)JsonSerializer.Deserialize(Json, Kind)!);
}

/// <summary>A stream as it lies in the store, its entries in their order.</summary>
/// <param name="Id">The stream's id.</param>
/// <param name="Entries">Its entries; one at least.</param>
internal sealed record StoredStream(string Id, IReadOnlyList<StoredEntry> Entries)
{
    /// <summary>The state that the entries make.</summary>
    public TState Fold<TState, TEvent>(Func<TState?, Entry<TEvent>, TState> evolve)
        where TState : class
        where TEvent : LedgerEvent => Entries.Aggregate((TState?)null, (state, entry) => evolve(state, entry.To<TEvent>()))!;

    /// <summary>Every stream of one kind as a transaction sees them, some at a time, each of them once.</summary>
    /// <param name="connection">Where to read; nothing else can be asked there meanwhile.</param>
    /// <param name="atOnce">How many entries to give at once, at the least.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static IAsyncEnumerable<IReadOnlyList<StoredStream>> Each<TEvent>(NpgsqlConnection connection, int atOnce, CancellationToken cancellation)
        where TEvent : LedgerEvent => Each(connection, EventNames.Stored.Keys.Where(kind => kind.IsAssignableTo(typeof(TEvent))), null, atOnce, cancellation);

    /// <summary>The entries of some kinds in every stream, or in those of some ids, likewise.</summary>
    public static async IAsyncEnumerable<IReadOnlyList<StoredStream>> Each(
        NpgsqlConnection connection, IEnumerable<Type> kinds, string[]? ids, int atOnce, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"select {StoredEntry.Columns}, stream_id from ledger.mt_events where type = any ($1){(ids is null ? "" : " and stream_id = any ($2)")} order by stream_id, version", connection)
        { CommandTimeout = 0 };
        command.Parameters.Add(new() { Value = kinds.Select(kind => EventNames.Stored[kind]).ToArray() });
        if (ids is not null)
            command.Parameters.Add(new() { Value = ids });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var (streams, entries, id, read) = (new List<StoredStream>(), new List<StoredEntry>(), (string?)null, 0);
        while (await reader.ReadAsync(cancellation))
        {
            var next = reader.GetString(5);
            if (id is not null && next != id)
            {
                streams.Add(new(id, entries));
                entries = [];
                if (read >= atOnce)
                {
                    yield return streams;
                    (streams, read) = ([], 0);
                }
            }

            id = next;
            entries.Add(StoredEntry.Read(reader));
            read++;
        }

        if (id is not null)
            streams.Add(new(id, entries));
        if (streams.Count > 0)
            yield return streams;
    }
}
