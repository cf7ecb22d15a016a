using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using CsCheck;
using Ledger.Domain.Days;

namespace Ledger.Domain.Tests.Days;

public partial class DaysOfTheCalendar
{
    // Few enough days that every pair meets often, with a leap day and both ends of a year.
    private static readonly Gen<Day> Some = Gen.OneOf(
        Gen.Int[0, 500].Select(n => Day.On(new DateOnly(2019, 11, 15).AddDays(n))),
        Gen.Int[0, 15].Select(n => Day.In(2019 + ((n + 10) / 12), ((n + 10) % 12) + 1)),
        Gen.Int[2019, 2021].Select(Day.In),
        Gen.Select(Gen.Int[0, 300], Gen.Int[0, 200]).Select((n, length) => Day.Between(Day.On(new DateOnly(2019, 11, 15).AddDays(n)), Day.On(new DateOnly(2019, 11, 15).AddDays(n + length)))),
        Gen.Int[2019, 2021].Select(year => Day.In(year).Uncertain()));

    [Theory]
    [InlineData("2020-02-14", "2020-02-14", "2020-02-14", DayPrecision.Day)]
    [InlineData("2020-02-29", "2020-02-29", "2020-02-29", DayPrecision.Day)]
    [InlineData("2020-02", "2020-02-01", "2020-02-29", DayPrecision.Month)]
    [InlineData("1900-02", "1900-02-01", "1900-02-28", DayPrecision.Month)]
    [InlineData("1972", "1972-01-01", "1972-12-31", DayPrecision.Year)]
    [InlineData("0001", "0001-01-01", "0001-12-31", DayPrecision.Year)]
    [InlineData("9999-12", "9999-12-01", "9999-12-31", DayPrecision.Month)]
    [InlineData("1972-05-03?", "1972-05-03", "1972-05-03", DayPrecision.Day)]
    [InlineData("1972-05?", "1972-05-01", "1972-05-31", DayPrecision.Month)]
    [InlineData("1972?", "1972-01-01", "1972-12-31", DayPrecision.Year)]
    [InlineData("1962-02-21/1962-11-23", "1962-02-21", "1962-11-23", DayPrecision.Range)]
    [InlineData("1962-02/1963", "1962-02-01", "1963-12-31", DayPrecision.Range)]
    [InlineData("1962-02-21/1962", "1962-02-21", "1962-12-31", DayPrecision.Range)]
    public void a_day_a_month_and_a_year_are_read_and_written_alike(string text, string earliest, string latest, DayPrecision precision)
    {
        var day = Day.Parse(text);
        Assert.Equal((earliest, latest, precision), (Day.On(day.Earliest).ToString(), Day.On(day.Latest).ToString(), day.Precision));
        Assert.Equal(text, day.ToString());
        Assert.Equal($"\"{text}\"", JsonSerializer.Serialize(day, LedgerJson.Options));
        Assert.Equal(day, JsonSerializer.Deserialize<Day>($"\"{text}\"", LedgerJson.Options));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("2020-02-30")]
    [InlineData("2019-02-29")]
    [InlineData("2020-13")]
    [InlineData("2020-00")]
    [InlineData("0000")]
    [InlineData("20200214")]
    [InlineData("2020-2-14")]
    [InlineData("14-02-2020")]
    [InlineData("2020-02-14T00:00:00Z")]
    [InlineData(" 2020-02-14")]
    [InlineData("2020-02-14\n")]
    [InlineData("2020-02\n")]
    [InlineData("202 ")]
    [InlineData("+2020")]
    [InlineData("-020")]
    [InlineData("２０２０")]
    [InlineData("unknown")]
    [InlineData("1972??")]
    [InlineData("?")]
    [InlineData("1972~")]
    [InlineData("2020-02-30?")]
    [InlineData("1963/1962")]
    [InlineData("1962/")]
    [InlineData("1962/..")]
    [InlineData("1962/1963/1964")]
    [InlineData("1962?/1963")]
    [InlineData("1962/1963?")]
    public void other_texts_are_no_days(string? text)
    {
        Assert.False(Day.TryParse(text, out _));
        Assert.Throws<UnfitValueException>(() => JsonSerializer.Deserialize<Day>(JsonSerializer.Serialize(text ?? "none"), LedgerJson.Options));
    }

