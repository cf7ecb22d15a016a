using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;
using Ledger.Web.Tests;

namespace Ledger.Fuzz;

/// <summary>What a run stands on.</summary>
/// <param name="Address">Where the service listens.</param>
/// <param name="Judge">Who holds answers against the description.</param>
/// <param name="Accounts">Who keeps account of what was acknowledged.</param>
/// <param name="Report">Where it is all written down.</param>
/// <param name="Sign">Signs somebody in.</param>
/// <param name="Seed">The seed.</param>
internal sealed record Ground(Uri Address, Judge Judge, Accounts Accounts, Report Report, Func<string, string?, string?, Person> Sign, ulong Seed)
{
    /// <summary>How long an answer may take. On a machine that is busy with something else one may take longer, and not each time.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    // Whoever fails so often says nothing new, and may be unable to send anything at all.
    private const int MostFailures = 20;

    // What cannot be sent again may be slow so often in a whole run before it is the service's doing.
    private const int MostSlow = 2;

    private readonly ConcurrentDictionary<string, int> _failures = new();
    private int _slow;

    /// <summary>Whether an answer took too long. The whole record takes a second more for each MiB of it.</summary>
    public static bool IsSlow(Reply reply) => reply.Elapsed > Limit + TimeSpan.FromSeconds(reply.Body.Length / 1024 / 1024);

    /// <summary>Whether somebody has failed too often to go on.</summary>
    public bool HasGivenUp(string player) => _failures.GetValueOrDefault(player) >= MostFailures;

    /// <summary>Lets somebody do something. What goes wrong with the fuzzer itself is reported like what goes wrong with the service, and ends nothing.</summary>
    /// <param name="player">Who.</param>
    /// <param name="deed">What.</param>
    /// <param name="last">What was sent last.</param>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A mistake of the fuzzer's own may be of any type.")]
    public void Attempt(string player, Action deed, Func<Shot?> last)
    {
        try
        {
            deed();
        }
        catch (Exception failure)
        {
            Failed(player, failure, last());
        }
    }

    /// <summary>Reports an answer to a request that cannot be sent again, or that others sent at the same time, where it and some before it took too long.</summary>
    public void Timed(Shot shot, Reply reply)
    {
        if (IsSlow(reply) && Interlocked.Increment(ref _slow) > MostSlow)
            Report.Add(new("hangs", shot.Operation, $"An answer of {reply.Status} took {reply.Elapsed.TotalSeconds:n0} s, and it is not the first.", shot.Curl(Address)));
    }

    /// <summary>Reports a failure of the fuzzer's own.</summary>
    public void Failed(string player, Exception failure, Shot? last)
    {
        _failures.AddOrUpdate(player, 1, (_, times) => times + 1);
        Report.Add(new(
            Finding.OwnFailure,
            last?.Operation ?? "nothing sent yet",
            string.Create(CultureInfo.InvariantCulture, $"{failure.GetType().Name}: {failure.Message} ({player}, seed {Seed}, after {Report.Requests} requests)"),
            $"# Sent last: {last?.Curl(Address) ?? "nothing"}\n{failure}"));
    }
}

/// <summary>
/// Plays through a part of the record of its own, one request after the other: which requests these are hangs on the seed and its name alone,
/// and on what the service answers.
/// </summary>
internal sealed class Player : IDisposable
{
    /// <summary>After how long there is no hope of an answer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly Dictionary<string, int> Weights = new()
    {
        ["GET /api/v1/export"] = 1,
        ["GET /api/v1/agencies"] = 8,
        ["GET /api/v1/briefs/portfolio"] = 15,
        ["PUT /api/v1/agencies/{code}"] = 15,
        ["POST /dev/tokens"] = 4,
        ["POST /api/v1/imports"] = 6,
        ["POST /api/v1/agreements"] = 60,
        ["POST /api/v1/meetings"] = 50,
        ["POST /api/v1/agreements/{id}/signatures"] = 80,
        ["POST /api/v1/agreements/{id}/ratifications"] = 80,
    };

