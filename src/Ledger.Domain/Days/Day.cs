using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ledger.Domain.Days;

/// <summary>
/// A day in the Gregorian calendar, known to the day, the month or the year, written as in ISO 8601-2 (EDTF level 0):
/// <c>2020-02-14</c>, <c>1972-05</c> or <c>1972</c>. It is a day as the parties name it and has no time zone.
/// Older records hold days of level 1 too: of which the source is not sure, <c>1972-05?</c>, and some day of a range, <c>1962-02-21/1962-11-23</c>.
/// A day that is not known at all is the absence of a <see cref="Day"/>.
/// </summary>
[JsonConverter(typeof(DayJsonConverter))]
public sealed record Day
{
    private Day(DateOnly earliest, DateOnly latest, DayPrecision precision) =>
        (Earliest, Latest, Precision) = (earliest, latest, precision);

    /// <summary>The first day that can be meant.</summary>
    public DateOnly Earliest { get; }

    /// <summary>The last day that can be meant. An act counts from this day.</summary>
    public DateOnly Latest { get; }

    /// <summary>How closely the day is known.</summary>
    public DayPrecision Precision { get; }

    /// <summary>Whether the source is not sure of it (EDTF level 1, <c>?</c>). The days it can mean are then no more than what the source thinks.</summary>
    public bool IsUncertain { get; private init; }

    /// <summary>The ends of a range, each known to the day, the month or the year; null where it is none.</summary>
    public (Day First, Day Last)? Ends { get; private init; }

    /// <summary>Whether it is one day, and the source is sure of it.</summary>
    public bool IsExact => Earliest == Latest && !IsUncertain;

    /// <summary>Whether it is of EDTF level 0: no range, and the source is sure of it.</summary>
    public bool IsLevel0 => Ends is null && !IsUncertain;

    /// <summary>A day known exactly.</summary>
    public static Day On(DateOnly day) => new(day, day, DayPrecision.Day);

    /// <summary>A day known exactly.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such day.</exception>
    public static Day On(int year, int month, int day) => On(new DateOnly(year, month, day));

    /// <summary>Some day of a month.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such month.</exception>
    public static Day In(int year, int month) =>
        new(new DateOnly(year, month, 1), new DateOnly(year, month, DateTime.DaysInMonth(year, month)), DayPrecision.Month);

    /// <summary>Some day of a year.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The year is not between 1 and 9999.</exception>
    public static Day In(int year) => new(new DateOnly(year, 1, 1), new DateOnly(year, 12, 31), DayPrecision.Year);

    /// <summary>Some day from the first of one day's to the last of the other's.</summary>
    /// <exception cref="ArgumentException">An end is no day of EDTF level 0, or the last lies before the first.</exception>
    public static Day Between(Day first, Day last) => first.IsLevel0 && last.IsLevel0 && first.Earliest <= last.Latest
        ? new(first.Earliest, last.Latest, DayPrecision.Range) { Ends = (first, last) }
        : throw new ArgumentException($"{first} and {last} are not the ends of a range.", nameof(last));

    /// <summary>The same day, of which the source is not sure.</summary>
    public Day Uncertain() => Ends is null ? this with { IsUncertain = true } : throw new InvalidOperationException($"{this} is a range.");

    /// <summary>Reads <c>YYYY-MM-DD</c>, <c>YYYY-MM</c> or <c>YYYY</c>, two of these with <c>/</c> between them, and <c>?</c> after one that stands alone.</summary>
    /// <returns>False for any other text and for days that do not exist, such as 30 February.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Day? day)
    {
        day = text is null ? null
            : text.EndsWith('?') ? Level0(text[..^1])?.Uncertain()
            : text.Split('/') is [var first, var last] ? Range(Level0(first), Level0(last))
            : Level0(text);
        return day is not null;

        static Day? Range(Day? first, Day? last) => first?.Earliest <= last?.Latest ? Between(first!, last!) : null;
    }

    /// <summary>Reads a day of EDTF level 0 or 1.</summary>
    /// <exception cref="FormatException">The text is none, or there is no such day.</exception>
    public static Day Parse(string text) =>
        TryParse(text, out var day) ? day : throw new FormatException($"\"{text}\" is not a day. Write 2020-02-14, 2020-02 or 2020.");

    /// <summary>Whether this day lies before the other.</summary>
    public Truth IsBefore(Day other) => other.IsUncertain ? Truth.Unknown : IsBefore(other.Earliest, other.Latest);

    /// <summary>Whether this day lies before the given one.</summary>
    public Truth IsBefore(DateOnly day) => IsBefore(day, day);

    /// <summary>Whether this day lies after the other.</summary>
    public Truth IsAfter(Day other) => other.IsBefore(this);

    /// <summary>Whether this day lies after the given one.</summary>
    public Truth IsAfter(DateOnly day) => IsUncertain ? Truth.Unknown : Earliest > day ? Truth.Yes : Latest <= day ? Truth.No : Truth.Unknown;

    /// <summary>Whether both name the same day.</summary>
    public Truth IsSameAs(Day other) =>
        IsExact && other.IsExact && Earliest == other.Earliest ? Truth.Yes
        : IsUncertain || other.IsUncertain || (Earliest <= other.Latest && other.Earliest <= Latest) ? Truth.Unknown
        : Truth.No;

    /// <summary>The day in EDTF.</summary>
    public override string ToString() => Ends is { } ends
        ? $"{ends.First}/{ends.Last}"
        : Latest.ToString(Precision switch { DayPrecision.Day => "yyyy-MM-dd", DayPrecision.Month => "yyyy-MM", _ => "yyyy" }, CultureInfo.InvariantCulture) + (IsUncertain ? "?" : "");

    private static Day? Level0(string text)
    {
        return text.Length switch
        {
            10 when Parse(text, "yyyy-MM-dd") is { } exact => On(exact),
            7 when Parse(text, "yyyy-MM") is { } first => In(first.Year, first.Month),
            4 when Parse(text, "yyyy") is { } first => In(first.Year),
            _ => null,
        };

        static DateOnly? Parse(string text, string format) =>
            DateOnly.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var value) ? value : null;
    }

    private Truth IsBefore(DateOnly earliest, DateOnly latest) => IsUncertain ? Truth.Unknown : Latest < earliest ? Truth.Yes : Earliest >= latest ? Truth.No : Truth.Unknown;
}

/// <summary>How closely a day is known.</summary>
public enum DayPrecision
{
    /// <summary>To the year.</summary>
    Year,

    /// <summary>To the month.</summary>
    Month,

    /// <summary>To the day.</summary>
    Day,

    /// <summary>To a range of days.</summary>
    Range,
}

/// <summary>A day as its EDTF text.</summary>
public sealed class DayJsonConverter : JsonConverter<Day>
{
    /// <inheritdoc/>
    public override Day Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Day.TryParse(reader.GetString(), out var day)
            ? day
            : throw new UnfitValueException("A day is a text such as \"2020-02-14\", \"2020-02\" or \"2020\", and must exist in the calendar.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Day value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
