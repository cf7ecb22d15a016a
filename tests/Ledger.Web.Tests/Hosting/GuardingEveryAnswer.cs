using System.Net;
using System.Text.RegularExpressions;
using Ledger.Web.Hosting;
using Ledger.Web.Tests.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Ledger.Web.Tests.Hosting;

/// <summary>What every answer tells a browser, whichever routes and pages there are.</summary>
public sealed class GuardingEveryAnswer(RunningLedger ledger)
{
    private static readonly (string Name, string Value)[] Everywhere =
    [
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ];

    // What tells a reader how the Ledger was built, or lets a page elsewhere read along.
    private static readonly string[] Nowhere = ["Server", "X-Powered-By", "X-AspNet-Version", "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Strict-Transport-Security"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task each_route_of_the_API_answers_with_every_header_whether_it_serves_or_refuses()
    {
        var document = (await ledger.With(null).Get("/openapi/v1.json")).Is(200).Json!;
        var routes = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => (operation.Key.ToUpperInvariant(), Path: path.Key))).ToList();

        Assert.True(routes.Count > 30, "The routes were not found.");
        foreach (var (method, path) in routes)
        {
            foreach (var client in new[] { ledger.Registrar, ledger.With(null) })
            {
                var answer = await client.Send(new HttpMethod(method), Filled(path), method == "GET" ? null : "{}", ("Idempotency-Key", client.NewKey()));

                IsGuarded($"{method} {path} {answer.Status}", answer.Headers);
                Assert.Contains("default-src 'none'", answer.Headers["Content-Security-Policy"], StringComparison.Ordinal);
                Assert.True(
                    answer.Headers["Cache-Control"] == "no-store" || (answer.Headers["Cache-Control"] == "no-cache, private" && method == "GET" && answer.Status == 200),
                    $"{method} {path} {answer.Status}: {answer.Headers["Cache-Control"]}");
            }
        }
    }

    [Fact]
    public async Task each_page_answers_with_every_header_and_leaves_nothing_behind()
    {
        using var reader = await Reader.SignIn(ledger, "Rita Registrar");
        using var visitor = ledger.Host.Server.CreateClient();
        var pages = ledger.Service<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(e => e.Metadata.GetMetadata<PageActionDescriptor>() is not null)
            .Select(e => "/" + Filled(e.RoutePattern.RawText!.TrimStart('/'))).Distinct().ToList();

        Assert.True(pages.Count > 5, "The pages were not found.");
        foreach (var page in pages)
        {
            foreach (var client in new[] { reader, visitor })
            {
                using var answer = await client.GetAsync(page, Cancellation);
                var headers = Headers(answer);

                IsGuarded($"{page} {answer.StatusCode}", headers);
                Assert.DoesNotContain("unsafe", headers["Content-Security-Policy"], StringComparison.Ordinal);
                Assert.Contains("frame-ancestors 'none'", headers["Content-Security-Policy"], StringComparison.Ordinal);
                Assert.True(headers["Cache-Control"].Contains("no-store", StringComparison.Ordinal), $"{page}: {headers["Cache-Control"]}");
            }
        }
    }

    [Theory]
    [InlineData("/assets/ledger.css", "public, no-cache")]
    [InlineData("/assets/nothing.css", "no-store, no-cache")]
    [InlineData("/docs", "public, no-cache")]
    [InlineData("/docs/problems", "public, no-cache")]
    [InlineData("/docs/problems/forbidden", "public, no-cache")]
    [InlineData("/openapi/v1.json", "public, no-cache")]
    [InlineData("/health/live", "no-store, no-cache")]
    [InlineData("/health/ready", "no-store, no-cache")]
    [InlineData("/deadlines/calendar/guessed.ics", "no-store, no-cache")]
    [InlineData("/api/v2/nothing", "no-store")]
    [InlineData("/nothing", "no-store, no-cache")]
    public async Task what_is_neither_a_route_nor_a_page_is_guarded_too(string address, string keeping)
    {
        using var client = ledger.Host.Server.CreateClient();
        using var answer = await client.GetAsync(address, Cancellation);

        IsGuarded(address, Headers(answer));
        Assert.Equal(keeping, Headers(answer)["Cache-Control"]);
    }

    [Fact]
    public async Task an_agreement_can_be_asked_for_again_by_its_version_and_is_kept_by_its_reader_alone()
    {
        var (one, two) = (await ledger.Agency(), await ledger.Agency());
        var made = (await ledger.Registrar.Post("/api/v1/agreements", new { title = "Kept", parties = new[] { one, two }, proposedOn = "2020-02-14" })).Is(201);
        Assert.Equal("no-store", made.Headers["Cache-Control"]);

        var first = (await ledger.Registrar.Get(made.Headers["Location"].Split('?')[0])).Is(200);
        var again = (await ledger.Registrar.Get(made.Headers["Location"].Split('?')[0], ifNoneMatch: first.ETag)).Is(304);

        Assert.All([first, again], answer => Assert.Equal("no-cache, private", answer.Headers["Cache-Control"]));
    }

    [Theory]
    [InlineData("/api/v1/agreements", "POST")]
    [InlineData("/api/v1/agreements", "GET")]
    [InlineData("/dev/tokens", "POST")]
    [InlineData("/agreements", "GET")]
    [InlineData("/openapi/v1.json", "GET")]
    public async Task a_page_elsewhere_is_allowed_nothing(string address, string method)
    {
        using var client = ledger.Host.Server.CreateClient();
        foreach (var origin in new[] { "https://elsewhere.example", "null", "http://localhost" })
        {
            using var preflight = new HttpRequestMessage(HttpMethod.Options, address);
            preflight.Headers.Add("Origin", origin);
            preflight.Headers.Add("Access-Control-Request-Method", method);
            preflight.Headers.Add("Access-Control-Request-Headers", "authorization, content-type");
            using var answer = await client.SendAsync(preflight, Cancellation);

            Assert.False(answer.IsSuccessStatusCode, $"{address} answers a preflight with {answer.StatusCode}.");
            Assert.DoesNotContain(Headers(answer).Keys, name => name.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
        }
    }

    [Theory]
    [InlineData("Production", "https", true)]
    [InlineData("Production", "http", false)]
    [InlineData("Development", "https", false)]
    public async Task a_browser_that_came_by_https_is_told_to_come_by_nothing_else(string environment, string scheme, bool isTold)
    {
        await using var app = await Small(environment, _ => { });
        using var client = app.GetTestClient();

        using var answer = await client.GetAsync($"{scheme}://ledger.example/", Cancellation);

        Assert.Equal(isTold ? "max-age=31536000; includeSubDomains" : null, Headers(answer).GetValueOrDefault("Strict-Transport-Security"));
    }

    [Fact]
    public async Task an_answer_that_failed_half_way_loses_no_header()
    {
        await using var app = await Small("Production", app =>
        {
            app.UseExceptionHandler(errors => errors.Run(http => http.Response.WriteAsync("failed", Cancellation)));
            app.MapGet("/fails", IResult (HttpContext http) =>
            {
                http.Response.Headers.ContentSecurityPolicy = "default-src *";
                throw new InvalidOperationException("On purpose.");
            });
        });
        using var client = app.GetTestClient();

        using var answer = await client.GetAsync("https://ledger.example/fails", Cancellation);

        Assert.Equal((HttpStatusCode.InternalServerError, "failed"), (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation)));
        Assert.All(Everywhere, header => Assert.Equal(header.Value, Headers(answer)[header.Name]));
        Assert.Contains("default-src 'none'", Headers(answer)["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Contains("max-age", Headers(answer)["Strict-Transport-Security"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_request_under_a_name_that_is_not_ours_is_refused()
    {
        await using var own = await ledger.Another("", ("AllowedHosts", "ledger.example;localhost"));
        using var client = own.Host.Server.CreateClient();

        using var ours = await client.GetAsync("http://ledger.example/health/live", Cancellation);
        using var theirs = await client.GetAsync("http://evil.example/health/live", Cancellation);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.BadRequest), (ours.StatusCode, theirs.StatusCode));
        Assert.Equal("", await theirs.Content.ReadAsStringAsync(Cancellation));
    }

    private static void IsGuarded(string what, IReadOnlyDictionary<string, string> headers)
    {
        foreach (var (name, value) in Everywhere)
            Assert.Equal((what, name, value), (what, name, headers.GetValueOrDefault(name)));
        Assert.True(headers.GetValueOrDefault("Referrer-Policy") is "same-origin" or "no-referrer", what);
        Assert.True(headers.ContainsKey("Content-Security-Policy") && headers.ContainsKey("Cache-Control"), what);
        Assert.All(Nowhere, name => Assert.False(headers.ContainsKey(name), $"{what} says {name}."));
    }

    private static string Filled(string pattern) => Regex.Replace(pattern, @"\{[^}]*\}", "1", RegexOptions.None, TimeSpan.FromSeconds(1));

    private static Dictionary<string, string> Headers(HttpResponseMessage answer) =>
        answer.Headers.Concat(answer.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);

    // The headers alone, in whichever environment; the whole Ledger in production has an authority and a store of its own.
    private static async Task<WebApplication> Small(string environment, Action<WebApplication> more)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        var app = builder.Build();
        app.UseSecurityHeaders();
        app.MapGet("/", () => "here");
        more(app);
        await app.StartAsync(Cancellation);
        return app;
    }
}
