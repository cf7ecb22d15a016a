using Ledger.Web.Hosting;
using Ledger.Web.Importing;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Web.Pages;

/// <summary>The files that were brought in; a registrar brings another one in here.</summary>
/// <remarks>How large a file may be is settled where it is taken, by <see cref="ImportFiles"/>.</remarks>
[DisableRequestSizeLimit]
[RequestFormLimits(MultipartBodyLengthLimit = long.MaxValue)]
internal sealed class ImportsModel(ImportTable imports, ApiDoor api) : LedgerPage
{
    private const int Most = 100;

    /// <summary>The key of the form.</summary>
    [BindProperty]
    public string? Key { get; set; }

    /// <summary>The file.</summary>
    [BindProperty]
    public IFormFile? Upload { get; set; }

    /// <summary>Whether it is only to be checked.</summary>
    [BindProperty]
    public bool CheckOnly { get; set; }

    /// <summary>The files, the latest first.</summary>
    public IReadOnlyList<ImportView> Files { get; private set; } = [];

    public async Task<IActionResult> OnGet()
    {
        await Read();
        Key = FormKey.New();
        return Page();
    }

    public async Task<IActionResult> OnPost()
    {
        if (Upload is not { Length: > 0 } file)
        {
            Errors.Add("upload", Words["imports.choose"]);
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        }
        else
        {
            var name = Path.GetFileName(file.FileName);
            var form = name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? Form.Csv : Form.JsonLines;
            var query = QueryString.Create([KeyValuePair.Create("name", (string?)(name.Length <= 500 ? name : name[^500..])), KeyValuePair.Create("check", (string?)(CheckOnly ? "true" : "false"))]);
            await using var content = file.OpenReadStream();
            var answer = await api.SendFile(HttpContext, "/api/v1/imports", query, content, form, Key ?? "", ImportEndpoints.Post);
            if (answer.IsDone)
                return Redirect($"/imports/{answer.Body["id"]!.GetValue<string>()}");
            foreach (var (_, sentence) in answer.Problems)
                Errors.Add("upload", sentence);
            Key = FormKey.After(answer, Key ?? "");
            Response.StatusCode = answer.Status;
        }

        await Read();
        return Page();
    }

    private async Task Read() => Files = [.. (await imports.List(null, Most, HttpContext.RequestAborted)).Select(ImportView.Of)];
}
