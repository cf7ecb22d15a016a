using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ledger.Domain.Persons;
using Ledger.Web.Access;
using Ledger.Web.Importing;
using Ledger.Web.Tests.Pages;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Ledger.Web.Tests.Persons;

[Covers("POST /api/v1/persons/{id}/erasure")]
[Covers("GET /api/v1/persons")]
[Covers("GET /api/v1/persons/{id}")]
public partial class ErasingAPerson(RunningLedger ledger)
{
    // Nobody else is called so, and nothing else holds it.
    private const string Name = "Zerlinde Quastenfloss";
    private const string Office = "Keeper of the Quastenfloss Seal";
    private const string Trace = "quastenfloss";

    private static readonly object Because = new { reason = "Asked for it.", legalBasis = "GDPR, Article 17(1)(b)" };

    [Fact]
    public async Task leaves_the_name_in_no_table_answer_page_brief_export_or_log_of_any_node()
    {
        await using var own = await ledger.Another("", ("Logging:LogLevel:Ledger", "Trace"), ("Logging:LogLevel:Npgsql", "Information"));
        using var log = new Captured();
        own.Host.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        var planted = await Plant(own);
        await using var node = new OwnLedger(await RunningLedger.StartAsync(own.ConnectionString), own.ConnectionString);
        foreach (var each in new[] { own, node })
            Assert.Contains((await Answers(each, planted)).Values, body => body.Contains(Trace, StringComparison.OrdinalIgnoreCase));
        Assert.Contains("ledger.person", await Tables(own));
        Assert.Contains("ledger.meeting_draft", await Tables(own));

        var registrar = await own.As("Rita Registrar", null, Roles.Registrar);
        var found = (await registrar.Get($"/api/v1/persons?q={Trace}")).Is(200).Items.Select(p => p.Text("personId")!).ToList();
        Assert.Equal(3, found.Count);
        foreach (var id in found)
            (await registrar.Post($"/api/v1/persons/{id}/erasure", Because)).Is(201);
        await own.Sql("analyze");

        Assert.Equal([], await Tables(own));
        foreach (var each in new[] { own, node })
        {
            var answers = await Answers(each, planted);
            Assert.True(answers.Count > 40, "The routes and pages were not found.");
            Assert.Equal([], answers.Where(a => a.Value.Contains(Trace, StringComparison.OrdinalIgnoreCase)).Select(a => a.Key));
        }

        Assert.Equal([], log.Lines.Where(line => line.Contains(Trace, StringComparison.OrdinalIgnoreCase)));
        Assert.Equal("0", await own.Sql($"select count(*) from pg_ls_logdir() f where pg_read_file(current_setting('log_directory') || '/' || f.name) ilike '%{Trace}%'"));
        var draft = JsonNode.Parse(await own.Sql("select content from ledger.meeting_draft"));
        Assert.Equal(("and others", "", "", "Boris Orlov"), (draft.Text("title"), draft.Text("participants/0/name"), draft.Text("participants/0/office"), draft.Text("participants/1/name")));
    }

