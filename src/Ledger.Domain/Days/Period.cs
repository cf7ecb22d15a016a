using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Ledger.Domain.Days;

/// <summary>
/// A length of time in whole years, months and days (ISO 8601-1, section 5.5.2): <c>P30D</c>, <c>P3M</c>, <c>P1Y6M</c>.
/// Weeks are read as seven days.
/// </summary>
[JsonConverter(typeof(PeriodJsonConverter))]
public sealed partial record Period(int Years, int Months, int Days)
{
    private const int Most = 9999;

    /// <summary>Reads an ISO 8601 duration of years, months, weeks and days.</summary>
    /// <returns>False for any other text, for times of day, and for the empty or a negative duration.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Period? period)
    {
        period = null;
        if (text is null || Pattern().Match(text) is not { Success: true } match)
            return false;

        var (years, months, days) = (Number(match, "y"), Number(match, "m"), (Number(match, "w") * 7) + Number(match, "d"));
        if (years + months + days == 0 || years > Most || months > Most || days > Most)
            return false;

        period = new Period(years, months, days);
        return true;
    }

    /// <summary>Reads an ISO 8601 duration of years, months, weeks and days.</summary>
    /// <exception cref="FormatException">The text is no such duration.</exception>
    public static Period Parse(string text) =>
        TryParse(text, out var period) ? period : throw new FormatException($"\"{text}\" is not a length of time. Write P30D, P6M or P5Y.");

    /// <summary>
    /// The day this long after the given one. Months end on the day of the same number, or on the last day of a shorter month
    /// (European Convention on the Calculation of Time-Limits, ETS 76, article 4). Past the end of the calendar it is its last day.
    /// </summary>
    public DateOnly After(DateOnly day)
    {
        var months = (day.Year * 12L) + day.Month - 1 + (Years * 12L) + Months;
        if (months / 12 > DateOnly.MaxValue.Year)
            return DateOnly.MaxValue;

        var moved = day.AddMonths((Years * 12) + Months);
        return DateOnly.MaxValue.DayNumber - moved.DayNumber < Days ? DateOnly.MaxValue : moved.AddDays(Days);
    }

    /// <summary>The duration in ISO 8601.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"P{Part(Years, 'Y')}{Part(Months, 'M')}{Part(Days, 'D')}");

    private static string Part(int number, char unit) =>
        number == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{number}{unit}");

    private static int Number(Match match, string group) =>
        match.Groups[group].Success ? int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex("^P(?:(?<y>[0-9]{1,5})Y)?(?:(?<m>[0-9]{1,5})M)?(?:(?<w>[0-9]{1,5})W)?(?:(?<d>[0-9]{1,5})D)?\\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Pattern();
}

/// <summary>A period as its ISO 8601 text.</summary>
public sealed class PeriodJsonConverter : JsonConverter<Period>
{
    /// <inheritdoc/>
    public override Period Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Period.TryParse(reader.GetString(), out var period)
            ? period
            : throw new UnfitValueException("A length of time is a text such as \"P30D\", \"P6M\" or \"P5Y\".");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Period value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
