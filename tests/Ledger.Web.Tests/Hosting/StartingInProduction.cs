using System.Diagnostics;
using Ledger.Web.Access;
using Ledger.Web.Hosting;
using Ledger.Web.Store;
using Ledger.Web.Tests.Access;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Hosting.Internal;
using Npgsql;
using Xunit;

namespace Ledger.Web.Tests.Hosting;

/// <summary>Outside Development nothing of Development is served, and a start with any of it is refused.</summary>
public sealed class StartingInProduction(RunningLedger ledger) : IDisposable
{
    private readonly TemporaryData _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void with_nothing_of_Development_it_goes_on() => Check([]);

    [Theory]
    [InlineData("DetailedErrors", "true", "ASPNETCORE_DETAILEDERRORS")]
    [InlineData("DetailedErrors", "1", "ASPNETCORE_DETAILEDERRORS")]
    [InlineData("FORWARDEDHEADERS_ENABLED", "true", "name your proxies in Ledger__Proxies")]
    [InlineData("ConnectionStrings:Ledger", "Host=db;Include Error Detail=true", "Include Error Detail")]
    [InlineData("ConnectionStrings:Ledger", "Host=db;Log Parameters=true", "Log Parameters")]
    public void a_setting_that_tells_strangers_or_believes_them_is_refused_by_name(string key, string value, string named)
    {
        Assert.Contains(named, Assert.Throws<StartupRefusedException>(() => Check([(key, value)])).Message, StringComparison.Ordinal);
        Check([(key, value)], environment: "Development");
    }

    [Fact]
    public void a_data_directory_that_was_used_in_Development_is_refused()
    {
        DevelopmentIssuer.Of(_temporary.Data);

        var refusal = Assert.Throws<StartupRefusedException>(() => Check([]));

        Assert.StartsWith($"{_temporary.Data.SigningKeyPath} signs development tokens", refusal.Message, StringComparison.Ordinal);
        Check([], environment: "Development");
    }

    [Theory]
    [InlineData("ASPNETCORE_ENVIRONMENT")]
    [InlineData("DOTNET_ENVIRONMENT")]
    public void variables_that_say_different_environments_are_refused(string variable)
    {
        var refusal = Assert.Throws<StartupRefusedException>(() => Check([], variables: name => name == variable ? "development" : null));

        Assert.Equal($"{variable} says Development while this is Production: let both variables say the same, or remove one.", refusal.Message);
    }

    [Fact]
    public void everything_that_is_wrong_is_said_at_once() =>
        Assert.Equal(2, Assert.Throws<StartupRefusedException>(() => Check([("DetailedErrors", "true"), ("FORWARDEDHEADERS_ENABLED", "true")])).Message.Split(Environment.NewLine).Length);

