using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ledger.Domain;
using Ledger.Web.Access;
using Ledger.Web.Hosting;
using Ledger.Web.Store;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Web.Recording;

/// <summary>
/// The one door for writes. Every request that changes the record goes this way: settle the idempotency key, load the streams, decide, append,
/// keep the answer under the key, commit once, answer. What differs is handed in as work on a <see cref="Draft"/>.
/// </summary>
public sealed class Recorder
{
    private const int MostAttempts = 20;

    private readonly NpgsqlDataSource _source;
    private readonly AgencyCache _agencies;
    private readonly TimeProvider _time;
    // For each of the two round trips: until what is wanted is read, waiting for whoever writes to the same streams; and until it is committed.
    private readonly TimeSpan _patience;
    private readonly ILogger<Recorder> _logger;

    internal Recorder(NpgsqlDataSource source, AgencyCache agencies, TimeProvider time, TimeSpan patience, ILogger<Recorder> logger) =>
        (_source, _agencies, _time, _patience, _logger) = (source, agencies, time, patience, logger);

    /// <summary>Does one act of an agreement, which must stand at the version that the caller names.</summary>
    /// <param name="http">The request.</param>
    /// <param name="id">The agreement's id or reference.</param>
    /// <param name="act">The act.</param>
    /// <param name="alongside">What else to write in the same commit when the act is recorded.</param>
    public Task<IResult> Act(HttpContext http, string id, AgreementAct act, Func<NpgsqlBatchCommand>? alongside = null) => Run(http, act.Operation, canRepeat: http.Request.Headers.IfMatch == "*", new() { Agreements = [id] }, async draft =>
    {
        if (draft.Find(id) is not { } agreement || !draft.Caller.MaySee(agreement.State, draft.Agencies))
            return Problem.NotFound($"There is no agreement {id}. GET /api/v1/agreements lists those that you may see.");
        if (draft.Caller.RefusalToAct(act.Operation, agreement.State, act.Party, draft.Agencies, draft.Today) is { } forbidden)
            return forbidden;
        if (VersionProblem(http, agreement.State.Version) is { } problem)
            return problem;

        await draft.Name(act.Persons);
        if (draft.Decide(agreement, act, draft.Occasion(null)) is { } refused)
            return Problem.Rule(refused);

        if (agreement.HasNewEvents && alongside is not null)
            draft.Alongside.Add(alongside());
        var version = agreement.State.Version;
        return agreement.HasNewEvents
            ? new Answer(201, entries => new EntriesMade(entries)) { Location = $"/api/v1/agreements/{agreement.State.Reference}?version={version}", ETag = version }
            : new Answer(200, entries => new EntriesMade(entries)) { ETag = version };
    });

