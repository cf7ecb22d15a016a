using System.Net;
using System.Text.RegularExpressions;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Parsers.Inlines;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Ledger.Web.Briefs;

/// <summary>Writes a brief as one HTML page that asks for nothing else: no script, no font, no image. Raw HTML in the text is text.</summary>
public static class HtmlBrief
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().DisableHtml().UsePipeTables().Use<CitationExtension>().Build();

    private static readonly string Css = """
        :root { color-scheme: light dark; --ink: #1b1f24; --paper: #fdfdfb; --quiet: #5b646e; --rule: #cfd4d9; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6e3dc; --paper: #16181b; --quiet: #a3abb3; --rule: #3b4147; } }
        body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: var(--ink); background: var(--paper);
          font: 1rem/1.45 "Noto Sans", "Segoe UI", "Helvetica Neue", Arial, "DejaVu Sans", sans-serif; }
        h1 { font-size: 1.45rem; line-height: 1.25; margin: 0 0 .3rem; }
        h2 { font-size: 1.08rem; margin: 1.3rem 0 .35rem; padding-bottom: .15rem; border-bottom: 1px solid var(--rule); }
        p, ul { margin: .35rem 0; } ul { padding-left: 1.15rem; } li { margin: .15rem 0; }
        h1 + p { color: var(--quiet); }
        table { width: 100%; border-collapse: collapse; font-size: .94em; }
        th, td { text-align: left; vertical-align: top; padding: .2rem .6rem .2rem 0; border-bottom: 1px solid var(--rule); }
        body { overflow-wrap: break-word; } td:last-child, li { overflow-wrap: anywhere; }
        .ledger-brief__number { text-align: right; }
        th { font-weight: 600; color: var(--quiet); } thead { display: table-header-group; } tr { break-inside: avoid; }
        cite { font-style: normal; font-size: .82em; color: var(--quiet); white-space: nowrap; }
        h2:last-of-type ~ table { font-size: .84em; } h2:last-of-type ~ table td:nth-child(1), th { white-space: nowrap; }
        @media print {
          :root { --ink: #000; --paper: #fff; --quiet: #444; --rule: #bbb; }
          body { max-width: none; margin: 0; padding: 0; font-size: 9.5pt; line-height: 1.32; }
          h1 { font-size: 14pt; } h2 { font-size: 10.5pt; margin: 8pt 0 2pt; break-after: avoid; }
          p, ul { margin: 2pt 0; } li { margin: 1pt 0; break-inside: avoid; } th, td { padding: 1.5pt 6pt 1.5pt 0; }
          li:has(> ul) { break-inside: auto; } li > ul { break-before: avoid; margin: 0; }
          h2:last-of-type { break-before: page; }
        }
        """;

    /// <summary>The page in a language.</summary>
    public static string Write(Brief brief, Phrasebook phrasebook)
    {
        var title = Text(MarkdownBrief.Title(brief, phrasebook, markdown: false));
        var footer = MarkdownBrief.PointOfView(brief, phrasebook);

        // Page numbers belong to the printed page; what stands in a string of the style sheet is made of digits and words of the phrasebook only.
        return $$"""
            <!DOCTYPE html>
            <html lang="{{phrasebook.Language}}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{{title}}</title>
            <style>
            {{Css}}
            @page { size: A4; margin: 15mm 17mm 17mm;
              @bottom-left { content: "{{footer}}"; font: 8pt sans-serif; color: #444; }
              @bottom-right { content: "{{phrasebook.Word(BriefWord.Page)}} " counter(page) " / " counter(pages); font: 8pt sans-serif; color: #444; } }
            </style>
            </head>
            <body>
            <main>
            {{Body(brief, phrasebook)}}</main>
            </body>
            </html>

            """;
    }

    /// <summary>The brief in a language as HTML to stand within a page.</summary>
    /// <param name="brief">The brief.</param>
    /// <param name="phrasebook">The language.</param>
    /// <param name="heading">The level of its title among the headings of the page; its sections stand one level below.</param>
    /// <param name="address">The address of what a citation names, by reference and number; null for a citation that leads nowhere.</param>
    public static string Body(Brief brief, Phrasebook phrasebook, int heading = 1, Func<string, long, string?>? address = null)
    {
        var document = Markdown.Parse(MarkdownBrief.Write(brief, phrasebook), Pipeline);
        foreach (var block in document.Descendants<HeadingBlock>())
            block.Level += heading - 1;
        foreach (var citation in document.Descendants<CitationInline>())
            citation.Address = address?.Invoke(citation.Reference, citation.Number);
        foreach (var table in document.Descendants<Table>())
        {
            AlignByClass(table);

            // In a narrow window a table scrolls by itself, and who has no mouse must get there (WCAG 2.2, 2.1.1).
            table.GetAttributes().AddProperty("tabindex", "0");
        }

        return document.ToHtml(Pipeline);
    }

    // Pages allow no style in attributes, which is where Markdig puts the alignment of a column.
    private static void AlignByClass(Table table)
    {
        foreach (var cell in table.Descendants<TableRow>().SelectMany(row => row.OfType<TableCell>().Where((_, column) => table.ColumnDefinitions[column].Alignment == TableColumnAlign.Right)))
            cell.GetAttributes().AddClass("ledger-brief__number");
        foreach (var column in table.ColumnDefinitions)
            column.Alignment = null;
    }

    // The page is UTF-8, so that only what HTML itself reads as markup is escaped.
    private static string Text(string text) => WebUtility.HtmlEncode(text);
}

