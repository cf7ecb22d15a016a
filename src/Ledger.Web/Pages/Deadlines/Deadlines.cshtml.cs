using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Web.Hosting;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Web.Pages;

/// <summary>What is overdue and what lies ahead, over all agreements that the reader may see, and the secret address of the same for calendars.</summary>
internal sealed class DeadlinesModel(DeadlineReader deadlines, DeadlineFeedAddresses addresses) : LedgerPage
{
    private const int PageSize = 50;

    [BindProperty(SupportsGet = true)]
    public string? Party { get; set; }

    [BindProperty(SupportsGet = true)]
    public DeadlineKind? Kind { get; set; }

    /// <summary>How many days ahead; what is overdue is shown whatever it says.</summary>
    [BindProperty(SupportsGet = true)]
    public int? Within { get; set; }

    /// <summary>From where what is overdue goes on: what an earlier page gave as next.</summary>
    [FromQuery(Name = "overdue")]
    public string? OverdueCursor { get; set; }

    /// <summary>From where what lies ahead goes on, likewise.</summary>
    [FromQuery(Name = "ahead")]
    public string? AheadCursor { get; set; }

    /// <summary>The secret just made, for the one page that shows it.</summary>
    [TempData]
    public string? Secret { get; set; }

    /// <summary>Whether the address has just been taken away.</summary>
    [TempData]
    public bool IsRevoked { get; set; }

    public static IReadOnlyList<int> WithinChoices { get; } = [30, 90, 180, 365];

    /// <summary>What is overdue and what lies ahead, as far as there is any.</summary>
    public IReadOnlyList<DeadlineGroup> Groups { get; private set; } = [];

    public AgencyDirectory Agencies { get; private set; } = null!;

    /// <summary>When the address that answers was made.</summary>
    public DateTimeOffset? FeedMadeAt { get; private set; }

    public bool IsFiltered => Party is not null || Kind is not null || Within is not null;

    public async Task<IActionResult> OnGet()
    {
        Party = PageInput.TextOf(Party);
        Within = Within is { } days ? Math.Clamp(days, 0, 36_500) : null;
        Agencies = await deadlines.Agencies(HttpContext.RequestAborted);
        Groups = [.. new[] { await Group("overdue", isOverdue: true, OverdueCursor), await Group("ahead", isOverdue: false, AheadCursor) }.Where(group => group.Count > 0)];
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

    private async Task<DeadlineGroup> Group(string id, bool isOverdue, string? cursor)
    {
        // An address that somebody has spoilt begins at the first page.
        var after = PageInput.TextOf(cursor) is { } closed && RequestQuery.Open(closed) is { } text ? DeadlinePlace.Open(text) : null;
        var filter = new DeadlineFilter(Party, Kind, Within);
        var part = await deadlines.Page(Caller, filter, isOverdue, after, PageSize, HttpContext.RequestAborted);
        var isWhole = after is null && part.Next is null;
        var count = isWhole ? part.Items.Count : await deadlines.Count(Caller, filter, isOverdue, MostCounted + 1, HttpContext.RequestAborted);
        var heading = Words[$"deadlines.{id}"];
        return new(
            id,
            heading,
            part.Items,
            count,
            Counting(count, "deadlines.count", "deadlines.more"),
            new(Words.Format("deadlines.pages", heading), after is null ? null : From(id, null), part.Next is null ? null : From(id, RequestQuery.Close(part.Next.ToString()))));
    }

    // This address with another part of one group; where the other stands is kept.
    private string From(string group, string? cursor)
    {
        var kept = Request.Query.Where(q => q.Key is "party" or "kind" or "within" or "overdue" or "ahead" && q.Key != group && q.Value.ToString().Length > 0)
            .Select(q => KeyValuePair.Create(q.Key, (string?)q.Value.ToString()));
        return "/deadlines" + QueryString.Create(cursor is null ? kept : kept.Append(KeyValuePair.Create(group, (string?)cursor))) + "#" + group;
    }

    private int DaysUntil(DueItem item) => item.Deadline.On.Latest.DayNumber - deadlines.Today.DayNumber;
}

/// <summary>A part of what is overdue, or of what lies ahead.</summary>
/// <param name="Id">What the group is called in addresses.</param>
/// <param name="Heading">What it is called on the page.</param>
/// <param name="Items">The deadlines on this page.</param>
/// <param name="Count">How many the filters let through; one more than is counted, where there are more.</param>
/// <param name="Counted">That number in words.</param>
/// <param name="Pages">The way to the others of the group.</param>
internal sealed record DeadlineGroup(string Id, string Heading, IReadOnlyList<DueItem> Items, int Count, string Counted, ListPages Pages);
