namespace Ledger.Domain.Days;

/// <summary>The answer to a comparison of days that may be known only to the month or the year.</summary>
public enum Truth
{
    /// <summary>It is not so, whichever days are meant.</summary>
    No,

    /// <summary>It depends on which of the possible days is meant.</summary>
    Unknown,

    /// <summary>It is so, whichever days are meant.</summary>
    Yes,
}
