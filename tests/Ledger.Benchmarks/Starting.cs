namespace Ledger.Benchmarks;

/// <summary>How long it takes from the start of the process to the first answer.</summary>
internal sealed class Starting(Stage stage, Scale scale)
{
    public async Task<IReadOnlyList<Comparison>> Run()
    {
        var database = await stage.Database("starting");
        await Ours(database);
        await Theirs(database);
        return
        [
            await Comparison.InTurns(
                "process start to the first 200, existing database, published build", "plain ASP.NET + Npgsql likewise", "ms", scale.Rounds, _ => Ours(database), _ => Theirs(database), 2.0, lessIsBetter: true),
        ];
    }

    private async Task<double> Ours(string database)
    {
        await using var service = await stage.Service(database);
        return service.Started.TotalMilliseconds;
    }

    private async Task<double> Theirs(string database)
    {
        await using var service = await stage.Rival("start", database);
        return service.Started.TotalMilliseconds;
    }
}
