using System.Globalization;
using Ledger.Web.Hosting;
using Ledger.Web.Store;
using Ledger.Web.Tests.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace Ledger.Web.Tests.Store;

/// <summary>What each role of the database may do and may not, tried by itself.</summary>
public class KeepingToTheirRights(RunningLedger ledger)
{
    // What nobody may do who is not an administrator of the server.
    private static readonly string[] OfAdministrators =
    [
        "set session_replication_role = replica",
        "set role ledger", "set session authorization ledger",
        "create role intruder", "alter role ledger_writer superuser", "alter role ledger_owner password 'mine'", "grant pg_write_all_data to ledger_writer",
        "copy (select 1) to program 'id'", "copy (select 1) to '/tmp/ledger-out'", "copy ledger.agreement_field from program 'id'", "copy ledger.agreement_field from '/etc/passwd'",
        "select pg_read_file('/etc/passwd')", "select lo_import('/etc/passwd')", "select lo_export(1, '/tmp/ledger-out')", "select lo_create(0)", "select lo_from_bytea(0, 'x')",
        "alter system set fsync = off", "create database other", "create extension dblink", "checkpoint",
    ];

    // What only the owner may do, with any table of the entries.
    private static readonly string[] OfTheOwner =
    [
        "alter table ledger.mt_events disable trigger all", "alter table ledger.mt_events disable trigger guard_entry", "drop trigger guard_entry on ledger.mt_events", "drop trigger guard_instant on ledger.mt_events",
        "create or replace trigger guard_entry before insert on ledger.mt_events for each row execute function ledger.guard_stream()",
        "create trigger mine before insert on ledger.mt_events for each row execute function ledger.guard_stream()",
        "create rule mine as on insert to ledger.mt_events do instead nothing",
        "create or replace function ledger.guard_entry() returns trigger language plpgsql as 'begin return new; end'", "drop function ledger.guard_entry() cascade", "alter function ledger.settled() security invoker",
        "drop table ledger.mt_events", "drop table ledger.idempotency_key", "drop schema ledger cascade", "alter schema ledger rename to other",
        "alter table ledger.mt_events add column mine text", "alter table ledger.mt_events rename to other", "alter table ledger.mt_events owner to current_user", "alter table ledger.mt_events enable row level security",
        "alter table ledger.mt_events set unlogged", "create index mine on ledger.mt_events (type)", "drop index ledger.agreement_period_facets", "reindex table ledger.mt_events", "cluster ledger.mt_events using pkey_mt_events_seq_id",
        "create table ledger.mine (id int)", "create table public.mine (id int)", "create schema mine", "create view ledger.mine as select 1", "create function ledger.mine() returns int language sql as 'select 1'", "create type ledger.mine as enum ('a')",
        "alter trigger guard_entry on ledger.mt_events depends on extension pg_trgm", "grant ledger_owner to current_user", "set role ledger_owner", "comment on table ledger.mt_events is 'mine'",
        "lock table ledger.mt_events in access exclusive mode", "select setval('ledger.mt_events_sequence', 1)", "alter sequence ledger.mt_events_sequence restart", "drop extension pg_trgm", "alter database ledger set fsync = off", "drop database ledger",
    ];

    // What stands once it is written.
    private static readonly string[] OfNobody =
    [
        .. new[] { "mt_events", "idempotency_key", "document_content" }.SelectMany(table => new[]
        {
            $"delete from ledger.{table}", $"truncate ledger.{table}", $"truncate ledger.{table} cascade", $"select 1 from ledger.{table} for update", $"lock table ledger.{table} in exclusive mode",
        }),
        "update ledger.mt_events set data = '{}'", "update ledger.mt_events set is_archived = true", "select ledger.mt_archive_stream('any')",
        "update ledger.idempotency_key set body = ''", "insert into ledger.idempotency_key select * from ledger.idempotency_key on conflict (id) do update set body = ''",
        "update ledger.document_content set content = ''", "delete from ledger.mt_streams", "truncate ledger.mt_streams cascade",
        "merge into ledger.mt_events e using (select 1) s on e.seq_id > 0 when matched then update set data = '{}'",
        "with gone as (delete from ledger.mt_events returning *) select count(*) from gone",
    ];

