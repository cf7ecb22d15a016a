using System.Net;
using AngleSharp.Html.Parser;
using Xunit;

namespace Ledger.Web.Tests.Pages;

public class AskingForPagesOddly(RunningLedger ledger)
{
    [Theory]
    [InlineData("/agreements")]
    [InlineData("/meetings")]
    [InlineData("/deadlines")]
    [InlineData("/help")]
    public async Task a_page_that_takes_no_form_refuses_one(string address)
    {
        using var reader = await Reader.SignIn(ledger, "Otto Auditor");
        var (token, cookie) = await Form(reader);
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new FormUrlEncodedContent([KeyValuePair.Create("__RequestVerificationToken", token)]) };
        request.Headers.Add("Cookie", cookie);

        using var answer = await reader.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal((address, HttpStatusCode.MethodNotAllowed), (address, answer.StatusCode));
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task what_is_not_there_is_said_whatever_the_method(string method)
    {
        using var reader = await Reader.SignIn(ledger, "Otto Auditor");
        using var request = new HttpRequestMessage(new HttpMethod(method), "/nothing-here");

        using var answer = await reader.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("There is no such page", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(99)]
    [InlineData(200)]
    [InlineData(1000)]
    [InlineData(-1)]
    public async Task a_status_that_is_no_failure_has_no_page(int status)
    {
        using var visitor = ledger.Host.Server.CreateClient();

        Assert.Equal(HttpStatusCode.NotFound, await Status(visitor, HttpMethod.Get, $"/error/{status}"));
    }

    [Fact]
    public async Task the_page_of_a_failure_does_not_take_its_status_from_what_was_sent()
    {
        using var visitor = ledger.Host.Server.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sign-in?status=0") { Content = new ByteArrayContent("--x"u8.ToArray()) { Headers = { { "Content-Type", "multipart/form-data; boundary=x" } } } };

        using var answer = await visitor.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("/agencies/%20")]
    [InlineData("/agreements/%20/history")]
    [InlineData("/imports/%20")]
    [InlineData("/meetings/%20")]
    [InlineData("/record/%20/facts")]
    [InlineData("/record/%20/receipt")]
    public async Task what_white_space_names_is_not_there(string address)
    {
        using var registrar = await Reader.SignIn(ledger, "Rita Registrar");

        Assert.Equal((address, HttpStatusCode.NotFound), (address, await Status(registrar, HttpMethod.Get, address)));
    }

    [Fact]
    public async Task signing_out_has_the_browser_forget_what_was_read()
    {
        using var reader = await Reader.SignIn(ledger, "Otto Auditor");
        var (token, cookie) = await Form(reader);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sign-out") { Content = new FormUrlEncodedContent([KeyValuePair.Create("__RequestVerificationToken", token)]) };
        request.Headers.Add("Cookie", cookie);

        using var answer = await reader.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.Found, "\"cache\", \"storage\""), (answer.StatusCode, string.Join(", ", answer.Headers.GetValues("Clear-Site-Data"))));
        Assert.Contains(answer.Headers.GetValues("Set-Cookie"), set => set.StartsWith("ledger-session=;", StringComparison.Ordinal));
    }

    private static async Task<HttpStatusCode> Status(HttpClient reader, HttpMethod method, string address)
    {
        using var request = new HttpRequestMessage(method, address);
        using var answer = await reader.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    // A form that the Ledger gave out to this reader, and the cookie that belongs to it.
    private static async Task<(string Token, string Cookie)> Form(HttpClient reader)
    {
        using var page = await reader.GetAsync("/account", TestContext.Current.CancellationToken);
        using var document = await new HtmlParser().ParseDocumentAsync(await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var cookies = page.Headers.GetValues("Set-Cookie").Select(c => c.Split(';')[0]).Concat(reader.DefaultRequestHeaders.GetValues("Cookie"));
        return (document.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!, string.Join("; ", cookies));
    }
}
