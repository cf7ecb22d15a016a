using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

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
        var problems = new List<string>();
        var rounds = 0;
        Findings? findings = null;
        var (retries, healed) = (new Retries(0, 0, 0), TimeSpan.Zero);
        Scene? scene = null;
        await Try(problems, async () => scene = await Set(drill));
        if (scene is null && problems.Count == 0)
            return new Result(drill.Name, drill.Fault, 0, null, retries, 0, 0, [$"it needs {drill.Needs}"], SteppedAside: true);

        if (scene is not null)
        {
            var (writers, journal) = scene.Clients(drill.Name, options.Seed);
            using (writers)
            using (journal)
            {
                await Try(problems, async () =>
                {
                    for (; rounds < options.RoundsOf(drill) && !ending.IsCancellationRequested; rounds++)
                    {
                        writers.Go();
                        await drill.Round(scene, writers, rounds);
                        await scene.Service.Ready(Heals);
                        await writers.Settle();
                        progress(drill, rounds + 1, $"{writers.AnswersOfSuccess} recorded, {writers.Settled} of {writers.Retried} settled by one retry");
                    }
                });

                // A check that failed says nothing of what is in the store: that is looked at all the same.
                if (problems.Count > 0)
                    await Restore(scene, writers, problems);
                await Try(problems, async () => healed = await scene.Healed(Heals));
                await Try(problems, async () => findings = await Audit.Run(scene.Cluster, scene.Service, journal, Scene.Subject, scene.Auditor));
                retries = new(writers.Retried, writers.Settled, writers.StillRunning);
            }

            if (drill.Own is not null)
                await scene.DisposeAsync();
        }

        return new Result(drill.Name, drill.Fault, rounds, findings, retries, healed.TotalSeconds, clock.Elapsed.TotalSeconds, problems, SteppedAside: false);
    }

    private async Task<Scene?> Set(Drill drill) => drill.Own is { } own
        ? await own(options.Program, Path.Combine(folder, drill.Name))
        : _usual ??= await Scene.Set(options.Program, Path.Combine(folder, drill.Name));

    private static async Task Restore(Scene scene, Writers writers, List<string> problems)
    {
        writers.AreImpatient = false;
        await Try(problems, () => scene.Restore(TimeSpan.FromMinutes(3)));

        // Whoever was writing may have met what the check has failed for: it is known already.
        await Try([], writers.Rest);
        await Try(problems, writers.Insist);
    }

    // What fails is said, and ends nothing but itself.
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "What breaks in a drill may be of any type.")]
    private static async Task Try(List<string> problems, Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (Exception e)
        {
            problems.Add(e is DrillFailedException ? e.Message : e.ToString());
        }
    }
}
