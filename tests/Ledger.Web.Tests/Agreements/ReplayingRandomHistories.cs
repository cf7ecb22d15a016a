using System.Collections.Immutable;
using System.Globalization;
using System.Security.Claims;
using System.Text.Json;
using Ledger.Domain;
using Ledger.Domain.Agreements;
using Ledger.Domain.Days;
using Ledger.Web.Access;
using Ledger.Web.Agreements;
using Ledger.Web.Recording;
using Ledger.Web.Store;
using Microsoft.AspNetCore.Http;
using Npgsql;
using Xunit;

namespace Ledger.Web.Tests.Agreements;

/// <summary>
/// What HTTP answers is held against an oracle that reads the raw entries, takes those recorded by the instant, and folds them anew.
/// The histories go through the recorder itself, many agreements to a request.
/// </summary>
public class ReplayingRandomHistories(RunningLedger ledger, ITestOutputHelper output)
{
    private const int Histories = 1000;
    private const int Batch = 100;
    private const int Rounds = 9;

    private static readonly string[] Corrections = ["/occurredOn", "/title", "/effectiveOn", "", "/until", "/term/until"];

    [Fact]
    public async Task every_answer_is_what_a_replay_from_scratch_gives()
    {
        var seed = Environment.GetEnvironmentVariable("LEDGER_SEED") is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture) : 20200214;
        output.WriteLine($"LEDGER_SEED={seed}");
        var random = new Random(seed);
        string[] agencies = [await ledger.Agency(), await ledger.Agency(), await ledger.Agency("Organisation", "organisation")];

