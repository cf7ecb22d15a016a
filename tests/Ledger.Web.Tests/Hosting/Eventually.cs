using Xunit;

namespace Ledger.Web.Tests.Hosting;

/// <summary>Waits for something that happens outside of this process and announces itself to nobody.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Asks again until the answer is yes; the test fails when it never is.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, string otherwise)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience);
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await condition())
        {
            try
            {
                await again.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail(otherwise);
            }
        }
    }
}
