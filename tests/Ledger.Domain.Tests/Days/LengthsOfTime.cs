using System.Text.Json;
using CsCheck;
using Ledger.Domain.Days;

namespace Ledger.Domain.Tests.Days;

public class LengthsOfTime
{
    [Theory]
    [InlineData("P1M", "2019-01-31", "2019-02-28")]
    [InlineData("P1M", "2020-01-31", "2020-02-29")]
    [InlineData("P1M", "2020-02-29", "2020-03-29")]
    [InlineData("P2M", "2019-12-31", "2020-02-29")]
    [InlineData("P1Y", "2020-02-29", "2021-02-28")]
    [InlineData("P4Y", "2020-02-29", "2024-02-29")]
    [InlineData("P1Y1M", "2019-01-31", "2020-02-29")]
    [InlineData("P1M1D", "2019-01-31", "2019-03-01")]
    [InlineData("P30D", "2020-02-01", "2020-03-02")]
    [InlineData("P2W", "2020-02-20", "2020-03-05")]
    [InlineData("P1D", "9999-12-30", "9999-12-31")]
    [InlineData("P1D", "9999-12-31", "9999-12-31")]
    [InlineData("P1M", "9999-12-01", "9999-12-31")]
    [InlineData("P1M", "9999-11-30", "9999-12-30")]
    [InlineData("P9999Y9999M9999D", "2020-02-20", "9999-12-31")]
    public void a_length_of_time_ends_on_a_day(string length, string from, string to) =>
        Assert.Equal(Day.Parse(to).Latest, Period.Parse(length).After(Day.Parse(from).Latest));

    [Theory]
    [InlineData("P30D", 0, 0, 30)]
    [InlineData("P3M", 0, 3, 0)]
    [InlineData("P1Y6M", 1, 6, 0)]
    [InlineData("P1Y2M3W4D", 1, 2, 0, 25)]
    [InlineData("P0Y6M", 0, 6, 0)]
    public void a_length_of_time_is_read(string text, int years, int months, int days, int weeksInDays = 0) =>
        Assert.Equal(new Period(years, months, days + weeksInDays), Period.Parse(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("P")]
    [InlineData("P0D")]
    [InlineData("P0Y0M")]
    [InlineData("-P1D")]
    [InlineData("P-1D")]
    [InlineData("P1.5M")]
    [InlineData("PT5H")]
    [InlineData("P1DT5H")]
    [InlineData("P1D1M")]
    [InlineData("p1d")]
    [InlineData("P1D\n")]
    [InlineData(" P1D")]
    [InlineData("P10000D")]
    [InlineData("P99999Y")]
    [InlineData("P1429W")]
    [InlineData("P999999999999Y")]
    [InlineData("five years")]
    public void other_texts_are_no_lengths_of_time(string? text)
    {
        Assert.False(Period.TryParse(text, out _));
        Assert.Throws<UnfitValueException>(() => JsonSerializer.Deserialize<Period>(JsonSerializer.Serialize(text ?? "none"), LedgerJson.Options));
    }

    [Fact]
    public void parsing_what_is_none_says_how_to_write_one() => Assert.Contains("P30D", Assert.Throws<FormatException>(() => Period.Parse("soon")).Message, StringComparison.Ordinal);

    [Fact]
    public void whatever_is_read_can_be_written_and_read_again() =>
        Gen.Select(Gen.Int[0, 10_000], Gen.Int[0, 10_000], Gen.Int[0, 10_000], Gen.Int[0, 10_000]).Sample(
            (y, m, w, d) => !Period.TryParse($"P{y}Y{m}M{w}W{d}D", out var period) || JsonSerializer.Deserialize<Period>(JsonSerializer.Serialize(period)) == period,
            iter: 5_000);

    [Fact]
    public void a_later_start_never_ends_earlier() => Gen.Select(Gen.Int[0, 800], Gen.Int[0, 40], Gen.Int[0, 20], Gen.Int[0, 60]).Sample(
        (start, more, months, days) =>
        {
            var (from, period) = (new DateOnly(2019, 1, 1).AddDays(start), new Period(0, months, days));
            return period.After(from) <= period.After(from.AddDays(more)) && period.After(from) >= from;
        },
        iter: 5_000);
}
