using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Web.Store;

/// <summary>The rows of one stream in a table, in place of others.</summary>
/// <param name="Id">The id of the stream.</param>
/// <param name="Had">Whether there were others.</param>
/// <param name="Now">The rows.</param>
internal sealed record ReplacedRows<TRow>(string Id, bool Had, IReadOnlyList<TRow> Now);

/// <summary>Rows ready to be copied in.</summary>
/// <param name="Target">The table and its columns, in SQL.</param>
/// <param name="Rows">The rows.</param>
internal sealed record CopiedRows(string Target, BinaryRows Rows);

/// <summary>A table of rows that are made of streams: how it is written, made anew and compared.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">The column with the id of the stream.</param>
/// <param name="Columns">Its columns in the order in which they are written, in SQL.</param>
/// <param name="Order">In which order the rows of one stream are made, in SQL.</param>
/// <param name="Write">Writes a row.</param>
internal sealed record RowTable<TRow>(string Name, string Id, string Columns, string Order, Action<BinaryRows, TRow> Write)
{
    /// <summary>The rows, to be copied in.</summary>
    public CopiedRows Copied(IEnumerable<TRow> rows) => new($"ledger.{Name} ({Columns})", Written(BinaryRows.ForCopy(), rows));

    /// <summary>What one stream made and what it makes; null where that is the same.</summary>
    public ReplacedRows<TRow>? Replacing(string id, IReadOnlyList<TRow> before, IReadOnlyList<TRow> now) =>
        Written(BinaryRows.ForCopy(), before).Bytes.SequenceEqual(Written(BinaryRows.ForCopy(), now).Bytes) ? null : new(id, before.Count > 0, now);

    /// <summary>The statement that takes away the rows in whose place others come, where there are any.</summary>
    public IEnumerable<NpgsqlBatchCommand> Deleting(IEnumerable<ReplacedRows<TRow>?> replaced)
    {
        string[] ids = [.. replaced.Where(r => r?.Had == true).Select(r => r!.Id)];
        if (ids.Length > 0)
            yield return new($"delete from ledger.{Name} where {Id} = any ($1)") { Parameters = { new() { Value = ids } } };
    }

    /// <summary>The statement that puts the new rows in, once <see cref="Deleting"/> is done, where there are any.</summary>
    public IEnumerable<NpgsqlBatchCommand> Inserting(IEnumerable<ReplacedRows<TRow>?> replaced)
    {
        TRow[] rows = [.. replaced.OfType<ReplacedRows<TRow>>().SelectMany(r => r.Now)];
        if (rows.Length > 0)
        {
            yield return new($"insert into ledger.{Name} ({Columns}) select {Columns} from jsonb_populate_recordset(null::ledger.{Name}, $1)")
            {
                Parameters = { new() { Value = JsonSerializer.Serialize(rows, RegisterRows.Options), NpgsqlDbType = NpgsqlDbType.Jsonb } },
            };
        }
    }

    /// <summary>Writes rows after those already there.</summary>
    public BinaryRows Written(BinaryRows after, IEnumerable<TRow> rows)
    {
        foreach (var row in rows)
            Write(after, row);
        return after;
    }
}
