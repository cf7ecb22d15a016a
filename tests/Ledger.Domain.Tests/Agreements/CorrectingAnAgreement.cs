using System.Text.Json.Nodes;
using static Ledger.Domain.Tests.Scene;
using static Ledger.Domain.Tests.Story;

namespace Ledger.Domain.Tests.Agreements;

public class CorrectingAnAgreement
{
    [Fact]
    public void a_correction_says_what_readers_saw_and_what_is_right()
    {
        var story = Given(Proposed, Signed(Cnes, "2019-02-01"))
            .WhenCorrecting(2, "/occurredOn", "2019-02-11")
            .Then(CorrectedEntry(2, "/occurredOn", "2019-02-01", "2019-02-11"));
        Assert.Equal(D("2019-02-11"), story.PartyOn(Cnes, "2019-03-01").SignedOn);
    }

    [Theory]
    [InlineData("/signedOn")]
    [InlineData("/ratifiedOn")]
    [InlineData("/proposedOn")]
    public void the_day_may_be_called_by_the_word_of_the_act(string word) => Given(Proposed, Signed(Cnes, "2019-02-01"))
        .WhenCorrecting(2, word, "2019-02-11")
        .Then(CorrectedEntry(2, "/occurredOn", "2019-02-01", "2019-02-11"));

    [Fact]
    public void a_second_correction_starts_from_the_first() =>
        Given(Proposed, Signed(Cnes, "2019-02-01"), CorrectedEntry(2, "/occurredOn", "2019-02-01", "2019-02-11"))
            .WhenCorrecting(2, "/occurredOn", "2019-02-12")
            .Then(CorrectedEntry(2, "/occurredOn", "2019-02-11", "2019-02-12"));

    [Fact]
    public void what_is_right_already_needs_no_correction() => Given(Proposed, Signed(Cnes, "2019-02-01")).WhenCorrecting(2, "/occurredOn", "2019-02-01").ThenNothing();

    [Fact]
    public void a_value_is_recorded_as_the_ledger_writes_it() => Given(InForce)
        .WhenCorrecting(4, "/instrument", "ACCEPTANCE")
        .Then(CorrectedEntry(4, "/instrument", "ratification", "acceptance"));

    [Fact]
    public void an_ended_agreement_can_still_be_corrected() => Given([.. InForce, Terminated("2019-07-01")])
        .WhenCorrecting(2, "/occurredOn", "2019-02-11")
        .Then(CorrectedEntry(2, "/occurredOn", "2019-02-01", "2019-02-11"));

    [Theory]
    [InlineData("/colour")]
    [InlineData("/meeting")]
    [InlineData("/signatory")]
    [InlineData("/organisation")]
    [InlineData("/$type")]
    [InlineData("occurredOn")]
    [InlineData("/occurredOn/0")]
    public void a_member_that_is_not_there_or_not_to_be_touched_is_refused(string field) =>
        Given(Proposed, Signed(Cnes, "2019-02-01")).WhenCorrecting(2, field, "x").ThenRefused("unknown-field", "/field");

    [Theory]
    [InlineData(1, "/agreementId")]
    [InlineData(1, "/reference")]
    [InlineData(1, "/visibility")]
    [InlineData(1, "/phases")]
    [InlineData(1, "/phases/0")]
    [InlineData(1, "/phases/0/phaseId")]
    [InlineData(1, "/phases/1/title")]
    [InlineData(1, "/parties/2")]
    [InlineData(1, "/term/until")]
    public void what_binds_the_proposal_to_other_entries_is_not_to_be_touched(long number, string field) =>
        Given(WithPhases("First")).WhenCorrecting(number, field, "x").ThenRefused("unknown-field");

    [Fact]
    public void an_item_of_a_list_can_be_corrected()
    {
        Given(WithPhases("Frist")).WhenCorrecting(1, "/phases/0/title", "First").Then(CorrectedEntry(1, "/phases/0/title", "Frist", "First"));
        Given(Proposed).WhenCorrecting(1, "/parties/1", Asi).Then(CorrectedEntry(1, "/parties/1", Roscosmos, Asi));
    }