    [Fact]
    public async Task tells_readers_of_a_person_whose_data_were_erased_and_on_which_day()
    {
        await using var own = await ledger.Another();
        var planted = await Plant(own);
        var registrar = await own.As("Rita Registrar", null, Roles.Registrar);
        await EraseAll(registrar);
        var day = DateOnly.FromDateTime(own.Host.Services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime);

        var meeting = (await registrar.Get($"/api/v1/meetings/{planted.Meeting}")).Is(200);
        var history = (await registrar.Get($"/api/v1/agreements/{planted.Agreement}/history")).Is(200);
        Assert.Equal((null, null, $"{day:yyyy-MM-dd}"), (meeting["host/name"], meeting["host/office"], meeting["host/erasedOn"]));
        Assert.Equal((null, $"{day:yyyy-MM-dd}"), (meeting["participants/0/name"], meeting["participants/0/erasedOn"]));
        Assert.Equal(("Boris Orlov", null), (meeting["participants/1/name"], meeting["participants/1/erasedOn"]));
        Assert.Equal((null, $"{day:yyyy-MM-dd}", "ONE"), (history["items/0/recordedBy/name"], history["items/0/recordedBy/erasedOn"], history["items/0/recordedBy/agency"]));
        foreach (var (language, words) in new[] { ("en", "a person whose data were erased on "), ("fr", "une personne dont les données ont été effacées le "), ("ru", "лицо, чьи данные удалены ") })
            Assert.Contains(words, (await registrar.Get($"/api/v1/meetings/{planted.Meeting}/brief?lang={language}", "text/markdown")).Is(200).Body, StringComparison.Ordinal);
        using var reader = await Reader.SignIn(own.Host, "Rita Registrar");
        Assert.Contains("a person whose data were erased on ", await reader.GetStringAsync($"/meetings/{planted.Meeting}", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task leaves_what_others_were_committed_to_as_provable_as_before()
    {
        await using var own = await ledger.Another();
        var planted = await Plant(own);
        await EraseAll(await own.As("Rita Registrar", null, Roles.Registrar));

        using var recorded = JsonDocument.Parse(await own.Sql($"select data from ledger.mt_events where stream_id = '{planted.MeetingId}' and version = 1"));
        var (erased, kept) = (recorded.RootElement.GetProperty("participants")[0].GetProperty("person"), recorded.RootElement.GetProperty("participants")[1].GetProperty("person"));

        Assert.Matches("^[0-9a-f]{64}$", erased.GetProperty("name").GetString());
        Assert.Equal("0", await own.Sql("select count(*) from ledger.person where erased_at is not null and num_nonnulls(name, office, name_salt, office_salt, identity, subject) > 0"));
        var salt = Convert.FromHexString(await own.Sql($"select encode(name_salt, 'hex') from ledger.person where person_id = '{kept.GetProperty("personId").GetString()}'"));
        Assert.Equal(kept.GetProperty("name").GetString(), Commitment.To(Commitment.NameLabel, salt, "Boris Orlov"));
        Assert.Equal("0", await own.Sql("select count(*) from ledger.mt_events e where e.version > (select s.version from ledger.mt_streams s where s.id = e.stream_id)"));
    }

    [Fact]
    public async Task is_itself_kept_with_who_did_it_when_why_and_by_which_rule_and_is_done_once()
    {
        var scene = await Scene.Of(ledger);
        var person = (await scene.Registrar.Get($"/api/v1/meetings/{(await Meeting(scene, $"Once {ledger.Next()}")).Is(201)["reference"]}"))["participants/0/personId"];

        var first = (await scene.Registrar.Post($"/api/v1/persons/{person}/erasure", Because)).Is(201);
        var again = (await scene.Registrar.Post($"/api/v1/persons/{person}/erasure", new { reason = "Another.", legalBasis = "Another." })).Is(200);
        var shown = (await scene.Registrar.Get(first.Headers["Location"])).Is(200);

        Assert.Equal(first.Body, again.Body);
        Assert.Equal(("Asked for it.", "GDPR, Article 17(1)(b)", person), (first["reason"], first["legalBasis"], first["personId"]));
        Assert.Equal("Rita Registrar", await ledger.Sql($"select name from ledger.person where person_id = '{first["erasedBy"]}'"));
        Assert.Equal((null, first["erasedAt"], first["erasedBy"]), (shown["name"], shown["erasure/erasedAt"], shown["erasure/erasedBy"]));
    }

    [Fact]
    public async Task answers_a_repeated_request_the_same()
    {
        var scene = await Scene.Of(ledger);
        var person = (await scene.Registrar.Get($"/api/v1/meetings/{(await Meeting(scene, $"Repeated {ledger.Next()}")).Is(201)["reference"]}"))["participants/0/personId"];
        var key = scene.Registrar.NewKey();

        var first = (await scene.Registrar.Post($"/api/v1/persons/{person}/erasure", Because, key)).Is(201);
        var again = (await scene.Registrar.Post($"/api/v1/persons/{person}/erasure", Because, key)).Is(201);

        Assert.Equal((first.Body, "true"), (again.Body, again.Headers["Idempotent-Replayed"]));
    }

    [Fact]
    public async Task is_for_registrars_alone()
    {
        var scene = await Scene.Of(ledger);
        var name = $"Kept {ledger.Next()}";
        var person = (await scene.Registrar.Get($"/api/v1/meetings/{(await Meeting(scene, name)).Is(201)["reference"]}"))["participants/0/personId"];

        foreach (var client in new[] { scene.Officer, ledger.Auditor })
        {
            (await client.Post($"/api/v1/persons/{person}/erasure", Because)).IsProblem(403, "forbidden");
            (await client.Get($"/api/v1/persons/{person}")).IsProblem(403, "forbidden");
            (await client.Get($"/api/v1/persons?q={name}")).IsProblem(403, "forbidden");
        }

        Assert.Equal(name, (await scene.Registrar.Get($"/api/v1/persons/{person}")).Is(200)["name"]);
    }

    [Fact]
    public async Task refuses_a_reason_that_names_the_person_and_a_person_whom_nobody_knows()
    {
        var scene = await Scene.Of(ledger);
        var name = $"Named {ledger.Next()}";
        var path = $"/api/v1/persons/{(await scene.Registrar.Get($"/api/v1/meetings/{(await Meeting(scene, name)).Is(201)["reference"]}"))["participants/0/personId"]}/erasure";

        Assert.NotNull((await scene.Registrar.Post(path, new { reason = $"{name.ToUpperInvariant()} asked for it.", legalBasis = "GDPR" })).IsProblem(422, "validation").Json!["errors"]!["/reason"]);
        Assert.NotNull((await scene.Registrar.Post(path, new { reason = "Asked for it.", legalBasis = $"The will of {name}" })).IsProblem(422, "validation").Json!["errors"]!["/legalBasis"]);
        Assert.NotNull((await scene.Registrar.Post(path, new { reason = " ", legalBasis = "GDPR" })).IsProblem(422, "validation").Json!["errors"]!["/reason"]);
        (await scene.Registrar.Post("/api/v1/persons/nobody/erasure", Because)).IsProblem(404, "not-found");
        (await scene.Registrar.Get("/api/v1/persons/nobody")).IsProblem(404, "not-found");
        (await scene.Registrar.Get("/api/v1/persons")).IsProblem(400, "malformed");
        (await scene.Registrar.Post(path, Because)).Is(201);
    }

    [Theory]
    [InlineData("иванов{0}")]
    [InlineData("ИВАНОВ{0}")]
    [InlineData("ivanov{0}")]
    public async Task begins_with_finding_them_whatever_case_or_script_they_are_written_in(string sought)
    {
        var scene = await Scene.Of(ledger);
        var n = ledger.Next();
        (await Meeting(scene, $"Пётр Иванов{n}")).Is(201);

        Assert.Equal($"Пётр Иванов{n}", Assert.Single((await scene.Registrar.Get($"/api/v1/persons?q={string.Format(CultureInfo.InvariantCulture, sought, n)}")).Is(200).Items).Text("name"));
    }

    [Fact]
    public async Task leaves_somebody_who_records_again_another_person()
    {
        var code = await ledger.Agency();
        var partner = await ledger.Agency();
        var name = $"Returning {ledger.Next()}";
        var officer = await ledger.As(name, code, Roles.Officer);
        var first = await Recorder();
        (await ledger.Registrar.Post($"/api/v1/persons/{first["personId"]}/erasure", Because)).Is(201);

        var second = await Recorder();

        Assert.NotEqual(first["personId"]!.ToString(), second["personId"]!.ToString());
        Assert.Equal(name, second["name"]!.ToString());
        Assert.Equal(second["personId"]!.ToString(), Assert.Single((await ledger.Registrar.Get($"/api/v1/persons?q={name}")).Items).Text("personId"));

        async Task<JsonObject> Recorder()
        {
            var reference = (await officer.Post("/api/v1/agreements", new { title = "X", parties = new[] { code, partner } })).Is(201)["reference"];
            return (await officer.Get($"/api/v1/agreements/{reference}/history")).Is(200).Items[0]["recordedBy"]!.AsObject();
        }
    }

    [Fact]
    public async Task takes_the_feed_and_the_drafts_of_one_who_signed_in_with_it()
    {
        await using var own = await ledger.Another();
        var registrar = await own.As("Rita Registrar", null, Roles.Registrar);
        await Agencies(registrar);
        var officer = await own.As(Name, "ONE", Roles.Officer);
        (await officer.Post("/api/v1/agreements", new { title = "X", parties = new[] { "ONE", "TWO" } })).Is(201);
        var subject = DevelopmentIssuer.SubjectOf(Name, "ONE");
        await own.Sql($"insert into ledger.deadline_feed (subject, secret_sha256, roles, language) values ('{subject}', 's', '{{}}', 'en'), ('other', 't', '{{}}', 'en')");
        await own.Sql($"insert into ledger.meeting_draft (id, subject, version, content, changed_at) values ('d1', '{subject}', 1, '{{}}', now()), ('d2', 'other', 1, '{{}}', now())");

        await EraseAll(registrar);

        Assert.Equal(("other", "other"), (await own.Sql("select string_agg(subject, ' ') from ledger.deadline_feed"), await own.Sql("select string_agg(subject, ' ') from ledger.meeting_draft")));
    }

    private static async Task EraseAll(Client registrar)
    {
        foreach (var person in (await registrar.Get($"/api/v1/persons?q={Trace}")).Is(200).Items)
            (await registrar.Post($"/api/v1/persons/{person.Text("personId")}/erasure", Because)).Is(201);
    }

    private static async Task Agencies(Client registrar)
    {
        foreach (var code in new[] { "ONE", "TWO" })
            (await registrar.Put($"/api/v1/agencies/{code}", new { name = code, kind = "agency" })).Is(201);
    }

    private static Task<Reply> Meeting(Scene scene, string name) =>
        scene.Registrar.Post("/api/v1/meetings", scene.MeetingBody().Replace("Anna Blanc", name, StringComparison.Ordinal));

    // The person wherever a person can stand: host, participant, signatory, recorder, put right from a wrong name, in somebody's draft and in an
    // older record.
    private static async Task<Planted> Plant(OwnLedger own)
    {
        await Agencies(await own.As("Rita Registrar", null, Roles.Registrar));
        var officer = await own.As(Name, "ONE", Roles.Officer);
        var recorded = (await officer.Post("/api/v1/meetings", $$"""
            {"title":"A meeting","heldOn":"2020-02-14","host":{"name":"{{Name}}","office":"{{Office}}"},
             "participants":[{"name":"{{Name}}","office":"{{Office}}","agency":"ONE"},{"name":"Boris Orlov","agency":"TWO"},{"name":"Serlinde","agency":"ONE"}],
             "outcomes":[{"kind":"proposed","title":"An agreement","parties":["ONE","TWO"],"proposedOn":"2020-01-01"}]}
            """)).Is(201);
        var (meeting, agreement) = (recorded["reference"]!, recorded.Json!["entries"]!.AsArray().Select(e => e.Text("agreement")).OfType<string>().First());
        (await officer.Post($"/api/v1/meetings/{meeting}/corrections", new { corrects = 1, field = "/participants/2/name", value = Name, reason = "Misspelt." }, ifMatch: "*")).Is(201);
        (await officer.Post($"/api/v1/agreements/{agreement}/signatures", new { party = "ONE", signedOn = "2020-03-01", signatory = new { name = Name, office = Office } }, ifMatch: "*")).Is(201);

        var draft = new JsonObject
        {
            ["title"] = $"{Name} and others",
            ["participants"] = new JsonArray(new JsonObject { ["name"] = Name, ["office"] = Office }, new JsonObject { ["name"] = "Boris Orlov" }),
        };
        await own.Sql($"insert into ledger.meeting_draft (id, subject, version, content, changed_at) values ('draft', 'other', 1, '{draft.ToJsonString()}', now())");

        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, $$"""{"kind":"meeting","reference":"OLD-M","title":"A conference","heldOn":"1903-01-01","participants":[{"name":"{{Name}}","office":"{{Office}}","agency":"ONE"}],"outcomes":[]}""", TestContext.Current.CancellationToken);
        var id = await Importer.IdOf(file, TestContext.Current.CancellationToken);
        var received = await own.Host.Services.GetRequiredService<ImportTable>().Receive(
            new Import(id, "old.jsonl", ImportFormat.Jsonl, DevelopmentIssuer.SubjectOf(Name, "ONE"), Name, "ONE", ImportState.Received, false, new FileInfo(file).Length), TestContext.Current.CancellationToken);
        Assert.Equal(ImportState.Finished, (await own.Host.Services.GetRequiredService<Importer>().Run(received, file, _ => { }, TestContext.Current.CancellationToken))!.State);
        File.Delete(file);
        return new Planted(agreement, meeting, recorded["id"]!, id);
    }

    // Every answer to every GET, of the API and of the pages, whichever there are, with whatever was planted in place of each parameter.
    private static async Task<Dictionary<string, string>> Answers(OwnLedger own, Planted planted)
    {
        var registrar = await own.As("Rita Registrar", null, Roles.Registrar);
        using var session = await Reader.SignIn(own.Host, "Rita Registrar");
        var persons = (await own.Sql("select string_agg(person_id, ' ') from ledger.person")).Split(' ');
        string[] Values(string pattern) => pattern.Replace("/api/v1", "", StringComparison.Ordinal).Split('/')[1] switch
        {
            "agreements" => [planted.Agreement],
            "meetings" => [planted.Meeting, "OLD-M"],
            "agencies" => ["ONE"],
            "persons" => persons,
            "imports" => [planted.Import],
            _ => [planted.Agreement, planted.Meeting, planted.Import, "ONE", "1", .. persons],
        };
        var answers = new Dictionary<string, string>(StringComparer.Ordinal);
        var patterns = own.Host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") ?? true)
            .Select(e => "/" + e.RoutePattern.RawText!.TrimStart('/')).Where(p => !p.StartsWith("/_", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal);
        foreach (var pattern in patterns)
        {
            foreach (var path in Values(pattern).Select(value => Parameter().Replace(pattern, value)).Distinct(StringComparer.Ordinal))
            {
                if (!path.StartsWith("/api/", StringComparison.Ordinal))
                {
                    using var page = await session.GetAsync(path, TestContext.Current.CancellationToken);
                    answers[path] = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                    continue;
                }

                var asked = path switch
                {
                    "/api/v1/persons" => $"{path}?q={Trace}",
                    "/api/v1/briefs/portfolio" => $"{path}?party=ONE&party=TWO",
                    _ => path,
                };
                foreach (var form in new[] { null, "application/json", "text/csv", "application/x-ndjson", "text/markdown", "text/html" })
                {
                    var answer = await registrar.Get(asked, form);
                    Assert.True(answer.Status < 500, $"{asked}: {answer.Body}");
                    answers[$"{path} {form}"] = answer.Body;
                }
            }
        }

        return answers;
    }

    // Every table of the database that holds the name, the samples of the planner among them; as text, and as the bytes of text.
    private static async Task<List<string>> Tables(OwnLedger own)
    {
        var bytes = Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes("uastenfloss"));
        var tables = (await own.Sql("select string_agg(format('%I.%I', n.nspname, c.relname), ' ') from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'm')")).Split(' ');
        return [.. (await own.Sql($"select coalesce(string_agg(name, ' '), '') from ({string.Join(" union all ", tables.Select(table => $"select '{table}' as name where exists (select from {table} t where t::text ilike '%{Trace}%' or t::text like '%{bytes}%')"))}) held")).Split(' ', StringSplitOptions.RemoveEmptyEntries)];
    }

    [GeneratedRegex(@"\{[^}]*\}", RegexOptions.None, 1000)]
    private static partial Regex Parameter();

    private sealed record Planted(string Agreement, string Meeting, string MeetingId, string Import);

    private sealed class Captured : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{formatter(state, exception)} {exception}"));

        public void Dispose()
        {
            // The lines go with the test.
        }
    }
}
