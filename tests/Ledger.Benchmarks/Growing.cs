using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Ledger.Web.Access;
using Ledger.Web.Store;
using Npgsql;

namespace Ledger.Benchmarks;

/// <summary>Whether reads cost the same however large the register has grown.</summary>
internal sealed partial class Growing(Stage stage, Scale scale)
{
    private const int Agreements = 100;
    private const int Requests = 60;

    public async Task<IReadOnlyList<Comparison>> Run()
    {
        var (small, large) = (await stage.Database("small"), await stage.Database("large"));
        var (auditor, officer) = (stage.Token("Auditor", null, "auditor"), stage.Token("Officer", "ONE", "officer"));
        foreach (var database in new[] { small, large })
        {
            await using var filling = await stage.Service(database);
            await Fill(filling);
            await Search(filling, database, auditor);
        }

        await Multiply(large);
        await using var few = await stage.Service(small);
        await using var many = await stage.Service(large);
        var comparisons = new List<Comparison>();
        foreach (var (what, token, path) in new[]
        {
            ("a page of the register", auditor, "/api/v1/agreements?limit=20"),
            ("a page of the register further on", auditor, "/api/v1/agreements?limit=20&cursor={next}"),
            ("a page of the register, for an officer", officer, "/api/v1/agreements?limit=20"),
            ("a page by status, as of a day in the past", auditor, "/api/v1/agreements?limit=20&status=signed&asOf=2021-06-01"),
            ("a page of one party, by title", auditor, "/api/v1/agreements?limit=20&party=ONE&sort=title"),
            ("a page as known at an instant", auditor, "/api/v1/agreements?limit=20&knownAt={instant}"),
            ("a page as known when half was recorded", auditor, "/api/v1/agreements?limit=20&knownAt={middle}"),
            ("the same as of a day in the past, by title", auditor, "/api/v1/agreements?limit=20&knownAt={middle}&asOf=2020-01-11&sort=title"),
            ("search by a word", auditor, "/api/v1/agreements?limit=20&q=number0000042"),
            ("search by a fragment", auditor, "/api/v1/agreements?limit=20&q=mber0000042x"),
            ("status by id", auditor, "/api/v1/agreements/B-00000042"),
        })
        {
            comparisons.Add(await Compare(what, (few, Load.Request("GET", await Path(few, small, token, path), token)), (many, Load.Request("GET", await Path(many, large, token, path), token))));
        }

        var (here, there) = (await SignIn(few), await SignIn(many));
        foreach (var (what, path) in new[] { ("the register in the browser", "/agreements"), ("the deadlines in the browser", "/deadlines"), ("a day replayed in the browser", "/replay?asOf=2021-07-15") })
            comparisons.Add(await Compare(what, (few, Load.Request("GET", path, null, null, ("Cookie", here))), (many, Load.Request("GET", path, null, null, ("Cookie", there)))));
        return comparisons;
    }

    private async Task<Comparison> Compare(string what, (Running Service, byte[] Request) small, (Running Service, byte[] Request) large)
    {
        await Latency(small.Service, small.Request);
        await Latency(large.Service, large.Request);
        return await Comparison.InTurns(
            $"{what}, with {Agreements * 10 * scale.Growth:N0} entries", $"itself with {Agreements * 10:N0}", "ms", scale.Rounds, _ => Latency(large.Service, large.Request), _ => Latency(small.Service, small.Request), 1.3, lessIsBetter: true);
    }

