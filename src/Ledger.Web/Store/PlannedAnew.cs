using Npgsql;

namespace Ledger.Web.Store;

/// <summary>
/// Reads with a plan for the very values asked for. Which plan is good depends on them: how many agreements a party has, say. A plan made once for
/// all of them would be wrong for most.
/// </summary>
internal static class PlannedAnew
{
    /// <summary>Gives every row that a statement answers.</summary>
    /// <param name="source">How to connect.</param>
    /// <param name="sql">The statement.</param>
    /// <param name="parameters">Its parameters, in their order.</param>
    /// <param name="row">Takes a row.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <param name="setting">What else is set for this statement, in SQL.</param>
    public static async Task Read(
        NpgsqlDataSource source, string sql, IEnumerable<NpgsqlParameter> parameters, Action<NpgsqlDataReader> row, CancellationToken cancellation, string? setting = null)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new("set local plan_cache_mode = force_custom_plan"));
        if (setting is not null)
            batch.BatchCommands.Add(new(setting));
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        batch.BatchCommands.Add(command);
        await using (var reader = await batch.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
                row(reader);
        }

        await transaction.CommitAsync(cancellation);
    }
}
