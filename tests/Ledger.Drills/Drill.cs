namespace Ledger.Drills;

/// <summary>One kind of fault, done to a scene again and again while clients write.</summary>
/// <param name="Name">What it is called on the command line.</param>
/// <param name="Fault">What is done.</param>
/// <param name="InCi">Rounds of the short run.</param>
/// <param name="InFull">Rounds of the long run.</param>
/// <param name="Round">One round, at the end of which nothing is wrong any more.</param>
internal sealed record Drill(string Name, string Fault, int InCi, int InFull, Func<Scene, Writers, int, Task> Round)
{
    /// <summary>How the scene is set, where it takes more than a service and a store; null where this machine cannot.</summary>
    public Func<string, string, Task<Scene?>>? Own { get; init; }

    /// <summary>What is needed where it steps aside.</summary>
    public string Needs { get; init; } = "";
}

/// <summary>What came of a drill.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Fault">What was done.</param>
/// <param name="Rounds">Rounds survived.</param>
/// <param name="Findings">What the audit found; null where the drill stepped aside, or where there was nothing left to look at.</param>
/// <param name="Retries">What became of requests of unknown outcome when all was well again.</param>
/// <param name="HealedInSeconds">How long it took after the last round until everything was green and caught up.</param>
/// <param name="TookSeconds">How long all of it took.</param>
/// <param name="Problems">The checks that failed, or why it stepped aside.</param>
/// <param name="SteppedAside">Whether this machine does not allow it.</param>
internal sealed record Result(string Name, string Fault, int Rounds, Findings? Findings, Retries Retries, double HealedInSeconds, double TookSeconds, IReadOnlyList<string> Problems, bool SteppedAside)
{
    /// <summary>Whether every promise was kept.</summary>
    public bool IsGood => SteppedAside || (Problems.Count == 0 && Findings is { Lost.Count: 0, Doubled.Count: 0, Differing.Count: 0 });
}

/// <summary>What became of requests of unknown outcome when all was well again.</summary>
/// <param name="Sent">How many were sent once more with their keys.</param>
/// <param name="Settled">How many of them that has settled.</param>
/// <param name="StillRunning">How often the answer was that the first sending was still being recorded.</param>
internal sealed record Retries(int Sent, int Settled, int StillRunning);
