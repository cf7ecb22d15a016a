using System.Globalization;
using System.Text;

namespace Ledger.Web.Recording;

/// <summary>
/// A text with numbers that are known only once it is being stored. Each number has a placeholder, unlike any other number, until then.
/// </summary>
internal sealed class NumberedText
{
    private const int Digits = 6;

    private readonly string _mark = Random.Shared.NextInt64(1_000_000_000_000, 9_000_000_000_000).ToString(CultureInfo.InvariantCulture);
    private readonly List<(string Text, int? Number)> _parts = [];

    /// <summary>The text in parts, each with the index of the number that follows it.</summary>
    public IReadOnlyList<(string Text, int? Number)> Parts => _parts;

    /// <summary>What to write for the number of an index.</summary>
    public long Placeholder(int index) => long.Parse(_mark, CultureInfo.InvariantCulture) * 1_000_000 + index;

    /// <summary>Takes in the text.</summary>
    public string Write(string text)
    {
        var from = 0;
        for (var at = text.IndexOf(_mark, StringComparison.Ordinal); at >= 0; at = text.IndexOf(_mark, from, StringComparison.Ordinal))
        {
            _parts.Add((text[from..at], int.Parse(text.AsSpan(at + _mark.Length, Digits), CultureInfo.InvariantCulture)));
            from = at + _mark.Length + Digits;
        }

        _parts.Add((text[from..], null));
        return text;
    }

    /// <summary>The text with the numbers, by index.</summary>
    public string Read(IReadOnlyList<long> numbers)
    {
        var text = new StringBuilder();
        foreach (var (part, number) in _parts)
        {
            text.Append(part);
            if (number is { } index)
                text.Append(numbers[index]);
        }

        return text.ToString();
    }
}
