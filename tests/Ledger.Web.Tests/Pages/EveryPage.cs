using System.Net;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Xunit;

namespace Ledger.Web.Tests.Pages;

/// <summary>What holds for every page, whichever there are.</summary>
public class EveryPage(RunningLedger ledger)
{
    // Those that a visitor needs before or without a session.
    private static readonly string[] Open = ["sign-in", "sign-out", "language", "error/{status:int}", "help", "accessibility"];

    [Fact]
    public void asks_who_is_reading_unless_it_is_for_visitors()
    {
        Assert.True(Pages().Count > 5, "The pages were not found.");
        Assert.Equal(Open.Order(StringComparer.Ordinal), Pages().Where(p => p.Metadata.GetMetadata<IAllowAnonymous>() is not null).Select(Address).Order(StringComparer.Ordinal));
        Assert.All(Pages().Where(p => !Open.Contains(Address(p))), page => Assert.NotNull(page.Metadata.GetMetadata<IAuthorizeData>()));
    }

    [Fact]
    public async Task sends_a_visitor_to_sign_in()
    {
        using var visitor = ledger.Host.Server.CreateClient();
        foreach (var page in Pages().Where(p => !Open.Contains(Address(p))))
        {
            using var answer = await visitor.GetAsync("/" + System.Text.RegularExpressions.Regex.Replace(Address(page), @"\{[^}]*\}", "1", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)), TestContext.Current.CancellationToken);

            Assert.Equal((Address(page), HttpStatusCode.Found), (Address(page), answer.StatusCode));
            Assert.StartsWith("/sign-in?returnUrl=", answer.Headers.Location!.ToString().Replace("http://localhost", "", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void takes_no_form_that_it_did_not_give_out() => Assert.Equal(
        ["error/{status:int}"],
        Pages().Where(p => p.Metadata.GetMetadata<PageActionDescriptor>()!.FilterDescriptors.Any(f => f.Filter is IgnoreAntiforgeryTokenAttribute)
            || p.Metadata.GetMetadata<IAntiforgeryMetadata>() is { RequiresValidation: false }).Select(Address).Distinct());

    private static string Address(RouteEndpoint page) => page.RoutePattern.RawText!.TrimStart('/');

    private List<RouteEndpoint> Pages() =>
        [.. ledger.Service<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(e => e.Metadata.GetMetadata<PageActionDescriptor>() is not null)];
}
