using System.Collections.Immutable;
using Ledger.Domain.Agreements;
using Ledger.Domain.Days;
using Ledger.Web.Pages;
using Xunit;

namespace Ledger.Web.Tests.Pages;

public class DrawingPhases
{
    private static readonly DateOnly Today = new(2021, 7, 3);

    [Fact]
    public void a_phase_completed_late_slips_from_its_planned_end_to_its_completion()
    {
        var row = Draw(Phase(1, "2021-05-10", "2021-05-31")).Rows.Single();

        Assert.Equal(row.PlannedAt!.Value, row.Slip!.From, 3);
        Assert.Equal(row.DoneAt!.Value, row.Slip.From + row.Slip.Length, 3);
        Assert.Equal(21, row.Phase.SlippedDays(Today));
    }

    [Fact]
    public void an_overdue_phase_slips_to_the_day_looked_at()
    {
        var chart = Draw(Phase(1, "2021-05-10", null));

        Assert.Equal(chart.Today, chart.Rows[0].Slip!.From + chart.Rows[0].Slip!.Length, 3);
        Assert.Null(chart.Rows[0].DoneAt);
    }

    [Fact]
    public void a_completion_that_may_have_been_in_time_has_not_slipped()
    {
        Assert.Null(Draw(Phase(1, "2021-05-10", "2021-05")).Rows[0].Slip);
        Assert.Equal(22, Phase(1, "2021-05-10", "2021-06").SlippedDays(Today));
    }

    [Fact]
    public void phases_without_any_day_are_not_drawn() =>
        Assert.Null(PhaseChart.Of([Phase(1, null, null)], Today, _ => Today));

    [Fact]
    public void everything_stands_within_the_drawing_and_in_the_order_of_days()
    {
        foreach (var planned in new[] { "0001-01-01", "2021-07-03", "2021-07-05", "2022", "2099-12", "9999-12-31" })
        {
            var chart = Draw(Phase(1, planned, null), Phase(2, null, "2021-07-01"), Phase(3, null, null));
            var places = chart.Ticks.Select(t => t.At).Append(chart.Today)
                .Concat(chart.Rows.SelectMany(r => new[] { r.PlannedAt, r.DoneAt, r.Planned?.From, r.Planned?.From + r.Planned?.Length, r.Slip?.From }).OfType<double>());

            Assert.All(places, at => Assert.InRange(at, 0, PhaseChart.Width));
            Assert.InRange(chart.Ticks.Length, 1, 7);
            Assert.Equal(chart.Ticks.OrderBy(t => t.At), chart.Ticks);
            Assert.All(chart.Rows, row => Assert.InRange(row.Middle, PhaseChart.Top, chart.Axis));
            Assert.True(chart.Rows[1].DoneAt < chart.Today);
        }
    }

    [Fact]
    public void a_long_title_is_cut_where_the_drawing_ends()
    {
        var title = Draw(Phase(1, "2021-05-10", null) with { Title = new string('ж', 80) }).Rows[0].Title;
        Assert.Equal(44, title.Length);
        Assert.EndsWith("…", title, StringComparison.Ordinal);
    }

    private static PhaseChart Draw(params ImmutableArray<PhaseStanding> phases) => PhaseChart.Of(phases, Today, _ => new DateOnly(2021, 1, 15))!;

    private static PhaseStanding Phase(int number, string? planned, string? completed) => new(
        $"p{number}", number, $"Phase {number}", planned is null ? null : Day.Parse(planned), completed is null ? null : Day.Parse(completed), 1, null, false);
}
