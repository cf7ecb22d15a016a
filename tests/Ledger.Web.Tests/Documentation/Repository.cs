using Xunit;

namespace Ledger.Web.Tests.Documentation;

/// <summary>The files of the repository, wherever it is checked out.</summary>
internal static class Repository
{
    /// <summary>A file or folder of the repository.</summary>
    public static string Path(params ReadOnlySpan<string> steps)
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(System.IO.Path.Combine(root, "Directory.Packages.props")))
            root = System.IO.Path.GetDirectoryName(root) ?? throw new DirectoryNotFoundException($"No repository lies above {AppContext.BaseDirectory}.");
        return System.IO.Path.Combine([root, .. steps]);
    }

    /// <summary>The sources of a project, but for those in a folder of this name.</summary>
    public static IEnumerable<string> Sources(string project, string except = "obj") => Directory.GetFiles(Path("src", project), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Split(System.IO.Path.DirectorySeparatorChar).Any(step => step == "obj" || step == except))
        .Select(File.ReadAllText);

    /// <summary>Holds a page that is made from the code against the one that is committed; with LEDGER_WRITE_DOCS=1 it is written instead.</summary>
    public static void IsKeptIn(string made, params ReadOnlySpan<string> file)
    {
        var path = Path(file);
        if (Environment.GetEnvironmentVariable("LEDGER_WRITE_DOCS") == "1")
            File.WriteAllText(path, made);

        Assert.True(File.ReadAllText(path) == made, $"{path} is not what the code says. Run the tests with LEDGER_WRITE_DOCS=1, read the difference and commit it.");
    }
}