    private readonly Ground _ground;
    private readonly Dice _dice;
    private readonly World _world;
    private readonly Wire _wire;
    private readonly List<(Shot Shot, Reply Reply)> _done = [];
    private readonly List<string> _deck;
    private readonly string _name;
    private Shot? _last;
    private int _sent;
    private int _refreshed;

    public Player(Ground ground, string name, uint stream)
    {
        _ground = ground;
        _name = $"player {name}";
        _dice = new Dice(ground.Seed, stream);
        _world = new World(name, _dice, ground.Sign);
        _wire = new Wire(ground.Address);
        _deck = [.. ground.Judge.Operations.Keys.Order(StringComparer.Ordinal).SelectMany(o => Enumerable.Repeat(o, Weights.GetValueOrDefault(o, o.StartsWith("POST ", StringComparison.Ordinal) ? 30 : 25)))];
    }

    /// <summary>Whether it has failed too often to go on.</summary>
    public bool HasGivenUp => _ground.HasGivenUp(_name);

    /// <summary>Sends so many requests.</summary>
    public void Play(int requests)
    {
        for (var until = _sent + requests; _sent < until && !HasGivenUp;)
        {
            if (_sent / 20_000 != _refreshed)
            {
                _refreshed = _sent / 20_000;
                _world.Refresh();
            }

            _ground.Attempt(_name, Step, () => _last);
        }
    }

    public void Dispose() => _wire.Dispose();

    private void Step()
    {
        var operation = _world.Agencies.Count < 6 ? "PUT /api/v1/agencies/{code}" : _dice.Of(_deck);

        // The whole record is longer each time.
        if (operation == "GET /api/v1/export" && !_dice.Percent((int)Math.Clamp(200_000 / (_ground.Accounts.Total + 1), 1, 100)))
            return;
        if (_world.Valid(operation, _ground.Judge.Operations[operation]) is not { } shot)
            return;

        shot = _dice.Below(100) switch
        {
            < 58 => shot,
            < 83 => Hostile.Nearly(shot, _dice),
            < 95 => Hostile.Utterly(shot, _dice),
            _ => shot with { Caller = _world.Anybody(), Intent = Intent.NearlyValid },
        };

        if (shot.Key is not null && shot.Intent == Intent.Valid && _dice.Percent(4))
            LeaveAndReturn(shot);
        else
            Sent(shot);
        if (_done.Count > 0 && _dice.Percent(6))
            Replay(_dice.Of(_done));
    }

    /// <summary>Sends a request, judges the answer and learns from it.</summary>
    private Reply? Sent(Shot shot)
    {
        var reply = Fire(shot, isShrinking: false);
        if (reply is null)
            return null;

        if (reply.IsSuccess || reply.Status == 304)
            _world.Learn(shot, reply);
        else if (shot.Intent == Intent.Valid)
            _world.WasRefused(shot);
        if (reply.IsSuccess && shot is { Method: "POST", Target: ['/', 'a', 'p', 'i', ..], BreaksHttp: false } && shot.Key is not null && shot.Operation.StartsWith("POST /api/", StringComparison.Ordinal))
        {
            if (_done.Count > 200)
                _done.RemoveAt(_dice.Below(200));
            _done.Add((shot, reply));
            if (_dice.Percent(20))
                Replay((shot, reply));
            if (reply.Status == 202)
                Await(shot, reply);
        }

        return reply;
    }

