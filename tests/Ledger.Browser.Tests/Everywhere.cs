namespace Ledger.Browser.Tests;

/// <summary>Every screen there is, at addresses that the founding meeting fills.</summary>
internal static class Everywhere
{
    public static IReadOnlyList<string> Addresses { get; } =
    [
        "/sign-in",
        "/agreements",
        "/agreements?asOf=2020-02-10&status=InForce",
        "/meetings",
        "/meetings?agency=IMBP",
        "/meetings/CM-2020-0001",
        "/meetings/CM-2020-0001/history",
        "/meetings/CM-1999-0001",
        "/agencies",
        "/agencies?asOf=2000-01-01",
        "/agencies/CNES",
        "/agencies/UNKNOWN",
        "/account",
        "/help",
        "/accessibility",
        "/nowhere",
    ];
}
