using Alba;
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

public class ReadingAnAgreement(RunningLedger ledger)
{
    [Fact]
    public async Task shows_what_is_odd_about_it_and_leads_to_others_of_the_kind()
    {
        var (one, two) = (await ledger.Agency(), await ledger.Agency());
        var (odd, ordinary) = ($"UK-{ledger.Next()}", $"UK-{ledger.Next()}");
        await BringIn($$"""{"kind":"proposed","reference":"{{odd}}","title":"Odd","parties":["{{one}}","{{two}}"],"flags":["unparsed-day"]}""");
        await BringIn($$"""{"kind":"proposed","reference":"{{ordinary}}","title":"Ordinary","parties":["{{one}}","{{two}}"]}""");
        using var reader = await Reader.SignIn(ledger, "Otto Auditor");

        var (ofTheOdd, ofTheOrdinary) = (await Flags(odd), await Flags(ordinary));

        Assert.Equal(["/agreements?flag=unparsed-day"], ofTheOdd);
        Assert.Equal([], ofTheOrdinary);

        async Task BringIn(string line)
        {
            var path = Path.GetTempFileName();
            await File.WriteAllTextAsync(path, line, TestContext.Current.CancellationToken);
            Assert.Equal([], (await Importing.Imports.BringIn(ledger.Host.Services, path)).Problems);
            File.Delete(path);
        }

        async Task<string?[]> Flags(string reference)
        {
            using var page = await new HtmlParser().ParseDocumentAsync(await reader.GetStringAsync($"/agreements/{reference}", TestContext.Current.CancellationToken));
            return [.. page.QuerySelectorAll("#flags a").Select(a => a.GetAttribute("href"))];
        }
    }
}

/// <summary>Somebody who reads pages over HTTP, without a browser.</summary>
internal static class Reader
{
    /// <summary>A client with the session of one of the people of Development.</summary>
    public static Task<HttpClient> SignIn(RunningLedger ledger, string person) => SignIn(ledger.Host, person);

    /// <summary>The same at another Ledger.</summary>
    public static async Task<HttpClient> SignIn(IAlbaHost host, string person)
    {
        var client = host.Server.CreateClient();
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
