using AngleSharp.Html.Parser;
using Ledger.Web.Access;
using Xunit;

namespace Ledger.Web.Tests.Pages;

public class ReadingTheRegister(RunningLedger ledger)
{
    [Fact]
    public async Task goes_on_from_page_to_page_until_every_agreement_was_shown()
    {
        var (one, two) = (await ledger.Agency(), await ledger.Agency());
        (await ledger.Registrar.Post("/api/v1/meetings", new
        {
            title = "Many agreements",
            heldOn = "2020-02-14",
            participants = new[] { new { name = "Anna", agency = one } },
            outcomes = Enumerable.Range(1, 120).Select(n => new { kind = "proposed", title = $"Agreement {n}", parties = new[] { one, two } }),
        })).Is(201);
        using var reader = await Reader.SignIn(ledger, "Otto Auditor");

        var shown = new List<string>();
        var pages = 0;
        for (var address = $"/agreements?party={one}"; address is not null; pages++)
        {
            using var page = await new HtmlParser().ParseDocumentAsync(await reader.GetStringAsync(address, TestContext.Current.CancellationToken));
            shown.AddRange(page.QuerySelectorAll("tbody tr a").Select(a => a.GetAttribute("href")!));
            address = page.QuerySelector("a[rel=next]")?.GetAttribute("href");
        }

        Assert.Equal((3, 120, 120), (pages, shown.Count, shown.Distinct().Count()));
    }
}

/// <summary>Somebody who reads pages over HTTP, without a browser.</summary>
internal static class Reader
{
    /// <summary>A client with the session of one of the people of Development.</summary>
    public static async Task<HttpClient> SignIn(RunningLedger ledger, string person)
    {
        var client = ledger.Host.Server.CreateClient();
        using var shown = await client.GetAsync("/sign-in", TestContext.Current.CancellationToken);
        using var form = await new HtmlParser().ParseDocumentAsync(await shown.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var chosen = DevelopmentIssuer.SubjectOf(person, null);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sign-in")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["person"] = chosen,
                ["__RequestVerificationToken"] = form.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!,
            }),
        };
        request.Headers.Add("Cookie", Cookies(shown));
        using var signedIn = await client.SendAsync(request, TestContext.Current.CancellationToken);
        client.DefaultRequestHeaders.Add("Cookie", Cookies(signedIn));
        return client;
    }

    private static string Cookies(HttpResponseMessage answer) => string.Join("; ", answer.Headers.GetValues("Set-Cookie").Select(c => c.Split(';')[0]));
}
