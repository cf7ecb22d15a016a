using System.Globalization;
using System.Text.Json;
using Ledger.Web.Access;
using Ledger.Web.Hosting;
using Ledger.Web.Recording;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace Ledger.Web.Importing;

/// <summary>A file that was brought in, and how far it has come.</summary>
/// <param name="Id">The SHA-256 of the file, under which it is brought in once.</param>
/// <param name="Name">What the file was called.</param>
/// <param name="Format">Its form.</param>
/// <param name="State">How far it has come.</param>
/// <param name="CheckOnly">Whether it is only to be checked.</param>
/// <param name="Bytes">Its length in bytes.</param>
/// <param name="BytesChecked">How many of them have been checked.</param>
/// <param name="Lines">How many lines say something; null until it has been checked.</param>
/// <param name="LinesDone">How many of them are recorded.</param>
/// <param name="Entries">How many entries are recorded.</param>
/// <param name="EntriesDecided">How many entries the file comes to; null until it has been checked.</param>
/// <param name="Agreements">How many agreements it touches; null until it has been checked.</param>
/// <param name="LinesPerSecond">How fast the work goes, or went.</param>
/// <param name="Flags">How many of those agreements bear each flag.</param>
/// <param name="ProblemCount">How many problems were found.</param>
/// <param name="Problems">The first hundred of them.</param>
/// <param name="Message">Why it stopped.</param>
/// <param name="ReceivedAt">When it was received, UTC.</param>
/// <param name="StartedAt">When the work began, UTC.</param>
/// <param name="FinishedAt">When it ended, UTC.</param>
/// <param name="RecordedBy">Who brought it in; empty once their data were erased.</param>
public sealed record ImportView(
    string Id,
    string Name,
    ImportFormat Format,
    ImportState State,
    bool CheckOnly,
    long Bytes,
    long BytesChecked,
    long? Lines,
    long LinesDone,
    long Entries,
    long? EntriesDecided,
    long? Agreements,
    double? LinesPerSecond,
    IReadOnlyDictionary<string, int> Flags,
    long ProblemCount,
    IReadOnlyList<LineProblem> Problems,
    string? Message,
    DateTimeOffset ReceivedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    string RecordedBy)
{
    internal static ImportView Of(Import import) => new(
        import.Id,
        import.Name,
        import.Format,
        import.State,
        import.IsCheckOnly,
        import.Bytes,
        import.BytesRead,
        import.Lines,
        import.LinesDone,
        import.Entries,
        import.Decided,
        import.Agreements,
        import.Rate is { } rate ? Math.Round(rate, 1) : null,
        import.Flags,
        import.ProblemCount,
        import.Problems,
        import.Message,
        import.ReceivedAt,
        import.StartedAt,
        import.FinishedAt,
        import.Recorder);
}

/// <summary>A page of the files that were brought in.</summary>
/// <param name="Items">The files, the latest first.</param>
/// <param name="Next">The cursor of the next page; null on the last one.</param>
public sealed record ImportPage(IReadOnlyList<ImportView> Items, string? Next);

