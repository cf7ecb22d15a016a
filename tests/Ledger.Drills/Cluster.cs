using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Ledger.Web.Hosting;
using Ledger.Web.Store;
using Npgsql;

namespace Ledger.Drills;

/// <summary>A PostgreSQL server of the drills' own, which may be killed, stopped, starved of space and given a wrong clock.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    // Durable as it comes; little shared memory and a quick timetable, so that a round takes no longer than it must.
    private static readonly string[] Settings =
    [
        "listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=120", "shared_buffers=64MB", "jit=off", "timezone=UTC", "log_timezone=UTC",
        "min_wal_size=4MB", "max_wal_size=64MB",
    ];

    private static readonly string? User = Environment.IsPrivilegedProcess ? "postgres" : null;

    private readonly PostgresInstallation _installation = PostgresInstallation.Find(null);
    private readonly string _folder;
    private readonly string _data;
    private readonly string? _clock;
    private Process? _process;

    private Cluster(string folder, string data, string? clock) => (_folder, _data, _clock) = (folder, data, clock);

    public int Port { get; } = FreePort();

    /// <summary>How to reach the drills' database, as the administrator of the server.</summary>
    public string Database => Reach("ledger");

    /// <summary>The process id of the server; it must be running.</summary>
    public int Pid => int.Parse(File.ReadLines(Path.Combine(_data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    /// <summary>Makes a server and starts it.</summary>
    /// <param name="folder">An empty folder for it.</param>
    /// <param name="data">Where its data lie, within the folder unless on a disk of their own.</param>
    /// <param name="log">Where its write-ahead log lies; null: with the data.</param>
    /// <param name="clock">A file that says by how much its clock is wrong; null: the machine's clock.</param>
    public static async Task<Cluster> Make(string folder, string? data = null, string? log = null, string? clock = null)
    {
        var cluster = new Cluster(folder, Path.Combine(data ?? folder, "cluster"), clock);
        await Lend(folder);
        if (data is not null)
            await Lend(data);
        string[] elsewhere = log is null ? [] : [$"--waldir={Path.Combine(log, "wal")}"];
        if (log is not null)
        {
            Directory.CreateDirectory(log);
            await Lend(log);
        }

        // A segment of a megabyte, so that a full disk is met soon.
        await Run(User, cluster._installation.Program("initdb"), ["-D", cluster._data, "-U", "ledger", "--auth=trust", "--locale=C", "-E", "UTF8", "--data-checksums", "--wal-segsize=1", .. elsewhere]);
        await cluster.Start();
        await cluster.Ask("create database ledger", "postgres");
        await using var administrator = new NpgsqlConnection($"{cluster.Database};Pooling=false");
        await administrator.OpenAsync();
        await LedgerRoles.Make(administrator, CancellationToken.None);
        return cluster;
    }

    /// <summary>Starts the server and returns once it answers, however often it must be tried while processes that were killed are going.</summary>
    public async Task Start()
    {
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(20))
        {
            if (_process is null or { HasExited: true })
            {
                _process?.Dispose();
                _process = Spawn();
            }

            try
            {
                await Ask("select 1", "postgres");
                return;
            }
            catch (NpgsqlException) when (waited.Elapsed < TimeSpan.FromMinutes(2))
            {
                // It recovers.
            }
        }
    }

    /// <summary>Kills the server and every process of it at once (SIGKILL).</summary>
    public async Task Kill()
    {
        using var server = Process.GetProcessById(Pid);
        server.Kill(entireProcessTree: true);
        await _process!.WaitForExitAsync();
    }

    /// <summary>Has it shut down as an operator would who cannot wait (fast), and waits for that.</summary>
    public async Task Stop()
    {
        await Run(null, "kill", ["-INT", Pid.ToString(CultureInfo.InvariantCulture)]);
        await _process!.WaitForExitAsync();
    }

    /// <summary>Whether the server has ended by itself.</summary>
    public bool HasEnded => _process is null or { HasExited: true };

    /// <summary>Sends a signal to the server and every process of it.</summary>
    public async Task Signal(string signal)
    {
        var server = Pid;
        foreach (var process in Children(server).Prepend(server))
            await Signals.Send(signal, process);
    }

    /// <summary>Sets its clock wrong by so much, such as <c>+1d</c>.</summary>
    public Task SetClock(string offset) => File.WriteAllTextAsync(_clock!, offset);

    /// <summary>Asks the drills' database.</summary>
    public async Task<string> Ask(string sql, string database = "ledger")
    {
        await using var connection = new NpgsqlConnection($"{Reach(database)};Pooling=false;Timeout=5");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToString(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture) ?? "";
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await Signal("CONT");
            await Stop();
        }

        _process?.Dispose();
    }

    /// <summary>Runs a program to its end; it must end well.</summary>
    internal static async Task Run(string? user, string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = "/" };
        if (user is not null)
            start.UserName = user;
        using var process = Process.Start(start)!;
        var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {string.Concat(output)}");
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Task Lend(string folder) => User is null ? Task.CompletedTask : Run(null, "chown", [User, folder]);

    private static IEnumerable<int> Children(int parent) =>
        Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Where(name => ParentOf(name!) == parent).Select(name => int.Parse(name!, CultureInfo.InvariantCulture));

    private static int? ParentOf(string process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 4)..].Split(' ')[0], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private string Reach(string database) => $"Host=127.0.0.1;Port={Port};Username=ledger;Database={database};SslMode=Disable;GssEncryptionMode=Disable";

    private Process Spawn()
    {
        var start = new ProcessStartInfo(
            "/bin/sh",
            [
                "-c", "exec \"$@\" >>\"$0\" 2>&1", Path.Combine(_folder, "postgres.log"), _installation.Program("postgres"), "-D", _data, "-p", Port.ToString(CultureInfo.InvariantCulture),
                .. Settings.SelectMany(setting => new[] { "-c", setting }),
            ])
        { WorkingDirectory = "/" };
        if (User is not null)
            start.UserName = User;
        start.Environment["LC_ALL"] = "C";
        if (_clock is not null)
        {
            start.Environment["LD_PRELOAD"] = WrongClock.Library;
            start.Environment["FAKETIME_TIMESTAMP_FILE"] = _clock;
            start.Environment["FAKETIME_NO_CACHE"] = "1";
            start.Environment["FAKETIME_DONT_FAKE_MONOTONIC"] = "1";
        }

        return Process.Start(start)!;
    }
}

/// <summary>Signals to processes.</summary>
internal static class Signals
{
    public static async Task Send(string signal, int process)
    {
        // Gone already: then there is nobody to hear it.
        using var kill = Process.Start(new ProcessStartInfo("/bin/kill", [$"-{signal}", process.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardError = true, UseShellExecute = false })!;
        await kill.WaitForExitAsync();
    }
}

/// <summary>The library that gives a process a clock of its own.</summary>
internal static class WrongClock
{
    public static string Library => Directory.Exists("/usr/lib")
        ? Directory.EnumerateFiles("/usr/lib", "libfaketimeMT.so.1", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 3 }).FirstOrDefault() ?? ""
        : "";
}
