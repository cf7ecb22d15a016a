using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Xunit;

namespace Ledger.Web.Tests.Pages;

public class ErasingAPersonOnAPage(RunningLedger ledger)
{
    [Fact]
    public async Task a_registrar_finds_somebody_reads_what_will_be_gone_erases_it_and_is_told_the_day()
    {
        var (name, meeting) = await Somebody();
        using var registrar = await Reader.SignIn(ledger, "Rita Registrar");
        var list = await Send(registrar, await Ask(registrar, "/persons"), "/persons", ("Sought", name.ToUpperInvariant()));
        Assert.Equal(("1 person", null), (list.Page.QuerySelector("main [role=status]")!.TextContent, list.Location));
        var path = Assert.Single(list.Page.QuerySelectorAll("main table a"), a => a.TextContent == name).GetAttribute("href")!;

        var person = await Ask(registrar, path);
        Assert.Equal(name, person.QuerySelector("h1")!.TextContent);
        Assert.Equal(["What will be gone for ever", "What stays"], person.QuerySelectorAll("h2").Select(h => h.TextContent));
        var erased = await Send(registrar, person, path, ("Reason", "Asked for it."), ("LegalBasis", "GDPR, Article 17(1)(b)"), ("Confirmed", "true"));
        Assert.Equal((HttpStatusCode.Found, path), (erased.Status, erased.Location));

        var after = await Ask(registrar, path);
        var day = Ledger.Web.Pages.Words.For("en").Book.Day(DateOnly.FromDateTime(ledger.Service<TimeProvider>().GetUtcNow().UtcDateTime));
        Assert.Equal($"A person whose data were erased on {day}", after.QuerySelector("h1")!.TextContent);
        Assert.Equal(["Rita Registrar", "Asked for it.", "GDPR, Article 17(1)(b)"], after.QuerySelectorAll("main dd").Skip(1).Take(3).Select(d => d.TextContent));
        Assert.Null(after.QuerySelector("main form"));
        Assert.DoesNotContain(name, (await Ask(registrar, $"/meetings/{meeting}")).Body!.TextContent, StringComparison.Ordinal);
        var gone = await Send(registrar, await Ask(registrar, "/persons"), "/persons", ("Sought", name));
        Assert.Contains("Whose data were erased is not found any more.", gone.Page.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task nothing_is_erased_until_it_is_confirmed_and_every_field_says_what_is_wrong_with_it()
    {
        var (name, meeting) = await Somebody();
        using var registrar = await Reader.SignIn(ledger, "Rita Registrar");
        var path = await PathOf(name);

        var unconfirmed = await Send(registrar, await Ask(registrar, path), path, ("Reason", "Asked for it."), ("LegalBasis", "GDPR"));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "Asked for it."), (unconfirmed.Status, unconfirmed.Page.QuerySelector("#reason")!.TextContent));
        Assert.NotNull(unconfirmed.Page.QuerySelector("#confirmed-error"));

        var wrong = await Send(registrar, await Ask(registrar, path), path, ("Reason", $"{name} asked for it."), ("LegalBasis", "GDPR"), ("Confirmed", "true"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.Status);
        Assert.Contains("without naming the person", wrong.Page.QuerySelector("#reason-error")!.TextContent, StringComparison.Ordinal);
        Assert.False(((IHtmlInputElement)wrong.Page.QuerySelector("#confirmed")!).IsChecked);

        var empty = await Send(registrar, await Ask(registrar, path), path, ("Reason", "Asked for it."), ("LegalBasis", " "), ("Confirmed", "true"));
        Assert.NotNull(empty.Page.QuerySelector("#legalBasis-error"));
        Assert.NotNull(empty.Page.QuerySelector("#errors a[href='#legalBasis']"));

        var nobody = await Send(registrar, await Ask(registrar, "/persons"), "/persons", ("Sought", " "));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "Type a part of the name or the office."), (nobody.Status, nobody.Page.QuerySelector("#sought-error")!.TextContent));
        Assert.Contains(name, (await Ask(registrar, $"/meetings/{meeting}")).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task who_is_known_by_several_ids_is_shown_with_each_and_found_from_the_meeting()
    {
        var (name, meeting) = await Somebody();
        await Somebody(name, "Another office");
        using var registrar = await Reader.SignIn(ledger, "Rita Registrar");

        var link = Assert.Single((await Ask(registrar, $"/meetings/{meeting}")).QuerySelectorAll("main dd a"), a => a.TextContent == name);
        var person = await Ask(registrar, link.GetAttribute("href")!);

        Assert.Equal($"{name}, Another office", person.QuerySelector("main ul a")!.TextContent);
        Assert.NotEqual(link.GetAttribute("href"), person.QuerySelector("main ul a")!.GetAttribute("href"));
    }

    [Fact]
    public async Task nobody_else_is_led_there_and_a_person_whom_nobody_knows_is_not_there()
    {
        var (name, meeting) = await Somebody();
        using var registrar = await Reader.SignIn(ledger, "Rita Registrar");
        using var auditor = await Reader.SignIn(ledger, "Otto Auditor");

        Assert.NotNull((await Ask(registrar, "/agreements")).QuerySelector("main a[href='/persons']"));
        Assert.Null((await Ask(auditor, "/agreements")).QuerySelector("main a[href='/persons']"));
        Assert.Contains(name, (await Ask(auditor, $"/meetings/{meeting}")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Empty((await Ask(auditor, $"/meetings/{meeting}")).QuerySelectorAll("main a[href^='/persons']"));
        using var refused = await auditor.GetAsync(await PathOf(name), TestContext.Current.CancellationToken);
        using var missing = await registrar.GetAsync("/persons/nobody", TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.NotFound), (refused.StatusCode, missing.StatusCode));
        Assert.Contains("There is no such person", await missing.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private async Task<(string Name, string Meeting)> Somebody(string? name = null, string? office = null)
    {
        var scene = await Scene.Of(ledger);
        name ??= $"Somebody Else{ledger.Next()}";
        var body = scene.MeetingBody().Replace("Anna Blanc", name, StringComparison.Ordinal);
        return (name, (await scene.Registrar.Post("/api/v1/meetings", office is null ? body : body.Replace("President", office, StringComparison.Ordinal))).Is(201)["reference"]!);
    }

    private async Task<string> PathOf(string name) =>
        $"/persons/{(await ledger.Registrar.Get($"/api/v1/persons?q={Uri.EscapeDataString(name)}")).Is(200)["items/0/personId"]}";

    private static async Task<IHtmlDocument> Ask(HttpClient reader, string path)
    {
        using var answer = await reader.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal((path, HttpStatusCode.OK), (path, answer.StatusCode));
        var page = await new HtmlParser().ParseDocumentAsync(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        // The cookie that belongs to the form, as a browser would send it back.
        if (answer.Headers.TryGetValues("Set-Cookie", out var cookies))
            page.DocumentElement.SetAttribute("data-cookies", string.Join("; ", cookies.Select(c => c.Split(';')[0])));
        return page;
    }

    private static async Task<(HttpStatusCode Status, string? Location, IHtmlDocument Page)> Send(HttpClient reader, IHtmlDocument page, string path, params (string Name, string Value)[] fields)
    {
        var form = page.QuerySelector("main form")!;
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(form.QuerySelectorAll("input[type=hidden]").Select(i => KeyValuePair.Create(i.GetAttribute("name")!, i.GetAttribute("value")!)).Concat(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)))),
        };
        request.Headers.Add("Cookie", string.Join("; ", reader.DefaultRequestHeaders.GetValues("Cookie").Append(page.DocumentElement.GetAttribute("data-cookies"))));
        using var answer = await reader.SendAsync(request, TestContext.Current.CancellationToken);
        return (answer.StatusCode, answer.Headers.Location?.ToString(), await new HtmlParser().ParseDocumentAsync(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
    }
}
