using System.Globalization;
using System.Text.Json.Nodes;
using Ledger.Web.Hosting;
using Ledger.Web.Importing;
using Ledger.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace Ledger.Web.Tests.Importing;

[Covers("POST /api/v1/imports")]
[Covers("GET /api/v1/imports")]
[Covers("GET /api/v1/imports/{id}")]
public sealed class ImportingAFile(RunningLedger ledger) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ledger-import-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task records_what_each_line_says_and_flags_what_cannot_have_been()
    {
        var p = Prefix();

        var import = await BringIn(
            Agency(p + "A"),
            Agency(p + "B"),
            $$"""{"kind":"proposed","reference":"{{p}}-1","title":"An old agreement","parties":["{{p}}A","{{p}}B"],"proposedOn":"1901","flags":["unparsed-day"]}""",
            $$"""{"kind":"signed","agreement":"{{p}}-1","party":"{{p}}A","signedOn":"1902-03","signatory":{"name":"Anna Blanc","office":"Consul"} }""",
            $$"""{"kind":"signed","agreement":"{{p}}-1","party":"{{p}}B","signedOn":"1902-03-04?"}""",
            $$"""{"kind":"ratified","agreement":"{{p}}-1","party":"{{p}}A","ratifiedOn":"1901-12-31"}""",
            $$"""{"kind":"meeting","reference":"{{p}}-M","title":"A conference","heldOn":"1903-01-01","participants":[{"name":"Anna Blanc","office":"Consul","agency":"{{p}}A"}],"outcomes":[{"kind":"proposed","title":"Another","parties":["{{p}}A","{{p}}B"]},{"kind":"discussed","agreement":"/outcomes/0","summary":"At length."},{"kind":"discussed","agreement":"{{p}}-1","summary":"In passing."}] }""",
            $$"""{"kind":"minutesApproved","meeting":"{{p}}-M","agency":"{{p}}A","approvedOn":"1903-02-01"}""",
            $$"""{"kind":"corrected","agreement":"{{p}}-1","corrects":2,"field":"/signedOn","value":"1902-03-03","reason":"The day stands in the archive."}""",
            $$"""{"kind":"documentAttached","agreement":"{{p}}-1","name":"text.txt","mediaType":"text/plain","content":"aGVsbG8="}""");

        Assert.Equal([], import.Problems);
        Assert.Equal((ImportState.Finished, 10L, 13L, 2L), (import.State, import.Lines, import.Entries, import.Agreements));
        Assert.Equal((1, 1), (import.Flags["ratified-before-signed"], import.Flags["unparsed-day"]));
        var history = (await ledger.Auditor.Get($"/api/v1/agreements/{p}-1/history")).Is(200);
        Assert.Equal(
            ["agreementProposed", "agreementSigned", "agreementSigned", "agreementRatified", "agreementDiscussed", "entryCorrected", "documentAttached"],
            history.Items.Select(i => i.Text("type")));
        Assert.All(history.Items, item => Assert.Equal("Rita Registrar", item.Text("recordedBy/name")));
        Assert.Contains("Anna Blanc", history.Items[1].Text("summary"), StringComparison.Ordinal);
        var meeting = (await ledger.Auditor.Get($"/api/v1/meetings/{p}-M")).Is(200);
        Assert.Equal(3, meeting.Json!["outcomes"]!.AsArray().Count);
        Assert.Contains($"{p}-1", (await ledger.Auditor.Get($"/api/v1/agreements?flag=ratified-before-signed&limit=1000")).Is(200).Items.Select(i => i.Text("reference")));
    }

    [Fact]
    public async Task goes_on_with_what_was_left_though_the_store_was_away_when_it_was_first_asked()
    {
        await using var own = await ledger.Another();
        var (imports, files) = (own.Host.Services.GetRequiredService<ImportTable>(), own.Host.Services.GetRequiredService<ImportFiles>());
        var path = Write(Agency(Prefix() + "A"));
        var id = await Importer.IdOf(path, TestContext.Current.CancellationToken);
        Directory.CreateDirectory(Path.GetDirectoryName(files.PathOf(id))!);
        File.Copy(path, files.PathOf(id));
        await imports.Receive(new Import(id, "left.jsonl", ImportFormat.Jsonl, "test:rita", "Rita Registrar", null, ImportState.Received, IsCheckOnly: false, new FileInfo(path).Length), TestContext.Current.CancellationToken);
        var asked = 0;
        await using var source = new NpgsqlDataSourceBuilder(own.ConnectionString)
            .UsePhysicalConnectionInitializer(_ => throw new NotSupportedException(), _ => Interlocked.Increment(ref asked) == 1 ? throw new NpgsqlException("Away.") : Task.CompletedTask)
            .Build();
        using var service = new ImportService(own.Host.Services.GetRequiredService<Importer>(), new ImportTable(source), files, NullLogger<ImportService>.Instance);

        await service.StartAsync(TestContext.Current.CancellationToken);

        await Eventually.TrueAsync(async () => (await imports.Find(id, TestContext.Current.CancellationToken))!.State == ImportState.Finished, "What was left was never brought in.");
        await service.StopAsync(TestContext.Current.CancellationToken);
        Assert.True(asked > 1);
    }

    [Fact]
    public async Task a_line_that_cannot_be_read_is_reported_by_its_number_and_nothing_is_recorded()
    {
        var p = Prefix();

        var import = await BringIn(
            Agency(p + "A"),
            "",
            "{\"kind\":\"agency\"",
            """{"kind":"cheese"}""",
            $$"""{"kind":"proposed","reference":"{{p}}-1","title":"One","parties":["{{p}}A","NOBODY-KNOWN"]}""",
            $$"""{"kind":"signed","agreement":"{{p}}-1","party":"{{p}}A","signedOn":"1902-03-04"}""",
            $$"""{"kind":"signed","agreement":"{{p}}-2","party":"{{p}}A","signedOn":"1902-02-30"}""",
            $$"""{"kind":"terminated","agreement":"{{p}}-3","occurredOn":"1902-02-28"}""",
            $$"""{"kind":"terminated","agreement":"{{p}}-3","occurredOn":"1902-02-28","because":"x"}""",
            $$"""{"kind":"proposed","title":"","parties":["{{p}}A","{{p}}A"]}""");

        Assert.Equal(ImportState.Refused, import.State);
        Assert.Equal(
            [
                (3, "", "malformed", null), (4, "/kind", "malformed", "cheese"), (5, "/parties", "unknown-agency", $"[\"{p}A\",\"NOBODY-KNOWN\"]"), (7, "/signedOn", "validation", "1902-02-30"),
                (8, "/agreement", "unknown-agreement", $"{p}-3"), (9, "/because", "malformed", "x"), (10, "/parties", "validation", $"[\"{p}A\",\"{p}A\"]"), (10, "/title", "validation", ""),
            ],
            import.Problems.Select(x => ((int)x.Line, x.Pointer, x.Code, x.Value)));
        Assert.Equal((0L, 8L), (import.Entries, import.ProblemCount));
        (await ledger.Auditor.Get($"/api/v1/agencies/{p}A")).IsProblem(404, "not-found");
    }

    [Fact]
    public async Task what_cannot_be_read_on_a_line_is_told_with_where_it_stands_and_what_stands_there()
    {
        var p = Prefix();

        var import = await BringIn(
            $$"""{"kind":"agency","code":"{{p}}A","name":"One"}""",
            $$"""{"kind":"agency","code":"{{p}}A","name":"One","agencyKind":"cheese"}""",
            $$"""{"kind":"agency","code":"{{p}}A","name":7,"agencyKind":"state"}""",
            $$"""{"kind":"proposed","title":"One","parties":["{{p}}A"],"open":"perhaps"}""",
            $$"""{"kind":"proposed","title":"One","parties":["{{p}}A","{{p}}B"],"phases":[{"title":"First"},{"title":"Second","a/b~c":{"d":[1]} }]}""",
            $$"""{"kind":"proposed","title":"One","parties":["{{p}}A","{{p}}B"],"term":{"term":"{{new string('x', 90)}}"} }""",
            $$"""{"kind":"ratified","agreement":"{{p}}-1","party":"{{p}}A","ratifiedOn":"1902","instrument":"handshake"}""",
            $$"""{"kind":"meeting","title":"Talks","heldOn":"1902","outcomes":[{"kind":"signed","agreement":"{{p}}-1","party":"{{p}}A","place":3},{"kind":"discussed","agreement":"{{p}}-1","summary":"X","because":"y"},"x"]}""",
            $$"""{"kind":"meeting","title":"Talks","heldOn":"1902","outcomes":[{"kind":"signed","agreement":"{{p}}-1","party":"{{p}}A","place":3},{"kind":"discussed","agreement":"{{p}}-1","summary":"X","because":"y"}]}""",
            $$"""{"kind":"agency","code":"{{p}}A","name":"a\u0000b","agencyKind":"state"}""",
            """{"kind":"entry","stream":"agency","id":"X","version":1,"event":{"$type":"agency_registered","code":"X","name":"X","kind":"cheese"},"recordedAt":"2020-01-01T00:00:00Z","recordedBy":{"personId":"x"} }""");

        Assert.Equal(
            [
                (1, "/agencyKind", "validation", null), (2, "/agencyKind", "malformed", "cheese"), (3, "/name", "malformed", "7"), (4, "/open", "malformed", "perhaps"),
                (5, "/phases/1/a~1b~0c", "malformed", """{"d":[1]}"""), (6, "/term/term", "malformed", new string('x', 80) + "…"), (7, "/instrument", "malformed", "handshake"),
                (8, "/outcomes/2", "malformed", "x"), (9, "/outcomes/0/place", "malformed", "3"), (9, "/outcomes/1/because", "malformed", "y"), (10, "/name", "malformed", "a\uFFFDb"),
                (11, "/event/kind", "malformed", "cheese"),
            ],
            import.Problems.Select(x => ((int)x.Line, x.Pointer, x.Code, x.Value)));
        Assert.DoesNotContain("/kind:", import.Problems[1].Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task only_so_many_bad_lines_are_told_and_all_are_counted()
    {
        var import = await BringIn([.. Enumerable.Range(1, 250).Select(n => $$"""{"kind":"terminated","agreement":"NO-SUCH-{{n}}","occurredOn":"1902"}""")]);

        Assert.Equal((100, 250L, 250L), (import.Problems.Length, import.ProblemCount, import.Lines));
    }

    [Fact]
    public async Task a_file_given_again_records_nothing()
    {
        var p = Prefix();
        string[] lines = [Agency(p + "A"), $$"""{"kind":"proposed","title":"One","parties":["{{p}}A"],"open":true}"""];
        var path = Write(lines);

        Assert.Equal(ImportState.Checked, (await Imports.BringIn(ledger.Host.Services, path, isCheckOnly: true)).State);
        Assert.Equal(ImportState.Finished, (await Imports.BringIn(ledger.Host.Services, path)).State);
        Assert.Equal(ImportState.Finished, (await Imports.BringIn(ledger.Host.Services, path)).State);

        Assert.Equal("2", await ledger.Sql($"select count(*) from ledger.mt_events where correlation_id = '{await Importer.IdOf(path, TestContext.Current.CancellationToken)}'"));
    }

    [Fact]
    public async Task a_table_says_the_same_as_lines()
    {
        var p = Prefix();
        var path = Path.Combine(_folder, "table.csv");
        await File.WriteAllTextAsync(path, $$"""
            kind,code,name,agencyKind,reference,title,parties,proposedOn,agreement,party,signedOn,open
            agency,{{p}}A,"Agency, the first",state,,,,,,,,
            agency,{{p}}B,Agency B,state,,,,,,,,
            proposed,,,,{{p}}-1,"=1+1, a title","[""{{p}}A"",""{{p}}B""]",1901-02,,,,true
            signed,,,,,,,,{{p}}-1,{{p}}A,1902,
            signed,,,,,,,,{{p}}-1,{{p}}B,1902-02-31,
            """, TestContext.Current.CancellationToken);

        var refused = await Imports.BringIn(ledger.Host.Services, path, format: ImportFormat.Csv);
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).Replace("1902-02-31", "1902-02-28", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var finished = await Imports.BringIn(ledger.Host.Services, path, format: ImportFormat.Csv);

        Assert.Equal([(6L, "/signedOn", "1902-02-31")], refused.Problems.Select(x => (x.Line, x.Pointer, x.Value)));
        Assert.Equal((ImportState.Finished, 5L), (finished.State, finished.Entries));
        Assert.Equal("=1+1, a title", (await ledger.Auditor.Get($"/api/v1/agreements/{p}-1")).Is(200)["title"]);
    }

    [Fact]
    public async Task a_cell_of_a_table_is_what_its_member_holds()
    {
        var p = Prefix();
        var path = Path.Combine(_folder, "cells.csv");
        await File.WriteAllTextAsync(path, $$""""
            kind,code,name,agencyKind,reference,title,parties,proposedOn,agreement,party,signedOn,place,corrects,field,value,reason,instrument,ratifiedOn
            agency,{{p}}A,[A],state,,,,,,,,,,,,,,
            agency,{{p}}B,{"b":1},state,,,,,,,,,,,,,,
            proposed,,,,{{p}}-1,[2000] Amendment,"[""{{p}}A"",""{{p}}B""]",1901,,,,,,,,,,
            proposed,,,,{{p}}-2,[2000],"[""{{p}}A"",""{{p}}B""]",1901,,,,,,,,,,
            signed,,,,,,,,{{p}}-1,{{p}}A,1902,[Paris],,,,,,
            signed,,,,,,,,{{p}}-1,{{p}}B,1902,,,,,,,
            ratified,,,,,,,,{{p}}-1,{{p}}B,,,,,,,accession,1903
            corrected,,,,,,,,{{p}}-1,,,,1,/open,true,It is open.,,
            corrected,,,,,,,,{{p}}-1,,,,1,/title,"""1984""",Misspelt.,,
            corrected,,,,,,,,{{p}}-1,,,,2,/place,null,Nobody knows where.,,
            corrected,,,,,,,,{{p}}-1,,,,3,/place,New York,It was there.,,
            corrected,,,,,,,,{{p}}-1,,,,4,,null,It never was ratified.,,
            """", TestContext.Current.CancellationToken);

        var import = await Imports.BringIn(ledger.Host.Services, path, format: ImportFormat.Csv);

        Assert.Equal([], import.Problems);
        Assert.Equal(("[A]", """{"b":1}"""), ((await ledger.Auditor.Get($"/api/v1/agencies/{p}A"))["name"], (await ledger.Auditor.Get($"/api/v1/agencies/{p}B"))["name"]));
        Assert.Equal("[2000]", (await ledger.Auditor.Get($"/api/v1/agreements/{p}-2")).Is(200)["title"]);
        var agreement = (await ledger.Auditor.Get($"/api/v1/agreements/{p}-1")).Is(200);
        Assert.Equal(("1984", "signed"), (agreement["title"], agreement["status"]));
        var history = (await ledger.Auditor.Get($"/api/v1/agreements/{p}-1/history")).Is(200).Items;
        Assert.Equal(("[2000] Amendment", "true", null, "New York"), (history[5].Text("data/was"), history[4].Text("data/value"), history[6].Text("data/value"), history[7].Text("data/value")));
        Assert.Equal("9", history[3].Text("correctedBy") is null ? null : history[8].Text("version"));
    }

    [Fact]
    public async Task a_cell_of_a_table_that_does_not_hold_what_its_member_holds_is_told()
    {
        var p = Prefix();
        var path = Path.Combine(_folder, "wrong.csv");
        await File.WriteAllTextAsync(path, $$"""
            kind,title,parties,open,agreement,corrects,field,value,reason
            proposed,One,"[""{{p}}A",,,,,,
            proposed,One,{{p}}A,,,,,,
            proposed,One,"[""{{p}}A""]",yes,,,,,
            corrected,,,,{{p}}-1,second,/title,Two,Misspelt.
            corrected,,,,{{p}}-1,2,,,It never happened.
            """, TestContext.Current.CancellationToken);

        var import = await Imports.BringIn(ledger.Host.Services, path, format: ImportFormat.Csv);

        Assert.Equal(
            [(2L, "/parties", $"[\"{p}A"), (3L, "/parties", $"{p}A"), (4L, "/open", "yes"), (5L, "/corrects", "second"), (6L, "/field", null)],
            import.Problems.Select(x => (x.Line, x.Pointer, x.Value)));
    }

    [Fact]
    public async Task days_that_are_less_exact_are_read_back_as_they_were()
    {
        var p = Prefix();

        var import = await BringIn(
            Agency(p + "A"),
            Agency(p + "B"),
            $$"""{"kind":"proposed","reference":"{{p}}-1","title":"An old agreement","parties":["{{p}}A","{{p}}B"],"proposedOn":"1901"}""",
            $$"""{"kind":"signed","agreement":"{{p}}-1","party":"{{p}}A","signedOn":"1902-03"}""",
            $$"""{"kind":"signed","agreement":"{{p}}-1","party":"{{p}}B","signedOn":"1902-03-04?"}""",
            $$"""{"kind":"ratified","agreement":"{{p}}-1","party":"{{p}}A","ratifiedOn":"1903-02-21/1903-11"}""");

        Assert.Equal([], import.Problems);
        var agreement = (await ledger.Auditor.Get($"/api/v1/agreements/{p}-1")).Is(200);
        Assert.Equal(("1902-03", "1902-03-04?", "1903-02-21/1903-11"), (agreement["parties/0/signedOn"], agreement["parties/1/signedOn"], agreement["parties/0/ratifiedOn"]));
        Assert.Equal(["1901", "1902-03", "1902-03-04?", "1903-02-21/1903-11"], (await ledger.Auditor.Get($"/api/v1/agreements/{p}-1/history")).Is(200).Items.Select(i => i.Text("occurredOn")));
        var during = (await ledger.Auditor.Get($"/api/v1/agreements/{p}-1?asOf=1902-03-15")).Is(200);
        Assert.Equal("false", during["certain"]);
    }

    [Fact]
    public async Task over_http_a_table_is_watched_to_its_end()
    {
        var p = Prefix();
        var body = $"kind,code,name,agencyKind\r\nagency,{p}A,\"Agency, the first\",state\r\n";

        var accepted = await ledger.Registrar.Send(HttpMethod.Post, "/api/v1/imports", body, ("Content-Type", "text/csv"), ("Idempotency-Key", ledger.Registrar.NewKey()));

        await Eventually.TrueAsync(async () => (await ledger.Auditor.Get(accepted.Is(202).Headers["Location"])).Is(200)["state"] == "finished", "The table was never brought in.");
        Assert.Equal("Agency, the first", (await ledger.Auditor.Get($"/api/v1/agencies/{p}A")).Is(200)["name"]);
    }

    [Fact]
    public async Task over_http_is_answered_at_once_and_watched_to_its_end()
    {
        var p = Prefix();
        var body = string.Join('\n', Agency(p + "A"), $$"""{"kind":"proposed","reference":"{{p}}-1","title":"One","parties":["{{p}}A"],"open":true}""");
        var key = ledger.Registrar.NewKey();

        var accepted = await Post(ledger.Registrar, body, key);

        accepted.Is(202);
        var watched = accepted.Headers["Location"];
        Assert.Equal($"/api/v1/imports/{accepted["id"]}", watched);
        await Eventually.TrueAsync(async () => (await ledger.Auditor.Get(watched)).Is(200)["state"] == "finished", "The file was never brought in.");
        (await ledger.Auditor.Get($"/api/v1/agreements/{p}-1")).Is(200);
        Assert.Equal("2", (await ledger.Auditor.Get(watched))["entries"]);
        Assert.Contains((await ledger.Auditor.Get("/api/v1/imports?limit=1000")).Is(200).Items, i => i.Text("id") == accepted["id"]);

        Assert.Equal("true", (await Post(ledger.Registrar, body, key)).Is(202).Headers["Idempotent-Replayed"]);
        (await Post(ledger.Registrar, body + "\n{}", key)).IsProblem(422, "idempotency-key-reused");
        (await ledger.Registrar.Send(HttpMethod.Post, "/api/v1/imports", body, ("Content-Type", "application/x-ndjson"))).IsProblem(400, "idempotency-key-missing");
        (await ledger.Registrar.Post("/api/v1/imports", "{}")).IsProblem(415, "unsupported-media-type");
        (await Post(await ledger.OfficerOf(p + "A"), body, "an-officer")).IsProblem(403, "forbidden");
        (await (await ledger.OfficerOf(p + "A")).Get(watched)).IsProblem(403, "forbidden");
        (await ledger.Auditor.Get("/api/v1/imports/no-such-file")).IsProblem(404, "not-found");
    }

    [Fact]
    public async Task over_http_leaves_no_file_behind_once_it_is_refused_checked_or_in()
    {
        var p = Prefix();
        var folder = ledger.Service<DataDirectory>().ImportsPath;
        var key = ledger.Registrar.NewKey();
        (await Post(ledger.Registrar, Agency(p + "A"), key)).Is(202);

        (await Post(ledger.Registrar, Agency(p + "B"), key)).IsProblem(422, "idempotency-key-reused");
        (await Post(ledger.Registrar, Agency(p + "A"), key)).Is(202);
        (await ledger.Registrar.Send(HttpMethod.Post, "/api/v1/imports", Agency(p + "C"), ("Content-Type", "text/csv"))).IsProblem(400, "idempotency-key-missing");
        var refused = await Post(ledger.Registrar, "{}", ledger.Registrar.NewKey());
        var onlyChecked = await Post(ledger.Registrar, Agency(p + "D"), ledger.Registrar.NewKey(), "?check=true");

        foreach (var id in new[] { refused.Is(202)["id"]!, onlyChecked.Is(202)["id"]! })
            await Eventually.TrueAsync(async () => (await ledger.Auditor.Get($"/api/v1/imports/{id}"))["state"] is "refused" or "checked", "The file was never checked.");
        await Eventually.TrueAsync(() => Task.FromResult(Own(folder).Length == 0), "Files were left behind.");

        // Other tests may have files under way; those of this one are known by their content.
        string[] Own(string folder) => [.. Directory.GetFiles(folder).Where(file => TextOf(file) is { } text && (text.Contains(p, StringComparison.Ordinal) || text == "{}"))];

        static string? TextOf(string file)
        {
            try
            {
                return File.ReadAllText(file);
            }
            catch (IOException)
            {
                return null;
            }
        }
    }

    [Fact]
    public async Task over_http_can_be_taken_up_again_once_the_file_is_checked()
    {
        var p = Prefix();
        var accepted = await Post(ledger.Registrar, Agency(p + "A"), ledger.Registrar.NewKey(), "?check=true");
        await Eventually.TrueAsync(async () => (await ledger.Auditor.Get(accepted.Is(202).Headers["Location"]))["state"] == "checked", "The file was never checked.");

        (await Post(ledger.Registrar, Agency(p + "A"), ledger.Registrar.NewKey())).Is(202);

        await Eventually.TrueAsync(async () => (await ledger.Auditor.Get(accepted.Headers["Location"]))["state"] == "finished", "The file was never brought in.");
        (await ledger.Auditor.Get($"/api/v1/agencies/{p}A")).Is(200);
    }

    [Fact]
    public async Task over_http_is_answered_with_all_that_watching_it_tells()
    {
        var accepted = (await Post(ledger.Registrar, Agency(Prefix() + "A"), ledger.Registrar.NewKey(), "?check=true")).Is(202);

        var watched = (await ledger.Auditor.Get(accepted.Headers["Location"])).Is(200);

        Assert.Equal(watched.Json!.AsObject().Select(m => m.Key), accepted.Json!.AsObject().Select(m => m.Key));
    }

    [Fact]
    public async Task over_http_can_stop_once_the_file_is_checked()
    {
        var p = Prefix();
        var accepted = await Post(ledger.Registrar, Agency(p + "A"), ledger.Registrar.NewKey(), "?check=true&name=one.jsonl");

        await Eventually.TrueAsync(async () => (await ledger.Auditor.Get(accepted.Is(202).Headers["Location"]))["state"] == "checked", "The file was never checked.");

        (await ledger.Auditor.Get($"/api/v1/agencies/{p}A")).IsProblem(404, "not-found");
    }

    private static Task<Reply> Post(Client client, string body, string key, string query = "") =>
        client.Send(HttpMethod.Post, "/api/v1/imports" + query, body, ("Content-Type", "application/x-ndjson"), ("Idempotency-Key", key));

    private static string Agency(string code) => new JsonObject { ["kind"] = "agency", ["code"] = code, ["name"] = $"Agency {code}", ["agencyKind"] = "state" }.ToJsonString();

    private string Prefix() => string.Create(CultureInfo.InvariantCulture, $"I{ledger.Next():D6}");

    private string Write(params string[] lines)
    {
        var path = Path.Combine(_folder, $"{ledger.Next()}.jsonl");
        File.WriteAllLines(path, lines);
        return path;
    }

    private Task<Import> BringIn(params string[] lines) => Imports.BringIn(ledger.Host.Services, Write(lines));
}
