namespace Ledger.Web.Pages;

/// <summary>The banner that cannot be missed while a reader looks at another day or at an earlier state of the record.</summary>
/// <param name="Day">The day looked at, where it is not today.</param>
/// <param name="KnownAt">The instant by whose records the page speaks, UTC, where it is not now.</param>
/// <param name="Now">The address of the same page as things stand now.</param>
internal sealed record PastBanner(DateOnly? Day, DateTimeOffset? KnownAt, string Now)
{
    /// <summary>Whether there is anything to say.</summary>
    public bool IsPast => Day is not null || KnownAt is not null;
}
