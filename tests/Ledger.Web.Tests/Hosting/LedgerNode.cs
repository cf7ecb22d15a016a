using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Ledger.Web.Tests.Hosting;

/// <summary>The real program in a process of its own, which can be killed like any other.</summary>
internal sealed class LedgerNode : IDisposable
{
    private readonly HttpClient _http;
    private readonly Process _process;
    private int _keys;

    private LedgerNode(Process process, Uri address) => (_process, _http) = (process, new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) });

    /// <summary>Where it listens.</summary>
    public Uri Address => _http.BaseAddress!;

    /// <summary>Starts a node with these settings and returns once it can answer.</summary>
    public static async Task<LedgerNode> Start(params (string Name, string Value)[] settings)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var start = new ProcessStartInfo("dotnet", [Built()]) { WorkingDirectory = Path.GetTempPath() };
        foreach (var (name, value) in settings.Prepend(("ASPNETCORE_ENVIRONMENT", "Development")).Concat([("ASPNETCORE_URLS", address.ToString()), ("Logging__LogLevel__Default", "Error"), ("Logging__LogLevel__Ledger", "Error")]))
            start.Environment[name] = value;
        var node = new LedgerNode(Process.Start(start)!, address);
        await Eventually.TrueAsync(
            async () =>
            {
                Assert.False(node._process.HasExited, "The Ledger did not start.");
                return await node.IsReady();
            },
            "The Ledger never became ready.");
        return node;
    }

    /// <summary>Runs the program with these settings to its end.</summary>
    /// <returns>The exit code, all that it wrote, and of that what is its result.</returns>
    public static async Task<(int Code, string Output, string Result)> Run(string[] arguments, params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [Built(), .. arguments]) { WorkingDirectory = Path.GetTempPath(), RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, string.Concat(output), output[0]);
    }

    public async Task<Client> As(string name, params string[] roles) =>
        With((await With(null).Send(HttpMethod.Post, "/dev/tokens", new { name, roles })).Is(200)["access_token"]);

    /// <summary>Somebody who has this token.</summary>
    public Client With(string? token) => new(_http, token, () => (_process.Id * 1000) + Interlocked.Increment(ref _keys));

    /// <summary>Kills the process in the middle of whatever it does.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
        _http.Dispose();
    }

    private async Task<bool> IsReady()
    {
        try
        {
            using var ready = await _http.GetAsync("/health/ready", TestContext.Current.CancellationToken);
            return ready.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return false;
        }
    }

    /// <summary>The program, in its own folder, where nothing of the tests lies beside it.</summary>
    public static string Built()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.GetFullPath(Path.Combine(here.FullName, "../../../../../src/Ledger.Web/bin", here.Parent!.Name, here.Name, "Ledger.Web.dll"));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
