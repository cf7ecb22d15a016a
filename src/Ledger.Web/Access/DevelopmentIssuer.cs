using System.Security.Cryptography;
using System.Text;
using Ledger.Web.Hosting;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Ledger.Web.Access;

/// <summary>Signs tokens on the machine itself, for trying the Ledger out without an authority. It exists in Development only.</summary>
internal sealed class DevelopmentIssuer
{
    /// <summary>The issuer named in its tokens.</summary>
    public const string Issuer = "ledger-development";

    /// <summary>The audience named in its tokens.</summary>
    public const string Audience = "ledger";

    /// <summary>How long a token is good for.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    private DevelopmentIssuer(ECDsaSecurityKey key) => Key = key;

    /// <summary>The key (P-256) that signs the tokens.</summary>
    public ECDsaSecurityKey Key { get; }

    /// <summary>The issuer of this data directory. Its key is made on the first start and kept, so that tokens outlive a restart.</summary>
    /// <exception cref="StartupRefusedException">The key cannot be kept or read.</exception>
    public static DevelopmentIssuer Of(DataDirectory directory)
    {
        if (!File.Exists(directory.SigningKeyPath))
        {
            using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            directory.KeepSecret(directory.SigningKeyPath, made.ExportPkcs8PrivateKeyPem());
        }

        var kept = ECDsa.Create();
        try
        {
            kept.ImportFromPem(File.ReadAllText(directory.SigningKeyPath));
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException or IOException or UnauthorizedAccessException)
        {
            kept.Dispose();
            throw new StartupRefusedException(
                $"No signing key can be read from {directory.SigningKeyPath}: delete that file, start again and ask for new development tokens.", e);
        }

        var key = new ECDsaSecurityKey(kept);
        key.KeyId = Base64UrlEncoder.Encode(key.ComputeJwkThumbprint());
        return new(key);
    }

    /// <summary>The subject of a development token: the same for the same name and agency, on every machine.</summary>
    public static string SubjectOf(string name, string? agency) =>
        "dev|" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{name}\n{agency}")))[..16];

    /// <summary>A signed token for this caller, good for <see cref="Lifetime"/> from the given instant.</summary>
    public string Sign(Caller caller, DateTimeOffset at)
    {
        var claims = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            [LedgerClaims.Subject] = caller.Subject,
            [LedgerClaims.Name] = caller.Name,
            [LedgerClaims.Roles] = caller.Roles.Order(StringComparer.Ordinal).ToArray(),
        };
        if (caller.Agency is not null)
            claims[LedgerClaims.Agency] = caller.Agency;
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Audience,
            IssuedAt = at.UtcDateTime,
            NotBefore = at.UtcDateTime,
            Expires = at.UtcDateTime + Lifetime,
            Claims = claims,
            SigningCredentials = new(Key, SecurityAlgorithms.EcdsaSha256),
        });
    }
}
