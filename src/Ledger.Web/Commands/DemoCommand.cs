using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Ledger.Web.Hosting;
using Spectre.Console;

namespace Ledger.Web.Commands;

/// <summary>
/// <c>demo</c>: records the founding meeting through the real HTTP pipeline, shows what came of it, and goes on serving.
/// Run again, it changes nothing: every request carries the same key.
/// </summary>
internal sealed class DemoCommand(HttpClient http, string address, JsonObject example)
{
    private const string Key = "demo-moscow-2020-02-14";

    /// <summary>Runs the demonstration on a started application, and serves until it is stopped.</summary>
    public static async Task<int> Run(WebApplication app)
    {
        await app.StartAsync();
        var address = app.Urls.First().Replace("//0.0.0.0", "//localhost", StringComparison.Ordinal).Replace("//[::]", "//localhost", StringComparison.Ordinal).TrimEnd('/');
        using (var stream = typeof(DemoCommand).Assembly.GetManifestResourceStream("docs/examples/moscow-2020-02-14.json")!)
        using (var http = new HttpClient { BaseAddress = new Uri(address + "/"), Timeout = TimeSpan.FromMinutes(2) })
        {
            try
            {
                await new DemoCommand(http, address, (await JsonNode.ParseAsync(stream))!.AsObject()).Show();
            }
            catch (DemoRefusedException refused)
            {
                await Console.Error.WriteLineAsync(refused.Message);
                await app.StopAsync();
                return 1;
            }
        }

        await app.WaitForShutdownAsync();
        return 0;
    }

    private async Task Show()
    {
        var registrar = await Token("Registrar of the demonstration", null, "registrar");
        var officer = await Token("Officer of CNES", "CNES", "officer");
        var auditor = await Token("Auditor of the demonstration", null, "auditor");

        var registered = await KeepAgencies(registrar);
        var (meeting, isNew) = await Write(officer, "api/v1/meetings", Key, example["meeting"]!);
        var corrected = await Correct(officer);
        var reference = (string)meeting["reference"]!;

        Console.WriteLine();
        Console.WriteLine(isNew || registered > 0 || corrected > 0
            ? $"Recorded the meeting {reference} with {meeting["entries"]!.AsArray().Count} entries in {meeting["agreements"]!.AsArray().Count} agreements, {registered} agencies and {corrected} correction, in one ledger."
            : $"The meeting {reference} was already recorded. Nothing was changed.");
        Console.WriteLine();
        Console.WriteLine(await Text(auditor, $"api/v1/meetings/{reference}/brief", Form.Markdown));
        await WriteStatusTable(auditor);
        Console.WriteLine();
        Console.WriteLine($"Open {address} in a browser and choose who you are. The reference of the API is at {address}/docs. Stop the Ledger with Ctrl+C.");
        Console.WriteLine("A token to read with (an auditor's, for twelve hours), and three requests to paste:");
        Console.WriteLine();
        Console.WriteLine($"TOKEN={auditor}");
        Console.WriteLine($"curl -H \"Authorization: Bearer $TOKEN\" '{address}/api/v1/agreements/CA-2020-0004?asOf=2020-02-10'");
        Console.WriteLine($"curl -H \"Authorization: Bearer $TOKEN\" -H 'Accept: text/csv' '{address}/api/v1/agreements/CA-2020-0001/history'");
        Console.WriteLine($"curl -H \"Authorization: Bearer $TOKEN\" -H 'Accept: text/markdown' '{address}/api/v1/briefs/portfolio?party=CNES&party=ROSCOSMOS&lang=fr'");
        Console.WriteLine();
    }

    private async Task<int> KeepAgencies(string registrar)
    {
        var registered = 0;
        foreach (var agency in example["agencies"]!.AsArray().Select(a => (JsonObject)a!.DeepClone()))
        {
            var code = (string)agency["code"]!;
            using var known = await Send(HttpMethod.Get, $"api/v1/agencies/{code}", registrar);
            if (known.StatusCode != HttpStatusCode.NotFound)
                continue;

            agency.Remove("code");
            using var kept = await Send(HttpMethod.Put, $"api/v1/agencies/{code}", registrar, agency);
            await Read(kept);
            registered++;
        }

        return registered;
    }

    private async Task<int> Correct(string officer)
    {
        var made = 0;
        foreach (var (correction, index) in example["corrections"]!.AsArray().Select((c, index) => (c!.AsObject(), index)))
        {
            var agreement = (string)correction["agreement"]!;
            var type = (string)correction["entry"]!["type"]!;
            using var answer = await Send(HttpMethod.Get, $"api/v1/agreements/{agreement}/history?limit=1000", officer);
            var entry = (await Read(answer))["items"]!.AsArray().First(item => (string)item!["type"]! == type)!;
            var body = new JsonObject
            {
                ["corrects"] = entry["sequence"]!.DeepClone(),
                ["field"] = correction["field"]!.DeepClone(),
                ["value"] = correction["value"]!.DeepClone(),
                ["reason"] = correction["reason"]!.DeepClone(),
            };
            var (_, isNew) = await Write(officer, $"api/v1/agreements/{agreement}/corrections", $"{Key}-correction-{index}", body, "*");
            made += isNew ? 1 : 0;
        }

        return made;
    }

    private async Task WriteStatusTable(string auditor)
    {
        using var answer = await Send(HttpMethod.Get, "api/v1/agreements?limit=1000", auditor);
        var page = await Read(answer);
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in new[] { "Reference", "Title", "Parties", "Status", "Last discussed", "Version" })
            table.AddColumn(new TableColumn(column) { NoWrap = column != "Title" });
        foreach (var row in page["items"]!.AsArray())
        {
            table.AddRow(new[] { "reference", "title", "parties", "status", "lastDiscussedOn", "version" }
                .Select(member => Markup.Escape(row![member] is JsonArray several ? string.Join(", ", several.Select(x => (string)x!)) : row[member]?.ToString() ?? "–"))
                .ToArray());
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The register as of {page["asOf"]}:"));
        // A file has no width of its own to fit into.
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = 140;
        AnsiConsole.Write(table);
    }

    private async Task<string> Token(string name, string? agency, string role)
    {
        using var answer = await http.PostAsJsonAsync("dev/tokens", new JsonObject { ["name"] = name, ["agency"] = agency, ["roles"] = new JsonArray(role) });
        return answer.StatusCode == HttpStatusCode.NotFound
            ? throw new DemoRefusedException("The demonstration needs development tokens: run it with ASPNETCORE_ENVIRONMENT=Development and without an Authentication:Authority.")
            : (string)(await Read(answer))["token"]!;
    }

    private async Task<string> Text(string token, string path, string form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(form));
        using var answer = await http.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }

    private async Task<(JsonObject Answer, bool IsNew)> Write(string token, string path, string key, JsonNode body, string? ifMatch = null)
    {
        using var answer = await Send(HttpMethod.Post, path, token, body, key, ifMatch);
        return (await Read(answer), !answer.Headers.Contains("Idempotent-Replayed"));
    }

    private async Task<HttpResponseMessage> Send(HttpMethod method, string path, string token, JsonNode? body = null, string? key = null, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return await http.SendAsync(request);
    }

    private static async Task<JsonObject> Read(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? JsonNode.Parse(text)!.AsObject()
            : throw new DemoRefusedException($"The Ledger refused a step of the demonstration ({(int)answer.StatusCode}): {text}");
    }

    private sealed class DemoRefusedException(string message) : Exception(message);
}