    [Theory]
    [InlineData("Production", "AllowedHosts", "*", "http://0.0.0.0:80", "AllowedHosts is not set")]
    [InlineData("Production", "RateLimits:Enabled", "false", "http://0.0.0.0:80", "RateLimits__Enabled is false")]
    [InlineData("Development", "AllowedHosts", "*", "http://0.0.0.0:5080", "anybody may be anybody")]
    [InlineData("Development", "AllowedHosts", "*", "http://[::]:5080", "anybody may be anybody")]
    [InlineData("Development", "AllowedHosts", "*", "http://*:5080", "anybody may be anybody")]
    [InlineData("Development", "AllowedHosts", "*", "http://localhost:5080", null)]
    [InlineData("Development", "AllowedHosts", "*", "http://127.0.0.1:5080", null)]
    [InlineData("Development", "AllowedHosts", "*", "http://[::1]:5080", null)]
    public void what_may_be_meant_is_a_warning(string environment, string key, string value, string address, string? warning)
    {
        var warnings = ProductionStart.Warnings(TemporaryData.Configured(key == "AllowedHosts" ? [(key, value)] : [("AllowedHosts", "ledger.example"), (key, value)]), In(environment), [address]);

        if (warning is null)
            Assert.Empty(warnings);
        else
            Assert.Contains(warning, Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.0.0.5, 10.1.0.0/16;2001:db8::1 2001:db8:1::/48")]
    public void proxies_are_addresses_and_networks(string setting)
    {
        var options = TrustedProxies.Of(TemporaryData.Configured(("Ledger:Proxies", setting)))!;

        Assert.Equal(["10.0.0.5", "2001:db8::1"], options.KnownProxies.Select(p => p.ToString()));
        Assert.Equal(["10.1.0.0/16", "2001:db8:1::/48"], options.KnownIPNetworks.Select(n => n.ToString()));
        Assert.Equal(ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, options.ForwardedHeaders);
    }

    [Fact]
    public void a_proxy_that_is_neither_is_refused() =>
        Assert.StartsWith("Ledger__Proxies names proxy.local:", Assert.Throws<StartupRefusedException>(() => TrustedProxies.Of(TemporaryData.Configured(("Ledger:Proxies", "proxy.local")))).Message, StringComparison.Ordinal);

    [Fact]
    public void without_configured_proxies_nobody_is_believed() => Assert.Null(TrustedProxies.Of(TemporaryData.Configured()));

    [Fact]
    public async Task the_program_ends_with_the_sentence_and_exit_code_1()
    {
        using var refused = Program(("ASPNETCORE_ENVIRONMENT", "Production"), ("DOTNET_ENVIRONMENT", "Production"), ("ASPNETCORE_DETAILEDERRORS", "true"), ("Authentication__Authority", "https://login.example"));

        Assert.StartsWith("ASPNETCORE_DETAILEDERRORS shows strangers", await refused.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await refused.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, refused.ExitCode);
    }

    [Fact]
    public async Task no_secret_stands_in_the_log_however_much_is_logged()
    {
        await using var authority = await Authority.StartAsync();
        await using var own = await ledger.Another();
        await own.Host.StopAsync(TestContext.Current.CancellationToken);
        var (writer, owner) = (EmbeddedPostgres.As(LedgerRoles.Writer, own.ConnectionString), EmbeddedPostgres.As(LedgerRoles.Owner, own.ConnectionString));
        using var program = Program(
            ("ASPNETCORE_ENVIRONMENT", "Development"),
            ("ASPNETCORE_URLS", "http://127.0.0.1:0"),
            ("ConnectionStrings__Ledger", writer),
            ("ConnectionStrings__LedgerOwner", owner),
            ("Logging__LogLevel__Default", "Trace"),
            ("Logging__LogLevel__Microsoft", "Trace"),
            ("Logging__LogLevel__Npgsql", "Trace"),
            ("Authentication__Authority", authority.Address),
            ("Authentication__ClientSecret", "secret-of-the-pages"));
        var (log, serves) = (new List<string>(), new TaskCompletionSource<Uri>());
        void Read(object sender, DataReceivedEventArgs line)
        {
            lock (log)
                log.Add(line.Data ?? "");
            if (line.Data?.Split("Now listening on: ") is [_, var address])
                serves.TrySetResult(new Uri(address));
        }

        program.OutputDataReceived += Read;
        program.ErrorDataReceived += Read;
        program.BeginOutputReadLine();
        program.BeginErrorReadLine();
        var token = authority.Sign("ledger", ("sub", "u-1"), ("name", "Anna"), ("roles", "auditor"));
        try
        {
            using var client = new HttpClient { BaseAddress = await serves.Task.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken) };
            client.DefaultRequestHeaders.Authorization = new("Bearer", token);
            using var answer = await client.GetAsync("/api/v1/agreements", TestContext.Current.CancellationToken);
            Assert.True(answer.IsSuccessStatusCode, answer.StatusCode.ToString());
        }
        finally
        {
            program.Kill();
            await program.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Assert.True(log.Count > 100, "Little was logged.");
        string[] secrets = ["secret-of-the-pages", token.Split('.')[2], .. new[] { writer, owner }.Select(store => new NpgsqlConnectionStringBuilder(store).Password!)];
        Assert.All(secrets, secret => Assert.True(secret.Length > 8 && !log.Any(line => line.Contains(secret, StringComparison.Ordinal)), "A secret stands in the log."));
    }

    private static HostingEnvironment In(string environment) => new() { EnvironmentName = environment };

    private void Check((string Key, string Value)[] settings, string environment = "Production", Func<string, string?>? variables = null) =>
        ProductionStart.Check(TemporaryData.Configured(settings), In(environment), _temporary.Data, variables ?? (_ => null));

    private Process Program(params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [LedgerNode.Built()]) { WorkingDirectory = Path.GetTempPath(), RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (name, value) in settings.Append(("Ledger__DataDirectory", _temporary.Data.Location)))
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