/// <summary>Brings files in.</summary>
public static class ImportEndpoints
{
    /// <summary>Bring in a file of an older record, or of another ledger.</summary>
    /// <remarks>For registrars. The body is the file: JSON Lines or CSV, as <c>docs/import.md</c> describes them. It is streamed; the answer says where to watch. The same file is brought in once, however often it is given. With <c>check</c> it is checked and nothing of it is recorded.</remarks>
    [Tags("Imports")]
    [Query("check", "Whether to stop once the file has been checked.", Example = "true")]
    [Query("name", "What the file is called, for those who watch.", Example = "treaties.jsonl")]
    [ProducesResponseType<ImportView>(202)]
    [WolverinePost("/api/v1/imports", OperationId = "import")]
    public static async Task<IResult> Post(HttpContext http)
    {
        var query = new RequestQuery(http);
        var (check, name) = (query.Text("check"), query.Text("name"));
        if (check is not (null or "true" or "false"))
            return Problem.Malformed("check is true or false.");
        if (query.Problem is { } unknown)
            return unknown;

        var caller = Caller.From(http.User);
        if (caller.RefusalTo(Operation.BringFilesIn) is { } forbidden)
            return forbidden;
        if (FormatOf(http.Request.ContentType) is not { } format)
            return new Problem(415, "unsupported-media-type", "The body is not a file to bring in", "Send the file as application/x-ndjson (JSON Lines) or text/csv.");

        var files = http.RequestServices.GetRequiredService<ImportFiles>();
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = files.MostBytes + 1;
        Upload? taken;
        try
        {
            taken = await files.Take(http.Request.Body, http.RequestAborted);
        }
        catch (BadHttpRequestException problem) when (problem.StatusCode != StatusCodes.Status413PayloadTooLarge)
        {
            return Problem.Malformed("The body could not be read to its end. Send it again with the same key.");
        }
        catch (BadHttpRequestException)
        {
            taken = null;
        }

        if (taken is not { } upload)
            return new Problem(413, "too-large", "The body is too large", string.Create(CultureInfo.InvariantCulture, $"A file may have {files.MostBytes} bytes at most here. Split it, keeping the lines in their order."));

        // Whatever refuses the request from here on leaves nothing of the file behind.
        using var orLeaveNothing = upload;

        // By its hash one request is told from another; the file itself is not read a second time for that.
        RequestBody.Keep(http, JsonSerializer.SerializeToUtf8Bytes(new { sha256 = upload.Id, check = check == "true" }));
        return await http.RequestServices.GetRequiredService<Recorder>().Run(http, Operation.BringFilesIn, canRepeat: true, new Reads(), async _ =>
        {
            var id = upload.Id;
            var given = new Import(id, name ?? $"{id[..12]}.{(format == ImportFormat.Csv ? "csv" : "jsonl")}", format, caller.Subject, caller.Name, caller.Agency, ImportState.Received, check == "true", upload.Bytes);
            var import = await files.Keep(upload, () => http.RequestServices.GetRequiredService<ImportTable>().Receive(given, CancellationToken.None));
            http.RequestServices.GetRequiredService<ImportService>().Given(id);
            return new Answer(202, _ => JsonSerializer.SerializeToNode(ImportView.Of(import), Form.Options)!) { Location = $"/api/v1/imports/{id}" };
        });
    }

    /// <summary>List the files that were brought in.</summary>
    /// <remarks>For registrars and auditors. The latest first.</remarks>
    [Tags("Imports")]
    [Query("limit", "How many to a page, 1,000 at most.", Example = "50")]
    [Query("cursor", "What an earlier page gave as next.")]
    [ProducesResponseType<ImportPage>(200)]
    [WolverineGet("/api/v1/imports", OperationId = "listImports")]
    public static async Task<IResult> List(HttpContext http)
    {
        var query = new RequestQuery(http);
        var limit = (int)(query.Number("limit", 1, 1_000) ?? 50);
        var cursor = query.Cursor("cursor");
        if (query.Problem is { } problem)
            return problem;

        var found = await http.RequestServices.GetRequiredService<ImportTable>().List(cursor, limit + 1, http.RequestAborted);
        return Form.Answer(new ImportPage([.. found.Take(limit).Select(ImportView.Of)], found.Count > limit ? RequestQuery.Close(found[limit - 1].Id) : null));
    }

    /// <summary>Watch a file being brought in: counts, rate, flags and what is wrong.</summary>
    /// <remarks>For registrars and auditors.</remarks>
    [Tags("Imports")]
    [ProducesResponseType<ImportView>(200)]
    [WolverineGet("/api/v1/imports/{id}", OperationId = "getImport")]
    public static async Task<IResult> Get(string id, HttpContext http)
    {
        if (new RequestQuery(http).Problem is { } unknown)
            return unknown;

        return await http.RequestServices.GetRequiredService<ImportTable>().Find(id, http.RequestAborted) is { } import
            ? Form.Answer(ImportView.Of(import))
            : Problem.NotFound($"No file {id} was brought in. GET /api/v1/imports lists those that were.");
    }

    private static ImportFormat? FormatOf(string? contentType) => contentType?.Split(';')[0].Trim() switch
    {
        Form.JsonLines or "application/jsonl" or "application/jsonlines" => ImportFormat.Jsonl,
        Form.Csv => ImportFormat.Csv,
        _ => null,
    };
}
