using Ledger.Web.Access;
using Ledger.Web.Hosting;
using Xunit;

namespace Ledger.Web.Tests.Meetings;

public class ListingMeetings(RunningLedger ledger)
{
    [Fact]
    public async Task a_meeting_put_right_stands_where_it_belongs_and_nowhere_else()
    {
        var scene = await Scene.Of(ledger);
        var first = (await scene.Meeting("2020-02-14")).Is(201)["reference"]!;
        var second = (await scene.Meeting("2020-02-15")).Is(201)["reference"]!;
        Assert.Equal([second, first], await Listed(scene.One));

        foreach (var (version, field, value) in new[] { (1, "/heldOn", "2020-02-16"), (2, "/participants/1/agency", scene.Three) })
            (await scene.Registrar.Post($"/api/v1/meetings/{first}/corrections", new { corrects = 1, field, value, reason = "Misread." }, ifMatch: version)).Is(201);

        Assert.Equal([first, second], await Listed(scene.One));
        Assert.Equal([second], await Listed(scene.Two));
        Assert.Equal([first], await Listed(scene.Three));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("00000001")]
    [InlineData("-0000001id")]
    public async Task a_cursor_that_no_page_gave_is_refused(string position) =>
        (await ledger.Auditor.Get($"/api/v1/meetings?cursor={RequestQuery.Close(position)}")).IsProblem(400, "malformed");

    [Fact]
    public async Task a_store_in_which_meetings_were_not_listed_lists_them_from_the_next_start_on()
    {
        await using var own = await ledger.Another();
        var registrar = await own.As("Rita", null, Roles.Registrar);
        foreach (var code in new[] { "ONE", "TWO" })
            (await registrar.Put($"/api/v1/agencies/{code}", new { name = code, kind = "agency" })).Is(201);
        foreach (var (heldOn, agency) in new[] { ("2020-02-14", "ONE"), ("2021", "TWO"), ("2019-05", "ONE"), ("2020-02-14", "TWO") })
            (await registrar.Post("/api/v1/meetings", new { title = "M", heldOn, participants = new[] { new { name = "Anna", agency }, new { name = "Boris", agency }, new { name = "Nobody's", agency = (string)null! } }, outcomes = Array.Empty<object>() })).Is(201);
        var (all, ofOne) = ((await registrar.Get("/api/v1/meetings")).Is(200).Body, (await registrar.Get("/api/v1/meetings?agency=ONE")).Is(200).Body);
        await own.Sql("drop table ledger.meeting_list; delete from ledger.projection where name = 'meeting_list'; update ledger.schema_made set build = 'earlier'");

        await using var next = await RunningLedger.StartAsync(own.ConnectionString);

        Assert.Equal((all, ofOne), ((await registrar.Get("/api/v1/meetings")).Is(200).Body, (await registrar.Get("/api/v1/meetings?agency=ONE")).Is(200).Body));
        Assert.Equal("4 2", await own.Sql("select count(*) filter (where agency = '') || ' ' || count(*) filter (where agency = 'ONE') from ledger.meeting_list"));
    }

    private async Task<IReadOnlyList<string?>> Listed(string agency) =>
        [.. (await ledger.Auditor.Get($"/api/v1/meetings?agency={agency}")).Is(200).Items.Select(m => m.Text("reference"))];
}
