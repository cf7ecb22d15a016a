using System.Runtime.CompilerServices;

namespace Ledger.Web.Store;

/// <summary>Lets what is read and what is done with it go on at the same time.</summary>
internal static class ReadAhead
{
    /// <summary>The same items, the next of which is made while whoever asks is still at the one before.</summary>
    public static async IAsyncEnumerable<T> OneAhead<T>(this IAsyncEnumerable<T> items, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await using var reader = items.GetAsyncEnumerator(cancellation);
        var next = Next();
        try
        {
            while (await next)
            {
                var item = reader.Current;
                next = Next();
                yield return item;
            }
        }
        finally
        {
            // Whoever asks for no more still waits for what is under way; how that ends is no matter then.
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Task<bool> Next() => Task.Run(() => reader.MoveNextAsync().AsTask(), CancellationToken.None);
    }
}
