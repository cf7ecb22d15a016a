using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Ledger.Web.Pages;

/// <summary>Addresses of styles, scripts and fonts that change with their content, so that browsers keep each for ever.</summary>
public static class Asset
{
    private static readonly ConcurrentDictionary<string, string> Addresses = new(StringComparer.Ordinal);

    /// <summary>The address of a file of <c>Assets</c>.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static string Address(string name) => Addresses.GetOrAdd(name, static file =>
    {
        using var stream = typeof(Asset).Assembly.GetManifestResourceStream($"Assets.{file}") ?? throw new FileNotFoundException($"There is no asset {file}.");
        return $"/assets/{file}?v={Convert.ToHexStringLower(SHA256.HashData(stream))[..12]}";
    });
}
