using Ledger.Web.Access;
using Ledger.Web.Hosting;
using Ledger.Web.Tests.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace Ledger.Web.Tests.Store;

public class CommittingForGood
{
    private static readonly object Proposal = new { title = "X", parties = new[] { "ONE", "TWO" } };

    [Fact]
    public async Task a_commit_that_waits_for_its_standby_is_not_acknowledged_until_the_standby_has_it()
    {
        await using var store = await Replicated.Start(patience: "1");
        await store.TakeStandbyAway();
        var key = store.Registrar.NewKey();

        var waiting = await store.Registrar.Post("/api/v1/agreements", Proposal, key);
        waiting.IsProblem(503, "unavailable");
        Assert.Equal("2", waiting.Headers["Retry-After"]);
        (await store.Registrar.Post("/api/v1/agreements", Proposal, key)).IsProblem(409, "idempotency-key-in-progress");

        // An operator, a timeout or a driver gives up the wait: PostgreSQL completes the commit here, and here alone.
        await store.GiveUpWaiting();
        await Eventually.TrueAsync(async () => await store.Recorded() == "1", "The commit was never completed.");
        (await store.Registrar.Post("/api/v1/agreements", Proposal, key)).IsProblem(503, "unavailable");

        await store.BringStandbyBack();
        Reply settled = waiting;
        await Eventually.TrueAsync(async () => (settled = await store.Registrar.Post("/api/v1/agreements", Proposal, key)).Status == 201, "The key never settled it.");
        Assert.Equal(("true", "1"), (settled.Headers["Idempotent-Replayed"], await store.Recorded()));
    }

    [Fact]
    public async Task a_commit_that_ends_with_a_warning_is_not_acknowledged()
    {
        await using var store = await Replicated.Start(patience: "60");
        await store.TakeStandbyAway();
        var key = store.Registrar.NewKey();

        var waiting = store.Registrar.Post("/api/v1/agreements", Proposal, key);
        await store.GiveUpWaiting();

        (await waiting).IsProblem(503, "unavailable");
        await store.BringStandbyBack();
        Assert.Equal("true", (await store.Registrar.Post("/api/v1/agreements", Proposal, key)).Is(201).Headers["Idempotent-Replayed"]);
        Assert.Equal("1", await store.Recorded());
    }

    /// <summary>A Ledger on a server that may be told to wait for a standby that is away.</summary>
    private sealed class Replicated(TemporaryData temporary, EmbeddedPostgres postgres, OwnLedger ledger, Client registrar) : IAsyncDisposable
    {
        public Client Registrar => registrar;

        public static async Task<Replicated> Start(string patience)
        {
            var temporary = new TemporaryData();
            var postgres = await EmbeddedPostgres.StartAsync(temporary.Data, NullLogger.Instance, TestContext.Current.CancellationToken);
            var host = await RunningLedger.StartAsync(postgres.ConnectionString, ("Ledger:WriteWaitSeconds", patience));
            var ledger = new OwnLedger(host, postgres.ConnectionString);
            var registrar = await ledger.As("Rita", null, Roles.Registrar);
            foreach (var code in new[] { "ONE", "TWO" })
                (await registrar.Put($"/api/v1/agencies/{code}", new { name = code, kind = "agency" })).Is(201);
            return new Replicated(temporary, postgres, ledger, registrar);
        }

        public Task TakeStandbyAway() => Standby("nobody");

        public Task BringStandbyBack() => Standby("");

        public Task<string> Recorded() => ledger.Sql("select count(*) from ledger.mt_doc_agreement");

        public Task GiveUpWaiting() => Eventually.TrueAsync(
            async () => await ledger.Sql(
                "select count(pg_cancel_backend(pid)) from pg_stat_activity where wait_event = 'SyncRep' and query ~ 'idempotency_key|commit'") is not "0",
            "No commit waits for the standby.");

        public async ValueTask DisposeAsync()
        {
            await BringStandbyBack();
            await ledger.DisposeAsync();
            NpgsqlConnection.ClearAllPools();
            await postgres.DisposeAsync();
            temporary.Dispose();
        }

        private async Task Standby(string name)
        {
            await ledger.Sql($"alter system set synchronous_standby_names = '{name}'");
            await ledger.Sql("select pg_reload_conf()");
            await Eventually.TrueAsync(async () => await ledger.Sql("show synchronous_standby_names") == name, "The setting is not taken over.");
        }
    }
}
