using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Ledger.Web.Hosting;

/// <summary>Whether the Ledger lives, and whether it can answer.</summary>
internal static class Health
{
    public static void AddLedgerHealth(this IServiceCollection services) =>
        services.AddHealthChecks().AddCheck<StoreCheck>("store", timeout: TimeSpan.FromSeconds(5));

    public static void MapLedgerHealth(this WebApplication app)
    {
        // Alive as long as it answers at all; ready while the store does.
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { ResponseWriter = Write }).AllowAnonymous();
    }

    private static Task Write(HttpContext http, HealthReport report) => http.Response.WriteAsJsonAsync(new
    {
        status = report.Status.ToString(),
        checks = report.Entries.ToDictionary(e => e.Key, e => new { status = e.Value.Status.ToString(), e.Value.Description }),
    });

    private sealed class StoreCheck(NpgsqlDataSource source) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                await using var command = source.CreateCommand("select sequence from ledger.settled()");
                return HealthCheckResult.Healthy($"The store answers; the record is settled up to entry {await command.ExecuteScalarAsync(cancellationToken)}.");
            }
            catch (NpgsqlException away)
            {
                return HealthCheckResult.Unhealthy("The store does not answer.", away);
            }
        }
    }
}
