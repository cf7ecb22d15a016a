using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace Ledger.Web.Tests.Access;

/// <summary>An OpenID Connect authority that publishes its key and signs whatever it is asked to.</summary>
internal sealed class Authority : IAsyncDisposable
{
    private readonly WebApplication _app;
    private ECDsaSecurityKey _key = NewKey("k");
    private int _asked;

    private Authority(WebApplication app) => _app = app;

    public string Address { get; private set; } = "";

    /// <summary>What it signs with now.</summary>
    public SigningCredentials Credentials => new(_key, SecurityAlgorithms.EcdsaSha256);

    /// <summary>The public half of its key, which anybody can read.</summary>
    public string PublicKey => _key.ECDsa.ExportSubjectPublicKeyInfoPem();

    /// <summary>Whether it sends whoever asks for its keys to another address.</summary>
    public bool HasMovedItsKeys { get; set; }

    /// <summary>How often its keys were asked for.</summary>
    public int Asked => _asked;

    public static async Task<Authority> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var authority = new Authority(builder.Build());
        authority._app.MapGet("/.well-known/openid-configuration", () => Results.Json(
            new { issuer = authority.Address, jwks_uri = $"{authority.Address}/keys" }));
        authority._app.MapGet("/keys", (HttpRequest request) =>
        {
            Interlocked.Increment(ref authority._asked);
            if (authority.HasMovedItsKeys && !request.Query.ContainsKey("moved"))
                return Results.Redirect("/keys?moved=true");
            var key = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(authority._key);
            return Results.Json(new { keys = new[] { new { kty = key.Kty, crv = key.Crv, x = key.X, y = key.Y, kid = key.KeyId } } });
        });
        await authority._app.StartAsync(TestContext.Current.CancellationToken);
        authority.Address = authority._app.Urls.Single();
        return authority;
    }

    /// <summary>Signs with a new key from now on, and publishes the old one no more.</summary>
    public void ChangeKey(string id) => _key = NewKey(id);

    public string Sign(string audience, params (string Name, object Value)[] claims) => Sign(Describe(audience, claims));

    public string Sign(SecurityTokenDescriptor token) => new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(token);

    /// <summary>A token as the authority would give it, good for an hour, to be changed before it is signed.</summary>
    public SecurityTokenDescriptor Describe(string audience, params (string Name, object Value)[] claims) => new()
    {
        Issuer = Address,
        Audience = audience,
        IssuedAt = DateTime.UtcNow,
        Expires = DateTime.UtcNow.AddHours(1),
        Claims = claims.ToDictionary(x => x.Name, x => x.Value, StringComparer.Ordinal),
        SigningCredentials = Credentials,
    };

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static ECDsaSecurityKey NewKey(string id) => new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = id };
}