    public static TheoryData<string, string> Forbidden =>
    [
        .. OfAdministrators.Concat(OfTheOwner).Concat(OfNobody).Select(sql => (LedgerRoles.Writer, sql)),
        .. OfAdministrators.Concat(OfTheOwner).Concat(OfNobody).Select(sql => (LedgerRoles.Reader, sql)),
        .. OfAdministrators.Except(["alter role ledger_owner password 'mine'"]).Select(sql => (LedgerRoles.Owner, sql)),
        .. new[]
        {
            "insert into ledger.mt_streams (id, type, version) values ('mine', 'agency', 1)", "insert into ledger.mt_events (id) values (gen_random_uuid())", "update ledger.mt_doc_agreement set mt_version = 1",
            "delete from ledger.agreement_period", "insert into ledger.names values (true, 1)", "select nextval('ledger.mt_events_sequence')", "create temporary table mine (id int)", "select ledger.begin_entry()",
            "select name_salt from ledger.person", "select office_salt from ledger.person", "select identity from ledger.person", "select subject from ledger.person", "select * from ledger.person",
            "select * from ledger.page_key", "select secret_sha256 from ledger.deadline_feed", "select * from ledger.meeting_draft", "select * from ledger.wolverine_nodes",
            "copy ledger.person to stdout",
        }.Select(sql => (LedgerRoles.Reader, sql)),
        .. new[]
        {
            "update ledger.schema_made set build = ''", "insert into ledger.names values (true, 1)", "drop table ledger.agreement_period", "truncate ledger.agreement_period",
            "select * from ledger.begun", "insert into ledger.begun values (pg_current_xact_id(), now(), null)", "update ledger.begun set instant = now()", "delete from ledger.begun", "truncate ledger.begun",
        }.Select(sql => (LedgerRoles.Writer, sql)),
    ];

    public static TheoryData<string, string> Allowed =>
    [
        .. new[]
        {
            "select count(*) from ledger.mt_events", "select * from ledger.settled()", "select ledger.begin_entry()", "select nextval('ledger.mt_events_sequence')",
            "insert into ledger.mt_streams (id, type, version, timestamp) values ('MINE', 'agency', 1, now()) on conflict (id) do update set version = excluded.version",
            """
            with began as (select recorded_at from ledger.begin_entry())
            insert into ledger.mt_events (seq_id, id, stream_id, version, data, type, timestamp) select nextval('ledger.mt_events_sequence'), gen_random_uuid(), stream_id, version + 1000, data, type, began.recorded_at
              from ledger.mt_events, began where seq_id = 1
            """,
            "insert into ledger.idempotency_key values ('k', 'f', 200, null, null, '', now())", "insert into ledger.document_content values ('h', '') on conflict do nothing",
            "insert into ledger.person (person_id, name_commitment) values ('p', 'c')", "update ledger.mt_doc_agreement set mt_version = mt_version", "delete from ledger.mt_doc_agency",
            "delete from ledger.agreement_period", "delete from ledger.agreement_deadline", "delete from ledger.meeting_list", "delete from ledger.agreement_search", "update ledger.names set stamp = stamp + 1", "delete from ledger.meeting_draft",
            "create temporary table made (id int) on commit drop", "lock table ledger.mt_doc_agreement in exclusive mode", "lock table ledger.mt_streams in share row exclusive mode",
            "select pg_try_advisory_xact_lock(1)",
        }.Select(sql => (LedgerRoles.Writer, sql)),
        .. new[]
        {
            "select count(*) from ledger.mt_events", "select * from ledger.settled()", "select person_id, name, office, name_commitment from ledger.person", "select agency, roles, language from ledger.deadline_feed",
            "select data from ledger.mt_doc_agreement", "select * from ledger.agreement_period", "select * from ledger.meeting_list", "select * from ledger.agreement_deadline", "select id, status from ledger.idempotency_key",
        }.Select(sql => (LedgerRoles.Reader, sql)),
        .. new[] { "create table ledger.mine (id int)", "alter table ledger.mt_streams set (fillfactor = 80)", "drop function ledger.mt_archive_stream(varchar)", "create schema mine" }.Select(sql => (LedgerRoles.Owner, sql)),
    ];

