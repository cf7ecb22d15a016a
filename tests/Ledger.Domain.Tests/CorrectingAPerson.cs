using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Domain.Agreements;
using Ledger.Domain.Meetings;
using Ledger.Domain.Persons;
using static Ledger.Domain.Tests.Meetings.RecordingAMeeting;
using static Ledger.Domain.Tests.Scene;
using static Ledger.Domain.Tests.Story;

namespace Ledger.Domain.Tests;

public class CorrectingAPerson
{
    private static readonly Person NamedRightly = new("person-9", new string('c', 64), new string('d', 64));
    private static readonly AgreementSigned ByAPerson = new(Cnes) { OccurredOn = D("2019-02-01"), Signatory = Signatory };

    [Fact]
    public void another_person_stands_where_one_took_part_and_the_minutes_are_another_text()
    {
        var before = Given(Held).State.Facts.Participants[0].Person;
        var story = Given(Held).When(state => MeetingDecider.CorrectPerson(state, "/participants/0/person", NamedRightly, "Misspelt.", On20200220))
            .Then(Correction<Ledger.Domain.Meetings.EntryCorrected>(new(1, "/participants/0/person", "Misspelt.") { Was = Json(before), Value = Json(NamedRightly) }));
        Assert.Equal((NamedRightly, 2), (story.State.Facts.Participants[0].Person, story.State.TextVersion));
    }

    [Theory]
    [InlineData("/participants/9/person")]
    [InlineData("/participants/0")]
    [InlineData("/title")]
    public void nobody_is_named_where_the_meeting_names_nobody(string place) =>
        Given(Held).When(state => MeetingDecider.CorrectPerson(state, place, NamedRightly, "Misspelt.", On20200220)).ThenRefused("unknown-field");

    [Fact]
    public void another_person_stands_where_one_signed()
    {
        var story = Given(Proposed, ByAPerson).When(state => AgreementDecider.CorrectSignatory(state, 2, NamedRightly, "Misspelt.", On20200220))
            .Then(Correction<Ledger.Domain.Agreements.EntryCorrected>(new(2, "/signatory", "Misspelt.") { Was = Json(Signatory), Value = Json(NamedRightly) }));
        Assert.Equal(NamedRightly, ((AgreementSigned)story.State.Acts[1].Event).Signatory);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void nobody_signed_where_no_signatory_is_named(long number) =>
        Given(Proposed, ByAPerson, Signed(Roscosmos, "2019-02-01")).When(state => AgreementDecider.CorrectSignatory(state, number, NamedRightly, "Misspelt.", On20200220)).ThenRefused("unknown-field");

    private static Occasion On20200220 { get; } = Outside with { Today = new DateOnly(2020, 2, 20) };

    private static JsonNode Json(Person person) => JsonSerializer.SerializeToNode(person, LedgerJson.Options)!;

    private static TCorrection Correction<TCorrection>(TCorrection correction)
        where TCorrection : LedgerEvent => correction with { OccurredOn = D("2020-02-20") };
}
