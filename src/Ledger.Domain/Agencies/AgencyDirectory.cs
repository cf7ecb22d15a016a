using System.Collections.Immutable;

namespace Ledger.Domain.Agencies;

/// <summary>The agencies as they stand at one point of the record.</summary>
public sealed class AgencyDirectory(IEnumerable<Agency> agencies)
{
    private readonly ImmutableDictionary<string, Agency> _byCode = agencies.ToImmutableDictionary(a => a.Id, StringComparer.Ordinal);

    /// <summary>Every agency, by code.</summary>
    public IEnumerable<Agency> All => _byCode.Values.OrderBy(a => a.Id, StringComparer.Ordinal);

    /// <summary>The agency of this code, where one is registered.</summary>
    public Agency? Find(string code) => _byCode.GetValueOrDefault(code);

    /// <summary>The official name on a day, in the language (<c>en</c>, <c>fr</c>, <c>ru</c>) where known; the code where nothing is.</summary>
    public string NameOn(string code, DateOnly day, string? language = null)
    {
        if (Find(code)?.NameOn(day) is not { } name)
            return code;

        return (language is null ? null : name.Names?.In(language)) ?? name.Name;
    }

    /// <summary>Who stands in the agency's place on a day: itself, or the last of its successors by then.</summary>
    public string HolderOn(string code, DateOnly day)
    {
        var holder = code;
        while (Find(holder)?.Succession is { } succession && succession.On.Latest <= day)
            holder = succession.Successor;
        return holder;
    }

    /// <summary>Who stands in the place of each agency on a day, by its code.</summary>
    public IReadOnlyDictionary<string, string> HoldersOn(DateOnly day)
    {
        var holders = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var code in _byCode.Keys)
        {
            // Each succession is followed once, however many lead to it.
            var (passed, last) = (new List<string>(), code);
            while (!holders.ContainsKey(last) && Find(last)?.Succession is { } succession && succession.On.Latest <= day)
            {
                passed.Add(last);
                last = succession.Successor;
            }

            var holder = holders.GetValueOrDefault(last, last);
            foreach (var each in passed.Append(last))
                holders[each] = holder;
        }

        return holders;
    }

    /// <summary>The party whose place the agency holds on a day: the party itself before any that the agency has succeeded.</summary>
    public string? PlaceOf(IEnumerable<string> parties, string agency, DateOnly day) =>
        parties.Where(party => HolderOn(party, day) == agency).OrderByDescending(party => party == agency).FirstOrDefault();

    /// <summary>Every code whose place the agency holds or has held or may come to hold: itself and all that it succeeded.</summary>
    public ImmutableHashSet<string> PlacesOf(string agency) =>
        [agency, .. _byCode.Keys.Where(code => SuccessorsOf(code).Contains(agency))];

    /// <summary>Whether a kind of deposit may be left out of a count.</summary>
    public bool IsOrganisation(string code) => Find(code)?.LatestName.Kind == AgencyKind.Organisation;

    /// <summary>The successors of an agency, nearest first.</summary>
    public IEnumerable<string> SuccessorsOf(string code)
    {
        while (Find(code)?.Succession is { } succession)
        {
            code = succession.Successor;
            yield return code;
        }
    }
}
