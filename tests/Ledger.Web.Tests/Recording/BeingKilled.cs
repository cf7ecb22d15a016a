using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Ledger.Web.Hosting;
using Ledger.Web.Store;
using Ledger.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace Ledger.Web.Tests.Recording;

/// <summary>The real process with its embedded store, killed in the middle of its work again and again.</summary>
public sealed class BeingKilled(ITestOutputHelper output) : IDisposable
{
    private const int Times = 20;
    private const int Clients = 3;

    private readonly TemporaryData _temporary = new();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(60) };
    private readonly ConcurrentDictionary<string, Sent> _sent = new(StringComparer.Ordinal);
    private readonly int _port = FreePort();
    private Process? _process;
    private int _keys;
    private Client _registrar = null!;

    public void Dispose()
    {
        Kill();
        _http.Dispose();
        _temporary.Dispose();
    }

    [Fact]
    public async Task twenty_times_loses_nothing_that_was_answered_and_doubles_nothing()
    {
        var seed = Environment.GetEnvironmentVariable("LEDGER_SEED") is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture) : 20200214;
        output.WriteLine($"LEDGER_SEED={seed}");
        var random = new Random(seed);

        await Start();
        await SignIn();
        foreach (var code in new[] { "ONE", "TWO" })
            (await _registrar.Put($"/api/v1/agencies/{code}", new { name = code, kind = "agency" })).Is(201);
        for (var n = 1; n <= 6; n++)
            (await _registrar.Post("/api/v1/agreements", new { title = $"Agreement {n}", reference = $"SHARED-{n}", parties = new[] { "ONE", "TWO" }, proposedOn = "2020-01-01" })).Is(201);

        for (var time = 1; time <= Times; time++)
        {
            var enough = _sent.Values.Count(s => s.Answer is not null) + 1 + random.Next(4);
            using var killed = new CancellationTokenSource();
            var clients = Enumerable.Range(0, Clients).Select(_ => Stream(killed)).ToList();
            await Eventually.TrueAsync(() => Task.FromResult(_sent.Values.Count(s => s.Answer is not null) >= enough), "The Ledger recorded nothing.");
            await AMoment(random);

            // Every third time the store's own processes die with it.
            if (time % 3 == 0)
                RunningStore.Kill(_temporary.Data);
            Kill();
            await killed.CancelAsync();
            await Task.WhenAll(clients);

            await Start();
            var unknown = _sent.Where(s => s.Value.Answer is null).Select(s => s.Key).ToList();
            await Task.WhenAll(unknown.Select(Settle));
            output.WriteLine($"{time}: {_sent.Count} sent, {unknown.Count} of them of unknown outcome, {_sent.Values.Count(s => s.WasReplayed)} found recorded so far");
        }

        Assert.True(_sent.Count > Times * 2, "Too little was recorded to show anything.");
        Assert.All(_sent.Values, s => Assert.NotNull(s.Answer));
        await EveryAnswerHolds();
    }

    private async Task EveryAnswerHolds()
    {
        var titles = new List<string>();
        for (string? path = "/api/v1/meetings?limit=1000"; path is not null;)
        {
            var page = (await _registrar.Get(path)).Is(200);
            titles.AddRange(page.Items.Select(m => m.Text("title")!));
            path = page["next"] is { } next ? $"/api/v1/meetings?limit=1000&cursor={next}" : null;
        }

        Assert.Equal(_sent.Keys.Order(StringComparer.Ordinal), titles.Order(StringComparer.Ordinal));
        foreach (var (key, sent) in _sent)
        {
            // Whole: the meeting shows each of its outcomes, each in the entry that the answer named.
            var meeting = (await _registrar.Get($"/api/v1/meetings/{sent.Answer!["reference"]}")).Is(200);
            Assert.Equal(key, meeting["title"]);
            Assert.Equal(sent.Answer.Json!["entries"]!.AsArray().Select(e => e.Text("sequence")), meeting.Json!["outcomes"]!.AsArray().Select(o => o.Text("sequence")));
            Assert.Equal(5, meeting.Json["outcomes"]!.AsArray().Count);
        }

        Kill();
        await using var postgres = await EmbeddedPostgres.StartAsync(_temporary.Data, NullLogger.Instance, TestContext.Current.CancellationToken);
        var made = 2 + 6 + (_sent.Count * 6);
        Assert.Equal($"{made}", await RunningStore.AskAsync(postgres.ConnectionString, "select count(*) from ledger.mt_events"));
        Assert.Equal($"{_sent.Count + 6}", await RunningStore.AskAsync(postgres.ConnectionString, "select count(*) from ledger.idempotency_key"));
        Assert.Equal($"{_sent.Count * 2}", await RunningStore.AskAsync(postgres.ConnectionString, "select last from ledger.reference_counter where series = 'CA' and year = 2020"));
        Assert.Equal("0", await RunningStore.AskAsync(postgres.ConnectionString, "select count(*) from ledger.mt_streams s where s.version <> (select count(*) from ledger.mt_events e where e.stream_id = s.id)"));

        var services = new ServiceCollection().AddLogging();
        services.AddLedgerStore(postgres.ConnectionString);
        await using var provider = services.BuildServiceProvider();
        var rebuilt = await new Rebuild(provider.GetRequiredService<NpgsqlDataSource>()).Run(TestContext.Current.CancellationToken);
        Assert.Equal([("Agreement", 6L + (_sent.Count * 2)), ("Meeting", _sent.Count), ("Agency", 2)], rebuilt.Take(3).Select(p => (p.Projection, p.Rows)));
        Assert.All(rebuilt, projection => Assert.Equal([], projection.Differing));
        NpgsqlConnection.ClearAllPools();
    }

    private async Task Stream(CancellationTokenSource killed)
    {
        while (!killed.IsCancellationRequested)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"meeting-{Interlocked.Increment(ref _keys)}");
            _sent[key] = new Sent(null, false);
            while (_sent[key].Answer is null && !killed.IsCancellationRequested)
            {
                await Try(key);

                // The store may have gone alone and be on its way back: no use in asking before it is there.
                if (_sent[key].Answer is null)
                    await IsReady();
            }
        }
    }

    private async Task Settle(string key)
    {
        while (_sent[key].Answer is null)
            await Try(key);
    }

    private async Task Try(string key)
    {
        try
        {
            var reply = await _registrar.Post("/api/v1/meetings", Body(key), key);
            if (reply.Status == 201)
                _sent[key] = new Sent(reply, reply.Headers.ContainsKey("Idempotent-Replayed"));
            else
                Assert.Contains(reply.Status, new[] { 409, 503 });
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // The process died with the request in its hands: whether it was recorded, the key will tell.
        }
    }

    // Two agreements that all meetings share, and two of the meeting's own.
    private static string Body(string key)
    {
        var n = int.Parse(key.AsSpan(8), CultureInfo.InvariantCulture);
        return $$"""
            {"title":"{{key}}","heldOn":"2020-02-14","participants":[{"name":"Person {{n % 7}}","office":"President","agency":"ONE"}],"outcomes":[
              {"kind":"proposed","reference":null,"title":"First of {{key}}","parties":["ONE","TWO"]}, {"kind":"proposed","title":"Second of {{key}}","parties":["ONE","TWO"]},
              {"kind":"discussed","agreement":"SHARED-{{(n % 6) + 1}}","summary":"{{key}}"}, {"kind":"discussed","agreement":"SHARED-{{((n + 1) % 6) + 1}}","summary":"{{key}}"},
              {"kind":"achieved","agreement":"SHARED-{{(n % 6) + 1}}","title":"{{key}}"}]}
            """;
    }

    private async Task Start()
    {
        _process = Process.Start(new ProcessStartInfo("dotnet", [Built()])
        {
            Environment =
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{_port}",
                ["Ledger__DataDirectory"] = _temporary.Data.Location,
                ["Logging__LogLevel__Default"] = "Error",
                ["Logging__LogLevel__Ledger"] = "Error",
            },
            WorkingDirectory = Path.GetTempPath(),
        })!;
        await Eventually.TrueAsync(
            async () =>
            {
                Assert.False(_process.HasExited, "The Ledger did not start.");
                return await IsReady();
            },
            "The Ledger never became ready.");
    }

    private async Task<bool> IsReady()
    {
        try
        {
            using var ready = await _http.GetAsync($"http://127.0.0.1:{_port}/health/ready", TestContext.Current.CancellationToken);
            return ready.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return false;
        }
    }

    private async Task SignIn()
    {
        var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_port}"), Timeout = TimeSpan.FromSeconds(60) };
        int Next() => Interlocked.Increment(ref _keys);
        var token = (await new Client(http, null, Next).Send(HttpMethod.Post, "/dev/tokens", new { name = "Rita", roles = new[] { "registrar" } })).Is(200)["access_token"];
        _registrar = new Client(http, token, Next);
    }

    private void Kill()
    {
        if (_process is null)
            return;
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    // In its own folder, where nothing of the tests lies beside it.
    private static string Built()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.GetFullPath(Path.Combine(here.FullName, "../../../../../src/Ledger.Web/bin", here.Parent!.Name, here.Name, "Ledger.Web.dll"));
    }

    // Not a wait for anything: the kill is to fall somewhere in the middle.
    private static Task AMoment(Random random) => Task.Delay(TimeSpan.FromMilliseconds(random.Next(1, 120)), TestContext.Current.CancellationToken);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed record Sent(Reply? Answer, bool WasReplayed);
}
