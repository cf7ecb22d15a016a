using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Ledger.Web.Hosting;
using Ledger.Web.Store;
using Xunit;

namespace Ledger.Web.Tests.Hosting;

/// <summary>The real server with requests that are too large, too slow or too deep.</summary>
public sealed class LimitingRequests(RunningLedger ledger)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task what_is_too_large_or_too_slow_is_refused_and_the_others_are_served()
    {
        await using var own = await ledger.Another();
        await own.Host.StopAsync(Cancellation);
        using var directory = new TemporaryData();
        using var node = await LedgerNode.Start(
            ("ConnectionStrings__Ledger", EmbeddedPostgres.As(LedgerRoles.Writer, own.ConnectionString)),
            ("Ledger__DataDirectory", directory.Data.Location),
            ("Ledger__Limits__HeadersSeconds", "1"),
            ("Ledger__Limits__GraceSeconds", "2"),
            ("Ledger__Limits__BytesPerSecond", "10000"));
        using var http = new HttpClient { BaseAddress = node.Address };

        // Larger than what it is for.
        using var tooMuch = new HttpRequestMessage(HttpMethod.Post, "/dev/tokens") { Content = new ByteArrayContent(new byte[RequestLimits.MostBytes + 1]), Headers = { ExpectContinue = true } };
        using var large = await http.SendAsync(tooMuch, Cancellation);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        Assert.Contains("\"code\":\"too-large\"", await large.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);

        // What breaks the rules of HTTP never reaches the Ledger.
        Assert.Equal(431, await Status(http, request => request.Headers.Add("X-Long", new string('x', 33 * 1024))));
        Assert.Equal(431, await Status(http, request => Enumerable.Range(0, 70).ToList().ForEach(n => request.Headers.Add(string.Create(CultureInfo.InvariantCulture, $"X-{n}"), "x"))));
        Assert.Equal(414, await Status(http, request => request.RequestUri = new Uri(node.Address, $"/agreements?q={new string('x', 9 * 1024)}")));
        Assert.Equal(405, await Status(http, request => (request.Method, request.RequestUri) = (HttpMethod.Trace, new Uri(node.Address, "/api/v1/agreements"))));

        // Headers that never end, and a body that is promised and does not come.
        Assert.StartsWith("HTTP/1.1 408", await Talk(node.Address, "GET / HTTP/1.1\r\nHost: localhost\r\n"), StringComparison.Ordinal);
        Assert.DoesNotContain("HTTP/1.1 2", await Talk(node.Address, "POST /dev/tokens HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"), StringComparison.Ordinal);

        // Two lengths, or a length and chunks: whoever stands in between could take the end for another request.
        Assert.StartsWith("HTTP/1.1 400", await Talk(node.Address, "POST /dev/tokens HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}x"), StringComparison.Ordinal);

        using var alive = await http.GetAsync("/health/ready", Cancellation);
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        Assert.False(alive.Headers.Contains("Server"), "An answer says what served it.");
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(17)]
    public async Task what_is_nested_deeper_than_anything_the_Ledger_takes_is_malformed(int depth) =>
        (await ledger.Registrar.Post("/api/v1/agreements", $"{{\"title\":{new string('[', depth)}{new string(']', depth)}}}")).IsProblem(400, "malformed");

    [Fact]
    public async Task a_form_of_too_many_fields_is_not_accepted()
    {
        using var client = ledger.Host.Server.CreateClient();
        using var form = new FormUrlEncodedContent(Enumerable.Range(0, RequestLimits.MostFields + 1).Select(n => KeyValuePair.Create(string.Create(CultureInfo.InvariantCulture, $"f{n}"), "x")));

        using var answer = await client.PostAsync("/sign-in", form, Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("The form was not accepted", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 404)]
    [InlineData(-1, 404)]
    [InlineData(200, 404)]
    [InlineData(99_999, 404)]
    [InlineData(429, 429)]
    public async Task the_page_of_an_error_that_there_is_not_is_not_found(int asked, int status)
    {
        using var client = ledger.Host.Server.CreateClient();

        using var answer = await client.GetAsync(string.Create(CultureInfo.InvariantCulture, $"/error/{asked}"), Cancellation);

        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("BytesPerSecond", "0")]
    [InlineData("Connections", "-5")]
    [InlineData("GraceSeconds", "1")]
    [InlineData("HeadersSeconds", "soon")]
    public void a_limit_is_a_whole_number_of_some_size(string name, string given)
    {
        var builder = Microsoft.AspNetCore.Builder.WebApplication.CreateBuilder([$"--Ledger:Limits:{name}={given}"]);

        Assert.StartsWith($"Ledger__Limits__{name} is {given}: give a whole number, ", Assert.Throws<StartupRefusedException>(builder.AddRequestLimits).Message, StringComparison.Ordinal);
    }

    private static async Task<int> Status(HttpClient http, Action<HttpRequestMessage> change)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live");
        change(request);
        using var answer = await http.SendAsync(request, Cancellation);
        return (int)answer.StatusCode;
    }

    // Says this and no more, and listens until the server has had enough.
    private static async Task<string> Talk(Uri address, string said)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, Cancellation);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(said), Cancellation);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        using var reader = new StreamReader(stream, Encoding.ASCII);
        try
        {
            return await reader.ReadToEndAsync(patience.Token);
        }
        catch (IOException)
        {
            return "cut off";
        }
    }
}
