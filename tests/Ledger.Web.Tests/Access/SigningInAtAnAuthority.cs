using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using Xunit;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Ledger.Web.Tests.Access;

/// <summary>People sign in to the pages at a real OpenID Connect server: authorization code with PKCE, then a session of the Ledger's own.</summary>
public sealed class SigningInAtAnAuthority(RunningLedger ledger) : IAsyncDisposable
{
    private readonly List<WebApplication> _authorities = [];

    // What an authority says with its denial; null where it denies nobody.
    private string? _denial;

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
    public async Task begins_no_session_for_whoever_is_of_two_agencies()
    {
        await using var own = await Ledger(await Authority(("agency", "CNES"), ("agency", "ESA"), ("roles", "officer")));
        using var written = WrittenDownBy(own);
        var visitor = new Visitor(own.Host.Server);

        var page = await SignIn(visitor, "/agreements");

        Assert.Equal("/sign-in?failed=true", page.Address);
        Assert.StartsWith("/sign-in?returnUrl=", (await visitor.Get("/agreements")).Address, StringComparison.Ordinal);
        Failed(written, "unclear-caller", "u-1");
    }

    [Fact]
    public async Task that_was_denied_there_is_written_down_and_nothing_that_came_with_it_is()
    {
        _denial = "Telltale description";
        await using var own = await Ledger(await Authority(("agency", "CNES")));
        using var written = WrittenDownBy(own);

        Assert.Equal("/sign-in?failed=true", (await SignIn(new Visitor(own.Host.Server), "/agreements")).Address);

        Failed(written, "denied");
    }

    [Theory]
    [InlineData("error=access_denied&error_description=Telltale&state=Telltale-state")]
    [InlineData("code=Telltale-code&state=Telltale-state")]
    [InlineData("code=Telltale-code")]
    public async Task that_nobody_began_is_written_down_and_nothing_that_came_with_it_is(string answer)
    {
        await using var own = await Ledger(await Authority(("agency", "CNES")));
        using var written = WrittenDownBy(own);

        Assert.Equal("/sign-in?failed=true", (await new Visitor(own.Host.Server).Get($"/sign-in/callback?{answer}")).Address);

        Failed(written, "invalid-answer");
    }

    [Theory]
    [InlineData(".AspNetCore.Correlation.", "invalid-answer")]
    [InlineData(".AspNetCore.OpenIdConnect.Nonce.", "invalid-token")]
    public async Task that_another_browser_began_is_written_down(string lacking, string code)
    {
        await using var own = await Ledger(await Authority(("agency", "CNES")));
        using var written = WrittenDownBy(own);

        Assert.Equal("/sign-in?failed=true", (await SignIn(new Visitor(own.Host.Server, lacking), "/agreements")).Address);

        Failed(written, code);
    }

