using Ledger.Domain.Agreements;
using static Ledger.Domain.Tests.Scene;
using static Ledger.Domain.Tests.Story;

namespace Ledger.Domain.Tests.Agreements;

public class PlanningAndCompletingPhases
{
    [Fact]
    public void a_phase_is_planned_today() => Given(Proposed)
        .When(Plan("Cerebral circulation", "2021"))
        .Then(Planned("phase-new", "Cerebral circulation", "2020-02-20") with { PlannedEnd = D("2021") });

    [Fact]
    public void a_phase_planned_in_a_meeting_is_planned_on_its_day() => Given(Proposed)
        .When(s => AgreementDecider.PlanPhase(s, new("Cerebral circulation"), "phase-new", InMeeting))
        .Then(Planned("phase-new", "Cerebral circulation", "2020-02-14") with { Meeting = "meeting-1" });

    [Fact]
    public void the_same_phase_again_is_nothing_new() => Given(WithPhases("First")).When(Plan("First")).ThenNothing();

    [Fact]
    public void one_title_with_two_planned_ends_is_refused() => Given(WithPhases("First")).When(Plan("First", "2021")).ThenRefused("phase-already-planned");

    [Theory]
    [InlineData("phase-2")]
    [InlineData("2")]
    public void a_phase_is_named_by_its_id_or_its_number(string phase) =>
        Given(WithPhases("First", "Second")).When(Complete(phase, "2020-02-03")).Then(Completed("phase-2", "2020-02-03"));

    [Fact]
    public void a_phase_planned_later_takes_the_next_number() => Given(WithPhases("First"), Planned("phase-7", "Second", "2019-05-01"))
        .When(Complete("2", "2020-02-03"))
        .Then(Completed("phase-7", "2020-02-03"));

    [Fact]
    public void a_phase_that_nobody_planned_is_refused()
    {
        Given(WithPhases("First")).When(Complete("2", "2020-02-03")).ThenRefused("unknown-phase");
        Given(Proposed).When(Complete("1", "2020-02-03")).ThenRefused("unknown-phase");
    }

    [Fact]
    public void a_phase_is_completed_once() => Given(WithPhases("First"), Completed("phase-1", "2020-02-03"))
        .When(Complete("1", "2020-02-04"))
        .ThenRefused("phase-already-completed");

    [Fact]
    public void a_phase_of_an_older_arrangement_may_precede_the_proposal() =>
        Given(WithPhases("First")).When(Complete("1", "2018-12-01")).Then(Completed("phase-1", "2018-12-01"));

    [Fact]
    public void a_completion_in_the_future_is_refused() => Given(WithPhases("First")).When(Complete("1", "2020-02-21")).ThenRefused("act-in-future");

    [Fact]
    public void no_phase_of_an_ended_agreement_is_completed() =>
        Given(WithPhases("First"), Terminated("2019-03-01")).When(Complete("1", "2019-03-01")).ThenRefused("agreement-ended");

    [Fact]
    public void a_phase_stands_as_planned_then_overdue_then_completed()
    {
        var story = Given(WithPhases("First") with { Phases = [new("phase-1", "First", D("2019-06"))] }, Completed("phase-1", "2019-07-15"));
        Assert.False(story.On("2019-06-30").Phases[0].Overdue);
        Assert.True(story.On("2019-07-01").Phases[0].Overdue);
        Assert.Equal((D("2019-07-15"), 2, false), (story.On("2019-07-15").Phases[0].CompletedOn, story.On("2019-07-15").Phases[0].CompletedBy, story.On("2019-07-15").Phases[0].Overdue));
    }

    [Fact]
    public void a_phase_is_not_yet_there_before_it_is_planned()
    {
        var story = Given(WithPhases("First"), Planned("phase-2", "Second", "2019-05-01"));
        Assert.Equal(["First"], story.On("2019-04-30").Phases.Select(p => p.Title));
        Assert.Equal(["First", "Second"], story.On("2019-05-01").Phases.Select(p => p.Title));
    }
}
