using System.Text;
using Ledger.Domain.Agreements;
using Ledger.Web.Access;
using Ledger.Web.Agreements;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Ledger.Web.Pages;

/// <summary>What every page has: the words of its reader, who is reading, and problems shown the way the API states them.</summary>
public abstract class LedgerPage : PageModel
{
    /// <summary>How many of a list are counted at most, so that a page costs the same in a record of any size.</summary>
    protected const int MostCounted = 1_000;

    private Words? _words;

    /// <summary>The words in the reader's language.</summary>
    public Words Words => _words ??= PageLanguage.Of(HttpContext);

    /// <summary>Who is reading. Pages without sign-in have no reader.</summary>
    public Caller Caller => Caller.From(User);

    /// <summary>The problems to show at the top and at their fields.</summary>
    public PageErrors Errors { get; } = new();

    /// <summary>A number of a list in words: more than <see cref="MostCounted"/> are not counted.</summary>
    /// <param name="count">The number; one more than is counted, where there are more.</param>
    /// <param name="words">The key of the words for a number.</param>
    /// <param name="more">The key of the words for more than a number.</param>
    protected string Counting(int count, string words, string more) => count > MostCounted ? Words.Format(more, Words.Number(MostCounted)) : Words.Count(words, count);

    /// <summary>Ends the request with the error page of a status, which says what to do next.</summary>
    protected IActionResult Missing() => StatusCode(StatusCodes.Status404NotFound);

    /// <summary>The agreement that the reader names, as it stands. That one was named which they may not know of is written down.</summary>
    /// <param name="agreements">The agreements.</param>
    /// <param name="name">Its id or reference.</param>
    protected async Task<Agreement?> AgreementNamed(AgreementReader agreements, string name)
    {
        var found = await agreements.Find(name, Caller, HttpContext.RequestAborted);
        if (found is null)
            SecurityLog.NoteLookedFor(HttpContext, [name]);
        return found;
    }

    /// <summary>A table to download, with the byte order mark that spreadsheets need to read UTF-8.</summary>
    protected FileContentResult Spreadsheet(string csv, string name) => File((byte[])[0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(csv)], "text/csv; charset=utf-8", name);

    /// <inheritdoc/>
    [NonHandler]
    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        // What a reader may see is theirs alone: nothing of it stays behind on a machine that others use too.
        if (!Response.Headers.ContainsKey("Cache-Control"))
            Response.Headers.CacheControl = "no-cache, no-store";

        // What only white space names is nothing, and a page would be given nothing as its name.
        if (RouteData.Values.Values.Any(value => value is string text && string.IsNullOrWhiteSpace(text)))
            context.Result = Missing();

        // Where nothing answers this method the page would be shown with nothing in it.
        if (context.HandlerMethod is null && !HttpMethods.IsGet(Request.Method) && !HttpMethods.IsHead(Request.Method))
            context.Result ??= StatusCode(StatusCodes.Status405MethodNotAllowed);
    }
}

/// <summary>The problems of a form: each a sentence, most of them at a field.</summary>
public sealed class PageErrors
{
    private readonly List<PageError> _errors = [];

    /// <summary>All problems in their order.</summary>
    public IReadOnlyList<PageError> All => _errors;

    /// <summary>Whether there are any.</summary>
    public bool Any => _errors.Count > 0;

    /// <summary>Adds a problem.</summary>
    /// <param name="field">The id of the field that it belongs to; empty for the form as a whole.</param>
    /// <param name="sentence">What is wrong and what to do.</param>
    public void Add(string field, string sentence) => _errors.Add(new PageError(field, sentence));

    /// <summary>The sentences at a field.</summary>
    public IEnumerable<string> At(string field) => _errors.Where(e => e.Field == field).Select(e => e.Sentence);
}

/// <summary>A problem of a form.</summary>
/// <param name="Field">The id of the field that it belongs to; empty for the form as a whole.</param>
/// <param name="Sentence">What is wrong and what to do.</param>
public sealed record PageError(string Field, string Sentence);

/// <summary>The problems at one field, for the partial that shows them.</summary>
/// <param name="Errors">The problems of the form.</param>
/// <param name="Field">The id of the field.</param>
public sealed record FieldError(PageErrors Errors, string Field);
