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

    /// <summary>Addresses at which there is nothing, which say so on a page.</summary>
    public static IReadOnlyList<string> Missing { get; } = ["/nowhere", "/agreements/CA-1999-0001", "/meetings/CM-1999-0001", "/agencies/UNKNOWN"];
}