    [Fact]
    public async Task whose_code_the_authority_does_not_take_is_written_down()
    {
        await using var own = await Ledger(await Authority(("agency", "CNES")), ("Authentication:ClientSecret", "a guess"));
        using var written = WrittenDownBy(own);

        Assert.Equal("/sign-in?failed=true", (await SignIn(new Visitor(own.Host.Server), "/agreements")).Address);

        Failed(written, "provider-error");
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

    [Fact]
    public async Task gives_a_program_a_token_of_its_own()
    {
        var authority = await Authority(("agency", "CNES"), ("roles", "registrar"));
        await using var own = await Ledger(authority);

        var token = await Token(authority, ("grant_type", "client_credentials"), ("client_id", "ledger-program"), ("client_secret", "a secret of the program"));

        (await Api(own, token["access_token"]!).Put("/api/v1/agencies/CNES", new { name = "CNES", kind = "agency" })).Is(201);
        Assert.Equal("invalid_client", (await Token(authority, ("grant_type", "client_credentials"), ("client_id", "ledger-program"), ("client_secret", "a guess")))["error"]);
    }

    [Fact]
    public async Task a_code_is_of_use_only_with_the_proof_of_whoever_asked_for_it()
    {
        var authority = await Authority(("agency", "CNES"));

        Assert.Equal("invalid_grant", (await TokenByCode(authority, verifier: "somebody-else-who-has-seen-the-code-and-not-the-proof"))["error"]);
        Assert.NotNull((await TokenByCode(authority))["access_token"]);
    }

    [Fact]
    public async Task an_id_token_is_not_taken_for_an_access_token_though_both_are_for_the_same_audience()
    {
        var authority = await Authority(("agency", "CNES"), ("roles", "officer"));
        await using var own = await Ledger(authority, ("Authentication:Audience", "ledger-pages"));

        var tokens = await TokenByCode(authority);

        (await Api(own, tokens["access_token"]!).Get("/api/v1/agreements")).Is(200);
        var refused = (await Api(own, tokens["id_token"]!).Get("/api/v1/agreements")).IsProblem(401, "unauthenticated");
        Assert.StartsWith("The token says who has signed in", refused["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task goes_on_when_the_authority_has_changed_its_keys_and_what_it_signed_before_is_out_of_use()
    {
        var credentials = new[] { ("grant_type", "client_credentials"), ("client_id", "ledger-program"), ("client_secret", "a secret of the program") };
        var authority = await Authority(("agency", "CNES"), ("roles", "auditor"));
        await using var own = await Ledger(authority);
        var before = (await Token(authority, credentials))["access_token"]!;
        (await Api(own, before).Get("/api/v1/agreements")).Is(200);

        await _authorities[0].DisposeAsync();
        Assert.Equal(authority, await AuthorityAt(authority, ("agency", "CNES"), ("roles", "auditor")));

        (await Api(own, (await Token(authority, credentials))["access_token"]!).Get("/api/v1/agreements")).Is(200);
        (await Api(own, before).Get("/api/v1/agreements")).IsProblem(401, "unauthenticated");
        Assert.Equal("/agreements", (await SignIn(new Visitor(own.Host.Server), "/agreements")).Address);
    }

    // As any client does it by hand: the code comes in a redirect, and is changed for tokens with the proof.
    private static async Task<IReadOnlyDictionary<string, string>> TokenByCode(string authority, string? verifier = null)
    {
        const string Proof = "a-proof-of-forty-three-characters-or-more-than-that";
        var challenge = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(Proof)));
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        var query = $"client_id=ledger-pages&response_type=code&redirect_uri=http%3A%2F%2Flocalhost%2Fback&scope=openid&nonce=n&state=s&code_challenge={challenge}&code_challenge_method=S256";
        using var given = await http.GetAsync(new Uri($"{authority}/authorize?{query}"), TestContext.Current.CancellationToken);
        var code = System.Web.HttpUtility.ParseQueryString(given.Headers.Location!.Query)["code"]!;
        return await Token(authority, ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", "http://localhost/back"), ("client_id", "ledger-pages"), ("client_secret", "a secret of the two"), ("code_verifier", verifier ?? Proof));
    }

    private static async Task<IReadOnlyDictionary<string, string>> Token(string authority, params (string Name, string Value)[] fields)
    {
        using var http = new HttpClient();
        using var form = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        using var answer = await http.PostAsync(new Uri($"{authority}/token"), form, TestContext.Current.CancellationToken);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return json.RootElement.EnumerateObject().ToDictionary(x => x.Name, x => x.Value.ToString(), StringComparer.Ordinal);
    }

    private static WrittenDown WrittenDownBy(OwnLedger own)
    {
        var written = new WrittenDown();
        own.Host.Services.GetRequiredService<ILoggerFactory>().AddProvider(written);
        return written;
    }

    // That one sign-in failed, and no session began.
    private static void Failed(WrittenDown written, string code, string subject = "nobody")
    {
        var entry = Assert.Single(written.Entries, e => e.Id is 4000 or 4002);
        Assert.Equal((4002, code, subject), (entry.Id, entry["Code"], entry["Subject"]));
        Assert.Equal(["Code", "Remote", "Subject", "TraceId"], entry.Members.Select(m => m.Key).Where(m => m != "{OriginalFormat}").Order(StringComparer.Ordinal));
        Assert.DoesNotContain("Telltale", entry.Text, StringComparison.OrdinalIgnoreCase);
    }

    private Client Api(OwnLedger own, string token) => new(own.Host.Server.CreateClient(), token, ledger.Next);

    private static async Task<Seen> SignIn(Visitor visitor, string address)
    {
        var form = await visitor.Get(address);
        Assert.StartsWith("/sign-in", form.Address, StringComparison.Ordinal);
        var fields = new HtmlParser().ParseDocument(form.Body).QuerySelectorAll("main form input").ToDictionary(i => i.GetAttribute("name")!, i => i.GetAttribute("value") ?? "");
        return await visitor.Post("/sign-in", fields);
    }

    private Task<OwnLedger> Ledger(string authority, params (string Key, string Value)[] more) =>
        ledger.Another("", [("Authentication:Authority", authority), ("Authentication:ClientId", "ledger-pages"), ("Authentication:ClientSecret", "a secret of the two"), .. more]);

    private Task<string> Authority(params (string Name, string Value)[] claims) => AuthorityAt("http://127.0.0.1:0", claims);

    // OpenIddict keeps no accounts here: it signs in one person with the claims of the test, and checks code, PKCE and client all the same.
    private async Task<string> AuthorityAt(string address, params (string Name, string Value)[] claims)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address);
        builder.Services.AddOpenIddict().AddServer(options =>
        {
            options.EnableDegradedMode().AllowAuthorizationCodeFlow().AllowClientCredentialsFlow().RequireProofKeyForCodeExchange();
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
                if ((context.ClientId, context.ClientSecret) is not (("ledger-pages", "a secret of the two") or ("ledger-program", "a secret of the program")))
                    context.Reject(Errors.InvalidClient);
                return default;
            }));
            options.AddEventHandler<HandleAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (_denial is not null)
                    context.Reject(Errors.AccessDenied, _denial);
                context.Principal = Person("u-1", "Anna Blanc");
                context.Principal.SetScopes(context.Request.GetScopes());
                return default;
            }));
            options.AddEventHandler<HandleTokenRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.Request.IsClientCredentialsGrantType())
                    context.Principal = Person("ledger-program", "A program");
                return default;
            }));
        });
        var app = builder.Build();
        _authorities.Add(app);
        app.UseAuthentication();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app.Urls.Single();

        ClaimsPrincipal Person(string subject, string name)
        {
            var identity = new ClaimsIdentity("test", Claims.Name, Claims.Role);
            identity.SetClaim(Claims.Subject, subject).SetClaim(Claims.Name, name);
            foreach (var (claim, value) in claims)
                identity.AddClaim(claim, value);
            identity.SetDestinations(_ => [Destinations.AccessToken, Destinations.IdentityToken]);
            var principal = new ClaimsPrincipal(identity);
            principal.SetResources("ledger", "ledger-pages");
            return principal;
        }
    }

    private sealed record Seen(HttpStatusCode Status, string Address, string Body);

    /// <summary>A browser without a window: it keeps cookies and follows redirects, to the Ledger and to the authority.</summary>
    private sealed class Visitor(TestServer server, string? lacking = null)
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
            foreach (var cookie in set.Select(line => line.Split(';')[0].Split('=', 2)).Where(c => lacking is null || !c[0].StartsWith(lacking, StringComparison.Ordinal)))
                _cookies[cookie[0]] = cookie[1];
        }
    }
}
