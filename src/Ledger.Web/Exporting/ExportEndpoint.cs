using Ledger.Web.Access;
using Ledger.Web.Hosting;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace Ledger.Web.Exporting;

/// <summary>Gives the whole record in the form in which it can be brought into another ledger.</summary>
public static class ExportEndpoint
{
    /// <summary>Export the whole record that you may see, as JSON Lines that <c>import</c> takes.</summary>
    /// <remarks>Every entry with the instant and the person of its recording, and the persons and files that entries name. Streamed, and consistent at one point of the record. The format is described in <c>docs/import.md</c>.</remarks>
    [Tags("The whole record")]
    [ProducesResponseType<string>(200, Form.JsonLines)]
    [WolverineGet("/api/v1/export", OperationId = "export")]
    public static IResult Get(HttpContext http)
    {
        if (new RequestQuery(http).Problem is { } unknown)
            return unknown;
        if (Form.Of(http, Form.JsonLines) is null)
            return Form.NotAcceptable(Form.JsonLines);

        var (caller, exporter) = (Caller.From(http.User), http.RequestServices.GetRequiredService<Exporter>());
        return Results.Stream(output => exporter.Write(caller, output, _ => { }, http.RequestAborted), Form.JsonLines, "ledger.jsonl");
    }
}