/// <summary>Marks citations, so that they can be set quietly. A bracket in users' words is escaped and never begins one.</summary>
internal sealed partial class CitationExtension : IMarkdownExtension
{
    /// <inheritdoc/>
    public void Setup(MarkdownPipelineBuilder pipeline) => pipeline.InlineParsers.InsertBefore<LinkInlineParser>(new Parser());

    /// <inheritdoc/>
    public void Setup(MarkdownPipeline pipeline, IMarkdownRenderer renderer)
    {
        if (renderer is HtmlRenderer html)
            html.ObjectRenderers.Insert(0, new Renderer());
    }

    [GeneratedRegex(@"^\[(?<reference>[^\[\]\\|]+) #(?<number>[0-9]+), [^\[\]\\|]+\]", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Pattern();

    private sealed class Parser : InlineParser
    {
        public Parser() => OpeningCharacters = ['['];

        public override bool Match(InlineProcessor processor, ref StringSlice slice)
        {
            var match = Pattern().Match(slice.ToString());
            if (!match.Success)
                return false;

            processor.Inline = new CitationInline
            {
                Text = match.Value,
                Reference = match.Groups["reference"].Value,
                Number = long.Parse(match.Groups["number"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture),
            };
            slice.Start += match.Length;
            return true;
        }
    }

    private sealed class Renderer : HtmlObjectRenderer<CitationInline>
    {
        protected override void Write(HtmlRenderer renderer, CitationInline obj)
        {
            renderer.Write("<cite>");
            if (obj.Address is { } address)
                renderer.Write("<a href=\"").WriteEscape(address).Write("\">").WriteEscape(obj.Text).Write("</a>");
            else
                renderer.WriteEscape(obj.Text);
            renderer.Write("</cite>");
        }
    }
}

/// <summary>A citation within a sentence.</summary>
internal sealed class CitationInline : LeafInline
{
    /// <summary>The citation as it is written.</summary>
    public required string Text { get; init; }

    /// <summary>The reference of the agreement or meeting, or the word for the whole record.</summary>
    public required string Reference { get; init; }

    /// <summary>The number of the entry, or the sequence up to which the whole record is meant.</summary>
    public required long Number { get; init; }

    /// <summary>The address to which it leads; null where it leads nowhere.</summary>
    public string? Address { get; set; }
}
