using CsCheck;

namespace Ledger.Fuzz;

/// <summary>Chance that is the same in every run: one stream of numbers for each seed and name.</summary>
internal sealed class Dice(ulong seed, uint stream)
{
    private readonly PCG _numbers = new(stream, seed);

    /// <summary>What a generator draws next.</summary>
    public T Draw<T>(Gen<T> gen) => gen.Generate(_numbers, null, out _);

    /// <summary>A number from 0 to one less than the given one.</summary>
    public int Below(int count) => (int)_numbers.Next((uint)count);

    /// <summary>A number between two, both included.</summary>
    public int Between(int least, int most) => least + Below(most - least + 1);

    /// <summary>True so many times in a hundred.</summary>
    public bool Percent(int chance) => Below(100) < chance;

    /// <summary>One of these.</summary>
    public T Of<T>(IReadOnlyList<T> values) => values[Below(values.Count)];

    /// <summary>One of these.</summary>
    public T Any<T>(params ReadOnlySpan<T> values) => values[Below(values.Length)];
}
