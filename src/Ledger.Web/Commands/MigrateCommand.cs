using Ledger.Web.Hosting;
using Ledger.Web.Store;

namespace Ledger.Web.Commands;

/// <summary><c>migrate</c>: brings the schema to what this build needs, as the owner, and ends.</summary>
internal static class MigrateCommand
{
    /// <summary>Runs the command on a built application that need not serve.</summary>
    /// <returns>0; what stands in the way is thrown.</returns>
    /// <exception cref="StartupRefusedException">The role may not alter the schema, or the server lacks something.</exception>
    public static async Task<int> Run(WebApplication app, StoreConnection store)
    {
        await Migration.Run(app.Services, store.OwnerConnectionString ?? store.ConnectionString, CancellationToken.None);
        Console.WriteLine("The schema is what this build of the Ledger needs.");
        return 0;
    }
}
