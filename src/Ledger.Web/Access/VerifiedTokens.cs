using Microsoft.Extensions.Caching.Memory;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Ledger.Web.Access;

/// <summary>
/// Verifies tokens, and does not verify the same one again for a minute: the signature costs more than most answers. Only what passed is
/// remembered, never beyond its own end, and only while the keys of the authority are the ones that it was verified with. A token that
/// names a key not known yet waits for the authority to be asked.
/// </summary>
internal sealed class VerifiedTokens : JsonWebTokenHandler, IDisposable
{
    private const int MostTokens = 10_000;

    private static readonly TimeSpan For = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly MemoryCache _verified = new(new MemoryCacheOptions { SizeLimit = MostTokens });
    private readonly Lock _gate = new();
    private Task _asking = Task.CompletedTask;
    private DateTimeOffset _askedAt;

    /// <inheritdoc/>
    public override async Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters)
    {
        var authority = validationParameters.ConfigurationManager;
        var keys = await Keys(authority);
        if (_verified.TryGetValue(token, out Verified? known)
            && known!.Result.SecurityToken.ValidTo + validationParameters.ClockSkew > TimeProvider.System.GetUtcNow().UtcDateTime
            && ReferenceEquals(known.Keys, keys))
            return known.Result;

        var result = await base.ValidateTokenAsync(token, validationParameters);
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException && authority is not null)
        {
            await Asked(authority, keys!);
            result = await base.ValidateTokenAsync(token, validationParameters);
        }

        if (result.IsValid)
            _verified.Set(token, new Verified(result, await Keys(authority)), new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = For });
        return result;
    }

    /// <inheritdoc/>
    public void Dispose() => _verified.Dispose();

    // What the authority last published; it is asked only where nothing is known yet. Null where the keys are our own.
    private static async Task<BaseConfiguration?> Keys(BaseConfigurationManager? authority) =>
        authority is null ? null : await authority.GetBaseConfigurationAsync(CancellationToken.None);

    // Everybody waits for the same question, and it is not asked again soon: tokens that name keys at random cost nothing.
    private Task Asked(BaseConfigurationManager authority, BaseConfiguration known)
    {
        lock (_gate)
        {
            var now = TimeProvider.System.GetUtcNow();
            if (now - _askedAt < TrustedAuthority.KeysNoSoonerThan)
                return _asking;
            _askedAt = now;
            return _asking = Others(authority, known);
        }
    }

    // The framework asks on a thread of its own and tells nobody when it has an answer.
    private static async Task Others(BaseConfigurationManager authority, BaseConfiguration known)
    {
        authority.RequestRefresh();
        using var patience = new CancellationTokenSource(Patience);
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (ReferenceEquals(known, await Keys(authority)))
        {
            try
            {
                await again.WaitForNextTickAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private sealed record Verified(TokenValidationResult Result, BaseConfiguration? Keys);
}