    /// <summary>Runs work in one transaction under the request's idempotency key.</summary>
    /// <param name="http">The request.</param>
    /// <param name="operation">What it does, which the caller must be allowed somewhere.</param>
    /// <param name="canRepeat">Whether the work may be done again when somebody else was faster: it names no version that it expects.</param>
    /// <param name="reads">What the work changes, read before it begins.</param>
    /// <param name="work">The work: an answer that is committed with it, or a problem that leaves nothing behind.</param>
    internal async Task<IResult> Run(HttpContext http, Operation operation, bool canRepeat, Reads reads, Func<Draft, Task<IResult>> work)
    {
        if (new RequestQuery(http).Problem is { } unknown)
            return unknown;

        var caller = Caller.From(http.User);
        var (key, keyProblem) = IdempotencyKey(http, caller);
        if (keyProblem is not null)
            return keyProblem;
        if (caller.RefusalTo(operation) is { } forbidden)
            return forbidden;

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await Attempt(http, caller, key, reads, work);
            }
            catch (Exception raced) when (IsLostRace(raced) && canRepeat && attempt < MostAttempts)
            {
                _logger.LogDebug("Attempt {Attempt} lost a race and is repeated", attempt);
            }
            catch (Exception raced) when (IsLostRace(raced))
            {
                return http.Request.Headers.IfMatch.Count > 0
                    ? VersionConflict("Somebody else recorded an entry first. Read it, then send the act again with the new version in If-Match and a new key.")
                    : new Problem(409, "stale-outcome", "The record changed meanwhile", "Others were recording on the same agreements. Read them, then send the request again with the same key.");
            }
            catch (Exception away) when (StoreConnection.IsAway(away))
            {
                // Never the caller's token, never a silent second try: whether the commit happened, the key will tell.
                _logger.LogError("The store did not answer: {Reason}", away.GetBaseException().Message);
                return Problem.Unavailable("It is not known whether this was recorded. Send the same request again with the same key: it is recorded once at most.");
            }
        }
    }

    /// <summary>Does work as <see cref="Run"/> would, and takes everything back: what would come of it, without recording it.</summary>
    internal async Task<T> Preview<T>(Caller caller, Reads reads, Func<Draft, Task<T>> work)
    {
        await using var connection = await _source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var (draft, _) = await Open(connection, caller, null, null, reads);
        return await work(draft!);
    }

    /// <summary>What was answered to the request that a caller recorded something with under this key; null where nothing was.</summary>
    internal async Task<string?> Answered(Caller caller, string key)
    {
        await using var command = _source.CreateCommand("select body from ledger.idempotency_key where id = $1");
        command.Parameters.Add(new() { Value = new Key(key, caller.Subject).Id });
        return (string?)await command.ExecuteScalarAsync();
    }

    /// <summary>What there is against changing a stream without its present version in If-Match.</summary>
    internal static Problem? VersionProblem(HttpContext http, long version)
    {
        var header = http.Request.Headers.IfMatch.ToString();
        if (header.Length == 0)
            return new Problem(428, "version-required", "The version you have read is missing", $"Send If-Match: \"{version}\" once you have read version {version}, so that nobody's entry is overlooked.");

        return header.Split(',', StringSplitOptions.TrimEntries).Any(tag => tag == "*" || tag.Trim('"') == version.ToString(CultureInfo.InvariantCulture))
            ? null
            : VersionConflict($"You have read version {header.Trim('"')}; the record stands at version {version}. Read what was added, then send the act again with If-Match: \"{version}\" and a new key.");
    }

    private static Problem VersionConflict(string detail) => new(412, "version-conflict", "The record changed since you read it", detail);

    // Two round trips for whatever is recorded: everything that the decision needs, then everything that it comes to, committed in the same
    // batch. Nothing in between waits for the store but what is rare: a person named for the first time, a number for a new agreement.
    private async Task<IResult> Attempt(HttpContext http, Caller caller, Key? key, Reads reads, Func<Draft, Task<IResult>> work)
    {
        await using var transaction = await WriteTransaction.Begin(_source);
        var (opened, settled) = await Open(transaction.Connection, caller, key, http, reads);
        if (opened is not { } draft)
        {
            if (settled is StoredAnswer)
                await transaction.Confirm(_patience);
            return settled!;
        }

        var result = await work(draft);
        if (result is not Answer answer)
            return result;

        var body = new NumberedText();
        var response = new StoredAnswer(
            answer.Status,
            answer.Location,
            answer.ETag is { } version ? $"\"{version}\"" : null,
            body.Write(JsonSerializer.Serialize(answer.Body(draft.EntriesMade(body.Placeholder)), LedgerJson.Options)));

        await using var batch = new NpgsqlBatch(transaction.Connection);
        if (draft.Appends is { Count: > 0 } appends)
        {
            var occurrence = new Occurrence(draft.RecordedAt, draft.By.PersonId, caller.Agency, Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier, key?.Id);
            foreach (var command in EntryStore.Append(appends, draft.Decided, occurrence).Concat(draft.Alongside))
                batch.BatchCommands.Add(command);
        }

        if (key is not null)
            batch.BatchCommands.Add(Keep(key, response, body, draft.Places, http));
        return response with { Body = body.Read(await transaction.Commit(batch, _patience)) };
    }

    // The lock says who is at it; the row says who has done it. The row is read after the lock is held, so that nobody slips between.
    private async Task<(Draft? Draft, IResult? Settled)> Open(NpgsqlConnection connection, Caller caller, Key? key, HttpContext? http, Reads reads)
    {
        var draft = new Draft(connection, caller, _time);
        long stamp;
        await using (var batch = new NpgsqlBatch(connection) { Timeout = (int)Math.Ceiling(_patience.TotalSeconds) })
        {
            if (key is not null)
            {
                batch.BatchCommands.Add(new("select pg_try_advisory_xact_lock($1)") { Parameters = { new() { Value = key.Lock } } });
                batch.BatchCommands.Add(new("select fingerprint, status, location, etag, body from ledger.idempotency_key where id = $1") { Parameters = { new() { Value = key.Id } } });
            }

            foreach (var command in Draft.Reading(reads, caller, _time.GetUtcNow()))
                batch.BatchCommands.Add(command);
            await using var reader = await batch.ExecuteReaderAsync();
            if (key is not null && await Settle(reader, http!) is { } settled)
                return (null, settled);
            stamp = await draft.TakeIn(reader, reads);
        }

        await draft.Begin(await _agencies.At(stamp, connection, CancellationToken.None));
        return (draft, null);
    }

    private static async Task<IResult?> Settle(NpgsqlDataReader reader, HttpContext http)
    {
        await reader.ReadAsync();
        var isOurs = reader.GetBoolean(0);
        await reader.NextResultAsync();
        if (await reader.ReadAsync())
        {
            if (reader.GetString(0) != Fingerprint(http))
                return new Problem(422, "idempotency-key-reused", "This key belongs to another request", "The Idempotency-Key was used before with another request. Use a new key for a new request.");

            http.Response.Headers["Idempotent-Replayed"] = "true";
            return new StoredAnswer(reader.GetInt32(1), Text(reader, 2), Text(reader, 3), reader.GetString(4));
        }

        await reader.NextResultAsync();
        return isOurs
            ? null
            : new Problem(409, "idempotency-key-in-progress", "The same request is being recorded", "A request with this Idempotency-Key is still running. Send it again in a moment with the same key.") { RetryAfterSeconds = 1 };

        static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }

    // The answer names sequences that are given in the same batch: they are put into it as it is stored.
    private static NpgsqlBatchCommand Keep(Key key, StoredAnswer answer, NumberedText body, IReadOnlyList<(string Stream, long Version)> entries, HttpContext http) => new(
        """
        insert into ledger.idempotency_key (id, fingerprint, status, location, etag, body, recorded_at)
        select $1, $2, $3, $4, $5, string_agg(t.part || coalesce(e.seq_id::text, ''), '' order by t.place), clock_timestamp()
          from unnest($6, $7, $8) with ordinality t(part, stream, version, place)
          left join ledger.mt_events e on e.stream_id = t.stream and e.version = t.version
        """)
    {
        Parameters =
        {
            new() { Value = key.Id },
            new() { Value = Fingerprint(http) },
            new() { Value = answer.Status },
            new() { Value = (object?)answer.Location ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            new() { Value = (object?)answer.ETag ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            new() { Value = body.Parts.Select(part => part.Text).ToArray() },
            new() { Value = body.Parts.Select(part => part.Number is { } index ? entries[index].Stream : null).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
            new() { Value = body.Parts.Select(part => part.Number is { } index ? entries[index].Version : (long?)null).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
        },
    };

    private static string Fingerprint(HttpContext http) =>
        StrictJson.Fingerprint(http.Request.Method, http.Request.Path.Value ?? "", RequestBody.Of(http));

    private static (Key? Key, Problem? Problem) IdempotencyKey(HttpContext http, Caller caller)
    {
        // A PUT says what is to be, however often it is said.
        if (HttpMethods.IsPut(http.Request.Method))
            return (null, null);

        var header = http.Request.Headers["Idempotency-Key"].ToString();
        return header.Length is > 0 and <= 255 && header.All(c => c is > ' ' and <= '~')
            ? (new Key(header, caller.Subject), null)
            : (null, new Problem(400, "idempotency-key-missing", "The Idempotency-Key is missing", "Send an Idempotency-Key of 1 to 255 visible ASCII characters, a new one for each new request, so that a retry records nothing twice."));
    }

    internal static bool IsLostRace(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure };

    /// <summary>A key of one caller: two callers never share one.</summary>
    private sealed record Key
    {
        public Key(string key, string subject)
        {
            var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{subject}\n{key}"));
            Id = Convert.ToHexStringLower(hash);
            Lock = BitConverter.ToInt64(hash);
        }

        public string Id { get; }

        public long Lock { get; }
    }
}

/// <summary>An answer that is committed together with what it answers for.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body, given the entries made once their sequences are known.</param>
internal sealed record Answer(int Status, Func<List<EntryMade>, object> Body) : IResult
{
    public string? Location { get; init; }

    public long? ETag { get; init; }

    public Task ExecuteAsync(HttpContext httpContext) => throw new UnreachableException("An answer is stored before it is sent.");
}

/// <summary>An answer as it is kept under its key and sent, now and for ever.</summary>
internal sealed record StoredAnswer(int Status, string? Location, string? ETag, string Body) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = Status;
        if (Location is not null)
            httpContext.Response.Headers.Location = Location;
        if (ETag is not null)
            httpContext.Response.Headers.ETag = ETag;
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        return httpContext.Response.WriteAsync(Body);
    }
}

/// <summary>What a write answers: the entries made, none when it was already so.</summary>
/// <param name="Entries">The entries, in order.</param>
public sealed record EntriesMade(IReadOnlyList<EntryMade> Entries);

/// <summary>An entry that was made.</summary>
/// <param name="Sequence">Its place in the whole ledger.</param>
/// <param name="Version">Its number in its stream.</param>
/// <param name="Type">What happened.</param>
public sealed record EntryMade(long Sequence, long Version, string Type)
{
    /// <summary>The reference of the agreement, for an entry of an agreement.</summary>
    public string? Agreement { get; init; }

    /// <summary>The reference of the meeting, for an entry of a meeting.</summary>
    public string? Meeting { get; init; }

    /// <summary>The code of the agency, for an entry of an agency.</summary>
    public string? Agency { get; init; }
}
