using System.ComponentModel;
using System.Globalization;

namespace Ledger.Drills;

/// <summary>A small disk in memory that can be filled.</summary>
internal sealed class Disk : IAsyncDisposable
{
    private Disk(string path) => Path = path;

    public string Path { get; }

    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    /// <summary>Mounts one; null where that is not allowed.</summary>
    public static async Task<Disk?> Mount(string path, int megabytes)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            return null;
        Directory.CreateDirectory(path);
        try
        {
            await Cluster.Run(null, "mount", ["-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={megabytes}m,mode=0755"), "tmpfs", path]);
            return new Disk(path);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Takes what space there is.</summary>
    public async Task Fill()
    {
        try
        {
            await using var file = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.None, 0);
            for (var piece = new byte[4 * 1024]; ;)
                await file.WriteAsync(piece);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    /// <summary>Gives it back.</summary>
    public void Free() => File.Delete(Ballast);

    public async ValueTask DisposeAsync() => await Cluster.Run(null, "umount", ["-l", Path]);
}
