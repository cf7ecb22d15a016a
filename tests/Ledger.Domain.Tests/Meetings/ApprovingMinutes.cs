using Ledger.Domain.Days;
using Ledger.Domain.Meetings;
using static Ledger.Domain.Tests.Meetings.RecordingAMeeting;
using static Ledger.Domain.Tests.Scene;
using static Ledger.Domain.Tests.Story;

namespace Ledger.Domain.Tests.Meetings;

public class ApprovingMinutes
{
    [Fact]
    public void each_side_approves_the_same_minutes()
    {
        var story = Given(Held).When(Approve(Cnes, "2020-02-15")).Then(Approved(Cnes, 1, "2020-02-15"))
            .When(Approve(Roscosmos, "2020-02-16")).Then(Approved(Roscosmos, 1, "2020-02-16"));
        Assert.Equal([new Approval(Cnes, D("2020-02-15"), 1, 2), new Approval(Roscosmos, D("2020-02-16"), 1, 3)], story.State.Approvals);
    }

    [Fact]
    public void without_a_day_they_are_approved_today() => Given(Held).When(s => MeetingDecider.ApproveMinutes(s, new(Cnes, null), Outside)).Then(Approved(Cnes, 1, "2020-02-20"));

    [Fact]
    public void the_same_approval_again_is_nothing_new() => Given(Held, Approved(Cnes, 1, "2020-02-15")).When(Approve(Cnes, "2020-02-15")).ThenNothing();

    [Fact]
    public void one_text_is_approved_once() => Given(Held, Approved(Cnes, 1, "2020-02-15")).When(Approve(Cnes, "2020-02-16")).ThenRefused("already-approved");

    [Fact]
    public void who_took_no_part_does_not_approve() => Given(Held).When(Approve(Asi, "2020-02-15")).ThenRefused("not-a-participant");

    [Fact]
    public void minutes_are_not_approved_in_the_future() => Given(Held).When(Approve(Cnes, "2020-02-21")).ThenRefused("act-in-future");

    [Fact]
    public void minutes_are_not_approved_before_the_meeting() => Given(Held).When(Approve(Cnes, "2020-02-13")).ThenRefused("approved-before-held");

    [Fact]
    public void a_corrected_text_is_approved_anew() =>
        Given(Held, Approved(Cnes, 1, "2020-02-15"), CorrectingAMeeting.Corrected(1, "/title", "Status check", "Status review"))
            .When(Approve(Cnes, "2020-02-16"))
            .Then(Approved(Cnes, 3, "2020-02-16"));

    internal static MinutesApproved Approved(string agency, long ofVersion, string on) => new(agency, ofVersion) { OccurredOn = D(on) };

    private static Func<Meeting, Decision> Approve(string agency, string on) => s => MeetingDecider.ApproveMinutes(s, new(agency, Day.Parse(on)), Outside);
}
