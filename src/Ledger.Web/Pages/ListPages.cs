namespace Ledger.Web.Pages;

/// <summary>The way through a list that goes on from place to place.</summary>
/// <param name="Label">What the links are together.</param>
/// <param name="First">The address of the first page; null on it.</param>
/// <param name="Next">The address of the next page; null on the last one.</param>
internal sealed record ListPages(string Label, string? First, string? Next);
