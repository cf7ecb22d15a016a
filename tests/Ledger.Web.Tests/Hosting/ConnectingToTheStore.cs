using Ledger.Web.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace Ledger.Web.Tests.Hosting;

public class ConnectingToTheStore(RunningStore store) : IClassFixture<RunningStore>
{
    [Fact]
    public async Task a_configured_server_is_used_and_nothing_is_embedded()
    {
        using var unused = new TemporaryData();

        await using var connection = await OpenAsync(store.ConnectionString, unused.Data);

        Assert.Equal("ledger", await RunningStore.AskAsync(connection.ConnectionString, "select current_database()"));
        Assert.False(Directory.Exists(unused.Data.Location));
    }

    [Fact]
    public async Task it_is_given_the_settings_that_the_ledger_needs()
    {
        await using var connection = await OpenAsync(store.ConnectionString);

        var given = new NpgsqlConnectionStringBuilder(connection.ConnectionString);
        Assert.Equal(("UTC", 30, 2, true, "ledger"),
            (given.Timezone, given.MaxAutoPrepare, given.AutoPrepareMinUsages, given.NoResetOnClose, given.ApplicationName));
    }

    [Fact]
    public async Task settings_of_the_configuration_stand()
    {
        await using var connection = await OpenAsync($"{store.ConnectionString};Application Name=node-2;MaxAutoPrepare=0;No Reset On Close=false");

        var given = new NpgsqlConnectionStringBuilder(connection.ConnectionString);
        Assert.Equal(("node-2", 0, false), (given.ApplicationName, given.MaxAutoPrepare, given.NoResetOnClose));
    }

    [Fact]
    public async Task a_server_that_is_still_starting_is_waited_for()
    {
        using var temporary = new TemporaryData();
        await using var postgres = await EmbeddedPostgres.StartAsync(
            temporary.Data, NullLogger.Instance, TestContext.Current.CancellationToken);
        RunningStore.Kill(temporary.Data);

        await using var connection = await OpenAsync(postgres.ConnectionString, waitSeconds: "60");

        Assert.Equal("1", await RunningStore.AskAsync(connection.ConnectionString, "select 1"));
    }

    [Fact]
    public async Task an_address_where_nobody_listens_is_named() => Assert.StartsWith(
        "No PostgreSQL server answers at 127.0.0.1:1 (Connection refused): start it, or correct Host and Port",
        await RefusalAsync("Host=127.0.0.1;Port=1;Username=ledger;Password=secret"), StringComparison.Ordinal);

    [Fact]
    public async Task a_wrong_password_is_called_so()
    {
        var sentence = await RefusalAsync($"{store.ConnectionString};Password=secret");

        Assert.EndsWith("refuses the password of user ledger: correct Username and Password in ConnectionStrings__Ledger.", sentence,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_missing_database_is_named() => Assert.Contains(
        "has no database elsewhere: create it there (createdb elsewhere)",
        await RefusalAsync($"{store.ConnectionString};Database=elsewhere"), StringComparison.Ordinal);

    [Theory]
    [InlineData("Host=localhost;Passwort=secret")]
    [InlineData("Username=ledger;Password=secret")]
    [InlineData("secret")]
    public async Task a_connection_string_that_cannot_be_read_is_not_repeated(string configured)
    {
        var sentence = await RefusalAsync(configured);

        Assert.StartsWith("ConnectionStrings__Ledger cannot be read", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_wait_that_is_no_number_is_refused()
    {
        var refusal = await Assert.ThrowsAsync<StartupRefusedException>(() => OpenAsync(store.ConnectionString, waitSeconds: "soon"));

        Assert.Equal("Ledger__StoreWaitSeconds is soon: give a whole number of seconds, such as 30.", refusal.Message);
    }

    private async Task<string> RefusalAsync(string connectionString)
    {
        var refusal = await Assert.ThrowsAsync<StartupRefusedException>(() => OpenAsync(connectionString));
        return refusal.Message;
    }

    private Task<StoreConnection> OpenAsync(string connectionString, DataDirectory? directory = null, string waitSeconds = "0") =>
        StoreConnection.OpenAsync(
            TemporaryData.Configured(("ConnectionStrings:Ledger", connectionString), ("Ledger:StoreWaitSeconds", waitSeconds)),
            directory ?? store.Data, NullLogger.Instance, TestContext.Current.CancellationToken);
}
