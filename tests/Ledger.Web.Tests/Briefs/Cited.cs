using System.Globalization;
using System.Text.RegularExpressions;
using Ledger.Domain.Days;
using Ledger.Web.Briefs;

namespace Ledger.Web.Tests.Briefs;

/// <summary>Reads a brief as a reader without the program would: line by line, sentence by sentence.</summary>
internal static partial class Cited
{
    /// <summary>Every sentence, bullet and row that does not end with a citation.</summary>
    public static IReadOnlyList<string> Missing(string markdown, Phrasebook book)
    {
        var lines = markdown.Split('\n');
        var missing = new List<string>();
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            var heads = i + 1 < lines.Length && lines[i + 1].StartsWith("| --- |", StringComparison.Ordinal);
            if (line.Length == 0 || line.StartsWith('#') || i == 2 || heads || line.StartsWith("| --- |", StringComparison.Ordinal))
                continue;

            // The name above the sentences on one agreement; users' asterisks are escaped.
            if (line.StartsWith("- **", StringComparison.Ordinal) && line.EndsWith(":**", StringComparison.Ordinal))
                continue;

            if (line.StartsWith("| ", StringComparison.Ordinal))
            {
                if (!CitationBeforeEndOfRow().IsMatch(line))
                    missing.Add(line);
                continue;
            }

            // What users wrote stands between quotation marks; a citation, which may hold the full stop of a month, becomes one mark.
            var text = Month(book).Replace(Quoted(book).Replace(Citation().Replace(line, "§"), "x"), "m");
            missing.AddRange(text.Split('.').Select(s => s.Trim()).Where(s => s.Length > 0 && !s.EndsWith('§')).Select(s => $"{s} <- {line}"));
            if (!text.EndsWith('.'))
                missing.Add(line);
        }

        return missing;
    }

    /// <summary>Every citation: what is cited, the number and the day as it is written.</summary>
    public static IEnumerable<(string What, long Number, string Day)> Citations(string markdown) =>
        Citation().Matches(markdown).Select(m => (m.Groups["what"].Value, long.Parse(m.Groups["number"].Value, CultureInfo.InvariantCulture), m.Groups["day"].Value));

    /// <summary>Every statement of a brief.</summary>
    public static IEnumerable<Statement> Statements(Brief brief) =>
    [
        .. brief.About,
        .. brief.BottomLine,
        .. brief.MoreStatus is { } more ? [more] : Array.Empty<Statement>(),
        .. (brief.Changes ?? []).SelectMany(g => g.Statements),
        .. (brief.Decisions ?? []).SelectMany(g => g.Statements),
        .. brief.Dates.Overdue,
        .. brief.Dates.Upcoming,
        .. brief.OpenPoints,
        .. brief.Annex.Select(line => line.Statement),
        .. brief.MoreHistory,
    ];

    private static Regex Quoted(Phrasebook book) => new(book.Language == "en" ? "“[^”]*”" : "«[^»]*»", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    private static Regex Month(Phrasebook book) =>
        new(string.Join('|', Enumerable.Range(1, 12).Select(m => Regex.Escape(book.Day(Day.On(2020, m, 2))[2..^5]))), RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    [GeneratedRegex(@"(?<!\\)\[(?<what>[^\[\]#]+) #(?<number>[0-9]+), (?<day>[^\[\]]+)\]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Citation();

    [GeneratedRegex(@"(?<!\\)\[[^\[\]#]+ #[0-9]+, [^\[\]]+\] \|$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex CitationBeforeEndOfRow();
}
