using JasperFx;
using JasperFx.Events;
using Ledger.Domain;
using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Domain.Meetings;
using Ledger.Web.Hosting;
using Marten;
using Marten.Schema;
using Npgsql;
using Weasel.Core;
using Wolverine.Marten;

namespace Ledger.Web.Store;

/// <summary>The event store: Marten on PostgreSQL, with the tables, functions and guards of <c>schema.sql</c> beside it.</summary>
internal static class LedgerStore
{
    public const string Schema = "ledger";

    /// <summary>Adds the store to the services.</summary>
    public static void AddLedgerStore(this IServiceCollection services, string connectionString)
    {
        // One pool for everything, so that its limit is the limit.
        var source = new NpgsqlDataSourceBuilder(connectionString).Build();
        services.AddSingleton(_ => source);

        // Marten writes every statement that fails to the log with its values, also where somebody merely was faster. What matters is thrown.
        services.AddLogging(logging => logging.AddFilter("Marten.IDocumentStore", LogLevel.None));
        services.AddMarten(options =>
        {
            options.Connection(source);

            // No silent second try: in a transaction that broke it can only hide why.
            options.ConfigurePolly(_ => { });
            options.DatabaseSchemaName = Schema;
            options.Events.DatabaseSchemaName = Schema;
            options.AutoCreateSchemaObjects = AutoCreate.None;
            options.UseSystemTextJsonForSerialization(EnumStorage.AsInteger, Casing.CamelCase, LedgerJson.Configure);

            options.Events.StreamIdentity = StreamIdentity.AsString;

            options.Events.MetadataConfig.EnableAll();
            options.Events.MetadataConfig.UserNameEnabled = true;
            foreach (var (kind, name) in EventNames.Stored)
                options.Events.MapEventType(kind, name);

            // The states are written with their entries, by EntryStore.
            options.Schema.For<Agreement>().UseNumericRevisions(true).Duplicate(a => a.Reference).UniqueIndex(UniqueIndexType.DuplicatedField, a => a.Reference);
            options.Schema.For<Meeting>().UseNumericRevisions(true).Duplicate(m => m.Reference).UniqueIndex(UniqueIndexType.DuplicatedField, m => m.Reference);
            options.Schema.For<Agency>().UseNumericRevisions(true);
            options.Events.Subscribe(new AgreementSearchSubscription(source), x => x.Options.BatchSize = 1_000);

            // A number that a write drew and did not use is passed over as soon as no transaction is left that could still use it.
            options.Projections.StaleSequenceThreshold = TimeSpan.FromMilliseconds(500);
        })
        .UseLightweightSessions()
        .IntegrateWithWolverine(m =>
        {
            m.MessageStorageSchemaName = Schema;
            m.AutoCreate = AutoCreate.CreateOrUpdate;

            // One node at a time keeps what is kept after the entries; when it goes, another goes on.
            m.UseWolverineManagedEventSubscriptionDistribution = true;
        });
    }

    /// <summary>Brings the schema to what this version needs. Adds and replaces; never removes an entry.</summary>
    public static async Task ApplySchema(IServiceProvider services, CancellationToken cancellation)
    {
        // Comparing every table of Marten's with what it should be takes most of a start, and comes to the same for the same build.
        var source = services.GetRequiredService<NpgsqlDataSource>();
        var build = typeof(LedgerStore).Module.ModuleVersionId.ToString();
        if (!await IsMadeBy(build, source, cancellation))
            await services.GetRequiredService<IDocumentStore>().Storage.Database.ApplyAllConfiguredChangesToDatabaseAsync(AutoCreate.CreateOrUpdate, ct: cancellation);

        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var hold = new NpgsqlCommand("select pg_advisory_lock(1279607880)", connection);
        await hold.ExecuteNonQueryAsync(cancellation);
        try
        {
            await using var extension = new NpgsqlCommand("create extension if not exists pg_trgm", connection);
            await extension.ExecuteNonQueryAsync(cancellation);
            await using var schema = new NpgsqlCommand(OwnSchema(), connection);
            await schema.ExecuteNonQueryAsync(cancellation);
            await using var made = new NpgsqlCommand("insert into ledger.schema_made (build) values ($1) on conflict (one) do update set build = excluded.build", connection) { Parameters = { new() { Value = build } } };
            await made.ExecuteNonQueryAsync(cancellation);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedFile or PostgresErrorCodes.FeatureNotSupported or PostgresErrorCodes.InsufficientPrivilege && e.MessageText.Contains("extension", StringComparison.Ordinal))
        {
            throw new StartupRefusedException(
                $"The PostgreSQL server gives no extension pg_trgm ({e.MessageText}), which finds parts of words: install its contrib package (postgresql-contrib), or have the owner of the database run \"create extension pg_trgm\" in it.", e);
        }
        finally
        {
            await using var release = new NpgsqlCommand("select pg_advisory_unlock(1279607880)", connection);
            await release.ExecuteNonQueryAsync(CancellationToken.None);
        }

        await services.GetRequiredService<Rebuild>().FillAtStart(cancellation);
    }

    private static async Task<bool> IsMadeBy(string build, NpgsqlDataSource source, CancellationToken cancellation)
    {
        try
        {
            await using var command = source.CreateCommand("select exists (select 1 from ledger.schema_made where build = $1)");
            command.Parameters.Add(new() { Value = build });
            return (bool)(await command.ExecuteScalarAsync(cancellation))!;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            return false;
        }
    }

    // schema.sql first; what builds on it lies in files of its own, taken in the order of their names.
    private static string OwnSchema()
    {
        var assembly = typeof(LedgerStore).Assembly;
        var files = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("Ledger.Web.Store.", StringComparison.Ordinal) && name.EndsWith(".sql", StringComparison.Ordinal))
            .OrderBy(name => name != "Ledger.Web.Store.schema.sql").ThenBy(name => name, StringComparer.Ordinal);
        return string.Join('\n', files.Select(name =>
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            return reader.ReadToEnd();
        }));
    }
}
