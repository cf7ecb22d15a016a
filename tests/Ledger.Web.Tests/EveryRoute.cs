using System.Reflection;
using Microsoft.AspNetCore.Routing;
using Xunit;

namespace Ledger.Web.Tests;

/// <summary>What holds for every route under /api/v1, whichever there are.</summary>
public class EveryRoute(RunningLedger ledger)
{
    [Fact]
    public void has_tests_that_say_so()
    {
        var covered = typeof(EveryRoute).Assembly.GetTypes().SelectMany(x => x.GetCustomAttributes<CoversAttribute>()).Select(x => x.Route).ToHashSet();

        Assert.True(Routes().Count > 30, "The endpoints were not found.");
        Assert.Equal([], Routes().Where(route => !covered.Contains(route)));
        Assert.Equal([], covered.Where(route => !Routes().Contains(route)));
    }

    [Fact]
    public async Task asks_who_is_calling()
    {
        foreach (var route in Routes())
        {
            var reply = await Send(ledger.With(null), route);

            reply.IsProblem(401, "unauthenticated");
            Assert.StartsWith("Bearer", reply.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task refuses_a_token_that_somebody_made_up()
    {
        foreach (var route in Routes())
            (await Send(ledger.With("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm5hIn0."), route)).IsProblem(401, "unauthenticated");
    }

    [Fact]
    public async Task refuses_parameters_that_it_does_not_know_by_name()
    {
        foreach (var route in Routes())
        {
            var reply = await Send(ledger.Registrar, route, "?recordedAt=2001-01-01T00:00:00Z");

            reply.IsProblem(400, "malformed");
            Assert.Contains("\"recordedAt\"", reply["detail"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task refuses_methods_that_it_does_not_have() =>
        (await ledger.Registrar.Send(HttpMethod.Delete, "/api/v1/agreements", null)).IsProblem(405, "method-not-allowed");

    [Fact]
    public async Task is_named_in_full() => (await ledger.Registrar.Get("/api/v1/agreement")).IsProblem(404, "not-found");

    private List<string> Routes() =>
    [
        .. ledger.Service<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.StartsWith("/api/v1/", StringComparison.Ordinal))
            .SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method => $"{method} {e.RoutePattern.RawText}"))
            .Order(StringComparer.Ordinal),
    ];

    private static Task<Reply> Send(Client client, string route, string query = "")
    {
        var (method, pattern) = (route.Split(' ')[0], route.Split(' ')[1]);
        var path = System.Text.RegularExpressions.Regex.Replace(pattern, @"\{\w+\}", "X", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));
        var isRead = method == "GET";

        // A body that every route's reader gets past is not needed: the question comes before it, or it is asked of the body too.
        return client.Send(new HttpMethod(method), path + query, isRead ? null : Writes.BodyFor(route), ("Idempotency-Key", isRead ? null : client.NewKey()), ("If-Match", isRead ? null : "*"));
    }
}
