using System.Collections.Immutable;
using System.Net;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Markdig;

namespace Ledger.Web.Hosting;

/// <summary>The page of one problem: what it means, why the rule exists, and what to do next.</summary>
/// <param name="Code">The code.</param>
/// <param name="Status">The HTTP status that it comes with.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Markdown">The page.</param>
internal sealed partial record ProblemPage(string Code, int Status, string Title, string Markdown)
{
    /// <summary>The answer that the page shows.</summary>
    public JsonNode Example => JsonNode.Parse(ExampleBlock().Match(Markdown).Groups["json"].Value)!;

    /// <summary>Reads a page as it is kept under <c>docs/problems</c>.</summary>
    /// <exception cref="FormatException">It does not begin with its heading, its status and its code, or shows no example.</exception>
    public static ProblemPage Parse(string markdown) => Head().Match(markdown) is { Success: true } head && ExampleBlock().IsMatch(markdown)
        ? new(head.Groups["code"].Value, int.Parse(head.Groups["status"].Value, System.Globalization.CultureInfo.InvariantCulture), head.Groups["title"].Value, markdown)
        : throw new FormatException("A problem's page begins with \"# Title\" and \"Status 409, code `code`.\", and shows an answer in a block of JSON.");

    [GeneratedRegex(@"\A# (?<title>[^\n]+)\n\nStatus (?<status>\d{3}), code `(?<code>[a-z-]+)`\.\n", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Head();

    [GeneratedRegex(@"^```json\n(?<json>.*?)\n```$", RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.Singleline, 1000)]
    private static partial Regex ExampleBlock();
}

/// <summary>Shows the pages to which the <c>type</c> of every problem leads.</summary>
internal static partial class ProblemPages
{
    private const string Folder = "docs/problems/";
    private const string IndexName = Folder + "index.md";

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().DisableHtml().Build();

    /// <summary>Every page, by code.</summary>
    public static ImmutableSortedDictionary<string, ProblemPage> All { get; } = Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(name => name.StartsWith(Folder, StringComparison.Ordinal) && name != IndexName)
        .Select(name => ProblemPage.Parse(Resource(name)))
        .ToImmutableSortedDictionary(page => page.Code, page => page, StringComparer.Ordinal);

    /// <summary>Maps <c>/docs/problems</c> and <c>/docs/problems/{code}</c>.</summary>
    public static void MapProblemPages(this IEndpointRouteBuilder app)
    {
        app.MapGet("/docs/problems", (HttpContext http) => Page(http, "Problems", Resource(IndexName))).AllowAnonymous().ExcludeFromDescription();
        app.MapGet("/docs/problems/{code}", (HttpContext http, string code) => All.TryGetValue(code, out var page)
            ? Page(http, page.Title, page.Markdown)
            : Problem.NotFound($"There is no problem {code}. /docs/problems lists those there are.")).AllowAnonymous().ExcludeFromDescription();
    }

    /// <summary>The text of a resource of this assembly.</summary>
    internal static string Resource(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    private static IResult Page(HttpContext http, string title, string markdown)
    {
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";
        return Results.Content(
            $$"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{{WebUtility.HtmlEncode(title)}} – The Cooperation Ledger</title>
            <style>
            body { font: 1rem/1.6 system-ui, sans-serif; max-width: 44rem; margin: 0 auto; padding: 1rem; color: #0b0c0c; background: #fff }
            a { color: #1a4d8f } code { font-family: ui-monospace, monospace } pre { padding: 1rem; background: #f3f2f1; white-space: pre-wrap; overflow-wrap: anywhere }
            @media print { nav { display: none } body { max-width: none; padding: 0 } pre { background: none; border: 1px solid } }
            </style>
            </head>
            <body>
            <nav><a href="/docs">Reference</a> · <a href="/docs/problems">All problems</a></nav>
            <main>
            {{Markdown.ToHtml(ToAnotherPage().Replace(markdown, "](/docs/problems/${code})"), Pipeline)}}</main>
            </body>
            </html>
            """,
            "text/html; charset=utf-8");
    }

    // In the repository a page is a file; here it is an address.
    [GeneratedRegex(@"\]\((?<code>[a-z-]+)\.md\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ToAnotherPage();
}
