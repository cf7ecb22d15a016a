using System.Globalization;
using System.Text.Json.Nodes;
using Ledger.Web.Access;
using Ledger.Web.Pages;
using Ledger.Web.Tests.Hosting;
using Ledger.Web.Tests.Pages;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Ledger.Web.Tests.Access;

/// <summary>The security log: who signed in, who was refused what, from where and why, and nothing else.</summary>
public sealed class WritingDownRefusals : IDisposable
{
    private readonly RunningLedger _ledger;
    private readonly WrittenDown _captured = new();

    public WritingDownRefusals(RunningLedger ledger)
    {
        _ledger = ledger;
        ledger.Service<ILoggerFactory>().AddProvider(_captured);
    }

    public void Dispose() => _captured.Dispose();

    [Fact]
    public async Task what_is_forbidden_is_written_down_with_who_what_and_why()
    {
        var scene = await Scene.Of(_ledger);
        var caller = Visitor.Of("reader", scene.Three)!;

        var reply = await _ledger.Api(caller).Post("/api/v1/agreements", """{"title":"Telltale title","parties":["ALPHA","BRAVO"]}""");

        var entry = await One(4003, caller.Subject);
        Assert.Equal("forbidden", reply.IsProblem(403, "forbidden")["code"]);
        Assert.Equal(
            [("Agency", scene.Three), ("Code", "forbidden"), ("Method", "POST"), ("Operation", "ProposeAgreement"), ("Roles", ""), ("Route", "/api/v1/agreements"), ("Subject", caller.Subject), ("TraceId", reply["traceId"])],
            entry.Members.Where(m => m.Key is not ("Remote" or "{OriginalFormat}")).OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => (m.Key, m.Value?.ToString())));
        Assert.Contains(entry.Members, m => m.Key == "Remote");
        Assert.DoesNotContain("Telltale", entry.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(caller.Name, entry.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task whoever_signs_in_to_the_pages_is_written_down()
    {
        using var session = await Reader.SignIn(_ledger, "Otto Auditor");

        // Others sign in as him too.
        await Eventually.TrueAsync(() => Task.FromResult(_captured.Entries.Any(e => e.Id == 4000 && Is(e, "Subject", DevelopmentIssuer.SubjectOf("Otto Auditor", null)))), "The sign-in was not written down.");
        var entry = _captured.Entries.First(e => e.Id == 4000 && Is(e, "Subject", DevelopmentIssuer.SubjectOf("Otto Auditor", null)));
        Assert.Equal(("", "auditor"), (entry.Members.Single(m => m.Key == "Agency").Value, entry.Members.Single(m => m.Key == "Roles").Value));
        Assert.Contains(entry.Members, m => m.Key == "Remote");
    }

    [Fact]
    public async Task what_an_outcome_or_a_page_is_refused_for_is_written_down_once()
    {
        var scene = await Scene.Of(_ledger);
        var reference = await scene.Propose();
        var officer = Visitor.Of("officer", scene.Two)!;
        (await _ledger.Api(officer).Post("/api/v1/meetings", scene.MeetingBody(outcomes: $$"""{"kind":"signed","agreement":"{{reference}}","party":"{{scene.One}}"}"""))).IsProblem(403, "forbidden");
        await One(4003, officer.Subject);
        var reader = Visitor.Of("reader", scene.Two)!;

        (await _ledger.Host.Services.Page(reader, HttpMethod.Get, "/imports")).Is(403);

        Assert.Equal("WatchFiles", (await One(4003, reader.Subject)).Members.Single(m => m.Key == "Operation").Value);
    }

    [Fact]
    public async Task whoever_has_not_signed_in_is_written_down_as_nobody()
    {
        var reply = (await _ledger.With("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm5hIn0.").Get("/api/v1/meetings")).IsProblem(401, "unauthenticated");
        Assert.True((await _ledger.Host.Services.Page(null, HttpMethod.Get, "/account")).LeadsToSignIn());

        // An answer may arrive before its refusal is written down.
        await Eventually.TrueAsync(() => Task.FromResult(_captured.Entries.Any(e => e.Id == 4001 && Is(e, "TraceId", reply["traceId"]!))), "The refusal was not written down.");
        await Eventually.TrueAsync(() => Task.FromResult(_captured.Entries.Any(e => e.Id == 4001 && Is(e, "Subject", "nobody") && Is(e, "Operation", "KeepOwnAccount"))), "The page's refusal was not written down.");
        Assert.All(_captured.Entries, e => Assert.DoesNotContain("eyJ", e.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task whoever_asks_for_what_is_hidden_from_them_is_written_down_and_for_what_is_not_there_is_not()
    {
        var scene = await Scene.Of(_ledger);
        var secret = await scene.Propose("\"visibility\":\"restricted\"");
        var id = (await scene.Officer.Get($"/api/v1/agreements/{secret}")).Is(200)["id"]!;
        var caller = Visitor.Of("officer", scene.Three)!;
        var client = _ledger.Api(caller);

        (await client.Get($"/api/v1/agreements/{secret}X")).IsProblem(404, "not-found");
        (await client.Get($"/api/v1/agreements/{secret}")).IsProblem(404, "not-found");
        (await client.Post($"/api/v1/agreements/{id}/discussions", new { discussedOn = "2020-01-01", summary = "X" }, ifMatch: "*")).IsProblem(404, "not-found");
        (await client.Post("/api/v1/meetings", scene.MeetingBody(outcomes: $$"""{"kind":"discussed","agreement":"{{secret}}","summary":"X"}""").Replace(scene.Two, scene.Three, StringComparison.Ordinal))).IsProblem(409, "unknown-agreement");
        (await client.Post("/api/v1/agreements", new { title = "X", reference = secret, parties = new[] { scene.One, scene.Three } })).IsProblem(409, "reference-taken");
        (await _ledger.Host.Services.Page(caller, HttpMethod.Get, $"/agreements/{secret}")).Is(404);

        string[] operations = ["ActOnAgreement", "ProposeAgreement", "RecordMeeting", "SeeAgreement", "SeeAgreement"];
        await Eventually.TrueAsync(() => Task.FromResult(Of(4004, caller.Subject).Count() >= operations.Length), "Not every one was written down.");
        Assert.Equal(operations, Of(4004, caller.Subject).Select(e => e.Members.Single(m => m.Key == "Operation").Value as string).Order(StringComparer.Ordinal));
        Assert.All(Of(4004, caller.Subject), e => Assert.True(Is(e, "Agreement", id)));
    }

    [Theory]
    [InlineData("/replay?agreement={0}", "SearchRecord")]
    [InlineData("/briefs?agreement={0}", "SearchRecord")]
    [InlineData("/briefs?agreement={0}&handler=Json", "SearchRecord")]
    [InlineData("/record/{1}/outcomes/new?agreement={0}", "RecordMeeting")]
    [InlineData("/record/{1}/outcomes/c3?kind=discussed&agreement={0}", "RecordMeeting")]
    [InlineData("/record/{1}/outcomes/a1", "RecordMeeting")]
    [InlineData("/record/{1}/outcomes/b2", "RecordMeeting")]
    [InlineData("/record/{1}/outcomes", "RecordMeeting")]
    [InlineData("/record/{1}/check", "RecordMeeting")]
    public async Task a_page_that_says_nothing_of_what_is_hidden_is_written_down_once_and_of_what_is_not_there_is_not(string page, string operation)
    {
        var scene = await Scene.Of(_ledger);
        var secret = await scene.Propose("\"visibility\":\"restricted\"");
        var id = (await scene.Officer.Get($"/api/v1/agreements/{secret}")).Is(200)["id"]!;
        var caller = Visitor.Of("officer", scene.Three)!;

        await Ask($"{secret}X");
        await Ask(secret);

        var entry = await One(4004, caller.Subject);
        Assert.Equal((id, operation, "not-found"), (entry["Agreement"], entry["Operation"], entry["Code"]));

        async Task Ask(string reference) =>
            (await _ledger.Host.Services.Page(caller, HttpMethod.Get, string.Format(CultureInfo.InvariantCulture, page, reference, await DraftOf(caller, scene.One, reference)))).Is(200);
    }

    [Fact]
    public async Task a_page_of_a_draft_that_does_not_speak_of_what_is_hidden_is_not_written_down()
    {
        var scene = await Scene.Of(_ledger);
        var secret = await scene.Propose("\"visibility\":\"restricted\"");
        var caller = Visitor.Of("officer", scene.Three)!;
        var draft = await DraftOf(caller, scene.One, secret);

        (await _ledger.Host.Services.Page(caller, HttpMethod.Get, $"/record/{draft}/facts")).Is(200);
        (await _ledger.Host.Services.Page(caller, HttpMethod.Get, $"/record/{draft}/outcomes")).Is(200);

        Assert.Equal("/record/{draft}/outcomes", (await One(4004, caller.Subject))["Route"]);
    }

    [Theory]
    [InlineData("dev|x\nForbidden: somebody else")]
    [InlineData("dev|x\u001b[2J\r\u2028\u202e")]
    public async Task nobody_forges_a_line_by_what_they_are_called(string subject)
    {
        var caller = new Caller($"{subject}{_ledger.Next()}", "X", null, []);

        (await _ledger.Api(caller).Post("/api/v1/agreements", """{"title":"X","parties":["ALPHA","BRAVO"]}""")).IsProblem(403, "forbidden");

        await Eventually.TrueAsync(() => Task.FromResult(Of(4003, SecurityLog.Clean(caller.Subject)).Any()), "The refusal was not written down.");
        Assert.DoesNotContain(Of(4003, SecurityLog.Clean(caller.Subject)).Single().Text, c => char.IsControl(c) || c is '\u2028' or '\u202e');
        Assert.Equal(200, SecurityLog.Clean(new string('x', 10_000)).Length);
    }

    // A meeting in which something was said of an agreement, and another is to bear the same reference.
    private async Task<string> DraftOf(Caller author, string partner, string reference)
    {
        var drafts = _ledger.Service<MeetingDrafts>();
        var draft = await drafts.Begin(author.Subject);
        var meeting = JsonNode.Parse(
            $$"""
            {"title":"A meeting","heldOn":"2020-02-14","participants":[{"name":"Carl Green","agency":"{{author.Agency}}"}],"outcomes":[
              {"id":"a1","kind":"discussed","agreement":"{{reference}}","summary":"X"},
              {"id":"b2","kind":"proposed","reference":"{{reference}}","title":"X","parties":["{{author.Agency}}","{{partner}}"]}]}
            """)!.AsObject();
        await drafts.Change(draft, author.Subject, found =>
        {
            foreach (var (member, value) in meeting)
                found.Content[member] = value!.DeepClone();
            return true;
        });
        return draft;
    }

    private async Task<WrittenDown.Entry> One(int id, string subject)
    {
        await Eventually.TrueAsync(() => Task.FromResult(Of(id, subject).Any()), "The refusal was not written down.");
        return Assert.Single(Of(id, subject));
    }

    private IEnumerable<WrittenDown.Entry> Of(int id, string subject) => _captured.Entries.Where(e => e.Id == id && Is(e, "Subject", subject));

    private static bool Is(WrittenDown.Entry entry, string member, string value) => entry[member] == value;
}
