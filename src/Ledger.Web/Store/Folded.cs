using System.Globalization;
using System.Text;

namespace Ledger.Web.Store;

/// <summary>Texts as they are searched and sorted: without case, accents and the difference between kinds of spaces, dashes and quotes.</summary>
internal static class Folded
{
    private const int MostOfKey = 200;
    private const string Cyrillic = "абвгдежзийклмнопрстуфхцчшщъыьэюяієґђјљњћџ";

    // After the BGN/PCGN romanization of Russian (1947), without its apostrophes.
    private static readonly string[] Latin =
    [
        "a", "b", "v", "g", "d", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "kh", "ts", "ch", "sh", "shch", "", "y", "", "e", "yu", "ya",
        "i", "e", "g", "d", "j", "l", "n", "c", "dz",
    ];
    private const char Breve = '\u0306';

    /// <summary>The text without what a search overlooks.</summary>
    public static string Of(string text)
    {
        var folded = new StringBuilder(text.Length);

        // U+FFFE is no character, and no normal form knows what to do with it.
        foreach (var c in text.Replace('\uFFFE', '\uFFFD').Normalize(NormalizationForm.FormKD))
        {
            // A Cyrillic й is a letter of its own and no и with an accent; a ё is written as е by most.
            if (c == Breve && folded.Length > 0 && folded[^1] == 'и')
                folded[^1] = 'й';
            else if (char.GetUnicodeCategory(c) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format or UnicodeCategory.Control) || char.IsWhiteSpace(c))
                Append(folded, c);
        }

        return folded.ToString().TrimEnd();
    }

    /// <summary>
    /// The text as it is searched: folded, and Cyrillic in Latin letters, so that <c>soyuz</c> finds <c>Союз</c>. The index of parts of words also
    /// knows no other letters in a database of the locale C.
    /// </summary>
    public static string ForSearch(string text)
    {
        var folded = Of(text);
        if (System.Text.Ascii.IsValid(folded))
            return folded;

        var latin = new StringBuilder(folded.Length * 2);
        foreach (var c in folded)
        {
            if (Cyrillic.IndexOf(c, StringComparison.Ordinal) is var at and >= 0)
                latin.Append(Latin[at]);
            else
                latin.Append(c);
        }

        return latin.ToString();
    }

    /// <summary>What a text is sorted by.</summary>
    public static string Key(string text)
    {
        var folded = Of(text);
        return folded.Length > MostOfKey ? folded[..(char.IsHighSurrogate(folded[MostOfKey - 1]) ? MostOfKey - 1 : MostOfKey)] : folded;
    }

    /// <summary>The words of a search, each as a pattern for LIKE that finds it anywhere.</summary>
    public static string[] Patterns(string search) =>
        [.. ForSearch(search).Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).Select(word => $"%{Escaped(word)}%")];

    private static string Escaped(string word) =>
        word.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal);

    private static void Append(StringBuilder folded, char c)
    {
        if (char.IsWhiteSpace(c))
        {
            if (folded.Length > 0 && folded[^1] != ' ')
                folded.Append(' ');
            return;
        }

        switch (char.ToLowerInvariant(c))
        {
            case 'œ': folded.Append("oe"); break;
            case 'æ': folded.Append("ae"); break;
            case 'ß': folded.Append("ss"); break;
            case 'ø': folded.Append('o'); break;
            case 'ł': folded.Append('l'); break;
            case 'đ' or 'ð': folded.Append('d'); break;
            case 'ı': folded.Append('i'); break;
            case '’' or '‘' or 'ʼ': folded.Append('\''); break;
            case '“' or '”' or '«' or '»' or '„': folded.Append('"'); break;
            case '–' or '—' or '‑' or '‐': folded.Append('-'); break;
            case var lower: folded.Append(lower); break;
        }
    }
}
