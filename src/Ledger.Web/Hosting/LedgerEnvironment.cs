namespace Ledger.Web.Hosting;

/// <summary>What the Ledger assumes where nothing is configured: the environment and the address.</summary>
internal static class LedgerEnvironment
{
    /// <summary>The address that the Ledger listens on unless another is configured.</summary>
    public const string DefaultAddress = "http://localhost:5080";

#if DEBUG
    // A debug build is somebody trying the Ledger out from its sources.
    private const string OfThisBuild = "Development";
#else
    private const string OfThisBuild = "Production";
#endif

    /// <summary>
    /// The environment's name: <c>ASPNETCORE_ENVIRONMENT</c>, else <c>DOTNET_ENVIRONMENT</c>, else Development for a debug build
    /// (what <c>dotnet run</c> makes) and Production for a release build.
    /// </summary>
    public static string Name => Given("ASPNETCORE_ENVIRONMENT") ?? Given("DOTNET_ENVIRONMENT") ?? OfThisBuild;

    /// <summary>
    /// Listens on <see cref="DefaultAddress"/> unless an address or port is given in any of ASP.NET Core's ways
    /// (<c>ASPNETCORE_URLS</c>, <c>--urls</c>, <c>ASPNETCORE_HTTP_PORTS</c>, <c>Kestrel:Endpoints</c>).
    /// </summary>
    public static void UseDefaultAddress(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        string[] addresses = ["urls", "http_ports", "https_ports"];
        if (addresses.All(key => string.IsNullOrEmpty(configuration[key])) && !configuration.GetSection("Kestrel:Endpoints").Exists())
            builder.WebHost.UseUrls(DefaultAddress);
    }

    private static string? Given(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
