using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Ledger.Domain;
using Ledger.Domain.Agreements;
using Ledger.Web.Agreements;
using Ledger.Web.Briefs;
using Ledger.Web.Entries;
using Ledger.Web.Hosting;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Web.Pages;

/// <summary>Every entry of an agreement as it was written, filtered by what the address says.</summary>
internal sealed class AgreementHistoryModel(AgreementReader agreements, RecordReader record, HistoryWriter writer) : AgreementModel(agreements)
{
    private const int PageSize = 100;

    private static readonly JsonSerializerOptions Indented = new(LedgerJson.Options) { WriteIndented = true };

    private static readonly FrozenSet<string> AllKinds = EventNames.Stored.Keys.Where(kind => kind.IsAssignableTo(typeof(AgreementEvent))).Select(EventNames.OnTheWire).ToFrozenSet(StringComparer.Ordinal);

    private ImmutableArray<RecordedEntry> _all = [];
    private List<RecordedEntry> _found = [];
    private ILookup<long?, long> _corrections = null!;

    /// <inheritdoc/>
    public override AgreementPart Part => AgreementPart.History;

    [BindProperty(SupportsGet = true)]
    public string? Kind { get; set; }

    /// <summary>The first day of recording, UTC.</summary>
    [BindProperty(SupportsGet = true)]
    public string? From { get; set; }

    /// <summary>The last day of recording, UTC.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Until { get; set; }

    /// <summary>The id of the person who recorded.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Person { get; set; }

    /// <summary>The entry that the address points at.</summary>
    [BindProperty(SupportsGet = true)]
    public long? Entry { get; set; }

    /// <summary>The page, from 1. Razor Pages keeps the name <c>page</c> for itself.</summary>
    [BindProperty(SupportsGet = true, Name = "part")]
    public int Number { get; set; } = 1;

    /// <summary>The entries on this page.</summary>
    public IReadOnlyList<HistoryItem> Items { get; private set; } = [];

    public int Count => _found.Count;

    public int Pages => Math.Max(1, (Count + PageSize - 1) / PageSize);

    public bool IsFiltered => Kind is not null || From is not null || Until is not null || Person is not null;

    /// <summary>The kinds of entries to choose from.</summary>
    public IEnumerable<string> Kinds => _all.Select(KindOf).Append(Kind).OfType<string>().Distinct(StringComparer.Ordinal).OrderBy(Word, StringComparer.OrdinalIgnoreCase);

    /// <summary>Who recorded something, by id.</summary>
    public IReadOnlyList<(string Id, string Name)> Recorders { get; private set; } = [];

    public async Task<IActionResult> OnGet(string id)
    {
        if (!await Find(id))
            return Page();
        if (Entry is { } wanted)
        {
            var place = _found.FindIndex(e => e.Version == wanted);
            if (place < 0)
                Errors.Add("", AgreementReader.VersionProblem(Current!, new Point(Day, Known, wanted))?.Detail ?? Words.Format("history.noEntry", wanted));
            Number = (Math.Max(0, place) / PageSize) + 1;
        }

        Number = Math.Clamp(Number, 1, Pages);
        Items = await writer.Items(Caller, [.. _found.Skip((Number - 1) * PageSize).Take(PageSize)], _all, UpTo, Words.Book, HttpContext.RequestAborted);
        return Page();
    }

    /// <summary>The entries as filtered, as CSV with a byte order mark, which spreadsheets need to read UTF-8.</summary>
    public async Task<IActionResult> OnGetCsv(string id)
    {
        if (!await Find(id) || Errors.Any)
            return Page();
        var csv = Form.CsvOf((await Written()).Select(HistoryRow.Of));
        return Spreadsheet(csv, $"{Agreement.Reference}-history.csv");
    }

    /// <summary>The entries as filtered, one JSON object a line.</summary>
    public async Task<IActionResult> OnGetLines(string id)
    {
        if (!await Find(id) || Errors.Any)
            return Page();
        var lines = string.Concat((await Written()).Select(item => JsonSerializer.Serialize(item, Form.Options) + "\n"));
        return File(Encoding.UTF8.GetBytes(lines), Form.JsonLines, $"{Agreement.Reference}-history.jsonl");
    }

    /// <summary>A kind of entry in a word or two.</summary>
    public string Word(string kind) => AllKinds.Contains(kind) ? Words[$"agreement.kind.{kind}"] : kind;

    /// <summary>What was written, for reading.</summary>
    public static string Json(HistoryItem item) => item.Data.ToJsonString(Indented);

    /// <summary>The entries that put one right.</summary>
    public IEnumerable<long> CorrectionsOf(HistoryItem item) => _corrections[item.Version];

    /// <summary>Where an entry is found: on this page, or by its lasting address.</summary>
    public string Place(long version) => Items.Any(i => i.Version == version) ? $"#entry-{version.ToString(CultureInfo.InvariantCulture)}" : EntryAddress(version);

    /// <summary>Who recorded an entry.</summary>
    public string Who(RecorderNamed by)
    {
        var name = Words.Book.Named(by.Name, by.ErasedOn, by.Withheld);
        return by.Agency is { } agency ? $"{name}, {agency}" : name;
    }

    /// <summary>This address with one value in place of another, from the first part on.</summary>
    public string With(string name, string? value)
    {
        KeyValuePair<string, string?>[] filters = [new("kind", Kind), new("from", From), new("until", Until), new("person", Person)];
        return Address(Part, added: filters.Where(x => x.Key != name).Append(new(name, value)));
    }

    private static string KindOf(RecordedEntry entry) => EventNames.OnTheWire(entry.Event.GetType());

    private async Task<bool> Find(string id)
    {
        if (!await See(id))
            return false;
        (Kind, From, Until, Person) = (PageInput.TextOf(Kind), PageInput.TextOf(From), PageInput.TextOf(Until), PageInput.TextOf(Person));
        var (from, until) = (this.DayOf(From, "from"), this.DayOf(Until, "until"));
        _all = await record.Stream(Agreement.Id, UpTo, HttpContext.RequestAborted);
        _corrections = _all.ToLookup(e => ReadEntry.Corrects(e.Event), e => e.Version);
        _found =
        [
            .. _all.Where(e => Entry is not null || (
                (Kind is null || KindOf(e) == Kind)
                && (Person is null || e.By.PersonId == Person)
                && (from is null || DateOnly.FromDateTime(e.RecordedAt.UtcDateTime) >= from)
                && (until is null || DateOnly.FromDateTime(e.RecordedAt.UtcDateTime) <= until))),
        ];
        var persons = await record.PersonsNamedIn(_all, Caller, HttpContext.RequestAborted);
        Recorders =
        [
            .. _all.Select(e => e.By).DistinctBy(by => by.PersonId, StringComparer.Ordinal)
                .Select(by => (by.PersonId, Who(RecorderNamed.Of(by, persons))))
                .OrderBy(x => x.Item2, StringComparer.OrdinalIgnoreCase),
        ];
        return true;
    }

    private Task<List<HistoryItem>> Written() => writer.Items(Caller, _found, _all, UpTo, Words.Book, HttpContext.RequestAborted);
}