    [Fact]
    public void parsing_what_is_no_day_says_how_to_write_one() => Assert.Contains("2020-02-14", Assert.Throws<FormatException>(() => Day.Parse("soon")).Message, StringComparison.Ordinal);

    [Fact]
    public void any_text_of_digits_and_dashes_is_read_only_where_the_calendar_has_it() =>
        Gen.Char["0123456789-"].Array[4, 10].Select(c => new string(c)).Sample(
            text => Day.TryParse(text, out var day) == IsDay(text) && (day is null || day.ToString() == text),
            iter: 20_000);

    [Fact]
    public void written_and_read_again_a_day_is_the_same() => Some.Sample(day => Day.Parse(day.ToString()) == day, iter: 500);

    [Fact]
    public void comparisons_answer_yes_no_or_unknown_as_all_possible_days_do() => Gen.Select(Some, Some).Sample(
        (one, other) =>
        {
            var pairs = Possible(one).SelectMany(a => Possible(other).Select(b => a.CompareTo(b))).Distinct().ToList();
            if (one.IsUncertain || other.IsUncertain)
                pairs = [-1, 0, 1];
            Assert.Equal(All(pairs, c => c < 0), one.IsBefore(other));
            Assert.Equal(All(pairs, c => c > 0), one.IsAfter(other));
            Assert.Equal(All(pairs, c => c == 0), one.IsSameAs(other));
            if (other.Precision == DayPrecision.Day)
            {
                Assert.Equal(one.IsBefore(other), one.IsBefore(other.Latest));
                Assert.Equal(one.IsAfter(other), one.IsAfter(other.Latest));
            }
        },
        iter: 500);

    [Fact]
    public void a_range_has_ends_of_level_0_in_order()
    {
        Assert.Equal(Day.Parse("1962-02/1963"), Day.Between(Day.In(1962, 2), Day.In(1963)));
        Assert.Throws<ArgumentException>(() => Day.Between(Day.In(1963), Day.In(1962)));
        Assert.Throws<ArgumentException>(() => Day.Between(Day.In(1962).Uncertain(), Day.In(1963)));
        Assert.Throws<InvalidOperationException>(() => Day.Parse("1962/1963").Uncertain());
    }

    [Fact]
    public void a_day_is_exact_where_it_is_one_and_the_source_is_sure()
    {
        Assert.True(Day.Parse("2020-02-14").IsExact);
        Assert.All(["2020-02", "2020", "2020-02-14?", "2020-02-13/2020-02-14"], text => Assert.False(Day.Parse(text).IsExact));
        Assert.All(["2020-02-14", "2020-02", "2020"], text => Assert.True(Day.Parse(text).IsLevel0));
        Assert.All(["2020-02-14?", "2020?", "2020-02-14/2020-02-14"], text => Assert.False(Day.Parse(text).IsLevel0));
    }

    private static IEnumerable<int> Possible(Day day) => Enumerable.Range(day.Earliest.DayNumber, day.Latest.DayNumber - day.Earliest.DayNumber + 1);

    private static Truth All(List<int> comparisons, Func<int, bool> holds) => comparisons.TrueForAll(c => holds(c)) ? Truth.Yes : comparisons.Exists(c => holds(c)) ? Truth.Unknown : Truth.No;

    private static bool IsDay(string text)
    {
        if (!Edtf().IsMatch(text))
            return false;

        var parts = text.Split('-').Select(p => int.Parse(p, CultureInfo.InvariantCulture)).ToList();
        return parts[0] > 0
            && (parts.Count < 2 || parts[1] is >= 1 and <= 12)
            && (parts.Count < 3 || (parts[2] >= 1 && parts[2] <= DateTime.DaysInMonth(parts[0], parts[1])));
    }

    [GeneratedRegex(@"\A[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Edtf();
}
