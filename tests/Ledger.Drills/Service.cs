using System.Diagnostics;
using System.Globalization;
using System.Net;
using Ledger.Web.Access;
using Ledger.Web.Hosting;
using Ledger.Web.Store;
using Npgsql;

namespace Ledger.Drills;

/// <summary>The real service in a process of its own, always at the same address.</summary>
internal sealed class Service : IAsyncDisposable
{
    private readonly string _program;
    private readonly string _folder;
    private readonly DataDirectory _data;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private Process? _process;

    /// <summary>A service that is not started yet.</summary>
    /// <param name="program">The folder of the built program.</param>
    /// <param name="folder">Where it may keep things.</param>
    /// <param name="database">How its store is reached.</param>
    public Service(string program, string folder, string database)
    {
        (_program, _folder, Database) = (program, folder, database);
        _data = DataDirectory.From(new ConfigurationBuilder().AddInMemoryCollection([new("Ledger:DataDirectory", Path.Combine(folder, "service"))]).Build());
    }

    public Uri Address { get; } = new($"http://127.0.0.1:{Cluster.FreePort()}");

    public string Database { get; }

    public int Pid => _process!.Id;

    /// <summary>Whether it has ended, or was never started.</summary>
    public bool HasEnded => _process is null or { HasExited: true };

    /// <summary>What it has written to its log.</summary>
    public string Log => Path.Combine(_folder, "service.log");

    /// <summary>A token of somebody.</summary>
    public string Token(string name, string? agency, string role) =>
        DevelopmentIssuer.Of(_data).Sign(new Caller(DevelopmentIssuer.SubjectOf(name, agency), name, agency, [role]), TimeProvider.System.GetUtcNow());

    /// <summary>Starts it, without waiting for anything.</summary>
    public void Begin() => _process = Process.Start(Invocation([]))!;

    /// <summary>Starts it and waits until it is ready.</summary>
    public async Task Start()
    {
        Begin();
        await Ready(TimeSpan.FromMinutes(3));
    }

    /// <summary>Waits until it is ready, and says how long that took.</summary>
    public async Task<TimeSpan> Ready(TimeSpan patience)
    {
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(100))
        {
            if (HasEnded)
                throw new InvalidOperationException($"The service has ended. Its log is {Log}.");
            if (await Health() == HttpStatusCode.OK)
                return waited.Elapsed;
            if (waited.Elapsed > patience)
                throw new DrillFailedException($"The service was not ready within {patience.TotalSeconds:0} s: {await HealthText()}");
        }
    }

    /// <summary>What it says of its health; null: nothing.</summary>
    public async Task<HttpStatusCode?> Health()
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri(Address, "/health/ready"));
            return answer.StatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    /// <summary>What it says of its health, in its words.</summary>
    public async Task<string> HealthText()
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri(Address, "/health/ready"));
            return await answer.Content.ReadAsStringAsync();
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return e.Message;
        }
    }

    /// <summary>Kills it (SIGKILL).</summary>
    public async Task Kill()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Has it shut down (SIGTERM), and waits for that.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> Stop()
    {
        await Signals.Send("TERM", _process!.Id);
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <summary>Runs one of its commands to the end.</summary>
    /// <returns>Its exit code and what it wrote.</returns>
    public async Task<(int Code, string Output)> Command(string command)
    {
        var output = Path.Combine(_folder, "command.log");
        File.Delete(output);
        using var process = Process.Start(Invocation([command], output))!;
        await process.WaitForExitAsync();
        return (process.ExitCode, await File.ReadAllTextAsync(output));
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await Signals.Send("CONT", _process.Id);
            await Kill();
        }

        _process?.Dispose();
        _http.Dispose();
    }

    private ProcessStartInfo Invocation(string[] arguments, string? output = null) => new(
        "/bin/sh", ["-c", "exec \"$@\" >>\"$0\" 2>&1", output ?? Log, "dotnet", Path.Combine(_program, "Ledger.Web.dll"), .. arguments])
    {
        WorkingDirectory = "/",
        Environment =
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_URLS"] = Address.ToString(),
            ["ConnectionStrings__Ledger"] = As(LedgerRoles.Writer),
            ["ConnectionStrings__LedgerOwner"] = As(LedgerRoles.Owner),
            ["Ledger__DataDirectory"] = _data.Location,
            ["Ledger__WriteWaitSeconds"] = string.Create(CultureInfo.InvariantCulture, $"{WriteWait.TotalSeconds}"),
            ["Logging__LogLevel__Default"] = "Warning",
            ["Logging__LogLevel__Ledger"] = "Warning",
        },
    };

    // With the rights that it has in production, and no more.
    private string As(string role) => new NpgsqlConnectionStringBuilder($"{Database};Timeout=5;Command Timeout=5") { Username = role }.ConnectionString;

    /// <summary>How long it waits for each of the two steps of a write.</summary>
    public static TimeSpan WriteWait { get; } = TimeSpan.FromSeconds(10);
}

/// <summary>A promise was not kept.</summary>
internal sealed class DrillFailedException(string message) : Exception(message);
