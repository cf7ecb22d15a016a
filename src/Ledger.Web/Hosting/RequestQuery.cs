using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Ledger.Web.Hosting;

/// <summary>A parameter that a route takes in its query. What is not declared so is refused by name.</summary>
/// <param name="name">Its name.</param>
/// <param name="description">What it does, for the description of the API.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class QueryAttribute(string name, string description) : Attribute
{
    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>What it does.</summary>
    public string Description => description;

    /// <summary>An example of its value.</summary>
    public string? Example { get; init; }

    /// <summary>The type of its values, where an example alone does not show it.</summary>
    public Type? Of { get; init; }

    /// <summary>Whether the route cannot do without it.</summary>
    public bool IsRequired { get; init; }
}

/// <summary>Reads the query of a request and gathers what is wrong with it.</summary>
internal sealed class RequestQuery
{
    private readonly IQueryCollection _query;
    private readonly List<string> _problems = [];

    public RequestQuery(HttpContext http)
    {
        _query = http.Request.Query;
        var known = http.GetEndpoint()!.Metadata.GetOrderedMetadata<QueryAttribute>().Select(q => q.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in _query.Keys.Where(name => !known.Contains(name)))
            _problems.Add($"There is no parameter \"{name}\" here{(known.Count == 0 ? "" : $"; there are {string.Join(", ", known.Order(StringComparer.Ordinal))}")}.");
    }

    /// <summary>The problem with the query, once everything has been read.</summary>
    public Problem? Problem => _problems.Count == 0 ? null : Hosting.Problem.Malformed(string.Join(' ', _problems));

    public string? Text(string name) => Single(name, text => text.Length is > 0 and <= 500 && !text.Contains('\0', StringComparison.Ordinal) ? text : null, "a text of 1 to 500 characters");

    public IReadOnlyList<string> Texts(string name)
    {
        var texts = _query[name].OfType<string>().Where(x => x.Length > 0).ToList();
        if (texts.Exists(text => text.Length > 500 || text.Contains('\0', StringComparison.Ordinal)))
            _problems.Add($"{name} is a text of 1 to 500 characters.");
        return texts;
    }

    public DateOnly? Day(string name) =>
        Single(name, text => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : (DateOnly?)null, "a day such as 2020-02-14");

    public DateTimeOffset? Instant(string name) => Single(name, ParseInstant, "an instant with its offset such as 2020-02-20T00:00:00Z");

    public long? Number(string name, long least, long most) =>
        Single(name, text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : (long?)null, $"a number from {least} to {most}");

    public TEnum? OneOf<TEnum>(string name)
        where TEnum : struct, Enum
    {
        var names = Enum.GetValues<TEnum>().ToDictionary(v => JsonNamingPolicy.CamelCase.ConvertName(v.ToString()), StringComparer.Ordinal);
        return Single(name, text => names.TryGetValue(text, out var value) ? value : (TEnum?)null, $"one of {string.Join(", ", names.Keys)}");
    }

    public string? OneOf(string name, params string[] values) => Single(name, text => values.Contains(text) ? text : null, $"one of {string.Join(", ", values)}");

    /// <summary>What a cursor that this ledger gave out holds.</summary>
    public string? Cursor(string name, Func<string, bool>? isOurs = null) => Single(
        name,
        cursor => Open(cursor) is { } position && !position.Contains('\0', StringComparison.Ordinal) && (isOurs is null || isOurs(position)) ? position : null,
        "a cursor that an earlier page gave as next; start again without it");

    /// <summary>The number that a cursor which this ledger gave out holds.</summary>
    public long? Position(string name) => Single(
        name,
        cursor => long.TryParse(Open(cursor), NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position : (long?)null,
        "a cursor that an earlier page gave as next; start again without it");

    /// <summary>A cursor that callers pass back unread.</summary>
    public static string Close(string position) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(position));

    public static DateTimeOffset? ParseInstant(string text) =>
        text.Contains('T', StringComparison.Ordinal)
        && (text.EndsWith('Z') || text.LastIndexOfAny(['+', '-', ' ']) > text.IndexOf('T', StringComparison.Ordinal))
        && DateTimeOffset.TryParse(text.Replace(' ', '+'), CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant)
            ? instant.ToUniversalTime()
            : null;

    /// <summary>What a cursor holds; null where it is none.</summary>
    public static string? Open(string cursor)
    {
        try
        {
            return Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private T? Single<T>(string name, Func<string, T?> parse, string what)
    {
        var values = _query[name];
        if (values.Count == 0)
            return default;
        if (values.Count == 1 && values[0] is { } text && parse(text) is { } value)
            return value;

        _problems.Add($"{name} is {what}.");
        return default;
    }
}
