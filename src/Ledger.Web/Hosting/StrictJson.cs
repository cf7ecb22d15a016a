using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Ledger.Domain;
using Ledger.Domain.Agreements;
using Ledger.Domain.Days;

namespace Ledger.Web.Hosting;

/// <summary>Reads what callers send, and refuses by name what it does not know.</summary>
internal static partial class StrictJson
{
    /// <summary>The options for requests: unknown members, duplicate members and unknown enum values are refused.</summary>
    public static JsonSerializerOptions Options { get; } = Create(isHistorical: false);

    /// <summary>The same for what is brought over: an older record may hold days that no live request may bring.</summary>
    public static JsonSerializerOptions HistoricalOptions { get; } = Create(isHistorical: true);

    /// <summary>Applies the conventions for requests to other options.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        // First, so that it comes before the converter that the conventions of the store bring.
        options.Converters.Insert(0, new StrictEnumConverter());
        options.Converters.Insert(0, new StrictDayConverter());
        LedgerJson.Configure(options);
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.AllowDuplicateProperties = false;
    }

    /// <summary>Reads a value.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="isHistorical">Whether it is brought over from an older record, whose days may be ranges or uncertain (EDTF level 1).</param>
    /// <returns>The value, or the problem with the text.</returns>
    public static (T? Value, Problem? Problem) Read<T>(ReadOnlyMemory<byte> utf8, bool isHistorical = false)
    {
        try
        {
            if (TextProblem(utf8.Span) is { } problem)
                return (default, Problem.Malformed(problem));

            // The options refuse a member that stands twice, but not inside of what is read as it comes.
            JsonDocument.Parse(utf8, new() { AllowDuplicateProperties = false, MaxDepth = Options.MaxDepth }).Dispose();
            return JsonSerializer.Deserialize<T>(utf8.Span, isHistorical ? HistoricalOptions : Options) is { } value
                ? (value, null)
                : (default, Problem.Malformed("The body is null. Send a JSON object."));
        }
        catch (UnfitValueException problem)
        {
            return (default, Problem.Invalid([KeyValuePair.Create(Pointer(problem.Path), problem.Message)]));
        }
        catch (JsonException problem)
        {
            return (default, Problem.Malformed(Explain(problem)) with { Pointer = Where(problem) });
        }
    }

    /// <summary>The member at fault, as a JSON Pointer: one that there is no place for, or whose value is wrong; empty: the value as a whole.</summary>
    public static string Where(JsonException problem) => Pointer(problem.Path);

    /// <summary>A member's step in a JSON Pointer.</summary>
    public static string Step(string member) => "/" + member.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    /// <summary>What was wrong, in a sentence that names the member.</summary>
    public static string Explain(JsonException problem)
    {
        var at = Pointer(problem.Path);
        if (UnknownMember().Match(problem.Message) is { Success: true } unknown)
            return $"There is no member \"{unknown.Groups["name"].Value}\" here ({(at.Length == 0 ? "/" : at)}). The reference under /docs lists the members of each request.";
        if (problem.Message.StartsWith("The JSON value could not be converted", StringComparison.Ordinal))
            return $"The value at {at} is of the wrong type. The reference under /docs says what it holds.";
        if (problem.Message.Contains("missing required properties", StringComparison.Ordinal))
            return $"Something is missing at {(at.Length == 0 ? "/" : at)}: {problem.Message[(problem.Message.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()}";

        var sentence = PathNote().Replace(problem.Message, "").Trim();
        return at.Length == 0 ? sentence : $"{at}: {sentence}";
    }

    /// <summary>The same for every text that means the same: members sorted, no white space. For telling a repeated request from another one.</summary>
    public static string Fingerprint(string method, string path, ReadOnlyMemory<byte> utf8)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            if (utf8.IsEmpty)
            {
                writer.WriteNullValue();
            }
            else
            {
                using var document = JsonDocument.Parse(utf8);
                WriteSorted(document.RootElement, writer);
            }
        }

        return Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes($"{method} {path}\n"), .. buffer.WrittenSpan]));
    }

    private static void WriteSorted(JsonElement element, Utf8JsonWriter writer)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject().OrderBy(m => m.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    WriteSorted(member.Value, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                    WriteSorted(item, writer);
                writer.WriteEndArray();
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    // U+0000 and lone surrogates are valid JSON escapes and cannot be stored as text.
    private static string? TextProblem(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
            return "The body is empty. Send a JSON object.";
        if (!System.Text.Unicode.Utf8.IsValid(utf8))
            return "The body is not valid UTF-8.";

        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = Options.MaxDepth });
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName))
                continue;
            try
            {
                if (reader.GetString()!.Contains('\0', StringComparison.Ordinal))
                    return "A text contains U+0000, which cannot be stored. Remove it.";
            }
            catch (InvalidOperationException)
            {
                return "A text contains a lone surrogate, which is no character. Remove it.";
            }
        }

        return null;
    }

    private static string Pointer(string? path) => path is null or "$"
        ? ""
        : PathSteps().Replace(path[1..], step => Step(step.Groups["name"].Success ? step.Groups["name"].Value : step.Groups["index"].Value));

    private static JsonSerializerOptions Create(bool isHistorical)
    {
        var options = new JsonSerializerOptions { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };
        Configure(options);
        if (isHistorical)
            options.Converters.RemoveAt(0);
        options.MaxDepth = 16;
        options.MakeReadOnly();
        return options;
    }

    [GeneratedRegex(@"^The JSON property '(?<name>.*?)' could not be mapped", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex UnknownMember();

    [GeneratedRegex(@"\s*(Path: .*)?(LineNumber: \d+ \| BytePositionInLine: \d+\.?)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PathNote();

    [GeneratedRegex(@"\.(?<name>[^.\[]+)|\[(?<index>\d+)\]|\['(?<name>[^']+)'\]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PathSteps();
}

/// <summary>Days of EDTF level 0, the only ones that a live request may bring; any day is written.</summary>
internal sealed class StrictDayConverter : JsonConverter<Day>
{
    public override Day Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Day.TryParse(reader.GetString(), out var day) && day.IsLevel0
            ? day
            : throw new UnfitValueException("A day is a text such as \"2020-02-14\", \"2020-02\" or \"2020\", and must exist in the calendar.");

    public override void Write(Utf8JsonWriter writer, Day value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

/// <summary>Enumerations by name in camel case, flags in kebab case; an unknown name is refused with the names that there are.</summary>
internal sealed class StrictEnumConverter : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Of<>).MakeGenericType(typeToConvert))!;

    private sealed class Of<TEnum> : JsonConverter<TEnum>
        where TEnum : struct, Enum
    {
        private static readonly Dictionary<string, TEnum> ByName =
            Enum.GetValues<TEnum>().ToDictionary(NameOf, StringComparer.Ordinal);

        public override TEnum Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && ByName.TryGetValue(reader.GetString()!, out var value)
                ? value
                : throw new JsonException($"This is none of the values there are: {string.Join(", ", ByName.Keys)}.");

        public override void Write(Utf8JsonWriter writer, TEnum value, JsonSerializerOptions options) =>
            writer.WriteStringValue(NameOf(value));

        private static string NameOf(TEnum value) => value is Flag flag ? Flags.Name(flag) : JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
    }
}