    private const string Keep = "select set_config('mine.at', current_setting('ledger.recorded_at'), false), set_config('mine.place', current_setting('ledger.begun'), false)";
    private const string Again = "select set_config('ledger.recorded_at', current_setting('mine.at'), true), set_config('ledger.begun', current_setting('mine.place'), true)";

    // What whoever is in a session of the writer may try, so that an entry seems to be of another time.
    public static TheoryData<string, string> Pretences =>
    [
        ("an instant of one's own and no beginning", $"begin; {Entry("now()")}; commit"),
        ("the setting of the instant", $"begin; select set_config('ledger.recorded_at', (now() - interval '1 day')::text, true); {Entry("now() - interval '1 day'")}; commit"),
        ("the setting of the instant, after a beginning", $"begin; select ledger.begin_entry(); select set_config('ledger.recorded_at', (now() - interval '1 day')::text, true); {Entry("now() - interval '1 day'")}; commit"),
        ("the setting of the instant, while it is written", $"begin; select ledger.begin_entry(); {Entry("set_config('ledger.recorded_at', (now() - interval '1 day')::text, true)::timestamptz")}; commit"),
        ("an entry of its own instant beside one of another", $"begin; select ledger.begin_entry(); {Entry("current_setting('ledger.recorded_at')::timestamptz")} union all select nextval('ledger.mt_events_sequence'), gen_random_uuid(), stream_id, version + 1001, data, type, now() - interval '1 day' from ledger.mt_events where seq_id = 1; commit"),
        ("a word of the clock that was not said", $"begin; select ledger.begin_entry(); select set_config('ledger.clock_said', '2001-01-01T00:00:00.000000Z', true); {Entry("current_setting('ledger.recorded_at')::timestamptz")}; commit"),
        ("a clock that said something and is not heard", $"begin; select ledger.begin_entry(now() - interval '1 day'); select set_config('ledger.clock_said', '', true); {Entry("current_setting('ledger.recorded_at')::timestamptz")}; commit"),
        ("a place where nothing is noted", $"begin; select ledger.begin_entry(); select set_config('ledger.begun', '(999999,1)', true); {Entry("current_setting('ledger.recorded_at')::timestamptz")}; commit"),
        ("what an earlier transaction was given", $"begin; select ledger.begin_entry(); {Keep}; commit; begin; {Again}; {Entry("current_setting('mine.at')::timestamptz")}; commit"),
        ("what an earlier transaction was given, after a beginning", $"begin; select ledger.begin_entry(); {Keep}; commit; begin; select ledger.begin_entry(); {Again}; {Entry("current_setting('mine.at')::timestamptz")}; commit"),
        ("a note in a table of one's own", $"create temporary table begun (transaction xid8, instant timestamptz, said text); begin; insert into begun values (pg_current_xact_id(), now() - interval '1 day', null); set local search_path = pg_temp, ledger; select set_config('ledger.begun', '(0,1)', true); {Entry("now() - interval '1 day'")}; commit"),
    ];

