using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Web.Agreements;
using Ledger.Web.Hosting;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Web.Pages;

/// <summary>The register: every agreement that the reader may see, filtered by what the address says.</summary>
internal sealed class RegisterModel(AgreementReader agreements, AgreementRegister register) : LedgerPage
{
    private const int PageSize = 50;

    [BindProperty(SupportsGet = true, Name = "q")]
    public string? Text { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Party { get; set; }

    [BindProperty(SupportsGet = true)]
    public AgreementStatus? Status { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Field { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Meeting { get; set; }

    /// <summary>Within how many days the term ends.</summary>
    [BindProperty(SupportsGet = true)]
    public int? Expiring { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? AsOf { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? KnownAt { get; set; }

    [BindProperty(SupportsGet = true)]
    public AgreementSort Sort { get; set; }

    // From the query alone: Razor Pages has a route value of the same name.
    [FromQuery(Name = "page")]
    public int Number { get; set; } = 1;

    public static IReadOnlyList<int> ExpiringChoices { get; } = [30, 90, 180, 365];

    /// <summary>Everything that the filters let through, in order.</summary>
    public IReadOnlyList<RegisterRow> Rows { get; private set; } = [];

    /// <summary>The part of it on this page.</summary>
    public IEnumerable<RegisterRow> Shown => Rows.Skip((Number - 1) * PageSize).Take(PageSize);

    public int Pages => Math.Max(1, (Rows.Count + PageSize - 1) / PageSize);

    public AgencyDirectory Agencies { get; private set; } = null!;

    /// <summary>The instant up to whose records the page speaks, UTC.</summary>
    public DateTimeOffset SpeakingUpTo { get; private set; }

    /// <summary>The fields of cooperation to choose from.</summary>
    public IReadOnlyList<string> Fields { get; private set; } = [];

    /// <summary>Whether the record holds nothing at all that the reader may see.</summary>
    public bool IsEmpty { get; private set; }

    public DateOnly Day { get; private set; }

    public DateTimeOffset? Known { get; private set; }

    /// <summary>Whether another day than today, or an earlier instant than now, is looked at.</summary>
    public bool IsPast => Day != agreements.Today || Known is not null;

    public PastBanner Past => new(Day == agreements.Today ? null : Day, Known is null ? null : SpeakingUpTo, With(null, "asOf", "knownAt"));

    public bool IsFiltered => Text is not null || Party is not null || Status is not null || Field is not null || Meeting is not null || Expiring is not null;

    public async Task<IActionResult> OnGet()
    {
        await Read();
        Number = Math.Clamp(Number, 1, Pages);
        return Page();
    }

    /// <summary>The register as filtered, as CSV with a byte order mark, which spreadsheets need to read UTF-8.</summary>
    public async Task<IActionResult> OnGetCsv()
    {
        await Read();
        if (Errors.Any)
            return Page();
        var csv = Form.CsvOf(Rows.Select(row => AgreementListEndpoint.ToTable(AgreementRow.Of(row.Agreement, row.Standing, Agencies), Day, SpeakingUpTo)));
        return Spreadsheet(csv, $"register-{Domain.Days.Day.On(Day)}.csv");
    }

    /// <summary>The page of an agreement, from the same point of the record.</summary>
    public string Address(RegisterRow row) => $"/agreements/{row.Agreement.Reference}" + QueryString.Create(
        Request.Query.Where(q => q.Key is "asOf" or "knownAt" && q.Value.ToString().Length > 0).Select(q => KeyValuePair.Create(q.Key, (string?)q.Value.ToString())));

    /// <summary>This address with one value in place of another, from the first page on.</summary>
    public string With(string name, string? value) => With(value is null ? null : KeyValuePair.Create(name, (string?)value), name);

    private string With(KeyValuePair<string, string?>? added, params string[] without)
    {
        var kept = Request.Query.Where(q => !without.Contains(q.Key) && q.Key is not ("page" or "handler") && q.Value.ToString().Length > 0)
            .Select(q => KeyValuePair.Create(q.Key, (string?)q.Value.ToString()));
        return "/agreements" + QueryString.Create(added is { } pair ? kept.Append(pair) : kept);
    }

    private async Task Read()
    {
        Day = this.DayOf(AsOf, "asOf") ?? agreements.Today;
        Known = this.InstantOf(KnownAt, "knownAt");
        (Text, Party, Field, Meeting) = (PageInput.TextOf(Text), PageInput.TextOf(Party), PageInput.TextOf(Field), PageInput.TextOf(Meeting));
        Expiring = Expiring is { } days ? Math.Clamp(days, 0, 36_500) : null;
        var filter = new AgreementFilter(Party, Status, Field, Text, Meeting, Expiring is { } within ? Day.AddDays(within + 1) : null);
        var (found, agencies, speakingUpTo) = await register.Find(Caller, filter, Day, Known, HttpContext.RequestAborted);
        (Agencies, SpeakingUpTo) = (agencies, speakingUpTo);
        Rows =
        [
            .. found.Where(x => Expiring is null || x.Standing.ExpiresOn >= Day)
                .OrderBy(x => AgreementRegister.Key(AgreementRow.Of(x.Agreement, x.Standing, agencies), Sort), StringComparer.Ordinal)
                .Select(x => new RegisterRow(x.Agreement, x.Standing)),
        ];
        Fields = [.. found.SelectMany(x => x.Agreement.Proposal.Fields).Append(Field).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase)];
        IsEmpty = !IsFiltered && !IsPast && Rows.Count == 0;
    }
}

/// <summary>A row of the register.</summary>
/// <param name="Agreement">The agreement.</param>
/// <param name="Standing">Its standing on the day.</param>
internal sealed record RegisterRow(Agreement Agreement, Standing Standing)
{
    /// <summary>The next day on which something is due; the first that is overdue before it.</summary>
    public Deadline? Next { get; } = Deadline.Of(Standing).FirstOrDefault();
}
