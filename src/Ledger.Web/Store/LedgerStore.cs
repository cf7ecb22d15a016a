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

    /// <summary>The index of entries by their instant, which schema.sql makes.</summary>
    private const string EventsByInstant = "mt_events_by_instant";

    /// <summary>The index of corrections by what they put right, likewise.</summary>
    private const string Corrections = "mt_events_corrections";

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
            options.Events.IgnoreIndex(EventsByInstant);
            options.Events.IgnoreIndex(Corrections);

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
            m.AutoCreate = AutoCreate.None;

            // One node at a time keeps what is kept after the entries; when it goes, another goes on.
            m.UseWolverineManagedEventSubscriptionDistribution = true;
        });
    }

    /// <summary>
    /// Sees to it that the Ledger can serve: the schema is what this build needs, brought there by the owner where it is not, and the role
    /// that serves may record.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="store">How to connect.</param>
    /// <param name="mayDoMore">Whether the role that serves may be one that could undo the record: in Development.</param>
    /// <param name="cancellation">Gives the start up.</param>
    /// <exception cref="StartupRefusedException">The Ledger cannot serve, or must not; the message says what to change.</exception>
    public static async Task Prepare(IServiceProvider services, StoreConnection store, bool mayDoMore, CancellationToken cancellation)
    {
        var source = services.GetRequiredService<NpgsqlDataSource>();
        var standing = await StoreStanding.Of(source, Migration.Build, cancellation);

        // Somebody who tries the Ledger out on a server of their own serves as who owns everything.
        var owner = store.OwnerConnectionString ?? (mayDoMore ? store.ConnectionString : null);
        if (owner is not null && !(standing.IsMade && standing.MayRecord))
        {
            await Migration.Run(services, owner, cancellation);
            standing = await StoreStanding.Of(source, Migration.Build, cancellation);
        }

        if (!standing.IsMade)
            throw Unmade();
        if (!standing.MayRecord)
        {
            throw new StartupRefusedException(
                $"The role in ConnectionStrings__Ledger may not record in the store: run ops/sql/roles.sql in the database as an administrator of the server, then the Ledger with the command migrate, and serve as {LedgerRoles.Writer}.");
        }

        if (!standing.Excess.IsEmpty && !mayDoMore)
            throw new StartupRefusedException(TooMuch(standing));
        if (!standing.Excess.IsEmpty)
            services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(LedgerStore)).LogWarning("{Warning}", TooMuch(standing));
        if (!standing.IsFilled)
            await services.GetRequiredService<Rebuild>().Fill(cancellation);
    }

    private static StartupRefusedException Unmade() => new(
        "The schema in the database is not the one that this build of the Ledger needs: run the same program with the command migrate and the owner in ConnectionStrings__LedgerOwner, then start it again.");

    private static string TooMuch(StoreStanding standing) =>
        $"The Ledger would serve as role {standing.Role}, who {string.Join(", ", standing.Excess)}; whoever broke into it could undo the record. "
        + $"Run ops/sql/roles.sql in the database as an administrator of the server, name {LedgerRoles.Owner} in ConnectionStrings__LedgerOwner for the command migrate, and {LedgerRoles.Writer} in ConnectionStrings__Ledger.";
}
