using System.Security.Claims;
using System.Text.Json;

namespace Ledger.Web.Access;

/// <summary>
/// Where an authority says for which agency and in which roles a person acts. A claim is named as it stands in the token, or by a JSON
/// Pointer (RFC 6901) where it lies within another: <c>/realm_access/roles</c>. Roles may be an array or one text with spaces between.
/// </summary>
/// <param name="AgencyClaim">The claim that holds the agency's code.</param>
/// <param name="RolesClaim">The claim that holds the roles.</param>
/// <param name="RoleNames">What the authority calls each role of <see cref="Roles.All"/>, by the name that it has here.</param>
internal sealed record ClaimMapping(string AgencyClaim, string RolesClaim, IReadOnlyDictionary<string, string> RoleNames)
{
    /// <summary>The mapping in the settings: <c>AgencyClaim</c>, <c>RolesClaim</c>, and <c>RoleNames:officer</c> for each role.</summary>
    public static ClaimMapping Of(IConfigurationSection settings) => new(
        settings["AgencyClaim"] is { Length: > 0 } agency ? agency : LedgerClaims.Agency,
        settings["RolesClaim"] is { Length: > 0 } roles ? roles : LedgerClaims.Roles,
        Roles.All.ToDictionary(role => role, role => settings[$"RoleNames:{role}"] is { Length: > 0 } name ? name : role, StringComparer.Ordinal));

    /// <summary>The claims of the token in which agency and roles lie, by their own names.</summary>
    public IEnumerable<string> Sources => new[] { AgencyClaim, RolesClaim }.Select(SourceOf).Distinct(StringComparer.Ordinal);

    /// <summary>The agencies that a token names; more than one is for the caller to refuse.</summary>
    public IReadOnlyList<string> AgenciesOf(ClaimsPrincipal token) => [.. Values(token, AgencyClaim).Where(x => x.Length > 0).Distinct(StringComparer.Ordinal)];

    /// <summary>The roles of the Ledger that a token grants; what else it grants means nothing here.</summary>
    public IReadOnlyList<string> RolesOf(ClaimsPrincipal token)
    {
        var granted = Values(token, RolesClaim).SelectMany(x => x.Split(' ', StringSplitOptions.RemoveEmptyEntries).Append(x)).ToHashSet(StringComparer.Ordinal);
        return [.. RoleNames.Where(x => granted.Contains(x.Value)).Select(x => x.Key)];
    }

    private static string SourceOf(string claim) => Steps(claim)[0];

    // The name of the claim, then the members within it.
    private static string[] Steps(string claim) => claim is ['/', .. var pointer]
        ? [.. pointer.Split('/').Select(step => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))]
        : [claim];

    private static IEnumerable<string> Values(ClaimsPrincipal token, string claim)
    {
        var steps = Steps(claim);
        var found = token.FindAll(steps[0]).Select(x => x.Value);
        return steps.Length == 1 ? found : found.SelectMany(value => Within(value, steps.AsSpan(1)));
    }

    private static List<string> Within(string json, ReadOnlySpan<string> steps)
    {
        JsonElement value;
        try
        {
            value = JsonElement.Parse(json);
        }
        catch (JsonException)
        {
            return [];
        }

        foreach (var step in steps)
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(step, out value))
                return [];
        }

        var items = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().ToArray() : [value];
        return [.. items.Where(x => x.ValueKind == JsonValueKind.String).Select(x => x.GetString()!)];
    }
}
