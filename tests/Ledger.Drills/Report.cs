using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Ledger.Drills;

/// <summary>What a run came to, for people and for programs.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The report as Markdown.</summary>
    public static string Markdown(IReadOnlyList<Result> results, int seed)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Drills, {Writers.Count} clients writing, seed {seed}\n\n");
        text.Append("| drill | fault | rounds | requests | acknowledged | entries | refused | unknown at first | of them recorded | unknown when green again | settled by one retry | still being recorded then | lost | doubled | differing | healed in s |\n");
        text.Append("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (var r in results)
        {
            text.Append(r.Findings is { } f
                ? string.Create(CultureInfo.InvariantCulture, $"| {r.Name} | {r.Fault} | {r.Rounds} | {f.Requests} | {f.Acknowledged} | {f.Entries} | {f.Refused} | {f.WereUnknown} | {f.HadBeenRecorded} | {r.Retries.Sent} | {r.Retries.Settled} | {r.Retries.StillRunning} | {f.Lost.Count} | {f.Doubled.Count} | {f.Differing.Count} | {r.HealedInSeconds:0.0} |\n")
                : string.Create(CultureInfo.InvariantCulture, $"| {r.Name} | {r.Fault} | {r.Rounds} | | | | | | | | | | | | | |\n"));
        }

        foreach (var r in results)
        {
            foreach (var line in r.Problems.Concat(r.Findings is { } f ? [.. f.Lost, .. f.Doubled, .. f.Differing] : Array.Empty<string>()).Take(20))
                text.Append(CultureInfo.InvariantCulture, $"\n- {r.Name}{(r.SteppedAside ? " stepped aside" : "")}: {line}");
        }

        return text.Append(results.All(r => r.IsGood) ? "\nEvery promise was kept.\n" : "\nPromises were broken.\n").ToString();
    }

    /// <summary>The report as JSON.</summary>
    public static string Json(IReadOnlyList<Result> results, int seed) => JsonSerializer.Serialize(new { seed, clients = Writers.Count, results }, Indented);
}
