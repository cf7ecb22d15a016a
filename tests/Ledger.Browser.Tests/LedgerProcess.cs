using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Ledger.Web.Tests.Hosting;
using Xunit;

namespace Ledger.Browser.Tests;

/// <summary>The Ledger as people run it: the real program with its embedded store, in Development, on a port of its own.</summary>
public sealed class LedgerProcess : IAsyncDisposable
{
    private readonly TemporaryData _temporary = new();
    private readonly Process _process;

    private LedgerProcess(string command)
    {
        Address = $"http://127.0.0.1:{FreePort()}";
        Http = new HttpClient { BaseAddress = new Uri(Address), Timeout = TimeSpan.FromSeconds(60) };
        _process = Process.Start(new ProcessStartInfo("dotnet", [Built(), .. command.Split(' ', StringSplitOptions.RemoveEmptyEntries)])
        {
            Environment =
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["ASPNETCORE_URLS"] = Address,
                ["Ledger__DataDirectory"] = _temporary.Data.Location,
                ["Logging__LogLevel__Default"] = "Error",
                ["Logging__LogLevel__Ledger"] = "Error",
            },
            WorkingDirectory = Path.GetTempPath(),
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
    }

    /// <summary>Where it listens.</summary>
    public string Address { get; }

    /// <summary>A client without a token.</summary>
    public HttpClient Http { get; }

    /// <summary>An empty Ledger.</summary>
    public static Task<LedgerProcess> Empty() => Start("");

    /// <summary>A Ledger in which the founding meeting is recorded.</summary>
    public static Task<LedgerProcess> WithTheFoundingMeeting() => Start("demo");

    /// <summary>A token for the API.</summary>
    public async Task<string> Token(string name, string? agency, string role)
    {
        using var body = new StringContent(JsonSerializer.Serialize(new { name, agency, roles = new[] { role } }), System.Text.Encoding.UTF8, "application/json");
        using var answer = await Http.PostAsync("/dev/tokens", body, TestContext.Current.CancellationToken);
        using var json = JsonDocument.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return json.RootElement.GetProperty("access_token").GetString()!;
    }

    /// <summary>Sends a write to the API as this person, and gives what it answers.</summary>
    public async Task<JsonElement> Write(string token, HttpMethod method, string path, object body)
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Headers = { { "Authorization", $"Bearer {token}" }, { "Idempotency-Key", Guid.CreateVersion7().ToString() }, { "If-Match", "*" } },
            Content = new StringContent(body as string ?? JsonSerializer.Serialize(body), System.Text.Encoding.UTF8, "application/json"),
        };
        using var answer = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {text}");
        return JsonDocument.Parse(text).RootElement.Clone();
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: false);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Http.Dispose();

        // The embedded store goes down by itself once the program is gone.
        await Eventually.TrueAsync(() => Task.FromResult(!File.Exists(Path.Combine(_temporary.Data.PostgresPath, "postmaster.pid"))), "The embedded store did not stop.");
        _temporary.Dispose();
    }

    private static async Task<LedgerProcess> Start(string command)
    {
        var ledger = new LedgerProcess(command);
        var recorded = new TaskCompletionSource();
        ledger._process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null || line.Data.StartsWith("TOKEN=", StringComparison.Ordinal))
                recorded.TrySetResult();
        };
        ledger._process.BeginOutputReadLine();
        if (command == "demo")
            await recorded.Task;
        await Eventually.TrueAsync(ledger.IsReady, "The Ledger never became ready.");
        return ledger;
    }

    private async Task<bool> IsReady()
    {
        Assert.False(_process.HasExited, "The Ledger did not start.");
        try
        {
            using var ready = await Http.GetAsync("/health/ready");
            return ready.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return false;
        }
    }

    private static string Built()
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
