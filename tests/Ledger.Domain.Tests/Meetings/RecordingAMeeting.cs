using Ledger.Domain.Meetings;
using Ledger.Domain.Persons;
using static Ledger.Domain.Tests.Scene;
using static Ledger.Domain.Tests.Story;

namespace Ledger.Domain.Tests.Meetings;

public class RecordingAMeeting
{
    internal static readonly MeetingRecorded Held = new("meeting-1", "CM-2020-0001", "Status check")
    {
        OccurredOn = D("2020-02-14"),
        Place = new("Moscow", "RU", "Embassy of France", "Europe/Moscow"),
        Host = new Person("person-3", new string('e', 64)),
        Participants = [new(Signatory, Cnes), new(new("person-2", new string('d', 64)), Roscosmos), new(new("person-3", new string('e', 64)), null)],
        Agenda = ["Soyuz at the Guiana Space Centre", "Cardiomed"],
        Entries = [new("agreement-1", 2, "agreement_discussed")],
    };

    [Fact]
    public void there_is_nothing_against_a_meeting_of_known_agencies() => Assert.Empty(MeetingDecider.Problems(D("2020-02-14"), [Cnes, Roscosmos, null], Outside));

    [Fact]
    public void every_problem_is_named_at_its_own_member()
    {
        var problems = MeetingDecider.Problems(D("2020-02-21"), [Cnes, "NOBODY", null, "NONE"], Outside);
        problems[0].ThenRefused("act-in-future");
        problems[1].ThenRefused("unknown-agency");
        Assert.Equal(["/heldOn", "/participants/1/agency", "/participants/3/agency"], problems.Select(p => p.Field));
    }

    [Fact]
    public void a_meeting_has_the_agencies_that_took_part()
    {
        var meeting = Given(Held).State;
        Assert.Equal(("meeting-1", 1, "CM-2020-0001", 1), (meeting.Id, meeting.Version, meeting.Reference, meeting.TextVersion));
        Assert.Equal([Cnes, Roscosmos], meeting.Agencies);
    }

    [Fact]
    public void the_state_can_be_stored_and_read_back()
    {
        var text = System.Text.Json.JsonSerializer.Serialize(Given(Held, ApprovingMinutes.Approved(Cnes, 1, "2020-02-15")).State, LedgerJson.Options);
        var read = System.Text.Json.JsonSerializer.Deserialize<Meeting>(text, LedgerJson.Options);
        Assert.Equal(text, System.Text.Json.JsonSerializer.Serialize(read, LedgerJson.Options));
    }
}
