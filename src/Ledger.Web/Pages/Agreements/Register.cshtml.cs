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

    /// <summary>A flag, by its name.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Flag { get; set; }

    /// <summary>Within how many days the term ends.</summary>
    [BindProperty(SupportsGet = true)]
    public int? Expiring { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? AsOf { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? KnownAt { get; set; }

    [BindProperty(SupportsGet = true)]
    public AgreementSort Sort { get; set; }

    /// <summary>From where to go on: what an earlier page gave as next.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Cursor { get; set; }

    public static IReadOnlyList<int> ExpiringChoices { get; } = [30, 90, 180, 365];

    /// <summary>The agreements on this page, in order.</summary>
    public IReadOnlyList<RegisterRow> Rows { get; private set; } = [];

    /// <summary>How many the filters let through; one more than is counted, where there are more.</summary>
    public int Count { get; private set; }

    /// <summary>That number in words.</summary>
    public string Counted => Counting(Count, "register.count", "register.more");

    /// <summary>From where the next page goes on; null on the last one.</summary>
    public string? Next { get; private set; }

    public ListPages Pages => new(Words["register.pages"], Cursor is null ? null : With("cursor", null), Next is null ? null : With("cursor", Next));

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

    public bool IsFiltered => Text is not null || Party is not null || Status is not null || Field is not null || Meeting is not null || Flag is not null || Expiring is not null;

    public async Task<IActionResult> OnGet()
    {
        var filter = Filter();
        var cancellation = HttpContext.RequestAborted;
        var part = await register.Page(Caller, filter, Day, Known, Sort, Position(), PageSize, cancellation);
        (Agencies, SpeakingUpTo) = (part.Agencies, part.KnownAt);
        Next = part.Next is null ? null : RequestQuery.Close(part.Next);
        Rows = [.. (await register.Whole(part.Rows.Select(row => row.Id), Day, Known is null ? null : part.KnownAt, cancellation)).Select(x => new RegisterRow(x.Agreement, x.Standing))];
        Count = Cursor is null && Next is null ? Rows.Count : await register.Count(Caller, filter, Day, Known, MostCounted + 1, cancellation);
        Fields = [.. (await register.Fields(Caller, cancellation)).Append(Field).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase)];
        IsEmpty = !IsFiltered && !IsPast && Rows.Count == 0;
        return Page();
    }

    /// <summary>The register as filtered, as CSV with a byte order mark, which spreadsheets need to read UTF-8.</summary>
    public async Task<IActionResult> OnGetCsv()
    {
        var filter = Filter();
        if (Errors.Any)
            return await OnGet();
        var part = await register.Page(Caller, filter, Day, Known, Sort, null, null, HttpContext.RequestAborted);
        return Spreadsheet(Form.CsvOf(part.Rows.Select(row => AgreementListEndpoint.ToTable(row, Day, part.KnownAt))), $"register-{Domain.Days.Day.On(Day)}.csv");
    }

    /// <summary>The page of an agreement, from the same point of the record.</summary>
    public string Address(RegisterRow row) => $"/agreements/{row.Agreement.Reference}" + QueryString.Create(
        Request.Query.Where(q => q.Key is "asOf" or "knownAt" && q.Value.ToString().Length > 0).Select(q => KeyValuePair.Create(q.Key, (string?)q.Value.ToString())));

    /// <summary>This address with one value in place of another, from the first page on.</summary>
    public string With(string name, string? value) => With(value is null ? null : KeyValuePair.Create(name, (string?)value), name);

    private string With(KeyValuePair<string, string?>? added, params string[] without)
    {
        var kept = Request.Query.Where(q => !without.Contains(q.Key) && q.Key is not ("cursor" or "handler") && q.Value.ToString().Length > 0)
            .Select(q => KeyValuePair.Create(q.Key, (string?)q.Value.ToString()));
        return "/agreements" + QueryString.Create(added is { } pair ? kept.Append(pair) : kept);
    }

    private AgreementFilter Filter()
    {
        Day = this.DayOf(AsOf, "asOf") ?? agreements.Today;
        Known = this.InstantOf(KnownAt, "knownAt");
        (Text, Party, Field, Meeting) = (PageInput.TextOf(Text), PageInput.TextOf(Party), PageInput.TextOf(Field), PageInput.TextOf(Meeting));
        Expiring = Expiring is { } days ? Math.Clamp(days, 0, 36_500) : null;

        // A flag that there is none of asks for nothing.
        var flag = PageInput.TextOf(Flag) is { } name ? Flags.Find(name) : null;
        Flag = flag is { } known ? Flags.Name(known) : null;
        return new AgreementFilter
        {
            Flag = flag,
            Parties = Party is null ? [] : [Party],
            Status = Status,
            Field = Field,
            Text = Text,
            Meeting = Meeting,
            ExpiresFrom = Expiring is null ? null : Day,
            ExpiresBefore = Expiring is { } within ? Day.AddDays(within + 1) : null,
        };
    }

    // An address that somebody has spoilt begins at the first page.
    private string? Position()
    {
        Cursor = Cursor is { } closed && RequestQuery.Open(closed) is { } position && AgreementRegister.Position.Open(position, Sort) is not null ? closed : null;
        return Cursor is null ? null : RequestQuery.Open(Cursor);
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
