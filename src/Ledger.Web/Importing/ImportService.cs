using System.Threading.Channels;
using Ledger.Web.Hosting;

namespace Ledger.Web.Importing;

/// <summary>Brings in, one after another, the files that this node was given, and goes on after a restart with those it had not finished.</summary>
internal sealed class ImportService(Importer importer, ImportTable imports, ImportFiles files, ILogger<ImportService> logger) : BackgroundService
{
    // Stands for all that is left from before, until it is known what that is.
    private const string Unfinished = "*";

    private static readonly TimeSpan BeforeNextTry = TimeSpan.FromSeconds(5);
    private readonly Channel<string> _given = Channel.CreateUnbounded<string>();

    /// <summary>Says that a file lies ready.</summary>
    public void Given(string id) => _given.Writer.TryWrite(id);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        Given(Unfinished);
        await foreach (var id in _given.Reader.ReadAllAsync(stoppingToken))
            await Try(id, () => id == Unfinished ? Resume(stoppingToken) : Run(id, stoppingToken));
    }

    private async Task Resume(CancellationToken cancellation)
    {
        foreach (var import in await imports.Unfinished(cancellation))
            Given(import.Id);
    }

    private async Task Run(string id, CancellationToken cancellation)
    {
        if (!files.Has(id) || await imports.Find(id, cancellation) is not { } import)
            return;
        if (import.IsAtRest)
        {
            await Drop(id);
            return;
        }

        logger.LogInformation("Bringing in {Name} ({Id})", import.Name, id);
        if (await importer.Run(import, files.PathOf(id), _ => { }, cancellation) is not { } done)
        {
            // Another process is at it, perhaps one that has just been killed: look again.
            _ = Again(id);
            return;
        }

        logger.LogInformation("{Name} ({Id}) is {State}: {Lines} lines, {Entries} entries", done.Name, id, done.State, done.LinesDone, done.Entries);
        await Drop(id);
    }

    // Whoever takes up what was only checked, was refused or has stopped gives the file again.
    private Task Drop(string id) => files.Drop(id, async () => await imports.Find(id, CancellationToken.None) is { IsAtRest: false });

    private async Task Try(string id, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException)
        {
            // The node stops; what is left goes on when it is started again.
        }
        catch (Exception away) when (StoreConnection.IsAway(away))
        {
            logger.LogWarning(away, "The store did not answer; the files are brought in once it does");
            _ = Again(id);
        }
#pragma warning disable CA1031 // One file that cannot be brought in must not keep the others out.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            logger.LogError(failure, "Bringing in {Id} failed", id);
            if (id == Unfinished)
                return;
            if (await imports.Find(id, CancellationToken.None) is { IsAtRest: false } import)
                await imports.Keep(import with { State = ImportState.Stopped, Message = "The Ledger failed. What is recorded stays; give the file again and it goes on from there. If it fails again, report it." }, null, CancellationToken.None);
            await Drop(id);
        }
    }

    private async Task Again(string id)
    {
        await Task.Delay(BeforeNextTry);
        Given(id);
    }
}
