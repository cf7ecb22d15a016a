using System.Text.Json.Nodes;
using Ledger.Web.Hosting;
using Ledger.Web.Meetings;
using Microsoft.AspNetCore.Routing;
using Xunit;

namespace Ledger.Web.Tests.Documentation;

public class DescribingTheApi(RunningLedger ledger)
{
    [Fact]
    public async Task it_is_openapi_3_1_and_open_to_anybody()
    {
        var document = await Document();

        Assert.StartsWith("3.1", document.Json.Text("openapi"), StringComparison.Ordinal);
        Assert.Equal(("The Cooperation Ledger", "1.0.0", "/"), (document.Json.Text("info/title"), document.Json.Text("info/version"), document.Json.Text("servers/0/url")));
        Assert.Equal(("http", "bearer"), (document.Json.Text("components/securitySchemes/bearer/type"), document.Json.Text("components/securitySchemes/bearer/scheme")));
    }

    [Fact]
    public async Task every_route_is_described_under_a_name_of_its_own()
    {
        var document = await Document();
        var routes = ledger.Service<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.StartsWith("/api/v1/", StringComparison.Ordinal))
            .SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method => $"{method} {e.RoutePattern.RawText}"));

        Assert.Equal(routes.Order(StringComparer.Ordinal), document.Operations.Select(o => o.Route).Order(StringComparer.Ordinal));
        Assert.Equal(document.Operations.Count(), document.Operations.Select(o => o.Operation.Text("operationId")).Distinct().Count());
        Assert.All(document.Operations, o => Assert.All(["operationId", "summary", "description", "tags/0"], member => Assert.False(string.IsNullOrWhiteSpace(o.Operation.Text(member)), $"{o.Route} has no {member}.")));
        Assert.Equal([], document.Operations.Select(o => o.Operation.Text("tags/0")).Distinct().Except(document.Json["tags"]!.AsArray().Select(t => t.Text("name"))));
    }

    [Fact]
    public async Task every_parameter_is_described()
    {
        var document = await Document();
        var parameters = document.Operations.SelectMany(o => Parameters(o.Operation).Select(p => (o.Route, Parameter: p))).ToList();

        Assert.All(parameters, p => Assert.False(string.IsNullOrWhiteSpace(p.Parameter.Text("description")), $"{p.Route}: {p.Parameter.Text("name")}"));
        foreach (var endpoint in ledger.Service<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(e => e.Metadata.GetMetadata<QueryAttribute>() is not null))
        {
            var described = Parameters(document.Operation($"{endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0]} {endpoint.RoutePattern.RawText}")).Where(p => p.Text("in") == "query").Select(p => p.Text("name"));
            Assert.Equal(endpoint.Metadata.GetOrderedMetadata<QueryAttribute>().Select(q => q.Name), described);
        }
    }

    [Fact]
    public async Task every_write_says_what_it_takes_and_what_it_answers()
    {
        var document = await Document();
        foreach (var (route, operation) in document.Operations.Where(o => !o.Route.StartsWith("GET ", StringComparison.Ordinal) && o.Route != "POST /api/v1/imports"))
        {
            Assert.True(operation.Text("requestBody/content/application~json/schema/$ref") is null, route);
            Assert.NotNull(operation["requestBody"]!["content"]!["application/json"]!["schema"]);
            Assert.Equal("true", operation.Text("requestBody/required"));
            Assert.NotNull(operation["responses"]!["201"]!["content"]!["application/json"]!["schema"]);
            Assert.Equal(route.StartsWith("POST ", StringComparison.Ordinal), Required(operation).Contains("Idempotency-Key"));
            foreach (var status in new[] { "400", "401", "403", "409", "422", "503" })
                Assert.Equal($"#/components/responses/Problem{status}", operation.Text($"responses/{status}/$ref"));
        }
    }

    [Fact]
    public async Task whatever_takes_a_body_says_that_one_may_be_too_large()
    {
        var operations = (await Document()).Json["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(o => (Route: $"{o.Key} {path.Key}", Operation: o.Value!))).ToList();

        Assert.Contains(operations, o => o.Route == "post /dev/tokens");
        Assert.All(operations, o => Assert.Equal((o.Route, o.Operation["requestBody"] is not null), (o.Route, o.Operation["responses"]!["413"] is not null)));
    }

    [Fact]
    public async Task whatever_looks_at_accept_says_that_there_may_be_no_such_form()
    {
        var document = await Document();

        foreach (var path in new[] { "agencies", "agreements", "agreements/{id}/history", "agreements/{id}/brief", "events", "export" })
            Assert.NotNull(document.Operation($"GET /api/v1/{path}")["responses"]!["406"]);
    }

    [Fact]
    public async Task a_file_to_import_is_a_body_of_its_own_kind_and_is_answered_before_it_is_in()
    {
        var operation = (await Document()).Operation("POST /api/v1/imports");

        Assert.Equal([Form.JsonLines, Form.Csv], operation["requestBody"]!["content"]!.AsObject().Select(c => c.Key));
        Assert.NotNull(operation["responses"]!["202"]!["headers"]!["Location"]);
        Assert.Contains("Idempotency-Key", Required(operation));
    }

    [Fact]
    public async Task who_may_not_watch_files_being_brought_in_is_told_so()
    {
        var document = await Document();

        Assert.All(["GET /api/v1/imports", "GET /api/v1/imports/{id}"], route => Assert.NotNull(document.Operation(route)["responses"]!["403"]));
    }

    [Fact]
    public async Task an_act_of_one_agreement_demands_the_version_read()
    {
        var document = await Document();
        foreach (var (route, operation) in document.Operations)
        {
            var demands = route.StartsWith("POST /api/v1/agreements/{id}/", StringComparison.Ordinal) || route == "POST /api/v1/meetings/{id}/corrections";
            Assert.Equal((route, demands), (route, Required(operation).Contains("If-Match")));
            Assert.Equal((route, demands), (route, operation["responses"]!["428"] is not null));
        }

        Assert.Equal("false", Parameters(document.Operation("POST /api/v1/meetings/{id}/minutes-approvals")).Single(p => p.Text("name") == "If-Match").Text("required") ?? "false");
        Assert.NotNull(document.Operation("GET /api/v1/agreements/{id}")["responses"]!["304"]);
    }

    [Fact]
    public async Task an_act_alone_demands_its_day_and_an_outcome_does_not()
    {
        var document = await Document();

        Assert.Contains("signedOn", document.Schema("SignAgreement")["required"]!.AsArray().Select(x => x!.GetValue<string>()));
        Assert.DoesNotContain("signedOn", document.Schema("OutcomeSigned")["required"]!.AsArray().Select(x => x!.GetValue<string>()));
    }

    [Fact]
    public async Task every_kind_of_outcome_has_a_form()
    {
        var document = await Document();
        var forms = document.Schema("Outcome")["oneOf"]!.AsArray().Select(f => document.Follow(f!)).ToList();

        Assert.Equal(Outcome.Commands.Keys.Order(StringComparer.Ordinal), forms.Select(f => f.Text("properties/kind/const")!).Order(StringComparer.Ordinal));
        Assert.Equal(Outcome.Commands.Keys.Order(StringComparer.Ordinal), document.Schema("Outcome")["discriminator"]!["mapping"]!.AsObject().Select(m => m.Key).Order(StringComparer.Ordinal));
        Assert.Equal("OutcomeProposed", Assert.Single(forms, f => f["properties"]!["agreement"] is null).GetPath().Split('.')[^1]);
    }

    [Fact]
    public async Task a_value_is_of_one_type_or_null()
    {
        var document = await Document();
        var mixed = new List<string>();
        Collect(document.Json["components"]!["schemas"]!, mixed);

        Assert.Equal([], mixed);
        Assert.Equal(("string", "string"), (document.Schema("Day").Text("type"), document.Schema("Period").Text("type")));

        static void Collect(JsonNode? node, List<string> mixed)
        {
            if (node is JsonObject members && members["type"] is JsonArray types && types.Count(t => t!.GetValue<string>() != "null") > 1)
                mixed.Add(node.GetPath());
            foreach (var part in node switch { JsonObject o => o.Select(m => m.Value), JsonArray a => a, _ => [] })
                Collect(part, mixed);
        }
    }

    [Fact]
    public async Task every_example_is_what_the_description_says()
    {
        var document = await Document();
        var examples =
            from o in document.Operations
            from content in (o.Operation["requestBody"] is { } body ? [body] : Array.Empty<JsonNode>()).Concat(o.Operation["responses"]!.AsObject().Select(r => document.Follow(r.Value!)))
                .Select(x => x["content"]?["application/json"] ?? x["content"]?["application/problem+json"]).OfType<JsonNode>()
            from example in content["example"] is { } one ? [one] : content["examples"]?.AsObject().Select(e => e.Value!["value"]!) ?? []
            select (o.Route, Schema: content["schema"]!, Example: example);

        Assert.True(examples.Count() > 100, "The examples were not found.");
        Assert.Equal([], examples.SelectMany(e => document.Problems(e.Example, e.Schema).Select(p => $"{e.Route}: {p}")).Distinct());
    }

    [Fact]
    public async Task it_is_the_same_at_every_start()
    {
        await using var another = await ledger.Another();

        Assert.Equal((await ledger.With(null).Get("/openapi/v1.json")).Body, await another.Host.Server.CreateClient().GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken));
    }

    private async Task<ApiDocument> Document() => new((await ledger.With(null).Get("/openapi/v1.json")).Is(200).Json!);

    private static IEnumerable<JsonNode> Parameters(JsonNode operation) => operation["parameters"]?.AsArray().Select(p => p!) ?? [];

    private static IEnumerable<string?> Required(JsonNode operation) => Parameters(operation).Where(p => p.Text("required") == "true").Select(p => p.Text("name"));
}
