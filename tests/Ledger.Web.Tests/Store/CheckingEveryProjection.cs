using System.Text.Json.Nodes;
using Ledger.Web.Access;
using Ledger.Web.Store;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Ledger.Web.Tests.Store;

public class CheckingEveryProjection(RunningLedger ledger)
{
    // What somebody did to a table, and the projection that differs then, with the id under which it is found: of one of the agreements, or as it stands.
    private static readonly (string Sql, string Projection, string Id)[] Planted =
    [
        ("update ledger.mt_doc_agreement set data = jsonb_set(data, '{version}', '9') where id = '{0}'", "Agreement", "{0}"),
        ("delete from ledger.mt_doc_agreement where id = '{1}'", "Agreement", "{1}"),
        ("insert into ledger.mt_doc_agreement (id, data, mt_version, mt_last_modified, reference) select 'nobody', data, mt_version, mt_last_modified, 'N' from ledger.mt_doc_agreement where id = '{2}'", "Agreement", "nobody"),
        ("delete from ledger.meeting_list where meeting_id <> '{meeting}' and agency = 'ONE'", "MeetingList", "{second}"),
        ("insert into ledger.meeting_list values ('nobody', '', 0)", "MeetingList", "nobody"),
        ("delete from ledger.mt_doc_meeting where id = '{meeting}'", "Meeting", "{meeting}"),
        ("update ledger.mt_doc_agency set data = data || '{\"version\":7}' where id = 'ONE'", "Agency", "ONE"),
        ("delete from ledger.mt_doc_agency where id = 'TWO'", "Agency", "TWO"),
        ("update ledger.agreement_deadline set due_on = '2031' where agreement_id = '{0}'", "AgreementDeadline", "{0}"),
        ("delete from ledger.agreement_deadline where agreement_id = '{1}'", "AgreementDeadline", "{1}"),
        ("insert into ledger.agreement_deadline select 'nobody', place, kind, subject, due_on, entry, day_from, day_until, reference, due_key, facets from ledger.agreement_deadline where agreement_id = '{2}'", "AgreementDeadline", "nobody"),
        ("update ledger.agreement_period set status = 'terminated' where agreement_id = '{0}'", "AgreementPeriod", "{0}"),
        ("delete from ledger.agreement_period where agreement_id = '{1}' and known_to <> 'infinity'", "AgreementPeriod", "{1}"),
        ("insert into ledger.agreement_period select 'nobody', day_from, day_until, known_from, known_to, status, certain, parties, provisional_from, in_force_from, expires_on, last_discussed_on, reference, title, fields, visibility, flags, facets, title_key, expires_key, discussed_key from ledger.agreement_period where agreement_id = '{2}' limit 1", "AgreementPeriod", "nobody"),
        ("delete from ledger.agreement_field", "AgreementField", "space"),
        ("insert into ledger.agreement_field values ('invented')", "AgreementField", "invented"),
        ("update ledger.agreement_search set text = 'else' where agreement_id = '{0}'", "AgreementSearch", "{0}"),
        ("delete from ledger.agreement_search where agreement_id = '{1}'", "AgreementSearch", "{1}"),
        ("insert into ledger.agreement_search values ('nobody', now(), 'infinity', 'x')", "AgreementSearch", "nobody"),
    ];

