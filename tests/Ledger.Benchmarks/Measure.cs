using System.Globalization;

namespace Ledger.Benchmarks;

/// <summary>Measurements of two ways, taken in turns so that whatever else the machine does meets both.</summary>
/// <param name="What">What is measured.</param>
/// <param name="Against">What it is divided by.</param>
/// <param name="Unit">The unit of both.</param>
/// <param name="Ours">What the Ledger reached, each round.</param>
/// <param name="Theirs">What the other reached, each round.</param>
/// <param name="Target">What the ratio is to be.</param>
/// <param name="LessIsBetter">Whether the ratio is to stay below the target.</param>
internal sealed record Comparison(string What, string Against, string Unit, IReadOnlyList<double> Ours, IReadOnlyList<double> Theirs, double Target, bool LessIsBetter = false)
{
    /// <summary>The processor time of what was measured, where it was counted.</summary>
    public IReadOnlyCollection<Cost> Costs { get; init; } = [];

    public double Ratio => Median(Ours) / Median(Theirs);

    public bool IsMet => LessIsBetter ? Ratio <= Target : Ratio >= Target;

    public static double Median(IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }

    /// <summary>The median with the lowest and the highest.</summary>
    public static string Spread(IReadOnlyList<double> values) => string.Create(
        CultureInfo.InvariantCulture, $"{Number(Median(values))} ({Number(values.Min())}–{Number(values.Max())})");

    public static async Task<Comparison> InTurns(
        string what, string against, string unit, int rounds, Func<int, Task<double>> ours, Func<int, Task<double>> theirs, double target, bool lessIsBetter = false)
    {
        var (one, other) = (new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            one.Add(await ours(round));
            other.Add(await theirs(round));
        }

        return new Comparison(what, against, unit, one, other, target, lessIsBetter);
    }

    private static string Number(double value) => value.ToString(value >= 100 ? "N0" : value >= 1 ? "N1" : "N3", CultureInfo.InvariantCulture);
}
