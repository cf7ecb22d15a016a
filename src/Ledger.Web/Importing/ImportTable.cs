using System.Collections.Immutable;
using System.Text.Json;
using Ledger.Domain;
using Ledger.Web.Access;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Web.Importing;

/// <summary>How far a file has come.</summary>
public enum ImportState
{
    /// <summary>It waits to be checked.</summary>
    Received,

    /// <summary>It is being checked; nothing of it is recorded.</summary>
    Checking,

    /// <summary>It was checked and nothing is wrong with it; only that was asked for.</summary>
    Checked,

    /// <summary>Lines of it are wrong; nothing was recorded.</summary>
    Refused,

    /// <summary>It is being recorded.</summary>
    Writing,

    /// <summary>It stopped on the way; what is recorded stays, and it goes on from there when it is given again.</summary>
    Stopped,

    /// <summary>All of it is recorded.</summary>
    Finished,
}

/// <summary>A file that was brought in, and how far it has come.</summary>
internal sealed record Import(string Id, string Name, ImportFormat Format, string Subject, string Recorder, string? Agency, ImportState State, bool IsCheckOnly, long Bytes)
{
    public long BytesRead { get; init; }

    public long? Lines { get; init; }

    public long LinesDone { get; init; }

    public long LastLine { get; init; }

    public long Entries { get; init; }

    public long? Decided { get; init; }

    public long? Agreements { get; init; }

    public ImmutableSortedDictionary<string, int> Flags { get; init; } = ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);

    public ImmutableArray<LineProblem> Problems { get; init; } = [];

    public long ProblemCount { get; init; }

    public string? Message { get; init; }

    public double? Rate { get; init; }

    public DateTimeOffset ReceivedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Whether there is nothing to be done with it any more.</summary>
    public bool IsAtRest => State is ImportState.Checked or ImportState.Refused or ImportState.Stopped or ImportState.Finished;

    /// <summary>For whom it is brought in.</summary>
    public Caller Caller => new(Subject, Recorder, Agency, [Roles.Registrar]);
}

/// <summary>The table of files brought in.</summary>
internal sealed class ImportTable(NpgsqlDataSource source)
{
    private const string Columns =
        "id, name, format, subject, recorder, agency, state, check_only, bytes, bytes_read, lines, lines_done, last_line, entries, decided, agreements, flags, problems, problem_count, message, rate, received_at, started_at, finished_at";

    /// <summary>The file of this hash.</summary>
    public async Task<Import?> Find(string id, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand($"select {Columns} from ledger.import where id = $1");
        command.Parameters.Add(new() { Value = id });
        return (await Read(command, cancellation)) is [var found] ? found : null;
    }

