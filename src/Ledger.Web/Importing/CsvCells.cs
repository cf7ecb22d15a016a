using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Ledger.Web.Hosting;

namespace Ledger.Web.Importing;

/// <summary>What a cell of a table says, by the kind of its line and the member whose column it stands in.</summary>
internal static class CsvCells
{
    // A number, true or false; an object or a list; anything. Of every other member a cell is a text, whatever it looks like.
    private static readonly FrozenDictionary<(string Kind, string Member), Form> Forms = ImportLineReader.Members
        .SelectMany(kind => StrictJson.HistoricalOptions.GetTypeInfo(kind.Value.Command).Properties
            .Where(member => member.Name != "kind" && !kind.Value.Own.Contains(member.Name, StringComparer.Ordinal))
            .Select(member => KeyValuePair.Create((kind.Key, member.Name), FormOf(member.PropertyType))))
        .ToFrozenDictionary();

    private enum Form
    {
        Text,
        Literal,
        List,
        Anything,
    }

    /// <summary>Writes what a cell says.</summary>
    /// <returns>False where it says nothing that can be read.</returns>
    public static bool Write(Utf8JsonWriter writer, string kind, string member, string cell)
    {
        var form = Forms.GetValueOrDefault((kind, member));
        var looksLikeJson = form switch
        {
            Form.Literal or Form.Anything => true,
            Form.List => cell[0] is '{' or '[',
            _ => false,
        };
        if (looksLikeJson && IsJson(cell))
            writer.WriteRawValue(cell);
        else if (looksLikeJson && form == Form.List)
            return false;
        else
            writer.WriteStringValue(cell);
        return true;
    }

    private static Form FormOf(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(JsonNode) ? Form.Anything
            : type == typeof(bool) || type == typeof(long) ? Form.Literal
            : type == typeof(JsonElement) || StrictJson.HistoricalOptions.GetTypeInfo(type).Kind != JsonTypeInfoKind.None ? Form.List
            : Form.Text;
    }

    private static bool IsJson(string cell)
    {
        try
        {
            JsonDocument.Parse(cell).Dispose();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
