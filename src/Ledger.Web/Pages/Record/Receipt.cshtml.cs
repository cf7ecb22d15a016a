using System.Text.Json;
using Ledger.Domain;
using Ledger.Domain.Agreements;
using Ledger.Web.Agreements;
using Ledger.Web.Briefs;
using Ledger.Web.Entries;
using Ledger.Web.Meetings;
using Ledger.Web.Persons;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Web.Pages;

/// <summary>What was recorded: the meeting's reference and the number of every entry.</summary>
internal sealed class ReceiptModel(MeetingDrafts drafts, AgreementReader agreements, RecordReader record) : RecordPage(drafts)
{
    private readonly Dictionary<(string Reference, long Version), RecordedEntry> _entries = [];
    private readonly Dictionary<string, Agreement> _agreements = new(StringComparer.Ordinal);
    private PersonDirectory _persons = new([]);

    /// <summary>What recording it answered.</summary>
    public MeetingMade Made { get; private set; } = null!;

    protected override bool ShowsReceipt => true;

    public async Task<IActionResult> OnGet()
    {
        if (Draft.Receipt is not { } receipt)
            return LocalRedirect(Address);

        Made = receipt.Deserialize<MeetingMade>(LedgerJson.Options)!;
        foreach (var touched in Made.Agreements)
        {
            if (await agreements.Find(touched.Id, Caller, HttpContext.RequestAborted) is not { } agreement)
                continue;
            _agreements[touched.Reference] = agreement;
            foreach (var entry in await record.Stream(touched.Id, null, HttpContext.RequestAborted))
                _entries[(touched.Reference, entry.Version)] = entry;
        }

        _persons = await record.PersonsNamedIn(_entries.Values, Caller, HttpContext.RequestAborted);
        return Page();
    }

    /// <summary>An entry in a sentence.</summary>
    public string Sentence(Recording.EntryMade made) =>
        made.Agreement is { } reference && _entries.TryGetValue((reference, made.Version), out var entry) ? EntrySentence.Of(entry, _agreements[reference], _persons, Words.Book) : made.Type;
}
