using System.Globalization;
using Ledger.Web.Importing;

namespace Ledger.Web.Commands;

/// <summary><c>import FILE</c>: checks a file and brings it in, as <c>docs/import.md</c> describes it.</summary>
internal sealed class ImportCommand(Importer importer, ImportTable imports)
{
    private const string Usage =
        """
        Usage: import FILE [--check] [--format jsonl|csv] [--registrar NAME]
          --check       only check the file; nothing is recorded
          --format      the form of the file; by its ending unless given
          --registrar   who records; the user of this system unless given
        """;

    /// <summary>Runs the command on a built application that need not serve.</summary>
    /// <returns>0 where the file is in, or nothing is wrong with it; 1 where lines of it are wrong; 2 where it could not be brought in to its end.</returns>
    public static async Task<int> Run(WebApplication app, string[] args)
    {
        if (Options.Parse(args) is not { } options)
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }

        if (!File.Exists(options.Path))
        {
            await Console.Error.WriteLineAsync($"There is no file {options.Path}.");
            return 2;
        }

        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, e) =>
        {
            e.Cancel = true;
            stop.Cancel();
        };
        try
        {
            return await new ImportCommand(app.Services.GetRequiredService<Importer>(), app.Services.GetRequiredService<ImportTable>()).Run(options, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Stopped. What is recorded stays; run the same command again and it goes on from there.");
            return 2;
        }
    }

    private async Task<int> Run(Options options, CancellationToken cancellation)
    {
        var id = await Importer.IdOf(options.Path, cancellation);
        var received = await imports.Receive(
            new Import(id, Path.GetFileName(options.Path), options.Format, $"command:{options.Registrar}", options.Registrar, null, ImportState.Received, options.IsCheckOnly, new FileInfo(options.Path).Length),
            cancellation);
        if (received.IsAtRest)
        {
            Console.WriteLine(received.State == ImportState.Finished
                ? $"This file was brought in already, on {received.FinishedAt:yyyy-MM-dd}, as {received.Name}: {Number(received.Entries)} entries. Nothing was recorded."
                : $"This file was checked already: {Number(received.Lines)} lines that come to {Number(received.Decided)} entries. Nothing is wrong with it.");
            return 0;
        }

        if (options.IsCheckOnly && !received.IsCheckOnly)
        {
            await Console.Error.WriteLineAsync("This file is being brought in, or stopped on the way, and can no longer be checked alone. Run the command without --check and it goes on.");
            return 2;
        }

        var done = await WorkProgress.Show<Import, Import?>(tell => importer.Run(received, options.Path, tell, cancellation), Parts, Line, TimeSpan.Zero);
        if (done is null)
        {
            await Console.Error.WriteLineAsync("Another process is bringing this file in. Watch it under /imports, or run the command again once it has ended.");
            return 2;
        }

        return Report(done);
    }

    private static List<WorkPart> Parts(Import now)
    {
        var checking = now.State == ImportState.Checking ? new WorkPart($"Checking, {Rate(now)}", now.BytesRead, now.Bytes) : new WorkPart("Checking", now.Bytes, now.Bytes);
        return now.State is ImportState.Writing or ImportState.Finished ? [checking, new WorkPart($"Recording, {Rate(now)}", now.LinesDone, now.Lines ?? 1)] : [checking];
    }

    private static string Line(Import now) => now.State switch
    {
        ImportState.Checking => $"Checking: {Number(now.BytesRead)} of {Number(now.Bytes)} bytes, {Rate(now)}.",
        ImportState.Writing when now.LinesDone > 0 => $"Recording: {Number(now.LinesDone)} of {Number(now.Lines)} lines, {Number(now.Entries)} entries, {Rate(now)}, {Left(now)} left.",
        _ => $"{now.State}: {Number(now.LinesDone)} of {Number(now.Lines)} lines.",
    };

    private static int Report(Import done)
    {
        foreach (var problem in done.Problems)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Line {problem.Line}{(problem.Pointer.Length == 0 ? "" : $", {problem.Pointer}")}: {problem.Code}. {problem.Sentence}{(problem.Value is null ? "" : $" It says: {problem.Value}")}"));
        if (done.ProblemCount > done.Problems.Length)
            Console.WriteLine($"… and {Number(done.ProblemCount - done.Problems.Length)} more.");
        Console.WriteLine(done.State switch
        {
            ImportState.Refused => $"{Number(done.ProblemCount)} problems in {Number(done.Lines)} lines. Nothing was recorded. Put right what is listed and run the command again.",
            ImportState.Checked => $"Nothing is wrong with the {Number(done.Lines)} lines. They come to {Number(done.Decided)} entries in {Number(done.Agreements)} agreements. Nothing was recorded.",
            ImportState.Finished => $"Recorded {Number(done.Lines)} lines as {Number(done.Entries)} entries in {Number(done.Agreements)} agreements, {Rate(done)}.",
            _ => $"Stopped after {Number(done.LinesDone)} lines. {done.Message}",
        });
        foreach (var (flag, count) in done.Flags)
            Console.WriteLine($"Flag {flag}: {Number(count)} agreements.");
        return done.State switch { ImportState.Finished or ImportState.Checked => 0, ImportState.Refused => 1, _ => 2 };
    }

    private static string Number(long? number) => (number ?? 0).ToString("N0", CultureInfo.InvariantCulture);

    private static string Rate(Import now) => string.Create(CultureInfo.InvariantCulture, $"{now.Rate ?? 0:N0} lines a second");

    private static string Left(Import now) => now.Rate is > 0
        ? TimeSpan.FromSeconds(Math.Ceiling(((now.Lines ?? 0) - now.LinesDone) / now.Rate.Value)).ToString("c", CultureInfo.InvariantCulture)
        : "unknown";

    private sealed record Options(string Path, bool IsCheckOnly, ImportFormat Format, string Registrar)
    {
        public static Options? Parse(string[] args)
        {
            var (path, check, format, registrar) = ((string?)null, false, (string?)null, Environment.UserName);
            for (var i = 0; i < args.Length; i++)
            {
                switch (args[i])
                {
                    case "--check":
                        check = true;
                        break;
                    case "--format" when i + 1 < args.Length && args[i + 1] is "jsonl" or "csv":
                        format = args[++i];
                        break;
                    case "--registrar" when i + 1 < args.Length && !string.IsNullOrWhiteSpace(args[i + 1]):
                        registrar = args[++i];
                        break;
                    case ['-', '-', ..]:
                        return null;
                    case var given when path is null:
                        path = given;
                        break;
                    default:
                        return null;
                }
            }

            var isCsv = format is null ? path?.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) == true : format == "csv";
            return path is null ? null : new Options(path, check, isCsv ? ImportFormat.Csv : ImportFormat.Jsonl, registrar);
        }
    }
}
