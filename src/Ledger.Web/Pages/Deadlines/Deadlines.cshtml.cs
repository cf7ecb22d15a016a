using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Web.Pages;

/// <summary>What is overdue and what lies ahead, over all agreements that the reader may see, and the secret address of the same for calendars.</summary>
internal sealed class DeadlinesModel(DeadlineReader deadlines, DeadlineFeedAddresses addresses) : LedgerPage
{
    [BindProperty(SupportsGet = true)]
    public string? Party { get; set; }

    [BindProperty(SupportsGet = true)]
    public DeadlineKind? Kind { get; set; }

    /// <summary>How many days ahead; what is overdue is shown whatever it says.</summary>
    [BindProperty(SupportsGet = true)]
    public int? Within { get; set; }

    /// <summary>The secret just made, for the one page that shows it.</summary>
    [TempData]
    public string? Secret { get; set; }

    /// <summary>Whether the address has just been taken away.</summary>
    [TempData]
    public bool IsRevoked { get; set; }

    public static IReadOnlyList<int> WithinChoices { get; } = [30, 90, 180, 365];

    public IReadOnlyList<DueItem> Items { get; private set; } = [];

    public AgencyDirectory Agencies { get; private set; } = null!;

    /// <summary>When the address that answers was made.</summary>
    public DateTimeOffset? FeedMadeAt { get; private set; }

    public bool IsFiltered => Party is not null || Kind is not null || Within is not null;

    public IEnumerable<(string Heading, string Id, List<DueItem> Items)> Groups => new[]
    {
        (Words["deadlines.overdue"], "overdue", Items.Where(x => x.Deadline.Overdue).ToList()),
        (Words["deadlines.ahead"], "ahead", Items.Where(x => !x.Deadline.Overdue).ToList()),
    }.Where(group => group.Item3.Count > 0);

    public async Task<IActionResult> OnGet()
    {
        Party = PageInput.TextOf(Party);
        Within = Within is { } days ? Math.Clamp(days, 0, 36_500) : null;
        var (items, agencies) = await deadlines.Find(Caller, Party, HttpContext.RequestAborted);
        Agencies = agencies;
        Items =
        [
            .. items.Where(x => Kind is null || x.Deadline.Kind == Kind)
                .Where(x => Within is null || x.Deadline.Overdue || DaysUntil(x) <= Within),
        ];
        FeedMadeAt = await addresses.MadeAt(Caller, HttpContext.RequestAborted);
        if (Secret is not null)
            Response.Headers.CacheControl = "no-cache, no-store";
        return Page();
    }

    /// <summary>Makes an address in place of any earlier one.</summary>
    public async Task<IActionResult> OnPostMake()
    {
        Secret = await addresses.Make(Caller, Words.Language, HttpContext.RequestAborted);
        return LocalRedirect("/deadlines#feeds");
    }

    /// <summary>Takes the address away.</summary>
    public async Task<IActionResult> OnPostRevoke()
    {
        await addresses.Revoke(Caller, HttpContext.RequestAborted);
        IsRevoked = true;
        return LocalRedirect("/deadlines#feeds");
    }

    /// <summary>How far the day is from today.</summary>
    public string HowFar(DueItem item) => DaysUntil(item) switch
    {
        0 => Words["deadlines.today"],
        > 0 and var days => Words.Count("deadlines.inDays", days),
        var days => Words.Count("deadlines.daysAgo", -days),
    };

    /// <summary>An address of the Ledger as programs elsewhere need it.</summary>
    public string Absolute(string path) => $"{Request.Scheme}://{Request.Host}{path}";

    private int DaysUntil(DueItem item) => item.Deadline.On.Latest.DayNumber - deadlines.Today.DayNumber;
}
