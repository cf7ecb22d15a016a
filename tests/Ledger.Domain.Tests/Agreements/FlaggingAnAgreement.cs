using Ledger.Domain.Agreements;
using static Ledger.Domain.Tests.Scene;
using static Ledger.Domain.Tests.Story;

namespace Ledger.Domain.Tests.Agreements;

public class FlaggingAnAgreement
{
    [Fact]
    public void what_is_in_order_bears_no_flag() => Assert.Empty(Flags.Of(Given(
    [
        WithPhases("First"), .. InForce.Skip(1), Discussed("2019-06-02"), Suspended("2019-07-01"), Resumed("2019-08-01"), Extended("2025", "2019-08-01"), Completed("phase-1", "2018-06-01"),
        Notified(Cnes, "2019-09-01", "2019-12-01"), Revoked(Cnes, "2019-10-01"), Terminated("2019-12-01", ground: TerminationGround.Completion), Document(),
    ]).State));

    [Fact]
    public void a_party_bound_before_it_signed_is_seen()
    {
        var early = Given(Proposed, Signed(Cnes, "2019-05-01"), Signed(Roscosmos, "2019-05-01"), Ratified(Cnes, "2019-05-01", effective: "2019-04-01"), Ratified(Roscosmos, "2019-05-01", effective: "2019-04-01"));
        Assert.Equal([Flag.InForceBeforeSignature], Flags.Of(early.State));
        Assert.Empty(Flags.Of(Given([.. InForceBetweenThree, Signed(Cnes, "2019-03-01")]).State));
    }

    [Fact]
    public void a_signature_of_the_same_year_may_have_come_first() => Assert.Empty(Flags.Of(Given(
        Proposed, Signed(Cnes, "2019"), Signed(Roscosmos, "2019"), Ratified(Cnes, "2019-05-01", effective: "2019-04-01"), Ratified(Roscosmos, "2019-05-01", effective: "2019-04-01")).State));

    [Fact]
    public void a_termination_of_what_never_was_in_force_is_seen()
    {
        Assert.Equal([Flag.TerminatedNeverInForce], Flags.Of(Given(Proposed, Terminated("2019-05-01")).State));
        Assert.Equal([Flag.ActAfterEnd, Flag.TerminatedNeverInForce], Flags.Of(Given(Proposed, Terminated("2019-05-01"), Acceded(Cnes, "2019-06-01"), Acceded(Roscosmos, "2019-06-01")).State));
        Assert.Empty(Flags.Of(Given([.. InForce, Terminated("2019-06-02")]).State));
    }

    [Fact]
    public void the_day_of_the_end_may_hold_other_acts() =>
        Assert.Empty(Flags.Of(Given([.. InForce, Terminated("2019-12-01"), Discussed("2019-12-01"), Discussed("2019")]).State));

    [Fact]
    public void an_end_brought_nearer_leaves_the_later_one_as_it_is() =>
        Assert.Empty(Flags.Of(Given([.. InForce, Terminated("2019-08-01", "2020-01-01"), Terminated("2019-09-01", "2019-12-01")]).State));

    [Fact]
    public void a_day_that_had_come_somewhere_on_earth_lies_in_no_future()
    {
        // The story is recorded from nine in the morning, UTC, on 13 February.
        Assert.Empty(Flags.Of(Given(Proposed, Discussed("2020-02-13")).State));
        Assert.Equal([Flag.DayInFuture], Flags.Of(Given(Proposed, Discussed("2020-02-14")).State));
        var evening = Agreement.Evolve(Given(Proposed).State, new(2, new(2020, 2, 13, 10, 0, 0, TimeSpan.Zero), Discussed("2020-02-14")));
        Assert.Empty(Flags.Of(evening));
        Assert.Equal([Flag.DayInFuture], Flags.Of(Given(Proposed, Acceded(Cnes, "2019-02-01", received: "2021")).State));
    }

    [Fact]
    public void a_day_to_come_is_no_future_any_more_once_something_is_recorded_after_it()
    {
        var story = Given(Proposed, Discussed("2020-02-15"));
        var later = Agreement.Evolve(story.State, new(3, new(2020, 2, 15, 0, 0, 0, TimeSpan.Zero), Discussed("2020-02-13")));
        Assert.Equal([Flag.DayInFuture], Flags.Of(story.State));
        Assert.Empty(Flags.Of(later));
    }

    [Fact]
    public void two_extensions_of_one_day_are_a_chain_whichever_was_recorded_first() => Assert.Empty(Flags.Of(Given(
        Proposed with { Term = new(D("2021")) }, Extended("2023", "2020-01-01"), Extended("2022", "2020-01-01")).State));

    [Fact]
    public void a_suspension_and_a_resumption_of_one_day_leave_it_as_it_was() =>
        Assert.Empty(Flags.Of(Given([.. InForce, Suspended("2019-07-01"), Resumed("2019-08-01"), Suspended("2019-08-01"), Resumed("2019-09-01")]).State));

    [Fact]
    public void an_agreement_suspended_after_its_end_is_seen()
    {
        Assert.Equal([Flag.ActAfterEnd, Flag.SuspendedNotInForce], Flags.Of(Given([.. InForce, Terminated("2019-12-01"), Suspended("2020-01-01")]).State));
        Assert.Equal([Flag.SuspendedNotInForce], Flags.Of(Given([Proposed with { Term = new(D("2019-12-01")) }, .. InForce.Skip(1), Suspended("2020-01-01")]).State));
    }

    [Fact]
    public void flags_have_names_in_kebab_case_and_are_found_by_them()
    {
        Assert.Equal("ratified-before-signed", Flags.Name(Flag.RatifiedBeforeSigned));
        Assert.All(Enum.GetValues<Flag>(), flag => Assert.Equal(flag, Flags.Find(Flags.Name(flag))));
        Assert.Null(Flags.Find("RatifiedBeforeSigned"));
        Assert.Equal("\"day-in-future\"", System.Text.Json.JsonSerializer.Serialize(Flag.DayInFuture, LedgerJson.Options));
    }
}
