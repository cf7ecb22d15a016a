using System.Net;
using Ledger.Web.Access;
using Ledger.Web.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Ledger.Web.Tests.Access;

public sealed class KeepingASession : IAsyncDisposable
{
    private readonly TemporaryData _temporary = new();
    private readonly FakeTimeProvider _clock = new(new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero));
    private WebApplication? _app;

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        _temporary.Dispose();
    }

    [Fact]
    public async Task lasts_twelve_hours_after_it_was_last_used()
    {
        var reader = await Begin();

        Assert.Equal(HttpStatusCode.OK, await reader(11));
        Assert.Equal(HttpStatusCode.OK, await reader(11));
        Assert.Equal(HttpStatusCode.Found, await (await Begin())(13));
    }

    [Fact]
    public async Task lasts_a_day_at_most_however_often_it_is_used()
    {
        var reader = await Begin();

        for (var n = 0; n < 4; n++)
            Assert.Equal(HttpStatusCode.OK, await reader(6));
        Assert.Equal(HttpStatusCode.Found, await reader(1));
    }

    // Somebody who signs in now, and reads again after so many hours with what cookies they were given.
    private async Task<Func<int, Task<HttpStatusCode>>> Begin()
    {
        using var client = await Server();
        using var signedIn = await client.GetAsync("/begin", TestContext.Current.CancellationToken);
        var cookie = Cookie(signedIn)!;
        return async hours =>
        {
            _clock.Advance(TimeSpan.FromHours(hours));
            using var again = await Server();
            using var request = new HttpRequestMessage(HttpMethod.Get, "/who");
            request.Headers.Add("Cookie", cookie);
            using var answer = await again.SendAsync(request, TestContext.Current.CancellationToken);
            cookie = Cookie(answer) ?? cookie;
            return answer.StatusCode;
        };
    }

    private static string? Cookie(HttpResponseMessage answer) => answer.Headers.TryGetValues("Set-Cookie", out var set) ? set.Single().Split(';')[0] : null;

    private async Task<HttpClient> Server()
    {
        if (_app is null)
        {
            var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
            builder.Configuration.AddConfiguration(TemporaryData.Configured(("Authentication:Authority", "https://authority.example")));
            builder.Logging.ClearProviders();
            builder.WebHost.UseTestServer();
            builder.Services.AddSingleton<TimeProvider>(_clock);
            builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
            builder.AddLedgerAuthentication(_temporary.Data);
            _app = builder.Build();
            _app.UseAuthentication();
            _app.UseAuthorization();
            _app.MapGet("/begin", http => PageSignIn.Begin(http, new Caller("u-1", "Anna", null, [Roles.Auditor])));
            _app.MapGet("/who", () => "Anna").RequireAuthorization();
            await _app.StartAsync(TestContext.Current.CancellationToken);
        }

        var client = _app.GetTestClient();
        client.BaseAddress = new Uri("https://ledger.example");
        return client;
    }
}
