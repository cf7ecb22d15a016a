using Ledger.Web.Importing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Ledger.Web.Tests.Importing;

/// <summary>Brings files in without a request or a command around it.</summary>
internal static class Imports
{
    public static async Task<Import> BringIn(IServiceProvider services, string path, bool isCheckOnly = false, ImportFormat format = ImportFormat.Jsonl)
    {
        var id = await Importer.IdOf(path, TestContext.Current.CancellationToken);
        var received = await services.GetRequiredService<ImportTable>().Receive(
            new Import(id, Path.GetFileName(path), format, "test:rita", "Rita Registrar", null, ImportState.Received, isCheckOnly, new FileInfo(path).Length), TestContext.Current.CancellationToken);
        return (await services.GetRequiredService<Importer>().Run(received, path, _ => { }, TestContext.Current.CancellationToken))!;
    }
}
