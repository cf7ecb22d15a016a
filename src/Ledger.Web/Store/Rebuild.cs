using System.Collections.Immutable;
using System.Data;
using Ledger.Domain.Agreements;
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

    /// <summary>Fills the register of a store that an earlier version has kept, which had none or made it by other rules.</summary>
    internal async Task FillRegister(CancellationToken cancellation)
    {
        await using var reading = await source.OpenConnectionAsync(cancellation);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await Execute(connection, "lock table ledger.projection in share row exclusive mode", cancellation);
        if (await IsFilled())
            return;

        await Execute(connection, "lock table ledger.mt_streams in share row exclusive mode", cancellation);
        await Execute(connection, "delete from ledger.agreement_period; delete from ledger.agreement_field", cancellation);
        var agreements = 0;
        await foreach (var streams in StoredStream.Each<AgreementEvent>(reading, RebuildPass.EntriesAtOnce, cancellation))
        {
            var rows = BinaryRows.ForCopy();
            foreach (var stream in streams)
            {
                foreach (var row in RegisterRows.History(RebuildPass.States(stream.Entries.Select(entry => entry.To<AgreementEvent>()))))
                    RegisterRows.Write(rows, row);
            }

            await rows.CopyInto(connection, $"ledger.agreement_period ({RegisterRows.KnownColumns})");
            agreements += streams.Count;
        }

        await Execute(connection, "insert into ledger.agreement_field select distinct unnest(fields) from ledger.agreement_period", cancellation);
        await Remember(connection, cancellation);
        await transaction.CommitAsync(cancellation);
        if (agreements > 0)
            logger?.LogWarning("The register was made anew from the entries of {Agreements} agreements, because an earlier version had kept it", agreements);

        async Task<bool> IsFilled()
        {
            await using var command = source.CreateCommand("select exists (select 1 from ledger.projection where name = 'agreement_period' and version >= $1)");
            command.Parameters.Add(new() { Value = RegisterRows.Version });
            return (bool)(await command.ExecuteScalarAsync(cancellation))!;
        }
    }

    private static Task Remember(NpgsqlConnection connection, CancellationToken cancellation) => Execute(
        connection,
        $"insert into ledger.projection (name, version) values ('agreement_period', {RegisterRows.Version}) on conflict (name) do update set version = excluded.version, made_at = now()",
        cancellation);

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
