using System.Security.Cryptography;
using System.Text.Json;
using Ledger.Domain.Agreements;
using Ledger.Domain.Persons;

namespace Ledger.Web.Persons;

/// <summary>A person as the table keeps them.</summary>
/// <param name="PersonId">The id by which entries name them.</param>
/// <param name="Identity">SHA-256 of subject, agency, name and office, by which the same person is found again; absent for one who is not to be.</param>
/// <param name="Subject">Who signed in, for those who record.</param>
/// <param name="Agency">For which agency.</param>
/// <param name="Name">The name; absent once erased.</param>
/// <param name="Office">The office.</param>
/// <param name="NameSalt">The salt of the commitment to the name.</param>
/// <param name="OfficeSalt">The salt of the commitment to the office.</param>
/// <param name="NameCommitment">The commitment to the name.</param>
/// <param name="OfficeCommitment">The commitment to the office.</param>
/// <param name="ErasedOn">The day on which another ledger erased the data, UTC, for a person who came from there without them.</param>
internal sealed record PersonKept(
    string PersonId,
    byte[]? Identity,
    string? Subject,
    string? Agency,
    string? Name,
    string? Office,
    byte[]? NameSalt,
    byte[]? OfficeSalt,
    string NameCommitment,
    string? OfficeCommitment,
    DateOnly? ErasedOn = null)
{
    /// <summary>The person as events hold them.</summary>
    public Person Person => new(PersonId, NameCommitment, OfficeCommitment);

    /// <summary>Whether the commitments are those to the name and the office that stand beside them, as far as these were not erased.</summary>
    public bool IsCommittedTo =>
        Holds(Name, NameSalt, Commitment.NameLabel, NameCommitment) && (Name is null ? Office is null : Holds(Office, OfficeSalt, Commitment.OfficeLabel, OfficeCommitment) && (Office is null) == (OfficeCommitment is null));

    /// <summary>Whether a text names the person.</summary>
    public bool IsNamedIn(string text) => Name is { } name && new NameInText(name).IsIn(text);

    /// <summary>A person met for the first time, with salts of their own.</summary>
    public static PersonKept New(Func<string> newId, string? subject, string? agency, NamedPerson person)
    {
        var (name, office) = (Commitment.Canonical(person.Name), person.Office is { } o ? Commitment.Canonical(o) : null);
        var (nameSalt, officeSalt) = (RandomNumberGenerator.GetBytes(Commitment.SaltBytes), office is null ? null : RandomNumberGenerator.GetBytes(Commitment.SaltBytes));
        return new PersonKept(
            newId(),
            IdentityOf(subject, agency, person),
            subject,
            agency,
            name,
            office,
            nameSalt,
            officeSalt,
            Commitment.To(Commitment.NameLabel, nameSalt, name),
            office is null ? null : Commitment.To(Commitment.OfficeLabel, officeSalt, office));
    }

    /// <summary>By what the same person is found again.</summary>
    public static byte[] IdentityOf(string? subject, string? agency, NamedPerson person) => SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(
        new[] { subject, agency, Commitment.Canonical(person.Name), person.Office is { } office ? Commitment.Canonical(office) : null }));

    private static bool Holds(string? value, byte[]? salt, string label, string? commitment) =>
        value is null || (salt is { Length: Commitment.SaltBytes } && Commitment.To(label, salt, value) == commitment);
}
