using System.Collections.Immutable;
using Ledger.Domain.Agreements;
using static Ledger.Domain.Tests.Scene;
using static Ledger.Domain.Tests.Story;

namespace Ledger.Domain.Tests.Agreements;

public class KnowingWhatFallsDue
{
    private static readonly ImmutableArray<AgreementEvent> WithATerm = [Proposed with { Term = new(Until: D("2021-12-31")) }, .. InForce.Skip(1)];

    [Fact]
    public void an_agreement_without_term_phases_or_notices_has_no_deadline() => Given(InForce).HasDeadlines("2020-02-20");

    [Fact]
    public void the_term_ends_on_its_last_day_and_no_later() => Given(WithATerm)
        .HasDeadlines("2020-02-20", "expires 2021-12-31 by 1")
        .HasDeadlines("2021-12-31", "expires 2021-12-31 by 1")
        .HasDeadlines("2022-01-01");

    [Fact]
    public void an_extension_moves_the_end_from_the_day_on_which_it_was_agreed() => Given([.. WithATerm, Extended("2024-06-30", "2020-01-15")])
        .HasDeadlines("2020-01-14", "expires 2021-12-31 by 1")
        .HasDeadlines("2020-01-15", "expires 2024-06-30 by 6");

    [Fact]
    public void a_delay_of_entry_into_force_runs_until_the_day_of_it() =>
        Given([Proposed with { EntryIntoForce = new(EntryIntoForceRule.AllParties) { Delay = Ledger.Domain.Days.Period.Parse("P30D") } }, .. InForce.Skip(1)])
            .HasDeadlines("2019-05-31")
            .HasDeadlines("2019-06-01", "entersIntoForce 2019-07-01 by 5")
            .HasDeadlines("2019-07-01");

    [Fact]
    public void a_phase_is_due_then_overdue_and_once_completed_neither()
    {
        var story = Given([.. InForce, Planned("phase-1", "First", "2019-07-01") with { PlannedEnd = D("2020-01-31") }]);
        story
            .HasDeadlines("2020-01-31", "phaseDue 2020-01-31 by 6 phase-1")
            .HasDeadlines("2020-02-01", "overdue phaseDue 2020-01-31 by 6 phase-1");
        story.And(Completed("phase-1", "2020-02-10")).HasDeadlines("2020-02-09", "overdue phaseDue 2020-01-31 by 6 phase-1").HasDeadlines("2020-02-10");
    }

    [Fact]
    public void a_phase_planned_for_a_month_is_overdue_after_the_last_day_of_it() =>
        Given([.. InForce, Planned("phase-1", "First", "2019-07-01") with { PlannedEnd = D("2020-01") }])
            .HasDeadlines("2020-01-31", "phaseDue 2020-01 by 6 phase-1")
            .HasDeadlines("2020-02-01", "overdue phaseDue 2020-01 by 6 phase-1");

    [Fact]
    public void a_party_leaves_on_the_day_of_which_it_gave_notice_unless_it_stays() => Given([.. InForceBetweenThree, Notified(Asi, "2019-07-01", "2020-07-01")])
        .HasDeadlines("2020-02-20", "partyLeaves 2020-07-01 by 5 ASI")
        .HasDeadlines("2020-07-01")
        .And(Revoked(Asi, "2019-08-01")).HasDeadlines("2020-02-20");

    [Fact]
    public void nobody_leaves_after_the_end() => Given([.. InForceBetweenThree, Notified(Asi, "2019-07-01", "2020-07-01"), Terminated("2019-08-01", "2020-06-01")])
        .HasDeadlines("2020-02-20", "ends 2020-06-01 by 6");

    [Fact]
    public void a_termination_to_come_stands_in_place_of_the_end_of_the_term() => Given([.. WithATerm, Terminated("2020-02-01", "2020-12-31")])
        .HasDeadlines("2020-02-20", "ends 2020-12-31 by 6")
        .HasDeadlines("2020-12-31");

    [Fact]
    public void what_has_ended_has_no_deadlines_even_where_phases_were_left_open() =>
        Given([.. WithATerm, Planned("phase-1", "First", "2019-07-01") with { PlannedEnd = D("2020-01-31") }, Terminated("2020-02-01")]).HasDeadlines("2020-02-20");

    [Fact]
    public void what_is_overdue_comes_first_and_the_rest_in_the_order_of_days() =>
        Given(
        [
            .. WithATerm,
            Planned("late", "Late", "2019-07-01") with { PlannedEnd = D("2020-01-31") },
            Planned("soon", "Soon", "2019-07-01") with { PlannedEnd = D("2020-03-31") },
            Planned("later", "Later", "2019-07-01") with { PlannedEnd = D("2020-01-30") },
        ]).HasDeadlines(
            "2020-02-20",
            "overdue phaseDue 2020-01-30 by 8 later",
            "overdue phaseDue 2020-01-31 by 6 late",
            "phaseDue 2020-03-31 by 7 soon",
            "expires 2021-12-31 by 1");
}

/// <summary>What is due, in one line each.</summary>
internal static class Deadlines
{
    public static Story<Agreement, AgreementEvent> HasDeadlines(this Story<Agreement, AgreementEvent> story, string on, params string[] expected)
    {
        Assert.Equal(expected, Deadline.Of(story.On(on)).Select(Line));
        Assert.Equal(expected, ListingPeriods.On(new Timeline(story.State).Deadlines(), DateOnly.Parse(on, System.Globalization.CultureInfo.InvariantCulture)).Select(Line));
        return story;
    }

    private static string Line(Deadline d) =>
        $"{(d.Overdue ? "overdue " : "")}{System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(d.Kind.ToString())} {d.On} by {d.By} {d.Subject}".TrimEnd();
}
