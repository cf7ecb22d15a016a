using System.Globalization;
using System.Text.RegularExpressions;
using Ledger.Web.Store;
using Npgsql;

namespace Ledger.Benchmarks;

/// <summary>The limit: the rows of one act written by prepared SQL from pgbench, which costs next to nothing itself.</summary>
internal static partial class PgBench
{
    private const int Clients = 16;

    // The statements that read and write what the service reads and writes for an act, in two round trips, against the same tables with
    // the same indexes, triggers and checks.
    private const string Script = """
        \set n (:client_id * {EACH} + random(0, {EACH} - 1))
        \set key random(1, 9000000000000000000)
        \startpipeline
        begin;
        select pg_try_advisory_xact_lock(:key);
        select fingerprint, status, location, etag, body from ledger.idempotency_key where id = md5(:key::text) || md5(:key::text);
        select n.stamp, (select p.person_id from ledger.person p where p.identity = sha256(:recorder::text::bytea)) from ledger.names n;
        select data from ledger.mt_doc_agreement where id = 'pgbench-' || :n for no key update;
        select recorded_at from ledger.begin_entry();
        \endpipeline
        \startpipeline
        update ledger.mt_streams set version = version + 1, timestamp = current_setting('ledger.recorded_at')::timestamptz where id = 'pgbench-' || :n;
        insert into ledger.mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, correlation_id, causation_id, headers, user_name)
          select nextval('ledger.mt_events_sequence'), gen_random_uuid(), s.id, s.version, :event::text::jsonb, 'agreement_discussed', s.timestamp,
                 'Ledger.Domain.Agreements.AgreementDiscussed, Ledger.Domain', md5(:key::text), md5(:key::text) || md5(:key::text), :headers::text::jsonb, :recorder::text
            from ledger.mt_streams s where s.id = 'pgbench-' || :n;
        update ledger.mt_doc_agreement set data = :state::text::jsonb, mt_version = mt_version + 1, mt_last_modified = current_setting('ledger.recorded_at')::timestamptz where id = 'pgbench-' || :n;
        update ledger.agreement_period set known_to = current_setting('ledger.recorded_at')::timestamptz where agreement_id = 'pgbench-' || :n and known_to = 'infinity' and day_until = 'infinity';
        insert into ledger.agreement_period ({COLUMNS}, known_from, known_to)
          select {TEMPLATE}, current_setting('ledger.recorded_at')::timestamptz, 'infinity'
            from pgbench_period t, (select s.version from ledger.mt_streams s where s.id = 'pgbench-' || :n) s, (values (0, false), (1, true)) d(later, is_last);
        insert into ledger.idempotency_key (id, fingerprint, status, location, etag, body, recorded_at)
          values (md5(:key::text) || md5(:key::text), md5(:key::text) || md5(:key::text), 201, :location::text, '"7"', :body::text, clock_timestamp());
        commit;
        \endpipeline
        """;

    // What is listed, as the sample has it.
    private static string Rest => string.Join(", ", RegisterRow.Columns.Split(", ").Skip(3).Select(column => $"t.{column}"));

    /// <summary>Prepares the writing of acts beside those of the service.</summary>
    /// <param name="database">The database, in which acts of agreements have been recorded.</param>
    /// <param name="reference">An agreement whose rows are taken for all.</param>
    /// <param name="each">How many agreements each client works on.</param>
    /// <param name="time">For how long each measurement is to run.</param>
    /// <returns>Writes for a while and says how many acts it wrote.</returns>
    public static async Task<Func<Task<LoadResult>>> OfActs(string database, string reference, int each, TimeSpan time)
    {
        await using var source = NpgsqlDataSource.Create(database);
        var sample = await One(source, $"select d.id from ledger.mt_doc_agreement d where d.reference = '{reference}'");
        await Do(source, $"""
            insert into ledger.mt_streams (id, type, version, timestamp, created) select 'pgbench-' || n, 'agreement', 0, now(), now() from generate_series(0, {Clients * each}) n;
            create table pgbench_period as select * from ledger.agreement_period where agreement_id = '{sample}' and known_to = 'infinity' and day_until = 'infinity';
            insert into ledger.agreement_period ({RegisterRow.Columns}, known_from, known_to)
              select 'pgbench-' || n, date '1900-01-01', 'infinity', {Rest}, now(), 'infinity' from pgbench_period t, generate_series(0, {Clients * each}) n;
            insert into ledger.mt_doc_agreement (id, data, mt_version, reference) select 'pgbench-' || n, (select data from ledger.mt_doc_agreement where id = '{sample}'), 0, 'pgbench-' || n from generate_series(0, {Clients * each}) n;
            """);
        (string Name, string Value)[] values =
        [
            ("state", await One(source, $"select data::text from ledger.mt_doc_agreement where id = '{sample}'")),
            ("event", await One(source, $"select data::text from ledger.mt_events where stream_id = '{sample}' and version = 3")),
            ("headers", await One(source, $"select headers::text from ledger.mt_events where stream_id = '{sample}' and version = 3")),
            ("recorder", await One(source, $"select user_name from ledger.mt_events where stream_id = '{sample}' and version = 3")),
            ("body", await One(source, "select body from ledger.idempotency_key where status = 201 order by recorded_at desc limit 1")),
            ("location", await One(source, "select location from ledger.idempotency_key where status = 201 order by recorded_at desc limit 1")),
        ];
        return async () =>
        {
            var script = Path.GetTempFileName();
            await File.WriteAllTextAsync(script, Script
                .Replace("{EACH}", each.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
                .Replace("{COLUMNS}", RegisterRow.Columns, StringComparison.Ordinal)
                .Replace("{TEMPLATE}", $"'pgbench-' || :n, date '1900-01-01' + (s.version::integer - 1 + d.later), case when d.is_last then date 'infinity' else date '1900-01-01' + s.version::integer - 1 end, {Rest}", StringComparison.Ordinal));
            var connection = new NpgsqlConnectionStringBuilder(database);
            var output = await Stage.Run(
                "env",
                [
                    $"PGPASSWORD={connection.Password}", "pgbench", "--no-vacuum", "--protocol=prepared", $"--client={Clients}", "--jobs=2",
                    $"--time={Math.Max(1, (int)time.TotalSeconds)}", $"--file={script}", $"--host={connection.Host}", $"--port={connection.Port}", $"--username={connection.Username}",
                    .. values.Select(v => $"--define={v.Name}={v.Value}"), connection.Database!,
                ]);
            File.Delete(script);
            return new LoadResult(
                double.Parse(Tps().Match(output).Groups["tps"].Value, CultureInfo.InvariantCulture),
                long.Parse(Done().Match(output).Groups["done"].Value, CultureInfo.InvariantCulture),
                Refused: 0);
        };
    }

    private static async Task<string> One(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return (string)(await command.ExecuteScalarAsync() ?? throw new InvalidOperationException($"Nothing answers {sql}"));
    }

    private static async Task Do(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    [GeneratedRegex(@"actually processed: (?<done>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Done();

    [GeneratedRegex(@"tps = (?<tps>[\d.]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Tps();
}
