using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Npgsql;

namespace Ledger.Web.Hosting;

/// <summary>
/// The PostgreSQL database that holds the record: the server named by <c>ConnectionStrings:Ledger</c>, or else an embedded one, which
/// stops when this is disposed of.
/// </summary>
internal sealed class StoreConnection : IAsyncDisposable
{
    private const string Setting = "Ledger";
    private const string OwnerSetting = "LedgerOwner";

    // Timezone: events are stamped with the session's zone. Automatic preparation and unreset connections double the speed of writes.
    private static readonly (string Keyword, object Value)[] Defaults =
    [
        ("Timezone", "UTC"), ("Max Auto Prepare", 30), ("Auto Prepare Min Usages", 2), ("No Reset On Close", true),
        ("Application Name", "ledger"),

        // A server that vanishes without a word is noticed within a minute, also where an answer is waited for without an end.
        ("Tcp Keepalive", true), ("Tcp Keepalive Time", 30), ("Tcp Keepalive Interval", 10),

        // Fewer than the 100 that PostgreSQL lets in unless told otherwise: callers wait for a connection rather than being turned away.
        ("Maximum Pool Size", 80),
    ];

    private readonly EmbeddedPostgres? _embedded;

    private StoreConnection(string connectionString, string? owner, EmbeddedPostgres? embedded) =>
        (ConnectionString, OwnerConnectionString, _embedded) = (connectionString, owner, embedded);

    /// <summary>No store at all, for what needs none.</summary>
    public static StoreConnection None => new("Host=nowhere.invalid", owner: null, embedded: null);

    /// <summary>How to reach the database, with the Ledger's settings where the configuration gives none. It holds the password.</summary>
    public string ConnectionString { get; }

    /// <summary>How to reach it as the owner of the schema; null where nothing says how. It holds that password.</summary>
    public string? OwnerConnectionString { get; }

    /// <summary>Whether several nodes can work on it: a server by itself, and no embedded one.</summary>
    public bool IsShared => _embedded is null;

    /// <summary>Finds or starts the store and returns once it answers.</summary>
    /// <remarks>
    /// A configured server has <c>Ledger:StoreWaitSeconds</c> (30 unless given) to become reachable. A server that answers and refuses
    /// is not asked again.
    /// </remarks>
    /// <exception cref="StartupRefusedException">There is no store to work with; the message says what to change.</exception>
    public static async Task<StoreConnection> OpenAsync(
        IConfiguration configuration, DataDirectory directory, ILogger logger, CancellationToken cancellation)
    {
        var owner = Configured(configuration, OwnerSetting);
        if ((Configured(configuration, Setting) ?? owner) is { } store)
        {
            await ProbeAsync(store, Patience(configuration["Ledger:StoreWaitSeconds"]), logger, cancellation);
            return new(store.ConnectionString, owner?.ConnectionString, embedded: null);
        }

        var embedded = await EmbeddedPostgres.StartAsync(directory, logger, cancellation);
        return new(WithDefaults(embedded.WriterConnectionString, Setting).ConnectionString, embedded.OwnerConnectionString, embedded);
    }

    /// <summary>Whether an exception says that the store cannot be reached or cannot work now, so that the same request may succeed later.</summary>
    public static bool IsAway(Exception exception) => exception is NpgsqlException away
        ? away is not PostgresException refusal || refusal.IsTransient || IsOfTheServer(refusal.SqlState)
        : exception.InnerException is { } inner && IsAway(inner);

    // Lost connections, too few resources (a full disk), shut down or cancelled by an operator, faults of its system; or it is a standby,
    // which writes nothing. Nothing of that is said of the statement.
    private static bool IsOfTheServer(string sqlState) =>
        sqlState[..2] is "08" or "53" or "57" or "58" || sqlState is PostgresErrorCodes.ReadOnlySqlTransaction;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _embedded?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static TimeSpan Patience(string? seconds) =>
        string.IsNullOrEmpty(seconds) ? TimeSpan.FromSeconds(30)
        : uint.TryParse(seconds, CultureInfo.InvariantCulture, out var whole) ? TimeSpan.FromSeconds(whole)
        : throw new StartupRefusedException($"Ledger__StoreWaitSeconds is {seconds}: give a whole number of seconds, such as 30.");