    // As somebody who may see everything.
    private static async Task<string> SignIn(Running service)
    {
        var cookies = new CookieContainer();
        using var handler = new SocketsHttpHandler { CookieContainer = cookies };
        using var http = new HttpClient(handler) { BaseAddress = service.Address };
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["person"] = DevelopmentIssuer.SubjectOf("Otto Auditor", null),
            ["__RequestVerificationToken"] = AntiForgery().Match(await http.GetStringAsync("/sign-in")).Groups["token"].Value,
        });
        using var answer = await http.PostAsync("/sign-in", form);
        answer.EnsureSuccessStatusCode();
        return cookies.GetCookieHeader(service.Address);
    }

    private async Task Fill(Running service)
    {
        var registrar = stage.Token("Registrar", null, "registrar");
        await Benchmarks.Agreements.Prepare(service, registrar, 0);
        foreach (var n in Enumerable.Range(0, Agreements))
        {
            var reference = Benchmarks.Agreements.Reference(n);
            await service.Write(registrar, HttpMethod.Post, "/api/v1/meetings", System.Text.Json.Nodes.JsonNode.Parse(
                $$"""
                {"title":"Talks","heldOn":"2020-02-14","participants":[{"name":"Anna Berg","agency":"ONE"}],"outcomes":[
                {"kind":"proposed","reference":"{{reference}}","title":"Agreement number{{n.ToString("0000000", CultureInfo.InvariantCulture)}}x on cooperation in space","parties":["ONE","TWO"],"fields":["space"],"proposedOn":"2020-01-01","phases":[{"title":"Design","plannedEnd":"2020-06-01"},{"title":"Flight","plannedEnd":"2090-06-01"}]},
                {"kind":"discussed","agreement":"{{reference}}","summary":"Talks.","discussedOn":"2020-01-10"},{"kind":"discussed","agreement":"{{reference}}","summary":"Talks.","discussedOn":"2020-01-11"},
                {"kind":"discussed","agreement":"{{reference}}","summary":"Talks.","discussedOn":"2020-01-12"},{"kind":"discussed","agreement":"{{reference}}","summary":"Talks.","discussedOn":"2020-01-13"},
                {"kind":"signed","agreement":"{{reference}}","party":"ONE"},{"kind":"signed","agreement":"{{reference}}","party":"TWO"}]}
                """)!);
            foreach (var (act, body) in new[]
            {
                ("ratifications", """{"party":"ONE","ratifiedOn":"2021-07-01"}"""), ("ratifications", """{"party":"TWO","ratifiedOn":"2021-08-01"}"""),
            })
            {
                await service.Write(registrar, HttpMethod.Post, $"/api/v1/agreements/{reference}/{act}", System.Text.Json.Nodes.JsonNode.Parse(body)!);
            }
        }
    }

    // What is multiplied has to be found by its words already: the service makes up for it otherwise while it is measured.
    private static async Task Search(Running service, string database, string token)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var last = source.CreateCommand("select max(seq_id) from ledger.mt_events");
        var sequence = (long)(await last.ExecuteScalarAsync())!;
        await service.Read(token, string.Create(CultureInfo.InvariantCulture, $"/api/v1/agreements?q=space&notBefore={sequence}"));
    }

    // The same agreements again and again under other names, each time recorded an hour earlier and under lower references, row by row into every
    // table: by requests it would take an hour. Indexes are made once all rows are there.
    private async Task Multiply(string database)
    {
        var rows = new Dictionary<string, string>
        {
            ["agreement_id"] = "c.copy",
            ["reference"] = "c.other",
            ["title"] = "'Copy ' || md5(c.copy) || ' of ' || p.title",
            ["title_key"] = "'copy ' || md5(c.copy) || ' of ' || p.title_key",
            ["known_from"] = "p.known_from",
            ["known_to"] = "p.known_to",
            ["known_span"] = $"case when p.known_to < 'infinity' then {KnownSpan.UpTo("p.known_to")} end",
        };
        string[] columns = RegisterRows.Table.Columns.Split(", ");
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(
            $"""
            set session_replication_role = replica;
            set maintenance_work_mem = '512MB';
            create temp table copies as select s.id, n, n * interval '1 hour' as ago, 'c' || n || '-' || s.id as copy, d.reference, 'A-' || lpad(({scale.Growth} - n)::text, 7, '0') || '-' || d.reference as other
              from ledger.mt_streams s join ledger.mt_doc_agreement d on d.id = s.id cross join generate_series(1, {scale.Growth - 1}) n;
            analyze copies;
            create temp table made_later as
              select i.indexrelid::regclass::text as name, replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ') as sql
                from pg_index i join pg_class t on t.oid = i.indrelid
               where t.relnamespace = 'ledger'::regnamespace and t.relname in ('mt_events', 'mt_streams', 'mt_doc_agreement', 'agreement_period', 'agreement_period_now', 'agreement_period_past', 'agreement_search', 'agreement_deadline')
                 and not exists (select from pg_constraint k where k.conindid = i.indexrelid) and not exists (select from pg_inherits h where h.inhrelid = i.indexrelid);
            do $$ declare i record; begin for i in select * from made_later loop execute 'drop index ' || i.name; end loop; end $$;
            insert into ledger.mt_streams (id, type, version, timestamp, created) select c.copy, s.type, s.version, s.timestamp - c.ago, s.created - c.ago from copies c join ledger.mt_streams s on s.id = c.id;
            insert into ledger.mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, correlation_id, headers, user_name)
              select nextval('ledger.mt_events_sequence'), gen_random_uuid(), c.copy, e.version, replace(replace(e.data::text, c.id, c.copy), c.reference, c.other)::jsonb, e.type, e.timestamp - c.ago, e.mt_dotnet_type, e.correlation_id, e.headers, e.user_name
                from copies c join ledger.mt_events e on e.stream_id = c.id;
            insert into ledger.mt_doc_agreement (id, data, mt_version, mt_last_modified, reference)
              select c.copy, replace(replace(d.data::text, c.id, c.copy), c.reference, c.other)::jsonb, d.mt_version, d.mt_last_modified, c.other from copies c join ledger.mt_doc_agreement d on d.id = c.id;
            create temp table periods as select * from ledger.agreement_period;
            insert into ledger.agreement_period ({RegisterRows.Table.Columns})
              select {string.Join(", ", columns.Select(column => rows.GetValueOrDefault(column, $"p.{column}")))}
                from copies c cross join lateral (select {string.Join(", ", columns.Select(column => column is "known_from" or "known_to" ? $"o.{column} - c.ago as {column}" : $"o.{column}"))} from periods o where o.agreement_id = c.id) p
               order by c.n, c.id;
            insert into ledger.agreement_deadline ({DeadlineRows.Table.Columns})
              select {string.Join(", ", DeadlineRows.Table.Columns.Split(", ").Select(column => column switch { "agreement_id" => "c.copy", "reference" => "c.other", _ => $"d.{column}" }))}
                from copies c join ledger.agreement_deadline d on d.agreement_id = c.id;
            delete from ledger.agreement_search where agreement_id like 'c%-%-%-%-%-%';
            insert into ledger.agreement_search (agreement_id, known_from, known_to, text) select c.copy, s.known_from - c.ago, s.known_to - c.ago, replace(replace(s.text, 'number', 'copy' || c.n || 'of'), lower(c.reference), lower(c.other)) from copies c join ledger.agreement_search s on s.agreement_id = c.id;
            do $$ declare i record; begin for i in select * from made_later loop execute i.sql; end loop; end $$;
            update ledger.mt_event_progression set last_seq_id = (select last_value from ledger.mt_events_sequence);
            """);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
        await using var vacuum = source.CreateCommand("vacuum analyze");
        vacuum.CommandTimeout = 0;
        await vacuum.ExecuteNonQueryAsync();
    }

    private static async Task<string> Path(Running service, string database, string token, string path)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var middle = source.CreateCommand("select percentile_disc(0.5) within group (order by timestamp) from ledger.mt_events");
        path = path.Replace("{middle}", Uri.EscapeDataString($"{await middle.ExecuteScalarAsync():yyyy-MM-ddTHH:mm:ss.ffffffZ}"), StringComparison.Ordinal);
        var page = System.Text.Json.Nodes.JsonNode.Parse(await service.Read(token, "/api/v1/agreements?limit=20"))!;
        return path.Replace("{next}", (string?)page["next"], StringComparison.Ordinal).Replace("{instant}", Uri.EscapeDataString((string)page["knownAt"]!), StringComparison.Ordinal);
    }

    // Milliseconds of one request after the other: what a reader waits.
    private static async Task<double> Latency(Running service, byte[] request)
    {
        using var connection = new Load.Connection(service.Address);
        var times = new List<double>();
        for (var n = 0; n < Requests; n++)
        {
            var clock = Stopwatch.GetTimestamp();
            if (await connection.Send(request) != 200)
                throw new InvalidOperationException(connection.Text);
            times.Add(Stopwatch.GetElapsedTime(clock).TotalMilliseconds);
        }

        return Comparison.Median(times);
    }

    [GeneratedRegex("__RequestVerificationToken[^>]+value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex AntiForgery();
}
