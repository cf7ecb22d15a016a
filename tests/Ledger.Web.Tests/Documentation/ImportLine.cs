using System.Text.Json.Nodes;
using Ledger.Web.Importing;

namespace Ledger.Web.Tests.Documentation;

/// <summary>The lines of an import as the schema has them.</summary>
internal static class ImportLine
{
    private static readonly ApiDocument Schema = new(JsonNode.Parse(ImportSchema.Text)!);

    /// <summary>What keeps a line from being one that the schema describes.</summary>
    public static IEnumerable<string> Problems(string line) => Schema.Problems(JsonNode.Parse(line), Schema.Json);
}
