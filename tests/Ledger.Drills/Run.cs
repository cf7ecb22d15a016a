using System.Diagnostics;
using Npgsql;

namespace Ledger.Drills;

/// <summary>A run of drills, one after the other; when it is told to end it finishes the round and looks at what there is.</summary>
internal sealed class Run(Options options, string folder, CancellationToken ending)
{
    // What the health of the service promises.
    private static readonly TimeSpan Heals = TimeSpan.FromSeconds(30);

    private Scene? _usual;

    public async Task<IReadOnlyList<Result>> All(IReadOnlyList<Drill> drills, Action<Drill, int, string> progress)
    {
        var results = new List<Result>();
        foreach (var drill in drills)
        {
            if (ending.IsCancellationRequested)
                break;
            results.Add(await One(drill, progress));

            // What a broken promise has left behind must not be taken for another one.
            if (!results[^1].IsGood)
                await Forget();
        }

        await Forget();
        return results;
    }

    private async Task Forget()
    {
        if (_usual is not null)
            await _usual.DisposeAsync();
        _usual = null;
    }

    private async Task<Result> One(Drill drill, Action<Drill, int, string> progress)
    {
        var clock = Stopwatch.StartNew();
        progress(drill, 0, "being set up");
        var (rounds, settled, told) = (0, 0, 0);
        Scene? scene = null;
        try
        {
            scene = drill.Own is { } own
                ? await own(options.Program, Path.Combine(folder, drill.Name))
                : _usual ??= await Scene.Set(options.Program, Path.Combine(folder, drill.Name));
            if (scene is null)
                return new Result(drill.Name, drill.Fault, 0, null, 0, 0, 0, 0, $"it needs {drill.Needs}", SteppedAside: true);

            var (writers, journal) = scene.Clients(drill.Name, options.Seed);
            using (writers)
            using (journal)
            {
                for (; rounds < options.RoundsOf(drill) && !ending.IsCancellationRequested; rounds++)
                {
                    writers.Go();
                    await drill.Round(scene, writers, rounds);
                    var (now, again) = await writers.Settle();
                    (settled, told) = (settled + now, told + again);
                    progress(drill, rounds + 1, $"{writers.AnswersOfSuccess} recorded, {settled} settled");
                }

                var healed = await scene.Healed(Heals);
                var findings = await Audit.Run(scene.Cluster, scene.Service, journal, Scene.Subject, scene.Auditor);
                return new Result(drill.Name, drill.Fault, rounds, findings, settled, told, healed.TotalSeconds, clock.Elapsed.TotalSeconds, null, SteppedAside: false);
            }
        }
        catch (Exception e) when (e is DrillFailedException or InvalidOperationException or NpgsqlException or HttpRequestException)
        {
            return new Result(drill.Name, drill.Fault, rounds, null, settled, told, 0, clock.Elapsed.TotalSeconds, e is DrillFailedException ? e.Message : e.ToString(), SteppedAside: false);
        }
        finally
        {
            if (drill.Own is not null && scene is not null)
                await scene.DisposeAsync();
        }
    }
}
