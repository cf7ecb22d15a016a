using System.Globalization;

namespace Ledger.Drills;

/// <summary>What the command line asks for.</summary>
/// <param name="Program">The folder of the built service.</param>
/// <param name="IsShort">Whether the short run of CI is meant.</param>
/// <param name="Only">The drills to run; empty: every one.</param>
/// <param name="Rounds">So many rounds of each; null: as many as the run has.</param>
/// <param name="Seed">From which everything random is drawn.</param>
/// <param name="ReportTo">The folder for the report and the journals; null: a temporary one.</param>
internal sealed record Options(string Program, bool IsShort, IReadOnlyList<string> Only, int? Rounds, int Seed, string? ReportTo)
{
    public const string Usage = "Usage: ops/drills [--short] [--only NAME]... [--rounds N] [--seed N] [--report DIRECTORY] [--program DIRECTORY]";

    /// <summary>How many rounds of a drill this run has.</summary>
    public int RoundsOf(Drill drill) => Rounds ?? (IsShort ? drill.InCi : drill.InFull);

    /// <summary>Reads them; null where they are none.</summary>
    public static Options? Of(string[] arguments)
    {
        var options = new Options("", false, [], null, 20200214, null);
        for (var n = 0; n < arguments.Length; n++)
        {
            var value = n + 1 < arguments.Length ? arguments[n + 1] : null;
            switch (arguments[n], value)
            {
                case ("--short", _):
                    options = options with { IsShort = true };
                    continue;
                case ("--only", { } name) when AllDrills.Of.Any(d => d.Name == name):
                    options = options with { Only = [.. options.Only, name] };
                    break;
                case ("--rounds", { } rounds) when int.TryParse(rounds, CultureInfo.InvariantCulture, out var given) && given > 0:
                    options = options with { Rounds = given };
                    break;
                case ("--seed", { } seed) when int.TryParse(seed, CultureInfo.InvariantCulture, out var given):
                    options = options with { Seed = given };
                    break;
                case ("--report", { } folder):
                    options = options with { ReportTo = Path.GetFullPath(folder) };
                    break;
                case ("--program", { } folder) when File.Exists(Path.Combine(folder, "Ledger.Web.dll")):
                    options = options with { Program = Path.GetFullPath(folder) };
                    break;
                default:
                    return null;
            }

            n++;
        }

        return options.Program.Length > 0 ? options : null;
    }
}
