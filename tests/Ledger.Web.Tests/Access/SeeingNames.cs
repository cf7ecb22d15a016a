using Ledger.Web.Access;
using Xunit;

namespace Ledger.Web.Tests.Access;

/// <summary>The two rows of the access table about names, in every form in which names are given out.</summary>
public class SeeingNames(RunningLedger ledger)
{
    [Theory]
    [InlineData("officer", true, true)]
    [InlineData("registrar", true, true)]
    [InlineData("auditor", true, true)]
    [InlineData("reader", true, false)]
    public async Task of_ones_own_and_of_others_as_the_table_says(string column, bool own, bool others)
    {
        Assert.All(new[] { Operation.SeeRecorders, Operation.SeePersonsNamed }, operation => Assert.Equal(
            (own, others), (AccessTable.Of(operation).CellOf(column).HasFlag(Reach.Own), AccessTable.Of(operation).CellOf(column).HasFlag(Reach.Other))));
        var scene = await Scene.Of(ledger);
        var (first, second) = (await ledger.As($"Renata Recorder {scene.One}", scene.One, Roles.Officer), await ledger.As($"Ruslan Recorder {scene.Two}", scene.Two, Roles.Officer));
        var reference = (await first.Post("/api/v1/agreements", new { title = "X", parties = new[] { scene.One, scene.Two }, proposedOn = "2020-01-01" })).Is(201)["reference"];
        (await second.Post($"/api/v1/agreements/{reference}/signatures", new { party = scene.Two, signedOn = "2020-02-01", signatory = new { name = $"Sigrid Signatory {scene.Two}", office = "Minister" } }, ifMatch: 1)).Is(201);
        var meeting = (await second.Post("/api/v1/meetings", $$"""
            {"title":"M","heldOn":"2020-03-01","host":{"name":"Hedda Host {{scene.One}}","office":"Ambassador"},"participants":[{"name":"Pia Present {{scene.One}}","office":"President","agency":"{{scene.One}}"},{"name":"Pavel Present {{scene.Two}}","office":"Director","agency":"{{scene.Two}}"}],"outcomes":[{"kind":"discussed","agreement":"{{reference}}","summary":"S"}]}
            """)).Is(201)["reference"];
        var caller = Visitor.Of(column, scene.One)!;
        string[] ofOwn = [$"Renata Recorder {scene.One}", $"Pia Present {scene.One}"];
        string[] ofOthers = [$"Ruslan Recorder {scene.Two}", $"Sigrid Signatory {scene.Two}", $"Pavel Present {scene.Two}", $"Hedda Host {scene.One}"];

        var answers = new List<string>();
        foreach (var (path, accept) in new (string, string?)[]
        {
            ($"/api/v1/agreements/{reference}/history", null), ($"/api/v1/agreements/{reference}/history", "text/csv"), ($"/api/v1/agreements/{reference}/history", "application/x-ndjson"),
            ($"/api/v1/agreements/{reference}/history?limit=100", null), ($"/api/v1/agreements/{reference}/brief", null), ($"/api/v1/agreements/{reference}/brief", "application/json"),
            ($"/api/v1/meetings/{meeting}", null), ($"/api/v1/meetings/{meeting}/history", null), ($"/api/v1/meetings/{meeting}/history", "text/csv"),
            ($"/api/v1/meetings/{meeting}/brief", "text/html"), ($"/api/v1/briefs/portfolio?party={scene.One}&party={scene.Two}", null), ("/api/v1/export", null),
        })
        {
            // What an officer has read before must not be what a reader is given.
            await ledger.Registrar.Get(path, accept);
            answers.Add((await ledger.Api(caller).Get(path, accept)).Is(200).Body);
        }

        for (var after = "0"; ;)
        {
            var page = (await ledger.Api(caller).Get($"/api/v1/events?after={after}&limit=1000")).Is(200);
            answers.Add(page.Body);
            if (page["isAtEnd"] == "true")
                break;
            after = page["next"]!;
        }

        foreach (var path in new[] { $"/agreements/{reference}/history", $"/agreements/{reference}/history?handler=Csv", $"/agreements/{reference}/history?handler=Lines", $"/agreements/{reference}/brief", $"/meetings/{meeting}", $"/meetings/{meeting}/history", $"/replay?agreement={reference}" })
            answers.Add((await ledger.Host.Services.Page(caller, HttpMethod.Get, path)).Is(200).Body);

        Assert.All(ofOwn, name => Assert.Equal(own, answers.Exists(answer => answer.Contains(name, StringComparison.Ordinal))));
        Assert.All(ofOthers, name => Assert.Equal(others, answers.Exists(answer => answer.Contains(name, StringComparison.Ordinal))));
    }

    [Fact]
    public async Task that_are_withheld_is_told_apart_from_names_that_were_erased_and_leaves_agency_and_office()
    {
        var scene = await Scene.Of(ledger);
        var reference = await scene.Propose();
        var meeting = (await scene.Meeting(outcomes: $$"""{"kind":"discussed","agreement":"{{reference}}","summary":"S"}""")).Is(201)["reference"];
        var reader = ledger.Api(Visitor.Of("reader", scene.Three));

        var entry = (await reader.Get($"/api/v1/agreements/{reference}/history")).Is(200).Items[0];
        var present = (await reader.Get($"/api/v1/meetings/{meeting}")).Is(200).Json!["participants"]![0];
        var brief = (await reader.Get($"/api/v1/meetings/{meeting}/brief")).Is(200).Body;

        Assert.Equal((null, scene.One, "true"), (entry.Text("recordedBy/name"), entry.Text("recordedBy/agency"), entry.Text("recordedBy/withheld")));
        Assert.Equal((null, "President", scene.One, "true"), (present.Text("name"), present.Text("office"), present.Text("agency"), present.Text("withheld")));
        Assert.Contains("a person whose name is not shown, President", brief, StringComparison.Ordinal);
        Assert.DoesNotContain("erased", brief, StringComparison.Ordinal);
    }
}
