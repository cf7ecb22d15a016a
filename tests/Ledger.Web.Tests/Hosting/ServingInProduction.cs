using Ledger.Web.Hosting;
using Ledger.Web.Store;
using Ledger.Web.Tests.Access;
using Npgsql;
using Xunit;

namespace Ledger.Web.Tests.Hosting;

/// <summary>The real program as it is run for good: in Production, at an authority, on a store that it may only write to, behind a proxy that ends TLS.</summary>
public sealed class ServingInProduction(RunningLedger ledger)
{
    private static readonly (string, string) OverTls = ("X-Forwarded-Proto", "https");

    [Fact]
    public async Task it_lets_in_whom_the_authority_names_and_nobody_else()
    {
        await using var authority = await Authority.StartAsync();
        using var temporary = new TemporaryData();
        var database = $"own_{ledger.Next()}";
        await ledger.Sql($"create database {database}");
        var administrator = new NpgsqlConnectionStringBuilder(ledger.ConnectionString) { Database = database, Pooling = false }.ConnectionString;
        await RunningStore.MakeRolesAsync(administrator);
        (string, string)[] settings =
        [
            ("ASPNETCORE_ENVIRONMENT", "Production"), ("DOTNET_ENVIRONMENT", "Production"), ("Authentication__Authority", authority.Address),
            ("Ledger__DataDirectory", temporary.Data.Location), ("Ledger__Proxies", "127.0.0.1"),
        ];
        Assert.Equal(0, (await LedgerNode.Run(["migrate"], [.. settings, ("ConnectionStrings__LedgerOwner", EmbeddedPostgres.As(LedgerRoles.Owner, administrator))])).Code);
        using var node = await LedgerNode.Start([.. settings, ("ConnectionStrings__Ledger", EmbeddedPostgres.As(LedgerRoles.Writer, administrator))]);
        var registrar = node.With(authority.Sign("ledger", ("sub", "u-1"), ("name", "Rita"), ("roles", "registrar")));

        (await registrar.Put("/api/v1/agencies/ONE", new { name = "One", kind = "agency" })).Is(201);
        Assert.Equal("One", (await node.With(authority.Sign("ledger", ("sub", "u-2"), ("name", "Anna"))).Get("/api/v1/agencies/ONE")).Is(200)["name"]);
        (await node.With(null).Get("/api/v1/agencies")).IsProblem(401, "unauthenticated");
        (await node.With(authority.Sign("somebody-else", ("sub", "u-1"), ("roles", "registrar"))).Get("/api/v1/agencies")).IsProblem(401, "unauthenticated");
        Assert.Equal(404, (await node.With(null).Send(HttpMethod.Post, "/dev/tokens", new { name = "Mallory", roles = new[] { "registrar" } })).Status);

        var page = await node.With(null).Send(HttpMethod.Get, "/sign-in", null, OverTls, ("Accept", "text/html"));
        Assert.True(page.Status < 400, page.Body);
        Assert.StartsWith("max-age=31536000", page.Headers["Strict-Transport-Security"], StringComparison.Ordinal);
        Assert.DoesNotContain("Server", page.Headers.Keys);
        Assert.All(page.Headers.GetValueOrDefault("Set-Cookie")?.Split(", ") ?? [], cookie => Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase));
        Assert.True((await node.With(null).Send(HttpMethod.Get, "/sign-in", null, ("Accept", "text/html"))).Status < 500, "Without TLS a page fails.");
    }
}
