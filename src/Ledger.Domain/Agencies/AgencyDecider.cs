using Ledger.Domain.Days;
using static Ledger.Domain.Decision;

namespace Ledger.Domain.Agencies;

/// <summary>An agency as it is called, and from when where that is a renaming.</summary>
/// <param name="Name">The official name.</param>
/// <param name="Kind">What kind of body it is.</param>
/// <param name="Names">The official name in English, French and Russian, where known.</param>
/// <param name="Country">ISO 3166-1 alpha-2; absent for an international organisation.</param>
/// <param name="OccurredOn">For a renaming, the day from which the new name holds; today where it is left out.</param>
public sealed record KeepAgency(string Name, AgencyKind? Kind, Translations? Names = null, string? Country = null, Day? OccurredOn = null);

/// <summary>Another agency takes this one's place.</summary>
/// <param name="Successor">The code of the agency that takes over.</param>
/// <param name="OccurredOn">The day from which it does.</param>
public sealed record SucceedAgency(string Successor, Day? OccurredOn);

/// <summary>What may become true of an agency.</summary>
public static class AgencyDecider
{
    /// <summary>Registers the agency, or renames it when what is said of it differs from what the record says; an older record may date it later than today.</summary>
    public static Decision Keep(Agency? state, string code, KeepAgency command, DateOnly today, bool isHistorical = false)
    {
        var kind = command.Kind ?? throw new ArgumentException("An agency is of some kind.", nameof(command));
        var from = command.OccurredOn ?? Day.On(today);
        if (!isHistorical && from.IsAfter(today) == Truth.Yes)
            return Refuse("act-in-future", $"{from} lies in the future. Record a name once it holds.", "/occurredOn");

        if (state is null)
        {
            return Record(new AgencyRegistered(code, command.Name, kind)
            {
                OccurredOn = command.OccurredOn,
                Names = command.Names,
                Country = command.Country,
            });
        }

        var said = new AgencyName(null, command.Name, command.Names, kind, command.Country);
        if (state.NameOn(from.Latest) with { From = null } == said)
            return Nothing;

        return Record(new AgencyRenamed(command.Name, kind)
        {
            OccurredOn = from,
            Names = command.Names,
            Country = command.Country,
        });
    }

    /// <summary>Another agency takes over from this one, once; an older record may date it later than today.</summary>
    public static Decision Succeed(Agency state, SucceedAgency command, AgencyDirectory agencies, DateOnly today, bool isHistorical = false)
    {
        var on = command.OccurredOn ?? Day.On(today);
        if (state.Succession is { } standing)
        {
            return standing == new Succession(command.Successor, on)
                ? Nothing
                : Refuse("agency-succeeded", $"{standing.Successor} has stood in the place of {state.Id} since {standing.On}. Record a succession of {standing.Successor} instead.");
        }

        if (agencies.Find(command.Successor) is null)
            return Refuse("unknown-agency", $"No agency {command.Successor} is registered. Register it first.", "/successor");
        if (command.Successor == state.Id || agencies.SuccessorsOf(command.Successor).Contains(state.Id))
            return Refuse("succession-circular", $"{command.Successor} cannot succeed {state.Id}: it is {state.Id} itself, or {state.Id} has taken its place.", "/successor");
        if (!isHistorical && on.IsAfter(today) == Truth.Yes)
            return Refuse("act-in-future", $"{on} lies in the future. Record the succession once it has happened.", "/occurredOn");

        return Record(new AgencySucceeded(command.Successor) { OccurredOn = on });
    }
}
