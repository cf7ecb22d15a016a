using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using CsvHelper;
using CsvHelper.Configuration;
using Ledger.Domain;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Ledger.Web.Hosting;

/// <summary>The forms in which answers are given, and which of them a caller asks for (RFC 9110, section 12.5.1).</summary>
internal static class Form
{
    public const string Json = "application/json";
    public const string Csv = "text/csv";
    public const string JsonLines = "application/x-ndjson";
    public const string Markdown = "text/markdown";
    public const string Html = "text/html";

    /// <summary>The options for answers: absent values are written as null, so that every member is always there.</summary>
    public static JsonSerializerOptions Options { get; } = CreateOptions();

    /// <summary>That of the forms offered which the caller prefers; the first where it does not say; null where it wants none of them.</summary>
    public static string? Of(HttpContext http, params string[] offered)
    {
        if (!http.Response.Headers.Vary.Contains(HeaderNames.Accept))
            http.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        var wanted = http.Request.GetTypedHeaders().Accept;
        if (wanted.Count == 0)
            return offered[0];

        return offered
            .Select((form, index) => (form, index, quality: Quality(wanted, form)))
            .Where(x => x.quality > 0)
            .OrderByDescending(x => x.quality).ThenBy(x => x.index)
            .Select(x => x.form)
            .FirstOrDefault();
    }

    /// <summary>The problem for a caller who wants none of the forms there are.</summary>
    public static Problem NotAcceptable(params string[] offered) =>
        new(406, "not-acceptable", "There is no such form of this", $"Ask for one of {string.Join(", ", offered)} in Accept.");

    /// <summary>Names the next page in the header <c>Link</c> (RFC 8288), for forms that have no room for it: the same request from there on.</summary>
    public static void LinkToNext(HttpContext http, string parameter, string? next)
    {
        if (next is null)
            return;
        var query = QueryString.Create(http.Request.Query.Where(q => q.Key != parameter).Append(KeyValuePair.Create(parameter, new StringValues(next))));
        http.Response.Headers.Link = $"<{http.Request.Path}{query}>; rel=\"next\"";
    }

    public static IResult Answer(object body) => Results.Json(body, Options);

    /// <summary>Rows as CSV (RFC 4180). What a spreadsheet would take for a formula is defused.</summary>
    public static IResult AsCsv<TRow>(IEnumerable<TRow> rows) => Results.Text(CsvOf(rows), "text/csv", Encoding.UTF8);

    /// <summary>The same, as a text.</summary>
    public static string CsvOf<TRow>(IEnumerable<TRow> rows)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = new CsvWriter(text, new CsvConfiguration(CultureInfo.InvariantCulture) { InjectionOptions = InjectionOptions.Escape, NewLine = "\r\n", PrepareHeaderForMatch = x => x.Header }))
        {
            csv.Context.RegisterClassMap(new CamelCaseMap<TRow>());
            csv.WriteRecords(rows);
        }

        return text.ToString();
    }

    /// <summary>Items as one JSON object a line.</summary>
    public static IResult AsJsonLines<TItem>(IEnumerable<TItem> items) =>
        Results.Text(string.Concat(items.Select(item => JsonSerializer.Serialize(item, Options) + "\n")), JsonLines, Encoding.UTF8);

    private static double Quality(IEnumerable<MediaTypeHeaderValue> wanted, string form)
    {
        var offered = new MediaTypeHeaderValue(form);
        var best = wanted.Where(offered.IsSubsetOf).OrderBy(w => w.MatchesAllTypes ? 0 : w.MatchesAllSubTypes ? 1 : 2).LastOrDefault();
        return best is null ? 0 : best.Quality ?? 1;
    }

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions(LedgerJson.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.Never };
        options.MakeReadOnly();
        return options;
    }

    private sealed class CamelCaseMap<TRow> : ClassMap<TRow>
    {
        public CamelCaseMap()
        {
            AutoMap(CultureInfo.InvariantCulture);
            foreach (var member in MemberMaps)
                member.Name(JsonNamingPolicy.CamelCase.ConvertName(member.Data.Member!.Name));
        }
    }
}
