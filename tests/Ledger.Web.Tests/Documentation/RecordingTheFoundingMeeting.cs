using System.Text.Json.Nodes;
using Xunit;

namespace Ledger.Web.Tests.Documentation;

/// <summary>The example of the documentation, sent to a Ledger that was empty.</summary>
public sealed class FoundedLedger(RunningLedger ledger) : IAsyncLifetime
{
    private OwnLedger _own = null!;

    /// <summary>The example.</summary>
    public JsonNode Example { get; } = JsonNode.Parse(File.ReadAllText(Repository.Path("docs", "examples", "moscow-2020-02-14.json")))!;

    /// <summary>An officer of CNES.</summary>
    public Client Officer { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _own = await ledger.Another();
        Officer = await _own.As("Officer of CNES", "CNES", "officer");
        var registrar = await _own.As("Registrar", null, "registrar");
        foreach (var agency in Example["agencies"]!.AsArray())
        {
            var body = agency!.DeepClone().AsObject();
            body.Remove("code");
            (await registrar.Put($"/api/v1/agencies/{agency.Text("code")}", body)).Is(201);
        }

        (await Officer.Post("/api/v1/meetings", Example["meeting"]!)).Is(201);
    }

    public ValueTask DisposeAsync() => _own.DisposeAsync();
}

public class RecordingTheFoundingMeeting(FoundedLedger founded) : IClassFixture<FoundedLedger>
{
    private readonly Client _officer = founded.Officer;

    [Fact]
    public async Task every_fact_comes_back_from_its_own_place()
    {
        var meeting = await _officer.Get("/api/v1/meetings/CM-2020-0001");
        var soyuz = await _officer.Get("/api/v1/agreements/CA-2020-0001?version=3");
        var cardiomed = await _officer.Get("/api/v1/agreements/CA-2020-0004?asOf=2020-02-20");

        Assert.Equal(
            ("2020-02-14", "Moscow", "Embassy of France", "Pierre Lévy", "Ambassador of France to Russia"),
            (meeting["heldOn"], meeting["place/city"], meeting["place/venue"], meeting["host/name"], meeting["host/office"]));
        Assert.Equal(
            [("Jean-Yves Le Gall", "President", "CNES"), ("Dmitry Rogozin", "Director General", "ROSCOSMOS")],
            meeting.Json!["participants"]!.AsArray().Select(p => (p.Text("name"), p.Text("office"), p.Text("agency"))));
        Assert.Equal(
            ["underDiscussion", "underDiscussion", "underDiscussion", "underDiscussion", "underDiscussion", "proposed"],
            (await _officer.Get("/api/v1/agreements?asOf=2020-02-20")).Items.Select(a => a.Text("status")));
        Assert.Equal(["23", "3", "9", "4"], soyuz.Json.At("achievements/0/counters")!.AsArray().Select(c => c.Text("value")));
        Assert.Equal(
            ["ASI", "IT-MOD", "ESA", "CNES", "CNES", "TYVAK", "ESA"],
            soyuz.Json.At("achievements/0/beneficiaries")!.AsArray().Select(b => b.Text("agency")));
        Assert.Equal(("IMBP", "2020-02-14"), (cardiomed["institutes/0/agency"], cardiomed["lastDiscussedOn"]));
        Assert.Equal(
            [("First phase", "2020-02-03"), ("Study of cerebral circulation", null), ("Study of myocardial remodelling", null), ("Study of paravertebral discs", null)],
            cardiomed.Json!["phases"]!.AsArray().Select(p => (p.Text("title"), p.Text("completedOn"))));
    }

    [Fact]
    public async Task the_fifth_payload_is_put_right_and_the_report_stays_as_it_was_written()
    {
        var correction = founded.Example["corrections"]![0]!;
        var path = $"/api/v1/agreements/{correction.Text("agreement")}";
        var wrong = (await _officer.Get($"{path}/history")).Items.Single(e => e.Text("type") == correction.Text("entry/type"));
        var body = new JsonObject { ["corrects"] = wrong["version"]!.DeepClone(), ["field"] = correction.Text("field"), ["value"] = correction["value"]!.DeepClone(), ["reason"] = correction.Text("reason") };

        (await _officer.Post($"{path}/corrections", body, ifMatch: 3)).Is(201);

        Assert.Equal("5", (await _officer.Get(path))["achievements/0/counters/3/value"]);
        Assert.Equal("4", (await _officer.Get($"{path}?version=3"))["achievements/0/counters/3/value"]);
        Assert.Equal("4", (await _officer.Get($"{path}/history")).Items[1].Text("data/counters/3/value"));
    }

    [Theory]
    [InlineData("/api/v1/agreements/{id}", "/api/v1/agreements/CA-2020-0004")]
    [InlineData("/api/v1/agreements/{id}/history", "/api/v1/agreements/CA-2020-0004/history")]
    [InlineData("/api/v1/agreements/{id}/changes", "/api/v1/agreements/CA-2020-0004/changes?from=2&to=3")]
    [InlineData("/api/v1/agreements/{id}/brief", "/api/v1/agreements/CA-2020-0004/brief?since=1")]
    [InlineData("/api/v1/agreements", "/api/v1/agreements?asOf=2020-02-20")]
    [InlineData("/api/v1/meetings/{id}", "/api/v1/meetings/CM-2020-0001")]
    [InlineData("/api/v1/meetings/{id}/history", "/api/v1/meetings/CM-2020-0001/history")]
    [InlineData("/api/v1/meetings/{id}/brief", "/api/v1/meetings/CM-2020-0001/brief")]
    [InlineData("/api/v1/meetings", "/api/v1/meetings")]
    [InlineData("/api/v1/agencies/{code}", "/api/v1/agencies/ESA")]
    [InlineData("/api/v1/agencies/{code}/history", "/api/v1/agencies/ESA/history")]
    [InlineData("/api/v1/agencies", "/api/v1/agencies")]
    [InlineData("/api/v1/briefs/portfolio", "/api/v1/briefs/portfolio?party=CNES&party=ROSCOSMOS")]
    [InlineData("/api/v1/events", "/api/v1/events?limit=1000")]
    public async Task answers_are_what_the_description_says(string route, string address)
    {
        var document = new ApiDocument((await _officer.Get("/openapi/v1.json")).Is(200).Json!);
        var answer = (await _officer.Get(address, "application/json")).Is(200);

        Assert.Equal([], document.Problems(answer.Json, document.Operation($"GET {route}")["responses"]!["200"]!["content"]!["application/json"]!["schema"]!));
    }
}