    private Reply? Fire(Shot shot, bool isShrinking)
    {
        _sent++;
        _last = shot;
        Reply? reply;
        try
        {
            reply = _wire.Send(shot.Bytes(_wire.Host), shot.Method == "HEAD", Patience, shot.BreaksHttp);

            if (reply is not null && Ground.IsSlow(reply) && !WasGivenUp(shot, reply) && Enumerable.Range(0, 3).All(_ => _wire.Send(shot.Bytes(_wire.Host), shot.Method == "HEAD", Patience, shot.BreaksHttp) is { } again && Ground.IsSlow(again)))
                Found(shot, "hangs", $"An answer of {reply.Status} took {reply.Elapsed.TotalSeconds:n0} s, and no less than {Ground.Limit.TotalSeconds:n0} s each time it was sent again.", isShrinking: true);
        }
        catch (TimeoutException slow)
        {
            _ground.Report.Count(shot, null);
            Found(shot, "hangs", slow.Message, isShrinking: true);
            return null;
        }
        catch (InvalidDataException broken)
        {
            _ground.Report.Count(shot, null);
            Found(shot, "no HTTP", broken.Message, isShrinking: true);
            return null;
        }

        _ground.Report.Count(shot, reply);
        _ground.Accounts.Note(shot, reply);
        foreach (var (kind, sentence) in _ground.Judge.Problems(shot, reply))
            Found(shot, kind, sentence, isShrinking);
        return reply;
    }

    // A request that never ends is given up by the service when its patience is over, and told so.
    private static bool WasGivenUp(Shot shot, Reply reply) => reply.Status == 408 || (shot.BreaksHttp && reply.Status == 400 && reply.Elapsed < 2 * Ground.Limit);

    private void Found(Shot shot, string kind, string sentence, bool isShrinking)
    {
        var finding = new Finding(kind, shot.Operation, sentence, shot.Curl(_ground.Address));
        if (_ground.Report.Add(finding) && !isShrinking)
            _ground.Report.Replace(finding with { Again = Shrunk(shot, kind, sentence).Curl(_ground.Address) });
    }

    /// <summary>The same key again: the same answer, and nothing new.</summary>
    private void Replay((Shot Shot, Reply Reply) done)
    {
        var (shot, first) = done;
        switch (_dice.Below(6))
        {
            case 0 when shot.Json is { } body:
                // Another request under the same key is refused, whatever else it is.
                body["fuzz"] = 1;
                var other = body.FirstOrDefault(m => m.Value is JsonValue v && v.TryGetValue<string>(out _)).Key;
                if (other is not null && _dice.Percent(70))
                {
                    body.Remove("fuzz");
                    body[other] = body[other].AsText() + "x";
                }

                var halved = Fire(shot.WithBody(body.ToJsonString()) with { Intent = Intent.NearlyValid }, isShrinking: false);
                if (halved?.IsSuccess == true)
                    Found(shot, "replay", $"Another body under the key of this one was answered {halved.Status}.", isShrinking: true);
                break;
            case 1:
                var another = _world.Anybody();
                if (another.Name == shot.Caller.Name)
                    return;
                var theirs = Fire(shot.With("Authorization", null) with { Caller = another, Intent = Intent.NearlyValid }, isShrinking: false);
                if (theirs?.Headers.ContainsKey("Idempotent-Replayed") == true && first.Status == 201 && theirs.Body.AsSpan().SequenceEqual(first.Body))
                    Found(shot, "replay", $"The key of one caller answered to another with what the first was told: {another.Name}.", isShrinking: true);
                if (theirs?.IsSuccess == true)
                    _world.Learn(shot, theirs);
                if (theirs?.Status == 202)
                    Await(shot with { Caller = another }, theirs);
                break;
            default:
                Same(shot, first, Fire(shot, isShrinking: false));
                break;
        }
    }

    private void Same(Shot shot, Reply first, Reply? again)
    {
        string[] kept = ["ETag", "Location", "Content-Type"];
        if (again is null)
            return;
        if (again.Status != first.Status || !again.Body.AsSpan().SequenceEqual(first.Body) || kept.Any(h => again.Headers.GetValueOrDefault(h) != first.Headers.GetValueOrDefault(h)))
            Found(shot, "replay", $"Sent again it was answered {again.Status} {again.Text}, and first {first.Status} {first.Text}", isShrinking: true);
        else if (again.Headers.GetValueOrDefault("Idempotent-Replayed") != "true")
            Found(shot, "replay", "Sent again it was answered the same, without Idempotent-Replayed.", isShrinking: true);
    }

