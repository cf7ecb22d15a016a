using System.Globalization;
using System.Text;

namespace Ledger.Web.Hosting;

/// <summary>
/// The one directory in which the Ledger keeps files of its own: the embedded store with its password, and the key that signs
/// development tokens. It is made when something is first kept in it, so a node that needs neither leaves no directory behind.
/// </summary>
internal sealed class DataDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // PostgreSQL refuses to run as root; the user it runs as has to pass through to its cluster, and can list nothing here.
    private const UnixFileMode OwnerAndPassage = OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private DataDirectory(string location) => Location = location;

    /// <summary>The absolute path of the directory.</summary>
    public string Location { get; }

    /// <summary>Where the embedded store's cluster lives.</summary>
    public string PostgresPath => Path.Combine(Location, "postgres");

    /// <summary>Where files lie that are being brought in.</summary>
    public string ImportsPath => Path.Combine(Location, "imports");

    /// <summary>The file with the password of the embedded store, readable by its owner only.</summary>
    public string PasswordPath => Path.Combine(Location, "password");

    /// <summary>The file with the private key that signs development tokens, readable by its owner only.</summary>
    public string SigningKeyPath => Path.Combine(Location, "development-signing-key.pem");

    /// <summary>
    /// The directory named by <c>Ledger:DataDirectory</c>, or the usual place for such data on this system:
    /// <c>/var/lib/ledger</c> for root on Linux, otherwise a folder in the user's own application data.
    /// </summary>
    /// <exception cref="StartupRefusedException">Nothing is configured and the user has no home directory.</exception>
    public static DataDirectory From(IConfiguration configuration)
    {
        if (configuration["Ledger:DataDirectory"] is { Length: > 0 } configured)
            return new(Path.GetFullPath(configured));
        if (OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess)
            return new("/var/lib/ledger");

        // ~/.local/share or $XDG_DATA_HOME, ~/Library/Application Support, or %LOCALAPPDATA%.
        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return Path.IsPathRooted(data)
            ? new(Path.Combine(data, OperatingSystem.IsLinux() ? "ledger" : "Ledger"))
            : throw new StartupRefusedException(
                $"User {Environment.UserName} has no home directory to keep the Ledger's data in: name a directory with Ledger__DataDirectory.");
    }

    /// <summary>Makes the directory, for its owner only, unless it is there already.</summary>
    /// <exception cref="StartupRefusedException">The directory cannot be made.</exception>
    public void Create()
    {
        if (Directory.Exists(Location))
            return;
        try
        {
            Directory.CreateDirectory(Location);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(Location, Environment.IsPrivilegedProcess ? OwnerAndPassage : OwnerOnly);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(e);
        }
    }

    /// <summary>
    /// Takes the directory for this process alone until the result is disposed of or the process ends, in whatever way it ends.
    /// </summary>
    /// <exception cref="StartupRefusedException">Another process holds it, or the directory cannot be written.</exception>
    public IDisposable Hold()
    {
        Create();
        var holderPath = Path.Combine(Location, "ledger.pid");
        FileStream held;
        try
        {
            held = new FileStream(Path.Combine(Location, "ledger.lock"), OwnersFile(FileMode.OpenOrCreate));
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException))
        {
            throw new StartupRefusedException(
                $"The data directory {Location} is in use by another Ledger (process {Holder(holderPath)}): stop that one, "
                + "or give this one a directory of its own with Ledger__DataDirectory.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(e);
        }

        try
        {
            // Beside the lock and not in it, because nobody else can read a locked file.
            File.WriteAllText(holderPath, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return held;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            held.Dispose();
            throw Unusable(e);
        }
    }

    /// <summary>
    /// Keeps a secret in a file that only its owner may read, whole or not at all even when the machine stops half-way. A file that
    /// is there already stays as it is, so two processes that start together end up with the same secret.
    /// </summary>
    /// <exception cref="StartupRefusedException">The file cannot be written.</exception>
    public void KeepSecret(string path, string secret)
    {
        Create();
        var draft = $"{path}.{Environment.ProcessId}";
        try
        {
            File.Delete(draft);
            using (var file = new FileStream(draft, OwnersFile(FileMode.CreateNew)))
            {
                file.Write(Encoding.UTF8.GetBytes(secret));
                file.Flush(flushToDisk: true);
            }

            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // It was kept already, or another process was faster: that secret stands.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(e);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    // A file that others can neither read nor lock.
    private static FileStreamOptions OwnersFile(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    private static string Holder(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (IOException)
        {
            // The holder has taken the lock and not yet said who it is.
            return "unknown";
        }
    }

    private StartupRefusedException Unusable(Exception cause) => new(
        $"The data directory {Location} cannot be used by user {Environment.UserName} ({cause.Message.TrimEnd('.')}): "
        + "make it writable for that user, or name another with Ledger__DataDirectory.", cause);
}
