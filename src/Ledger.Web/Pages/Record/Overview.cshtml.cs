namespace Ledger.Web.Pages;

/// <summary>What of a meeting is filled in already, and what is left.</summary>
internal sealed class OverviewModel(MeetingDrafts drafts) : RecordPage(drafts);
