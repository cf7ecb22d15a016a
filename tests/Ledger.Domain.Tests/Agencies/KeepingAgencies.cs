using Ledger.Domain.Agencies;
using static Ledger.Domain.Tests.Scene;
using static Ledger.Domain.Tests.Story;

namespace Ledger.Domain.Tests.Agencies;

public class KeepingAgencies
{
    private static readonly AgencyRegistered Registered = new("ROSCOSMOS", "Roscosmos", AgencyKind.Agency) { Names = new(Ru: "Роскосмос"), Country = "RU" };
    private static readonly KeepAgency AsRegistered = new("Roscosmos", AgencyKind.Agency, new(Ru: "Роскосмос"), "RU");
    private static readonly AgencyRenamed Renamed = new("State Corporation Roscosmos", AgencyKind.Company) { OccurredOn = D("2016-01-01"), Country = "RU" };
    private static readonly KeepAgency AsRenamed = new("State Corporation Roscosmos", AgencyKind.Company, Country: "RU", OccurredOn: D("2016-01-01"));

    [Fact]
    public void an_agency_is_registered() =>
        Assert.Equal(Json<AgencyEvent>([Registered]), Json(Assert.IsType<Decision.Decided>(AgencyDecider.Keep(null, "ROSCOSMOS", AsRegistered, Today)).Events.Cast<AgencyEvent>()));

    [Fact]
    public void an_agency_is_not_registered_in_the_future() =>
        AgencyDecider.Keep(null, "ROSCOSMOS", AsRegistered with { OccurredOn = D("2020-02-21") }, Today).ThenRefused("act-in-future");

    [Fact]
    public void the_same_again_is_nothing_new() => Given(Registered).When(Keep(AsRegistered)).ThenNothing();

    [Fact]
    public void said_otherwise_it_is_renamed_from_the_day() => Given(Registered).When(Keep(AsRenamed)).Then(Renamed);

    [Fact]
    public void without_a_day_it_is_renamed_today() =>
        Given(Registered).When(Keep(AsRenamed with { OccurredOn = null })).Then(Renamed with { OccurredOn = D("2020-02-20") });

    [Fact]
    public void a_name_does_not_begin_in_the_future() => Given(Registered).When(Keep(AsRenamed with { OccurredOn = D("2020-02-21") })).ThenRefused("act-in-future");

    [Fact]
    public void each_name_answers_for_its_own_days()
    {
        var agency = Given(Registered, Renamed).State;
        Assert.Equal("Roscosmos", agency.NameOn(new(2015, 12, 31)).Name);
        Assert.Equal("State Corporation Roscosmos", agency.NameOn(new(2016, 1, 1)).Name);
        Assert.Equal((AgencyKind.Company, 2), (agency.LatestName.Kind, agency.Version));
    }

    [Fact]
    public void a_renaming_recorded_late_takes_its_own_place()
    {
        var agency = Given(Registered, Renamed, new AgencyRenamed("Federal Space Agency", AgencyKind.Agency) { OccurredOn = D("2004-03") }).State;
        Assert.Equal(["Roscosmos", "Federal Space Agency", "State Corporation Roscosmos"], agency.Names.Select(n => n.Name));
        Assert.Equal("Roscosmos", agency.NameOn(new(2004, 3, 30)).Name);
        Assert.Equal("Federal Space Agency", agency.NameOn(new(2004, 3, 31)).Name);
    }

    [Fact]
    public void the_directory_names_an_agency_in_the_language_where_it_is_known()
    {
        var directory = new AgencyDirectory([Given(Registered, Renamed).State]);
        Assert.Equal("Роскосмос", directory.NameOn("ROSCOSMOS", new(2015, 1, 1), "ru"));
        Assert.Equal("Roscosmos", directory.NameOn("ROSCOSMOS", new(2015, 1, 1), "fr"));
        Assert.Equal("State Corporation Roscosmos", directory.NameOn("ROSCOSMOS", new(2016, 1, 1), "ru"));
        Assert.Equal("NOBODY", directory.NameOn("NOBODY", new(2016, 1, 1)));
    }

    private static Func<Agency, Decision> Keep(KeepAgency command) => s => AgencyDecider.Keep(s, "ROSCOSMOS", command, Today);
}
