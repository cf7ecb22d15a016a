using System.Globalization;

namespace Ledger.Benchmarks;

/// <summary>How much is measured.</summary>
/// <param name="Rounds">How often each way is measured.</param>
/// <param name="Time">How long a load runs.</param>
/// <param name="WarmUps">How often a load runs on the service before reading is measured.</param>
/// <param name="Agreements">How many agreements each client works on.</param>
/// <param name="WrittenAgreements">How many agreements each client writes to.</param>
/// <param name="LongStream">How many entries the long stream has.</param>
/// <param name="RebuiltEvents">How many entries projections are made anew from.</param>
/// <param name="ImportedEvents">How many entries are imported.</param>
/// <param name="Growth">How many times as large the large register is.</param>
internal sealed record Scale(int Rounds, TimeSpan Time, int WarmUps, int Agreements, int WrittenAgreements, int LongStream, int RebuiltEvents, int ImportedEvents, int Growth);

internal static class Options
{
    public static (Scale Scale, string? Only, string? Program) Of(string[] args)
    {
        string? Value(string name) => args.SkipWhile(a => a != name).Skip(1).FirstOrDefault();
        var scale = args.Contains("--smoke") ? new Scale(1, TimeSpan.FromSeconds(1), 2, 100, 100, 1_000, 2_000, 2_000, 10) : new Scale(3, TimeSpan.FromSeconds(4), 6, 100, 1_000, 10_000, 200_000, 200_000, 1_000);
        if (int.TryParse(Value("--rounds"), CultureInfo.InvariantCulture, out var rounds))
            scale = scale with { Rounds = rounds };
        if (int.TryParse(Value("--seconds"), CultureInfo.InvariantCulture, out var seconds))
            scale = scale with { Time = TimeSpan.FromSeconds(seconds) };
        return (scale, Value("--only"), Value("--program"));
    }
}
