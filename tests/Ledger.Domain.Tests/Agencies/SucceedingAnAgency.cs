using Ledger.Domain.Agencies;
using static Ledger.Domain.Tests.Scene;
using static Ledger.Domain.Tests.Story;

namespace Ledger.Domain.Tests.Agencies;

public class SucceedingAnAgency
{
    private static readonly AgencyRegistered Registered = new(Asi, "ASI", AgencyKind.Agency);
    private static readonly AgencySucceeded Succeeded = new(Nasa) { OccurredOn = D("2019-01-01") };

    [Fact]
    public void another_agency_takes_over_from_the_day() => Given(Registered).When(Succeed(Nasa, "2019-01-01")).Then(Succeeded);

    [Fact]
    public void without_a_day_it_takes_over_today() =>
        Given(Registered).When(s => AgencyDecider.Succeed(s, new(Nasa, null), Scene.Agencies, Today)).Then(Succeeded with { OccurredOn = D("2020-02-20") });

    [Fact]
    public void the_same_succession_again_is_nothing_new() => Given(Registered, Succeeded).When(Succeed(Nasa, "2019-01-01")).ThenNothing();

    [Fact]
    public void an_agency_is_succeeded_once()
    {
        Given(Registered, Succeeded).When(Succeed(Nasa, "2019-02-01")).ThenRefused("agency-succeeded");
        Given(Registered, Succeeded).When(Succeed(Cnes, "2019-01-01")).ThenRefused("agency-succeeded");
    }

    [Fact]
    public void the_successor_must_be_registered() => Given(Registered).When(Succeed("NOBODY", "2019-01-01")).ThenRefused("unknown-agency");

    [Fact]
    public void no_agency_succeeds_itself_or_one_that_took_its_place()
    {
        Given(Registered).When(Succeed(Asi, "2019-01-01")).ThenRefused("succession-circular");
        Given(new AgencyRegistered(Roscosmos, "Roscosmos", AgencyKind.Agency)).When(Succeed(Rka, "2019-01-01")).ThenRefused("succession-circular");
    }

    [Fact]
    public void a_succession_does_not_lie_in_the_future() => Given(Registered).When(Succeed(Nasa, "2020-02-21")).ThenRefused("act-in-future");

    [Fact]
    public void a_chain_of_successions_is_followed_to_its_end_by_the_day()
    {
        var directory = new AgencyDirectory(
        [
            Given(new AgencyRegistered("ESRO", "ESRO", AgencyKind.Organisation), new AgencySucceeded("ESA") { OccurredOn = D("1975-05-30") }).State,
            Given(new AgencyRegistered("ESA", "ESA", AgencyKind.Organisation), new AgencySucceeded("NEXT") { OccurredOn = D("2019") }).State,
            Given(new AgencyRegistered("NEXT", "Next", AgencyKind.Organisation)).State,
        ]);
        Assert.Equal(
            ["ESRO", "ESA", "ESA", "NEXT"],
            new[] { new DateOnly(1975, 5, 29), new(1975, 5, 30), new(2019, 12, 30), new(2019, 12, 31) }.Select(day => directory.HolderOn("ESRO", day)));
        Assert.All(
            new[] { new DateOnly(1975, 5, 29), new(1975, 5, 30), new(2019, 12, 31) },
            day => Assert.Equal(directory.All.ToDictionary(a => a.Id, a => directory.HolderOn(a.Id, day)), directory.HoldersOn(day)));
        Assert.Equal(["ESA", "NEXT"], directory.SuccessorsOf("ESRO"));
        Assert.Equal(["ESA", "ESRO", "NEXT"], directory.PlacesOf("NEXT").Order(StringComparer.Ordinal));
        Assert.Equal(["ESA", "ESRO", "NEXT"], directory.All.Select(a => a.Id));
        Assert.Equal("ESRO", directory.PlaceOf(["CNES", "ESRO"], "ESA", new(2000, 1, 1)));
        Assert.Null(directory.PlaceOf(["CNES", "ESRO"], "ESA", new(1970, 1, 1)));
        Assert.True(directory.IsOrganisation("ESA"));
    }

    private static Func<Agency, Decision> Succeed(string successor, string on) => s => AgencyDecider.Succeed(s, new(successor, D(on)), Scene.Agencies, Today);
}
