using System.Text.Json.Nodes;
using Ledger.Domain.Agreements;
using static Ledger.Domain.Tests.Scene;
using static Ledger.Domain.Tests.Story;

namespace Ledger.Domain.Tests.Agreements;

public class TakingOverEntries
{
    private static readonly Entry<AgreementEvent> First = new(1, new DateTimeOffset(2020, 2, 20, 12, 0, 0, TimeSpan.Zero), Proposed);

    [Fact]
    public void what_the_rules_admit_is_recorded_as_it_was() =>
        Given(Proposed).When(state => Restore.Agreement(state, Signed(Cnes, "2019-02-01"), null, Outside with { IsHistorical = true })).Then(Signed(Cnes, "2019-02-01"));

    [Fact]
    public void a_second_proposal_is_out_of_order() =>
        Given(Proposed).When(state => Restore.Agreement(state, Proposed, null, Outside)).ThenRefused("entry-out-of-order");

    [Fact]
    public void a_correction_of_what_is_not_there_is_refused() =>
        Given(Proposed).When(state => Restore.Agreement(state, Correction("Cardiomed"), null, Outside)).ThenRefused("unknown-entry");

    [Fact]
    public void a_correction_that_says_something_else_of_what_stood_before_is_refused() =>
        Given(Proposed).When(state => Restore.Agreement(state, Correction("Another title"), First, Outside with { IsHistorical = true })).ThenRefused("entry-differs");

    private static EntryCorrected Correction(string was) =>
        new(1, "/title", "It was misspelt.") { OccurredOn = D("2020-02-20"), Was = JsonValue.Create(was), Value = JsonValue.Create("Cardiomed 2") };
}