        var references = new List<string>();
        for (var from = 0; from < Histories; from += Batch)
            references.AddRange(await Propose(random, agencies, from));
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var batch in references.Chunk(Batch))
                await Act(random, agencies, batch);
        }

        var corrected = await Correct(random, references);
        var oracle = await Oracle.Read(ledger.ConnectionString, references);
        Assert.Equal(Histories, oracle.Agreements.Count);
        output.WriteLine($"{oracle.Entries} entries, {corrected} of them corrections; {string.Join(", ", oracle.Kinds)}");
        Assert.True(oracle.Entries > 4 * Histories && corrected > 100, "The histories are too short to show anything.");

        var statuses = new Dictionary<string, int>(StringComparer.Ordinal);
        var questions = references.Select(reference => (Reference: reference, Queries: Queries(random, oracle, reference).ToList())).ToList();
        await Parallel.ForEachAsync(questions, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = TestContext.Current.CancellationToken }, async (question, _) =>
        {
            foreach (var (asOf, knownAt) in question.Queries)
            {
                var expected = oracle.Say(question.Reference, asOf, knownAt);
                var reply = await ledger.Auditor.Get($"/api/v1/agreements/{question.Reference}?{Query(asOf, knownAt)}");
                var said = reply.Status == 404 ? null : Said(reply.Is(200));
                Assert.True(expected == said, $"seed {seed}, {question.Reference} asOf {asOf} knownAt {knownAt:O}\nexpected {expected}\nsaid     {said}");
                lock (statuses)
                    statuses[reply["status"] ?? "none"] = statuses.GetValueOrDefault(reply["status"] ?? "none") + 1;
            }
        });
        output.WriteLine(string.Join(", ", statuses.OrderBy(x => x.Key, StringComparer.Ordinal).Select(x => $"{x.Key} {x.Value}")));
        Assert.True(statuses.Count > 7, "The histories show too few statuses to show anything.");

        for (var n = 0; n < 12; n++)
        {
            DateOnly? asOf = n % 3 == 0 ? null : ADay(random);
            DateTimeOffset? knownAt = n % 2 == 0 ? null : oracle.Instants[random.Next(oracle.Instants.Count)];
            var expected = references.Select(r => (r, oracle.SayRow(r, asOf, knownAt))).Where(x => x.Item2 is not null).Select(x => $"{x.r} {x.Item2}").Order(StringComparer.Ordinal);

            var list = (await ledger.Auditor.Get($"/api/v1/agreements?party={agencies[0]}&limit=1000&{Query(asOf, knownAt)}")).Is(200);

            Assert.Equal(expected, list.Items.Select(SaidRow).Order(StringComparer.Ordinal));
        }

        var rebuilt = await ledger.Service<Rebuild>().Run(TestContext.Current.CancellationToken);
        Assert.All(rebuilt, projection => Assert.Equal([], projection.Differing));
    }

    private async Task<List<string>> Propose(Random random, string[] agencies, int from)
    {
        var references = Enumerable.Range(from, Batch).Select(n => $"R-{agencies[0]}-{n}").ToList();
        await Record([], draft =>
        {
            foreach (var reference in references)
            {
                string[] parties = random.Next(3) == 0 ? agencies : agencies[..2];
                var (_, refused) = draft.Propose(
                    new ProposeAgreement(reference, [.. parties])
                    {
                        ProposedOn = random.Next(5) == 0 ? null : Reduced(random, Day.On(new DateOnly(2000, 1, 1).AddDays(random.Next(900)))),
                        Open = random.Next(4) == 0,
                        Phases = [.. Enumerable.Range(1, random.Next(3)).Select(n => new PlanPhase($"Phase {n}"))],
                        Term = random.Next(3) switch { 0 => new Term(Reduced(random, Day.On(new DateOnly(2008, 1, 1).AddDays(random.Next(3000))))), 1 => new Term(Length: Period.Parse("P5Y")), _ => null },
                        EntryIntoForce = random.Next(4) switch
                        {
                            0 => new EntryIntoForce(EntryIntoForceRule.Count) { Count = 2, Delay = Period.Parse("P30D") },
                            1 => new EntryIntoForce(EntryIntoForceRule.Date) { Date = new DateOnly(2004, 1, 1).AddDays(random.Next(700)) },
                            2 => new EntryIntoForce(EntryIntoForceRule.AllParties) { FirstOfMonth = true, ExcludeOrganisations = true },
                            _ => null,
                        },
                    },
                    reference,
                    draft.Occasion(null));
                Assert.Null(refused);
            }
        });
        return references;
    }

    private Task Act(Random random, string[] agencies, IReadOnlyList<string> references) => Record(references, draft =>
    {
        foreach (var reference in references)
        {
            var (party, on) = (agencies[random.Next(agencies.Length)], Reduced(random, Day.On(ADay(random))));
            var effective = random.Next(2) == 0 ? null : Day.On(on.Latest.AddDays(random.Next(400)));
            AgreementAct act = random.Next(14) switch
            {
                0 or 1 or 2 => SignAgreementEndpoint.Act(new(party, on)),
                3 or 4 => RatifyAgreementEndpoint.Act(new(party, on, random.Next(3) == 0 ? Instrument.Ratification : Instrument.Accession, EffectiveOn: random.Next(4) == 0 ? effective : null)),
                5 => DiscussAgreementEndpoint.Act(new("Discussed.", on)),
                6 => ExtendAgreementEndpoint.Act(new(Day.On(new DateOnly(2010, 1, 1).AddDays(random.Next(5000))), on)),
                7 => SuspendAgreementEndpoint.Act(new(on, effective)),
                8 => ResumeAgreementEndpoint.Act(new(on, effective)),
                9 => NotifyWithdrawalEndpoint.Act(new(party, on, effective)),
                10 => RevokeWithdrawalEndpoint.Act(new(party, on)),
                12 => ApplyProvisionallyEndpoint.Act(new(on, effective)),
                11 => CompletePhaseEndpoint.Act("1", new(on)),
                _ => random.Next(3) == 0 ? TerminateAgreementEndpoint.Act(new(on, effective)) : WithdrawProposalEndpoint.Act(new(on, effective)),
            };

            // What the rules refuse is no part of the history.
            draft.Decide(draft.Find(reference)!, act, draft.Occasion(null));
        }
    });

    // One of every few histories is put right here and there, by requests like anybody's.
    private async Task<int> Correct(Random random, IReadOnlyList<string> references)
    {
        var corrected = 0;
        foreach (var reference in references.Where((_, n) => n % 3 == 0))
        {
            var version = int.Parse((await ledger.Auditor.Get($"/api/v1/agreements/{reference}"))["version"]!, CultureInfo.InvariantCulture);
            object value = ADay(random).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            var field = Corrections[random.Next(Corrections.Length)];
            var reply = await ledger.Registrar.Post(
                $"/api/v1/agreements/{reference}/corrections", new { corrects = 1 + random.Next(version), field, value = field.Length == 0 ? null : value, reason = "It was wrong." }, ifMatch: version);
            Assert.Contains(reply.Status, new[] { 200, 201, 409 });
            corrected += reply.Status == 201 ? 1 : 0;
        }

        return corrected;
    }

    private Task Record(IReadOnlyList<string> agreements, Action<Draft> work)
    {
        var http = new DefaultHttpContext
        {
            RequestServices = ledger.Host.Services,
            User = new ClaimsPrincipal(new ClaimsIdentity([new("sub", "random"), new("name", "Random"), new("roles", Roles.Registrar)], "test")),
        };
        http.SetEndpoint(new Endpoint(null, EndpointMetadataCollection.Empty, "random"));
        http.Request.Method = "POST";
        http.Request.Headers["Idempotency-Key"] = ledger.Registrar.NewKey();
        return Assert.IsType<Task<IResult>>(ledger.Service<Recorder>().Run(http, Operation.RecordMeeting, canRepeat: false, new() { Agreements = [.. agreements] }, draft =>
        {
            work(draft);
            return Task.FromResult<IResult>(new Answer(201, entries => new EntriesMade(entries)));
        }), exactMatch: false).ContinueWith(done => Assert.IsType<StoredAnswer>(done.Result), TestContext.Current.CancellationToken, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private static IEnumerable<(DateOnly? AsOf, DateTimeOffset? KnownAt)> Queries(Random random, Oracle oracle, string reference)
    {
        yield return (ADay(random), null);
        yield return (null, oracle.Instant(reference, random));
        yield return (ADay(random), oracle.Instant(reference, random));
    }

    private static DateOnly ADay(Random random) => new DateOnly(1999, 6, 1).AddDays(random.Next(9000));

    private static Day Reduced(Random random, Day day) => random.Next(8) switch
    {
        0 => Day.In(day.Latest.Year),
        1 => Day.In(day.Latest.Year, day.Latest.Month),
        _ => day,
    };

    private static string Query(DateOnly? asOf, DateTimeOffset? knownAt) => string.Join('&', new[]
    {
        asOf is { } day ? $"asOf={day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}" : null,
        knownAt is { } instant ? $"knownAt={instant.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)}" : null,
    }.OfType<string>());

    private static string Said(Reply reply) => string.Join(' ',
    [
        reply["status"], reply["certain"], reply["version"], reply["title"], reply["expiresOn"], reply["endedOn"], reply["entryIntoForce/metOn"], reply["entryIntoForce/inForceFrom"], reply["lastDiscussedOn"],
        .. reply.Json!["parties"]!.AsArray().Select(p => $"{p.Text("agency")}:{p.Text("status")}:{p.Text("signedOn")}:{p.Text("ratifiedOn")}:{p.Text("boundFrom")}:{p.Text("withdrawnOn")}"),
        .. reply.Json["phases"]!.AsArray().Select(p => $"{p.Text("number")}:{p.Text("status")}:{p.Text("completedOn")}"),
    ]);

    private static string SaidRow(System.Text.Json.Nodes.JsonNode row) => string.Join(' ',
    [
        row.Text("reference"), row.Text("status"), row.Text("certain"), row.Text("version"), row.Text("expiresOn"), row.Text("inForceFrom"), row.Text("lastDiscussedOn"),
        .. row["parties"]!.AsArray().Select(p => p.AsText()),
    ]);

    /// <summary>The raw entries, and what they amount to by any day and instant.</summary>
    private sealed class Oracle
    {
        private readonly DateOnly _today;

        private Oracle(ILookup<string, Raw> entries, DateOnly today) => (Agreements, _today) = (entries, today);

        public ILookup<string, Raw> Agreements { get; }

        public int Entries => Agreements.Sum(a => a.Count());

        public IEnumerable<string> Kinds => Agreements.SelectMany(a => a).GroupBy(e => e.Event.GetType().Name).Select(g => $"{g.Key} {g.Count()}");

        public List<DateTimeOffset> Instants => [.. Agreements.SelectMany(a => a).Select(e => e.RecordedAt).Distinct().Order()];

        public static async Task<Oracle> Read(string store, IEnumerable<string> references)
        {
            await using var connection = new NpgsqlConnection(store);
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = new NpgsqlCommand(
                """
                select p.data ->> 'reference', e.version, e.type, e.data, e.timestamp, now()
                  from ledger.mt_events e join ledger.mt_events p on p.stream_id = e.stream_id and p.version = 1
                 where p.data ->> 'reference' = any ($1) order by e.stream_id, e.version
                """,
                connection)
            {
                Parameters = { new() { Value = references.ToArray() } },
            };
            var kinds = EventNames.Stored.ToDictionary(x => x.Value, x => x.Key, StringComparer.Ordinal);
            var (entries, today) = (new List<Raw>(), DateOnly.MinValue);
            await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            {
                var @event = (AgreementEvent)JsonSerializer.Deserialize(reader.GetString(3), kinds[reader.GetString(2)], LedgerJson.Options)!;
                entries.Add(new Raw(reader.GetString(0), reader.GetInt64(1), new DateTimeOffset(reader.GetFieldValue<DateTime>(4).ToUniversalTime()), @event));
                today = DateOnly.FromDateTime(reader.GetFieldValue<DateTime>(5).ToUniversalTime());
            }

            return new Oracle(entries.ToLookup(e => e.Reference, StringComparer.Ordinal), today);
        }

        // The instant of an entry of its own, or just before or after it.
        public DateTimeOffset Instant(string reference, Random random) =>
            Agreements[reference].ElementAt(random.Next(Agreements[reference].Count())).RecordedAt.AddMicroseconds(random.Next(3) - 1);

        public string? Say(string reference, DateOnly? asOf, DateTimeOffset? knownAt) => Standing(reference, asOf, knownAt) is not var (agreement, s) ? null : string.Join(' ',
        [
            Word(s.Status), s.Certain ? "true" : "false", Number(agreement.Version), agreement.Title, Written(s.ExpiresOn), Written(s.EndedOn), Written(s.Entry.MetOn), Written(s.Entry.InForceFrom), s.LastDiscussed?.On.ToString(),
            .. s.Parties.Select(p => $"{p.Party}:{Word(p.Status)}:{p.SignedOn}:{p.RatifiedOn}:{Written(p.BoundFrom)}:{Written(p.WithdrawnOn)}"),
            .. s.Phases.Select(p => $"{Number(p.Number)}:{(p.CompletedOn is null ? "planned" : "completed")}:{p.CompletedOn}"),
        ]);

        public string? SayRow(string reference, DateOnly? asOf, DateTimeOffset? knownAt) => Standing(reference, asOf, knownAt) is not var (agreement, s) ? null : string.Join(' ',
        [
            Word(s.Status), s.Certain ? "true" : "false", Number(agreement.Version), Written(s.ExpiresOn), Written(s.Entry.InForceFrom), s.LastDiscussed?.On.ToString(), .. s.Parties.Select(p => p.Party),
        ]);

        private (Agreement Agreement, Standing Standing)? Standing(string reference, DateOnly? asOf, DateTimeOffset? knownAt)
        {
            var agreement = Agreements[reference].Where(e => knownAt is null || e.RecordedAt <= knownAt)
                .Aggregate((Agreement?)null, (state, e) => Agreement.Evolve(state, new Entry<AgreementEvent>(e.Version, e.RecordedAt, e.Event)));
            return agreement is not null && Domain.Agreements.Standing.Of(agreement, asOf ?? _today) is { } standing ? (agreement, standing) : null;
        }

        private static string Word<T>(T value)
            where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

        private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

        private static string? Written(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    private sealed record Raw(string Reference, long Version, DateTimeOffset RecordedAt, AgreementEvent Event);
}
