using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Ledger.Web.Access;

namespace Ledger.Drills;

/// <summary>A service and a store to do drills on, with agencies and agreements in it.</summary>
internal sealed class Scene : IAsyncDisposable
{
    private const string Registrar = "Rita";

    private readonly string _folder;

    private Scene(string folder, Cluster cluster, Service service) => (_folder, Cluster, Service) = (folder, cluster, service);

    public Cluster Cluster { get; }

    public Service Service { get; }

    /// <summary>The wire between the two, where they do not speak directly.</summary>
    public Wire? Wire { get; private init; }

    /// <summary>The disk that may be full, where there is one.</summary>
    public Disk? Disk { get; private init; }

    /// <summary>Whether the store's data are on that disk, and not its log.</summary>
    public bool IsDataOnDisk { get; private init; }

    /// <summary>Whether the store's clock can be set wrong.</summary>
    private bool HasClock { get; init; }

    /// <summary>Who records.</summary>
    public static string Subject => DevelopmentIssuer.SubjectOf(Registrar, null);

    /// <summary>Sets a scene.</summary>
    /// <param name="program">The folder of the built service.</param>
    /// <param name="folder">Where everything lies that is kept.</param>
    /// <param name="data">Where the store's data lie; null: in the folder.</param>
    /// <param name="log">Where its write-ahead log lies; null: with the data.</param>
    /// <param name="disk">The disk that one of these is on.</param>
    /// <param name="clock">By how much the store's clock is wrong; null: it is the machine's.</param>
    /// <param name="wired">Whether a wire lies between service and store.</param>
    public static async Task<Scene> Set(string program, string folder, string? data = null, string? log = null, Disk? disk = null, string? clock = null, bool wired = false)
    {
        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        var store = Path.Combine(folder, "store");
        Directory.CreateDirectory(store);
        var clockFile = clock is null ? null : Path.Combine(store, "clock");
        if (clockFile is not null)
            await File.WriteAllTextAsync(clockFile, clock);
        var cluster = await Cluster.Make(store, data, log, clockFile);
        var wire = wired ? new Wire(cluster.Port) : null;
        var database = wire is null ? cluster.Database : cluster.Database.Replace($"Port={cluster.Port}", $"Port={wire.Port}", StringComparison.Ordinal);
        var scene = new Scene(folder, cluster, new Service(program, folder, database)) { Wire = wire, Disk = disk, IsDataOnDisk = data is not null, HasClock = clock is not null };
        await scene.Service.Start();
        await scene.Prepare();
        return scene;
    }

    /// <summary>Clients with a journal of their own.</summary>
    public (Writers Writers, Journal Journal) Clients(string name, int seed)
    {
        var journal = new Journal(Path.Combine(_folder, $"{name}.journal.jsonl"));
        return (new Writers(Service.Address, Service.Token(Registrar, null, Roles.Registrar), journal, name, seed), journal);
    }

    /// <summary>A token of somebody who may read everything.</summary>
    public string Auditor => Service.Token("Otto", null, Roles.Auditor);

    /// <summary>Waits until health is green and texts recorded last are found, which must come by itself.</summary>
    /// <returns>How long it took.</returns>
    public async Task<TimeSpan> Healed(TimeSpan patience)
    {
        var clock = Stopwatch.StartNew();
        await Service.Ready(patience);
        var last = await Cluster.Ask("select max(seq_id) from ledger.mt_events");
        using var http = new HttpClient { BaseAddress = Service.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Auditor);
        while (true)
        {
            using var answer = await http.GetAsync(new Uri($"/api/v1/agreements?q=drill&limit=1&notBefore={last}", UriKind.Relative));
            if (answer.StatusCode == HttpStatusCode.OK)
                return clock.Elapsed;
            if (clock.Elapsed > patience)
                throw new DrillFailedException($"The search had not caught up after {patience.TotalSeconds:0} s: {await answer.Content.ReadAsStringAsync()}");
        }
    }

    /// <summary>Undoes every fault, whichever a drill that failed has left behind, and waits until all is well.</summary>
    public async Task Restore(TimeSpan patience)
    {
        Wire?.Arm(Cut.AnswerLost, 0);
        Wire?.Arm(Cut.RequestSent, 0);
        Disk?.Free();
        if (HasClock)
            await Cluster.SetClock("+0");
        if (!Cluster.HasEnded)
            await Cluster.Signal("CONT");
        await Cluster.Start();
        if (Service.HasEnded)
            Service.Begin();
        else
            await Signals.Send("CONT", Service.Pid);
        await Service.Ready(patience);
    }

    /// <summary>Whether an agreement can be read.</summary>
    public async Task<bool> CanBeRead()
    {
        using var http = new HttpClient { BaseAddress = Service.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Auditor);
        using var one = await http.GetAsync(new Uri("/api/v1/agreements/DRILL-1", UriKind.Relative));
        using var all = await http.GetAsync(new Uri("/api/v1/agreements?limit=5", UriKind.Relative));
        return one.IsSuccessStatusCode && all.IsSuccessStatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        if (Wire is not null)
            await Wire.DisposeAsync();
        Disk?.Free();
        await Cluster.DisposeAsync();
        if (Disk is not null)
            await Disk.DisposeAsync();
    }

    private async Task Prepare()
    {
        using var http = new HttpClient { BaseAddress = Service.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Service.Token(Registrar, null, Roles.Registrar));
        foreach (var code in new[] { "ONE", "TWO", "THREE" })
            await Send(HttpMethod.Put, $"/api/v1/agencies/{code}", $$"""{"name":"{{code}}","kind":"agency"}""");
        for (var n = 1; n <= Writers.Shared; n++)
            await Send(HttpMethod.Post, "/api/v1/agreements", string.Create(CultureInfo.InvariantCulture, $$"""{"title":"Agreement {{n}}","reference":"DRILL-{{n}}","parties":["ONE","TWO"],"proposedOn":"2020-01-01"}"""));

        async Task Send(HttpMethod method, string path, string body)
        {
            using var request = new HttpRequestMessage(method, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            request.Headers.Add("Idempotency-Key", Guid.CreateVersion7().ToString());
            using var answer = await http.SendAsync(request);
            if (!answer.IsSuccessStatusCode)
                throw new InvalidOperationException($"{method} {path}: {await answer.Content.ReadAsStringAsync()}");
        }
    }
}
