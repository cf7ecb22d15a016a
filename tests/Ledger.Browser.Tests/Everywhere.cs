using Microsoft.Playwright;

namespace Ledger.Browser.Tests;

/// <summary>Every screen there is, at addresses that the founding meeting fills.</summary>
internal static class Everywhere
{
    public static IReadOnlyList<string> Addresses { get; } =
    [
        "/sign-in",
        "/agreements",
        "/agreements?asOf=2020-02-10&status=InForce",
        "/agreements/CA-2020-0001",
        "/agreements/CA-2020-0001?asOf=2020-02-20",
        "/agreements/CA-2020-0001/phases",
        "/agreements/CA-2020-0001/history",
        "/agreements/CA-2020-0001/documents",
        "/agreements/CA-2020-0001/brief",
        "/meetings",
        "/meetings/CM-2020-0001",
        "/meetings/CM-2020-0001/history",
        "/deadlines",
        "/replay",
        "/replay?agreement=CA-2020-0001",
        "/briefs",
        "/briefs?agreement=CA-2020-0001",
        "/agencies",
        "/agencies/CNES",
        "/record",
        "/account",
        "/help",
        "/accessibility",
        "/meetings?agency=IMBP",
        "/agencies?asOf=2000-01-01",
    ];

    /// <summary>Screens that registrars alone see.</summary>
    public static IReadOnlyList<string> OfRegistrars { get; } = ["/persons", "/imports"];

    /// <summary>Addresses at which there is nothing, which say so on a page.</summary>
    public static IReadOnlyList<string> Missing { get; } = ["/nowhere", "/agreements/CA-1999-0001", "/meetings/CM-1999-0001", "/agencies/UNKNOWN", "/persons/nobody"];

    /// <summary>The steps of recording a meeting, in a draft that this begins: one outcome refused, so that errors show.</summary>
    public static async Task<IReadOnlyList<string>> OfADraft(IPage page)
    {
        await page.GotoAsync("/record");
        await page.Locator("main form button[type=submit]").First.ClickAsync();
        await page.WaitForURLAsync("**/facts");
        var draft = new Uri(page.Url).AbsolutePath[..^"/facts".Length];
        await page.GotoAsync($"{draft}/outcomes/new?kind=signed&agreement=CA-2020-0001&chosen=true");
        var outcome = new Uri(page.Url).AbsolutePath;
        await page.Locator("main form button[type=submit]:not(.govuk-button--secondary):not(.govuk-visually-hidden)").Last.ClickAsync();
        return [draft, $"{draft}/facts", $"{draft}/participants", $"{draft}/outcomes", $"{draft}/outcomes/new", outcome, $"{draft}/check", $"{draft}/drop"];
    }
}
