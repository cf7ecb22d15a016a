using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger.Domain.Agreements;

namespace Ledger.Domain;

/// <summary>How events and states are written as JSON: the same for the store, the corrections, the golden files and a verifier.</summary>
public static class LedgerJson
{
    /// <summary>The options, read-only.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>Reads what was written with these options.</summary>
    /// <exception cref="JsonException">The text is something else.</exception>
    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException("The text is null.");

    /// <summary>Applies the same conventions to other options.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.PropertyNameCaseInsensitive = false;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

        // jsonb keeps members in an order of its own, so the name of an event need not stand first.
        options.AllowOutOfOrderMetadataProperties = true;
        options.Converters.Add(new JsonStringEnumConverter<Flag>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false));
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
    }

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions();
        Configure(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}

/// <summary>A text of the right type that is no value of its kind, such as 30 February.</summary>
/// <param name="sentence">What would be.</param>
public sealed class UnfitValueException(string sentence) : JsonException(sentence);
