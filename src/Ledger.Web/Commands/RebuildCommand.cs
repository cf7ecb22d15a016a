using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Ledger.Web.Store;

namespace Ledger.Web.Commands;

/// <summary>
/// <c>check</c>: makes every projection anew beside what is stored, compares byte for byte and says what differs, and changes nothing.
/// <c>rebuild</c>: the same, and puts right what differs.
/// </summary>
internal static class RebuildCommand
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(5);

    /// <summary>Runs <c>rebuild</c> on a built application that need not serve.</summary>
    /// <returns>0 where everything was byte for byte what the entries make; 1 where something had to be put right.</returns>
    public static Task<int> Run(WebApplication app) =>
        Run("put right", progress => app.Services.GetRequiredService<Rebuild>().Run(progress, CancellationToken.None));

    /// <summary>Runs <c>check</c> on a built application that need not serve.</summary>
    /// <returns>0 where everything is byte for byte what the entries make; 1 where something differs.</returns>
    public static Task<int> Check(WebApplication app) =>
        Run("differing", progress => app.Services.GetRequiredService<Rebuild>().Check(progress, CancellationToken.None));

    private static async Task<int> Run(string what, Func<Action<RebuildProgress>, Task<ImmutableArray<RebuiltProjection>>> work)
    {
        var since = Stopwatch.StartNew();
        var found = await WorkProgress.Show<RebuildProgress, ImmutableArray<RebuiltProjection>>(
            work,
            now => [new WorkPart("Entries", now.Done, now.Of)],
            now => string.Create(CultureInfo.InvariantCulture, $"{now.Done} of {now.Of} entries, {now.Done / since.Elapsed.TotalSeconds:0} a second"),
            BetweenLines);
        foreach (var projection in found)
        {
            Console.WriteLine(projection.Differing.IsEmpty
                ? string.Create(CultureInfo.InvariantCulture, $"{projection.Projection}: {projection.Rows} made, each byte for byte what is stored.")
                : string.Create(CultureInfo.InvariantCulture, $"{projection.Projection}: {projection.Rows} made; {what}: {string.Join(", ", projection.Differing)}."));
        }

        return found.All(projection => projection.Differing.IsEmpty) ? 0 : 1;
    }
}
