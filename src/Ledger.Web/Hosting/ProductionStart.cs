using System.Net;
using Ledger.Web.Access;
using Npgsql;

namespace Ledger.Web.Hosting;

/// <summary>Refuses to serve outside Development with anything that is for trying out, or that would tell strangers what is none of theirs.</summary>
internal static class ProductionStart
{
    /// <summary>Looks at the settings and at what lies in the data directory.</summary>
    /// <exception cref="StartupRefusedException">Something is there that must not be; the message says what, all of it, and what to do.</exception>
    public static void Check(IConfiguration configuration, IHostEnvironment environment, DataDirectory directory, Func<string, string?> variable)
    {
        if (environment.IsDevelopment())
            return;
        var refusals = Refusals(configuration, environment, directory, variable).ToList();
        if (refusals.Count > 0)
            throw new StartupRefusedException(string.Join(Environment.NewLine, refusals));
    }

    /// <summary>Says in the log, once it serves, what may be meant and is dangerous where it is not.</summary>
    public static void WarnOnceServing(WebApplication app) => app.Lifetime.ApplicationStarted.Register(() =>
    {
        foreach (var warning in Warnings(app.Configuration, app.Environment, app.Urls))
            app.Logger.LogWarning("{Warning}", warning);
    });

    /// <summary>What the log says.</summary>
    internal static IEnumerable<string> Warnings(IConfiguration configuration, IHostEnvironment environment, IEnumerable<string> addresses)
    {
        if (environment.IsDevelopment())
        {
            var open = addresses.Where(address => !BindingAddress.Parse(address).Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
                && !(IPAddress.TryParse(BindingAddress.Parse(address).Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip))).ToList();
            if (open.Count > 0)
                yield return $"This is Development, where anybody may be anybody, and it listens on {string.Join(", ", open)}: whoever reaches that address can read and record everything.";
            yield break;
        }

        if (configuration["AllowedHosts"] is null or "" or "*")
            yield return "AllowedHosts is not set, so the Ledger answers under any name: set it to the names that people and programs use, with semicolons between.";
        if (RateLimits.Of(configuration) is null)
            yield return "RateLimits__Enabled is false, so one caller can keep the others out: leave it on unless something before the Ledger limits requests.";
    }

    private static IEnumerable<string> Refusals(IConfiguration configuration, IHostEnvironment environment, DataDirectory directory, Func<string, string?> variable)
    {
        foreach (var name in new[] { "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT" })
        {
            if (string.Equals(variable(name), Environments.Development, StringComparison.OrdinalIgnoreCase))
                yield return $"{name} says Development while this is {environment.EnvironmentName}: let both variables say the same, or remove one.";
        }

        if (File.Exists(directory.SigningKeyPath))
        {
            yield return $"{directory.SigningKeyPath} signs development tokens, so this data directory has been used in Development, where anybody could be anybody: "
                + "give production a directory and a store of its own, or remove that file if you know what was recorded.";
        }

        if (IsOn(configuration["DetailedErrors"]))
            yield return "ASPNETCORE_DETAILEDERRORS shows strangers how the Ledger works inside: remove it. What failed stands in the log.";
        if (IsOn(configuration["FORWARDEDHEADERS_ENABLED"]))
            yield return "ASPNETCORE_FORWARDEDHEADERS_ENABLED believes anybody who says where a request came from: remove it and name your proxies in Ledger__Proxies.";
        if (WritesValuesToTheLog(configuration.GetConnectionString("Ledger")))
            yield return "ConnectionStrings__Ledger asks for Include Error Detail or Log Parameters, which write values of the record to the log: take them out.";
    }

    private static bool IsOn(string? value) => value is "1" || string.Equals(value, "true", StringComparison.OrdinalIgnoreCase);

    private static bool WritesValuesToTheLog(string? connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString) is { IncludeErrorDetail: true } or { LogParameters: true };
        }
        catch (ArgumentException)
        {
            // That it cannot be read is said where it is read.
            return false;
        }
    }
}