    [Fact]
    public void a_member_left_out_can_be_filled_in_and_taken_out_again()
    {
        var story = Given(Proposed).WhenCorrecting(1, "/summary", "On the heart.").Then(CorrectedEntry(1, "/summary", null, "On the heart."));
        story.WhenCorrecting(1, "/summary", null).Then(CorrectedEntry(1, "/summary", "On the heart.", null));
    }

    [Theory]
    [InlineData("/occurredOn", "\"2019-02-30\"")]
    [InlineData("/occurredOn", "20190201")]
    [InlineData("/parties", "null")]
    [InlineData("/parties", "[\"CNES\",null]")]
    [InlineData("/parties/0", "null")]
    [InlineData("/parties", "\"CNES\"")]
    [InlineData("/title", "null")]
    [InlineData("/open", "\"yes\"")]
    [InlineData("/term", "{\"untl\":\"2020\"}")]
    [InlineData("/term", "{\"length\":\"PT5H\"}")]
    [InlineData("/entryIntoForce", "{\"rule\":\"date\"}")]
    [InlineData("/entryIntoForce", "{\"rule\":\"count\"}")]
    [InlineData("/entryIntoForce", "{\"rule\":\"named\"}")]
    [InlineData("/entryIntoForce", "{\"rule\":\"whim\"}")]
    public void a_value_that_does_not_fit_the_member_is_refused(string field, string value) =>
        Given(Proposed).WhenCorrecting(1, field, JsonNode.Parse(value)).ThenRefused("value-does-not-fit", "/value");

    [Fact]
    public void a_phase_comes_to_the_proposal_by_planning_it_and_not_by_correction() => Given(Proposed)
        .WhenCorrecting(1, "/phases", JsonNode.Parse("""[{"phaseId":"phase-9","title":"Ninth"}]"""))
        .ThenRefused("value-does-not-fit");

    [Fact]
    public void only_the_day_of_a_proposal_may_be_unknown()
    {
        Given(Proposed, Signed(Cnes, "2019-02-01")).WhenCorrecting(2, "/occurredOn", null).ThenRefused("value-does-not-fit");
        Given(Proposed, Signed(Cnes, "2019-02-01")).WhenCorrecting(1, "/occurredOn", null).Then(CorrectedEntry(1, "/occurredOn", "2019-01-01", null));
    }

    [Fact]
    public void a_correction_is_not_corrected_itself() =>
        Given(Proposed, Signed(Cnes, "2019-02-01"), CorrectedEntry(2, "/occurredOn", "2019-02-01", "2019-02-11"))
            .WhenCorrecting(3, "/reason", "x")
            .ThenRefused("cannot-correct-correction");

    [Fact]
    public void an_entry_that_never_happened_is_struck_out()
    {
        var story = Given(Proposed, Signed(Cnes, "2019-02-01")).WhenCorrecting(2, "", null).Then(CorrectedEntry(2, "", null, null));
        Assert.Null(story.PartyOn(Cnes, "2019-03-01").SignedOn);
        story.When(Sign(Cnes, "2019-05-01")).Then(Signed(Cnes, "2019-05-01"));
    }

    [Fact]
    public void what_was_struck_out_is_not_corrected_any_more()
    {
        Given(Proposed, Signed(Cnes, "2019-02-01"), CorrectedEntry(2, "", null, null)).WhenCorrecting(2, "/occurredOn", "2019-02-02").ThenRefused("entry-annulled");
        Given(Proposed, Document() with { OccurredOn = D("2020-02-01") }).WhenCorrecting(2, "", null).Then(CorrectedEntry(2, "", null, null));
    }

    [Fact]
    public void the_proposal_cannot_be_struck_out() => Given(Proposed).WhenCorrecting(1, "", null).ThenRefused("cannot-annul-proposal");

    [Fact]
    public void striking_out_takes_no_value() => Given(Proposed, Signed(Cnes, "2019-02-01")).WhenCorrecting(2, "", "x").ThenRefused("value-does-not-fit");

