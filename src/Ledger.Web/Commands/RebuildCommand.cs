using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Ledger.Web.Store;
using Spectre.Console;

namespace Ledger.Web.Commands;

/// <summary>
/// <c>check</c>: makes every projection anew beside what is stored, compares byte for byte and says what differs, and changes nothing.
/// <c>rebuild</c>: the same, and puts right what differs.
/// </summary>
internal static class RebuildCommand
{
    /// <summary>Runs <c>rebuild</c> on a built application that need not serve.</summary>
    /// <returns>0 where everything was byte for byte what the entries make; 1 where something had to be put right.</returns>
    public static Task<int> Run(WebApplication app) =>
        Run("put right", progress => app.Services.GetRequiredService<Rebuild>().Run(progress, CancellationToken.None));

    /// <summary>Runs <c>check</c> on a built application that need not serve.</summary>
    /// <returns>0 where everything is byte for byte what the entries make; 1 where something differs.</returns>
    public static Task<int> Check(WebApplication app) =>
        Run("differing", progress => app.Services.GetRequiredService<Rebuild>().Check(progress, CancellationToken.None));

    private static async Task<int> Run(string what, Func<IProgress<RebuildProgress>, Task<ImmutableArray<RebuiltProjection>>> work)
    {
        var found = AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected
            ? await AnsiConsole.Progress()
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                .StartAsync(context =>
                {
                    var bar = context.AddTask("Entries");
                    return work(new Steps(at => (bar.MaxValue, bar.Value) = (at.Of, at.Done)));
                })
            : await work(new Lines());
        foreach (var projection in found)
        {
            Console.WriteLine(projection.Differing.IsEmpty
                ? string.Create(CultureInfo.InvariantCulture, $"{projection.Projection}: {projection.Rows} made, each byte for byte what is stored.")
                : string.Create(CultureInfo.InvariantCulture, $"{projection.Projection}: {projection.Rows} made; {what}: {string.Join(", ", projection.Differing)}."));
        }

        return found.All(projection => projection.Differing.IsEmpty) ? 0 : 1;
    }

    // Reported where it happens: Progress<T> would hand it to another thread, and the last of it after the end.
    private sealed class Steps(Action<RebuildProgress> report) : IProgress<RebuildProgress>
    {
        public void Report(RebuildProgress value) => report(value);
    }

    private sealed class Lines : IProgress<RebuildProgress>
    {
        private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);
        private readonly Stopwatch _since = Stopwatch.StartNew();
        private TimeSpan _last;

        public void Report(RebuildProgress value)
        {
            if (_since.Elapsed - _last < Between)
                return;
            _last = _since.Elapsed;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{value.Done} of {value.Of} entries, {value.Done / _since.Elapsed.TotalSeconds:0} a second"));
        }
    }
}
