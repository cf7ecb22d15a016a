using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Ledger.Web.Store;
using Npgsql;

namespace Ledger.Web.Hosting;

/// <summary>
/// A PostgreSQL server of the Ledger's own, in its data directory: made on the first start, reachable on the loopback address only,
/// stopped with the Ledger however that ends, and started again on the same port should PostgreSQL itself die.
/// </summary>
internal sealed class EmbeddedPostgres : IAsyncDisposable
{
    // Runs PostgreSQL and asks it for a fast shutdown once the Ledger's end of standard input closes, which even kill -9 of the Ledger
    // does. The watcher reads descriptor 3 because background jobs of sh have an empty standard input; it goes when PostgreSQL does,
    // lest it signal a later process of the same id. Signals meant for the Ledger are ignored: it stops PostgreSQL last.
    private const string StopWithTheLedger = """
        trap '' HUP INT QUIT TERM
        exec >"$1" 2>&1
        shift
        exec 3<&0
        "$@" </dev/null 3<&- &
        postgres=$!
        (cat >/dev/null; kill -INT $postgres) <&3 3<&- >/dev/null 2>&1 &
        watcher=$!
        exec 3<&- </dev/null
        wait $postgres
        code=$?
        kill -KILL $watcher
        exit $code
        """;

    private const string SetSid = "/usr/bin/setsid";

    // What makes a commit durable (fsync, full_page_writes, synchronous_commit) stays at its default, which is on.
    private static readonly string[] Settings =
    [
        "listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=200", "shared_buffers=128MB", "jit=off",
        "wal_compression=on", "timezone=UTC", "log_timezone=UTC", "logging_collector=on", "log_filename=postgresql-%a.log",
        "log_rotation_age=1d", "log_truncate_on_rotation=on",
    ];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly DataDirectory _directory;
    private readonly PostgresInstallation _installation;
    private readonly string? _user;
    private readonly ILogger _logger;
    private readonly IDisposable _hold;
    private readonly CancellationTokenSource _stopping = new();
    private NpgsqlConnectionStringBuilder _connection = [];
    private Process? _process;
    private Task _supervision = Task.CompletedTask;

    private EmbeddedPostgres(DataDirectory directory, PostgresInstallation installation, string? user, ILogger logger, IDisposable hold) =>
        (_directory, _installation, _user, _logger, _hold) = (directory, installation, user, logger, hold);

    /// <summary>
    /// How to reach the database <c>ledger</c> in this server as its administrator, with the password. It stays true until the Ledger stops.
    /// </summary>
    public string ConnectionString => _connection.ConnectionString;

    /// <summary>The same as the role that serves.</summary>
    public string WriterConnectionString => As(LedgerRoles.Writer, ConnectionString);

    /// <summary>The same as the role that owns the schema.</summary>
    public string OwnerConnectionString => As(LedgerRoles.Owner, ConnectionString);

    // What PostgreSQL says before it writes its own log.
    private string StartLog => Path.Combine(_directory.PostgresPath, "start.log");

    /// <summary>Starts the server of this data directory, making it first where there is none, and returns once it answers.</summary>
    /// <exception cref="StartupRefusedException">
    /// PostgreSQL is missing, does not fit the store or does not start, or another Ledger holds the directory.
    /// </exception>
    /// <exception cref="OperationCanceledException">The start was given up; nothing is left running.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(DataDirectory directory, ILogger logger, CancellationToken cancellation)
    {
        var hold = directory.Hold();
        EmbeddedPostgres? postgres = null;
        try
        {
            postgres = new(directory, PostgresInstallation.Find(MajorOf(directory.PostgresPath)), await UserAsync(), logger, hold);
            await postgres.InitialiseAsync();
            await postgres.FirstLaunchAsync(cancellation);
            await postgres.PrepareDatabaseAsync(cancellation);
            postgres._supervision = postgres.SuperviseAsync();
            return postgres;
        }
        catch
        {
            if (postgres is not null)
                await postgres.DisposeAsync();
            else
                hold.Dispose();
            throw;
        }
    }

