using System.Net;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ledger.Web.Access;
using Ledger.Web.Hosting;
using Ledger.Web.Pages;
using Ledger.Web.Tests.Hosting;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using Npgsql;
using Xunit;

namespace Ledger.Web.Tests.Access;

/// <summary>Which tokens of a configured authority are taken, and which are not.</summary>
public sealed class TrustingAnAuthority : IAsyncLifetime
{
    private readonly TemporaryData _temporary = new();
    private Authority _authority = null!;
    private WebApplication? _app;

    public async ValueTask InitializeAsync() => _authority = await Authority.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        await _authority.DisposeAsync();
        _temporary.Dispose();
    }

    [Fact]
    public async Task a_token_is_good_thirty_seconds_before_and_after_its_time_and_no_longer()
    {
        var client = await Ledger();
        var now = DateTime.UtcNow;

        Assert.Equal("Anna", await Name(client, Times(now.AddSeconds(20), now.AddHours(1))));
        Assert.Equal("Anna", await Name(client, Times(null, now.AddSeconds(-5))));
        await Refused(client, Times(now.AddMinutes(2), now.AddHours(1)));
        await Refused(client, Times(null, now.AddSeconds(-31)), "Your token has expired");
    }

    [Fact]
    public async Task a_token_without_an_end_is_refused() => await Refused(await Ledger(), Times(null, null));

    [Fact]
    public async Task a_token_that_ends_before_it_begins_is_refused()
    {
        var now = DateTime.UtcNow;
        await Refused(await Ledger(), Times(now.AddSeconds(20), now.AddSeconds(-20)));
    }

    [Fact]
    public async Task a_token_of_another_issuer_is_refused_though_the_key_is_right()
    {
        var token = Described();
        token.Issuer = "https://elsewhere.example";

        await Refused(await Ledger(), _authority.Sign(token));
    }

    [Theory]
    [InlineData("other")]
    [InlineData("LEDGER")]
    [InlineData("ledger ")]
    [InlineData("")]
    public async Task a_token_for_another_audience_is_refused(string audience) => await Refused(await Ledger(), _authority.Sign(audience, Anna));

    [Fact]
    public async Task one_of_several_audiences_is_enough()
    {
        var token = Described();
        (token.Audience, token.Claims["aud"]) = (null, new[] { "other", "ledger" });

        Assert.Equal("Anna", await Name(await Ledger(), _authority.Sign(token)));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("NONE")]
    public async Task a_token_without_a_signature_is_refused(string algorithm)
    {
        var client = await Ledger();
        var body = _authority.Sign("ledger", Anna).Split('.')[1];
        var header = Base64UrlEncoder.Encode($$"""{"alg":"{{algorithm}}","typ":"JWT"}""");

        await Refused(client, $"{header}.{body}.");
        await Refused(client, $"{header}.{body}.AAAA");
    }

    [Fact]
    public async Task the_public_key_is_not_taken_for_a_shared_secret()
    {
        var token = Described();
        token.SigningCredentials = new(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(_authority.PublicKey)) { KeyId = "k" }, SecurityAlgorithms.HmacSha256);

        await Refused(await Ledger(), _authority.Sign(token));
    }

    [Fact]
    public async Task a_key_that_the_token_brings_along_is_not_believed()
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = own.ExportParameters(includePrivateParameters: false).Q;
        var token = Described();
        token.SigningCredentials = new(new ECDsaSecurityKey(own) { KeyId = "k" }, SecurityAlgorithms.EcdsaSha256);
        token.AdditionalHeaderClaims = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["jwk"] = new Dictionary<string, object>(StringComparer.Ordinal) { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Base64UrlEncoder.Encode(point.X!), ["y"] = Base64UrlEncoder.Encode(point.Y!) },
            ["jku"] = $"{_authority.Address}/keys",
        };

        await Refused(await Ledger(), _authority.Sign(token));
    }

    [Fact]
    public async Task a_token_whose_claims_were_changed_is_refused()
    {
        var parts = _authority.Sign("ledger", Anna).Split('.');
        var claims = Base64UrlEncoder.Decode(parts[1]).Replace("\"u-1\"", "\"u-2\"", StringComparison.Ordinal);

        await Refused(await Ledger(), $"{parts[0]}.{Base64UrlEncoder.Encode(claims)}.{parts[2]}");
    }

    [Theory]
    [InlineData("at+jwt")]
    [InlineData("application/at+jwt")]
    [InlineData("JWT")]
    public async Task an_access_token_is_known_by_its_type(string type)
    {
        var token = Described();
        token.TokenType = type;

        Assert.Equal("Anna", await Name(await Ledger(), _authority.Sign(token)));
    }

    [Theory]
    [InlineData("logout+jwt")]
    [InlineData("dpop+jwt")]
    [InlineData("secevent+jwt")]
    [InlineData("oauth-authz-req+jwt")]
    public async Task a_token_of_another_kind_is_refused(string type)
    {
        var token = Described();
        token.TokenType = type;

        await Refused(await Ledger(), _authority.Sign(token));
    }

    [Theory]
    [InlineData("nonce")]
    [InlineData("at_hash")]
    [InlineData("c_hash")]
    [InlineData("typ", "ID")]
    [InlineData("token_use", "id")]
    public async Task a_token_that_says_who_has_signed_in_is_no_access_token(string claim, string value = "MTIz")
    {
        var idToken = _authority.Sign("ledger", [.. Anna, (claim, value)]);

        await Refused(await Ledger(), idToken, "The token says who has signed in and is not for this API: send the access token.");
    }

    [Fact]
    public async Task where_the_authority_marks_its_access_tokens_the_settings_can_ask_for_the_mark()
    {
        var client = await Ledger(("TokenTypes", "at+jwt"));
        var marked = Described();
        marked.TokenType = "at+jwt";

        Assert.Equal("Anna", await Name(client, _authority.Sign(marked)));
        await Refused(client, _authority.Sign(Described()));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public async Task a_token_without_a_subject_is_refused(string subject) =>
        await Refused(await Ledger(), _authority.Sign("ledger", ("sub", subject), ("name", "Anna")), "The token has no sub claim.");

    [Fact]
    public async Task a_new_key_is_fetched_when_a_token_names_it_and_the_old_one_goes_out_of_use()
    {
        var client = await Ledger();
        var (old, another) = (_authority.Sign("ledger", Anna), _authority.Sign("ledger", [.. Anna, ("n", 2)]));
        Assert.Equal("Anna", await Name(client, old));

        _authority.ChangeKey("k2");

        Assert.Equal("Anna", await Name(client, _authority.Sign("ledger", Anna)));
        await Refused(client, old);
        await Refused(client, another);
    }

    [Fact]
    public async Task keys_that_nobody_has_do_not_make_the_Ledger_ask_again_and_again()
    {
        var client = await Ledger();
        Assert.Equal("Anna", await Name(client, _authority.Sign("ledger", Anna)));
        var before = _authority.Asked;

        for (var n = 0; n < 20; n++)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var token = Described();
            token.SigningCredentials = new(new ECDsaSecurityKey(key) { KeyId = $"made-up-{n}" }, SecurityAlgorithms.EcdsaSha256);
            await Refused(client, _authority.Sign(token));
        }

        Assert.InRange(_authority.Asked - before, 1, 2);
    }

    [Theory]
    [InlineData("roles", "roles", """["officer","registrar"]""")]
    [InlineData("roles", "roles", "\"officer registrar\"")]
    [InlineData("/realm_access/roles", "realm_access", """{"roles":["registrar","officer","offline_access"]}""")]
    [InlineData("/resource_access/the~1ledger/roles", "resource_access", """{"the/ledger":{"roles":"registrar officer"}}""")]
    [InlineData("https://authority.example/roles", "https://authority.example/roles", """["officer","registrar"]""")]
    public async Task roles_are_found_where_the_settings_say(string setting, string claim, string value)
    {
        var client = await Ledger(("RolesClaim", setting));

        Assert.Equal("Anna: officer registrar", await Ask(client, _authority.Sign("ledger", [.. Anna, (claim, JsonElement.Parse(value))])));
    }

    [Theory]
    [InlineData("realm_access", """{"roles":{"officer":true}}""")]
    [InlineData("realm_access", """{"groups":["officer"]}""")]
    [InlineData("realm_access", "\"officer\"")]
    [InlineData("realm_access", "\"{\"")]
    [InlineData("roles", """["officer"]""")]
    [InlineData("/realm_access/roles", """["officer"]""")]
    public async Task nothing_else_is_taken_for_roles(string claim, string value)
    {
        var client = await Ledger(("RolesClaim", "/realm_access/roles"));

        Assert.Equal("Anna", await Ask(client, _authority.Sign("ledger", [.. Anna, (claim, JsonElement.Parse(value))])));
    }

    [Fact]
    public async Task the_settings_say_what_the_authority_calls_a_role()
    {
        var client = await Ledger(("RoleNames:registrar", "Ledger Registrars"), ("RolesClaim", "groups"));

        Assert.Equal("Anna: registrar", await Ask(client, _authority.Sign("ledger", [.. Anna, ("groups", new[] { "Ledger Registrars", "registrar", "Everybody" })])));
        Assert.Equal("Anna: officer", await Ask(client, _authority.Sign("ledger", [.. Anna, ("groups", new[] { "registrar", "officer" })])));
    }

    [Fact]
    public async Task an_authority_is_followed_to_no_other_address()
    {
        _authority.HasMovedItsKeys = true;
        var client = await Ledger();

        using var answer = await Send(client, _authority.Sign(Described()));

        Assert.NotEqual(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(_authority.Asked > 0);
    }

    [Fact]
    public async Task a_token_that_names_two_agencies_is_refused() =>
        await Refused(await Ledger(), _authority.Sign("ledger", [.. Anna, ("agency", new[] { "CNES", "ESA" })]), "The token names more than one agency in agency.");

    [Theory]
    [InlineData("Production", "__Host-", true)]
    [InlineData("Development", "", false)]
    public void outside_Development_a_browser_takes_session_and_form_by_https_alone(string environment, string prefix, bool isSecureByHttp)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Configuration.AddConfiguration(TemporaryData.Configured(("Authentication:Authority", _authority.Address)));
        builder.AddLedgerAuthentication(_temporary.Data);
        builder.AddLedgerPages();
        builder.Services.AddSingleton(_ => NpgsqlDataSource.Create(StoreConnection.None.ConnectionString));

        using var services = builder.Services.BuildServiceProvider();
        var session = services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(CookieAuthenticationDefaults.AuthenticationScheme).Cookie;
        var form = services.GetRequiredService<IOptions<AntiforgeryOptions>>().Value.Cookie;

        Assert.Equal(($"{prefix}ledger-session", SameSiteMode.Lax), (session.Name!, session.SameSite));
        Assert.Equal(($"{prefix}ledger-form", SameSiteMode.Strict), (form.Name!, form.SameSite));
        Assert.All([session, form], cookie =>
        {
            Assert.True(cookie.HttpOnly);
            Assert.Equal((true, isSecureByHttp), (IsSecure(cookie, "https"), IsSecure(cookie, "http")));
        });

        static bool IsSecure(CookieBuilder cookie, string scheme)
        {
            var http = new DefaultHttpContext();
            http.Request.Scheme = scheme;
            return cookie.Build(http).Secure;
        }
    }

    private static (string, object)[] Anna => [("sub", "u-1"), ("name", "Anna")];

    private SecurityTokenDescriptor Described() => _authority.Describe("ledger", Anna);

    private string Times(DateTime? from, DateTime? to)
    {
        var token = Described();
        (token.NotBefore, token.Expires) = (from, to);
        return _authority.Sign(token);
    }

    private static async Task<string> Name(HttpClient client, string token) => (await Ask(client, token)).Split(':')[0];

    private static async Task<string> Ask(HttpClient client, string token)
    {
        using var answer = await Send(client, token);
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, body);
        return body;
    }

    private static async Task Refused(HttpClient client, string token, string sentence = "Your token is not one that this Ledger accepts")
    {
        using var answer = await Send(client, token);
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, $"{answer.StatusCode}: {body}");
        Assert.Equal("Bearer error=\"invalid_token\"", answer.Headers.WwwAuthenticate.ToString());
        var problem = JsonElement.Parse(body);
        Assert.Equal("unauthenticated", problem.GetProperty("code").GetString());
        Assert.StartsWith(sentence, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> Send(HttpClient client, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/me");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private async Task<HttpClient> Ledger(params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Configuration.AddConfiguration(TemporaryData.Configured(
            [("Authentication:Authority", _authority.Address), .. settings.Select(s => ($"Authentication:{s.Key}", s.Value))]));
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        builder.AddLedgerAuthentication(_temporary.Data);
        _app = builder.Build();
        _app.UseAuthentication();
        _app.UseAuthorization();
        _app.MapGet("/api/me", (ClaimsPrincipal user) =>
        {
            var caller = Caller.From(user);
            return string.Join(": ", new[] { caller.Name, string.Join(' ', caller.Roles.Order(StringComparer.Ordinal)) }.Where(x => x.Length > 0));
        }).RequireAuthorization();
        await _app.StartAsync(TestContext.Current.CancellationToken);
        return _app.GetTestClient();
    }
}
