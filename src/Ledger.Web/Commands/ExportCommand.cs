using System.Globalization;
using Ledger.Web.Access;
using Ledger.Web.Exporting;

namespace Ledger.Web.Commands;

/// <summary><c>export [FILE]</c>: writes the whole record as lines that <c>import</c> takes, to a file or to the standard output.</summary>
internal static class ExportCommand
{
    /// <summary>Runs the command on a built application that need not serve.</summary>
    /// <returns>0 where the record is written; 2 where the file is there already, or too much was said.</returns>
    public static async Task<int> Run(WebApplication app, string[] args)
    {
        if (args.Length > 1 || args is [['-', ..]])
        {
            await Console.Error.WriteLineAsync("Usage: export [FILE]");
            return 2;
        }

        // Whoever can start the program on the store reads everything, as an auditor does.
        var caller = new Caller($"command:{Environment.UserName}", Environment.UserName, null, [Roles.Auditor]);
        var exporter = app.Services.GetRequiredService<Exporter>();
        if (args is not [var path])
        {
            await using var output = Console.OpenStandardOutput();
            await exporter.Write(caller, output, _ => { }, CancellationToken.None);
            return 0;
        }

        if (File.Exists(path))
        {
            await Console.Error.WriteLineAsync($"{path} is there already. Name another file, or remove that one.");
            return 2;
        }

        // Under its name only once it is whole.
        var draft = path + ".part";
        long entries;
        await using (var file = new FileStream(draft, FileMode.Create))
            entries = await exporter.Write(caller, file, now => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{now.Entries:N0} entries, {now.Sequence:N0} of {now.UpTo:N0}.")), CancellationToken.None);
        File.Move(draft, path);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Wrote {entries:N0} entries to {path}."));
        return 0;
    }
}
