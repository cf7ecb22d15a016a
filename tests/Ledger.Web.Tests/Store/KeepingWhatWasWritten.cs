using System.Globalization;
using System.Text.Json;
using Ledger.Domain.Persons;
using Npgsql;
using Xunit;

namespace Ledger.Web.Tests.Store;

public class KeepingWhatWasWritten(RunningLedger ledger)
{
    [Theory]
    [InlineData("update ledger.mt_events set data = '{}' where seq_id = 1")]
    [InlineData("update ledger.mt_events set timestamp = now() where seq_id = 1")]
    [InlineData("update ledger.mt_events set is_archived = true where seq_id = 1")]
    [InlineData("delete from ledger.mt_events where seq_id = 1")]
    [InlineData("truncate ledger.mt_events")]
    [InlineData("delete from ledger.mt_streams where version > 0")]
    [InlineData("truncate ledger.mt_streams cascade")]
    [InlineData("insert into ledger.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id) select seq_id + 1000000000, gen_random_uuid(), stream_id, version + 1000, data, type, now(), tenant_id from ledger.mt_events where seq_id = 1")]
    [InlineData("begin; select ledger.begin_entry(); insert into ledger.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id) select seq_id + 1000000000, gen_random_uuid(), stream_id, version + 1000, data, type, timestamp '2001-01-01', tenant_id from ledger.mt_events where seq_id = 1; commit")]
    public async Task no_plain_sql_changes_removes_or_predates_an_entry(string sql)
    {
        await ledger.Agency();
        Assert.Equal("1", await ledger.Sql("select count(*) from ledger.mt_events where seq_id = 1"));

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => ledger.Sql(sql));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
    }

    [Fact]
    public async Task an_entry_with_the_instant_given_can_be_written()
    {
        // The same statement as the one refused above, so that it is refused for its instant and for nothing else.
        await ledger.Agency();
        await using var connection = new NpgsqlConnection(ledger.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(
            """
            insert into ledger.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id)
            select seq_id + 1000000000, gen_random_uuid(), stream_id, version + 1000, data, type, (select recorded_at from ledger.begin_entry()), tenant_id from ledger.mt_events where seq_id = 1
            """,
            connection);

        Assert.Equal(1, await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task no_name_and_no_office_stands_in_an_entry_a_projection_or_a_kept_answer()
    {
        var scene = await Scene.Of(ledger);
        var n = ledger.Next();
        string[] secrets = [$"Nomen{n}", $"Officium{n}", $"Hospes{n}", $"Legatus{n}", $"Signator{n}", $"Munus{n}", $"Scriba{n}"];
        var scribe = await ledger.As(secrets[6], scene.One, Ledger.Web.Access.Roles.Officer);
        var reference = await scene.Propose();
        var meeting = (await scribe.Post("/api/v1/meetings", $$"""
            {"title":"T","heldOn":"2020-02-14","host":{"name":"{{secrets[2]}}","office":"{{secrets[3]}}"},"participants":[{"name":"{{secrets[0]}}","office":"{{secrets[1]}}","agency":"{{scene.One}}"}],
             "outcomes":[{"kind":"signed","agreement":"{{reference}}","party":"{{scene.One}}","signatory":{"name":"{{secrets[4]}}","office":"{{secrets[5]}}"} }]}
            """)).Is(201);
        (await scribe.Post($"/api/v1/meetings/{meeting["reference"]}/corrections", new { corrects = 1, field = "/title", value = "U", reason = "Wrong." }, ifMatch: 1)).Is(201);
        Assert.Equal("4", await ledger.Sql($"select count(*) from ledger.person where name ~ '{n}$'"));

        var tables = (await ledger.Sql("select string_agg('ledger.' || c.relname, ' ') from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'ledger' and c.relkind in ('r', 'p') and c.relname <> 'person'")).Split(' ');
        Assert.Superset(new HashSet<string> { "ledger.mt_events", "ledger.mt_doc_meeting", "ledger.mt_doc_agreement", "ledger.idempotency_key" }, tables.ToHashSet());
        foreach (var table in tables)
        {
            foreach (var secret in secrets)
                Assert.Equal((table, secret, "0"), (table, secret, await ledger.Sql($"select count(*) from {table} t where t::text like '%{secret}%'")));
        }

        Assert.Equal((secrets[0], secrets[1], secrets[2]), ((await scribe.Get($"/api/v1/meetings/{meeting["reference"]}"))["participants/0/name"], (await scribe.Get($"/api/v1/meetings/{meeting["reference"]}"))["participants/0/office"], (await scribe.Get($"/api/v1/meetings/{meeting["reference"]}"))["host/name"]));
    }

    [Fact]
    public async Task the_commitments_of_an_entry_open_with_the_salts_kept_beside()
    {
        var scene = await Scene.Of(ledger);
        var meeting = (await scene.Meeting()).Is(201);

        using var recorded = JsonDocument.Parse(await ledger.Sql($"select data from ledger.mt_events where stream_id = '{meeting["id"]}' and version = 1"));
        var person = recorded.RootElement.GetProperty("participants")[0].GetProperty("person");

        var id = person.GetProperty("personId").GetString();
        Assert.Equal("Anna Blanc|President", await ledger.Sql($"select name || '|' || office from ledger.person where person_id = '{id}'"));
        Assert.Equal(person.GetProperty("name").GetString(), Commitment.To(Commitment.NameLabel, await Salt("name"), "Anna Blanc"));
        Assert.Equal(person.GetProperty("office").GetString(), Commitment.To(Commitment.OfficeLabel, await Salt("office"), "President"));

        async Task<byte[]> Salt(string of) => Convert.FromHexString(await ledger.Sql($"select encode({of}_salt, 'hex') from ledger.person where person_id = '{id}'"));
    }

    [Fact]
    public async Task an_erased_person_is_nameless_and_the_record_reads_on()
    {
        var scene = await Scene.Of(ledger);
        var n = ledger.Next();
        var body = scene.MeetingBody().Replace("Anna Blanc", $"Erased {n}", StringComparison.Ordinal);
        var path = $"/api/v1/meetings/{(await scene.Registrar.Post("/api/v1/meetings", body)).Is(201)["reference"]}";
        Assert.Equal($"Erased {n}", (await scene.Officer.Get(path))["participants/0/name"]);

        await ledger.Sql($"update ledger.person set name = null, office = null, name_salt = null, office_salt = null, identity = null, erased_at = now() where name = 'Erased {n}' returning 1");

        var meeting = (await scene.Officer.Get(path)).Is(200);
        Assert.Equal((null, null, scene.One), (meeting["participants/0/name"], meeting["participants/0/office"], meeting["participants/0/agency"]));
    }

    [Fact]
    public async Task every_entry_says_who_recorded_it_and_in_which_request()
    {
        var scene = await Scene.Of(ledger);
        var reference = await scene.Propose();
        var id = (await scene.Officer.Get($"/api/v1/agreements/{reference}"))["id"];

        Assert.Equal($"Officer of {scene.One}|{scene.One}", await ledger.Sql($"select p.name || '|' || (e.headers ->> 'agency') from ledger.mt_events e join ledger.person p on p.person_id = e.user_name where e.stream_id = '{id}'"));
        Assert.Equal("1", await ledger.Sql($"select count(*) from ledger.mt_events e join ledger.idempotency_key k on k.id = e.causation_id where e.stream_id = '{id}' and e.correlation_id ~ '^[0-9a-f]{{32}}$'"));
        Assert.Equal("0", await ledger.Sql("select count(*) from ledger.mt_events where user_name is null or correlation_id is null"));
    }

    [Fact]
    public async Task a_refused_request_leaves_no_trace()
    {
        var scene = await Scene.Of(ledger);
        var reference = await scene.Propose();
        var id = (await scene.Officer.Get($"/api/v1/agreements/{reference}"))["id"];
        var before = await State();
        var key = scene.Officer.NewKey();

        (await scene.Officer.Post($"/api/v1/agreements/{reference}/signatures", new { party = scene.Two, signedOn = "2020-02-01", signatory = new { name = $"Only {reference}" } }, key, 1)).IsProblem(403, "forbidden");
        (await scene.Officer.Post($"/api/v1/agreements/{reference}/signatures", new { party = scene.One, signedOn = "2018-02-01", signatory = new { name = $"Only {reference}" } }, key, 1)).IsProblem(409, "act-before-proposal");
        (await scene.Officer.Post("/api/v1/agreements", new { title = "X", parties = new[] { scene.One, "NOBODY-KNOWN" }, proposedOn = "1902-01-01" }, key)).IsProblem(409, "unknown-agency");

        Assert.Equal(before, await State());
        Assert.Equal("0", await ledger.Sql($"select count(*) from ledger.person where name = 'Only {reference}'"));
        Assert.Equal("0", await ledger.Sql("select count(*) from ledger.reference_counter where year = 1902"));
        (await scene.Officer.Post($"/api/v1/agreements/{reference}/signatures", new { party = scene.One, signedOn = "2020-02-01" }, key, 1)).Is(201);

        async Task<string> State() => await ledger.Sql($"select d.data::text || d.mt_version || s.version || (select count(*) from ledger.mt_events where stream_id = s.id) from ledger.mt_doc_agreement d join ledger.mt_streams s on s.id = d.id where d.id = '{id}'");
    }

    [Fact]
    public async Task the_zone_of_the_session_does_not_shift_the_instant_of_recording()
    {
        await using var tokyo = await ledger.Another(";Timezone=Asia/Tokyo");
        var registrar = await tokyo.As("Rita", null, Ledger.Web.Access.Roles.Registrar);
        var before = ledger.Service<TimeProvider>().GetUtcNow();
        foreach (var code in new[] { "ONE", "TWO" })
            (await registrar.Put($"/api/v1/agencies/{code}", new { name = code, kind = "agency" })).Is(201);
        var reference = (await registrar.Post("/api/v1/agreements", new { title = "X", parties = new[] { "ONE", "TWO" } })).Is(201)["reference"];
        var after = ledger.Service<TimeProvider>().GetUtcNow();

        var history = (await registrar.Get($"/api/v1/agreements/{reference}/history")).Is(200);
        var agreement = (await registrar.Get($"/api/v1/agreements/{reference}")).Is(200);

        Assert.InRange((DateTimeOffset)history.Items[0]["recordedAt"]!, before.AddSeconds(-1), after.AddSeconds(1));
        Assert.InRange((DateTimeOffset)agreement.Json!["knownAt"]!, before.AddSeconds(-1), after.AddSeconds(60));
        (await registrar.Get($"/api/v1/agreements/{reference}?knownAt={history["items/0/recordedAt"]}")).Is(200);
        (await registrar.Get($"/api/v1/agreements/{reference}?knownAt={((DateTimeOffset)history.Items[0]["recordedAt"]!).AddMicroseconds(-1).ToString("O", CultureInfo.InvariantCulture).Replace("+", "%2B", StringComparison.Ordinal)}")).Is(404);
        Assert.Equal("0", await tokyo.Sql("select count(*) from ledger.mt_doc_agreement a where (a.data ->> 'lastRecordedAt')::timestamptz is distinct from (select max(e.timestamp) from ledger.mt_events e where e.stream_id = a.id)"));
    }
}
