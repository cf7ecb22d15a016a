using System.Collections;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Ledger.Domain.Agreements;

/// <summary>
/// The acts of an agreement in the order of recording. A list never changes; the list with one act more shares the memory of the one before,
/// so that a stream of any length is folded in linear time. Two lists of the same acts are equal. In JSON it is an array.
/// </summary>
[JsonConverter(typeof(ActListJsonConverter))]
[CollectionBuilder(typeof(ActList), nameof(Create))]
public sealed class ActList : IReadOnlyList<Act>, IEquatable<ActList>
{
    private readonly Memory _memory;

    private ActList(Memory memory, int count) => (_memory, Count) = (memory, count);

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public Act this[int index] => AsSpan()[index];

    /// <summary>A list of these acts.</summary>
    public static ActList Create(ReadOnlySpan<Act> acts) => new(new Memory(acts, acts.Length), acts.Length);

    /// <summary>The list with one act more.</summary>
    public ActList Add(Act act)
    {
        // Whoever first adds to the end of the shared memory has the place; anybody else, who would write there too, takes memory of its own.
        var memory = _memory.TryTake(Count) ? _memory : new Memory(AsSpan(), Math.Max(4, Count * 2), Count + 1);
        memory.Acts[Count] = act;
        return new(memory, Count + 1);
    }

    /// <summary>The act of an entry; null where the entry is no act, or was struck out.</summary>
    /// <param name="number">The number of the entry.</param>
    public Act? Find(long number) => IndexOf(number) is var index && index < 0 ? null : this[index];

    /// <summary>The list with another act in the place of the one of the same number; the same list where there is none.</summary>
    public ActList Replace(Act act)
    {
        var index = IndexOf(act.Number);
        if (index < 0)
            return this;

        var memory = new Memory(AsSpan(), Count);
        memory.Acts[index] = act;
        return new(memory, Count);
    }

    /// <summary>The list without the act of an entry; the same list where there is none.</summary>
    /// <param name="number">The number of the entry.</param>
    public ActList Remove(long number)
    {
        var index = IndexOf(number);
        return index < 0 ? this : Create([.. AsSpan()[..index], .. AsSpan()[(index + 1)..]]);
    }

    /// <summary>The acts.</summary>
    public ReadOnlySpan<Act> AsSpan() => _memory.Acts.AsSpan(0, Count);

    /// <summary>Walks through the acts.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <inheritdoc/>
    IEnumerator<Act> IEnumerable<Act>.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(ActList? other) => other is not null && (ReferenceEquals(this, other) || AsSpan().SequenceEqual(other.AsSpan()));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ActList);

    /// <inheritdoc/>
    public override int GetHashCode() => Count == 0 ? 0 : HashCode.Combine(Count, this[0], this[^1]);

    // Acts stand in the order of their numbers.
    private int IndexOf(long number)
    {
        var (low, high) = (0, Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            switch (this[middle].Number.CompareTo(number))
            {
                case 0: return middle;
                case < 0: low = middle + 1; break;
                default: high = middle - 1; break;
            }
        }

        return -1;
    }

    /// <summary>Walks through the acts of a list.</summary>
    public struct Enumerator : IEnumerator<Act>
    {
        private readonly Act[] _acts;
        private readonly int _count;
        private int _at;

        internal Enumerator(ActList acts) => (_acts, _count, _at) = (acts._memory.Acts, acts.Count, -1);

        /// <inheritdoc/>
        public readonly Act Current => _acts[_at];

        /// <inheritdoc/>
        readonly object IEnumerator.Current => Current;

        /// <inheritdoc/>
        public bool MoveNext() => ++_at < _count;

        /// <inheritdoc/>
        public void Reset() => _at = -1;

        /// <inheritdoc/>
        public readonly void Dispose()
        {
        }
    }

    // Written only behind what any list that shares it can see.
    private sealed class Memory
    {
        private int _taken;

        public Memory(ReadOnlySpan<Act> acts, int room, int? taken = null)
        {
            Acts = new Act[room];
            acts.CopyTo(Acts);
            _taken = taken ?? acts.Length;
        }

        public Act[] Acts { get; }

        public bool TryTake(int index) => index < Acts.Length && Interlocked.CompareExchange(ref _taken, index + 1, index) == index;
    }
}

/// <summary>A list of acts as an array.</summary>
public sealed class ActListJsonConverter : JsonConverter<ActList>
{
    /// <inheritdoc/>
    public override ActList Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ActList.Create(JsonSerializer.Deserialize<Act[]>(ref reader, options));

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ActList value, JsonSerializerOptions options)
    {
        var kind = (JsonTypeInfo<Act>)options.GetTypeInfo(typeof(Act));
        writer.WriteStartArray();
        foreach (var act in value)
            JsonSerializer.Serialize(writer, act, kind);
        writer.WriteEndArray();
    }
}
