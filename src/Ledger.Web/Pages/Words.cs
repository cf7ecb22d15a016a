using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Ledger.Web.Briefs;

namespace Ledger.Web.Pages;

/// <summary>
/// The words of the pages in the language of one reader. They lie in <c>Pages/Words/*.json</c>, each key with its words in every language:
/// a text, or the forms of a text that counts something (the CLDR categories <c>one</c>, <c>few</c>, <c>many</c> and <c>other</c>).
/// </summary>
public sealed class Words
{
    private static readonly FrozenDictionary<string, FrozenDictionary<string, WordForms>> All = Load();

    private Words(Phrasebook book) => Book = book;

    /// <summary>The words of each language that the Ledger speaks.</summary>
    public static IReadOnlyList<Words> Languages { get; } = [.. Phrasebook.All.Select(book => new Words(book))];

    /// <summary>Every key there is.</summary>
    public static IEnumerable<string> Keys => All.Keys;

    /// <summary>The language, as in ISO 639-1.</summary>
    public string Language => Book.Language;

    /// <summary>The phrasebook of briefs in the same language, for sentences, statuses and days.</summary>
    public Phrasebook Book { get; }

    /// <summary>The words under a key.</summary>
    /// <exception cref="KeyNotFoundException">There is no such key, or it counts something.</exception>
    public string this[string key] => Find(key).Single ?? throw new KeyNotFoundException($"The words {key} count something.");

    /// <summary>The words of a language; English where there are none.</summary>
    public static Words For(string? language) => Languages.FirstOrDefault(w => w.Language == language) ?? Languages[0];

    /// <summary>The words under a key with values in the places <c>{0}</c>, <c>{1}</c> and so on.</summary>
    public string Format(string key, params ReadOnlySpan<object?> values) => string.Format(CultureInfo.InvariantCulture, this[key], values);

    /// <summary>The form of the words under a key that goes with a number, which stands at <c>{0}</c>; other values from <c>{1}</c> on.</summary>
    public string Count(string key, long count, params ReadOnlySpan<object?> values)
    {
        var forms = Find(key);
        var text = forms.Of(Category(count)) ?? throw new KeyNotFoundException($"The words {key} have no form for {count} in {Language}.");
        return string.Format(CultureInfo.InvariantCulture, text, [Number(count), .. values]);
    }

    /// <summary>The word for a value of an enumeration, under <c>Type.value</c>.</summary>
    public string Of<TEnum>(TEnum value)
        where TEnum : struct, Enum => this[$"{typeof(TEnum).Name}.{JsonNamingPolicy.CamelCase.ConvertName(value.ToString())}"];

    /// <summary>The CLDR category of a whole number in this language.</summary>
    public string Category(long count) => Language switch
    {
        "ru" => Book.Plural(count, "one", "few", "many"),
        _ => Book.Plural(count, "one", "other"),
    };

    /// <summary>A number in groups of three.</summary>
    public string Number(long number) => number.ToString("#,0", CultureInfo.InvariantCulture).Replace(",", Language == "en" ? "," : "\u00A0", StringComparison.Ordinal);

    /// <summary>An instant to the second with its zone: 22 Nov 2026, 19:15:07 UTC.</summary>
    public string Instant(DateTimeOffset instant) =>
        $"{Book.Day(DateOnly.FromDateTime(instant.UtcDateTime))}, {instant.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture)} UTC";

    /// <summary>What a key has in a language, for checks that nothing is missing.</summary>
    internal static WordForms? FormsOf(string key, string language) => All[key].GetValueOrDefault(language);

    private WordForms Find(string key) =>
        All.TryGetValue(key, out var languages) && languages.TryGetValue(Language, out var forms) ? forms : throw new KeyNotFoundException($"There are no words {key} in {Language}.");

    private static FrozenDictionary<string, FrozenDictionary<string, WordForms>> Load()
    {
        var assembly = typeof(Words).Assembly;
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("Words/", StringComparison.Ordinal))
            .SelectMany(name => Read(assembly, name))
            .ToFrozenDictionary(x => x.Key, x => x.Value, StringComparer.Ordinal);
    }

    private static IEnumerable<KeyValuePair<string, FrozenDictionary<string, WordForms>>> Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        using var json = JsonDocument.Parse(stream);
        foreach (var entry in json.RootElement.EnumerateObject())
            yield return new(entry.Name, entry.Value.EnumerateObject().ToFrozenDictionary(l => l.Name, l => WordForms.Of(l.Value), StringComparer.Ordinal));
    }
}

/// <summary>A text, or the forms of a text that counts something.</summary>
/// <param name="Single">The text, where it counts nothing.</param>
/// <param name="Forms">The forms by CLDR category, where it does.</param>
internal sealed record WordForms(string? Single, FrozenDictionary<string, string> Forms)
{
    /// <summary>The form of a category.</summary>
    public string? Of(string category) => Forms.GetValueOrDefault(category);

    internal static WordForms Of(JsonElement json) => json.ValueKind == JsonValueKind.String
        ? new(json.GetString(), FrozenDictionary<string, string>.Empty)
        : new(null, json.EnumerateObject().ToFrozenDictionary(f => f.Name, f => f.Value.GetString()!, StringComparer.Ordinal));
}
