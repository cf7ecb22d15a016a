using System.Diagnostics;
using System.Runtime.InteropServices;
using Ledger.Drills;
using Spectre.Console;

if (Options.Of(args) is not { } options)
{
    await Console.Error.WriteLineAsync($"{Options.Usage}\nDrills: {string.Join(", ", AllDrills.Of.Select(d => d.Name))}");
    return 2;
}

var temporary = Directory.CreateTempSubdirectory("ledger-drills-").FullName;
if (!OperatingSystem.IsWindows())
    File.SetUnixFileMode(temporary, File.GetUnixFileMode(temporary) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
using var ending = new CancellationTokenSource();
void End(PosixSignalContext signal)
{
    // What was drilled so far is still to be looked at, and nothing is to be left running.
    signal.Cancel = true;
    ending.Cancel();
}

using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
var run = new Run(options, temporary, ending.Token);
var drills = AllDrills.Of.Where(d => options.Only.Count == 0 || options.Only.Contains(d.Name)).ToList();
var results = AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected
    ? await AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).StartAsync(context =>
    {
        var bars = drills.ToDictionary(d => d.Name, d => context.AddTask(d.Name, autoStart: false, maxValue: options.RoundsOf(d)), StringComparer.Ordinal);
        return run.All(drills, (drill, rounds, _) =>
        {
            bars[drill.Name].StartTask();
            bars[drill.Name].Value = rounds;
        });
    })
    : await run.All(drills, Lines());
var folder = Directory.CreateDirectory(options.ReportTo ?? temporary).FullName;
var markdown = Report.Markdown(results, options.Seed);
await File.WriteAllTextAsync(Path.Combine(folder, "drills.md"), markdown);
await File.WriteAllTextAsync(Path.Combine(folder, "drills.json"), Report.Json(results, options.Seed));
Console.WriteLine(markdown);
var isGood = results.All(r => r.IsGood);
if (isGood && options.ReportTo is not null)
    Directory.Delete(temporary, recursive: true);
else
    Console.WriteLine($"Report, journals and logs are in {temporary}{(options.ReportTo is null ? "" : $" and {folder}")}.");
return isGood ? 0 : 1;

static Action<Drill, int, string> Lines()
{
    var last = Stopwatch.StartNew();
    var said = "";
    return (drill, rounds, state) =>
    {
        if (said == drill.Name && last.Elapsed < TimeSpan.FromSeconds(10))
            return;
        said = drill.Name;
        last.Restart();
        Console.WriteLine($"{drill.Name}: {rounds} rounds, {state}");
    };
}
