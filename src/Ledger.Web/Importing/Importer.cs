using System.Security.Cryptography;
using Npgsql;

namespace Ledger.Web.Importing;

/// <summary>
/// Brings a file in: checks the whole of it before anything is written, then writes it in chunks, each one commit together with how far the file has
/// come. Whatever ends the work, it goes on after the last line recorded when it is begun again.
/// </summary>
internal sealed class Importer(FileDecider decider, ImportTable imports, NpgsqlDataSource source, TimeProvider time)
{
    /// <summary>How many bad lines are told in full.</summary>
    internal const int MostProblems = 100;

    /// <summary>The id under which a file is brought in: the SHA-256 of its content.</summary>
    public static async Task<string> IdOf(string path, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation));
    }

    /// <summary>Checks and writes a file that was received, from where it stands.</summary>
    /// <param name="import">The file, and how far it has come.</param>
    /// <param name="path">Where it lies.</param>
    /// <param name="progress">Told from time to time how far it has come.</param>
    /// <param name="cancellation">Ends the work between two commits; it can be begun again.</param>
    /// <returns>How far it came; null where another process is at it.</returns>
    public async Task<Import?> Run(Import import, string path, Action<Import> progress, CancellationToken cancellation)
    {
        await using var holder = await source.OpenConnectionAsync(cancellation);
        await using var hold = await holder.BeginTransactionAsync(cancellation);
        if (!await IsOurs(holder, import.Id, cancellation))
            return null;

        // Another process may have brought it further since it was looked at.
        var work = new ImportWork(decider, source, imports, time, (await imports.Find(import.Id, cancellation))!, path, progress);
        if (!work.File.IsAtRest)
            await work.Run(cancellation);
        return work.File;
    }

    // Held by an open transaction, so that it ends with the process in whatever way that ends.
    private static async Task<bool> IsOurs(NpgsqlConnection connection, string id, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select pg_try_advisory_xact_lock($1)", connection);
        command.Parameters.Add(new() { Value = BitConverter.ToInt64(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes("import " + id))) });
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