    [Fact]
    public void a_correction_does_not_make_a_stranger_a_party()
    {
        Given(Proposed, Signed(Cnes, "2019-02-01")).WhenCorrecting(2, "/party", Asi).ThenRefused("not-a-party", "/value");
        Given(Proposed, Signed(Cnes, "2019-02-01")).WhenCorrecting(2, "/party", "NOBODY").ThenRefused("unknown-agency", "/value");
        Given(Proposed, Signed(Cnes, "2019-02-01")).WhenCorrecting(2, "/party", Roscosmos).Then(CorrectedEntry(2, "/party", Cnes, Roscosmos));
    }

    [Fact]
    public void a_party_that_has_acted_is_not_corrected_away() =>
        Given(Proposed, Signed(Cnes, "2019-02-01")).WhenCorrecting(1, "/parties/0", Asi).ThenRefused("not-a-party");

    [Fact]
    public void an_agreement_that_strangers_joined_stays_open() =>
        Given(Proposed with { Open = true }, Signed(Asi, "2019-02-01")).WhenCorrecting(1, "/open", false).ThenRefused("not-a-party");

    [Fact]
    public void a_party_in_the_proposal_must_be_registered() => Given(Proposed).WhenCorrecting(1, "/parties/0", "NOBODY").ThenRefused("unknown-agency", "/value");

    [Fact]
    public void a_corrected_act_keeps_to_the_rules()
    {
        Given(Proposed, Signed(Cnes, "2019-02-01")).WhenCorrecting(2, "/occurredOn", "2020-02-21").ThenRefused("act-in-future", "/value");
        Given(Proposed, Signed(Cnes, "2019-02-01")).WhenCorrecting(2, "/occurredOn", "2018-12-31").ThenRefused("act-before-proposal");
        Given([.. InForce, Terminated("2019-12-01")]).WhenCorrecting(2, "/occurredOn", "2019-12-02").ThenRefused("agreement-ended");
    }

    [Fact]
    public void a_correction_breaks_no_other_act()
    {
        Given(Proposed, Discussed("2019-01-05")).WhenCorrecting(1, "/occurredOn", "2019-01-06").ThenRefused("act-before-proposal");
        Given(InForce).WhenCorrecting(2, "/occurredOn", "2019-05-02").ThenRefused("not-yet-signed");
        Given(InForce).WhenCorrecting(2, "", null).ThenRefused("not-yet-signed");
        Given([.. InForce, Suspended("2019-07-01"), Resumed("2019-08-01")]).WhenCorrecting(6, "", null).ThenRefused("not-suspended");
        Given(WithPhases(), Planned("phase-1", "First", "2019-02-01"), Completed("phase-1", "2019-03-01")).WhenCorrecting(2, "", null).ThenRefused("unknown-phase");
    }

    [Fact]
    public void a_consent_is_not_corrected_into_a_second_one_of_the_same_party() =>
        Given(InForceBetweenThree).WhenCorrecting(4, "/party", Cnes).ThenRefused("already-ratified");

    [Fact]
    public void the_text_of_a_discussion_can_be_corrected_though_the_state_does_not_keep_it()
    {
        var discussed = Discussed("2019-05-01") with { Topics = ["Heart", "Brian"] };
        Given(Proposed, discussed).WhenCorrecting(2, "/topics/1", "Brain").Then(CorrectedEntry(2, "/topics/1", "Brian", "Brain"));
        Given(Proposed, discussed).WhenCorrecting(2, "/summary", "Brains.").Then(CorrectedEntry(2, "/summary", "The plans were discussed.", "Brains."));
        var moved = Given(Proposed, discussed).WhenCorrecting(2, "/discussedOn", "2019-05-02").Then(CorrectedEntry(2, "/occurredOn", "2019-05-01", "2019-05-02"));
        Assert.Equal(D("2019-05-02"), moved.On("2019-06-01").LastDiscussed!.On);
    }
}
