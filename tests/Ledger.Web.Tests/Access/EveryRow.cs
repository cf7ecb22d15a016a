using Ledger.Web.Access;
using Ledger.Web.Tests.Documentation;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Xunit;

namespace Ledger.Web.Tests.Access;

/// <summary>What holds between the access table and all that the Ledger answers at, whichever routes and pages there are.</summary>
public class EveryRow(RunningLedger ledger)
{
    [Fact]
    public async Task knows_its_routes_and_every_route_has_one_row()
    {
        var answered = await Routes();

        Assert.True(answered.Count > 80, "The routes and pages were not found.");
        Assert.Equal([], answered.Except(AccessTable.Rows.SelectMany(row => row.Routes)));
        Assert.Equal([], AccessTable.Rows.SelectMany(row => row.Routes).Except(answered));
        Assert.Equal(answered.Count, AccessTable.Rows.Sum(row => row.Routes.Length));
    }

    [Fact]
    public async Task covers_the_description_of_the_api()
    {
        var described = new ApiDocument((await ledger.With(null).Get("/openapi/v1.json")).Is(200).Json!).Json["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(operation => $"{operation.Key.ToUpperInvariant()} {path.Key}"))
            .ToList();

        Assert.True(described.Count > 40, "The operations were not found.");
        Assert.Equal([], described.Except(AccessTable.Rows.SelectMany(row => row.Routes)));
    }

    [Fact]
    public void stands_in_the_table_once() => Assert.Equal(Enum.GetValues<Operation>(), AccessTable.Rows.Select(row => row.Operation));

    [Fact]
    public void lets_nobody_in_where_the_endpoint_asks_who_it_is_and_only_there()
    {
        foreach (var endpoint in Endpoints())
        {
            foreach (var row in AccessTable.Rows.Where(row => row.Routes.Any(route => route.EndsWith($" {Address(endpoint)}", StringComparison.Ordinal))))
                Assert.Equal((Address(endpoint), row.Nobody != Reach.Nowhere), (Address(endpoint), endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null));
        }
    }

    [Fact]
    public void gives_nobody_but_the_rows_of_everybody_more_than_a_role_has()
    {
        foreach (var row in AccessTable.Rows)
        {
            Assert.All([row.Officer, row.Registrar, row.Auditor], reach => Assert.True(reach.HasFlag(row.Reader), $"A role has less than a reader: {row.Says}"));
            Assert.True(row.Reader.HasFlag(row.Nobody), row.Says);
        }
    }

    private static string Address(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.Trim('/');

    private IEnumerable<RouteEndpoint> Endpoints() => ledger.Service<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    // A page answers GET and whatever else it has handlers for; anything else the methods that it was mapped for, or any, where GET stands for reading.
    private async Task<List<string>> Routes()
    {
        var loader = ledger.Service<PageLoader>();
        var found = new List<string>();
        foreach (var endpoint in Endpoints())
        {
            IEnumerable<string> methods = endpoint.Metadata.GetMetadata<PageActionDescriptor>() is { } page
                ? (await loader.LoadAsync(page, EndpointMetadataCollection.Empty)).HandlerMethods.Select(handler => handler.HttpMethod).Append("GET")
                : endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"];
            found.AddRange(methods.Where(method => method != "HEAD").Select(method => $"{method.ToUpperInvariant()} {Address(endpoint)}"));
        }

        return [.. found.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }
}
