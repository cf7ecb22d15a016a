using System.Diagnostics;
using System.Net;

namespace Ledger.Drills;

/// <summary>Every fault there is a drill for.</summary>
internal static class AllDrills
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    public static IReadOnlyList<Drill> Of { get; } =
    [
        new("service-killed", "kill -9 of the service", 30, 300, async (scene, writers, _) =>
        {
            await AMoment(writers);
            await scene.Service.Kill();
            await writers.Rest();
            await scene.Service.Start();
        }),
        new("store-killed", "kill -9 of PostgreSQL, every process of it at once", 12, 200, async (scene, writers, _) =>
        {
            await AMoment(writers);
            await scene.Cluster.Kill();
            await Task.Delay(writers.Next(0, 200));
            await writers.Rest();
            await scene.Cluster.Start();
            await scene.Service.Ready(Bound);
        }),
        new("store-restarted", "PostgreSQL shut down (fast) and started again", 3, 30, async (scene, writers, _) =>
        {
            await AMoment(writers);
            await scene.Cluster.Stop();
            await scene.Cluster.Start();
            await writers.Rest();
            await scene.Service.Ready(Bound);
        }),
        new("store-stopped", "every process of PostgreSQL stands still (SIGSTOP) for longer than anybody waits, and goes on", 1, 5, async (scene, writers, _) =>
        {
            await AMoment(writers);
            writers.Forget();
            await scene.Cluster.Signal("STOP");
            await Task.Delay(Service.WriteWait + TimeSpan.FromSeconds(2));
            await writers.Rest();
            Check(writers.LongestWait < Bound, $"Somebody waited for {writers.LongestWait.TotalSeconds:0.0} s for an answer.");
            Check(writers.Answers.GetValueOrDefault(503) > 0, "Nobody was told to come back.");
            Check(await scene.Service.Health() == HttpStatusCode.ServiceUnavailable, "Health was not red.");
            await scene.Cluster.Signal("CONT");
            await scene.Service.Ready(Bound);
        }),
        new("service-stopped", "the service stands still (SIGSTOP) and goes on", 2, 20, async (scene, writers, _) =>
        {
            await AMoment(writers);
            await Signals.Send("STOP", scene.Service.Pid);
            await Task.Delay(writers.Next(200, 1_500));
            await Signals.Send("CONT", scene.Service.Pid);
            await writers.HaveRecorded(Writers.Count);
            await writers.Rest();
        }),
        new("service-shut-down", "SIGTERM of the service: what it has begun is answered", 3, 30, async (scene, writers, _) =>
        {
            await AMoment(writers);
            Check(await scene.Service.Stop() == 0, "The service did not end well.");
            await writers.Rest();
            await scene.Service.Start();
            var replayed = writers.ReplayedSoFar;
            await writers.Settle();
            Check(writers.ReplayedSoFar == replayed, $"{writers.ReplayedSoFar - replayed} requests were recorded and never answered.");
        }),
        new("caller-gone", "callers who hang up in the middle", 3, 30, async (scene, writers, _) =>
        {
            writers.AreImpatient = true;
            await writers.HaveRecorded(60);
            await writers.Rest();
            writers.AreImpatient = false;
            await scene.Service.Ready(Bound);
        }),
        new("wire-cut", "connections cut between a commit and its answer", 10, 100, async (scene, writers, round) =>
        {
            var wire = scene.Wire!;
            var cuts = wire.Cuts;
            await AMoment(writers);
            wire.Arm(round % 2 == 0 ? Cut.AnswerLost : Cut.RequestSent, 6);
            for (var waited = Stopwatch.StartNew(); wire.Cuts < cuts + 4; await Task.Delay(5))
                Check(waited.Elapsed < Bound, "No commit came by to be cut.");
            wire.Arm(Cut.AnswerLost, 0);
            wire.Arm(Cut.RequestSent, 0);
            await writers.Rest();
            await scene.Service.Ready(Bound);
        })
        {
            Own = async (program, folder) => await Scene.Set(program, folder, wired: true),
        },
        new("store-late", "the service started before its store", 1, 5, async (scene, writers, _) =>
        {
            await writers.HaveRecorded(Writers.Count);
            await writers.Rest();
            await scene.Service.Stop();
            await scene.Cluster.Stop();
            scene.Service.Begin();
            for (var waited = Stopwatch.StartNew(); !(await File.ReadAllTextAsync(scene.Service.Log)).Contains("does not answer yet", StringComparison.Ordinal); await Task.Delay(100))
                Check(waited.Elapsed < Bound, "The log does not say that the store is waited for.");
            await scene.Cluster.Start();
            await scene.Service.Ready(Bound);
        }),
        new("data-full", "no space left for data", 1, 5, (scene, writers, _) => FullDisk(scene, writers, scene.Disk!))
        {
            Own = async (program, folder) => await Disk.Mount(Path.Combine(folder, "disk"), 192) is { } disk ? await Scene.Set(program, folder, data: disk.Path, log: Path.Combine(folder, "log"), disk: disk) : null,
            Needs = "a mount of a small tmpfs (root on Linux)",
        },
        new("log-full", "no space left for the write-ahead log", 1, 5, (scene, writers, _) => FullDisk(scene, writers, scene.Disk!))
        {
            Own = async (program, folder) => await Disk.Mount(Path.Combine(folder, "disk"), 96) is { } disk ? await Scene.Set(program, folder, log: disk.Path, disk: disk) : null,
            Needs = "a mount of a small tmpfs (root on Linux)",
        },
        new("clock-jumps", "the store's clock a day ahead, right, a day behind and right again", 1, 5, async (scene, writers, _) =>
        {
            var from = await scene.Cluster.Ask("select max(seq_id) from ledger.mt_events");
            foreach (var offset in new[] { "+1d", "+0", "-1d", "+0" })
            {
                await scene.Cluster.SetClock(offset);
                await writers.HaveRecorded(Writers.Count * 2);
            }

            await writers.Rest();
            var unmarked = await scene.Cluster.Ask($"select count(*) from ledger.mt_events where seq_id > {from} and headers ->> 'clockSaid' is null and abs(extract(epoch from timestamp - now())) > 3600");
            Check(unmarked == "0", $"{unmarked} entries of a wrong instant do not tell.");
            Check((await scene.Service.HealthText()).Contains("\"clock\":{\"status\":\"Degraded\"", StringComparison.Ordinal), "Health does not tell of the clock.");
        })
        {
            Own = async (program, folder) => WrongClock.Library.Length > 0 ? await Scene.Set(program, folder, clock: "+0") : null,
            Needs = "libfaketime",
        },
    ];

    // Somewhere in the middle of everything.
    private static async Task AMoment(Writers writers)
    {
        await writers.HaveRecorded(writers.Next(Writers.Count / 2, Writers.Count * 2));
        await Task.Delay(writers.Next(0, 60));
    }

    private static async Task FullDisk(Scene scene, Writers writers, Disk disk)
    {
        await AMoment(writers);
        writers.Forget();
        await disk.Fill();
        for (var waited = Stopwatch.StartNew(); writers.Answers.GetValueOrDefault(503) < Writers.Count; await Task.Delay(20))
        {
            await disk.Fill();
            Check(waited.Elapsed < TimeSpan.FromMinutes(1), "The disk never was full.");
        }

        // Without space for its log PostgreSQL ends; with none for data it answers whoever reads.
        if (scene.IsDataOnDisk)
            Check(await scene.CanBeRead(), scene.Cluster.HasEnded ? "PostgreSQL ended for want of space for data." : "Nothing could be read while the disk was full.");
        await writers.Rest();
        disk.Free();
        await scene.Cluster.Start();
        await scene.Service.Ready(Bound);
    }

    private static void Check(bool condition, string otherwise)
    {
        if (!condition)
            throw new DrillFailedException(otherwise);
    }
}
