using Ledger.Domain.Agreements;
using static Ledger.Domain.Tests.Scene;
using static Ledger.Domain.Tests.Story;

namespace Ledger.Domain.Tests.Agreements;

public class AmendingAnAgreement
{
    [Fact]
    public void an_amendment_is_recorded() => Given(InForce).When(Amend("2019-09-01")).Then(Amended("Article 3 is replaced.", "2019-09-01"));

    [Fact]
    public void the_same_amendment_again_is_nothing_new() =>
        Given([.. InForce, Amended("Article 3 is replaced.", "2019-09-01")]).When(Amend("2019-09-01")).ThenNothing();

    [Fact]
    public void an_amendment_in_the_future_is_refused() => Given(InForce).When(Amend("2020-02-21")).ThenRefused("act-in-future");

    [Fact]
    public void a_terminated_agreement_is_not_amended() => Given([.. InForce, Terminated("2019-09-01")]).When(Amend("2019-09-01")).ThenRefused("agreement-ended");

    private static Func<Agreement, Decision> Amend(string on) => s => AgreementDecider.Amend(s, new(D(on), Summary: "Article 3 is replaced."), Outside);
}
