using Microsoft.Extensions.Caching.Memory;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Ledger.Web.Access;

/// <summary>
/// Verifies tokens, and does not verify the same one again for a minute: the signature costs more than most answers. Only what passed is
/// remembered, never beyond its own end, so that a key withdrawn by the authority is out of use within the minute.
/// </summary>
internal sealed class VerifiedTokens : JsonWebTokenHandler, IDisposable
{
    private const int MostTokens = 10_000;

    private static readonly TimeSpan For = TimeSpan.FromMinutes(1);

    private readonly MemoryCache _verified = new(new MemoryCacheOptions { SizeLimit = MostTokens });

    /// <inheritdoc/>
    public override async Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters)
    {
        if (_verified.TryGetValue(token, out TokenValidationResult? known) && known!.SecurityToken.ValidTo + validationParameters.ClockSkew > TimeProvider.System.GetUtcNow().UtcDateTime)
            return known;

        var result = await base.ValidateTokenAsync(token, validationParameters);
        if (result.IsValid)
            _verified.Set(token, result, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = For });
        return result;
    }

    /// <inheritdoc/>
    public void Dispose() => _verified.Dispose();
}
