namespace Ledger.Browser.Tests;

/// <summary>Every screen there is, at addresses that the founding meeting fills.</summary>
internal static class Everywhere
{
    public static IReadOnlyList<string> Addresses { get; } =
    [
        "/sign-in",
        "/agreements",
        "/agreements?asOf=2020-02-10&status=InForce",
    ];
}
