using System.Globalization;
using Ledger.Web.Tests;

namespace Ledger.Fuzz;

/// <summary>
/// What depends on who comes first, in a phase of its own: the same request several times at once, acts on one version at once, callers that leave
/// while another stays. Each round has a seed of its own; who wins is not in the seed, what may come of it is.
/// </summary>
internal sealed class Races(Ground ground)
{
    private const int AtOnce = 5;

    private const string Name = "races";

    private readonly Wire[] _wires = [.. Enumerable.Range(0, AtOnce).Select(_ => new Wire(ground.Address))];
    private int _last;
    private Shot? _sent;

    /// <summary>Runs rounds until so many requests have been sent.</summary>
    public void Run(long requests)
    {
        var until = ground.Report.Requests + requests;
        var registrar = ground.Sign("Registrar of races", null, "registrar");
        foreach (var code in new[] { "RACE.A", "RACE.B" })
            One(new Shot("PUT /api/v1/agencies/{code}", "PUT", $"/api/v1/agencies/{code}", registrar) { Headers = [("Content-Type", "application/json")] }.WithBody($$"""{"name":"{{code}}","kind":"agency"}"""));

        for (var round = 0u; ground.Report.Requests < until && !ground.HasGivenUp(Name); round++)
        {
            var dice = new Dice(ground.Seed, 1_000_000 + round);
            ground.Attempt(Name, () => Round(dice, registrar), () => _sent);
        }

        foreach (var wire in _wires)
            wire.Dispose();
    }

    private void Round(Dice dice, Person registrar)
    {
        var proposal = Post(registrar, "POST /api/v1/agreements", "/api/v1/agreements", $$"""{"title":"Race {{++_last}}","parties":["RACE.A","RACE.B"],"proposedOn":"2019-01-01"}""");
        var proposed = Together([.. Enumerable.Repeat(proposal, AtOnce)]);
        Once(proposal, proposed);
        if (proposed.FirstOrDefault(r => r.IsSuccess)?.Json.Text("reference") is not { } reference)
            return;

        var path = $"/api/v1/agreements/{reference}";
        switch (dice.Below(5))
        {
            case 0:
                // Different acts on the version that all have read: one is recorded.
                var acts = Enumerable.Range(0, AtOnce).Select(n => Post(registrar, "POST /api/v1/agreements/{id}/discussions", $"{path}/discussions", $$"""{"discussedOn":"2020-02-14","summary":"{{n}}"}""").With("If-Match", "\"1\"")).ToArray();
                Count(acts[0], Together(acts), r => r.Status == 201, 1, r => r.Status == 412);
                break;
            case 1:
                // Acts that name no version: all are recorded, or those that lost too often say so.
                var free = Enumerable.Range(0, AtOnce).Select(n => Post(registrar, "POST /api/v1/agreements/{id}/discussions", $"{path}/discussions", $$"""{"discussedOn":"2020-02-14","summary":"{{n}}"}""").With("If-Match", "*")).ToArray();
                Count(free[0], Together(free), r => r.Status == 201, AtOnce, _ => false);
                break;
            case 2:
                // One signature, by several.
                var signatures = Enumerable.Range(0, AtOnce).Select(_ => Post(registrar, "POST /api/v1/agreements/{id}/signatures", $"{path}/signatures", """{"party":"RACE.A","signedOn":"2020-02-14"}""").With("If-Match", "*")).ToArray();
                Count(signatures[0], Together(signatures), r => r.Status == 201, 1, r => r.Status == 200);
                break;
            case 3:
                // Meetings with outcomes on the same agreement, each twice.
                var meetings = Enumerable.Range(0, AtOnce / 2).Select(n => Post(registrar, "POST /api/v1/meetings", "/api/v1/meetings", $$"""{"title":"Race {{n}}","heldOn":"2020-02-14","participants":[{"name":"A","agency":"RACE.A"}],"outcomes":[{"kind":"discussed","agreement":"{{reference}}","summary":"{{n}}"}]}""")).ToList();
                var answers = Together([.. meetings, .. meetings]);
                for (var n = 0; n < meetings.Count; n++)
                    Once(meetings[n], [.. answers.Where((_, at) => at % meetings.Count == n)]);
                break;
            default:
                // Callers that leave while one stays.
                var left = Post(registrar, "POST /api/v1/agreements/{id}/discussions", $"{path}/discussions", """{"discussedOn":"2020-02-14","summary":"Left."}""").With("If-Match", "*");
                var bytes = left.Bytes(_wires[0].Host);
                Parallel.For(0, AtOnce - 1, n => _wires[n].SendAndLeave(bytes));
                Once(left, [Settled(left, 0)]);
                break;
        }
    }

