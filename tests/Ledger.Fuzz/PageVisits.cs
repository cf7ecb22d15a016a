using System.Text;
using System.Text.RegularExpressions;
using Ledger.Benchmarks;

namespace Ledger.Fuzz;

/// <summary>
/// The pages as a browser asks for them, and as none would: every route with hostile queries and forms, signed in and not. No page fails, none shows a
/// script that somebody put into the record, and no form without its antiforgery token is taken.
/// </summary>
internal sealed partial class PageVisits(Ground ground) : IDisposable
{
    private const string Name = "pages";

    private readonly Wire _wire = new(ground.Address);
    private readonly Dice _dice = new(ground.Seed, 900_000);
    private Shot? _last;
    private string _cookies = "";
    private string _token = "";

    /// <summary>How many forms with their token were taken; each may have recorded an entry.</summary>
    public long Taken { get; private set; }

    public void Run(long requests)
    {
        var routes = Routes().ToList();
        var until = ground.Report.Requests + requests;
        SignIn("Rita Registrar");
        while (ground.Report.Requests < until && !ground.HasGivenUp(Name))
            ground.Attempt(Name, () => Visit(_dice.Of(routes)), () => _last);
    }

    private void Visit(string route)
    {
        // Now and then as nobody: whoever is not signed in is sent to sign in, and nothing fails.
        var shot = Asked(route, _dice.Percent(70) ? _cookies : "");
        Judged(shot, Send(shot));
    }

    public void Dispose() => _wire.Dispose();

