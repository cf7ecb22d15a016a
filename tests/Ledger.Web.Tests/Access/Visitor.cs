using System.Globalization;
using System.Net;
using System.Security.Claims;
using Ledger.Web.Access;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Ledger.Web.Tests.Access;

/// <summary>Whoever may come, by the columns of the access table.</summary>
internal static class Visitor
{
    /// <summary>The columns.</summary>
    public static readonly string[] All = ["nobody", "reader", "auditor", "officer", "registrar"];

    /// <summary>Somebody of a column who acts for an agency; null for nobody.</summary>
    public static Caller? Of(string column, string agency) => column switch
    {
        "nobody" => null,
        "reader" => new($"test|reader of {agency}", "Rosa Reader", agency, []),
        _ => new($"test|{column} of {agency}", $"Vera of {agency}", agency, [column]),
    };

    /// <summary>The cell of a row in a column.</summary>
    public static Reach CellOf(this AccessRow row, string column) => column switch
    {
        "nobody" => row.Nobody,
        "reader" => row.Reader,
        "auditor" => row.Auditor,
        "officer" => row.Officer,
        _ => row.Registrar,
    };

    /// <summary>Talks to the API as somebody.</summary>
    public static Client Api(this RunningLedger ledger, Caller? caller) =>
        ledger.With(caller is null ? null : ledger.Service<DevelopmentIssuer>().Sign(caller, ledger.Service<TimeProvider>().GetUtcNow()));

    /// <summary>Asks for a page in somebody's session, or without one; where it leads is in the header <c>Location</c>.</summary>
    public static async Task<Reply> Page(this IServiceProvider services, Caller? caller, HttpMethod method, string path)
    {
        using var http = ((TestServer)services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>()).CreateClient();
        using var request = new HttpRequestMessage(method, path);
        if (caller is not null)
            request.Headers.Add("Cookie", Session(services, caller));
        if (method == HttpMethod.Post)
            request.Content = new FormUrlEncodedContent([]);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return new Reply(
            (int)response.StatusCode,
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Whether a page has sent its visitor to sign in.</summary>
    public static bool LeadsToSignIn(this Reply reply) =>
        reply.Status == (int)HttpStatusCode.Found && reply.Headers["Location"].Contains("/sign-in?returnUrl=", StringComparison.Ordinal);

    private static string Session(IServiceProvider services, Caller caller)
    {
        const string scheme = CookieAuthenticationDefaults.AuthenticationScheme;
        var options = services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(scheme);
        List<Claim> claims = [new("sub", caller.Subject), new("name", caller.Name), .. caller.Roles.Select(role => new Claim("roles", role))];
        if (caller.Agency is not null)
            claims.Add(new("agency", caller.Agency));
        var properties = new AuthenticationProperties { Items = { [PageSignIn.Began] = TimeProvider.System.GetUtcNow().ToString("O", CultureInfo.InvariantCulture) } };
        var ticket = new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(claims, scheme, "name", "roles")), properties, scheme);
        return $"{options.Cookie.Name}={options.TicketDataFormat.Protect(ticket)}";
    }
}