    /// <summary>Is gone before the answer, or before the request was sent whole, and sends it again: it is recorded once.</summary>
    private void LeaveAndReturn(Shot shot)
    {
        var bytes = shot.Bytes(_wire.Host);
        _wire.SendAndLeave(_dice.Percent(50) ? bytes : bytes.AsSpan(0, _dice.Below(bytes.Length)));
        for (var tries = 0; tries < 200; tries++)
        {
            var reply = Fire(shot, isShrinking: false);
            if (reply is { Status: 409 } && reply.Json.Text("code") == "idempotency-key-in-progress")
                continue;
            if (reply?.IsSuccess == true)
            {
                // The entries are new to these accounts, whoever was there to hear of them first.
                var told = reply with { Headers = reply.Headers.Where(h => h.Key != "Idempotent-Replayed").ToDictionary(h => h.Key, h => h.Value, StringComparer.OrdinalIgnoreCase) };
                if (told.Headers.Count != reply.Headers.Count)
                    _ground.Accounts.Note(shot, told);
                _world.Learn(shot, reply);
                if (reply.Status == 202)
                    Await(shot, reply);
            }

            return;
        }

        Found(shot, "replay", "A request whose caller had gone was in progress for ever.", isShrinking: true);
    }

    /// <summary>Waits until a file is in, or refused: what it records is recorded while nobody else here records.</summary>
    private void Await(Shot shot, Reply taken)
    {
        if (taken.Headers.GetValueOrDefault("Location") is not { } location)
            return;
        var watch = new Shot("GET /api/v1/imports/{id}", "GET", location, _world.Registrar);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            var state = State(watch);
            if (state is "refused" or "checked" or "finished" or "stopped")
                return;
            if (clock.Elapsed > Patience)
            {
                Found(shot, "hangs", $"A file is {state ?? "nowhere"} after a minute.", isShrinking: true);
                return;
            }
        }
    }

    private string? State(Shot watch)
    {
        try
        {
            return _wire.Send(watch.Bytes(_wire.Host), isHead: false, Patience, alone: false)?.Json.Text("state");
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <summary>The smallest request, of those that were tried, in which the same is wrong.</summary>
    private Shot Shrunk(Shot shot, string kind, string sentence)
    {
        var tries = 0;
        for (var isSmaller = true; isSmaller && tries < 120;)
        {
            isSmaller = false;
            foreach (var smaller in Smaller(shot))
            {
                if (++tries > 120)
                    break;
                var again = smaller.Key is null ? smaller : smaller.With("Idempotency-Key", _world.NewKey());
                var reply = Fire(again, isShrinking: true);
                if (reply is not null && _ground.Judge.Problems(again, reply).Any(p => p.Kind == kind && p.Sentence[..Math.Min(20, p.Sentence.Length)] == sentence[..Math.Min(20, sentence.Length)]))
                {
                    (shot, isSmaller) = (again, true);
                    break;
                }
            }
        }

        return shot;
    }

    private static IEnumerable<Shot> Smaller(Shot shot)
    {
        foreach (var (name, _) in shot.Headers.Where(h => h.Name is not ("Content-Type" or "Idempotency-Key" or "If-Match")))
            yield return shot.With(name, null);

        if (shot.Target.Split('?', 2) is [var path, var query])
        {
            var parameters = query.Split('&');
            for (var n = 0; n < parameters.Length; n++)
                yield return shot with { Target = parameters.Length == 1 ? path : $"{path}?{string.Join('&', parameters.Where((_, at) => at != n))}" };
        }

        if (shot.Json is not { } body)
            yield break;
        foreach (var member in body.Select(m => m.Key).ToList())
        {
            var fewer = body.DeepClone().AsObject();
            fewer.Remove(member);
            yield return shot.WithBody(fewer.ToJsonString());
            if (body[member] is JsonArray { Count: > 0 } items)
            {
                for (var n = 0; n < Math.Min(items.Count, 10); n++)
                {
                    var shorter = body.DeepClone().AsObject();
                    shorter[member]!.AsArray().RemoveAt(n);
                    yield return shot.WithBody(shorter.ToJsonString());
                }
            }
        }
    }
}