    [Fact]
    public async Task finds_each_difference_changes_nothing_and_a_rebuild_puts_all_right()
    {
        await using var own = await ledger.Another();
        var (agreements, meeting, second) = await Record(own);
        var rebuild = own.Host.Services.GetRequiredService<Rebuild>();
        Assert.All(await rebuild.Check(null, TestContext.Current.CancellationToken), projection => Assert.Equal((projection.Projection, ""), (projection.Projection, string.Join(' ', projection.Differing))));

        string Filled(string text) => text.Replace("{0}", agreements[0], StringComparison.Ordinal).Replace("{1}", agreements[1], StringComparison.Ordinal).Replace("{2}", agreements[2], StringComparison.Ordinal).Replace("{meeting}", meeting, StringComparison.Ordinal).Replace("{second}", second, StringComparison.Ordinal);
        foreach (var (sql, _, _) in Planted)
            Assert.Equal("1", await own.Sql($"with planted as ({Filled(sql)} returning 1) select sign(count(*)) from planted"));
        var expected = Planted.Select(p => (p.Projection, Id: Filled(p.Id))).Order().ToList();

        for (var time = 1; time <= 2; time++)
            Assert.Equal(expected, Found(await rebuild.Check(null, TestContext.Current.CancellationToken)));
        Assert.Equal(expected, Found(await rebuild.Run(TestContext.Current.CancellationToken)));
        Assert.Empty(Found(await rebuild.Check(null, TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task a_store_of_an_earlier_version_is_filled_at_start()
    {
        await using var own = await ledger.Another();
        var (agreements, _, _) = await Record(own);
        var auditor = await own.As("Otto", null, Roles.Auditor);
        var before = (await auditor.Get("/api/v1/agreements")).Is(200).Json!["items"]!.ToJsonString();
        await own.Sql("with a as (delete from ledger.agreement_period returning 1), b as (delete from ledger.projection returning 1), c as (delete from ledger.agreement_deadline returning 1) select count(*) from a, b, c");
        Assert.Empty((await auditor.Get("/api/v1/agreements")).Items);

        await using var next = await RunningLedger.StartAsync(own.ConnectionString);

        Assert.Equal(before, (await auditor.Get("/api/v1/agreements")).Is(200).Json!["items"]!.ToJsonString());
        Assert.Empty(Found(await own.Host.Services.GetRequiredService<Rebuild>().Check(null, TestContext.Current.CancellationToken)));
        Assert.Equal(3, agreements.Count);
    }

    private static List<(string Projection, string Id)> Found(IEnumerable<RebuiltProjection> projections) =>
        [.. projections.SelectMany(p => p.Differing.Select(id => (p.Projection, Id: id))).Order()];

    private static async Task<(List<string> Agreements, string Meeting, string Second)> Record(OwnLedger own)
    {
        var registrar = await own.As("Rita", null, Roles.Registrar);
        foreach (var code in new[] { "ONE", "TWO" })
            (await registrar.Put($"/api/v1/agencies/{code}", new { name = code, kind = "agency" })).Is(201);
        var outcomes = Enumerable.Range(1, 3).Select(n => new JsonObject { ["kind"] = "proposed", ["title"] = $"Agreement {n}", ["parties"] = new JsonArray("ONE", "TWO"), ["fields"] = new JsonArray("space"), ["proposedOn"] = "2020-01-01", ["term"] = new JsonObject { ["until"] = "2030-12-31" } });
        var recorded = (await registrar.Post("/api/v1/meetings", new { title = "M", heldOn = "2020-02-14", participants = new[] { new { name = "Anna", agency = "ONE" } }, outcomes })).Is(201);
        var ids = new List<string>();
        var last = 0L;
        foreach (var entry in recorded.Json!["entries"]!.AsArray().Where(e => e.Text("agreement") is not null))
        {
            var reference = entry.Text("agreement")!;
            foreach (var (route, body) in new (string, object)[]
            {
                ("signatures", new { party = "ONE", signedOn = "2020-03" }), ("signatures", new { party = "TWO", signedOn = "2020-03-03" }), ("discussions", new { discussedOn = "2020-05-05", summary = "X" }),
                ("corrections", new { corrects = 2, field = "/signedOn", value = "2020-03-02", reason = "Found out." }),
            })
            {
                last = (long)(await registrar.Post($"/api/v1/agreements/{reference}/{route}", body, ifMatch: "*")).Is(201).Json!["entries"]![0]!["sequence"]!;
            }

            ids.Add((await registrar.Get($"/api/v1/agreements/{reference}")).Is(200)["id"]!);
        }

        var corrected = (await registrar.Post($"/api/v1/agreements/{ids[0]}/corrections", new { corrects = 1, field = "/title", value = "Corrected", reason = "Found out." }, ifMatch: "*")).Is(201);
        last = (long)corrected.Json!["entries"]![0]!["sequence"]!;
        Assert.Single((await registrar.Get($"/api/v1/agreements?q=corrected&notBefore={last}")).Is(200).Items);
        var second = (await registrar.Post("/api/v1/meetings", new { title = "N", heldOn = "2020-02", participants = new[] { new { name = "Anna", agency = "ONE" } }, outcomes = new[] { new { kind = "discussed", agreement = ids[2], summary = "Y" } } })).Is(201);
        return (ids, recorded["id"]!, second["id"]!);
    }
}
