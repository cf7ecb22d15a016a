using System.Security.Cryptography;
using Ledger.Web.Hosting;

namespace Ledger.Web.Importing;

/// <summary>The files given to this node to be brought in, in its data directory until they are.</summary>
internal sealed class ImportFiles(DataDirectory directory, IConfiguration configuration)
{
    private const long UsualMostBytes = 2L * 1024 * 1024 * 1024;

    /// <summary>The largest file that is taken: <c>Ledger:Import:MostBytes</c>, 2 GiB unless given.</summary>
    public long MostBytes { get; } = configuration.GetValue("Ledger:Import:MostBytes", UsualMostBytes);

    /// <summary>Where the file of a hash lies.</summary>
    public string PathOf(string id) => Path.Combine(directory.ImportsPath, id);

    /// <summary>Whether this node has the file.</summary>
    public bool Has(string id) => File.Exists(PathOf(id));

    /// <summary>Takes a file as it comes in, hashing it on the way.</summary>
    /// <returns>Its SHA-256 and its length; null where it is larger than what is taken.</returns>
    public async Task<(string Id, long Bytes)?> Take(Stream body, CancellationToken cancellation)
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
                        return null;
                    hash.AppendData(buffer.AsSpan(0, read));
                    await file.WriteAsync(buffer.AsMemory(0, read), cancellation);
                }

                // What was accepted is still there after the machine stopped.
                file.Flush(flushToDisk: true);
            }

            var id = Convert.ToHexStringLower(hash.GetHashAndReset());
            File.Move(draft, PathOf(id), overwrite: true);
            return (id, length);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <summary>Lets go of a file that is no longer needed here.</summary>
    public void Drop(string id) => File.Delete(PathOf(id));
}