    /// <summary>Several requests at once, each until it is settled.</summary>
    private Reply[] Together(Shot[] shots)
    {
        var replies = new Reply[shots.Length];
        using var start = new Barrier(shots.Length);

        // What a thread does not answer for itself ends the whole process.
        var threads = shots.Select((shot, n) => new Thread(() => ground.Attempt(
            Name,
            () =>
            {
                replies[n] = new Reply(0, [], default);
                start.SignalAndWait();
                replies[n] = Settled(shot, n);
            },
            () => shot))).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        return replies;
    }

    private Reply Settled(Shot shot, int wire)
    {
        while (true)
        {
            var reply = Fire(shot, wire);
            if (reply.Json.Text("code") is not ("idempotency-key-in-progress" or "stale-outcome"))
                return reply;
        }
    }

    private Reply One(Shot shot) => Fire(shot, 0);

    private Reply Fire(Shot shot, int wire)
    {
        _sent = shot;
        Reply? reply;
        try
        {
            reply = _wires[wire].Send(shot.Bytes(_wires[wire].Host), isHead: false, Player.Patience, alone: false);
        }
        catch (TimeoutException slow)
        {
            Found(shot, "hangs", slow.Message);
            reply = null;
        }
        catch (InvalidDataException broken)
        {
            Found(shot, "no HTTP", broken.Message);
            reply = null;
        }

        ground.Report.Count(shot, reply);
        if (reply is not null)
            ground.Timed(shot, reply);
        foreach (var (kind, sentence) in ground.Judge.Problems(shot, reply))
            Found(shot, kind, sentence);

        // Which of those that were told of it was the first, only the store knows: here all of them are one.
        if (reply?.IsSuccess == true && _noted.TryAdd((shot.Key ?? shot.Target, reply.Status), 0))
            ground.Accounts.Note(shot, reply with { Headers = reply.Headers.Where(h => h.Key != "Idempotent-Replayed").ToDictionary(h => h.Key, h => h.Value, StringComparer.OrdinalIgnoreCase) });
        return reply ?? new Reply(0, [], default);
    }

    private readonly System.Collections.Concurrent.ConcurrentDictionary<(string, int), byte> _noted = new();

    /// <summary>The same request several times: one answer for all, one of them the first.</summary>
    private void Once(Shot shot, Reply[] replies)
    {
        if (replies.Select(r => (r.Status, r.Text, r.Headers.GetValueOrDefault("ETag"), r.Headers.GetValueOrDefault("Location"))).Distinct().Count() != 1)
            Found(shot, "race", $"The same request was answered differently: {string.Join(" | ", replies.Select(r => $"{r.Status} {r.Text}").Distinct())}");
        else if (replies.Length > 1 && replies.Count(r => !r.Headers.ContainsKey("Idempotent-Replayed")) != 1)
            Found(shot, "race", $"Of {replies.Length} answers {replies.Count(r => !r.Headers.ContainsKey("Idempotent-Replayed"))} claim to be the first.");
    }

    private void Count(Shot shot, Reply[] replies, Func<Reply, bool> wins, int winners, Func<Reply, bool> loses)
    {
        if (replies.Count(wins) != winners || !replies.All(r => wins(r) || loses(r)))
            Found(shot, "race", $"{replies.Count(wins).ToString(CultureInfo.InvariantCulture)} of {replies.Length} were recorded, and not {winners}: {string.Join(" | ", replies.Select(r => $"{r.Status} {r.Text}"))}");
    }

    private void Found(Shot shot, string kind, string sentence) => ground.Report.Add(new(kind, shot.Operation, sentence, shot.Curl(ground.Address)));

    private Shot Post(Person caller, string operation, string target, string body) =>
        new Shot(operation, "POST", target, caller) { Headers = [("Content-Type", "application/json"), ("Idempotency-Key", $"race-{++_last}")] }.WithBody(body);
}
