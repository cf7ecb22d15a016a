using System.Collections.Immutable;
using System.Security.Claims;

namespace Ledger.Web.Access;

/// <summary>Who is asking, by the token that came with the request and by nothing else in it.</summary>
/// <param name="Subject">The authority's lasting name for this person; stays the same when the display name changes.</param>
/// <param name="Name">The name shown to readers; the subject where the token gives none.</param>
/// <param name="Agency">The code of the agency this person acts for, e.g. <c>CNES</c>, or null.</param>
/// <param name="Roles">What this person may do: those of <see cref="Roles.All"/> that the token grants.</param>
public sealed record Caller(string Subject, string Name, string? Agency, ImmutableHashSet<string> Roles)
{
    /// <summary>Records acts for the caller's agency.</summary>
    public bool IsOfficer => Roles.Contains(Access.Roles.Officer);

    /// <summary>Reads everything and writes nothing.</summary>
    public bool IsAuditor => Roles.Contains(Access.Roles.Auditor);

    /// <summary>Keeps the register of agencies.</summary>
    public bool IsRegistrar => Roles.Contains(Access.Roles.Registrar);

    /// <summary>The caller that an accepted token stands for.</summary>
    /// <exception cref="InvalidOperationException">The principal did not come through the Ledger's authentication.</exception>
    public static Caller From(ClaimsPrincipal principal)
    {
        var subject = principal.FindFirstValue(LedgerClaims.Subject)
            ?? throw new InvalidOperationException("A caller without a subject reached an endpoint; that endpoint must require authorization.");
        return new(
            subject,
            principal.FindFirstValue(LedgerClaims.Name) ?? subject,
            principal.FindFirstValue(LedgerClaims.Agency),
            [.. principal.FindAll(LedgerClaims.Roles).Select(x => x.Value)]);
    }
}

/// <summary>The roles that a token can grant.</summary>
public static class Roles
{
    /// <summary>Records acts for the agency named in the token.</summary>
    public const string Officer = "officer";

    /// <summary>Reads everything and writes nothing.</summary>
    public const string Auditor = "auditor";

    /// <summary>Keeps the register of agencies.</summary>
    public const string Registrar = "registrar";

    /// <summary>Every role there is.</summary>
    public static ImmutableHashSet<string> All { get; } = [Officer, Auditor, Registrar];
}

/// <summary>The names of the claims that the Ledger reads.</summary>
internal static class LedgerClaims
{
    public const string Subject = "sub";
    public const string Name = "name";
    public const string Agency = "agency";
    public const string Roles = "roles";
}
