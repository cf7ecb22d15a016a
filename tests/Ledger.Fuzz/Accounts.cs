using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Ledger.Web.Access;
using Npgsql;

namespace Ledger.Fuzz;

/// <summary>
/// Keeps account of what was acknowledged, and holds the store against it: every entry there was acknowledged, and every entry acknowledged is there.
/// So nothing that was refused, aborted or only read has left an entry, or an answer under its key.
/// </summary>
internal sealed class Accounts(string connectionString)
{
    private readonly NpgsqlDataSource _store = new NpgsqlSlimDataSourceBuilder(connectionString).Build();
    private readonly ConcurrentDictionary<long, string> _acknowledged = new();
    private readonly ConcurrentDictionary<string, byte> _keys = new();
    private readonly ConcurrentDictionary<string, (Shot Shot, int[] Statuses)> _sent = new();
    private readonly ConcurrentQueue<string> _doubled = new();
    private long _counted;
    private long _total;

    /// <summary>How many entries were acknowledged and found.</summary>
    public long Total => _total;

    /// <summary>Takes note of what an answer acknowledges, and of what was sent under which key since the last count.</summary>
    public void Note(Shot shot, Reply? reply)
    {
        if (IsPost(shot) && KeyOf(shot) is { } id)
            _sent.AddOrUpdate(id, (shot, [reply?.Status ?? 0]), (_, known) => (known.Shot, [.. known.Statuses, reply?.Status ?? 0]));
        if (reply is null)
            return;
        if (!(IsPost(shot) || shot.Method == "PUT") || !reply.IsSuccess || reply.MediaType != "application/json" || reply.Json is not JsonObject answer)
            return;
        if (IsPost(shot) && KeyOf(shot) is { } key)
            _keys.TryAdd(key, 0);
        if (reply.Headers.ContainsKey("Idempotent-Replayed"))
            return;
        foreach (var entry in (answer["entries"] as JsonArray)?.OfType<JsonObject>() ?? [])
            Add((long)entry["sequence"]!);
        if (answer["sequence"] is JsonValue own)
            Add(own.GetValue<long>());

        void Add(long sequence)
        {
            if (!_acknowledged.TryAdd(sequence, shot.Operation))
                _doubled.Enqueue($"Entry {sequence} was acknowledged to two requests, the second {shot.Operation} {shot.Target}.");
        }
    }

    // Methods are told by their case, and not by everybody.
    private static bool IsPost(Shot shot) => shot.Method.Equals("POST", StringComparison.OrdinalIgnoreCase);

    // As the service knows them: two callers never share one.
    private static string? KeyOf(Shot shot)
    {
        var keys = shot.Headers.Where(h => h.Name.Equals("Idempotency-Key", StringComparison.OrdinalIgnoreCase)).Select(h => h.Value.Trim()).ToList();
        return keys.Count == 0 ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{DevelopmentIssuer.SubjectOf(shot.Caller.Name, shot.Caller.Agency)}\n{string.Join(',', keys)}")));
    }

    /// <summary>How many entries the store holds.</summary>
    public async Task<long> Entries()
    {
        await using var command = _store.CreateCommand("select count(*) from ledger.mt_events");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Counts, while nobody records.</summary>
    /// <returns>What does not agree.</returns>
    public async Task<IReadOnlyList<(string Sentence, Shot? Shot)>> Settle()
    {
        var wrong = new List<(string, Shot?)>();
        while (_doubled.TryDequeue(out var doubled))
            wrong.Add((doubled, null));

        await using (var command = _store.CreateCommand(
            """
            select e.seq_id, e.type, e.stream_id, e.version, coalesce(e.causation_id, ''), i.id is not null
              from ledger.mt_events e left join ledger.import i on i.id = e.correlation_id
             where e.seq_id > $1 order by e.seq_id
            """))
        {
            command.Parameters.Add(new() { Value = _counted });
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                var sequence = reader.GetInt64(0);
                _counted = sequence;
                _total++;
                var isImported = reader.GetBoolean(5);
                if (!_acknowledged.TryRemove(sequence, out _) && !isImported)
                {
                    var known = _sent.TryGetValue(reader.GetString(4), out var sent);
                    wrong.Add(($"Entry {sequence} ({reader.GetString(1)}, {reader.GetString(2)} version {reader.GetInt64(3)}) is in the store and no answer acknowledged it{(known ? $", which were {string.Join(", ", sent.Statuses)}" : "")}.", known ? sent.Shot : null));
                }
            }
        }

        wrong.AddRange(_acknowledged.Select(a => ($"Entry {a.Key} was acknowledged by {a.Value} and is not in the store.", (Shot?)null)));
        _acknowledged.Clear();
        _sent.Clear();

        await using (var command = _store.CreateCommand("select count(*) from ledger.idempotency_key"))
        {
            var kept = (long)(await command.ExecuteScalarAsync())!;
            if (kept != _keys.Count)
                wrong.Add(($"{kept} answers are kept under keys, and {_keys.Count} were given.", null));
        }

        return wrong;
    }
}
