using System.Globalization;
using Alba;
using JasperFx.CommandLine;
using Ledger.Web.Access;
using Ledger.Web.Hosting;
using Ledger.Web.Store;
using Ledger.Web.Tests;
using Ledger.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

[assembly: AssemblyFixture(typeof(RunningLedger))]

namespace Ledger.Web.Tests;

/// <summary>
/// The Ledger itself on a PostgreSQL of its own, once for all tests. Tests keep apart by agencies and agreements of their own.
/// </summary>
public sealed class RunningLedger : IAsyncLifetime
{
    private readonly TemporaryData _temporary = new();
    private EmbeddedPostgres _postgres = null!;
    private int _last;

    /// <summary>The host, in Development.</summary>
    public IAlbaHost Host { get; private set; } = null!;

    /// <summary>How to reach its database as the administrator of the server.</summary>
    public string ConnectionString => _postgres.ConnectionString;

    /// <summary>A registrar of no agency.</summary>
    public Client Registrar { get; private set; } = null!;

    /// <summary>An auditor of no agency.</summary>
    public Client Auditor { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        // Development tokens and Development only: whatever the machine says.
        Environment.SetEnvironmentVariable("ASPNETCORE_ENVIRONMENT", "Development");
        JasperFxEnvironment.AutoStartHost = true;
        _postgres = await EmbeddedPostgres.StartAsync(_temporary.Data, NullLogger.Instance, CancellationToken.None);
        Host = await StartAsync(_postgres.ConnectionString);
        Registrar = await As("Rita Registrar", null, Roles.Registrar);
        Auditor = await As("Otto Auditor", null, Roles.Auditor);
    }

    public async ValueTask DisposeAsync()
    {
        if (Host is not null)
            await Host.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
        if (_postgres is not null)
            await _postgres.DisposeAsync();
        _temporary.Dispose();
    }

    /// <summary>Another Ledger in this process, on a database of its own in the same server.</summary>
    public async Task<OwnLedger> Another(string settings = "", params (string Key, string Value)[] configuration)
    {
        var database = $"own_{Next()}";
        await Sql($"create database {database}");

        // Several Ledgers share the server's connections here; each by itself would take its full pool.
        var store = new NpgsqlConnectionStringBuilder(ConnectionString) { Database = database, MaxPoolSize = 20 }.ConnectionString + settings;
        return new OwnLedger(await StartAsync(store, configuration), store);
    }

    /// <summary>A number that no other test of this run is given.</summary>
    public int Next() => Interlocked.Increment(ref _last);

    /// <summary>A service of the running Ledger.</summary>
    public T Service<T>()
        where T : notnull => Host.Services.GetRequiredService<T>();

    /// <summary>A client that signs in as this person.</summary>
    public Task<Client> As(string name, string? agency, params string[] roles) => SignIn(Host, Next, name, agency, roles);

    /// <summary>An officer of the agency.</summary>
    public Task<Client> OfficerOf(string agency) => As($"Officer of {agency}", agency, Roles.Officer);

    /// <summary>A client with any bearer token, or with none.</summary>
    public Client With(string? token) => new(Host.Server.CreateClient(), token, Next);

    /// <summary>Registers an agency that no other test knows.</summary>
    public async Task<string> Agency(string? name = null, string kind = "agency")
    {
        var code = string.Create(CultureInfo.InvariantCulture, $"A{Next():D6}");
        (await Registrar.Put($"/api/v1/agencies/{code}", new { name = name ?? $"Agency {code}", kind })).Is(201);
        return code;
    }

    /// <summary>Asks the database itself, as the administrator of the server.</summary>
    public Task<string> Sql(string sql) => RunningStore.AskAsync(ConnectionString, sql);

    internal static async Task<Client> SignIn(IAlbaHost host, Func<int> next, string name, string? agency, string[] roles)
    {
        var anybody = new Client(host.Server.CreateClient(), null, next);
        var token = (await anybody.Send(HttpMethod.Post, "/dev/tokens", new { name, agency, roles })).Is(200)["access_token"];
        return new Client(host.Server.CreateClient(), token, next);
    }

    /// <summary>A Ledger in this process on a database, which it serves on as the writer and brings to what it needs as the owner.</summary>
    /// <param name="connectionString">How to reach the database as the administrator of the server.</param>
    /// <param name="configuration">More settings.</param>
    internal static async Task<IAlbaHost> StartAsync(string connectionString, params (string Key, string Value)[] configuration)
    {
        await RunningStore.MakeRolesAsync(connectionString);
        var directory = Directory.CreateTempSubdirectory("ledger-test-").FullName;
        return await AlbaHost.For<Program>(builder =>
        {
            builder.UseSetting("ConnectionStrings:Ledger", EmbeddedPostgres.As(LedgerRoles.Writer, connectionString));
            builder.UseSetting("ConnectionStrings:LedgerOwner", EmbeddedPostgres.As(LedgerRoles.Owner, connectionString));
            builder.UseSetting("Ledger:DataDirectory", directory);
            foreach (var (key, value) in configuration)
                builder.UseSetting(key, value);

            // What Wolverine says of a store that a test has taken away is not news.
            builder.UseSetting("Logging:LogLevel:Wolverine", "None");
            builder.UseSetting("Logging:LogLevel:Default", "Warning");

            // Tests are refused all the time.
            builder.UseSetting("Logging:Console:LogLevel:Ledger.Security", "None");
        });
    }
}

/// <summary>A Ledger for one test alone. The connection is that of the administrator of the server.</summary>
public sealed class OwnLedger(IAlbaHost host, string connectionString) : IAsyncDisposable
{
    private int _last;

    public string ConnectionString => connectionString;

    public IAlbaHost Host => host;

    public Task<Client> As(string name, string? agency, params string[] roles) =>
        RunningLedger.SignIn(host, () => Interlocked.Increment(ref _last), name, agency, roles);

    public Task<string> Sql(string sql) => RunningStore.AskAsync(connectionString, sql);

    public ValueTask DisposeAsync() => host.DisposeAsync();
}
