using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Ledger.Web.Hosting;

/// <summary>PostgreSQL's own programs, as installed on this machine.</summary>
/// <param name="Major">The major version, e.g. 15.</param>
/// <param name="Bin">The directory that holds <c>initdb</c>, <c>postgres</c> and <c>pg_ctl</c>.</param>
internal sealed partial record PostgresInstallation(int Major, string Bin)
{
    /// <summary>The oldest major version that the Ledger works with.</summary>
    public const int OldestMajor = 15;

    private static readonly string Suffix = OperatingSystem.IsWindows() ? ".exe" : "";

    /// <summary>What whoever runs the Ledger types to get PostgreSQL.</summary>
    private static string HowToInstall =>
        OperatingSystem.IsWindows() ? "install it with the installer from https://www.postgresql.org/download/windows/"
        : OperatingSystem.IsMacOS() ? "run: brew install postgresql"
        : "on Debian or Ubuntu run: apt-get install postgresql";

    /// <summary>The path of one of the programs.</summary>
    public string Program(string name) => Path.Combine(Bin, name + Suffix);

    /// <summary>
    /// The installation to run a cluster with: the one of the cluster's own major version, or the newest for a cluster yet to be made.
    /// </summary>
    /// <param name="clusterMajor">The major version that made the cluster, or null when there is none yet.</param>
    /// <exception cref="StartupRefusedException">No installation fits.</exception>
    public static PostgresInstallation Find(int? clusterMajor)
    {
        var found = Folders().Where(HoldsPostgres).Select(At).OfType<PostgresInstallation>().ToList();
        var fitting = found.Where(x => clusterMajor is null ? x.Major >= OldestMajor : x.Major == clusterMajor).MaxBy(x => x.Major);
        if (fitting is not null)
            return fitting;

        var versions = string.Join(", ", found.Select(x => x.Major).Distinct().Order());
        throw new StartupRefusedException((found.Count, clusterMajor) switch
        {
            (0, _) => $"PostgreSQL is not installed on this machine: {HowToInstall}, or name a server of your own with ConnectionStrings__Ledger.",
            (_, null) => $"PostgreSQL {OldestMajor} or newer is needed and only {versions} is installed: install a newer one, "
                + "or name a server of your own with ConnectionStrings__Ledger.",
            _ => $"The embedded store was made by PostgreSQL {clusterMajor} and only {versions} is installed: install PostgreSQL {clusterMajor} "
                + "again, or move the store to the new version with pg_upgrade.",
        });
    }

    // Debian's PATH holds only wrappers, so its own folders come first.
    private static IEnumerable<string> Folders() =>
    [
        .. Below("/usr/lib/postgresql", "*"),
        .. Below("/opt/homebrew/opt", "postgresql*"),
        .. Below("/usr/local/opt", "postgresql*"),
        .. Below(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "PostgreSQL"), "*"),
        .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
    ];

    private static IEnumerable<string> Below(string parent, string pattern) =>
        Directory.Exists(parent) ? Directory.EnumerateDirectories(parent, pattern).Select(x => Path.Combine(x, "bin")) : [];

    private static bool HoldsPostgres(string bin) =>
        new[] { "initdb", "postgres", "pg_ctl" }.All(name => File.Exists(Path.Combine(bin, name + Suffix)));

    private static PostgresInstallation? At(string bin)
    {
        try
        {
            var start = new ProcessStartInfo(Path.Combine(bin, "postgres" + Suffix), "--version")
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            };
            using var process = Process.Start(start)!;
            var version = MajorVersion().Match(process.StandardOutput.ReadToEnd());
            process.WaitForExit();
            return version.Success ? new(int.Parse(version.Groups["major"].ValueSpan, CultureInfo.InvariantCulture), bin) : null;
        }
        catch (Win32Exception)
        {
            // What an uninstalled PostgreSQL left behind, such as a link to nowhere.
            return null;
        }
    }

    // "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"
    [GeneratedRegex(@"\(PostgreSQL\) (?<major>[0-9]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MajorVersion();
}
