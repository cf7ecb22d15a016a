using System.Collections.Immutable;

namespace Ledger.Web.Persons;

/// <summary>A person's name and office, while they are kept.</summary>
/// <param name="PersonId">The id by which events know them.</param>
/// <param name="Name">The name; absent once erased.</param>
/// <param name="Office">The office; absent where none was given, or once erased.</param>
/// <param name="ErasedOn">The day on which their data were erased here, UTC.</param>
/// <param name="IsWithheld">Whether the name is kept and not for the one who asks.</param>
public sealed record PersonName(string PersonId, string? Name, string? Office, DateOnly? ErasedOn = null, bool IsWithheld = false);

/// <summary>The names of the persons that a set of entries knows only by id.</summary>
public sealed class PersonDirectory(IEnumerable<PersonName> persons)
{
    private readonly ImmutableDictionary<string, PersonName> _byId = persons.ToImmutableDictionary(p => p.PersonId, StringComparer.Ordinal);

    /// <summary>The person, perhaps without the name; null where their data were erased or the id is unknown.</summary>
    public PersonName? Find(string personId) => _byId.GetValueOrDefault(personId) is { } known && (known.Name is not null || known.IsWithheld) ? known : null;

    /// <summary>The day on which the person's data were erased here, UTC; null where they were not, or where another ledger erased them.</summary>
    public DateOnly? ErasedOn(string personId) => _byId.GetValueOrDefault(personId)?.ErasedOn;

    /// <summary>The same persons without the names of all but some.</summary>
    public PersonDirectory ShowingOnly(IReadOnlySet<string> ids) =>
        new(_byId.Values.Select(p => p.Name is null || ids.Contains(p.PersonId) ? p : p with { Name = null, IsWithheld = true }));
}
