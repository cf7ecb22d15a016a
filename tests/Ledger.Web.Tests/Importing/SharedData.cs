using Ledger.Web.Tests.Documentation;

namespace Ledger.Web.Tests.Importing;

/// <summary>Records that lie beside the repository and are no part of it.</summary>
internal static class SharedData
{
    /// <summary>The folder <c>shared/data</c> beside the repository; null where there is none.</summary>
    public static string? Folder { get; } = Find();

    private static string? Find()
    {
        for (var above = Directory.GetParent(Repository.Path()); above is not null; above = above.Parent)
        {
            var folder = Path.Combine(above.FullName, "shared", "data");
            if (Directory.Exists(folder))
                return folder;
        }

        return null;
    }
}
