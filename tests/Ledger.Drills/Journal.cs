using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ledger.Drills;

/// <summary>What became of a request.</summary>
internal enum Outcome
{
    /// <summary>Nobody knows: no answer, or one that says so.</summary>
    Unknown,

    /// <summary>It was answered that it is recorded.</summary>
    Acknowledged,

    /// <summary>It was answered that it is not, and never will be.</summary>
    Refused,
}

/// <summary>An entry as an answer named it.</summary>
/// <param name="Sequence">Its place in the whole ledger.</param>
/// <param name="Version">Its number in its stream.</param>
/// <param name="Type">What happened.</param>
/// <param name="Of">The reference of the agreement or meeting.</param>
internal sealed record Acknowledged(long Sequence, long Version, string Type, string Of);

/// <summary>A request that a client makes, however often it must be sent.</summary>
/// <param name="Key">Its idempotency key; also written into what it records.</param>
/// <param name="Path">Where to.</param>
/// <param name="Body">What is sent.</param>
/// <param name="MustBeRefused">Whether the rules refuse it, and nothing of it may be found.</param>
internal sealed record Wish(string Key, string Path, string Body, bool MustBeRefused)
{
    /// <summary>What became of it.</summary>
    public Outcome Outcome { get; set; }

    /// <summary>What was acknowledged.</summary>
    public IReadOnlyList<Acknowledged> Entries { get; set; } = [];

    /// <summary>Whether it had been recorded before the answer that came through.</summary>
    public bool WasReplayed { get; set; }

    /// <summary>How often it was sent.</summary>
    public int Sent { get; set; }

    /// <summary>Whether its outcome was unknown at any time.</summary>
    public bool WasUnknown { get; set; }
}

/// <summary>What the clients know, written to a file before each sending and after each answer.</summary>
internal sealed class Journal : IDisposable
{
    private readonly StreamWriter _file;
    private readonly Lock _lock = new();

    public Journal(string path) => _file = new StreamWriter(path) { AutoFlush = true };

    public ConcurrentDictionary<string, Wish> Wishes { get; } = new(StringComparer.Ordinal);

    public IEnumerable<Wish> Unknown => Wishes.Values.Where(w => w.Outcome == Outcome.Unknown);

    /// <summary>Under what the store keeps the answer to a caller's key, and what the entries of the request bear.</summary>
    public static string Causation(string subject, string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{subject}\n{key}")));

    public void Sending(Wish wish)
    {
        Wishes[wish.Key] = wish;
        wish.Sent++;
        Write(new() { ["sending"] = wish.Key, ["path"] = wish.Path, ["time"] = wish.Sent });
    }

    public void Lost(Wish wish, string reason)
    {
        wish.WasUnknown = true;
        Write(new() { ["unknown"] = wish.Key, ["reason"] = reason });
    }

    public void Answered(Wish wish, int status, JsonNode? body, bool replayed)
    {
        wish.WasReplayed = replayed;
        if (status < 300)
        {
            wish.Entries =
            [
                .. body!["entries"]!.AsArray().Select(e => new Acknowledged((long)e!["sequence"]!, (long)e["version"]!, (string)e["type"]!, (string?)e["agreement"] ?? (string)e["meeting"]!)),
            ];
            if (wish.Path == "/api/v1/meetings")
                wish.Entries = [.. wish.Entries, new Acknowledged((long)body["sequence"]!, (long)body["version"]!, "meetingRecorded", (string)body["reference"]!)];
        }

        wish.Outcome = status < 300 ? Outcome.Acknowledged : Outcome.Refused;
        Write(new() { ["answered"] = wish.Key, ["status"] = status, ["replayed"] = replayed, ["entries"] = JsonSerializer.SerializeToNode(wish.Entries) });
    }

    public void Dispose() => _file.Dispose();

    private void Write(JsonObject line)
    {
        lock (_lock)
            _file.WriteLine(line.ToJsonString());
    }
}
