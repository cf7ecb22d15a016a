using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Ledger.Web.Briefs;

/// <summary>Writes a brief as Markdown (CommonMark with pipe tables). Every sentence and every row ends with its citations.</summary>
public static class MarkdownBrief
{
    /// <summary>The brief in a language, with line feeds between lines and one at the end.</summary>
    public static string Write(Brief brief, Phrasebook phrasebook)
    {
        var text = new StringBuilder();
        Line($"# {Title(brief, phrasebook, markdown: true)}");
        Line();
        Line(PointOfView(brief, phrasebook));
        Line();
        Bullets(brief.About);

        Heading(BriefWord.BottomLine);
        Bullets(brief.BottomLine);

        Heading(BriefWord.StatusTable);
        Row(Word(BriefWord.Subject), Word(BriefWord.Standing), Word(BriefWord.DayColumn), Word(BriefWord.Source));
        Row("---", "---", "---", "---");
        foreach (var row in brief.Status)
            Row(Phrasebook.Capital(phrasebook.Write(row.Subject, true)), row.Standing is null ? "" : phrasebook.Write(row.Standing, true), phrasebook.When(row.When, row.On), phrasebook.Cite(row.Citations));
        if (brief.MoreStatus is not null)
        {
            Line();
            Line(phrasebook.CitedSentence(brief.MoreStatus));
        }

        if (brief.Changes is { } changes)
        {
            Line();
            Line($"## {Word(BriefWord.Changes)} {phrasebook.Since(brief.Since!)}");
            Line();
            Groups(changes);
        }

        if (brief.Decisions is { } decisions)
        {
            Heading(BriefWord.Decisions);
            Groups(decisions);
        }

        Heading(BriefWord.Dates);
        foreach (var (label, statements) in new[] { (BriefWord.Overdue, brief.Dates.Overdue), (BriefWord.Upcoming, brief.Dates.Upcoming) })
        {
            foreach (var statement in statements)
                Line($"- {Label(label, statement)}{phrasebook.CitedSentence(statement)}");
        }

        Heading(BriefWord.OpenPoints);
        Bullets(brief.OpenPoints);

        Heading(BriefWord.Annex);
        foreach (var statement in brief.MoreHistory)
        {
            Line(phrasebook.CitedSentence(statement));
            Line();
        }

        if (!brief.Annex.IsEmpty)
        {
            Row(Word(BriefWord.RecordedAt), Word(BriefWord.Late), Word(BriefWord.RecordedBy), Word(BriefWord.Entry));
            Row("---", "---:", "---", "---");
            foreach (var line in brief.Annex)
                Row(Recorded(line.RecordedAt), line.LateByDays is { } days ? phrasebook.Number(days) : "", Phrasebook.Own(line.Agency ?? "", true), Entry(line));
        }

        return text.ToString();

        string Word(BriefWord word) => phrasebook.Word(word);

        string Label(BriefWord word, Statement statement) =>
            statement.Arguments.ContainsKey("day") ? $"**{phrasebook.Labelled(Word(word))}** " : "";

        void Line(string line = "") => text.Append(line).Append('\n');

        void Row(params ReadOnlySpan<string> cells) => Line($"| {string.Join(" | ", cells!)} |");

        void Heading(BriefWord word)
        {
            Line();
            Line($"## {Word(word)}");
            Line();
        }

        void Bullets(ImmutableArray<Statement> statements)
        {
            foreach (var statement in statements)
                Line($"- {phrasebook.CitedSentence(statement)}");
        }

        void Groups(ImmutableArray<BriefGroup> groups)
        {
            foreach (var group in groups)
            {
                if (group.Reference is null || brief.Subject.Kind == BriefKind.Agreement)
                {
                    // What belongs to no agreement has no name; where there is only one agreement to speak of, its name stands above.
                    Bullets(group.Statements);
                    continue;
                }

                Line($"- **{phrasebook.Title(group.Titles?.In(phrasebook.Language) ?? group.Title ?? "", true)} {phrasebook.Labelled($"({Phrasebook.Own(group.Reference, true)})")}**");
                foreach (var statement in group.Statements)
                    Line($"  - {phrasebook.CitedSentence(statement)}");
            }
        }

        // To the second and in ISO 8601, as a register is kept, so that entries of one minute keep their order.
        static string Recorded(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

        string Entry(HistoryLine line)
        {
            var corrected = line.CorrectedBy.IsEmpty
                ? ""
                : $" *({Word(BriefWord.CorrectedBy)} {string.Join(", ", line.CorrectedBy.Select(number => $"#{phrasebook.Number(number)}"))})*";
            return phrasebook.Clause(line.Statement) + corrected + " " + phrasebook.Cite(line.Statement.Citations);
        }
    }

    /// <summary>The title of the brief, in Markdown or as plain text.</summary>
    internal static string Title(Brief brief, Phrasebook phrasebook, bool markdown)
    {
        var subject = brief.Subject;
        if (subject.Kind == BriefKind.Portfolio)
            return $"{phrasebook.Word(BriefWord.Portfolio)} – {string.Join(", ", (subject.Parties ?? []).Select(code => Phrasebook.Own(code, markdown)))}";

        var kind = phrasebook.Word(subject.Kind == BriefKind.Meeting ? BriefWord.Meeting : BriefWord.Agreement);
        return $"{kind} {Phrasebook.Own(subject.Reference!, markdown)} – {phrasebook.Title(subject.Titles?.In(phrasebook.Language) ?? subject.Title!, markdown)}";
    }

    /// <summary>What the brief is as of and known at.</summary>
    internal static string PointOfView(Brief brief, Phrasebook phrasebook) =>
        $"{phrasebook.Word(BriefWord.AsOf)} {phrasebook.Day(brief.AsOf)} · {phrasebook.Word(BriefWord.KnownAt)} {phrasebook.Instant(brief.KnownAt)}"
        + (brief.Since is { } since ? $" · {phrasebook.Word(BriefWord.ChangesSince)} {phrasebook.Since(since)}" : "");
}
