using System.Diagnostics;
using Spectre.Console;

namespace Ledger.Web.Commands;

/// <summary>A part of some work, and how far it has come.</summary>
/// <param name="Name">What it is called now; it may tell the rate as well.</param>
/// <param name="Done">How much of it is done.</param>
/// <param name="Of">How much there is.</param>
internal sealed record WorkPart(string Name, double Done, double Of);

/// <summary>Shows how far long work has come: bars with the time left in a terminal, plain lines in a log.</summary>
internal static class WorkProgress
{
    /// <summary>Does work and shows how far it has come whenever it tells.</summary>
    /// <param name="work">The work. What it is given is to be told where the work stands.</param>
    /// <param name="parts">The parts of the work from where it stands, always in the same order; those that have not begun may be left out.</param>
    /// <param name="line">Where it stands, as a line of a log.</param>
    /// <param name="betweenLines">How long at least to wait between two lines.</param>
    public static async Task<TResult> Show<TState, TResult>(
        Func<Action<TState>, Task<TResult>> work, Func<TState, IReadOnlyList<WorkPart>> parts, Func<TState, string> line, TimeSpan betweenLines)
    {
        if (!AnsiConsole.Profile.Capabilities.Interactive || Console.IsOutputRedirected)
        {
            var sinceLine = Stopwatch.StartNew();
            return await work(now =>
            {
                if (sinceLine.Elapsed < betweenLines)
                    return;
                sinceLine.Restart();
                Console.WriteLine(line(now));
            });
        }

        return await AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context =>
            {
                var bars = new List<ProgressTask>();
                return work(now =>
                {
                    foreach (var (part, place) in parts(now).Select((part, place) => (part, place)))
                    {
                        if (place == bars.Count)
                            bars.Add(context.AddTask(Markup.Escape(part.Name)));
                        (bars[place].Description, bars[place].MaxValue, bars[place].Value) = (Markup.Escape(part.Name), part.Of, part.Done);
                    }
                });
            });
    }
}
