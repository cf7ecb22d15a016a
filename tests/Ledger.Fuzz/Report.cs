using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Ledger.Web.Tests;

namespace Ledger.Fuzz;

/// <summary>A defect that was found.</summary>
/// <param name="Kind">What kind of defect.</param>
/// <param name="Operation">Where.</param>
/// <param name="Sentence">What is wrong.</param>
/// <param name="Again">The command that shows it again.</param>
internal sealed record Finding(string Kind, string Operation, string Sentence, string Again)
{
    /// <summary>What is wrong with the fuzzer and not with the service.</summary>
    public const string OwnFailure = "fuzzer's own failure";

    public int Times { get; set; } = 1;
}

/// <summary>What was asked and answered, and what was found.</summary>
internal sealed class Report(long wanted)
{
    private static readonly bool IsTerminal = !Console.IsErrorRedirected;

    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, long>> _answers = new();
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, long>> _valid = new();
    private readonly ConcurrentDictionary<string, Finding> _findings = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Lock _line = new();
    private long _requests;
    private long _slowest;
    private TimeSpan _said;

    public long Requests => Interlocked.Read(ref _requests);

    public IEnumerable<Finding> Findings => _findings.Values;

    /// <summary>Counts an answer.</summary>
    public void Count(Shot shot, Reply? reply)
    {
        Interlocked.Increment(ref _requests);
        var status = reply?.Status.ToString(CultureInfo.InvariantCulture) ?? "none";
        _answers.GetOrAdd(shot.Operation, _ => new()).AddOrUpdate(status, 1, (_, n) => n + 1);
        if (shot.Intent == Intent.Valid)
            _valid.GetOrAdd(shot.Operation, _ => new()).AddOrUpdate(reply is { IsSuccess: false } && reply.Json.Text("code") is { } code ? code : status, 1, (_, n) => n + 1);
        if (reply is not null && reply.Elapsed.Ticks > Interlocked.Read(ref _slowest))
            Interlocked.Exchange(ref _slowest, reply.Elapsed.Ticks);
        Say(isLast: false);
    }

    /// <summary>Notes a defect, once for each kind and place.</summary>
    /// <returns>Whether it is new.</returns>
    public bool Add(Finding finding)
    {
        var isNew = true;
        _findings.AddOrUpdate(Signature(finding), finding, (_, known) =>
        {
            isNew = false;
            known.Times++;
            return known;
        });
        if (isNew)
        {
            lock (_line)
                Console.Error.WriteLine($"{(IsTerminal ? "\r" : "")}{finding.Kind}: {finding.Operation}: {finding.Sentence}");
        }

        return isNew;
    }

    /// <summary>Puts a smaller example in the place of the first.</summary>
    public void Replace(Finding finding) => _findings.AddOrUpdate(Signature(finding), finding, (_, known) => finding with { Times = known.Times });

    /// <summary>Says how far it is: one live line in a terminal, a line now and then in a log.</summary>
    public void Say(bool isLast)
    {
        lock (_line)
        {
            if (!isLast && _clock.Elapsed - _said < (IsTerminal ? TimeSpan.FromMilliseconds(250) : TimeSpan.FromSeconds(20)))
                return;
            _said = _clock.Elapsed;
            var text = string.Create(CultureInfo.InvariantCulture, $"{Requests:n0} of {wanted:n0} requests, {Requests / Math.Max(0.1, _clock.Elapsed.TotalSeconds):n0}/s, {_findings.Count} findings");
            Console.Error.Write(IsTerminal ? $"\r{text}   {(isLast ? "\n" : "")}" : $"{text}\n");
        }
    }

    /// <summary>The report, as Markdown.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="entries">How many entries were recorded.</param>
    public string Write(ulong seed, long entries)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"# Fuzzing, seed {seed}");
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{Requests:n0} requests in {_clock.Elapsed:hh\\:mm\\:ss}, {entries:n0} entries recorded and accounted for, the slowest answer after {TimeSpan.FromTicks(_slowest).TotalMilliseconds:n0} ms, {_findings.Count} findings.");
        text.AppendLine().AppendLine("| operation | requests | answers | of those meant well |").AppendLine("|---|---:|---|---|");
        foreach (var (operation, answers) in _answers.OrderBy(a => a.Key, StringComparer.Ordinal))
            text.AppendLine(CultureInfo.InvariantCulture, $"| {operation} | {answers.Values.Sum():n0} | {Counts(answers)} | {(_valid.TryGetValue(operation, out var valid) ? Counts(valid) : "")} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"| all | {Requests:n0} | {Counts(_answers.SelectMany(a => a.Value).GroupBy(a => a.Key).ToDictionary(g => g.Key, g => g.Sum(a => a.Value)))} | |");
        foreach (var finding in _findings.Values.OrderBy(f => f.Kind, StringComparer.Ordinal).ThenBy(f => f.Operation, StringComparer.Ordinal))
        {
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"## {finding.Kind}: {finding.Operation} ({finding.Times} times)");
            text.AppendLine().AppendLine(finding.Sentence).AppendLine().AppendLine("```sh").AppendLine(finding.Again).AppendLine("```");
        }

        return text.ToString();
    }

    /// <summary>How often an operation was answered with success.</summary>
    public long Successes(string operation) => _answers.TryGetValue(operation, out var answers) ? answers.Where(a => a.Key[0] == '2').Sum(a => a.Value) : 0;

    private static string Counts(IEnumerable<KeyValuePair<string, long>> counts) => string.Join(", ", counts.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Key}: {c.Value:n0}")));

    // The same defect shows with other names and numbers each time.
    private static string Signature(Finding finding)
    {
        var sentence = new string([.. finding.Sentence.Where(c => !char.IsDigit(c))]);
        var trace = sentence.IndexOf("\"traceId\"", StringComparison.Ordinal);
        return $"{finding.Kind} {finding.Operation} {(trace > 0 ? sentence[..trace] : sentence)[..Math.Min(80, trace > 0 ? trace : sentence.Length)]}";
    }
}
