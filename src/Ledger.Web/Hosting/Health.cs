using System.Diagnostics;
using Ledger.Web.Store;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Ledger.Web.Hosting;

/// <summary>Whether the Ledger lives, whether it can answer, and what is wrong with it.</summary>
internal static class Health
{
    public static void AddLedgerHealth(this IServiceCollection services)
    {
        services.AddSingleton<SearchCheck>();
        services.AddSingleton<ClockCheck>();
        services.AddHealthChecks()
            .AddCheck<StoreCheck>("store", timeout: TimeSpan.FromSeconds(5))
            .AddCheck<SearchCheck>("search", timeout: TimeSpan.FromSeconds(5))
            .AddCheck<ClockCheck>("clock", timeout: TimeSpan.FromSeconds(5));
    }

    public static void MapLedgerHealth(this WebApplication app)
    {
        // Alive as long as it answers at all; ready while the store does and what follows the entries does follow them.
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { ResponseWriter = Write }).AllowAnonymous();
    }

    private static Task Write(HttpContext http, HealthReport report) => http.Response.WriteAsJsonAsync(new
    {
        status = report.Status.ToString(),
        checks = report.Entries.ToDictionary(e => e.Key, e => new { status = e.Value.Status.ToString(), e.Value.Description }),
    });

    private abstract class Check : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                return await Look(cancellationToken);
            }
            catch (NpgsqlException away)
            {
                return HealthCheckResult.Unhealthy("The store does not answer.", away);
            }
        }

        protected abstract Task<HealthCheckResult> Look(CancellationToken cancellation);
    }

    private sealed class StoreCheck(NpgsqlDataSource source) : Check
    {
        protected override async Task<HealthCheckResult> Look(CancellationToken cancellation)
        {
            await using var command = source.CreateCommand("select sequence from ledger.settled()");
            return HealthCheckResult.Healthy($"The store answers; the record is settled up to entry {await command.ExecuteScalarAsync(cancellation)}.");
        }
    }

    /// <summary>Whether the search follows the entries: it may be behind, but not stand still there.</summary>
    private sealed class SearchCheck(NpgsqlDataSource source, AgreementSearch search) : Check
    {
        // Longer than another node takes to go on for one that died.
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

        private (long Position, long Since) _last = (-1, 0);

        protected override async Task<HealthCheckResult> Look(CancellationToken cancellation)
        {
            await using var command = source.CreateCommand("select coalesce(max(e.seq_id), 0) from ledger.settled() s, ledger.mt_events e where e.seq_id <= s.sequence");
            var newest = (long)(await command.ExecuteScalarAsync(cancellation))!;
            var position = await search.Position(cancellation);
            if (position != _last.Position || position >= newest)
                _last = (position, Stopwatch.GetTimestamp());
            return Stopwatch.GetElapsedTime(_last.Since) is var still && still < Patience
                ? HealthCheckResult.Healthy($"Texts can be searched up to entry {position}.")
                : HealthCheckResult.Unhealthy($"Texts can be searched up to entry {position} of {newest}, and no further for {still.TotalSeconds:0} s.");
        }
    }

    /// <summary>Whether the clocks of store and service can be believed. Where not, the Ledger goes on: entries tell what was said.</summary>
    private sealed class ClockCheck(NpgsqlDataSource source, TimeProvider time, ILogger<ClockCheck> logger) : Check
    {
        private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

        private bool _isWrong;

        protected override async Task<HealthCheckResult> Look(CancellationToken cancellation)
        {
            await using var command = source.CreateCommand("select instant, said from ledger.tick()");
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            await reader.ReadAsync(cancellation);
            var (instant, said) = (reader.GetDateTime(0), reader.GetDateTime(1));
            var behind = instant - said;
            var apart = said - time.GetUtcNow().UtcDateTime;
            var wrong = behind > TimeSpan.FromMilliseconds(1)
                ? $"The store's clock says {said:O}, {behind.TotalSeconds:0.###} s before an instant already given. Until it has caught up, entries follow each other by microseconds and each tells what the clock said."
                : apart.Duration() > Tolerance
                    ? $"The store's clock is {apart.Duration().TotalSeconds:0} s {(apart > TimeSpan.Zero ? "ahead of" : "behind")} this node's. Put right the one that is wrong; entries recorded meanwhile tell both."
                    : null;
            if (wrong is not null != _isWrong)
                logger.LogWarning("{Clock}", wrong ?? "The clocks of store and service agree again.");
            _isWrong = wrong is not null;
            return wrong is null ? HealthCheckResult.Healthy("The clocks of store and service agree.") : HealthCheckResult.Degraded(wrong);
        }
    }
}