    private static NpgsqlConnectionStringBuilder? Configured(IConfiguration configuration, string setting) =>
        configuration.GetConnectionString(setting) is { Length: > 0 } configured ? WithDefaults(configured, setting) : null;

    private static NpgsqlConnectionStringBuilder WithDefaults(string connectionString, string setting)
    {
        NpgsqlConnectionStringBuilder store;
        try
        {
            store = new(connectionString);
        }
        catch (ArgumentException e)
        {
            throw Unreadable(e);
        }

        if (string.IsNullOrEmpty(store.Host))
            throw Unreadable();
        foreach (var (keyword, value) in Defaults)
        {
            if (!store.ShouldSerialize(keyword))
                store[keyword] = value;
        }

        return store;

        // The text itself may hold a password and is not repeated.
        StartupRefusedException Unreadable(Exception? cause = null) => new(
            $"ConnectionStrings__{setting} cannot be read: write it as Host=…;Port=5432;Database=ledger;Username=…;Password=….", cause);
    }

    private static async Task ProbeAsync(NpgsqlConnectionStringBuilder store, TimeSpan patience, ILogger logger, CancellationToken cancellation)
    {
        // A probe of its own connection: a pool would keep what it learns about a server that is only starting.
        var probe = new NpgsqlConnectionStringBuilder(store.ConnectionString) { Pooling = false };
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(TimeSpan.FromSeconds(1), cancellation))
        {
            try
            {
                await using var connection = new NpgsqlConnection(probe.ConnectionString);
                await connection.OpenAsync(cancellation);
                if (connection.PostgreSqlVersion.Major < PostgresInstallation.OldestMajor)
                {
                    throw new StartupRefusedException(
                        $"The PostgreSQL server at {Where(store)} is version {connection.PostgreSqlVersion} and the Ledger needs "
                        + $"{PostgresInstallation.OldestMajor} or newer: upgrade that server, or name another in ConnectionStrings__Ledger.");
                }

                return;
            }
            catch (NpgsqlException e) when (IsFinal(e) || waited.Elapsed >= patience)
            {
                throw new StartupRefusedException(Sentence(store, e), e);
            }
            catch (NpgsqlException e)
            {
                logger.LogWarning("The PostgreSQL server at {Where} does not answer yet ({Reason})", Where(store), e.Message);
            }
        }
    }

    // Starting up, shutting down and too many clients pass; a refused login or a missing database do not.
    private static bool IsFinal(NpgsqlException e) => e is PostgresException { IsTransient: false };

    private static string Sentence(NpgsqlConnectionStringBuilder store, NpgsqlException e) => e switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword } =>
            $"The PostgreSQL server at {Where(store)} refuses the password of user {store.Username}: "
            + "correct Username and Password in ConnectionStrings__Ledger.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } =>
            $"The PostgreSQL server at {Where(store)} has no database {store.Database}: "
            + $"create it there (createdb {store.Database}), or correct Database in ConnectionStrings__Ledger.",
        PostgresException refusal =>
            $"The PostgreSQL server at {Where(store)} refuses user {store.Username} ({refusal.MessageText}): "
            + "correct ConnectionStrings__Ledger or the rights of that user.",
        { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } } =>
            $"No host is known by the name {store.Host}: correct Host in ConnectionStrings__Ledger.",
        _ => $"No PostgreSQL server answers at {Where(store)} ({e.GetBaseException().Message}): "
            + "start it, or correct Host and Port in ConnectionStrings__Ledger.",
    };

    private static string Where(NpgsqlConnectionStringBuilder store) =>
        store.Host?.Contains(',', StringComparison.Ordinal) == true ? store.Host : $"{store.Host}:{store.Port}";
}
