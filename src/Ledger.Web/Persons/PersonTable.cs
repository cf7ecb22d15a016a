using Ledger.Domain.Agreements;
using Ledger.Domain.Persons;
using Ledger.Web.Access;
using Ledger.Web.Entries;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Web.Persons;

/// <summary>The table that knows persons by name, and can forget them.</summary>
internal sealed class PersonTable(NpgsqlConnection connection, Func<string> newId)
{
    /// <summary>The identity under which whoever records is kept.</summary>
    public static byte[] IdentityOf(Caller caller) => PersonKept.IdentityOf(caller.Subject, caller.Agency, new NamedPerson(caller.Name));

    /// <summary>Whoever records, kept now if they were not before.</summary>
    public Task<Person> KeepRecorder(Caller caller) => Keep(caller.Subject, caller.Agency, new NamedPerson(caller.Name));

    /// <summary>The person of exactly this identity, kept now if they were not before. A new name or office makes a new id.</summary>
    public async Task<Person> Keep(string? subject, string? agency, NamedPerson person)
    {
        var made = PersonKept.New(newId, subject, agency, person);
        if (await Find(made.Identity!) is { } known)
            return known;

        // Somebody else may have kept the same person since: then theirs holds.
        return await Insert(made, "on conflict (identity) do nothing") ? made.Person : (await Find(made.Identity!))!;
    }

    /// <summary>Keeps a person made elsewhere. Somebody known by the same id or identity is an error of the store.</summary>
    public Task Keep(PersonKept person) => Insert(person, "");

    private async Task<bool> Insert(PersonKept person, string conflict)
    {
        await using var insert = new NpgsqlCommand(
            $"""
            insert into ledger.person (person_id, identity, subject, agency, name, office, name_salt, office_salt, name_commitment, office_commitment, erased_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) {conflict}
            """,
            connection)
        {
            Parameters =
            {
                new() { Value = person.PersonId },
                new() { Value = (object?)person.Identity ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bytea },
                new() { Value = (object?)person.Subject ?? DBNull.Value },
                new() { Value = (object?)person.Agency ?? DBNull.Value },
                new() { Value = (object?)person.Name ?? DBNull.Value },
                new() { Value = (object?)person.Office ?? DBNull.Value },
                new() { Value = (object?)person.NameSalt ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bytea },
                new() { Value = (object?)person.OfficeSalt ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bytea },
                new() { Value = person.NameCommitment },
                new() { Value = (object?)person.OfficeCommitment ?? DBNull.Value },
                new() { Value = (object?)person.ErasedOn?.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc) ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz },
            },
        };
        return await insert.ExecuteNonQueryAsync() == 1;
    }

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

    /// <summary>The person of this id, whether or not their data were erased.</summary>
    public async Task<PersonKept?> Find(string personId)
    {
        await using var select = new NpgsqlCommand("select identity, subject, agency, name, office, name_salt, office_salt, name_commitment, office_commitment from ledger.person where person_id = $1", connection)
        {
            // A path can hold U+0000, which no id does, and which the store refuses to look for.
            Parameters = { new() { Value = personId.Replace("\0", "", StringComparison.Ordinal) } },
        };
        await using var reader = await select.ExecuteReaderAsync();
        return await reader.ReadAsync()
            ? new PersonKept(personId, Value<byte[]>(reader, 0), Value<string>(reader, 1), Value<string>(reader, 2), Value<string>(reader, 3), Value<string>(reader, 4), Value<byte[]>(reader, 5), Value<byte[]>(reader, 6), reader.GetString(7), Value<string>(reader, 8))
            : null;
    }

    /// <summary>Forgets a person and keeps that it was done.</summary>
    /// <returns>What is kept of it, and whether it is of now: a person is forgotten once.</returns>
    public async Task<(PersonErasure Erasure, bool IsNew)> Erase(string personId, RecordedBy by, ErasePerson command)
    {
        await using var erase = new NpgsqlCommand("select ledger.erase_person($1, $2, $3, $4, $5)", connection)
        {
            Parameters =
            {
                new() { Value = personId },
                new() { Value = by.PersonId },
                new() { Value = (object?)by.Agency ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                new() { Value = command.Reason },
                new() { Value = command.LegalBasis },
            },
        };
        var isNew = (bool)(await erase.ExecuteScalarAsync())!;
        await using var select = new NpgsqlCommand("select erased_at, erased_by, agency, reason, legal_basis from ledger.person_erasure where person_id = $1", connection)
        {
            Parameters = { new() { Value = personId } },
        };
        await using var reader = await select.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (new PersonErasure(personId, new DateTimeOffset(reader.GetDateTime(0), TimeSpan.Zero), reader.GetString(1), reader.GetString(3), reader.GetString(4), Value<string>(reader, 2)), isNew);
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

    private static T? Value<T>(NpgsqlDataReader reader, int column)
        where T : class => reader.IsDBNull(column) ? null : reader.GetFieldValue<T>(column);
}
