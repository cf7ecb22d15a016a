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
    var measured = await run();
    comparisons.AddRange(measured);

    // A run that is broken off has told what it found by then.
    foreach (var c in measured)
        await Console.Error.WriteLineAsync(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"  {c.What}: {c.Ratio:N2} ({Comparison.Spread(c.Ours)} to {Comparison.Spread(c.Theirs)} {c.Unit})"));
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

var costs = new Table().Border(TableBorder.Markdown);
foreach (var column in new[] { "milliseconds of processor time", "service", "PostgreSQL", "load" })
    costs.AddColumn(new TableColumn(column) { NoWrap = true });
foreach (var cost in comparisons.SelectMany(c => c.Costs))
{
    costs.AddRow(new[] { cost.What }.Concat(new Func<ProcessorTime, TimeSpan>[] { t => t.Service, t => t.Store, t => t.Load }
        .Select(part => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{cost.Each(part):N3}"))).Select(Markup.Escape).ToArray());
}

if (costs.Rows.Count > 0)
    AnsiConsole.Write(costs);
return 0;
