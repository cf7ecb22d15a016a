using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Ledger.Web.Hosting;

/// <summary>
/// How large and how slow a request may be. What an endpoint reads itself it bounds itself (<see cref="RequestBody"/>, imports); this is
/// what holds everywhere, before anybody knows who is asking.
/// </summary>
internal static class RequestLimits
{
    /// <summary>The most that a request may bring where its endpoint does not allow more, in bytes.</summary>
    public const long MostBytes = 1024 * 1024;

    /// <summary>The most fields of a form.</summary>
    public const int MostFields = 1_000;

    /// <summary>Sets what the server and the forms take.</summary>
    /// <remarks>
    /// <c>Ledger:Limits:HeadersSeconds</c> is how long the headers of a request may take, <c>GraceSeconds</c> how long a body or an answer
    /// may take before it must come or be taken at <c>BytesPerSecond</c>, and <c>Connections</c> how many there may be at once.
    /// </remarks>
    public static void AddRequestLimits(this WebApplicationBuilder builder)
    {
        var settings = builder.Configuration.GetSection("Ledger:Limits");
        var headersWithin = TimeSpan.FromSeconds(Number(settings, "HeadersSeconds", 10));
        var connections = Number(settings, "Connections", 5_000);

        // The server looks once a second, and wants more than one look.
        var slowest = new MinDataRate(Number(settings, "BytesPerSecond", 240), TimeSpan.FromSeconds(Number(settings, "GraceSeconds", 5, least: 2)));
        builder.WebHost.ConfigureKestrel(server =>
        {
            // What serves the Ledger is nobody's business.
            server.AddServerHeader = false;
            var limits = server.Limits;
            limits.MaxRequestBodySize = MostBytes;
            limits.MaxRequestLineSize = 8 * 1024;
            (limits.MaxRequestHeaderCount, limits.MaxRequestHeadersTotalSize) = (64, 32 * 1024);
            (limits.MinRequestBodyDataRate, limits.MinResponseDataRate) = (slowest, slowest);
            (limits.RequestHeadersTimeout, limits.KeepAliveTimeout) = (headersWithin, TimeSpan.FromMinutes(2));
            limits.MaxConcurrentConnections = limits.MaxConcurrentUpgradedConnections = connections;
        });
        builder.Services.Configure<FormOptions>(forms =>
        {
            (forms.ValueCountLimit, forms.KeyLengthLimit, forms.ValueLengthLimit) = (MostFields, 256, (int)MostBytes);
            (forms.MultipartHeadersCountLimit, forms.MultipartHeadersLengthLimit, forms.MultipartBoundaryLengthLimit) = (16, 8 * 1024, 128);
        });
    }

    private static int Number(IConfigurationSection settings, string name, int otherwise, int least = 1) =>
        settings[name] is not { Length: > 0 } given ? otherwise
        : int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least ? number
        : throw new StartupRefusedException(string.Create(CultureInfo.InvariantCulture, $"Ledger__Limits__{name} is {given}: give a whole number, {least} or more, such as {otherwise}."));
}