    /// <summary>How to reach a database of this server as another role.</summary>
    /// <param name="role">One of <see cref="LedgerRoles"/>.</param>
    /// <param name="administrator">How to reach it as the administrator.</param>
    public static string As(string role, string administrator)
    {
        var connection = new NpgsqlConnectionStringBuilder(administrator) { Username = role };
        connection.Password = PasswordOf(role, connection.Password!);
        return connection.ConnectionString;
    }

    /// <summary>Stops the server, completing what was committed, and frees the data directory.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _supervision;
        await StopAsync();
        _stopping.Dispose();
        _hold.Dispose();
    }

    private static int? MajorOf(string cluster) =>
        Path.Combine(cluster, "PG_VERSION") is var path && File.Exists(path)
            ? int.Parse(File.ReadAllText(path).Trim(), CultureInfo.InvariantCulture)
            : null;

    // PostgreSQL refuses to run as root, so root lends it another user; an ordinary user runs it as himself.
    private static async Task<string?> UserAsync() =>
        OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess ? null
        : (await RunAsync(null, "id", "-u", "postgres")).ExitCode == 0 ? "postgres" : "nobody";

    private async Task InitialiseAsync()
    {
        var (cluster, password) = (_directory.PostgresPath, _directory.PasswordPath);
        if (_user is not null && (await RunAsync(_user, "test", "-x", _directory.Location)).ExitCode != 0)
        {
            throw new StartupRefusedException(
                $"PostgreSQL runs as user {_user}, who cannot pass through to {_directory.Location}: "
                + "name a directory outside of home directories with Ledger__DataDirectory, or start the Ledger as an ordinary user.");
        }

        if (Directory.Exists(cluster))
        {
            if (!File.Exists(password))
            {
                throw new StartupRefusedException(
                    $"The embedded store in {cluster} cannot be opened because its password is missing: restore {password} from a backup.");
            }

            await LendAsync(cluster);
            return;
        }

        _logger.LogInformation("Making a store with PostgreSQL {Major} in {Cluster}", _installation.Major, cluster);
        _directory.KeepSecret(password, RandomNumberGenerator.GetHexString(48, lowercase: true));
        await LendAsync(password);

        // Made under another name and renamed when it is whole: a start that was cut off leaves nothing that looks like a store.
        var draft = cluster + ".new";
        if (Directory.Exists(draft))
            Directory.Delete(draft, recursive: true);
        Directory.CreateDirectory(draft);
        await LendAsync(draft);
        var (code, output) = await RunAsync(_user, _installation.Program("initdb"), "-D", draft, "-U", "ledger", "--auth=scram-sha-256",
            $"--pwfile={password}", "--locale=C", "-E", "UTF8", "--data-checksums");
        if (code != 0)
            throw new StartupRefusedException($"PostgreSQL could not make a store in {draft} ({Reason(output)}): put that right and start again.");
        Directory.Move(draft, cluster);
        if (!OperatingSystem.IsWindows())
            await RunAsync(null, "sync", _directory.Location);
    }

    private async Task LendAsync(string path)
    {
        if (_user is not null)
            await RunAsync(null, "chown", "-R", _user, path);
    }

    private async Task FirstLaunchAsync(CancellationToken cancellation)
    {
        _connection = new()
        {
            Host = IPAddress.Loopback.ToString(),
            Username = "ledger",
            Password = (await File.ReadAllTextAsync(_directory.PasswordPath, cancellation)).Trim(),
            Database = "ledger",
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
        };
        for (var pause = ShortestPause; ; pause *= 2)
        {
            try
            {
                _connection.Port = FreePort();
                await LaunchAsync(cancellation);
                return;
            }
            catch (StartupRefusedException e) when (pause < LongestPause)
            {
                // The port was taken meanwhile, or the last processes of a server that was killed are still going.
                _logger.LogWarning("{Reason} Trying again.", e.Message);
                await Task.Delay(pause, cancellation);
            }
        }
    }

    private async Task SuperviseAsync()
    {
        try
        {
            while (true)
            {
                await _process!.WaitForExitAsync(_stopping.Token);
                _logger.LogError(
                    "PostgreSQL ended by itself (exit code {Code}); starting it again on port {Port}", _process.ExitCode, _connection.Port);
                await RelaunchAsync();
                _logger.LogInformation("PostgreSQL answers again on port {Port}", _connection.Port);
            }
        }
        catch (OperationCanceledException)
        {
            // The Ledger is stopping, and the server with it.
        }
    }

    // Without its store the Ledger can do nothing, so this never gives up.
    private async Task RelaunchAsync()
    {
        for (var pause = ShortestPause; ; pause = pause < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await LaunchAsync(_stopping.Token);
                return;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                _logger.LogError("{Reason} Trying again.", e.Message);
                await Task.Delay(pause, _stopping.Token);
            }
        }
    }

    // Starts the server and returns once it answers, however long it recovers from a crash, or throws once it has ended.
    private async Task LaunchAsync(CancellationToken cancellation)
    {
        await StopAsync();
        await EndPredecessorAsync(cancellation);
        _process = Spawn();
        while (!await AnswersAsync(cancellation))
        {
            if (_process.HasExited)
            {
                var said = File.Exists(StartLog) ? await File.ReadAllTextAsync(StartLog, cancellation) : "";
                throw new StartupRefusedException(
                    $"PostgreSQL did not start ({Reason(said)}): its log is in {Path.Combine(_directory.PostgresPath, "log")}.");
            }

            await Task.Delay(50, cancellation);
        }
    }

    private Process Spawn()
    {
        string[] server =
        [
            _installation.Program("postgres"), "-D", _directory.PostgresPath, "-p", _connection.Port.ToString(CultureInfo.InvariantCulture),
            .. Settings.SelectMany(x => new[] { "-c", x }),
        ];
        string[] command = OperatingSystem.IsWindows() ? server : ["/bin/sh", "-c", StopWithTheLedger, "sh", StartLog, .. server];

        // In a session of its own PostgreSQL hears neither Ctrl+C in the Ledger's terminal nor a signal to the Ledger's process group.
        if (File.Exists(SetSid))
            command = [SetSid, .. command];
        var start = Invocation(_user, command);
        start.RedirectStandardInput = true;
        return Process.Start(start)!;
    }

    private async Task StopAsync()
    {
        if (_process is not { } process)
            return;
        process.StandardInput.Close();
        if (OperatingSystem.IsWindows() && PostmasterPid() is { } pid)
            await InterruptAsync(pid);
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _logger.LogWarning("PostgreSQL did not stop within {Patience}; it is killed and recovers at the next start", Patience);
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
        _process = null;
    }

    // After a kill of the Ledger its PostgreSQL may still be on its way out, or have lost the shell that would have stopped it.
    private async Task EndPredecessorAsync(CancellationToken cancellation)
    {
        if (PostmasterPid() is not { } pid)
            return;
        _logger.LogInformation("Waiting for PostgreSQL of the last run (process {Pid}) to stop", pid);
        await InterruptAsync(pid);
        for (var waited = Stopwatch.StartNew(); PostmasterPid() == pid; await Task.Delay(20, cancellation))
        {
            if (waited.Elapsed > Patience)
            {
                throw new StartupRefusedException(
                    $"PostgreSQL of the last run (process {pid}) has not stopped within {Patience.TotalSeconds:0} s: "
                    + "start the Ledger again a little later, or stop that process.");
            }
        }
    }

    // The running server of this cluster. The directory is ours alone, so a pid file that names any other process is stale; PostgreSQL
    // itself ignores it only when no process has that id, which is not so after the restart of a container.
    private int? PostmasterPid()
    {
        var pidFile = Path.Combine(_directory.PostgresPath, "postmaster.pid");
        try
        {
            if (!int.TryParse(File.ReadLines(pidFile).FirstOrDefault(), CultureInfo.InvariantCulture, out var pid))
                return null;
            using var process = Process.GetProcessById(pid);
            var isOurs = OperatingSystem.IsLinux()
                ? File.ReadAllText($"/proc/{pid}/cmdline").Contains($"\0-D\0{_directory.PostgresPath}\0", StringComparison.Ordinal)
                : process.ProcessName.StartsWith("postgres", StringComparison.Ordinal);
            if (isOurs)
                return pid;
            File.Delete(pidFile);
        }
        catch (Exception e) when (e is IOException or ArgumentException or InvalidOperationException)
        {
            // There is no such file, or no such process any more.
        }

        return null;
    }

    private Task InterruptAsync(int pid) =>
        RunAsync(_user, _installation.Program("pg_ctl"), "kill", "INT", pid.ToString(CultureInfo.InvariantCulture));

    private async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        try
        {
            await using var connection = await OpenMaintenanceAsync(cancellation);
            return true;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InvalidPassword)
        {
            throw new StartupRefusedException(
                $"The embedded store does not accept the password in {_directory.PasswordPath}: restore that file and the store from the same backup.", e);
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private async Task<NpgsqlConnection> OpenMaintenanceAsync(CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection($"{ConnectionString};Database=postgres;Pooling=false;Timeout=5");
        try
        {
            await connection.OpenAsync(cancellation);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    // The comment says which state of the roles was made here last.
    private async Task PrepareDatabaseAsync(CancellationToken cancellation)
    {
        await using (var maintenance = await OpenMaintenanceAsync(cancellation))
        {
            await using var look = new NpgsqlCommand("select coalesce(shobj_description(oid, 'pg_database'), '') from pg_database where datname = 'ledger'", maintenance);
            var made = (string?)await look.ExecuteScalarAsync(cancellation);
            if (made == LedgerRoles.Fingerprint)
                return;
            if (made is null)
            {
                await using var create = new NpgsqlCommand("create database ledger", maintenance);
                await create.ExecuteNonQueryAsync(cancellation);
            }
        }

        await using var connection = new NpgsqlConnection($"{ConnectionString};Pooling=false");
        await connection.OpenAsync(cancellation);
        await LedgerRoles.Make(connection, cancellation);
        string[] roles = [LedgerRoles.Owner, LedgerRoles.Writer, LedgerRoles.Reader];
        var passwords = string.Concat(roles.Select(role => $"alter role {role} password '{PasswordOf(role, _connection.Password!)}';"));
        await using var finish = new NpgsqlCommand($"{passwords} comment on database ledger is '{LedgerRoles.Fingerprint}'", connection);
        await finish.ExecuteNonQueryAsync(cancellation);
    }

    // Each role has a password of its own, which follows from the one that is kept.
    private static string PasswordOf(string role, string administrator) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(administrator), Encoding.UTF8.GetBytes(role)));

    // Below the range that systems give to outgoing connections, so that none of those sits on the port while the server restarts.
    private static int FreePort()
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            var port = RandomNumberGenerator.GetInt32(20_000, 32_768);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken; the next one may be free.
            }
        }

        throw new StartupRefusedException("No port from 20000 to 32767 is free on 127.0.0.1 for the embedded store: free some and start again.");
    }

    private static string Reason(string output)
    {
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.LastOrDefault(x => x.Contains("FATAL", StringComparison.Ordinal) || x.Contains("error", StringComparison.Ordinal))
            ?? lines.LastOrDefault() ?? "it gave no reason";
    }

    private static ProcessStartInfo Invocation(string? user, params string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            WorkingDirectory = Path.GetPathRoot(AppContext.BaseDirectory),
        };
        start.Environment["LC_ALL"] = "C";
        if (user is not null)
            start.UserName = user;
        return start;
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string? user, params string[] command)
    {
        var start = Invocation(user, command);
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, string.Concat(output));
    }
}
