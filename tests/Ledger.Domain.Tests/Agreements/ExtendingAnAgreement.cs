using Ledger.Domain.Agreements;
using Ledger.Domain.Days;
using static Ledger.Domain.Tests.Scene;
using static Ledger.Domain.Tests.Story;

namespace Ledger.Domain.Tests.Agreements;

public class ExtendingAnAgreement
{
    private static readonly AgreementProposed UntilTheEndOf2019 = Proposed with { Term = new(Until: D("2019-12-31")) };

    [Fact]
    public void the_term_is_prolonged() => Given(UntilTheEndOf2019).When(Extend("2021-12-31", "2019-11-01")).Then(Extended("2021-12-31", "2019-11-01"));

    [Fact]
    public void an_extension_ends_later_than_the_term()
    {
        Given(UntilTheEndOf2019).When(Extend("2019-12-31", "2019-11-01")).ThenRefused("extension-not-later");
        Given(UntilTheEndOf2019).When(Extend("2020-01-01", "2019-11-01")).Then(Extended("2020-01-01", "2019-11-01"));
    }

    [Fact]
    public void an_extension_ends_later_than_the_one_before() => Given(UntilTheEndOf2019, Extended("2021-12-31", "2019-11-01"))
        .When(Extend("2021-12-31", "2020-01-01"))
        .ThenRefused("extension-not-later");

    [Fact]
    public void an_extension_recorded_late_ends_before_the_one_that_followed_it()
    {
        var story = Given(UntilTheEndOf2019, Extended("2021-12-31", "2019-11-01"));
        story.When(Extend("2022-12-31", "2019-10-01")).ThenRefused("extension-not-later");
        story.When(Extend("2020-12-31", "2019-10-01")).Then(Extended("2020-12-31", "2019-10-01"));
    }

    [Fact]
    public void a_term_counted_from_entry_into_force_is_prolonged_beyond_its_end()
    {
        var story = Given([Proposed with { Term = new(Length: Period.Parse("P1Y")) }, .. InForce.Skip(1)]);
        story.When(Extend("2020-06-01", "2019-11-01")).ThenRefused("extension-not-later");
        story.When(Extend("2020-06-02", "2019-11-01")).Then(Extended("2020-06-02", "2019-11-01"));
    }

    [Fact]
    public void an_agreement_whose_term_is_over_may_still_be_extended() =>
        Given(UntilTheEndOf2019).When(Extend("2021-12-31", "2020-02-01")).Then(Extended("2021-12-31", "2020-02-01"));

    [Fact]
    public void an_extension_agreed_in_the_future_is_refused() => Given(UntilTheEndOf2019).When(Extend("2022", "2020-02-21")).ThenRefused("act-in-future");

    [Fact]
    public void an_extension_agreed_before_the_proposal_is_refused() =>
        Given(UntilTheEndOf2019).When(Extend("2022", "2018-12-31")).ThenRefused("act-before-proposal");

    [Fact]
    public void a_terminated_agreement_is_not_extended() =>
        Given([.. InForce, Terminated("2019-11-01")]).When(Extend("2022", "2019-12-01")).ThenRefused("agreement-ended");
}
