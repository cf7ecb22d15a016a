using System.Text.Json.Nodes;
using Ledger.Domain.Days;
using Ledger.Domain.Meetings;
using static Ledger.Domain.Tests.Meetings.ApprovingMinutes;
using static Ledger.Domain.Tests.Meetings.RecordingAMeeting;
using static Ledger.Domain.Tests.Scene;
using static Ledger.Domain.Tests.Story;

namespace Ledger.Domain.Tests.Meetings;

public class CorrectingAMeeting
{
    [Fact]
    public void the_venue_is_put_right()
    {
        var story = When(Given(Held), 1, "/place/venue", "French embassy").Then(Corrected(1, "/place/venue", "Embassy of France", "French embassy"));
        Assert.Equal(("French embassy", 2), (story.State.Facts.Place!.Venue, story.State.TextVersion));
    }

    [Fact]
    public void the_day_of_the_meeting_is_put_right() =>
        When(Given(Held), 1, "/heldOn", "2020-02-13").Then(Corrected(1, "/occurredOn", "2020-02-14", "2020-02-13"));

    [Fact]
    public void the_day_of_an_approval_is_put_right_and_the_text_stays()
    {
        var story = When(Given(Held, Approved(Cnes, 1, "2020-02-15")), 2, "/approvedOn", "2020-02-16").Then(Corrected(2, "/occurredOn", "2020-02-15", "2020-02-16"));
        Assert.Equal((D("2020-02-16"), 1), (story.State.Approvals[0].ApprovedOn, story.State.TextVersion));
    }

    [Fact]
    public void the_agency_of_a_participant_is_put_right() =>
        When(Given(Held), 1, "/participants/1/agency", Asi).Then(Corrected(1, "/participants/1/agency", Roscosmos, Asi));

    [Fact]
    public void what_is_right_already_needs_no_correction() => When(Given(Held), 1, "/title", "Status check").ThenNothing();

    [Theory]
    [InlineData("")]
    [InlineData("/colour")]
    [InlineData("/meetingId")]
    [InlineData("/entries")]
    [InlineData("/entries/0/version")]
    [InlineData("/host")]
    [InlineData("/host/name")]
    [InlineData("/participants")]
    [InlineData("/participants/0")]
    [InlineData("/participants/0/person")]
    [InlineData("/participants/0/person/name")]
    [InlineData("/participants/0/person/office")]
    public void no_correction_touches_what_binds_entries_or_tells_of_a_person(string field) =>
        When(Given(Held), 1, field, "x").ThenRefused("unknown-field");

    [Fact]
    public void a_person_does_not_enter_by_a_correction() =>
        When(Given(Held with { Participants = [] }), 1, "/participants", JsonNode.Parse("""[{"person":{"personId":"1","name":"A. N. Other"},"agency":"CNES"}]"""))
            .ThenRefused("value-does-not-fit");

    [Theory]
    [InlineData("/occurredOn", "\"14/02/2020\"")]
    [InlineData("/occurredOn", "null")]
    [InlineData("/title", "null")]
    [InlineData("/title", "7")]
    [InlineData("/agenda", "[\"Soyuz\",null]")]
    [InlineData("/place", "{\"town\":\"Moscow\"}")]
    public void a_value_that_does_not_fit_is_refused(string field, string value) => When(Given(Held), 1, field, JsonNode.Parse(value)).ThenRefused("value-does-not-fit");

    [Fact]
    public void a_correction_is_not_corrected_itself() =>
        When(Given(Held, Corrected(1, "/title", "Status check", "Status review")), 2, "/reason", "x").ThenRefused("cannot-correct-correction");

    [Fact]
    public void a_meeting_was_not_held_in_the_future() => When(Given(Held), 1, "/heldOn", "2020-02-21").ThenRefused("act-in-future");

    [Fact]
    public void agencies_are_registered() => When(Given(Held), 1, "/participants/0/agency", "NOBODY").ThenRefused("unknown-agency");

    [Fact]
    public void an_approval_stays_with_those_that_took_part() => When(Given(Held, Approved(Cnes, 1, "2020-02-15")), 2, "/agency", Asi).ThenRefused("not-a-participant");

    [Fact]
    public void an_approval_stays_after_the_meeting()
    {
        When(Given(Held, Approved(Cnes, 1, "2020-02-15")), 2, "/approvedOn", "2020-02-13").ThenRefused("approved-before-held");
        When(Given(Held, Approved(Cnes, 1, "2020-02-15")), 1, "/heldOn", "2020-02-16").ThenRefused("approved-before-held");
    }

    internal static EntryCorrected Corrected(long number, string field, JsonNode? was, JsonNode? value) =>
        new(number, field, "It was misread.") { OccurredOn = Day.On(Today), Was = was, Value = value };

    private static Outcome<Meeting, MeetingEvent> When(Story<Meeting, MeetingEvent> story, long number, string field, JsonNode? value) =>
        story.WhenCorrecting(number, (s, target) => MeetingDecider.Correct(s, new(number, field, value, "It was misread."), target, Outside));
}
