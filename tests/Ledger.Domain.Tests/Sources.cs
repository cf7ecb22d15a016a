namespace Ledger.Domain.Tests;

/// <summary>The files of the repository, wherever it is checked out.</summary>
internal static class Sources
{
    public static string Of(params ReadOnlySpan<string> folders)
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Directory.Packages.props")))
            root = Path.GetDirectoryName(root) ?? throw new DirectoryNotFoundException($"No repository lies above {AppContext.BaseDirectory}.");
        return Path.Combine([root, .. folders]);
    }

    public static IEnumerable<string> Texts(params ReadOnlySpan<string> folders) => Directory.GetFiles(Of(folders), "*.cs", SearchOption.AllDirectories)
        .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("\\obj\\", StringComparison.Ordinal))
        .Select(File.ReadAllText);
}
