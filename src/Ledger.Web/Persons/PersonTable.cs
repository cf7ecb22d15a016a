using System.Security.Cryptography;
using System.Text.Json;
using Ledger.Domain.Agreements;
using Ledger.Domain.Persons;
using Ledger.Web.Access;
using Npgsql;

namespace Ledger.Web.Persons;

/// <summary>The table that knows persons by name, and can forget them.</summary>
internal sealed class PersonTable(NpgsqlConnection connection, Func<string> newId)
{
    /// <summary>The identity under which whoever records is kept.</summary>
    public static byte[] IdentityOf(Caller caller) => IdentityOf(caller.Subject, caller.Agency, Commitment.Canonical(caller.Name), null);

    /// <summary>Whoever records, kept now if they were not before.</summary>
    public Task<Person> KeepRecorder(Caller caller) => Keep(caller.Subject, caller.Agency, new NamedPerson(caller.Name));

    /// <summary>The person of exactly this identity, kept now if they were not before. A new name or office makes a new id.</summary>
    public async Task<Person> Keep(string? subject, string? agency, NamedPerson person)
    {
        var (name, office) = (Commitment.Canonical(person.Name), person.Office is { } o ? Commitment.Canonical(o) : null);
        var identity = IdentityOf(subject, agency, name, office);
        if (await Find(identity) is { } known)
            return known;

        var (nameSalt, officeSalt) = (RandomNumberGenerator.GetBytes(Commitment.SaltBytes), RandomNumberGenerator.GetBytes(Commitment.SaltBytes));
        var kept = new Person(newId(), Commitment.To(Commitment.NameLabel, nameSalt, name), office is null ? null : Commitment.To(Commitment.OfficeLabel, officeSalt, office));
        await using var insert = new NpgsqlCommand(
            """
            insert into ledger.person (person_id, identity, subject, agency, name, office, name_salt, office_salt, name_commitment, office_commitment)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (identity) do nothing
            """,
            connection)
        {
            Parameters =
            {
                new() { Value = kept.PersonId },
                new() { Value = identity },
                new() { Value = (object?)subject ?? DBNull.Value },
                new() { Value = (object?)agency ?? DBNull.Value },
                new() { Value = name },
                new() { Value = (object?)office ?? DBNull.Value },
                new() { Value = nameSalt },
                new() { Value = office is null ? DBNull.Value : officeSalt },
                new() { Value = kept.Name },
                new() { Value = (object?)kept.Office ?? DBNull.Value },
            },
        };

        // Somebody else may have kept the same person since: then theirs holds.
        return await insert.ExecuteNonQueryAsync() == 1 ? kept : (await Find(identity))!;
    }

    private static byte[] IdentityOf(string? subject, string? agency, string name, string? office) =>
        SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new[] { subject, agency, name, office }));

    private async Task<Person?> Find(byte[] identity)
    {
        await using var select = new NpgsqlCommand("select person_id, name_commitment, office_commitment from ledger.person where identity = $1", connection)
        {
            Parameters = { new() { Value = identity } },
        };
        await using var reader = await select.ExecuteReaderAsync();
        return await reader.ReadAsync()
            ? new Person(reader.GetString(0), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2))
            : null;
    }

    /// <summary>A person's name and office, while they are kept.</summary>
    public async Task<NamedPerson?> NameOf(string personId)
    {
        await using var select = new NpgsqlCommand("select name, office from ledger.person where person_id = $1", connection)
        {
            Parameters = { new() { Value = personId } },
        };
        await using var reader = await select.ExecuteReaderAsync();
        return await reader.ReadAsync() && !reader.IsDBNull(0) ? new NamedPerson(reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1)) : null;
    }
}
