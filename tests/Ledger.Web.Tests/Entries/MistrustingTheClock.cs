using System.Globalization;
using Ledger.Web.Access;
using Npgsql;
using Xunit;

namespace Ledger.Web.Tests.Entries;

/// <summary>A clock that is set back looks to the store as if an instant of the future had been told already: that is how it is done here.</summary>
public class MistrustingTheClock(RunningLedger ledger)
{
    [Fact]
    public async Task a_clock_set_back_changes_no_answer_that_was_given_and_every_entry_tells_what_it_said()
    {
        await using var own = await ledger.Another();
        var registrar = await own.As("Rita", null, Roles.Registrar);
        foreach (var code in new[] { "ONE", "TWO" })
            (await registrar.Put($"/api/v1/agencies/{code}", new { name = code, kind = "agency" })).Is(201);
        var reference = (await registrar.Post("/api/v1/agreements", new { title = "X", parties = new[] { "ONE", "TWO" }, proposedOn = "2020-01-01" })).Is(201)["reference"]!;
        Assert.Equal("Healthy", (await registrar.Get("/health/ready")).Is(200)["checks/clock/status"]);

        await own.Sql("select setval('ledger.clock', last_value + 86400000000) from ledger.clock");

        var told = (await registrar.Get($"/api/v1/agreements/{reference}?knownAt=2999-01-01T00:00:00Z")).Is(200);
        for (var version = 1; version <= 3; version++)
            (await registrar.Post($"/api/v1/agreements/{reference}/discussions", new { discussedOn = "2020-02-14", summary = "X" }, ifMatch: version)).Is(201);

        Assert.Equal(told.Body, (await registrar.Get($"/api/v1/agreements/{reference}?knownAt={told["knownAt"]}")).Body);
        Assert.Equal("4", (await registrar.Get($"/api/v1/agreements/{reference}?knownAt=2999-01-01T00:00:00Z"))["version"]);
        var feed = (await registrar.Get("/api/v1/events")).Is(200).Items;
        Assert.Equal(feed.Select(e => (DateTimeOffset)e["recordedAt"]!).Order(), feed.Select(e => (DateTimeOffset)e["recordedAt"]!));
        Assert.Equal([null, null, null], feed.Take(3).Select(e => e.Text("clockSaid")));
        Assert.All(feed.Skip(3), e =>
        {
            Assert.True((DateTimeOffset)e["recordedAt"]! > (DateTimeOffset)told.Json!["knownAt"]!);
            Assert.InRange((DateTimeOffset)e["recordedAt"]! - (DateTimeOffset)e["clockSaid"]!, TimeSpan.FromHours(23), TimeSpan.FromHours(24));
        });
        Assert.Equal(4, (await registrar.Get($"/api/v1/agreements/{reference}/history")).Is(200).Items.Count);
        Assert.NotNull((await registrar.Get($"/api/v1/agreements/{reference}/history"))["items/1/clockSaid"]);
        var health = (await registrar.Get("/health/ready")).Is(200);
        Assert.Equal(("Degraded", "Healthy"), (health["checks/clock/status"], health["checks/store/status"]));
    }

    [Fact]
    public async Task clocks_of_store_and_service_that_are_apart_are_told_and_those_that_agree_are_not()
    {
        foreach (var (said, told) in new[] { ("clock_timestamp() - interval '59 seconds'", false), ("clock_timestamp() + interval '59 seconds'", false), ("clock_timestamp() + interval '2 minutes'", true), ("clock_timestamp() - interval '1 day'", true), ("null", false) })
        {
            await using var own = new NpgsqlConnection(ledger.ConnectionString);
            await own.OpenAsync(TestContext.Current.CancellationToken);
            await using var transaction = await own.BeginTransactionAsync(TestContext.Current.CancellationToken);
            await using var command = new NpgsqlCommand($"select ledger.begin_entry({said}); select said from ledger.begun where transaction = pg_current_xact_id()", own);
            await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            await reader.NextResultAsync(TestContext.Current.CancellationToken);
            await reader.ReadAsync(TestContext.Current.CancellationToken);

            var kept = reader.IsDBNull(0) ? null : reader.GetString(0);

            Assert.True(told == DateTimeOffset.TryParse(kept, CultureInfo.InvariantCulture, out _), $"{said}: {kept}");
        }
    }

    [Fact]
    public async Task no_two_instants_are_the_same_however_many_ask_and_a_crash_begins_behind_the_last_entry()
    {
        await using var own = await ledger.Another();
        var registrar = await own.As("Rita", null, Roles.Registrar);
        (await registrar.Put("/api/v1/agencies/ONE", new { name = "One", kind = "agency" })).Is(201);

        var told = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => own.Sql("select string_agg(extract(epoch from t.instant)::text, ' ') from (select (ledger.tick()).instant from generate_series(1, 200)) t")));
        var instants = told.SelectMany(t => t.Split(' ')).ToList();
        Assert.Equal((1600, 1600), (instants.Count, instants.Distinct().Count()));

        // As a crash leaves it: what is not in PostgreSQL's log begins anew. The last entry seems to be of tomorrow.
        await own.Sql("select setval('ledger.clock', last_value + 86400000000) from ledger.clock");
        (await registrar.Put("/api/v1/agencies/ONE", new { name = "Won", kind = "agency" })).Is(200);
        await own.Sql("alter sequence ledger.clock restart");
        Assert.Equal("True", await own.Sql("select (select instant from ledger.tick()) > max(timestamp) from ledger.mt_events"));
    }
}
