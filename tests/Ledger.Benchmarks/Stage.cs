using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Ledger.Web.Access;
using Ledger.Web.Hosting;
using Ledger.Web.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Ledger.Benchmarks;

/// <summary>What every measurement stands on: a PostgreSQL of its own with the settings of the embedded store, and the published service.</summary>
internal sealed class Stage : IAsyncDisposable
{
    // What the service sets unless its configuration says otherwise, for whoever is measured beside it too.
    private const string Settings = "Timezone=UTC;Max Auto Prepare=30;Auto Prepare Min Usages=2;No Reset On Close=true;Write Buffer Size=32768;Read Buffer Size=32768;Maximum Pool Size=80";

    private readonly string _folder;
    private readonly EmbeddedPostgres _postgres;
    private readonly DataDirectory _data;

    private Stage(string folder, DataDirectory data, EmbeddedPostgres postgres, string program) =>
        (_folder, _data, _postgres, Program) = (folder, data, postgres, program);

    /// <summary>The published service.</summary>
    public string Program { get; }

    /// <summary>Signs tokens that the service and whoever is measured beside it accept.</summary>
    public DevelopmentIssuer Issuer => DevelopmentIssuer.Of(_data);

    public static async Task<Stage> Set(string? program)
    {
        var folder = Directory.CreateTempSubdirectory("ledger-benchmarks-").FullName;
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.OtherExecute | UnixFileMode.GroupExecute);
        if (program is null)
        {
            await Console.Error.WriteLineAsync("Publishing the service …");
            program = Path.Combine(folder, "program");
            await Run("dotnet", "publish", Path.Combine(Root, "src", "Ledger.Web"), "--configuration", "Release", "--nologo", "--verbosity", "quiet", "-p:PreGenerate=true", "--output", program);
        }

