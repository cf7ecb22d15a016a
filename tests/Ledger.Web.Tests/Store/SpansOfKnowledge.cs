using Ledger.Web.Store;
using Xunit;

namespace Ledger.Web.Tests.Store;

public class SpansOfKnowledge
{
    private static readonly DateTimeOffset Began = new(2020, 2, 14, 9, 30, 0, TimeSpan.Zero);

    // Around every length of a span, from a microsecond to centuries.
    public static TheoryData<long> Durations => [.. Enumerable.Range(0, 53).SelectMany(bits => new[] { (1L << bits) - 1, 1L << bits, (1L << bits) + 1 }).Where(d => d > 0)];

    [Theory]
    [MemberData(nameof(Durations))]
    public void a_row_lies_in_a_span_of_every_instant_at_which_it_was_known(long microseconds)
    {
        foreach (var later in new[] { 0, 1, 262_143, 262_144, 4_194_304, 86_400_000_000 })
        {
            var from = Began.AddMicroseconds(later);
            var span = KnownSpan.Of(from, from.AddMicroseconds(microseconds));
            Assert.All(
                new[] { 0, microseconds / 3, microseconds / 2, microseconds - 1 },
                passed => Assert.Contains(span, KnownSpan.At(from.AddMicroseconds(passed))));
        }
    }

    [Fact]
    public void a_row_that_lasted_a_second_is_looked_for_a_few_seconds_around_it_only()
    {
        var span = KnownSpan.Of(Began, Began.AddSeconds(1));
        Assert.DoesNotContain(span, KnownSpan.At(Began.AddSeconds(10)));
        Assert.DoesNotContain(span, KnownSpan.At(Began.AddSeconds(-10)));
    }
}
