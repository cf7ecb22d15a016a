using Ledger.Web.Access;
using Ledger.Web.Hosting;
using Ledger.Web.Tests.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Wolverine;
using Xunit;

namespace Ledger.Web.Tests.Store;

public class LosingTheStore(RunningLedger ledger)
{
    [Theory]
    [InlineData("53100")]
    [InlineData("53200")]
    [InlineData("57014")]
    [InlineData("57P01")]
    [InlineData("57P02")]
    [InlineData("57P03")]
    [InlineData("58030")]
    [InlineData("08006")]
    [InlineData("25006")]
    public void a_fault_of_the_server_is_no_fault_of_the_statement(string state) =>
        Assert.True(StoreConnection.IsAway(new InvalidOperationException("Wrapped.", new PostgresException("Fault", "FATAL", "FATAL", state))));

    [Theory]
    [InlineData("22P05")]
    [InlineData("23505")]
    [InlineData("42501")]
    public void a_fault_of_the_statement_is_not_blamed_on_the_server(string state) =>
        Assert.False(StoreConnection.IsAway(new PostgresException("Fault", "ERROR", "ERROR", state)));

    [Fact]
    public void what_follows_the_entries_is_taken_up_again_soon_however_often_the_store_was_away() =>
        Assert.InRange(ledger.Service<WolverineOptions>().Durability.TransientFailureRestartMaxBackoff, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));

    [Fact]
    public async Task while_it_is_away_callers_are_told_to_come_back_with_the_same_key()
    {
        using var temporary = new TemporaryData();
        var postgres = await EmbeddedPostgres.StartAsync(temporary.Data, NullLogger.Instance, TestContext.Current.CancellationToken);
        await using var own = new OwnLedger(await RunningLedger.StartAsync(postgres.ConnectionString), postgres.ConnectionString);
        var registrar = await own.As("Rita", null, Roles.Registrar);
        (await registrar.Put("/api/v1/agencies/ONE", new { name = "One", kind = "agency" })).Is(201);
        (await registrar.Put("/api/v1/agencies/TWO", new { name = "Two", kind = "agency" })).Is(201);
        var body = new { title = "X", parties = new[] { "ONE", "TWO" } };
        var reference = (await registrar.Post("/api/v1/agreements", body)).Is(201)["reference"];
        (await registrar.Get("/health/ready")).Is(200);
        var key = registrar.NewKey();

        await postgres.DisposeAsync();

        foreach (var send in new Func<Task<Reply>>[]
        {
            () => registrar.Post("/api/v1/agreements", body, key), () => registrar.Post($"/api/v1/agreements/{reference}/discussions", new { discussedOn = "2020-01-01", summary = "X" }, key, "*"),
            () => registrar.Put("/api/v1/agencies/ONE", new { name = "Won", kind = "agency" }), () => registrar.Get($"/api/v1/agreements/{reference}"), () => registrar.Get("/api/v1/agreements"),
            () => registrar.Get($"/api/v1/agreements/{reference}/history"), () => registrar.Get("/api/v1/events"), () => registrar.Get("/api/v1/meetings"), () => registrar.Get("/api/v1/agencies"),
        })
        {
            // The first ones still hold connections that have died since, which is answered the same.
            var reply = await send();
            reply.IsProblem(503, "unavailable");
            Assert.Equal("2", reply.Headers["Retry-After"]);
        }

        (await registrar.Get("/health/live")).Is(200);
        Assert.Equal(503, (await registrar.Get("/health/ready")).Status);
        NpgsqlConnection.ClearAllPools();
    }
}