    // What an administrator may have given to the role that serves, and what is said of it then.
    public static TheoryData<string, string> Excesses =>
    [
        ("alter role {0} superuser", "is a superuser"),
        ("alter role {0} createrole", "may make roles"),
        ("alter role {0} replication", "may copy the whole server by replication"),
        ("grant ledger_owner to {0}", "owns the table of entries or may become who does"),
        ("grant ledger_owner to {0}", "owns the database or may become who does"),
        ("grant update on ledger.mt_events to {0}", "may change or remove entries"),
        ("grant update (data) on ledger.mt_events to {0}", "may change or remove entries"),
        ("grant delete on ledger.mt_events to {0}", "may change or remove entries"),
        ("grant truncate on ledger.mt_events to {0}", "may change or remove entries"),
        ("grant trigger on ledger.mt_events to {0}", "may change or remove entries"),
        ("grant pg_write_all_data to {0}", "may change or remove entries"),
        ("grant delete on ledger.idempotency_key to {0}", "may change or remove idempotency keys"),
        ("grant update on ledger.mt_events_sequence to {0}", "may set the number of the next entry"),
        ("grant create on schema ledger to {0}", "may make tables and functions in the schema"),
        ("grant create on database ledger to {0}", "may make schemas in the database"),
        ("grant set on parameter session_replication_role to {0}", "may put triggers out of force with session_replication_role"),
        ("grant pg_execute_server_program to {0}", "may reach programs and files of the server"),
    ];

    [Theory]
    [MemberData(nameof(Forbidden))]
    public async Task no_role_can_do_what_is_not_its_own(string role, string sql)
    {
        await ledger.Agency();

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => Try(EmbeddedPostgres.As(role, ledger.ConnectionString), sql));

