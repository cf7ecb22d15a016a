using CsCheck;

namespace Ledger;

/// <summary>
/// Samples that are the same in every run: each value is drawn from the printed seed and its own number. <c>LEDGER_SEED</c> gives another seed,
/// <c>LEDGER_SAMPLES</c> multiplies how many are drawn.
/// </summary>
internal static class Seeded
{
    private const ulong Fixed = 20200214;

    private static ulong Seed => ulong.TryParse(Environment.GetEnvironmentVariable("LEDGER_SEED"), out var seed) ? seed : Fixed;

    private static int Times => int.TryParse(Environment.GetEnvironmentVariable("LEDGER_SAMPLES"), out var times) ? times : 1;

    public static void Sample<T>(this Gen<T> gen, Action<T> assert, long iter = 100)
    {
        var seed = Seed;
        Parallel.For(0, iter * Times, number =>
        {
            var value = gen.Generate(new PCG((uint)number, seed), null, out _);
            try
            {
                assert(value);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Sample {number} of seed {seed} fails (LEDGER_SEED={seed} draws it again): {e.Message}", e);
            }
        });
    }

    public static void Sample<T1, T2>(this Gen<(T1, T2)> gen, Action<T1, T2> assert, long iter = 100) =>
        gen.Sample(x => assert(x.Item1, x.Item2), iter);

    public static void Sample<T1, T2, T3>(this Gen<(T1, T2, T3)> gen, Action<T1, T2, T3> assert, long iter = 100) =>
        gen.Sample(x => assert(x.Item1, x.Item2, x.Item3), iter);

    public static void Sample<T1, T2, T3, T4>(this Gen<(T1, T2, T3, T4)> gen, Action<T1, T2, T3, T4> assert, long iter = 100) =>
        gen.Sample(x => assert(x.Item1, x.Item2, x.Item3, x.Item4), iter);
}
