using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Ledger.Web.Entries;
using Ledger.Web.Store;
using Marten;
using Npgsql;

namespace Ledger.Web.Importing;

/// <summary>Reads a file and decides on its lines in their order, as far as whoever asks takes them.</summary>
internal sealed class FileDecider(IDocumentStore store, NpgsqlDataSource source, RecordReader record, IServiceProvider services, TimeProvider time)
{
    private const int LinesInChunk = 1_000;
    private const int MostLinesOfOneInstant = 5_000;

    /// <summary>Decides on the lines of a file after one of them.</summary>
    public async IAsyncEnumerable<DecidedLines> Decide(string path, ImportFormat format, long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var file = new FileStream(path, new FileStreamOptions { BufferSize = 1 << 16, Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
        var book = new ImportBook(store, source, record, time);
        await book.LoadAgencies(cancellation);
        var decider = new ImportDecider(book, cancellation);
        var chunk = new ImportChunk();

        // The instant at which another ledger recorded the last entry; null where the line before is of another kind.
        DateTimeOffset? instant = null;
        var position = 0L;
        await foreach (var (read, upTo) in Read(file, format, after, cancellation).OneAhead(cancellation))
        {
            position = upTo;
            await book.Load([.. read.Select(l => l.Fact).OfType<ImportFact>()], cancellation);
            foreach (var line in read)
            {
                var goesOn = GoesOn(instant, line.Fact);
                if (chunk.Lines >= (goesOn ? MostLinesOfOneInstant : LinesInChunk))
                {
                    yield return new DecidedLines(chunk, [], position, null);
                    chunk = new ImportChunk();
                }

                instant = goesOn ? instant : (line.Fact as EntryFact)?.Provenance.RecordedAt;
                var problems = await decider.Decide(line, chunk);
                (chunk.LastLine, chunk.Lines) = (line.Raw.Number, chunk.Lines + 1);
                if (!problems.IsEmpty)
                    yield return new DecidedLines(null, problems, position, null);
            }
        }

        yield return new DecidedLines(chunk, await decider.Finish(), position, book);
    }

    // Whether a line goes on with what another ledger recorded at one instant: what was committed at once there is committed at once here, as far
    // as that is sensible. Persons and files stand in between, before the entries that name them.
    private static bool GoesOn(DateTimeOffset? instant, ImportFact? fact) => instant is not null && fact switch
    {
        EntryFact entry => entry.Provenance.RecordedAt == instant,
        PersonFact or FileFact => true,
        _ => false,
    };

    // Lines are read and validated on every core, for they need nothing of each other; deciding on one needs all that came before.
    private async IAsyncEnumerable<(ReadLine[] Lines, long Position)> Read(FileStream file, ImportFormat format, long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var lines in Batches(ImportFileReader.Read(file, format, cancellation), cancellation))
            yield return ([.. lines.Where(l => l.Number > after).AsParallel().AsOrdered().Select(line => ImportLineReader.Read(line, services))], file.Position);
    }

    private static async IAsyncEnumerable<List<RawLine>> Batches(IAsyncEnumerable<RawLine> lines, [EnumeratorCancellation] CancellationToken cancellation)
    {
        const int most = 5_000;
        const long mostBytes = 4 * 1024 * 1024;
        var (batch, bytes) = (new List<RawLine>(most), 0L);
        await foreach (var line in lines.WithCancellation(cancellation))
        {
            batch.Add(line);
            bytes += line.Json.Length;
            if (batch.Count < most && bytes < mostBytes)
                continue;
            yield return batch;
            (batch, bytes) = (new List<RawLine>(most), 0);
        }

        yield return batch;
    }
}

/// <summary>What came of some lines: a chunk, or what is wrong with one of them.</summary>
/// <param name="Chunk">The chunk.</param>
/// <param name="Problems">What is wrong.</param>
/// <param name="Position">How far the file is read.</param>
/// <param name="Book">The record as it will be, once all is read.</param>
internal sealed record DecidedLines(ImportChunk? Chunk, ImmutableArray<LineProblem> Problems, long Position, ImportBook? Book);
