using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using Ledger.Web.Hosting;
using Ledger.Web.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace Ledger.Web.Tests.Hosting;

/// <summary>One embedded store for the tests that do not stop it.</summary>
public sealed class RunningStore : IAsyncLifetime
{
    private readonly TemporaryData _temporary = new();
    private EmbeddedPostgres _postgres = null!;

    internal DataDirectory Data => _temporary.Data;

    internal string ConnectionString => _postgres.ConnectionString;

    public async ValueTask InitializeAsync() =>
        _postgres = await EmbeddedPostgres.StartAsync(Data, NullLogger.Instance, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await _postgres.DisposeAsync();
        _temporary.Dispose();
    }

    internal Task<string> AskAsync(string sql) => AskAsync(ConnectionString, sql);

    internal static async Task<string> AskAsync(string store, string sql)
    {
        await using var connection = new NpgsqlConnection($"{store};Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToString(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken), CultureInfo.InvariantCulture)!;
    }

    // In the database that the administrator of the server has connected to.
    internal static async Task MakeRolesAsync(string administrator)
    {
        await using var connection = new NpgsqlConnection($"{administrator};Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await LedgerRoles.Make(connection, TestContext.Current.CancellationToken);
    }

    // The server and every process that it started, with SIGKILL.
    internal static void Kill(DataDirectory data)
    {
        var postmaster = int.Parse(File.ReadLines(Path.Combine(data.PostgresPath, "postmaster.pid")).First(), CultureInfo.InvariantCulture);
        using var process = Process.GetProcessById(postmaster);
        process.Kill(entireProcessTree: true);
    }
}

public class RunningTheEmbeddedStore(RunningStore store) : IClassFixture<RunningStore>
{
    [Theory]
    [InlineData("fsync", "on")]
    [InlineData("full_page_writes", "on")]
    [InlineData("synchronous_commit", "on")]
    [InlineData("data_checksums", "on")]
    [InlineData("TimeZone", "UTC")]
    [InlineData("server_encoding", "UTF8")]
    [InlineData("max_connections", "200")]
    [InlineData("password_encryption", "scram-sha-256")]
    public async Task its_settings_keep_what_was_committed(string setting, string value) =>
        Assert.Equal(value, await store.AskAsync($"show {setting}"));

    [Fact]
    public async Task it_holds_the_ledgers_own_database() => Assert.Equal("ledger", await store.AskAsync("select current_database()"));

    [Fact]
    public void it_listens_on_the_loopback_address_only()
    {
        var port = new NpgsqlConnectionStringBuilder(store.ConnectionString).Port;

        var listeners = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(x => x.Port == port).Select(x => x.Address);

        Assert.Equal([IPAddress.Loopback], listeners);
    }

    [Fact]
    public async Task it_opens_to_nobody_without_the_password()
    {
        var guess = new NpgsqlConnectionStringBuilder(store.ConnectionString) { Password = "guess" };

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => RunningStore.AskAsync(guess.ConnectionString, "select 1"));

        Assert.Equal(PostgresErrorCodes.InvalidPassword, refusal.SqlState);
    }

    [Fact]
    public async Task a_second_ledger_on_its_directory_is_refused()
    {
        var refusal = await Assert.ThrowsAsync<StartupRefusedException>(
            () => EmbeddedPostgres.StartAsync(store.Data, NullLogger.Instance, TestContext.Current.CancellationToken));

        Assert.Contains($"{store.Data.Location} is in use by another Ledger", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("1", await store.AskAsync("select 1"));
    }
}

public sealed class LosingTheEmbeddedStore : IDisposable
{
    private readonly TemporaryData _temporary = new();

    private DataDirectory Data => _temporary.Data;

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task it_comes_back_on_its_port_with_every_row_after_kill_9()
    {
        await using var postgres = await StartAsync();
        await RunningStore.AskAsync(postgres.ConnectionString, "create table kept as select 7 as seven");

        RunningStore.Kill(Data);

        await Eventually.TrueAsync(() => AnswersAsync(postgres, "select seven from kept", "7"), "The store did not come back.");
    }

    [Fact]
    public async Task it_comes_back_a_second_time()
    {
        await using var postgres = await StartAsync();
        for (var time = 0; time < 2; time++)
        {
            RunningStore.Kill(Data);
            await Eventually.TrueAsync(() => AnswersAsync(postgres, "select 1", "1"), "The store did not come back.");
        }
    }

    [Fact]
    public async Task it_is_the_same_store_after_a_restart()
    {
        await using (var first = await StartAsync())
            await RunningStore.AskAsync(first.ConnectionString, "create table kept as select 7 as seven");

        await using var second = await StartAsync();

        Assert.Equal("7", await RunningStore.AskAsync(second.ConnectionString, "select seven from kept"));
    }

    [Fact]
    public async Task nothing_of_it_runs_once_it_was_stopped()
    {
        string store;
        await using (var postgres = await StartAsync())
            store = postgres.ConnectionString;

        await Assert.ThrowsAsync<NpgsqlException>(() => RunningStore.AskAsync(store, "select 1"));
        Assert.False(File.Exists(Path.Combine(Data.PostgresPath, "postmaster.pid")));
    }

    [Fact]
    public async Task what_an_interrupted_first_start_left_is_made_anew()
    {
        Data.Create();
        Directory.CreateDirectory(Data.PostgresPath + ".new");
        await File.WriteAllTextAsync(Path.Combine(Data.PostgresPath + ".new", "PG_VERSION"), "15", TestContext.Current.CancellationToken);

        await using var postgres = await StartAsync();

        Assert.Equal("1", await RunningStore.AskAsync(postgres.ConnectionString, "select 1"));
        Assert.False(Directory.Exists(Data.PostgresPath + ".new"));
    }

    [Fact]
    public async Task a_pid_file_that_names_a_stranger_does_not_keep_it_from_starting()
    {
        await (await StartAsync()).DisposeAsync();
        var pidFile = Path.Combine(Data.PostgresPath, "postmaster.pid");
        await File.WriteAllTextAsync(
            pidFile, $"{Environment.ProcessId}\n{Data.PostgresPath}\n", TestContext.Current.CancellationToken);

        await using var postgres = await StartAsync();

        Assert.Equal("1", await RunningStore.AskAsync(postgres.ConnectionString, "select 1"));
    }

    [Fact]
    public async Task without_its_password_the_start_says_which_file_to_restore()
    {
        await (await StartAsync()).DisposeAsync();
        File.Delete(Data.PasswordPath);

        var refusal = await Assert.ThrowsAsync<StartupRefusedException>(StartAsync);

        Assert.Contains($"restore {Data.PasswordPath} from a backup", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_store_of_a_version_that_is_not_installed_is_left_alone()
    {
        await (await StartAsync()).DisposeAsync();
        await File.WriteAllTextAsync(Path.Combine(Data.PostgresPath, "PG_VERSION"), "9\n", TestContext.Current.CancellationToken);

        var refusal = await Assert.ThrowsAsync<StartupRefusedException>(StartAsync);

        Assert.Contains("made by PostgreSQL 9", refusal.Message, StringComparison.Ordinal);
        Data.Hold().Dispose();
    }

    private Task<EmbeddedPostgres> StartAsync() =>
        EmbeddedPostgres.StartAsync(Data, NullLogger.Instance, TestContext.Current.CancellationToken);

    private static async Task<bool> AnswersAsync(EmbeddedPostgres postgres, string sql, string answer)
    {
        try
        {
            return await RunningStore.AskAsync(postgres.ConnectionString, sql) == answer;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