        // By the server for want of the right, and not by a guard that the right would take away.
        Assert.Equal((PostgresErrorCodes.InsufficientPrivilege, true), (refusal.SqlState, refusal.MessageText.StartsWith("permission denied", StringComparison.Ordinal) || refusal.MessageText.StartsWith("must ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(LedgerRoles.Writer)]
    [InlineData(LedgerRoles.Reader)]
    public async Task whoever_gives_a_right_that_is_not_theirs_to_give_gives_nothing(string role)
    {
        // Where somebody has any right at all, PostgreSQL only warns.
        await RunningStore.AskAsync(EmbeddedPostgres.As(role, ledger.ConnectionString), $"grant update, delete, truncate, trigger on ledger.mt_events to {role}, public");

        Assert.Equal("False", await ledger.Sql($"select has_table_privilege('{role}', 'ledger.mt_events', 'update, delete, truncate, trigger')"));
    }

    [Theory]
    [MemberData(nameof(Allowed))]
    public async Task each_role_can_do_what_is_its_own(string role, string sql)
    {
        await ledger.Agency();

        await Try(EmbeddedPostgres.As(role, ledger.ConnectionString), sql);
    }

    [Theory]
    [MemberData(nameof(Pretences))]
    public async Task whoever_is_in_a_session_of_the_writer_gives_no_entry_another_instant(string way, string sql)
    {
        await ledger.Agency();
        await using var connection = await Session();

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => Ask(connection, sql));

        Assert.Equal((way, PostgresErrorCodes.InsufficientPrivilege, "The instant of recording is given by ledger.begin_entry() and by nothing else."), (way, refusal.SqlState, refusal.MessageText));
    }

    [Fact]
    public async Task an_instant_goes_with_the_savepoint_under_which_it_was_given_and_serves_no_other_session()
    {
        await ledger.Agency();
        await using var connection = await Session();
        await using var other = await Session();
        await Ask(connection, "begin; savepoint s");
        var at = await Ask(connection, "select recorded_at::text from ledger.begin_entry()");
        var place = await Ask(connection, "select current_setting('ledger.begun')");
        var replayed = $"select set_config('ledger.begun', '{place}', true); {Entry($"'{at}'::timestamptz")}";

        // Where it was given it serves, so that what follows is refused for its place and for nothing else.
        await Ask(connection, $"savepoint t; {replayed}; rollback to t");
        var elsewhere = await Assert.ThrowsAsync<PostgresException>(() => Ask(other, $"begin; {replayed}"));
        var undone = await Assert.ThrowsAsync<PostgresException>(() => Ask(connection, $"rollback to s; {replayed}"));

        Assert.All([elsewhere, undone], refusal => Assert.StartsWith("The instant of recording is given by", refusal.MessageText, StringComparison.Ordinal));
    }

    [Fact]
    public async Task what_is_noted_of_transactions_is_swept_up_once_they_have_ended()
    {
        await using var own = await ledger.Another();
        for (var n = 0; n < 40; n++)
            await own.Sql("select count(ledger.begin_entry()) from generate_series(1, 200)");

        Assert.InRange(int.Parse(await own.Sql("select count(*) from ledger.begun"), CultureInfo.InvariantCulture), 0, 4_000);
    }

    [Fact]
    public async Task the_running_Ledger_connects_as_the_writer_and_could_do_no_more()
    {
        var standing = await StoreStanding.Of(ledger.Service<NpgsqlDataSource>(), Migration.Build, TestContext.Current.CancellationToken);

        Assert.Equal((LedgerRoles.Writer, true, true, true), (standing.Role, standing.IsMade, standing.IsFilled, standing.MayRecord));
        Assert.Empty(standing.Excess);
    }

    [Theory]
    [MemberData(nameof(Excesses))]
    public async Task every_right_too_many_is_found_and_named(string given, string named)
    {
        var role = $"too_much_{ledger.Next()}";
        await ledger.Sql($"create role {role} login password 'p' in role ledger_writer; {string.Format(null, given, role)}");
        try
        {
            await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(ledger.ConnectionString) { Username = role, Password = "p", Pooling = false });
            Assert.Contains(named, (await StoreStanding.Of(source, Migration.Build, TestContext.Current.CancellationToken)).Excess);
        }
        finally
        {
            await ledger.Sql($"drop owned by {role}; drop role {role}");
        }
    }

    [Fact]
    public async Task a_role_that_owns_everything_is_refused_outside_development()
    {
        await using var store = await Connected(ledger.ConnectionString);

        var refusal = await Assert.ThrowsAsync<StartupRefusedException>(() => Prepare(store));

        Assert.StartsWith("The Ledger would serve as role ledger, who is a superuser; whoever broke into it could undo the record. Run ops/sql/roles.sql", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_schema_of_another_build_is_not_served_and_the_command_is_named()
    {
        await using var own = await ledger.Another();
        await own.Sql("update ledger.schema_made set build = 'another' returning 1");
        await using var store = await Connected(EmbeddedPostgres.As(LedgerRoles.Writer, own.ConnectionString));

        var refusal = await Assert.ThrowsAsync<StartupRefusedException>(() => Prepare(store));

        Assert.Contains("run the same program with the command migrate and the owner in ConnectionStrings__LedgerOwner", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_store_that_one_role_has_owned_comes_to_the_owner_and_its_record_with_it()
    {
        var database = $"own_{ledger.Next()}";
        await ledger.Sql($"create database {database}");
        var administrator = new NpgsqlConnectionStringBuilder(ledger.ConnectionString) { Database = database }.ConnectionString;
        await Migration.Run(ledger.Host.Services, administrator, TestContext.Current.CancellationToken);
        const string owners = "select string_agg(distinct tableowner, ' ') from pg_tables where schemaname = 'ledger'";
        Assert.Equal("ledger", await RunningStore.AskAsync(administrator, owners));

        await using var own = new OwnLedger(await RunningLedger.StartAsync(administrator), administrator);

        Assert.Equal(LedgerRoles.Owner, await own.Sql(owners));
        Assert.Equal(LedgerRoles.Owner, await own.Sql("select string_agg(distinct p.proowner::regrole::text, ' ') from pg_proc p where p.pronamespace = 'ledger'::regnamespace and p.proname in ('settled', 'begin_entry', 'guard_entry')"));
        (await (await own.As("Rita", null, Ledger.Web.Access.Roles.Registrar)).Put("/api/v1/agencies/ONE", new { name = "One", kind = "agency" })).Is(201);
    }

    [Fact]
    public async Task the_program_migrates_as_the_owner_serves_as_the_writer_and_refuses_more_in_production()
    {
        var database = $"own_{ledger.Next()}";
        await ledger.Sql($"create database {database}");
        var administrator = new NpgsqlConnectionStringBuilder(ledger.ConnectionString) { Database = database, Pooling = false }.ConnectionString;
        (string, string)[] settings = [("ASPNETCORE_ENVIRONMENT", "Production"), ("Authentication__Authority", "https://authority.invalid"), ("ASPNETCORE_URLS", "http://127.0.0.1:0")];

        var early = await LedgerNode.Run([], [.. settings, ("ConnectionStrings__Ledger", administrator)]);
        Assert.Equal((1, true), (early.Code, early.Output.Contains("run the same program with the command migrate", StringComparison.Ordinal)));

        await RunningStore.MakeRolesAsync(administrator);
        var migrated = await LedgerNode.Run(["migrate"], [.. settings, ("ConnectionStrings__LedgerOwner", EmbeddedPostgres.As(LedgerRoles.Owner, administrator))]);
        Assert.Equal((0, true), (migrated.Code, migrated.Output.Contains("The schema is what this build of the Ledger needs.", StringComparison.Ordinal)));
        Assert.DoesNotContain("create table", migrated.Output, StringComparison.OrdinalIgnoreCase);

        var refused = await LedgerNode.Run([], [.. settings, ("ConnectionStrings__Ledger", administrator)]);
        Assert.Equal((1, true), (refused.Code, refused.Output.Contains("who is a superuser", StringComparison.Ordinal)));

        var served = await LedgerNode.Run(["check"], [.. settings, ("ConnectionStrings__Ledger", EmbeddedPostgres.As(LedgerRoles.Writer, administrator))]);
        Assert.Equal((0, true), (served.Code, served.Output.Contains("Agreement: 0 made", StringComparison.Ordinal)));
    }

    private Task Prepare(StoreConnection store) => LedgerStore.Prepare(new OnAnotherConnection(ledger.Host.Services, NpgsqlDataSource.Create(store.ConnectionString)), store, mayDoMore: false, TestContext.Current.CancellationToken);

    private static async Task<StoreConnection> Connected(string connectionString)
    {
        using var unused = new TemporaryData();
        return await StoreConnection.OpenAsync(TemporaryData.Configured(("ConnectionStrings:Ledger", connectionString)), unused.Data, NullLogger.Instance, TestContext.Current.CancellationToken);
    }

    private async Task<NpgsqlConnection> Session()
    {
        var connection = new NpgsqlConnection($"{EmbeddedPostgres.As(LedgerRoles.Writer, ledger.ConnectionString)};Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    private static async Task<object?> Ask(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    // An entry that is right but for its instant, perhaps.
    private static string Entry(string instant) =>
        $"insert into ledger.mt_events (seq_id, id, stream_id, version, data, type, timestamp) select nextval('ledger.mt_events_sequence'), gen_random_uuid(), stream_id, version + 1000, data, type, {instant} from ledger.mt_events where seq_id = 1";

    // Nothing of it stays; what PostgreSQL does in no transaction is refused to all three.
    private static async Task Try(string store, string sql)
    {
        await using var connection = new NpgsqlConnection($"{store};Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        var isOfTheServer = sql.StartsWith("alter system", StringComparison.Ordinal) || sql.StartsWith("create database", StringComparison.Ordinal) || sql.StartsWith("drop database", StringComparison.Ordinal);
        await using var transaction = isOfTheServer ? null : await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    // The services of the running Ledger on another connection.
    private sealed class OnAnotherConnection(IServiceProvider services, NpgsqlDataSource source) : IServiceProvider
    {
        public object? GetService(Type serviceType) => serviceType == typeof(NpgsqlDataSource) ? source : services.GetService(serviceType);
    }
}
