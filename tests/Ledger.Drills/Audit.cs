using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;

namespace Ledger.Drills;

/// <summary>What an audit has found.</summary>
internal sealed record Findings
{
    /// <summary>Requests made.</summary>
    public int Requests { get; init; }

    /// <summary>Requests acknowledged.</summary>
    public int Acknowledged { get; init; }

    /// <summary>Entries acknowledged.</summary>
    public int Entries { get; init; }

    /// <summary>Requests refused.</summary>
    public int Refused { get; init; }

    /// <summary>Requests whose outcome was unknown at some time.</summary>
    public int WereUnknown { get; init; }

    /// <summary>Of those, the ones that were recorded already when the answer came.</summary>
    public int HadBeenRecorded { get; init; }

    /// <summary>Everything that is not as it was promised, a sentence each.</summary>
    public IReadOnlyList<string> Lost { get; init; } = [];

    /// <summary>Recorded more than once.</summary>
    public IReadOnlyList<string> Doubled { get; init; } = [];

    /// <summary>Other differences.</summary>
    public IReadOnlyList<string> Differing { get; init; } = [];
}

/// <summary>Compares the store with what the clients know, and with itself.</summary>
internal static class Audit
{
    private sealed record Stored(long Sequence, string Stream, long Version, string Type, string? Causation, DateTime RecordedAt);

    public static async Task<Findings> Run(Cluster cluster, Service service, Journal journal, string subject, string auditor)
    {
        List<string> lost = [], doubled = [], differing = [];
        var stored = await Entries(cluster);
        var references = await References(cluster);
        var byCausation = stored.Where(e => e.Causation is not null).ToLookup(e => e.Causation!, StringComparer.Ordinal);
        foreach (var wish in journal.Wishes.Values)
        {
            var found = byCausation[Journal.Causation(subject, wish.Key)].Select(e => new Acknowledged(e.Sequence, e.Version, OnTheWire(e.Type), references[e.Stream])).OrderBy(e => e.Sequence).ToList();
            var expected = wish.Outcome == Outcome.Acknowledged ? wish.Entries.OrderBy(e => e.Sequence).ToList() : [];
            lost.AddRange(expected.Except(found).Select(e => $"{wish.Key}: {e} was acknowledged and is not there"));
            if (found.Count > expected.Count && wish.Outcome == Outcome.Acknowledged)
                doubled.Add($"{wish.Key}: {found.Count} entries where {expected.Count} were acknowledged");
            if (found.Count > 0 && wish.Outcome == Outcome.Refused)
                differing.Add($"{wish.Key}: was refused and {found.Count} entries are there");
            if (wish.Outcome == Outcome.Unknown)
                differing.Add($"{wish.Key}: its outcome was never known");
        }

        doubled.AddRange(stored.CountBy(e => e.Sequence).Where(e => e.Value > 1).Select(e => $"Sequence {e.Key} is there {e.Value} times"));
        foreach (var stream in stored.GroupBy(e => e.Stream, StringComparer.Ordinal))
        {
            var entries = stream.OrderBy(e => e.Version).ToList();
            if (!entries.Select(e => e.Version).SequenceEqual(Enumerable.Range(1, entries.Count).Select(n => (long)n)))
                differing.Add($"The versions of {stream.Key} are not 1 to {entries.Count}");
            if (!entries.Select(e => e.Sequence).SequenceEqual(entries.Select(e => e.Sequence).Order()) || entries.Zip(entries.Skip(1)).Any(p => p.First.RecordedAt > p.Second.RecordedAt))
                differing.Add($"The entries of {stream.Key} are not in the order of their sequences and instants");
        }

        // What was written in the texts themselves, whatever the request was called.
        var titles = await cluster.Ask("select count(*) from (select data ->> 'title' from ledger.mt_events where type = 'meeting_recorded' group by 1 having count(*) > 1) twice");
        if (titles != "0")
            doubled.Add($"{titles} meetings are there twice");
        differing.AddRange(await FeedOrWhyNot(service, auditor, stored));
        var (code, output) = await service.Command("check");
        if (code != 0)
            differing.Add($"The projections are not what the entries make: {output}");
        var wishes = journal.Wishes.Values;
        return new Findings
        {
            Requests = wishes.Count,
            Acknowledged = wishes.Count(w => w.Outcome == Outcome.Acknowledged),
            Entries = wishes.Sum(w => w.Entries.Count),
            Refused = wishes.Count(w => w.Outcome == Outcome.Refused),
            WereUnknown = wishes.Count(w => w.WasUnknown),
            HadBeenRecorded = wishes.Count(w => w.WasReplayed),
            Lost = lost,
            Doubled = doubled,
            Differing = differing,
        };
    }

    private static async Task<List<Stored>> Entries(Cluster cluster)
    {
        await using var connection = new NpgsqlConnection($"{cluster.Database};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select seq_id, stream_id, version, type, causation_id, timestamp from ledger.mt_events order by seq_id", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var entries = new List<Stored>();
        while (await reader.ReadAsync())
            entries.Add(new Stored(reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2), reader.GetString(3), reader.IsDBNull(4) ? null : reader.GetString(4), reader.GetDateTime(5)));
        return entries;
    }

    // From the entries themselves, not from anything kept ready of them.
    private static async Task<Dictionary<string, string>> References(Cluster cluster)
    {
        await using var connection = new NpgsqlConnection($"{cluster.Database};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select stream_id, coalesce(data ->> 'reference', stream_id) from ledger.mt_events where version = 1", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var references = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await reader.ReadAsync())
            references[reader.GetString(0)] = reader.GetString(1);
        return references;
    }

    // What the store holds can be told without the service.
    private static async Task<List<string>> FeedOrWhyNot(Service service, string auditor, List<Stored> stored)
    {
        try
        {
            return await Feed(service, auditor, stored);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or JsonException)
        {
            return [$"The feed could not be read: {e.Message}"];
        }
    }

    private static async Task<List<string>> Feed(Service service, string auditor, List<Stored> stored)
    {
        using var http = new HttpClient { BaseAddress = service.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", auditor);
        var given = new List<(long, string, long)>();
        for (long after = 0; ;)
        {
            var page = JsonNode.Parse(await http.GetStringAsync(new Uri($"/api/v1/events?limit=1000&after={after.ToString(CultureInfo.InvariantCulture)}", UriKind.Relative)))!;
            given.AddRange(page["items"]!.AsArray().Select(e => ((long)e!["sequence"]!, (string)e["id"]!, (long)e["version"]!)));
            after = (long)page["next"]!;
            if ((bool)page["isAtEnd"]!)
                break;
        }

        return given.SequenceEqual(stored.Select(e => (e.Sequence, e.Stream, e.Version)))
            ? []
            : [$"The feed gives {given.Count} entries and the store holds {stored.Count}, or in another order"];
    }

    // agreement_discussed is called agreementDiscussed in answers.
    private static string OnTheWire(string stored) =>
        string.Concat(stored.Split('_').Select((word, index) => index == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
}
