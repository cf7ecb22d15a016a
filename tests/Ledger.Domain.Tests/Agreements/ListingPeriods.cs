using System.Collections.Immutable;
using CsCheck;
using Ledger.Domain.Agreements;
using Ledger.Domain.Days;
using static Ledger.Domain.Tests.Scene;

namespace Ledger.Domain.Tests.Agreements;

public class ListingPeriods
{
    [Fact]
    public void every_day_lists_what_the_standing_of_that_day_says() => Gen.Select(History.Some, Gen.Int[0, 4_000].Array[12]).Sample(
        (history, offsets) =>
        {
            var state = history.State;
            var periods = Timeline.Of(state);
            var anywhere = offsets.Select(offset => new DateOnly(2018, 1, 1).AddDays(offset));
            foreach (var day in history.InterestingDays.Concat(anywhere).Append(DateOnly.MinValue).Append(DateOnly.MaxValue))
                Assert.Equal((day, Standing.Of(state, day) is { } standing ? ListedStanding.Of(standing) : null), (day, On(periods, day)));
        },
        iter: 150);

    [Fact]
    public void the_days_of_the_whole_calendar_leave_no_difference() => History.Some.Sample(
        history =>
        {
            var state = history.State;
            var periods = Timeline.Of(state);
            for (var day = new DateOnly(2019, 12, 1); day < new DateOnly(2022, 6, 1); day = day.AddDays(1))
                Assert.Equal((day, Standing.Of(state, day) is { } standing ? ListedStanding.Of(standing) : null), (day, On(periods, day)));
        },
        iter: 25);

    [Fact]
    public void periods_follow_each_other_without_a_gap_and_neighbours_differ() => History.Some.Sample(
        history =>
        {
            var periods = Timeline.Of(history.State);
            Assert.Equal(DateOnly.MaxValue, periods[^1].Until);
            foreach (var (one, next) in periods.Zip(periods.Skip(1)))
            {
                Assert.Equal(one.Until.AddDays(1), next.From);
                Assert.NotEqual(one.Listed, next.Listed);
            }
        },
        iter: 100);

    [Fact]
    public void an_entry_changes_nothing_before_its_first_day() => History.Some.Sample(
        history =>
        {
            for (var count = 1; count < history.Events.Length; count++)
            {
                var before = new Story<Agreement, AgreementEvent>(Agreement.Evolve, history.Events[..count]).State;
                var after = new Story<Agreement, AgreementEvent>(Agreement.Evolve, history.Events[..(count + 1)]).State;
                var start = new Timeline(before).StartBefore(Timeline.ChangedFrom(history.Events[count]));

                Assert.Equal(Timeline.Of(before).Where(p => p.Until < start), Timeline.Of(after).Where(p => p.Until < start));
                Assert.Equal(Timeline.Of(before).Where(p => p.Until >= start), new Timeline(before).From(start));
                Assert.Equal(Timeline.Of(after).Where(p => p.Until >= start), new Timeline(after).From(start));
            }
        },
        iter: 20);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void every_day_has_the_deadlines_of_the_standing_of_that_day(bool odd) => Gen.Select(odd ? History.Odd : History.Some, Gen.Int[0, 4_000].Array[12]).Sample(
        (history, offsets) =>
        {
            var state = history.State;
            var deadlines = new Timeline(state).Deadlines();
            var anywhere = offsets.Select(offset => new DateOnly(2018, 1, 1).AddDays(offset));
            foreach (var day in history.InterestingDays.Concat(anywhere).Append(DateOnly.MinValue).Append(DateOnly.MaxValue))
                Assert.Equal((day, Lines(Standing.Of(state, day) is { } standing ? Deadline.Of(standing) : [])), (day, Lines(On(deadlines, day))));
        },
        iter: 150);

    [Fact]
    public void what_is_set_aside_moves_no_deadline_of_an_agreement_that_was_there() => History.Some.Sample(
        history =>
        {
            for (var count = 1; count < history.Events.Length; count++)
            {
                var before = new Story<Agreement, AgreementEvent>(Agreement.Evolve, history.Events[..count]).State;
                if (!Timeline.IsSetAside(history.Events[count]) || Timeline.ChangedFrom(history.Events[count]) < new Timeline(before).First)
                    continue;
                var after = new Story<Agreement, AgreementEvent>(Agreement.Evolve, history.Events[..(count + 1)]).State;
                Assert.Equal(new Timeline(before).Deadlines(), new Timeline(after).Deadlines());
            }
        },
        iter: 100);

    [Fact]
    public void thousands_of_discussions_cost_little_more_than_a_few()
    {
        var discussions = Enumerable.Range(0, 10_000).Select(n => new AgreementDiscussed("Talks.") { OccurredOn = Day.On(new DateOnly(1990, 1, 1).AddDays(n)) });
        var state = new Story<Agreement, AgreementEvent>(Agreement.Evolve, [ProposedBetween(Cnes, Roscosmos) with { OccurredOn = D("1990") }, .. discussions]).State;

        var periods = Timeline.Of(state);

        Assert.Equal(10_000, periods.Select(p => p.Listed.LastDiscussedOn).OfType<Day>().Distinct().Count());
        Assert.Equal(AgreementStatus.UnderDiscussion, periods[^1].Listed.Status);
    }

    // What has passed by the day is overdue.
    internal static IEnumerable<Deadline> On(ImmutableArray<LastingDeadline> deadlines, DateOnly day) =>
        deadlines.Where(d => d.From <= day && day <= d.Until).Select(d => d.Deadline with { Overdue = d.Deadline.On.Latest < day });

    private static string Lines(IEnumerable<Deadline> deadlines) => string.Join('\n', deadlines.Select(d => d.ToString()).Order(StringComparer.Ordinal));

    private static ListedStanding? On(ImmutableArray<ListedPeriod> periods, DateOnly day) => periods.SingleOrDefault(p => p.From <= day && day <= p.Until)?.Listed;
}