        var data = DataDirectory.From(new ConfigurationBuilder().AddInMemoryCollection([new("Ledger:DataDirectory", Path.Combine(folder, "data"))]).Build());
        return new Stage(folder, data, await EmbeddedPostgres.StartAsync(data, NullLogger.Instance, CancellationToken.None), program);
    }

    /// <summary>The root of the repository.</summary>
    public static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Ledger.sln")))
                folder = folder.Parent;
            return folder?.FullName ?? throw new InvalidOperationException("Run the benchmarks from a clone of the repository.");
        }
    }

    /// <summary>An empty database of this name, with the roles of the Ledger in it.</summary>
    /// <returns>How to reach it as the administrator of the server.</returns>
    public async Task<string> Database(string name)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_postgres.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"create database {name}", connection);
        await command.ExecuteNonQueryAsync();
        var database = new NpgsqlConnectionStringBuilder($"{_postgres.ConnectionString};{Settings}") { Database = name }.ConnectionString;
        await using var administrator = new NpgsqlConnection($"{database};Pooling=false");
        await administrator.OpenAsync();
        await LedgerRoles.Make(administrator, CancellationToken.None);
        return database;
    }

    /// <summary>The processor time used up to now, by the service named and by PostgreSQL.</summary>
    public ProcessorTime Used(Running? service) => ProcessorTime.Now(
        service?.ProcessId, int.Parse(File.ReadLines(Path.Combine(_data.PostgresPath, "postmaster.pid")).First(), System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Starts the published service on a database.</summary>
    public Task<Running> Service(string database, params string[] arguments) => Running.Start(
        "dotnet",
        [Path.Combine(Program, "Ledger.Web.dll"), .. arguments],
        "/health/ready",
        new()
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ConnectionStrings__Ledger"] = EmbeddedPostgres.As(LedgerRoles.Writer, database),
            ["ConnectionStrings__LedgerOwner"] = EmbeddedPostgres.As(LedgerRoles.Owner, database),
            ["Ledger__DataDirectory"] = _data.Location,
            ["Logging__LogLevel__Default"] = "Warning",
        });

    /// <summary>Starts the published service on a database; what it says goes into a file.</summary>
    public Task<Running> Service(string database, string log, IReadOnlyDictionary<string, string> settings) => Running.Start(
        "/bin/sh",
        ["-c", "exec dotnet \"$0\" >\"$1\" 2>&1", Path.Combine(Program, "Ledger.Web.dll"), log],
        "/health/ready",
        new(settings)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ConnectionStrings__Ledger"] = EmbeddedPostgres.As(LedgerRoles.Writer, database),
            ["ConnectionStrings__LedgerOwner"] = EmbeddedPostgres.As(LedgerRoles.Owner, database),
            ["Ledger__DataDirectory"] = _data.Location,
            ["Logging__LogLevel__Default"] = "Warning",
        });

    /// <summary>Runs a command of the published service on a database, to its end.</summary>
    public Task<string> Command(string database, params string[] arguments) => Run(
        "env", [$"ConnectionStrings__Ledger={EmbeddedPostgres.As(LedgerRoles.Writer, database)}", $"ConnectionStrings__LedgerOwner={EmbeddedPostgres.As(LedgerRoles.Owner, database)}", "ASPNETCORE_ENVIRONMENT=Development", $"Ledger__DataDirectory={_data.Location}", "Logging__LogLevel__Default=Warning", "dotnet", Path.Combine(Program, "Ledger.Web.dll"), .. arguments]);

    /// <summary>Starts something plain to be measured beside the service.</summary>
    public Task<Running> Rival(string kind, string database) => Running.Start(
        "dotnet", [typeof(Stage).Assembly.Location, "rival", kind], "/ready", new() { ["DATABASE"] = database, ["DATA"] = _data.Location, ["Logging__LogLevel__Default"] = "Warning" });

    /// <summary>A token of an officer or registrar.</summary>
    public string Token(string name, string? agency, string? role) =>
        Issuer.Sign(new Caller(DevelopmentIssuer.SubjectOf(name, agency), name, agency, role is null ? [] : [role]), DateTimeOffset.UtcNow);

    /// <summary>Runs a program to its end.</summary>
    /// <returns>What it wrote.</returns>
    public static async Task<string> Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await output}{await errors}");
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await _postgres.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>A service that runs in a process of its own.</summary>
internal sealed class Running : IAsyncDisposable
{
    private readonly Process _process;

    private Running(Process process, Uri address, TimeSpan started) => (_process, Address, Started) = (process, address, started);

    public Uri Address { get; }

    public int ProcessId => _process.Id;

    /// <summary>How long it took from the start of the process to the first answer of 200.</summary>
    public TimeSpan Started { get; }

    public static async Task<Running> Start(string program, string[] arguments, string ready, Dictionary<string, string> environment)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        listener.Stop();
        var start = new ProcessStartInfo(program, arguments);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        start.Environment["ASPNETCORE_URLS"] = address.ToString();
        var clock = Stopwatch.StartNew();
        var process = Process.Start(start)!;
        using var http = new HttpClient { BaseAddress = address };
        while (!process.HasExited && clock.Elapsed < TimeSpan.FromMinutes(2))
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(ready, UriKind.Relative));
                if (answer.StatusCode == HttpStatusCode.OK)
                    return new Running(process, address, clock.Elapsed);
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            // As long between two looks as a start can be measured wrong by, and no longer.
            await Task.Delay(5);
        }

        process.Kill();
        throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} does not answer at {address}.");
    }

    /// <summary>Sends a write and gives what it answers.</summary>
    public async Task<JsonNode> Write(string token, HttpMethod method, string path, JsonNode body)
    {
        using var http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromMinutes(10) };
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        request.Headers.Authorization = new("Bearer", token);
        request.Headers.Add("Idempotency-Key", Guid.CreateVersion7().ToString());
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new InvalidOperationException($"{method} {path}: {text}");
    }

    /// <summary>What a read answers.</summary>
    public async Task<string> Read(string token, string path)
    {
        using var http = new HttpClient { BaseAddress = Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return await http.GetStringAsync(new Uri(path, UriKind.Relative));
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
