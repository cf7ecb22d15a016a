using System.Diagnostics;
using Ledger.Web.Access;
using Npgsql;
using Xunit;

namespace Ledger.Web.Tests.Hosting;

public class TellingHealth(RunningLedger ledger)
{
    [Fact]
    public async Task a_search_that_stands_still_is_told_and_goes_on_by_itself_once_it_can()
    {
        await using var own = await ledger.Another();
        await using var holding = new NpgsqlConnection(own.ConnectionString);
        await holding.OpenAsync(TestContext.Current.CancellationToken);
        await using var hold = await holding.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand("lock table ledger.agreement_search in share row exclusive mode", holding, hold);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        await BecomesRedAndGreen(own, () => hold.RollbackAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task a_search_that_fails_at_every_entry_is_told_and_goes_on_by_itself_once_it_does_not()
    {
        await using var own = await ledger.Another();
        await own.Sql("alter table ledger.agreement_search add constraint nothing_fits check (false) not valid");

        await BecomesRedAndGreen(own, () => own.Sql("alter table ledger.agreement_search drop constraint nothing_fits"));
    }

    private static async Task BecomesRedAndGreen(OwnLedger own, Func<Task> heal)
    {
        var registrar = await own.As("Rita", null, Roles.Registrar);
        foreach (var code in new[] { "ONE", "TWO" })
            (await registrar.Put($"/api/v1/agencies/{code}", new { name = code, kind = "agency" })).Is(201);
        (await registrar.Get("/health/ready")).Is(200);
        var recorded = (await registrar.Post("/api/v1/agreements", new { title = "Soyuz", parties = new[] { "ONE", "TWO" }, proposedOn = "2020-01-01" })).Is(201)["entries/0/sequence"];
        await Eventually.TrueAsync(async () => (await registrar.Get("/health/ready")).Status == 503, "Health never was red.");
        var red = await registrar.Get("/health/ready");
        Assert.Equal(("Healthy", "Unhealthy"), (red["checks/store/status"], red["checks/search/status"]));

        // Everything else goes on meanwhile.
        (await registrar.Put("/api/v1/agencies/ONE", new { name = "Won", kind = "agency" })).Is(200);

        await heal();

        var healed = Stopwatch.StartNew();
        await Eventually.TrueAsync(async () => (await registrar.Get("/health/ready")).Status == 200, "Health never was green again.");
        Assert.InRange(healed.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        Assert.Single((await registrar.Get($"/api/v1/agreements?q=soyuz&notBefore={recorded}")).Is(200).Items);
    }
}
