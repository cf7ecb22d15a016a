namespace Ledger.Benchmarks;

/// <summary>What one operation costs in processor time, from all that were measured under a name.</summary>
/// <param name="What">The name.</param>
/// <param name="Operations">How many there were.</param>
/// <param name="Time">What all of them used.</param>
internal sealed record Cost(string What, long Operations, ProcessorTime Time)
{
    /// <summary>The milliseconds of one operation, of a part of the time.</summary>
    public double Each(Func<ProcessorTime, TimeSpan> part) => part(Time).TotalMilliseconds / Operations;
}

/// <summary>Counts the processor time of what it measures, by name.</summary>
internal sealed class Meter(Stage stage)
{
    private readonly Dictionary<string, Cost> _costs = new(StringComparer.Ordinal);

    /// <summary>What was measured, in the order of its beginning.</summary>
    public IReadOnlyCollection<Cost> Costs => _costs.Values;

    /// <summary>Measures a load.</summary>
    /// <returns>Operations a second.</returns>
    public async Task<double> Measure(string what, Running? service, Func<Task<LoadResult>> load)
    {
        var before = stage.Used(service);
        var result = await load();
        var used = stage.Used(service).Since(before);
        if (result.Refused > 0)
            throw new InvalidOperationException($"{result.Refused} requests were refused: {what}");
        _costs[what] = _costs.TryGetValue(what, out var so)
            ? new(what, so.Operations + result.Answers, new(so.Time.Service + used.Service, so.Time.Store + used.Store, so.Time.Load + used.Load))
            : new(what, result.Answers, used);
        return result.PerSecond;
    }
}
