using System.Security.Cryptography;
using Ledger.Web.Hosting;

namespace Ledger.Web.Importing;

/// <summary>The files given to this node to be brought in, in its data directory until they are.</summary>
internal sealed class ImportFiles(DataDirectory directory, IConfiguration configuration) : IDisposable
{
    private const long UsualMostBytes = 2L * 1024 * 1024 * 1024;

    // Between a file's place and its row in the table of imports nobody else comes.
    private readonly SemaphoreSlim _changing = new(1);

    /// <summary>The largest file that is taken: <c>Ledger:Import:MostBytes</c>, 2 GiB unless given.</summary>
    public long MostBytes { get; } = configuration.GetValue("Ledger:Import:MostBytes", UsualMostBytes);

    /// <summary>Where the file of a hash lies.</summary>
    public string PathOf(string id) => Path.Combine(directory.ImportsPath, id);

    /// <summary>Whether this node has the file.</summary>
    public bool Has(string id) => File.Exists(PathOf(id));

    /// <summary>Takes a file as it comes in, hashing it on the way. It goes again unless it is kept.</summary>
    /// <returns>The file; null where it is larger than what is taken.</returns>
    public async Task<Upload?> Take(Stream body, CancellationToken cancellation)
    {
        directory.Create();
        Directory.CreateDirectory(directory.ImportsPath);
        var draft = Path.Combine(directory.ImportsPath, $"{Guid.CreateVersion7()}.part");
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var length = 0L;
            await using (var file = new FileStream(draft, FileMode.CreateNew))
            {
                var buffer = new byte[128 * 1024];
                for (int read; (read = await body.ReadAsync(buffer, cancellation)) > 0;)
                {
                    length += read;
                    if (length > MostBytes)
                    {
                        File.Delete(draft);
                        return null;
                    }

                    hash.AppendData(buffer.AsSpan(0, read));
                    await file.WriteAsync(buffer.AsMemory(0, read), cancellation);
                }

                // What was accepted is still there after the machine stopped.
                file.Flush(flushToDisk: true);
            }

            return new Upload(Convert.ToHexStringLower(hash.GetHashAndReset()), length, draft);
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
    }

    /// <summary>Keeps a file under its hash and says so in the table of imports; nobody lets go of it in between.</summary>
    public async Task<T> Keep<T>(Upload upload, Func<Task<T>> receive)
    {
        await _changing.WaitAsync();
        try
        {
            var received = await receive();
            if (File.Exists(upload.Draft))
                File.Move(upload.Draft, PathOf(upload.Id), overwrite: true);
            return received;
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Lets go of a file that is no longer needed here, unless it was given again meanwhile.</summary>
    public async Task Drop(string id, Func<Task<bool>> isNeeded)
    {
        await _changing.WaitAsync();
        try
        {
            if (!await isNeeded())
                File.Delete(PathOf(id));
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _changing.Dispose();
}

/// <summary>A file that was taken in and is not kept yet.</summary>
/// <param name="id">Its SHA-256.</param>
/// <param name="bytes">Its length.</param>
/// <param name="draft">Where it lies.</param>
internal sealed class Upload(string id, long bytes, string draft) : IDisposable
{
    public string Id => id;

    public long Bytes => bytes;

    public string Draft => draft;

    /// <summary>Removes it where it was not kept.</summary>
    public void Dispose() => File.Delete(draft);
}
