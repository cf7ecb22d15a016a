namespace Ledger.Web.Pages;

/// <summary>
/// The key of a form, made when the form is shown and sent with it. Sent twice, by a double click or from a page gone back to, the form carries
/// the same key, and the one door records it once.
/// </summary>
internal static class FormKey
{
    /// <summary>A key for a form about to be shown.</summary>
    public static string New() => Guid.CreateVersion7().ToString("N");

    /// <summary>The key of a form that was not accepted and is shown again: the same one, unless it belongs to something recorded already.</summary>
    public static string After(ApiAnswer refusal, string key) => refusal.Code is "idempotency-key-reused" or "idempotency-key-missing" ? New() : key;
}