    private Shot Asked(string route, string cookies)
    {
        var target = Regex.Replace(route, @"\{(?<name>\w+)(:\w+)?\}", m => _dice.Below(4) switch
        {
            0 => Uri.EscapeDataString(_dice.Draw(Hostile.Text)),
            1 => m.Groups["name"].Value == "status" ? "404" : "CA-2019-0001",
            2 => "RACE.A",
            _ => _dice.Any("..", "%20", "0", "00000000-0000-0000-0000-000000000000", "CM-2020-0001", "x"),
        }, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
        var parameters = Enumerable.Range(0, _dice.Below(4)).Select(_ => $"{_dice.Any("asOf", "knownAt", "version", "cursor", "limit", "q", "party", "status", "sort", "flag", "field", "lang", "since", "from", "to", "returnUrl", "handler", "agency", "meeting", "step", "page", "id", "kind", "culture", "year", "days", "x", "within")}={Uri.EscapeDataString(Plain())}");
        var query = string.Join('&', parameters);
        var shot = new Shot($"page {route}", "GET", query.Length == 0 ? target : $"{target}?{query}", Person.Nobody) { MovedElsewhere = true, Intent = Intent.Hostile }.With("Accept", "text/html,*/*;q=0.8");
        if (cookies.Length > 0)
            shot = shot.With("Cookie", cookies);
        if (!_dice.Percent(35))
            return shot;

        var fields = Enumerable.Range(0, _dice.Below(8)).Select(_ => $"{_dice.Any("Title", "HeldOn", "HeldOn.Day", "HeldOn.Month", "HeldOn.Year", "City", "Country", "kind", "name", "agency", "code", "successor", "succeededOn", "person", "returnUrl", "language", "Input.Name", "outcome", "draft", "value", "reason", "file", "Participants[0].Name", "key")}={Uri.EscapeDataString(Plain())}").ToList();
        var isGenuine = _dice.Percent(50) && cookies.Length > 0;
        if (isGenuine)
            fields.Add($"__RequestVerificationToken={Uri.EscapeDataString(_token)}");
        return (shot with { Method = "POST", Body = Encoding.UTF8.GetBytes(string.Join('&', fields)), Intent = isGenuine ? Intent.NearlyValid : Intent.Hostile })
            .With("Content-Type", _dice.Percent(90) ? "application/x-www-form-urlencoded" : _dice.Any("multipart/form-data; boundary=x", "multipart/form-data", "text/plain", "application/json"));
    }

    private string Plain() => _dice.Draw(Hostile.Text);

    private void Judged(Shot shot, Reply? reply)
    {
        if (reply is null)
        {
            if (!shot.Target.Contains("%00", StringComparison.Ordinal))
                Found(shot, "no answer", "The connection was closed without an answer.");
            return;
        }

        ground.Timed(shot, reply);
        if (reply.Status >= 500)
            Found(shot, "fails", $"{reply.Status}: {(reply.Text.Length > 200 ? reply.Text[..200] : reply.Text)}");
        if (reply.Text.Contains(Hostile.Script, StringComparison.Ordinal))
            Found(shot, "script", "The page holds a script that somebody wrote into it.");
        if (shot is { Method: "POST", Intent: Intent.NearlyValid } && reply.Status < 400)
            Taken++;
        if (shot is { Method: "POST", Intent: Intent.Hostile } && reply.Status is >= 200 and < 300)
            Found(shot, "open", $"A form without its antiforgery token was answered {reply.Status}.");
        if (reply.Headers.GetValueOrDefault("Location") is { } location && (location.Contains("evil", StringComparison.Ordinal) || location.StartsWith("//", StringComparison.Ordinal) || location.StartsWith("/\\", StringComparison.Ordinal)))
            Found(shot, "redirect", $"It leads away to {location}.");
    }

    private void SignIn(string name)
    {
        var page = Send(new Shot("page /sign-in", "GET", "/sign-in", Person.Nobody));
        Keep(page);
        var person = Regex.Match(page?.Text ?? "", $"value=\"(?<subject>[^\"]+)\"[^>]*>\\s*<label[^>]*>{name}", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["subject"].Value;
        _token = Token().Match(page?.Text ?? "").Groups["token"].Value;
        var shot = new Shot("page /sign-in", "POST", "/sign-in", Person.Nobody) { Body = Encoding.UTF8.GetBytes($"person={Uri.EscapeDataString(System.Net.WebUtility.HtmlDecode(person))}&__RequestVerificationToken={Uri.EscapeDataString(_token)}") }
            .With("Content-Type", "application/x-www-form-urlencoded").With("Cookie", _cookies);
        var answer = Send(shot);
        Keep(answer);
        if (answer?.Status != 302)
            Found(shot, "sign-in", $"Signing in was answered {answer?.Status}.");

        // The token of whoever is signed in is another one.
        var account = Send(new Shot("page /account", "GET", "/account", Person.Nobody).With("Cookie", _cookies));
        Keep(account);
        _token = Token().Match(account?.Text ?? "").Groups["token"].Value;
    }

    private void Keep(Reply? reply)
    {
        foreach (Match cookie in Cookie().Matches(reply?.Headers.GetValueOrDefault("Set-Cookie") ?? ""))
            _cookies = _cookies.Length == 0 ? cookie.Value : $"{_cookies}; {cookie.Value}";
    }

    private Reply? Send(Shot shot)
    {
        _last = shot;
        try
        {
            var reply = _wire.Send(shot.Bytes(_wire.Host), isHead: false, Player.Patience, alone: false);
            ground.Report.Count(shot, reply);
            return reply;
        }
        catch (TimeoutException slow)
        {
            ground.Report.Count(shot, null);
            Found(shot, "hangs", slow.Message);
            return null;
        }
        catch (InvalidDataException broken)
        {
            ground.Report.Count(shot, null);
            Found(shot, "no HTTP", broken.Message);
            return null;
        }
    }

    private void Found(Shot shot, string kind, string sentence) => ground.Report.Add(new(kind, shot.Operation, sentence, shot.Curl(ground.Address)));

    // Every page says its own address in its first line.
    private static IEnumerable<string> Routes() => Directory.EnumerateFiles(Path.Combine(Stage.Root, "src", "Ledger.Web", "Pages"), "*.cshtml", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal)
        .Select(f => Address().Match(File.ReadLines(f).FirstOrDefault() ?? "").Groups["route"].Value)
        .Where(route => route.Length > 0);

    [GeneratedRegex("^@page \"(?<route>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Address();

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]*value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Token();

    [GeneratedRegex("(?<=^|, )[A-Za-z_.-][A-Za-z0-9_.-]*=[^;,]+(?=;)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Cookie();
}
