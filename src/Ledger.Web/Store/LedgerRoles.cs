using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Ledger.Web.Store;

/// <summary>The roles of the database, made by <c>ops/sql/roles.sql</c>: what each may do stands in <c>rights.sql</c>.</summary>
internal static class LedgerRoles
{
    /// <summary>Makes and alters the schema.</summary>
    public const string Owner = "ledger_owner";

    /// <summary>Serves: adds entries and keeps projections.</summary>
    public const string Writer = "ledger_writer";

    /// <summary>Reads, and no secret.</summary>
    public const string Reader = "ledger_reader";

    private static readonly string Statements = Read();

    /// <summary>Tells one state of the statements from another.</summary>
    public static string Fingerprint { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Statements)));

    /// <summary>Makes the roles and gives them the database. May be repeated.</summary>
    /// <param name="administrator">A connection to the database as an administrator of the server.</param>
    /// <param name="cancellation">Gives the work up.</param>
    public static async Task Make(NpgsqlConnection administrator, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Statements, administrator);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static string Read()
    {
        using var reader = new StreamReader(typeof(LedgerRoles).Assembly.GetManifestResourceStream("ops/sql/roles.sql")!);
        return reader.ReadToEnd();
    }
}

/// <summary>How the store stands for the Ledger that is to serve on it: one look before the first request.</summary>
/// <param name="Role">The role of the database that the Ledger connects as.</param>
/// <param name="IsMade">Whether the schema was made by this build.</param>
/// <param name="IsFilled">Whether the register and the lists were made by the rules of this build.</param>
/// <param name="MayRecord">Whether the role may do what the Ledger does.</param>
/// <param name="Excess">What the role may do beyond that, each in words that follow "who".</param>
internal sealed record StoreStanding(string Role, bool IsMade, bool IsFilled, bool MayRecord, ImmutableArray<string> Excess)
{
    // A superuser may do everything, which is said once.
    private static readonly string Look =
        $"""
        select current_user::text,
               exists (select from ledger.schema_made where build = $1),
               not exists (select from {RowVersions.Parameters(2, 3)} made where not {RowVersions.IsKept}),
               has_table_privilege('ledger.mt_events', 'insert') and has_table_privilege('ledger.idempotency_key', 'insert') and has_table_privilege('ledger.mt_doc_agreement', 'update'),
               array(select may.what
                       from (values
                            (me.rolsuper, 'is a superuser'),
                            (me.rolcreaterole, 'may make roles'),
                            (me.rolreplication, 'may copy the whole server by replication'),
                            (pg_has_role(d.datdba, 'member'), 'owns the database or may become who does'),
                            (pg_has_role(e.relowner, 'member'), 'owns the table of entries or may become who does'),
                            (has_table_privilege(e.oid, 'update, delete, truncate, trigger') or has_any_column_privilege(e.oid, 'update'), 'may change or remove entries'),
                            (has_table_privilege('ledger.idempotency_key', 'update, delete, truncate, trigger') or has_any_column_privilege('ledger.idempotency_key', 'update'), 'may change or remove idempotency keys'),
                            (has_any_column_privilege('ledger.person', 'update') or has_table_privilege('ledger.person', 'delete, truncate, trigger') or has_table_privilege('ledger.person_erasure', 'insert, update, delete, truncate, trigger'), 'may rename persons, or erase them without leaving word of it'),
                            (has_sequence_privilege('ledger.mt_events_sequence', 'update'), 'may set the number of the next entry'),
                            (has_schema_privilege('ledger', 'create'), 'may make tables and functions in the schema'),
                            (has_database_privilege(d.oid, 'create'), 'may make schemas in the database'),
                            (has_parameter_privilege('session_replication_role', 'set'), 'may put triggers out of force with session_replication_role'),
                            (pg_has_role('pg_execute_server_program', 'member') or pg_has_role('pg_write_server_files', 'member') or pg_has_role('pg_read_server_files', 'member'), 'may reach programs and files of the server')
                            ) may(so, what)
                      where case when me.rolsuper then may.what = 'is a superuser' else may.so end)
          from pg_roles me, pg_database d, pg_class e
         where me.rolname = current_user and d.datname = current_database() and e.oid = 'ledger.mt_events'::regclass
        """;

    /// <summary>Looks.</summary>
    /// <param name="source">How the Ledger connects.</param>
    /// <param name="build">This build.</param>
    /// <param name="cancellation">Gives the look up.</param>
    public static async Task<StoreStanding> Of(NpgsqlDataSource source, string build, CancellationToken cancellation)
    {
        try
        {
            await using var command = source.CreateCommand(Look);
            command.Parameters.Add(new() { Value = build });
            RowVersions.Add(command);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            await reader.ReadAsync(cancellation);
            return new(reader.GetString(0), reader.GetBoolean(1), reader.GetBoolean(2), reader.GetBoolean(3), [.. reader.GetFieldValue<string[]>(4)]);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.InsufficientPrivilege)
        {
            // Nothing is there yet, or nothing that this role may see.
            return new("", IsMade: false, IsFilled: false, MayRecord: false, []);
        }
    }
}
