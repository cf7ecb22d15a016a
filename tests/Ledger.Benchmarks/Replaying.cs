using System.Diagnostics;
using System.Text.Json;
using Ledger.Domain;
using Ledger.Domain.Agreements;
using Ledger.Web.Entries;
using Ledger.Web.Store;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Benchmarks;

/// <summary>How fast entries are folded: one long stream to a day, and every stream of a ledger when its projections are made anew.</summary>
internal sealed class Replaying(Stage stage, Scale scale)
{
    // One replay takes a tenth of a second, which is too short to be told from what else goes on.
    private const int Replays = 10;

    private static readonly DateOnly Day = new(2024, 1, 1);

    public async Task<IReadOnlyList<Comparison>> Run()
    {
        var database = await stage.Database("replaying");
        await using (var service = await stage.Service(database))
            await Agreements.Prepare(service, stage.Token("Registrar", null, "registrar"), 0);
        await using var source = NpgsqlDataSource.Create(database);
        await Fill(source, 1, scale.LongStream);
        var stream = await One(source, "select id from ledger.mt_streams where type = 'agreement'");
        var record = new RecordReader(source, new AgencyCache());
        await Ours(record, stream);
        await Theirs(source, stream);
        var replay = await Comparison.InTurns(
            $"replay one stream of {scale.LongStream:N0} entries to a day", "reading and folding the rows with plain Npgsql", "entries/s",
            scale.Rounds, _ => Ours(record, stream), _ => Theirs(source, stream), 0.80);

        await Fill(source, scale.RebuiltEvents / 10, 10);
        await using var rebuilds = NpgsqlDataSource.Create(database);
        var rebuild = new Rebuild(rebuilds);
        var all = scale.RebuiltEvents + scale.LongStream;
        var rebuilt = await Comparison.InTurns(
            $"rebuild every projection from {all:N0} entries, compared with what is kept", "ordered read, fold, COPY of the states", "entries/s",
            scale.Rounds,
            async _ => await Timed(all, async () =>
            {
                var found = await rebuild.Check(null, CancellationToken.None);
                if (found.Any(p => p.Differing.Length > 0))
                    throw new InvalidOperationException("A rebuild found differences.");
            }),
            _ => Timed(all, () => ReadFoldCopy(rebuilds)),
            0.50);
        return [replay, rebuilt];
    }

    private async Task<double> Ours(RecordReader record, string stream) =>
        await Replay(async () => await record.AgreementAt(stream, DateTimeOffset.MaxValue, null, CancellationToken.None));

    private async Task<double> Theirs(NpgsqlDataSource source, string stream) => await Replay(async () =>
    {
        await using var command = source.CreateCommand("select version, type, data, timestamp from ledger.mt_events where stream_id = $1 order by version");
        command.Parameters.Add(new() { Value = stream });
        await using var reader = await command.ExecuteReaderAsync();
        return await Fold(reader);
    });

    private async Task<double> Replay(Func<Task<Agreement?>> replay) => await Timed(Replays * scale.LongStream, async () =>
    {
        for (var n = 0; n < Replays; n++)
        {
            var agreement = await replay() ?? throw new InvalidOperationException("The stream is not there.");
            if (agreement.Version != scale.LongStream || Standing.Of(agreement, Day) is not { Status: AgreementStatus.UnderDiscussion })
                throw new InvalidOperationException("A replay came to another state.");
        }
    });

    private static async Task<Agreement?> Fold(NpgsqlDataReader reader)
    {
        Agreement? agreement = null;
        while (await reader.ReadAsync())
            agreement = Agreement.Evolve(agreement, Entry(reader));
        return agreement;
    }

    private static Entry<AgreementEvent> Entry(NpgsqlDataReader reader)
    {
        var kind = reader.GetString(1) == "agreement_proposed" ? typeof(AgreementProposed) : typeof(AgreementDiscussed);
        return new(reader.GetInt64(0), new DateTimeOffset(reader.GetDateTime(3), TimeSpan.Zero), (AgreementEvent)JsonSerializer.Deserialize(reader.GetString(2), kind, LedgerJson.Options)!);
    }

    private static async Task ReadFoldCopy(NpgsqlDataSource source)
    {
        await using var reading = await source.OpenConnectionAsync();
        await using var writing = await source.OpenConnectionAsync();
        await using (var create = new NpgsqlCommand("create temp table if not exists made (id text, data jsonb); truncate made", writing))
            await create.ExecuteNonQueryAsync();
        await using var copy = await writing.BeginBinaryImportAsync("copy made (id, data) from stdin (format binary)");
        await using var command = new NpgsqlCommand("select version, type, data, timestamp, stream_id from ledger.mt_events where type like 'agreement%' order by stream_id, version", reading);
        await using var reader = await command.ExecuteReaderAsync();
        (string? stream, Agreement? agreement) = (null, null);
        while (await reader.ReadAsync())
        {
            if (reader.GetString(4) is var next && next != stream)
            {
                Copy(copy, agreement);
                (stream, agreement) = (next, null);
            }

            agreement = Agreement.Evolve(agreement, Entry(reader));
        }

        Copy(copy, agreement);
        await copy.CompleteAsync();
    }

    private static void Copy(NpgsqlBinaryImporter copy, Agreement? agreement)
    {
        if (agreement is null)
            return;
        copy.StartRow();
        copy.Write(agreement.Id, NpgsqlDbType.Text);
        copy.Write(EntryStore.Json(agreement), NpgsqlDbType.Jsonb);
    }

    // Straight into the store, by the statements that every write goes through.
    private static async Task Fill(NpgsqlDataSource source, int streams, int entries)
    {
        foreach (var some in Enumerable.Range(0, streams).Chunk(Math.Max(1, 10_000 / entries)))
        {
            await using var connection = await source.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await using var begin = new NpgsqlCommand("select recorded_at from ledger.begin_entry()", connection);
            var at = new DateTimeOffset((DateTime)(await begin.ExecuteScalarAsync())!, TimeSpan.Zero);
            var appends = some.Select(_ =>
            {
                var id = Guid.CreateVersion7().ToString();
                List<AgreementEvent> events =
                [
                    new AgreementProposed(id, $"R-{id}", "Agreement on cooperation in space", ["ONE", "TWO"]) { OccurredOn = Domain.Days.Day.On(2020, 1, 1) },
                    .. Enumerable.Range(1, entries - 1).Select(n => new AgreementDiscussed($"Discussion {n} of the preparation of the joint mission.") { OccurredOn = Domain.Days.Day.On(new DateOnly(2020, 1, 2).AddDays(n % 1000)) }),
                ];
                var state = events.Select((e, n) => new Entry<AgreementEvent>(n + 1, at, e)).Aggregate((Agreement?)null, Agreement.Evolve)!;
                return new StreamAppend(id, 0, [.. events.Select(e => new NewEntry(e))], null, state);
            }).ToList();
            await using var batch = new NpgsqlBatch(connection) { Timeout = 0 };
            foreach (var command in EntryStore.Append(appends, null, new Occurrence(at, "recorder", null, null, null)))
                batch.BatchCommands.Add(command);
            await batch.ExecuteNonQueryAsync();
            await transaction.CommitAsync();
        }
    }

    private static async Task<double> Timed(int entries, Func<Task> work)
    {
        var clock = Stopwatch.StartNew();
        await work();
        return entries / clock.Elapsed.TotalSeconds;
    }

    private static async Task<string> One(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
