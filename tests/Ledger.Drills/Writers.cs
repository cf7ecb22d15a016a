using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Ledger.Drills;

/// <summary>Clients that record meetings and acts, each with a key that it keeps until it knows what became of the request.</summary>
internal sealed class Writers : IDisposable
{
    /// <summary>How many write at the same time.</summary>
    public const int Count = 16;

    /// <summary>How many agreements they share.</summary>
    public const int Shared = 24;

    private readonly HttpClient _http;
    private readonly Journal _journal;
    private readonly string _token;
    private readonly string _name;
    private readonly Random _random;
    private readonly Lock _lock = new();
    private CancellationTokenSource _resting = new();
    private Task _running = Task.CompletedTask;
    private int _keys;
    private int _acknowledged;
    private int _retried;
    private int _settled;
    private int _stillRunning;

    /// <summary>Clients that rest.</summary>
    /// <param name="service">Where they send to.</param>
    /// <param name="token">Who they are.</param>
    /// <param name="journal">Where they keep what they know.</param>
    /// <param name="name">What the keys of this run begin with.</param>
    /// <param name="seed">From which everything random is drawn.</param>
    public Writers(Uri service, string token, Journal journal, string name, int seed)
    {
        _http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5) }) { BaseAddress = service, Timeout = TimeSpan.FromSeconds(60) };
        (_token, _journal, _name, _random) = (token, journal, name, new Random(seed));
    }

    /// <summary>Answers so far that say that something is recorded.</summary>
    public int AnswersOfSuccess => Volatile.Read(ref _acknowledged);

    /// <summary>Answers so far that had been given before, to nobody.</summary>
    public int ReplayedSoFar => _journal.Wishes.Values.Count(w => w.WasReplayed);

    /// <summary>How many requests of unknown outcome were sent once more when all was well again.</summary>
    public int Retried => Volatile.Read(ref _retried);

    /// <summary>How many of these the one retry has settled.</summary>
    public int Settled => Volatile.Read(ref _settled);

    /// <summary>How often the retry was told that the first sending was still being recorded, so that its outcome was none yet.</summary>
    public int StillRunning => Volatile.Read(ref _stillRunning);

    /// <summary>The longest that anybody waited for an answer.</summary>
    public TimeSpan LongestWait { get; private set; }

    /// <summary>Answers by status since <see cref="Forget"/>; 0: none came.</summary>
    public Dictionary<int, int> Answers { get; } = [];

    /// <summary>Gives up waiting at random, as people do who close a page.</summary>
    public bool AreImpatient { get; set; }

    /// <summary>Begins counting anew.</summary>
    public void Forget()
    {
        lock (_lock)
            Answers.Clear();
        LongestWait = TimeSpan.Zero;
    }

    /// <summary>Lets them write.</summary>
    public void Go()
    {
        _resting = new CancellationTokenSource();
        var resting = _resting.Token;
        _running = Task.WhenAll(Enumerable.Range(0, Count).Select(_ => Task.Run(() => Write(resting), CancellationToken.None)));
    }

    /// <summary>Lets them finish what they have in their hands, and no more.</summary>
    public async Task Rest()
    {
        await _resting.CancelAsync();
        await _running;
        _resting.Dispose();
    }

    /// <summary>Waits until so many more were answered.</summary>
    public async Task HaveRecorded(int more)
    {
        var enough = AnswersOfSuccess + more;
        for (var waited = Stopwatch.StartNew(); AnswersOfSuccess < enough; await Task.Delay(2))
        {
            if (waited.Elapsed > TimeSpan.FromMinutes(2))
                throw new DrillFailedException($"Nothing was recorded for {waited.Elapsed.TotalSeconds:0} s although nothing was wrong: {string.Join(", ", Answers.Select(a => $"{a.Value} x {a.Key}"))}.");
        }
    }

    /// <summary>A number of this run's seed.</summary>
    public int Next(int from, int to)
    {
        lock (_lock)
            return _random.Next(from, to);
    }

    /// <summary>Sends once and takes down what became of it.</summary>
    /// <returns>Why that is not known; null where it is.</returns>
    public async Task<string?> Send(Wish wish)
    {
        _journal.Sending(wish);
        var clock = Stopwatch.StartNew();
        using var impatience = AreImpatient && Next(0, 3) == 0 ? new CancellationTokenSource(Next(1, 60)) : new CancellationTokenSource();
        var status = 0;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, wish.Path) { Content = new StringContent(wish.Body, Encoding.UTF8, "application/json") };
            request.Headers.Authorization = new("Bearer", _token);
            request.Headers.Add("Idempotency-Key", wish.Key);
            request.Headers.TryAddWithoutValidation("If-Match", "*");
            using var answer = await _http.SendAsync(request, impatience.Token);
            status = (int)answer.StatusCode;
            var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync(impatience.Token));
            var code = (string?)body?["code"];
            if (status == 503 && (code != "unavailable" || answer.Headers.RetryAfter is null))
                throw new DrillFailedException($"503 without its code or Retry-After: {body}");
            if (status is 503 || code is "idempotency-key-in-progress" or "stale-outcome")
            {
                _journal.Lost(wish, code!);
                return code;
            }

            if (status >= 500 || (status >= 400) != wish.MustBeRefused)
                throw new DrillFailedException($"{wish.Path} {wish.Key}: {status} {body}");
            _journal.Answered(wish, status, body, answer.Headers.Contains("Idempotent-Replayed"));
            if (status < 300)
                Interlocked.Increment(ref _acknowledged);
            return null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or System.Text.Json.JsonException)
        {
            _journal.Lost(wish, e.GetBaseException().Message);
            return e.GetBaseException().Message;
        }
        finally
        {
            lock (_lock)
            {
                Answers[status] = Answers.GetValueOrDefault(status) + 1;
                LongestWait = clock.Elapsed > LongestWait ? clock.Elapsed : LongestWait;
            }
        }
    }

    /// <summary>Sends once more, now that health is green, what nobody knows the outcome of: one retry must settle each.</summary>
    /// <exception cref="DrillFailedException">One was not settled by its retry.</exception>
    public async Task Settle()
    {
        var unsettled = new ConcurrentQueue<string>();
        await Parallel.ForEachAsync(_journal.Unknown.ToList(), new ParallelOptions { MaxDegreeOfParallelism = Count }, async (wish, _) =>
        {
            Interlocked.Increment(ref _retried);
            if (await Retry(wish) is { } reason)
                unsettled.Enqueue($"{wish.Key}: {reason}");
            else
                Interlocked.Increment(ref _settled);
        });
        if (!unsettled.IsEmpty)
            throw new DrillFailedException($"{unsettled.Count} requests were not settled by one retry after health was green: {string.Join(", ", unsettled.Take(5))}.");
    }

    /// <summary>Sends what is still unknown until it no longer is, so that an audit can look at everything: nothing is promised of that.</summary>
    public async Task Insist()
    {
        var waited = Stopwatch.StartNew();
        foreach (var wish in _journal.Unknown.ToList())
        {
            while (await Send(wish) is not null && waited.Elapsed < TimeSpan.FromMinutes(1))
                await Task.Delay(200, CancellationToken.None);
        }
    }

    /// <summary>Makes a request that nobody has sent yet.</summary>
    public Wish Another()
    {
        var n = Interlocked.Increment(ref _keys);
        var key = string.Create(CultureInfo.InvariantCulture, $"{_name}-{n}");
        string Some() => string.Create(CultureInfo.InvariantCulture, $"DRILL-{Next(1, Shared + 1)}");
        var day = new DateOnly(2020, 2, 14).AddDays(n % 2_000).ToString("O", CultureInfo.InvariantCulture);
        return Next(0, 10) switch
        {
            0 => new(key, "/api/v1/meetings", $$"""{"title":"{{key}}","heldOn":"{{day}}","participants":[],"outcomes":[{"kind":"discussed","agreement":"{{Some()}}","summary":"{{key}}"},{"kind":"discussed","agreement":"NO-SUCH","summary":"{{key}}"}]}""", MustBeRefused: true),
            1 => new(key, $"/api/v1/agreements/{Some()}/signatures", $$"""{"party":"THREE","signedOn":"{{day}}"}""", MustBeRefused: true),
            2 or 3 or 4 => new(key, $"/api/v1/agreements/{Some()}/discussions", $$"""{"discussedOn":"{{day}}","summary":"{{key}}"}""", MustBeRefused: false),
            _ => new(
                key,
                "/api/v1/meetings",
                $$"""
                {"title":"{{key}}","heldOn":"{{day}}","participants":[{"name":"Person {{n % 7}}","office":"President","agency":"ONE"}],"outcomes":[
                  {"kind":"proposed","title":"Proposed with {{key}}","parties":["ONE","TWO"]},{"kind":"discussed","agreement":"{{Some()}}","summary":"{{key}}"},
                  {"kind":"achieved","agreement":"{{Some()}}","title":"{{key}}"}]}
                """,
                MustBeRefused: false),
        };
    }

    public void Dispose()
    {
        // A drill that failed has left them writing.
        if (!_running.IsCompleted)
            _resting.Cancel();
        _http.Dispose();
    }

    private async Task<string?> Retry(Wish wish)
    {
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(200, CancellationToken.None))
        {
            var reason = await Send(wish);
            if (reason == "stale-outcome")
            {
                // That is an outcome: others were faster, and nothing of it is in the record.
                _journal.Answered(wish, 409, null, replayed: false);
                return null;
            }

            // While the first sending is still at it, it has no outcome that could be unknown. It ends: it waits for the store twice at most.
            if (reason != "idempotency-key-in-progress" || waited.Elapsed > 2 * Service.WriteWait)
                return reason;
            Interlocked.Increment(ref _stillRunning);
        }
    }

    private async Task Write(CancellationToken resting)
    {
        while (!resting.IsCancellationRequested)
        {
            var wish = Another();
            while (await Send(wish) is not null && !resting.IsCancellationRequested)
                await Task.Delay(100, CancellationToken.None);
        }
    }
}
