using Npgsql;

namespace Ledger.Web.Recording;

/// <summary>
/// It is not known whether a commit took place, or whether it would outlast the machine that it took place on. To whoever asked the store is away.
/// </summary>
internal sealed class OutcomeUnknownException(string message) : NpgsqlException(message);

/// <summary>What the store has given to what was written.</summary>
/// <param name="Sequences">The sequences of the entries, in their order.</param>
/// <param name="Reference">The reference, where one was yet to be given.</param>
internal sealed record Given(IReadOnlyList<long> Sequences, string? Reference);

/// <summary>
/// A transaction that writes, and the connection it runs on. Its commit is never cancelled, neither by whoever asked nor by a timeout of the
/// driver: PostgreSQL completes a commit that is cancelled while it waits for a standby, calls it done and merely warns.
/// </summary>
internal sealed class WriteTransaction : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private PostgresNotice? _warning;
    private Task<Given>? _commit;

    private WriteTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction) => (_connection, _transaction) = (connection, transaction);

    /// <summary>The connection, for everything before the commit.</summary>
    public NpgsqlConnection Connection => _connection;

    /// <summary>Begins a transaction.</summary>
    public static async Task<WriteTransaction> Begin(NpgsqlDataSource source)
    {
        var connection = await source.OpenConnectionAsync(CancellationToken.None);
        try
        {
            return new WriteTransaction(connection, await connection.BeginTransactionAsync(CancellationToken.None));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a batch and the commit behind it, and returns once the commit is known to be durable.</summary>
    /// <param name="batch">What to write last; a commit is added to it.</param>
    /// <param name="patience">How long to wait. After that the commit goes on by itself, and only its outcome is unknown.</param>
    /// <returns>The numbers that its statements answered with, in their order, and the text where one did.</returns>
    /// <exception cref="OutcomeUnknownException">PostgreSQL has not answered in time, or answered with a warning.</exception>
    public async Task<Given> Commit(NpgsqlBatch batch, TimeSpan patience)
    {
        _commit = Send(batch);
        try
        {
            return await _commit.WaitAsync(patience, CancellationToken.None);
        }
        catch (TimeoutException) when (!_commit.IsCompleted)
        {
            throw new OutcomeUnknownException($"The store has not answered to a commit within {patience.TotalSeconds:0} s.");
        }
    }

    /// <summary>Waits for everything that this transaction has read to be durable.</summary>
    /// <remarks>What was committed and is seen may still wait for its standby. A commit of our own comes after it, wherever it goes.</remarks>
    /// <exception cref="OutcomeUnknownException">PostgreSQL has not answered in time, or answered with a warning.</exception>
    public async Task Confirm(TimeSpan patience)
    {
        // A message that nobody reads: a transaction that has written nothing does not wait for a standby.
        await using var batch = new NpgsqlBatch(_connection) { BatchCommands = { new("select 0::bigint from pg_logical_emit_message(true, 'ledger', '')") } };
        await Commit(batch, patience);
    }

    /// <summary>Rolls back what was not committed, and gives the connection back once nothing runs on it any more.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_commit is { IsCompleted: false })
            _ = ReleaseLater(_commit);
        else
            await Release();
    }

    private async Task<Given> Send(NpgsqlBatch batch)
    {
        _connection.Notice += (_, e) => _warning = e.Notice.InvariantSeverity == "WARNING" ? e.Notice : _warning;
        batch.Timeout = 0;
        batch.BatchCommands.Add(new("commit"));
        var (sequences, reference) = (new List<long>(), (string?)null);
        await using (var reader = await batch.ExecuteReaderAsync(CancellationToken.None))
        {
            // To the last answer, which is the commit's: merely disposing of the reader would pass over a connection that broke meanwhile.
            do
            {
                while (await reader.ReadAsync(CancellationToken.None))
                {
                    if (reader.GetFieldType(0) == typeof(string))
                        reference = reader.GetString(0);
                    else
                        sequences.Add(reader.GetInt64(0));
                }
            }
            while (await reader.NextResultAsync(CancellationToken.None));
        }

        return _warning is null ? new(sequences, reference) : throw new OutcomeUnknownException($"The store has committed with a warning: {_warning.MessageText} {_warning.Detail}");
    }

    private async Task ReleaseLater(Task commit)
    {
        await commit.ContinueWith(_ => { }, TaskScheduler.Default);
        await Release();
    }

    private async Task Release()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
