using Ledger.Domain.Agreements;
using static Ledger.Domain.Tests.Scene;
using static Ledger.Domain.Tests.Story;

namespace Ledger.Domain.Tests.Agreements;

public class SucceedingAParty
{
    [Fact]
    public void the_successor_keeps_what_its_predecessor_agreed()
    {
        var story = Given(ProposedBetween(Cnes, Rka) with { OccurredOn = D("2003-01-01") }, Acceded(Cnes, "2003-02-01"), Acceded(Rka, "2003-03-01"))
            .Is(AgreementStatus.InForce, "2003-03-01", "2004-03-09", "2020-02-20")
            .PartyIs(Rka, PartyStatus.Party, "2004-03-08", "2004-03-09");
        story.When(Accede(Roscosmos, "2019-01-01")).ThenRefused("already-ratified");
        story.When(Withdraw(Roscosmos, "2019-01-01", "2019-06-01")).Then(Notified(Rka, "2019-01-01", "2019-06-01") with { ActedBy = Roscosmos });
    }

    [Fact]
    public void the_old_name_answers_for_old_days()
    {
        Assert.Equal(Rka, Scene.Agencies.HolderOn(Rka, new DateOnly(2004, 3, 8)));
        Assert.Equal(Roscosmos, Scene.Agencies.HolderOn(Rka, new DateOnly(2004, 3, 9)));
    }
}
