using Ledger.Web.Hosting;
using Microsoft.Extensions.Configuration;

namespace Ledger.Web.Tests.Hosting;

/// <summary>A data directory that goes when the test is over.</summary>
internal sealed class TemporaryData : IDisposable
{
    private readonly string _parent = Directory.CreateTempSubdirectory("ledger-test-").FullName;

    public TemporaryData()
    {
        // The user that PostgreSQL runs as, when the tests run as root, has to pass through.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_parent, File.GetUnixFileMode(_parent) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        Data = DataDirectory.From(Configured(("Ledger:DataDirectory", Path.Combine(_parent, "data"))));
    }

    public DataDirectory Data { get; }

    public static IConfiguration Configured(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(x => KeyValuePair.Create(x.Key, (string?)x.Value))).Build();

    public void Dispose() => Directory.Delete(_parent, recursive: true);
}
