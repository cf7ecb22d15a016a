using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Ledger.Domain;
using Ledger.Web.Persons;
using Npgsql;

namespace Ledger.Web.Pages;

/// <summary>A meeting that is being written down, its author's alone until it is recorded.</summary>
/// <param name="Id">Its id, which is also the idempotency key of its recording: a draft is recorded once at most.</param>
/// <param name="Version">How often it was changed.</param>
/// <param name="Content">The meeting as the API reads it, but for outcomes: each has an id of its own, so that it keeps its address when the order changes.</param>
/// <param name="Receipt">What recording it answered; null until then.</param>
/// <param name="ChangedAt">When it was last changed, UTC.</param>
internal sealed record MeetingDraft(string Id, long Version, JsonObject Content, JsonObject? Receipt, DateTimeOffset ChangedAt)
{
    /// <summary>Marks the name of an agreement as the id of the outcome of this draft that proposes it.</summary>
    public const char Proposed = '#';

    /// <summary>What only the draft knows of an outcome.</summary>
    private static readonly string[] OfDraft = ["id", "proposedOnUnknown"];

    /// <summary>The title, where it has one.</summary>
    public string? Title => (string?)Content["title"];

    /// <summary>The outcomes in their order.</summary>
    public IReadOnlyList<JsonObject> Outcomes => [.. Items("outcomes")];

    /// <summary>The participants in their order.</summary>
    public IReadOnlyList<JsonObject> Participants => [.. Items("participants")];

    /// <summary>The outcome of this id.</summary>
    public JsonObject? Outcome(string id) => Items("outcomes").FirstOrDefault(o => (string?)o["id"] == id);

    /// <summary>The place of an outcome, from 0; -1 where there is none.</summary>
    public int IndexOf(string outcome) => Items("outcomes").ToList().FindIndex(o => (string?)o["id"] == outcome);

    /// <summary>The meeting as the API reads it.</summary>
    public JsonObject ToCommand()
    {
        var command = (JsonObject)Content.DeepClone();
        command["title"] ??= "";
        foreach (var outcome in command["outcomes"]?.AsArray().OfType<JsonObject>() ?? [])
        {
            if (outcome["agreement"] is JsonValue name && (string?)name is [Proposed, .. var proposal])
                outcome["agreement"] = $"/outcomes/{IndexOf(proposal)}";
            if ((bool?)outcome["proposedOnUnknown"] == true)
                outcome["proposedOn"] = null;
            foreach (var own in OfDraft)
                outcome.Remove(own);
        }

        return command;
    }

    /// <summary>The same for the same content: what a form was filled from, so that a later one is not overwritten unseen.</summary>
    public static string Fingerprint(JsonNode? part) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(part?.ToJsonString(LedgerJson.Options) ?? "")))[..16];

    private IEnumerable<JsonObject> Items(string member) => Content[member]?.AsArray().OfType<JsonObject>() ?? [];
}

/// <summary>Keeps the drafts of meetings. Nobody but its author can find one.</summary>
internal sealed class MeetingDrafts(NpgsqlDataSource source)
{
    private const string Columns = "id, version, content, receipt, changed_at";

