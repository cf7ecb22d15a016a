using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ledger.Web.Pages;

/// <summary>How a page shows the JSON of an entry: as it is stored, line by line.</summary>
internal static class StoredJson
{
    /// <summary>With indents, and with letters of every script as themselves; a page encodes what it shows.</summary>
    public static JsonSerializerOptions Indented { get; } = new(Domain.LedgerJson.Options) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>On one line, for an example to copy.</summary>
    public static JsonSerializerOptions OnOneLine { get; } = new(Indented) { WriteIndented = false };
}
