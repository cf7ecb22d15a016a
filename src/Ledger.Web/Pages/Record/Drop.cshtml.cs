using Microsoft.AspNetCore.Mvc;

namespace Ledger.Web.Pages;

/// <summary>Drops a draft, once the reader has confirmed it.</summary>
internal sealed class DropModel(MeetingDrafts drafts) : RecordPage(drafts)
{
    public async Task<IActionResult> OnPost()
    {
        await Drafts.Drop(DraftId, Caller.Subject);
        return LocalRedirect("/record");
    }
}
