using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Ledger.Web.Access;
using Npgsql;

namespace Ledger.Web.Pages;

/// <summary>Whose programs read the deadlines under a secret address.</summary>
/// <param name="Reader">The reader, as they were when they last signed in.</param>
/// <param name="Language">The language in which they asked for it.</param>
/// <param name="MadeAt">When they made it, UTC.</param>
internal sealed record DeadlineFeed(Caller Reader, string Language, DateTimeOffset MadeAt);

/// <summary>
/// The secret addresses of the deadlines: one for each reader, of which only the hash is kept. What a reader may see through it is what they might when
/// they last signed in to the pages; whoever has not done so for long reads nothing more.
/// </summary>
internal sealed class DeadlineFeedAddresses(NpgsqlDataSource source)
{
    /// <summary>For how long after its reader last signed in an address answers.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(180);

    private const int SecretBytes = 24;

    /// <summary>Makes an address for a reader in place of any earlier one, and gives its secret this once.</summary>
    public async Task<string> Make(Caller reader, string language, CancellationToken cancellation)
    {
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        await using var command = source.CreateCommand("""
            insert into ledger.deadline_feed (subject, secret_sha256, agency, roles, language) values ($1, $2, $3, $4, $5)
            on conflict (subject) do update
            set secret_sha256 = excluded.secret_sha256, agency = excluded.agency, roles = excluded.roles, language = excluded.language, made_at = now(), confirmed_at = now()
            """);
        command.Parameters.Add(new() { Value = reader.Subject });
        command.Parameters.Add(new() { Value = Hash(secret) });
        AddRights(command, reader);
        command.Parameters.Add(new() { Value = language });
        await command.ExecuteNonQueryAsync(cancellation);
        return secret;
    }

    /// <summary>Keeps with a reader's address, where there is one, what they are now that they have signed in.</summary>
    public async Task Confirm(Caller reader, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("update ledger.deadline_feed set agency = $2, roles = $3, confirmed_at = now() where subject = $1");
        command.Parameters.Add(new() { Value = reader.Subject });
        AddRights(command, reader);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Takes a reader's address away, where there is one.</summary>
    public async Task Revoke(Caller reader, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("delete from ledger.deadline_feed where subject = $1");
        command.Parameters.Add(new() { Value = reader.Subject });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>When the reader made the address that answers now; null where there is none.</summary>
    public async Task<DateTimeOffset?> MadeAt(Caller reader, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("select made_at from ledger.deadline_feed where subject = $1");
        command.Parameters.Add(new() { Value = reader.Subject });
        return await command.ExecuteScalarAsync(cancellation) is DateTime at ? new DateTimeOffset(at, TimeSpan.Zero) : null;
    }

    /// <summary>Whose secret this is; null where it is nobody's, or no longer.</summary>
    public async Task<DeadlineFeed?> Find(string secret, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("select subject, agency, roles, language, made_at from ledger.deadline_feed where secret_sha256 = $1 and confirmed_at > now() - $2");
        command.Parameters.Add(new() { Value = Hash(secret) });
        command.Parameters.Add(new() { Value = Lifetime });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
            return null;
        var subject = reader.GetString(0);
        var caller = new Caller(subject, subject, reader.IsDBNull(1) ? null : reader.GetString(1), [.. reader.GetFieldValue<string[]>(2)]);
        return new DeadlineFeed(caller, reader.GetString(3), new DateTimeOffset(reader.GetDateTime(4), TimeSpan.Zero));
    }

    private static void AddRights(NpgsqlCommand command, Caller reader)
    {
        command.Parameters.Add(new() { Value = (object?)reader.Agency ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = reader.Roles.Order(StringComparer.Ordinal).ToArray() });
    }

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
