namespace Ledger.Web.Importing;

/// <summary>The forms in which a file can be brought in.</summary>
public enum ImportFormat
{
    /// <summary>JSON Lines: one object a line.</summary>
    Jsonl,

    /// <summary>CSV (RFC 4180) with a header that names the members.</summary>
    Csv,
}
