using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Ledger.Domain.Agreements;
using Ledger.Web.Recording;
using Ledger.Web.Store;
using Npgsql;

namespace Ledger.Web.Importing;

/// <summary>One file in hand.</summary>
internal sealed class ImportWork(FileDecider decider, NpgsqlDataSource source, ImportTable imports, TimeProvider time, Import file, string path, Action<Import> progress)
{
    private const int MostAttempts = 5;

    // What was decided is kept until it is written, up to about so many entries; what lies behind is decided again once its turn comes.
    private const long MostKept = 250_000;

    private static readonly TimeSpan BetweenReports = TimeSpan.FromSeconds(1);
    private readonly Stopwatch _sinceReport = Stopwatch.StartNew();

    public Import File { get; private set; } = file;

    public async Task Run(CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await CheckAndWrite(cancellation);
                return;
            }
            catch (Exception raced) when (IsLostRace(raced) && attempt < MostAttempts)
            {
                // Somebody else wrote to what this file touches: from the last commit on it is held against the record anew.
                File = (await imports.Find(File.Id, cancellation))!;
            }
            catch (Exception raced) when (IsLostRace(raced))
            {
                await Stop("Others are recording on the same agreements. What is recorded stays; give the file again and it goes on from there.");
                return;
            }
        }
    }

    private async Task CheckAndWrite(CancellationToken cancellation)
    {
        File = File with { State = File.LinesDone > 0 ? ImportState.Writing : ImportState.Checking, StartedAt = File.StartedAt ?? time.GetUtcNow() };
        await imports.Keep(File, null, cancellation);
        var (kept, isWhole) = await Check(cancellation);
        if (File.IsAtRest)
            return;

        File = File with { State = ImportState.Writing };
        var (clock, before) = (Stopwatch.StartNew(), File.LinesDone);
        await Write(kept.ToAsyncEnumerable(), isEnd: isWhole, clock, before, cancellation);
        if (isWhole)
            return;

        try
        {
            // What was not kept is decided again, once the store holds all that comes before it.
            await Write(Rest(File.LastLine, cancellation).OneAhead(cancellation), isEnd: true, clock, before, cancellation);
        }
        catch (LinesNoLongerStandException changed)
        {
            File = File with { Problems = [.. changed.Problems.Take(Importer.MostProblems)], ProblemCount = changed.Problems.Length };
            await Stop("The record has changed since the file was checked, and lines no longer stand. What is recorded stays.");
        }
    }

    // Every line from the last commit on is read and decided before anything is written.
    private async Task<(List<ImportChunk> Kept, bool IsWhole)> Check(CancellationToken cancellation)
    {
        var (kept, weight, lines, decided) = (new List<ImportChunk>(), 0L, File.LinesDone, File.Entries);
        var problems = ImmutableArray.CreateBuilder<LineProblem>();
        var (problemCount, isWhole) = (0L, true);
        var clock = Stopwatch.StartNew();
        ImportBook? book = null;
        await foreach (var step in decider.Decide(path, File.Format, File.LastLine, cancellation))
        {
            problemCount += step.Problems.Length;
            problems.AddRange(step.Problems.Take(Importer.MostProblems - problems.Count));
            book = step.Book ?? book;
            if (step.Chunk is { } chunk)
            {
                (lines, decided, weight) = (lines + chunk.Lines, decided + chunk.Entries.Count, weight + chunk.Weight);
                isWhole = isWhole && weight <= MostKept;
                if (isWhole && problemCount == 0 && !File.IsCheckOnly)
                    kept.Add(chunk);
                if (problemCount > 0)
                    kept.Clear();
                await Report(File with { BytesRead = step.Position, Lines = File.Lines, Rate = (lines - File.LinesDone) / clock.Elapsed.TotalSeconds, ProblemCount = problemCount }, cancellation);
            }
        }

        File = File with
        {
            BytesRead = File.Bytes,
            Lines = lines,
            Decided = decided,
            Rate = lines / clock.Elapsed.TotalSeconds,
            Problems = problems.ToImmutable(),
            ProblemCount = problemCount,
        };
        if (File.LinesDone == 0)
        {
            var touched = book!.AgreementsTouched.ToList();
            File = File with { Agreements = touched.Count, Flags = FlagsOf(touched) };
        }

        if (problemCount > 0 || File.IsCheckOnly)
        {
            File = File with
            {
                State = problemCount == 0 ? ImportState.Checked : File.LinesDone > 0 ? ImportState.Stopped : ImportState.Refused,
                Message = problemCount > 0 && File.LinesDone > 0 ? "The record has changed since the file was checked, and lines no longer stand. What is recorded stays." : null,
                FinishedAt = time.GetUtcNow(),
            };
        }

        await Report(File, cancellation, isDue: true);
        return (kept, isWhole);
    }

    private async IAsyncEnumerable<ImportChunk> Rest(long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var step in decider.Decide(path, File.Format, after, cancellation))
        {
            if (!step.Problems.IsEmpty)
                throw new LinesNoLongerStandException(step.Problems);
            if (step.Chunk is { } chunk)
                yield return chunk;
        }
    }

    // Each chunk is made ready while the one before it is being written.
    private async Task Write(IAsyncEnumerable<ImportChunk> chunks, bool isEnd, Stopwatch clock, long before, CancellationToken cancellation)
    {
        var writer = new ImportWriter(source, time, File);
        var writing = Task.CompletedTask;
        ReadyChunk? ready = null;
        try
        {
            await foreach (var chunk in chunks.WithCancellation(cancellation))
            {
                if (ready is not null)
                    await Begin(isLast: false);
                ready = await writer.Prepare(chunk, writing);
            }

            if (ready is not null)
                await Begin(isLast: isEnd);
            await writing;
        }
        finally
        {
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (ready is not null)
                await ready.DisposeAsync();
        }

        async Task Begin(bool isLast)
        {
            await writing;
            cancellation.ThrowIfCancellationRequested();
            (writing, ready) = (Write(writer, ready!, isLast, clock, before), null);
        }
    }

    private async Task Write(ImportWriter writer, ReadyChunk ready, bool isLast, Stopwatch clock, long before)
    {
        var chunk = ready.Chunk;
        var then = File with
        {
            State = isLast ? ImportState.Finished : ImportState.Writing,
            LinesDone = File.LinesDone + chunk.Lines,
            LastLine = Math.Max(File.LastLine, chunk.LastLine),
            Entries = File.Entries + chunk.Entries.Count,
            Rate = (File.LinesDone + chunk.Lines - before) / Math.Max(0.001, clock.Elapsed.TotalSeconds),
            FinishedAt = isLast ? time.GetUtcNow() : null,
        };
        await writer.Write(ready, connection => imports.Keep(then, connection, CancellationToken.None));
        File = then;
        progress(File);
    }

    private static bool IsLostRace(Exception e) => e is StaleImportException || Recorder.IsLostRace(e);

    private async Task Stop(string message)
    {
        File = File with { State = ImportState.Stopped, Message = message, FinishedAt = time.GetUtcNow() };
        await imports.Keep(File, null, CancellationToken.None);
        progress(File);
    }

    private async Task Report(Import state, CancellationToken cancellation, bool isDue = false)
    {
        if (!isDue && _sinceReport.Elapsed < BetweenReports)
            return;
        _sinceReport.Restart();
        await imports.Keep(state, null, cancellation);
        progress(state);
    }

    private static ImmutableSortedDictionary<string, int> FlagsOf(IEnumerable<Agreement> agreements) => agreements
        .SelectMany(a => Flags.Of(a))
        .GroupBy(Flags.Name, StringComparer.Ordinal)
        .ToImmutableSortedDictionary(flag => flag.Key, flag => flag.Count(), StringComparer.Ordinal);
}

/// <summary>Lines of a file that stood when it was checked do so no more.</summary>
internal sealed class LinesNoLongerStandException(ImmutableArray<LineProblem> problems) : Exception("Lines of the file no longer stand.")
{
    /// <summary>What is wrong with them.</summary>
    public ImmutableArray<LineProblem> Problems => problems;
}
