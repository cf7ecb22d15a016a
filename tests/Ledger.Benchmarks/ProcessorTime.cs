using System.Globalization;

namespace Ledger.Benchmarks;

/// <summary>The processor time that processes have used so far, by the count of the kernel; nothing where it keeps none.</summary>
/// <param name="Service">The service measured, or whoever is measured beside it.</param>
/// <param name="Store">PostgreSQL with all its processes.</param>
/// <param name="Load">Whoever sends the load, in this process or in one that it has waited for.</param>
internal sealed record ProcessorTime(TimeSpan Service, TimeSpan Store, TimeSpan Load)
{
    // The unit in which Linux shows times of processes to everybody, whatever it counts in itself.
    private const double TicksPerSecond = 100;

    /// <summary>How much was used since.</summary>
    public ProcessorTime Since(ProcessorTime before) => new(Service - before.Service, Store - before.Store, Load - before.Load);

    /// <summary>The time used up to now.</summary>
    /// <param name="service">The process of the service; null where none is measured.</param>
    /// <param name="store">The first process of PostgreSQL.</param>
    public static ProcessorTime Now(int? service, int store)
    {
        var own = Of(Environment.ProcessId);
        return new(service is { } pid ? Of(pid).Used : TimeSpan.Zero, WithChildren(store), own.Used + own.OfEndedChildren);
    }

    // The children that have ended are counted with their parent.
    private static TimeSpan WithChildren(int pid)
    {
        var parent = Of(pid);
        var total = parent.Used + parent.OfEndedChildren;
        foreach (var folder in Directory.Exists("/proc") ? Directory.EnumerateDirectories("/proc") : [])
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var child) && Of(child) is var process && process.Parent == pid)
                total += process.Used;
        }

        return total;
    }

    private static (int Parent, TimeSpan Used, TimeSpan OfEndedChildren) Of(int pid)
    {
        try
        {
            // The name, in brackets, may hold spaces; what follows it does not.
            var text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            double Number(int index) => double.Parse(fields[index], CultureInfo.InvariantCulture);
            return ((int)Number(1), TimeSpan.FromSeconds((Number(11) + Number(12)) / TicksPerSecond), TimeSpan.FromSeconds((Number(13) + Number(14)) / TicksPerSecond));
        }
        catch (IOException)
        {
            // It has ended, or this is another kind of machine.
            return default;
        }
    }
}