    /// <summary>Files brought in, the latest first, after one of them.</summary>
    public async Task<List<Import>> List(string? after, int limit, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            $"select {Columns} from ledger.import where $1::text is null or (received_at, id) < (select i.received_at, i.id from ledger.import i where i.id = $1) order by received_at desc, id desc limit $2");
        command.Parameters.Add(new() { Value = (object?)after ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = limit });
        return await Read(command, cancellation);
    }

    /// <summary>The files with which there is something left to do.</summary>
    public async Task<List<Import>> Unfinished(CancellationToken cancellation)
    {
        await using var command = source.CreateCommand($"select {Columns} from ledger.import where state in ('received', 'checking', 'writing') order by received_at, id");
        return await Read(command, cancellation);
    }

    /// <summary>
    /// Takes a file to be brought in. One that is here already stays as far as it has come; one that was only checked, was refused or has stopped is
    /// taken up again.
    /// </summary>
    public async Task<Import> Receive(Import file, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            """
            insert into ledger.import (id, name, format, subject, recorder, agency, state, check_only, bytes) values ($1, $2, $3, $4, $5, $6, 'received', $7, $8)
            on conflict (id) do update
               set check_only = excluded.check_only, format = excluded.format, name = excluded.name, subject = excluded.subject, recorder = excluded.recorder, agency = excluded.agency,
                   state = 'received', message = null, problems = null, problem_count = 0, bytes_read = 0, rate = null, changed_at = clock_timestamp()
             where import.state in ('checked', 'refused', 'stopped') and not (import.state = 'checked' and excluded.check_only)
            """);
        command.Parameters.Add(new() { Value = file.Id });
        command.Parameters.Add(new() { Value = file.Name });
        command.Parameters.Add(new() { Value = Word(file.Format) });
        command.Parameters.Add(new() { Value = file.Subject });
        command.Parameters.Add(new() { Value = file.Recorder });
        command.Parameters.Add(new() { Value = (object?)file.Agency ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = file.IsCheckOnly });
        command.Parameters.Add(new() { Value = file.Bytes });
        await command.ExecuteNonQueryAsync(cancellation);
        return (await Find(file.Id, cancellation))!;
    }

    /// <summary>Keeps how far a file has come, on a connection of its own or with what is committed there.</summary>
    public async Task Keep(Import file, NpgsqlConnection? connection, CancellationToken cancellation)
    {
        const string update =
            """
            update ledger.import
               set state = $2, bytes_read = $3, lines = $4, lines_done = $5, last_line = $6, entries = $7, decided = $8, agreements = $9, flags = $10, problems = $11, problem_count = $12,
                   message = $13, rate = $14, started_at = $15, finished_at = $16, changed_at = clock_timestamp()
             where id = $1
            """;
        await using var command = connection is null ? source.CreateCommand(update) : new NpgsqlCommand(update, connection);
        command.Parameters.Add(new() { Value = file.Id });
        command.Parameters.Add(new() { Value = Word(file.State) });
        command.Parameters.Add(new() { Value = file.BytesRead });
        command.Parameters.Add(Number(file.Lines));
        command.Parameters.Add(new() { Value = file.LinesDone });
        command.Parameters.Add(new() { Value = file.LastLine });
        command.Parameters.Add(new() { Value = file.Entries });
        command.Parameters.Add(Number(file.Decided));
        command.Parameters.Add(Number(file.Agreements));
        command.Parameters.Add(Json(file.Flags));
        command.Parameters.Add(Json(file.Problems));
        command.Parameters.Add(new() { Value = file.ProblemCount });
        command.Parameters.Add(new() { Value = (object?)file.Message ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = (object?)file.Rate ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Double });
        command.Parameters.Add(Instant(file.StartedAt));
        command.Parameters.Add(Instant(file.FinishedAt));
        await command.ExecuteNonQueryAsync(cancellation);

        static NpgsqlParameter Number(long? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint };
        static NpgsqlParameter Instant(DateTimeOffset? value) => new() { Value = (object?)value?.UtcDateTime ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };
        static NpgsqlParameter Json<T>(T value) => new() { Value = JsonSerializer.Serialize(value, LedgerJson.Options), NpgsqlDbType = NpgsqlDbType.Jsonb };
    }

    private static string Word<TEnum>(TEnum value)
        where TEnum : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static async Task<List<Import>> Read(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var imports = new List<Import>();
        while (await reader.ReadAsync(cancellation))
        {
            imports.Add(new Import(
                reader.GetString(0),
                reader.GetString(1),
                Enum.Parse<ImportFormat>(reader.GetString(2), ignoreCase: true),
                reader.GetString(3),
                reader.GetString(4),
                Value<string?>(5),
                Enum.Parse<ImportState>(reader.GetString(6), ignoreCase: true),
                reader.GetBoolean(7),
                reader.GetInt64(8))
            {
                BytesRead = reader.GetInt64(9),
                Lines = Value<long?>(10),
                LinesDone = reader.GetInt64(11),
                LastLine = reader.GetInt64(12),
                Entries = reader.GetInt64(13),
                Decided = Value<long?>(14),
                Agreements = Value<long?>(15),
                Flags = Value<string?>(16) is { } flags
                    ? JsonSerializer.Deserialize<Dictionary<string, int>>(flags, LedgerJson.Options)!.ToImmutableSortedDictionary(StringComparer.Ordinal)
                    : ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal),
                Problems = Value<string?>(17) is { } problems ? JsonSerializer.Deserialize<ImmutableArray<LineProblem>>(problems, LedgerJson.Options) : [],
                ProblemCount = reader.GetInt64(18),
                Message = Value<string?>(19),
                Rate = Value<double?>(20),
                ReceivedAt = new DateTimeOffset(reader.GetDateTime(21), TimeSpan.Zero),
                StartedAt = Value<DateTime?>(22) is { } started ? new DateTimeOffset(started, TimeSpan.Zero) : null,
                FinishedAt = Value<DateTime?>(23) is { } finished ? new DateTimeOffset(finished, TimeSpan.Zero) : null,
            });
        }

        return imports;

        T? Value<T>(int column) => reader.IsDBNull(column) ? default : reader.GetFieldValue<T>(column);
    }
}
