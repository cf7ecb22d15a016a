using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text;
using System.Text.Json;
using Ledger.Web.Access;
using Ledger.Web.Hosting;
using Ledger.Web.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace Ledger.Web.Tests.Access;

public sealed class SigningIn : IAsyncDisposable
{
    private readonly TemporaryData _temporary = new();
    private readonly List<WebApplication> _apps = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var app in _apps)
            await app.DisposeAsync();
        _temporary.Dispose();
    }

    [Fact]
    public async Task a_development_token_says_who_is_calling()
    {
        var client = await DevelopmentAsync();

        var token = await TokenAsync(client, """{"name": "Anna Blanc", "agency": "cnes", "roles": ["officer", "registrar"]}""");

        Assert.Equal(("Bearer", 43200), (token.GetProperty("token_type").GetString(), token.GetProperty("expires_in").GetInt32()));
        Assert.Equal(
            $"Anna Blanc of CNES: officer, registrar ({token.GetProperty("sub").GetString()})",
            await (await GetAsync(client, "/api/me", token.GetProperty("access_token").GetString())).Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task the_same_person_keeps_the_same_subject()
    {
        var client = await DevelopmentAsync();

        var first = await SubjectAsync(client, """{"name": "Anna", "agency": "CNES", "roles": ["officer"]}""");
        var again = await SubjectAsync(client, """{"name": " Anna ", "agency": "cnes", "roles": ["auditor"]}""");
        var namesake = await SubjectAsync(client, """{"name": "Anna", "agency": "ESA", "roles": ["officer"]}""");

        Assert.Equal("dev|ec6ea001618a9fee", first);
        Assert.Equal(first, again);
        Assert.NotEqual(first, namesake, StringComparer.Ordinal);
    }

    [Fact]
    public async Task a_development_token_outlives_a_restart()
    {
        var token = await TokenAsync(await DevelopmentAsync(), """{"name": "Zoe", "roles": ["auditor"]}""");

        var restarted = await DevelopmentAsync();

        var answer = await GetAsync(restarted, "/api/me", token.GetProperty("token").GetString());
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("""{"name": "", "roles": ["auditor"]}""", "/name")]
    [InlineData("""{"roles": ["auditor"]}""", "/name")]
    [InlineData("""{"name": "Anna", "roles": []}""", "/roles")]
    [InlineData("""{"name": "Anna"}""", "/roles")]
    [InlineData("""{"name": "Anna", "roles": ["auditor", "admin"]}""", "/roles/1")]
    [InlineData("""{"name": "Anna", "roles": ["officer"]}""", "/agency")]
    [InlineData("""{"name": "Anna", "agency": "C N E S", "roles": ["officer"]}""", "/agency")]
    [InlineData("""{"name": "Anna", "roles": ["auditor"], "a/b~c": 1}""", "/a~1b~0c")]
    public async Task a_token_for_nobody_in_particular_is_refused(string body, string member)
    {
        var answer = await AskAsync(await DevelopmentAsync(), body);

        var problem = await ProblemAsync(answer, HttpStatusCode.UnprocessableEntity, "validation");
        Assert.Equal(member, Assert.Single(problem.GetProperty("errors").EnumerateObject()).Name);
    }

    [Fact]
    public async Task a_name_may_have_200_characters_and_no_more()
    {
        var client = await DevelopmentAsync();

        var longest = await AskAsync(client, $$"""{"name": "{{new string('é', 200)}}", "roles": ["auditor"]}""");
        var longer = await AskAsync(client, $$"""{"name": "{{new string('é', 201)}}", "roles": ["auditor"]}""");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.UnprocessableEntity), (longest.StatusCode, longer.StatusCode));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"name": "Anna", "roles": ["auditor"]""")]
    [InlineData("""{"name": 5, "roles": ["auditor"]}""")]
    [InlineData("""{"name": "Anna", "roles": "auditor"}""")]
    [InlineData("""{"name": "Anna", "name": "Boris", "roles": ["auditor"]}""")]
    [InlineData("""{"name": "An\u0000na", "roles": ["auditor"]}""")]
    [InlineData("""{"name": "\ud800", "roles": ["auditor"]}""")]
    public async Task a_body_that_cannot_be_read_is_malformed(string body) =>
        await ProblemAsync(await AskAsync(await DevelopmentAsync(), body), HttpStatusCode.BadRequest, "malformed");

    [Fact]
    public async Task a_caller_without_a_token_is_told_where_to_get_one()
    {
        var answer = await GetAsync(await DevelopmentAsync(), "/api/me", token: null);

        var problem = await ProblemAsync(answer, HttpStatusCode.Unauthorized, "unauthenticated");
        Assert.Contains("POST /dev/tokens", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task a_caller_without_the_role_is_refused()
    {
        var client = await DevelopmentAsync();
        var officer = await TokenAsync(client, """{"name": "Anna", "agency": "CNES", "roles": ["officer"]}""");
        var registrar = await TokenAsync(client, """{"name": "Rita", "roles": ["registrar"]}""");

        var refused = await GetAsync(client, "/api/registrars", officer.GetProperty("token").GetString());
        var admitted = await GetAsync(client, "/api/registrars", registrar.GetProperty("token").GetString());

        await ProblemAsync(refused, HttpStatusCode.Forbidden, "forbidden");
        Assert.Equal(HttpStatusCode.OK, admitted.StatusCode);
    }

    [Fact]
    public async Task an_expired_token_is_called_so()
    {
        var yesterday = await DevelopmentAsync(new FakeTimeProvider(new(2020, 2, 14, 0, 0, 0, TimeSpan.Zero)));
        var token = await TokenAsync(yesterday, """{"name": "Zoe", "roles": ["auditor"]}""");

        var answer = await GetAsync(await DevelopmentAsync(), "/api/me", token.GetProperty("token").GetString());

        var problem = await ProblemAsync(answer, HttpStatusCode.Unauthorized, "unauthenticated");
        Assert.StartsWith("Your token has expired", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("Bearer error=\"invalid_token\"", answer.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task a_token_signed_by_somebody_else_is_refused()
    {
        using var elsewhere = new TemporaryData();
        var forged = DevelopmentIssuer.Of(elsewhere.Data).Sign(Zoe, TimeProvider.System.GetUtcNow());

        await ProblemAsync(await GetAsync(await DevelopmentAsync(), "/api/me", forged), HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task a_token_without_a_signature_is_refused()
    {
        var client = await DevelopmentAsync();
        var parts = DevelopmentIssuer.Of(_temporary.Data).Sign(Zoe, TimeProvider.System.GetUtcNow()).Split('.');
        var unsigned = Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""") + $".{parts[1]}.";

        await ProblemAsync(await GetAsync(client, "/api/me", unsigned), HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task the_public_key_is_not_taken_for_a_shared_secret()
    {
        var client = await DevelopmentAsync();
        var issuer = DevelopmentIssuer.Of(_temporary.Data);
        var publicKey = Encoding.UTF8.GetBytes(issuer.Key.ECDsa.ExportSubjectPublicKeyInfoPem());
        var forged = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = DevelopmentIssuer.Issuer,
            Audience = DevelopmentIssuer.Audience,
            Claims = new Dictionary<string, object>(StringComparer.Ordinal) { ["sub"] = "mallory" },
            SigningCredentials = new(new SymmetricSecurityKey(publicKey) { KeyId = issuer.Key.KeyId }, SecurityAlgorithms.HmacSha256),
        });

        await ProblemAsync(await GetAsync(client, "/api/me", forged), HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public void outside_development_an_authority_is_required()
    {
        var refusal = Assert.Throws<StartupRefusedException>(() => Build("Production"));

        Assert.Contains("Authentication__Authority", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("ASPNETCORE_ENVIRONMENT=Development", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://authority.example")]
    [InlineData("authority.example")]
    public void an_authority_without_https_is_refused(string authority)
    {
        var refusal = Assert.Throws<StartupRefusedException>(() => Build("Production", ("Authentication:Authority", authority)));

        Assert.Contains("give the authority's https address", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task with_an_authority_there_are_no_development_tokens(string environment)
    {
        await using var authority = await Authority.StartAsync();
        var inDevelopment = await DevelopmentAsync();
        var client = await StartAsync(Build(environment, ("Authentication:Authority", authority.Address)));

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(inDevelopment, """{"name": "Zoe", "roles": ["auditor"]}""")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(client, """{"name": "Zoe", "roles": ["auditor"]}""")).StatusCode);
        var own = DevelopmentIssuer.Of(_temporary.Data).Sign(Zoe, TimeProvider.System.GetUtcNow());
        await ProblemAsync(await GetAsync(client, "/api/me", own), HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task an_authority_names_agency_and_roles_in_claims_of_its_own()
    {
        await using var authority = await Authority.StartAsync();
        var client = await StartAsync(Build("Production", ("Authentication:Authority", authority.Address),
            ("Authentication:Audience", "record"), ("Authentication:AgencyClaim", "org"), ("Authentication:RolesClaim", "ledger_roles")));
        var token = authority.Sign("record", ("sub", "u-1"), ("name", "Anna"), ("org", "CNES"), ("agency", "ESA"),
            ("ledger_roles", new[] { "officer", "cook" }), ("roles", new[] { "registrar" }));

        var answer = await GetAsync(client, "/api/me", token);

        Assert.Equal("Anna of CNES: officer (u-1)", await answer.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task a_token_for_another_audience_or_without_a_subject_is_refused()
    {
        await using var authority = await Authority.StartAsync();
        var client = await StartAsync(Build("Production", ("Authentication:Authority", authority.Address)));

        Assert.Equal(HttpStatusCode.OK, (await GetAsync(client, "/api/me", authority.Sign("ledger", ("sub", "u-1")))).StatusCode);
        await ProblemAsync(
            await GetAsync(client, "/api/me", authority.Sign("café", ("sub", "u-1"))), HttpStatusCode.Unauthorized, "unauthenticated");
        var problem = await ProblemAsync(
            await GetAsync(client, "/api/me", authority.Sign("ledger", ("name", "Nobody"))), HttpStatusCode.Unauthorized, "unauthenticated");
        Assert.StartsWith("The token has no sub claim.", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task while_the_authority_is_away_no_token_is_accepted()
    {
        var authority = await Authority.StartAsync();
        await using (authority)
        {
        }

        var client = await StartAsync(Build("Production", ("Authentication:Authority", authority.Address)));

        var answer = await GetAsync(client, "/api/me", authority.Sign("ledger", ("sub", "u-1")));
        await ProblemAsync(answer, HttpStatusCode.ServiceUnavailable, "unavailable");
    }

    private static Caller Zoe => new("dev|zoe", "Zoe", null, [Roles.Auditor]);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static async Task<JsonElement> ProblemAsync(HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        var body = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(status == answer.StatusCode, $"{answer.StatusCode}: {body}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonElement.Parse(body);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal($"/docs/problems/{code}", problem.GetProperty("type").GetString());
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.All(["title", "detail", "traceId"], member => Assert.False(string.IsNullOrEmpty(problem.GetProperty(member).GetString())));
        return problem;
    }

    private static Task<HttpResponseMessage> AskAsync(HttpClient client, string body) =>
        client.PostAsync(new Uri("/dev/tokens", UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"), Cancellation);

    private static async Task<JsonElement> TokenAsync(HttpClient client, string body)
    {
        var answer = await AskAsync(client, body);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
    }

    private static async Task<string?> SubjectAsync(HttpClient client, string body) =>
        (await TokenAsync(client, body)).GetProperty("sub").GetString();

    private static async Task<HttpResponseMessage> GetAsync(HttpClient client, string path, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await client.SendAsync(request, Cancellation);
    }

    private Task<HttpClient> DevelopmentAsync(TimeProvider? clock = null) => StartAsync(Build("Development", clock));

    private async Task<HttpClient> StartAsync(WebApplication app)
    {
        _apps.Add(app);
        await app.StartAsync(Cancellation);
        return app.GetTestClient();
    }

    private WebApplication Build(string environment, params (string Key, string Value)[] settings) => Build(environment, null, settings);

    private WebApplication Build(string environment, TimeProvider? clock, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Configuration.AddConfiguration(TemporaryData.Configured(settings));
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        if (clock is not null)
            builder.Services.AddSingleton(clock);
        builder.AddLedgerAuthentication(_temporary.Data);
        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapDevelopmentTokens();
        app.MapGet("/api/me", (ClaimsPrincipal user) =>
        {
            var caller = Caller.From(user);
            var roles = string.Join(", ", caller.Roles.Order(StringComparer.Ordinal));
            return $"{caller.Name} of {caller.Agency}: {roles} ({caller.Subject})";
        }).RequireAuthorization();
        app.MapGet("/api/registrars", () => "welcome").RequireAuthorization(policy => policy.RequireRole(Roles.Registrar));
        return app;
    }
}
