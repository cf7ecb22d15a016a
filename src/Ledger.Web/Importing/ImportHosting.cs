using Ledger.Web.Exporting;

namespace Ledger.Web.Importing;

/// <summary>What bringing files in and giving the record out is made of.</summary>
internal static class ImportHosting
{
    /// <summary>Adds the services.</summary>
    public static void AddImporting(this IServiceCollection services)
    {
        services.AddSingleton<ImportTable>();
        services.AddSingleton<FileDecider>();
        services.AddSingleton<Importer>();
        services.AddSingleton<ImportFiles>();
        services.AddSingleton<ImportService>();
        services.AddHostedService(provider => provider.GetRequiredService<ImportService>());
        services.AddSingleton<Exporter>();
    }
}
