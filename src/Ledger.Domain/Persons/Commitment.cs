using System.Security.Cryptography;
using System.Text;

namespace Ledger.Domain.Persons;

/// <summary>
/// A person as an event holds them: an id, and salted commitments to what the person was called. Name, office and salts stand in a
/// table of their own; once they are erased there, the commitments tell nothing.
/// </summary>
/// <param name="PersonId">The person's id, made outside the domain.</param>
/// <param name="Name">The commitment to the name, 64 hexadecimal digits.</param>
/// <param name="Office">The commitment to the office, 64 hexadecimal digits; absent where no office was given.</param>
public sealed record Person(string PersonId, string Name, string? Office = null);

/// <summary>
/// Commitments to personal data: SHA-256 (FIPS 180-4) over an ASCII label, a zero byte, 16 random bytes of salt and the value in UTF-8
/// after Unicode normalisation form C and trimming.
/// </summary>
public static class Commitment
{
    /// <summary>The label of a name.</summary>
    public const string NameLabel = "ledger.person.name.v1";

    /// <summary>The label of an office.</summary>
    public const string OfficeLabel = "ledger.person.office.v1";

    /// <summary>The length of a salt in bytes.</summary>
    public const int SaltBytes = 16;

    /// <summary>The commitment to a value, as 64 lower-case hexadecimal digits.</summary>
    /// <exception cref="ArgumentException">The salt is not <see cref="SaltBytes"/> long.</exception>
    public static string To(string label, ReadOnlySpan<byte> salt, string value)
    {
        if (salt.Length != SaltBytes)
            throw new ArgumentException($"A salt has {SaltBytes} bytes, not {salt.Length}.", nameof(salt));

        byte[] committed = [.. Encoding.ASCII.GetBytes(label), 0, .. salt, .. Encoding.UTF8.GetBytes(Canonical(value))];
        return Convert.ToHexStringLower(SHA256.HashData(committed));
    }

    /// <summary>The value as it is committed to and kept: normalisation form C, no white space around it.</summary>
    /// <remarks>U+FFFE is no character and has no normal form; U+FFFD stands in its place.</remarks>
    public static string Canonical(string value) => value.Replace('\uFFFE', '\uFFFD').Normalize(NormalizationForm.FormC).Trim();
}
