using Ledger.Domain.Agreements;
using Ledger.Web.Agreements;
using Ledger.Web.Entries;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace Ledger.Web.Pages;

/// <summary>What is attached to an agreement.</summary>
internal sealed class AgreementDocumentsModel(AgreementReader agreements, RecordReader record, HistoryWriter writer, NpgsqlDataSource source) : AgreementModel(agreements)
{
    /// <inheritdoc/>
    public override AgreementPart Part => AgreementPart.Documents;

    /// <summary>The documents, each with the entry that attached it.</summary>
    public IReadOnlyList<(DocumentAttached Document, HistoryItem Entry)> Documents { get; private set; } = [];

    public async Task<IActionResult> OnGet(string id)
    {
        if (!await See(id))
            return Page();
        var attached = Agreement.Acts.Where(a => a.Event is DocumentAttached { OccurredOn: var on } && (on is null || on.Latest <= Day))
            .ToDictionary(a => a.Number, a => (DocumentAttached)a.Event);
        if (attached.Count == 0)
            return Page();
        var entries = await record.Stream(Agreement.Id, UpTo, HttpContext.RequestAborted);
        var items = await writer.Items(Caller, [.. entries.Where(e => attached.ContainsKey(e.Version))], entries, UpTo, Words.Book, HttpContext.RequestAborted);
        Documents = [.. items.Select(item => (attached[item.Version], item))];
        return Page();
    }

    /// <summary>A document as a download, never shown in place: whoever attached it could otherwise have it run as a page of the Ledger's own.</summary>
    public async Task<IActionResult> OnGetFile(string id, string sha256)
    {
        if (!await See(id))
            return Page();
        if (AttachDocumentEndpoint.DocumentOf(Agreement, sha256) is not { } document)
            return Missing();
        return File(await AttachDocumentEndpoint.Content(source, document, HttpContext.RequestAborted), document.MediaType, document.Name);
    }

    /// <summary>The size of a file in words.</summary>
    public string Size(long bytes) => bytes switch
    {
        < 1024 => Words.Count("documents.bytes", bytes),
        < 1024 * 1024 => Words.Format("documents.kilobytes", Words.Number((bytes + 512) / 1024)),
        _ => Words.Format("documents.megabytes", Words.Number((bytes + (512 * 1024)) / (1024 * 1024))),
    };

    /// <summary>The address of a file.</summary>
    public string FileAddress(DocumentAttached document) => Address(Part, added: [new("handler", "file"), new("sha256", document.Sha256)]);
}
