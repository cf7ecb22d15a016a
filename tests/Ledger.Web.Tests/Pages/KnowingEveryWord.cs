using System.Text.Json;
using System.Text.RegularExpressions;
using Ledger.Domain.Agreements;
using Ledger.Web.Pages;
using Ledger.Web.Tests.Documentation;
using Xunit;

namespace Ledger.Web.Tests.Pages;

/// <summary>The words of the pages: each is there in every language, and each is used.</summary>
public partial class KnowingEveryWord
{
    [Fact]
    public void every_key_has_words_in_every_language()
    {
        var missing = Words.Keys.SelectMany(key => Words.Languages.Select(language => (Key: key, language.Language, Forms: Words.FormsOf(key, language.Language))))
            .Where(x => x.Forms is null || (string.IsNullOrWhiteSpace(x.Forms.Single) && x.Forms.Forms.Count == 0) || x.Forms.Forms.Values.Any(string.IsNullOrWhiteSpace))
            .Select(x => $"{x.Key} in {x.Language}");

        Assert.Equal([], missing);
    }

    [Fact]
    public void a_key_is_one_kind_of_words_in_every_language() =>
        Assert.Equal([], Words.Keys.Where(key => Words.Languages.Select(w => Words.FormsOf(key, w.Language)?.Single is null).Distinct().Count() > 1));

    [Fact]
    public void what_counts_something_has_every_form_that_its_language_distinguishes()
    {
        var missing = from key in Words.Keys
                      from words in Words.Languages
                      let forms = Words.FormsOf(key, words.Language)!
                      where forms.Single is null
                      from category in words.Language == "ru" ? new[] { "one", "few", "many" } : ["one", "other"]
                      where forms.Of(category) is null
                      select $"{key} has no form {category} in {words.Language}";

        Assert.Equal([], missing);
    }

    [Fact]
    public void every_translation_has_the_places_of_the_others()
    {
        var differing = Words.Keys.Where(key => Words.Languages
            .Select(w => Words.FormsOf(key, w.Language)!)
            .SelectMany(forms => forms.Single is { } text ? [text] : forms.Forms.Values.AsEnumerable())
            .Select(text => string.Join(' ', Place().Matches(text).Select(m => m.Value).Where(place => place != "{0}" || Words.FormsOf(key, "en")!.Single is not null).Distinct().Order(StringComparer.Ordinal)))
            .Distinct().Count() > 1);

        Assert.Equal([], differing);
    }

    [Fact]
    public void every_key_that_a_page_asks_for_is_there()
    {
        var known = Words.Keys.ToHashSet(StringComparer.Ordinal);
        Assert.True(Asked().Count() > 50, "The pages were not read.");
        Assert.Equal([], Asked().Where(key => key.Contains('{', StringComparison.Ordinal) ? !known.Any(Pattern(key).IsMatch) : !known.Contains(key)).Distinct());
    }

    [Fact]
    public void every_key_is_asked_for_by_a_page()
    {
        var asked = Asked().Where(key => !key.Contains('{', StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        var patterns = Asked().Where(key => key.Contains('{', StringComparison.Ordinal)).Distinct().Select(Pattern).ToList();

        Assert.Equal([], Words.Keys.Where(key => !char.IsUpper(key[0]) && !asked.Contains(key) && !patterns.Exists(p => p.IsMatch(key))));
    }

    [Fact]
    public void an_enumeration_with_words_has_one_for_each_value_and_no_other()
    {
        var types = typeof(Words).Assembly.GetTypes().Concat(typeof(Agreement).Assembly.GetTypes()).Where(t => t.IsEnum).ToLookup(t => t.Name);
        var named = Words.Keys.Where(key => char.IsUpper(key[0])).GroupBy(key => key.Split('.')[0]).ToList();

        Assert.NotEmpty(named);
        Assert.All(named, group => Assert.Equal(
            Enum.GetNames(types[group.Key].First()).Select(JsonNamingPolicy.CamelCase.ConvertName).Order(StringComparer.Ordinal),
            group.Select(key => key.Split('.')[1]).Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("en", 1, "1 agreement")]
    [InlineData("en", 0, "0 agreements")]
    [InlineData("en", 12_345, "12,345 agreements")]
    [InlineData("fr", 0, "0 accord")]
    [InlineData("fr", 1, "1 accord")]
    [InlineData("fr", 2, "2 accords")]
    [InlineData("ru", 1, "1 соглашение")]
    [InlineData("ru", 2, "2 соглашения")]
    [InlineData("ru", 5, "5 соглашений")]
    [InlineData("ru", 11, "11 соглашений")]
    [InlineData("ru", 21, "21 соглашение")]
    [InlineData("ru", 12_114, "12\u00A0114 соглашений")]
    public void a_number_takes_its_form(string language, long count, string expected) =>
        Assert.Equal(expected, Words.For(language).Count("register.count", count));

    // A key is a text of two or more parts between dots; in an interpolated one the holes stand for whatever they may hold.
    private static IEnumerable<string> Asked() => Files().SelectMany(text => Key().Matches(text).Select(m => m.Groups["key"].Value)).Where(key => Words.Keys.Any(known => known.Split('.')[0] == key.Split('.')[0]));

    private static IEnumerable<string> Files() =>
        Directory.GetFiles(Repository.Path("src", "Ledger.Web"), "*.cs*", SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(step => step is "obj" or "bin"))
            .Select(File.ReadAllText);

    private static Regex Pattern(string key) => new("^" + Hole().Replace(Regex.Escape(key).Replace("\\{", "{", StringComparison.Ordinal), ".+") + "$", RegexOptions.None, TimeSpan.FromSeconds(1));

    [GeneratedRegex(@"""(?<key>[a-z][A-Za-z]*(\.([A-Za-z0-9-]|\{[^{}""]*\})+)+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Key();

    [GeneratedRegex(@"\{[^{}]*\}", RegexOptions.None, 1000)]
    private static partial Regex Hole();

    [GeneratedRegex(@"\{[0-9]+\}", RegexOptions.None, 1000)]
    private static partial Regex Place();
}
