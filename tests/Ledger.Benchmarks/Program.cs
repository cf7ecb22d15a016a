using Ledger.Benchmarks;
using Spectre.Console;

if (args is ["rival", var kind])
    return await Rivals.Run(kind);

var (scale, only, program) = Options.Of(args);
await using var stage = await Stage.Set(program);
var comparisons = new List<Comparison>();
foreach (var (name, run) in new (string, Func<Task<IReadOnlyList<Comparison>>>)[]
{
    ("writing", () => new Writing(stage, scale).Run()),
    ("reading", () => new Reading(stage, scale).Run()),
    ("replaying", () => new Replaying(stage, scale).Run()),
    ("importing", () => new Importing(stage, scale).Run()),
    ("growing", () => new Growing(stage, scale).Run()),
    ("starting", () => new Starting(stage, scale).Run()),
})
{
    if (only is not null && only != name)
        continue;
    await Console.Error.WriteLineAsync($"Measuring {name} …");
    comparisons.AddRange(await run());
}

var table = new Table().Border(TableBorder.Markdown);
foreach (var column in new[] { "what", "ours", "divided by", "theirs", "unit", "ratio", "must reach" })
    table.AddColumn(new TableColumn(column) { NoWrap = true });
foreach (var c in comparisons)
{
    table.AddRow(new[]
    {
        c.What, Comparison.Spread(c.Ours), c.Against, Comparison.Spread(c.Theirs), c.Unit,
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{c.Ratio:N2}"),
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(c.LessIsBetter ? "≤" : "≥")} {c.Target:N2}{(c.IsMet ? "" : " (not met)")}"),
    }.Select(Markup.Escape).ToArray());
}

AnsiConsole.Profile.Width = 400;
AnsiConsole.Write(table);
return 0;

/// <summary>How much is measured.</summary>
/// <param name="Rounds">How often each way is measured.</param>
/// <param name="Time">How long a load runs.</param>
/// <param name="Agreements">How many agreements each client works on.</param>
/// <param name="LongStream">How many entries the long stream has.</param>
/// <param name="RebuiltEvents">How many entries projections are made anew from.</param>
/// <param name="ImportedEvents">How many entries are imported.</param>
/// <param name="Growth">How many times as large the large register is.</param>
internal sealed record Scale(int Rounds, TimeSpan Time, int Agreements, int LongStream, int RebuiltEvents, int ImportedEvents, int Growth);

internal static class Options
{
    public static (Scale Scale, string? Only, string? Program) Of(string[] args)
    {
        string? Value(string name) => args.SkipWhile(a => a != name).Skip(1).FirstOrDefault();
        var scale = args.Contains("--smoke") ? new Scale(1, TimeSpan.FromSeconds(1), 100, 1_000, 2_000, 2_000, 10) : new Scale(3, TimeSpan.FromSeconds(5), 100, 10_000, 200_000, 200_000, 1_000);
        return (scale, Value("--only"), Value("--program"));
    }
}
