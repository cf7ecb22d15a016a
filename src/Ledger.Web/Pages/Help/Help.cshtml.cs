using Microsoft.AspNetCore.Authorization;

namespace Ledger.Web.Pages;

/// <summary>What a newcomer needs to know, for readers without an account too.</summary>
[AllowAnonymous]
internal sealed class HelpModel : LedgerPage
{
    /// <summary>The sections in their order, statuses apart.</summary>
    public static IReadOnlyList<string> Sections { get; } = ["record", "clocks", "points", "meeting", "minutes", "correct", "who"];
}

/// <summary>How far the pages can be used by everybody, and whom to tell where they cannot.</summary>
[AllowAnonymous]
internal sealed class AccessibilityModel : LedgerPage;