    /// <summary>Begins a draft.</summary>
    public async Task<string> Begin(string subject)
    {
        var id = Guid.CreateVersion7().ToString();
        await using var command = source.CreateCommand("insert into ledger.meeting_draft (id, subject, version, content, changed_at) values ($1, $2, 1, '{}', clock_timestamp())");
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = subject });
        await command.ExecuteNonQueryAsync();
        return id;
    }

    /// <summary>The drafts of an author that are not recorded yet, the last changed first.</summary>
    public async Task<IReadOnlyList<MeetingDraft>> Of(string subject, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand($"select {Columns} from ledger.meeting_draft where subject = $1 and receipt is null order by changed_at desc");
        command.Parameters.Add(new() { Value = subject });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var drafts = new List<MeetingDraft>();
        while (await reader.ReadAsync(cancellation))
            drafts.Add(Read(reader));
        return drafts;
    }

    /// <summary>The draft of this id, where it is the author's.</summary>
    public async Task<MeetingDraft?> Find(string id, string subject, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand($"select {Columns} from ledger.meeting_draft where id = $1 and subject = $2");
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = subject });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? Read(reader) : null;
    }

    /// <summary>Changes a draft while nobody else does.</summary>
    /// <param name="id">The draft.</param>
    /// <param name="subject">The author.</param>
    /// <param name="change">Changes the content; whether there is anything to keep.</param>
    /// <returns>The draft as it is kept now; null where it is gone.</returns>
    public Task<MeetingDraft?> Change(string id, string subject, Func<MeetingDraft, bool> change) => Hold(id, subject, async (draft, connection) =>
    {
        if (draft.Receipt is not null || !change(draft))
            return draft;

        await using var update = new NpgsqlCommand("update ledger.meeting_draft set content = $2, version = version + 1, changed_at = clock_timestamp() where id = $1", connection)
        {
            Parameters = { new() { Value = id }, new() { Value = draft.Content.ToJsonString(LedgerJson.Options) } },
        };
        await update.ExecuteNonQueryAsync();
        return draft with { Version = draft.Version + 1 };
    });

    /// <summary>Records a draft while nobody else does. Whoever presses twice waits, and finds the receipt.</summary>
    /// <param name="id">The draft.</param>
    /// <param name="subject">The author.</param>
    /// <param name="send">Sends the meeting, and gives what was answered once it is recorded.</param>
    public Task<MeetingDraft?> Record(string id, string subject, Func<MeetingDraft, Task<JsonObject?>> send) => Hold(id, subject, async (draft, connection) =>
    {
        if (draft.Receipt is not null || await send(draft) is not { } receipt)
            return draft;

        // What was typed holds names, which from now on live where they can be forgotten.
        await using var update = new NpgsqlCommand("update ledger.meeting_draft set content = null, receipt = $2, version = version + 1, changed_at = clock_timestamp() where id = $1", connection)
        {
            Parameters = { new() { Value = id }, new() { Value = receipt.ToJsonString(LedgerJson.Options) } },
        };
        await update.ExecuteNonQueryAsync();
        return draft with { Content = [], Receipt = receipt };
    });

    /// <summary>Drops a draft that is not recorded.</summary>
    public async Task Drop(string id, string subject)
    {
        await using var command = source.CreateCommand("delete from ledger.meeting_draft where id = $1 and subject = $2 and receipt is null");
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = subject });
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Takes a name out of every draft that holds it, and the office that stands beside it; the rest of the draft stays.</summary>
    /// <param name="connection">A connection, in the transaction in which the name is forgotten.</param>
    /// <param name="name">The name.</param>
    public static async Task Forget(NpgsqlConnection connection, NameInText name)
    {
        var holding = new List<string>();
        await using (var all = new NpgsqlCommand("select id, content from ledger.meeting_draft where content is not null order by id", connection))
        await using (var reader = await all.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                if (Forget(JsonNode.Parse(reader.GetString(1)), name))
                    holding.Add(reader.GetString(0));
            }
        }

        foreach (var id in holding)
        {
            await using var held = new NpgsqlCommand("select content from ledger.meeting_draft where id = $1 for update", connection) { Parameters = { new() { Value = id } } };
            if (await held.ExecuteScalarAsync() is not string text || JsonNode.Parse(text) is not { } content || !Forget(content, name))
                continue;

            await using var update = new NpgsqlCommand("update ledger.meeting_draft set content = $2, version = version + 1, changed_at = clock_timestamp() where id = $1", connection)
            {
                Parameters = { new() { Value = id }, new() { Value = content.ToJsonString(LedgerJson.Options) } },
            };
            await update.ExecuteNonQueryAsync();
        }
    }

    private static bool Forget(JsonNode? node, NameInText name)
    {
        var found = false;
        if (node is JsonObject members)
        {
            foreach (var (member, value) in members.ToList())
            {
                if (value is JsonValue text && text.TryGetValue<string>(out var words) && name.IsIn(words))
                {
                    members[member] = name.Without(words);
                    if (member == "name" && members.ContainsKey("office"))
                        members["office"] = "";
                    found = true;
                }

                found |= Forget(value, name);
            }
        }
        else if (node is JsonArray items)
        {
            for (var i = 0; i < items.Count; i++)
            {
                if (items[i] is JsonValue text && text.TryGetValue<string>(out var words) && name.IsIn(words))
                    (items[i], found) = (name.Without(words), true);
                found |= Forget(items[i], name);
            }
        }

        return found;
    }

    // Not ended by a reader who goes away: what has begun is brought to its end.
    private async Task<MeetingDraft?> Hold(string id, string subject, Func<MeetingDraft, NpgsqlConnection, Task<MeetingDraft>> work)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await Taken() is not { } draft)
            return null;

        var kept = await work(draft, connection);
        await transaction.CommitAsync();
        return kept;

        async Task<MeetingDraft?> Taken()
        {
            await using var command = new NpgsqlCommand($"select {Columns} from ledger.meeting_draft where id = $1 and subject = $2 for update", connection)
            {
                Parameters = { new() { Value = id }, new() { Value = subject } },
            };
            await using var reader = await command.ExecuteReaderAsync();
            return await reader.ReadAsync() ? Read(reader) : null;
        }
    }

    private static MeetingDraft Read(NpgsqlDataReader reader) => new(
        reader.GetString(0),
        reader.GetInt64(1),
        reader.IsDBNull(2) ? [] : JsonNode.Parse(reader.GetString(2))!.AsObject(),
        reader.IsDBNull(3) ? null : JsonNode.Parse(reader.GetString(3))!.AsObject(),
        new DateTimeOffset(reader.GetDateTime(4), TimeSpan.Zero));
}
