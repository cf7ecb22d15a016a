using System.Text.Json.Nodes;
using Ledger.Domain.Agencies;
using Ledger.Domain.Days;
using Ledger.Domain.Meetings;
using Ledger.Web.Access;
using Ledger.Web.Agreements;
using Ledger.Web.Meetings;
using Ledger.Web.Recording;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Web.Pages;

/// <summary>A meeting: its facts, who took part, what it came to, and the approval of its minutes by each agency.</summary>
internal sealed class MeetingPageModel(MeetingReader meetings, AgreementReader agreements, HistoryWriter history, ApiDoor api) : LedgerPage
{
    /// <summary>The meeting as the reader may see it; null where there is none.</summary>
    public MeetingView? Meeting { get; private set; }

    /// <summary>What the address asks for.</summary>
    public string Asked { get; private set; } = "";

    /// <summary>The entries of the meeting's own history by their number.</summary>
    public IReadOnlyDictionary<long, HistoryItem> Entries { get; private set; } = new Dictionary<long, HistoryItem>();

    /// <summary>The approvals with the number of the entry that recorded each.</summary>
    public IReadOnlyList<(ApprovalView Approval, long Number)> Approvals { get; private set; } = [];

    /// <summary>The agencies for which the reader may approve the minutes as they stand.</summary>
    public IReadOnlyList<string> MayApproveFor { get; private set; } = [];

    /// <summary>The agency for which the minutes are being approved.</summary>
    [BindProperty]
    public string? Agency { get; set; }

    /// <summary>The day of the approval as it was typed.</summary>
    [BindProperty]
    public string? ApprovedOn { get; set; }

    /// <summary>The key of the form.</summary>
    [BindProperty]
    public string? Key { get; set; }

    private AgencyDirectory Agencies { get; set; } = null!;

    public async Task<IActionResult> OnGet(string id)
    {
        if (!await Read(id))
            return Unknown();

        ApprovedOn = Day.On(agreements.Today).ToString();
        Key = FormKey.New();
        return Page();
    }

    public async Task<IActionResult> OnPost(string id)
    {
        if (!await Read(id))
            return Unknown();

        var body = new JsonObject { ["agency"] = Agency, ["approvedOn"] = PageInput.TextOf(ApprovedOn) };
        var answer = await api.Send<ApproveMinutes>(
            HttpContext,
            $"/api/v1/meetings/{Meeting!.Reference}/minutes-approvals",
            body,
            Key ?? "",
            (command, http) => ApproveMinutesEndpoint.Post(Meeting.Reference, command, http.RequestServices.GetRequiredService<Recorder>(), http));
        if (answer.IsDone)
        {
            TempData["Done"] = Words.Format("meeting.approved", NameOf(Agency!));
            return Redirect($"/meetings/{Meeting.Reference}#minutes");
        }

        if (answer.Status == StatusCodes.Status403Forbidden)
            return StatusCode(answer.Status);
        foreach (var (pointer, sentence) in answer.Problems)
            Errors.Add(pointer is "/agency" or "/approvedOn" && MayApproveFor.Count > 0 ? pointer[1..] : "", sentence);
        Key = FormKey.After(answer, Key ?? "");
        Response.StatusCode = answer.Status;
        return Page();
    }

    /// <summary>The official name of an agency on the day of the meeting.</summary>
    public string NameOf(string agency) => Agencies.NameOn(agency, Meeting!.HeldOn.Latest, Words.Language);

    private IActionResult Unknown()
    {
        Response.StatusCode = StatusCodes.Status404NotFound;
        return Page();
    }

    private async Task<bool> Read(string id)
    {
        Asked = id;
        if (await meetings.Find(id, HttpContext.RequestAborted) is not { } meeting)
            return false;

        Agencies = await agreements.AgenciesNow(HttpContext.RequestAborted);
        Meeting = await meetings.View(meeting, Caller, HttpContext.RequestAborted, Words.Book);
        var entries = await meetings.Entries(meeting, Caller, HttpContext.RequestAborted);
        Entries = (await history.Items(Caller, entries, entries, null, Words.Book, HttpContext.RequestAborted)).ToDictionary(e => e.Version);
        Approvals = [.. Meeting.Approvals.Zip(meeting.Approvals, (view, approval) => (view, approval.Number))];
        MayApproveFor = [.. Meeting.AwaitingApprovalBy.Where(a => Caller.RefusalToActFor(Operation.ApproveMinutes, a, Agencies) is null)];
        return true;
    }
}
