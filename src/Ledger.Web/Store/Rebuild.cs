using System.Collections.Immutable;
using System.Data;
using Ledger.Domain;
using Ledger.Domain.Agreements;
using Ledger.Domain.Meetings;
using Ledger.Web.Entries;
using Npgsql;

namespace Ledger.Web.Store;

/// <summary>What making one projection anew found.</summary>
/// <param name="Projection">The projection.</param>
/// <param name="Rows">How many documents or rows the entries make.</param>
/// <param name="Differing">The ids whose documents or rows differed from what the entries make, were missing, or should not have been there.</param>
public sealed record RebuiltProjection(string Projection, long Rows, ImmutableArray<string> Differing);

/// <summary>How far a rebuild has come.</summary>
/// <param name="Done">How many entries have been folded.</param>
/// <param name="Of">How many there are.</param>
public sealed record RebuildProgress(long Done, long Of);

/// <summary>
/// Makes every projection anew from the entries by the domain's folds and compares it byte for byte with what is stored. Entries are read in
/// their order, some streams at a time, so that a record of any length fits.
/// </summary>
public sealed class Rebuild(NpgsqlDataSource source, ILogger<Rebuild>? logger = null)
{
    /// <summary>Makes every projection anew in one transaction and puts right what differs. Writers wait meanwhile; readers do not.</summary>
    public Task<ImmutableArray<RebuiltProjection>> Run(CancellationToken cancellation) => Run(null, cancellation);

    /// <inheritdoc cref="Run(CancellationToken)"/>
    public async Task<ImmutableArray<RebuiltProjection>> Run(Action<RebuildProgress>? progress, CancellationToken cancellation)
    {
        await using var reading = await source.OpenConnectionAsync(cancellation);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);

        // In the order in which writers take them, so that nobody waits for each other.
        await Execute(connection, "lock table ledger.mt_doc_agreement, ledger.mt_doc_meeting, ledger.mt_doc_agency in exclusive mode", cancellation);
        await Execute(connection, "lock table ledger.mt_streams, ledger.agreement_search in share row exclusive mode", cancellation);
        var found = await new RebuildPass(reading, connection, putsRight: true, progress, cancellation).Run();
        if (found.Any(projection => projection.Differing.Length > 0))
            await Execute(connection, "update ledger.names set stamp = stamp + 1", cancellation);
        await Remember(connection, cancellation);
        await transaction.CommitAsync(cancellation);
        return found;
    }

    /// <summary>Makes every projection anew and says what differs. Changes nothing, and nobody waits.</summary>
    public async Task<ImmutableArray<RebuiltProjection>> Check(Action<RebuildProgress>? progress, CancellationToken cancellation)
    {
        // Entries and projections as they stood at one instant, whatever is recorded while this goes on.
        await using var reading = await source.OpenConnectionAsync(cancellation);
        await using var instant = await reading.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        await using var export = new NpgsqlCommand("select pg_export_snapshot()", reading);
        var snapshot = (string)(await export.ExecuteScalarAsync(cancellation))!;
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        await Execute(connection, $"set transaction snapshot '{snapshot}'", cancellation);
        return await new RebuildPass(reading, connection, putsRight: false, progress, cancellation).Run();
    }

    /// <summary>Fills the register and the lists of a store that an earlier version has kept, as far as it had none or made them by other rules.</summary>
    internal async Task Fill(CancellationToken cancellation)
    {
        await using var reading = await source.OpenConnectionAsync(cancellation);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await Execute(connection, "lock table ledger.projection in share row exclusive mode", cancellation);
        var unfilled = await Unfilled();
        if (unfilled.Count == 0)
            return;

        await Execute(connection, "lock table ledger.mt_streams in share row exclusive mode", cancellation);
        foreach (var table in unfilled)
            await Execute(connection, $"delete from ledger.{table}", cancellation);
        if (unfilled.Contains(RegisterRows.Table.Name))
        {
            await Execute(connection, "delete from ledger.agreement_field", cancellation);
            await From<AgreementEvent, KnownRow>(RegisterRows.Table, stream => RegisterRows.History(RebuildPass.States(stream.Entries.Select(entry => entry.To<AgreementEvent>()))));
            await Execute(connection, "insert into ledger.agreement_field select distinct unnest(fields) from ledger.agreement_period", cancellation);
        }

        if (unfilled.Contains(DeadlineRows.Table.Name))
            await From<AgreementEvent, DeadlineRow>(DeadlineRows.Table, stream => DeadlineRows.Of(stream.Fold<Agreement, AgreementEvent>(Agreement.Evolve)));
        if (unfilled.Contains(MeetingRows.Table.Name))
            await From<MeetingEvent, MeetingRow>(MeetingRows.Table, stream => MeetingRows.Of(stream.Fold<Meeting, MeetingEvent>(Meeting.Evolve)));
        await Remember(connection, cancellation);
        await transaction.CommitAsync(cancellation);

        async Task<HashSet<string>> Unfilled()
        {
            await using var command = new NpgsqlCommand($"select name from {RowVersions.Parameters(1, 2)} made where not {RowVersions.IsKept}", connection);
            RowVersions.Add(command);
            var names = new HashSet<string>(StringComparer.Ordinal);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
                names.Add(reader.GetString(0));
            return names;
        }

        async Task From<TEvent, TRow>(RowTable<TRow> table, Func<StoredStream, IEnumerable<TRow>> make)
            where TEvent : LedgerEvent
        {
            var streams = 0;
            await foreach (var some in StoredStream.Each<TEvent>(reading, RebuildPass.EntriesAtOnce, cancellation))
            {
                var made = table.Copied(some.SelectMany(make));
                await made.Rows.CopyInto(connection, made.Target);
                streams += some.Count;
            }

            if (streams > 0)
                logger?.LogWarning("Table {Table} was made anew from the entries of {Streams} streams, because an earlier version had kept it", table.Name, streams);
        }
    }

    private static async Task Remember(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"insert into ledger.projection (name, version) select name, version from {RowVersions.Parameters(1, 2)} made on conflict (name) do update set version = excluded.version, made_at = now()", connection);
        RowVersions.Add(command);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }
}

/// <summary>By which rules this build makes the rows of the register and the lists.</summary>
internal static class RowVersions
{
    private static readonly (string Name, int Version)[] All =
        [(RegisterRows.Table.Name, RegisterRows.Version), (DeadlineRows.Table.Name, DeadlineRows.Version), (MeetingRows.Table.Name, MeetingRows.Version)];

    /// <summary>The condition in SQL that the rows of <c>made</c> were made by rules as late as those.</summary>
    public const string IsKept = "exists (select from ledger.projection kept where kept.name = made.name and kept.version >= made.version)";

    /// <summary>Names and versions as a table in SQL, from two parameters.</summary>
    public static string Parameters(int names, int versions) => $"(select * from unnest(${names}::text[], ${versions}::integer[]) as n (name, version))";

    /// <summary>Adds the two parameters.</summary>
    public static void Add(NpgsqlCommand command)
    {
        command.Parameters.Add(new() { Value = All.Select(made => made.Name).ToArray() });
        command.Parameters.Add(new() { Value = All.Select(made => made.Version).ToArray() });
    }
}
