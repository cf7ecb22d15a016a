using System.Net;
using System.Security.Claims;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenIddict.Abstractions;
using Xunit;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Ledger.Web.Tests.Access;

/// <summary>People sign in to the pages at a real OpenID Connect server: authorization code with PKCE, then a session of the Ledger's own.</summary>
public sealed class SigningInAtAnAuthority(RunningLedger ledger) : IAsyncDisposable
{
    private readonly List<WebApplication> _authorities = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var authority in _authorities)
            await authority.DisposeAsync();
    }

    [Fact]
    public async Task begins_a_session_with_the_agency_and_the_roles_that_the_authority_names()
    {
        await using var own = await Ledger(await Authority(("agency", "CNES"), ("roles", "officer")));
        var visitor = new Visitor(own.Host.Server);

        var page = await SignIn(visitor, "/agreements?status=InForce");

        Assert.Equal((HttpStatusCode.OK, "/agreements?status=InForce"), (page.Status, page.Address));
        Assert.Contains("Anna Blanc, CNES", page.Body, StringComparison.Ordinal);
        Assert.Contains("/record", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task grants_no_role_that_the_Ledger_does_not_have()
    {
        await using var own = await Ledger(await Authority(("roles", "administrator")));

        var page = await SignIn(new Visitor(own.Host.Server), "/agreements");

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.DoesNotContain("/record", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task that_is_refused_there_leads_back_to_a_page_that_says_so()
    {
        await using var own = await Ledger(await Authority(("agency", "")));
        var visitor = new Visitor(own.Host.Server);

        var page = await visitor.Get("/sign-in/callback?error=access_denied&state=made-up");

        Assert.Equal("/sign-in?failed=true", page.Address);
        Assert.Contains("was not completed", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task gives_nobody_development_people_to_choose_from()
    {
        await using var own = await Ledger(await Authority(("agency", "CNES")));

        var page = await new Visitor(own.Host.Server).Get("/sign-in");

        Assert.DoesNotContain("Claire Morel", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task is_a_session_that_the_API_does_not_take()
    {
        await using var own = await Ledger(await Authority(("agency", "CNES"), ("roles", "officer")));
        var visitor = new Visitor(own.Host.Server);
        await SignIn(visitor, "/agreements");

        Assert.Equal(HttpStatusCode.Unauthorized, (await visitor.Get("/api/v1/agreements")).Status);
    }

    private static async Task<Seen> SignIn(Visitor visitor, string address)
    {
        var form = await visitor.Get(address);
        Assert.StartsWith("/sign-in", form.Address, StringComparison.Ordinal);
        var fields = new HtmlParser().ParseDocument(form.Body).QuerySelectorAll("main form input").ToDictionary(i => i.GetAttribute("name")!, i => i.GetAttribute("value") ?? "");
        return await visitor.Post("/sign-in", fields);
    }

    private Task<OwnLedger> Ledger(string authority) => ledger.Another("", ("Authentication:Authority", authority), ("Authentication:ClientId", "ledger-pages"), ("Authentication:ClientSecret", "a secret of the two"));

    // OpenIddict keeps no accounts here: it signs in one person with the claims of the test, and checks code, PKCE and client all the same.
    private async Task<string> Authority(params (string Name, string Value)[] claims)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddOpenIddict().AddServer(options =>
        {
            options.EnableDegradedMode().AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
            options.SetAuthorizationEndpointUris("/authorize").SetTokenEndpointUris("/token");
            options.RegisterScopes(Scopes.OpenId, Scopes.Profile);
            options.AddEphemeralEncryptionKey().AddEphemeralSigningKey().DisableAccessTokenEncryption();
            options.UseAspNetCore().DisableTransportSecurityRequirement();
            options.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.ClientId != "ledger-pages")
                    context.Reject(Errors.InvalidClient);
                return default;
            }));
            options.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.ClientId != "ledger-pages" || context.ClientSecret != "a secret of the two")
                    context.Reject(Errors.InvalidClient);
                return default;
            }));
            options.AddEventHandler<HandleAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                var identity = new ClaimsIdentity("test", Claims.Name, Claims.Role);
                identity.SetClaim(Claims.Subject, "u-1").SetClaim(Claims.Name, "Anna Blanc");
                foreach (var (name, value) in claims)
                    identity.SetClaim(name, value);
                identity.SetDestinations(_ => [Destinations.AccessToken, Destinations.IdentityToken]);
                context.Principal = new ClaimsPrincipal(identity);
                context.Principal.SetScopes(context.Request.GetScopes());
                return default;
            }));
        });
        var app = builder.Build();
        _authorities.Add(app);
        app.UseAuthentication();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app.Urls.Single();
    }

    private sealed record Seen(HttpStatusCode Status, string Address, string Body);

    /// <summary>A browser without a window: it keeps cookies and follows redirects, to the Ledger and to the authority.</summary>
    private sealed class Visitor(TestServer server)
    {
        private static readonly HttpClient Elsewhere = new(new HttpClientHandler { AllowAutoRedirect = false });

        private readonly HttpClient _ledger = server.CreateClient();
        private readonly Dictionary<string, string> _cookies = new(StringComparer.Ordinal);

        public Task<Seen> Get(string address) => Follow(new HttpRequestMessage(HttpMethod.Get, new Uri(_ledger.BaseAddress!, address)));

        public Task<Seen> Post(string address, IReadOnlyDictionary<string, string> fields) =>
            Follow(new HttpRequestMessage(HttpMethod.Post, new Uri(_ledger.BaseAddress!, address)) { Content = new FormUrlEncodedContent(fields) });

        private async Task<Seen> Follow(HttpRequestMessage first)
        {
            for (var request = first; ;)
            {
                var isOurs = request.RequestUri!.Host == _ledger.BaseAddress!.Host;
                if (isOurs && _cookies.Count > 0)
                    request.Headers.Add("Cookie", string.Join("; ", _cookies.Select(c => $"{c.Key}={c.Value}")));
                using var response = await (isOurs ? _ledger : Elsewhere).SendAsync(request, TestContext.Current.CancellationToken);
                if (isOurs && response.Headers.TryGetValues("Set-Cookie", out var set))
                    Keep(set);
                if ((int)response.StatusCode is < 300 or >= 400)
                    return new Seen(response.StatusCode, request.RequestUri.PathAndQuery, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
                request = new HttpRequestMessage(HttpMethod.Get, new Uri(request.RequestUri, response.Headers.Location!));
            }
        }

        private void Keep(IEnumerable<string> set)
        {
            foreach (var cookie in set.Select(line => line.Split(';')[0].Split('=', 2)))
                _cookies[cookie[0]] = cookie[1];
        }
    }
}
