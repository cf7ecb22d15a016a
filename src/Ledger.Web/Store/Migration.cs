using JasperFx;
using Ledger.Web.Hosting;
using Marten;
using Npgsql;
using Weasel.Core;
using Weasel.Core.Migrations;
using Wolverine.Persistence.Durability;

namespace Ledger.Web.Store;

/// <summary>Brings the schema to what this build needs, as the owner of the store. Adds and replaces; never removes an entry.</summary>
internal static class Migration
{
    private const string Hold = "select pg_advisory_lock(1279607880)";
    private const string Release = "select pg_advisory_unlock(1279607880)";

    // Whatever is made belongs to the owner, also where somebody connects who may become the owner: an administrator, say.
    private const string BecomeOwner =
        $"select set_config('role', rolname, false) from pg_roles where rolname = '{LedgerRoles.Owner}' and pg_has_role(oid, 'member') and has_database_privilege(oid, current_database(), 'create')";

    /// <summary>This build of the Ledger.</summary>
    public static string Build { get; } = typeof(Migration).Module.ModuleVersionId.ToString();

    /// <summary>Makes or alters Marten's tables, Wolverine's and our own, and says who may do what with them.</summary>
    /// <param name="services">The services, for what Marten and Wolverine want to find in the store.</param>
    /// <param name="owner">How to connect as the owner.</param>
    /// <param name="cancellation">Gives the work up.</param>
    /// <exception cref="StartupRefusedException">The role may not alter the schema, or the server lacks something.</exception>
    public static async Task Run(IServiceProvider services, string owner, CancellationToken cancellation)
    {
        // Words of pg_trgm are found wherever an earlier version has put that.
        var settings = new NpgsqlConnectionStringBuilder(owner) { Pooling = false, SearchPath = "ledger, public" };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        var log = services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Migration));
        try
        {
            await connection.OpenAsync(cancellation);
            await Execute(connection, BecomeOwner, cancellation);
            await Execute(connection, Hold, cancellation);
            await Execute(connection, "create schema if not exists ledger; create extension if not exists pg_trgm with schema ledger", cancellation);
            await Apply((IDatabase)services.GetRequiredService<IDocumentStore>().Storage.Database, connection, log, cancellation);
            await Apply((IDatabase)services.GetRequiredService<IMessageStore>(), connection, log, cancellation);
            await Execute(connection, OwnSchema(), cancellation);
            await using var made = new NpgsqlCommand("insert into ledger.schema_made (build) values ($1) on conflict (one) do update set build = excluded.build", connection) { Parameters = { new() { Value = Build } } };
            await made.ExecuteNonQueryAsync(cancellation);
            await Execute(connection, Release, cancellation);
            log.LogInformation("The store was brought up to what this build needs");
        }
        catch (Exception e) when (Refusal(e) is { } refusal)
        {
            throw Explained(refusal, settings.Username);
        }
    }

    private static async Task Apply(IDatabase wanted, NpgsqlConnection connection, ILogger log, CancellationToken cancellation)
    {
        // Told nothing, Weasel writes every statement to the console; told another kind of logger, it goes on after one that failed.
        await using var statements = new StringWriter();
        var difference = await SchemaMigration.DetermineAsync(connection, cancellation, [.. wanted.AllObjects()]);
        await wanted.Migrator.ApplyAllAsync(connection, difference, AutoCreate.CreateOrUpdate, new DefaultMigrationLogger(statements), cancellation);
        log.LogDebug("{Statements}", statements);
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    // What the server says no to, however Weasel has wrapped it.
    private static PostgresException? Refusal(Exception e) => e switch
    {
        PostgresException { SqlState: PostgresErrorCodes.UndefinedFile or PostgresErrorCodes.FeatureNotSupported or PostgresErrorCodes.InsufficientPrivilege } refusal => refusal,
        { InnerException: { } inner } => Refusal(inner),
        _ => null,
    };

    private static StartupRefusedException Explained(PostgresException refusal, string? role) =>
        refusal.SqlState != PostgresErrorCodes.InsufficientPrivilege || refusal.MessageText.Contains("extension", StringComparison.Ordinal)
            ? new(
                $"The PostgreSQL server gives no extension pg_trgm ({refusal.MessageText}), which finds parts of words: install its contrib package (postgresql-contrib), or have the owner of the database run \"create extension pg_trgm\" in it.", refusal)
            : new(
                $"Role {role} may not bring the schema to what this build needs ({refusal.MessageText}): run ops/sql/roles.sql in the database as an administrator of the server, and name {LedgerRoles.Owner} in ConnectionStrings__LedgerOwner.", refusal);

    // schema.sql first, what builds on it in the order of names, and the rights to all of it last.
    private static string OwnSchema()
    {
        const string folder = "Ledger.Web.Store.";
        var assembly = typeof(Migration).Assembly;
        var files = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(folder, StringComparison.Ordinal) && name.EndsWith(".sql", StringComparison.Ordinal))
            .OrderBy(name => name switch { folder + "schema.sql" => 0, folder + "rights.sql" => 2, _ => 1 })
            .ThenBy(name => name, StringComparer.Ordinal);
        return string.Join('\n', files.Select(name =>
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            return reader.ReadToEnd();
        }));
    }
}
