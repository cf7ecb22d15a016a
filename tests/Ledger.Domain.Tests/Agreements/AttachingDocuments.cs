using Ledger.Domain.Agreements;
using Ledger.Domain.Days;
using static Ledger.Domain.Tests.Scene;
using static Ledger.Domain.Tests.Story;

namespace Ledger.Domain.Tests.Agreements;

public class AttachingDocuments
{
    [Fact]
    public void a_document_is_attached_today() => Given(Proposed).When(Attach()).Then(Document() with { OccurredOn = Day.On(Today) });

    [Fact]
    public void the_same_document_again_is_nothing_new() => Given(Proposed, Document() with { OccurredOn = D("2020-02-01") }).When(Attach()).ThenNothing();

    [Fact]
    public void a_document_is_attached_to_an_agreement_that_ended() =>
        Given([.. InForce, Terminated("2019-07-01")]).When(Attach()).Then(Document() with { OccurredOn = Day.On(Today) });

    [Fact]
    public void a_document_is_attached_to_a_withdrawn_proposal() =>
        Given(Proposed, ProposalGone("2019-07-01")).When(Attach()).Then(Document() with { OccurredOn = Day.On(Today) });

    private static Func<Agreement, Decision> Attach() => s => AgreementDecider.AttachDocument(s, Document(), Outside);
}
