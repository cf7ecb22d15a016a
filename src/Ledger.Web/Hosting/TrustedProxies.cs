using System.Net;
using Microsoft.AspNetCore.HttpOverrides;

namespace Ledger.Web.Hosting;

/// <summary>From whom the Ledger takes it that a request came from another address, or by https: the proxies named in the settings alone.</summary>
internal static class TrustedProxies
{
    /// <summary>The setting: addresses and networks such as <c>10.0.0.5, 10.1.0.0/16</c>.</summary>
    public const string Setting = "Ledger:Proxies";

    /// <summary>Takes <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> from the configured proxies, and from nobody where there are none.</summary>
    /// <exception cref="StartupRefusedException">One of them is neither an address nor a network.</exception>
    public static void UseTrustedProxies(this WebApplication app)
    {
        if (Of(app.Configuration) is { } options)
            app.UseForwardedHeaders(options);
    }

    /// <summary>What the settings say; null where they name no proxy.</summary>
    internal static ForwardedHeadersOptions? Of(IConfiguration configuration)
    {
        var named = configuration[Setting]?.Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (named.Length == 0)
            return null;

        // As many proxies as there are, as long as each is known.
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var name in named)
        {
            if (IPAddress.TryParse(name, out var address))
                options.KnownProxies.Add(address);
            else if (System.Net.IPNetwork.TryParse(name, out var network))
                options.KnownIPNetworks.Add(network);
            else
                throw new StartupRefusedException($"Ledger__Proxies names {name}: give addresses and networks with commas between, such as 10.0.0.5, 10.1.0.0/16.");
        }

        return options;
    }
}
