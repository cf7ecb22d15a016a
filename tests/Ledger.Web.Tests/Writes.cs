using Xunit;

namespace Ledger.Web.Tests;

/// <summary>A write in a state in which it can be done.</summary>
/// <param name="Client">Who may do it.</param>
/// <param name="Path">Where.</param>
/// <param name="Body">What, as JSON.</param>
/// <param name="Version">The version that If-Match names; null where the route asks for none.</param>
/// <param name="Refused">A body that the rules refuse.</param>
public sealed record Write(Client Client, string Path, string Body, long? Version, string? Refused);

/// <summary>Every route that writes under an Idempotency-Key, with a body that it takes and one that the rules refuse.</summary>
internal static class Writes
{
    private static readonly Dictionary<string, Sample> Samples = new(StringComparer.Ordinal)
    {
        ["POST /api/v1/agencies/{code}/succession"] = new(
            """{"successor":"{2}","occurredOn":"2020-01-01"}""", """{"successor":"{1}","occurredOn":"2020-01-01"}""", "succession-circular",
            s => Task.FromResult(($"/api/v1/agencies/{s.One}/succession", (long?)null))),
        ["POST /api/v1/agreements"] = new(
            """{"title":"Cardiomed","summary":"Telemedicine","parties":["{1}","{2}"],"institutes":["{3}"],"fields":["life-sciences"],"proposedOn":"2010-05","phases":[{"title":"First phase","plannedEnd":"2020-01"}],"entryIntoForce":{"rule":"count","count":2,"delay":"P30D"},"term":{"length":"P5Y"}}""",
            """{"title":"Cardiomed","parties":["{1}","{2}"],"proposedOn":"2999-01-01"}""", "act-in-future",
            _ => Task.FromResult(("/api/v1/agreements", (long?)null))),
        ["POST /api/v1/meetings"] = new(
            """{"title":"Moscow","heldOn":"2020-02-14","place":{"city":"Moscow","country":"RU","venue":"Embassy of France","timeZone":"Europe/Moscow"},"host":{"name":"Pierre Levy","office":"Ambassador"},"participants":[{"name":"Anna Blanc","office":"President","agency":"{1}"}],"agenda":["Review"],"outcomes":[{"kind":"proposed","title":"New","parties":["{1}","{2}"]}]}""",
            """{"title":"Moscow","heldOn":"2999-02-14","participants":[{"name":"Anna Blanc","agency":"{1}"}]}""", "act-in-future",
            _ => Task.FromResult(("/api/v1/meetings", (long?)null))),
        ["POST /api/v1/meetings/{id}/minutes-approvals"] = new(
            """{"agency":"{1}","approvedOn":"2020-02-20"}""", """{"agency":"{1}","approvedOn":"2020-01-01"}""", "approved-before-held",
            async s => ($"/api/v1/meetings/{(await s.Meeting()).Is(201)["reference"]}/minutes-approvals", null)),
        ["POST /api/v1/meetings/{id}/corrections"] = new(
            """{"corrects":1,"field":"/title","value":"A better title","reason":"Misspelt."}""", """{"corrects":999999999,"field":"/title","value":"X","reason":"Y"}""", "unknown-entry",
            async s => ($"/api/v1/meetings/{(await s.Meeting()).Is(201)["reference"]}/corrections", 1)),
        [OnAgreement("discussions")] = new(
            """{"discussedOn":"2020-02-14","summary":"Plans were discussed.","topics":["budget"]}""", """{"discussedOn":"2999-01-01","summary":"Later."}""", "act-in-future", Proposed("discussions")),
        [OnAgreement("signatures")] = new(
            """{"party":"{1}","signedOn":"2020-02-14","place":"Paris","signatory":{"name":"Anna Blanc","office":"President"}}""", """{"party":"{3}","signedOn":"2020-02-14"}""", "not-a-party", Proposed("signatures")),
        [OnAgreement("ratifications")] = new(
            """{"party":"{1}","ratifiedOn":"2020-03-01","instrument":"accession","receivedOn":"2020-03-02"}""", """{"party":"{1}","ratifiedOn":"2020-03-01"}""", "not-yet-signed", Proposed("ratifications")),
        [OnAgreement("phases")] = new(
            """{"title":"Second phase","plannedEnd":"2030-01"}""", """{"title":"First phase","plannedEnd":"2031-01-01"}""", "phase-already-planned", Proposed("phases")),
        [OnAgreement("phases/{phase}/completion")] = new(
            """{"completedOn":"2020-02-03","results":"All went well."}""", """{"completedOn":"2999-01-01"}""", "act-in-future", Proposed("phases/1/completion")),
        [OnAgreement("achievements")] = new(
            """{"occurredOn":"2019-12-18","title":"Launch","summary":"Soyuz","counters":[{"label":"flight","value":23}],"beneficiaries":[{"item":"CHEOPS","agency":"{3}"}]}""",
            """{"occurredOn":"2019-12-18","title":"Launch","beneficiaries":[{"item":"CHEOPS","agency":"NOBODY-KNOWN"}]}""", "unknown-agency", Proposed("achievements")),
        [OnAgreement("extensions")] = new(
            """{"until":"2031-12-31","agreedOn":"2020-02-14","reason":"More to do."}""", """{"until":"2025-12-31","agreedOn":"2020-02-14"}""", "extension-not-later", Proposed("extensions")),
        [OnAgreement("amendments")] = new(
            """{"occurredOn":"2020-02-14","effectiveOn":"2020-03-01","summary":"Article 4.","reason":"Budget."}""", """{"occurredOn":"2018-02-14"}""", "act-before-proposal", Proposed("amendments")),
        [OnAgreement("suspensions")] = new(
            """{"occurredOn":"2020-06-01","effectiveOn":"2020-06-02","reason":"Budget."}""", """{"occurredOn":"2020-03-01"}""", "not-in-force", InForce("suspensions")),
        [OnAgreement("resumptions")] = new(
            """{"occurredOn":"2020-07-01","effectiveOn":"2020-07-02","reason":"Budget."}""", """{"occurredOn":"2020-05-20"}""", "not-suspended",
            async s =>
            {
                var reference = await s.InForce();
                await s.Act(reference, "suspensions", new { occurredOn = "2020-06-01" });
                return ($"/api/v1/agreements/{reference}/resumptions", 6);
            }),
        [OnAgreement("provisional-application")] = new(
            """{"occurredOn":"2020-02-14","effectiveOn":"2020-03-01"}""", """{"occurredOn":"2018-02-14"}""", "act-before-proposal", Proposed("provisional-application")),
        [OnAgreement("withdrawals")] = new(
            """{"party":"{1}","occurredOn":"2020-06-01","effectiveOn":"2020-12-01","reason":"Budget."}""", """{"party":"{3}","occurredOn":"2020-06-01"}""", "not-a-party", InForce("withdrawals")),
        [OnAgreement("withdrawal-revocations")] = new(
            """{"party":"{1}","occurredOn":"2020-07-01","reason":"Better so."}""", """{"party":"{2}","occurredOn":"2020-07-01"}""", "no-withdrawal-to-revoke",
            async s =>
            {
                var reference = await s.InForce();
                await s.Act(reference, "withdrawals", new { party = s.One, occurredOn = "2020-06-01", effectiveOn = "2020-12-01" });
                return ($"/api/v1/agreements/{reference}/withdrawal-revocations", 6);
            }),
        [OnAgreement("terminations")] = new(
            """{"occurredOn":"2020-06-01","effectiveOn":"2020-06-30","ground":"consent","reason":"Done."}""", """{"occurredOn":"2020-06-01","ground":"completion"}""", "phases-outstanding", InForce("terminations")),
        [OnAgreement("proposal-withdrawal")] = new(
            """{"occurredOn":"2020-02-14","effectiveOn":"2020-02-15","reason":"Overtaken."}""", """{"occurredOn":"2999-02-14"}""", "act-in-future", Proposed("proposal-withdrawal")),
        [OnAgreement("corrections")] = new(
            """{"corrects":1,"field":"/title","value":"A better title","reason":"Misspelt."}""", """{"corrects":999999999,"field":"/title","value":"X","reason":"Y"}""", "unknown-entry", Proposed("corrections")),
        [OnAgreement("documents")] = new(
            """{"name":"minutes.txt","mediaType":"text/plain","content":"aGVsbG8="}""", null, null, Proposed("documents")),
    };

    /// <summary>The routes.</summary>
    public static TheoryData<string> Routes => [.. Samples.Keys];

    /// <summary>The routes whose refusal by the rules has a sample.</summary>
    public static TheoryData<string> RefusingRoutes => [.. Samples.Where(x => x.Value.Code is not null).Select(x => x.Key)];

    /// <summary>The routes that ask for the version.</summary>
    public static TheoryData<string> VersionedRoutes => [.. Samples.Keys.Where(route => route.Contains("/agreements/", StringComparison.Ordinal) || route.EndsWith("/meetings/{id}/corrections", StringComparison.Ordinal))];

    /// <summary>A state in which the route's write can be done by the one who may.</summary>
    public static async Task<Write> Arrange(RunningLedger ledger, string route)
    {
        var scene = await Scene.Of(ledger);
        var (path, version) = await Samples[route].Arrange(scene);
        return new Write(ledger.Registrar, path, Fill(Samples[route].Body, scene), version, Samples[route].Refused is { } refused ? Fill(refused, scene) : null);
    }

    /// <summary>A write of the route in a state in which it can be done by whoever may, between the agencies of a scene.</summary>
    public static async Task<(string Path, string Body)> Arrange(Scene scene, string route) => ((await Samples[route].Arrange(scene)).Path, Fill(Samples[route].Body, scene));

    /// <summary>The code with which the rules refuse the sample.</summary>
    public static string Code(string route) => Samples[route].Code!;

    /// <summary>A body that has the right shape, whatever it names.</summary>
    public static string? BodyFor(string route) => route switch
    {
        "PUT /api/v1/agencies/{code}" => """{"name":"X","kind":"agency"}""",
        "POST /api/v1/persons/{id}/erasure" => """{"reason":"Asked for it.","legalBasis":"GDPR, Article 17"}""",
        _ => Samples.TryGetValue(route, out var sample) ? sample.Body.Replace("{1}", "ONE", StringComparison.Ordinal).Replace("{2}", "TWO", StringComparison.Ordinal).Replace("{3}", "THREE", StringComparison.Ordinal) : null,
    };

    private static string Fill(string body, Scene scene) => body
        .Replace("{1}", scene.One, StringComparison.Ordinal).Replace("{2}", scene.Two, StringComparison.Ordinal).Replace("{3}", scene.Three, StringComparison.Ordinal);

    private static string OnAgreement(string route) => $"POST /api/v1/agreements/{{id}}/{route}";

    private static Func<Scene, Task<(string, long?)>> Proposed(string route) => async s =>
        ($"/api/v1/agreements/{await s.Propose("""
            "phases":[{"title":"First phase"}],"term":{"until":"2030-12-31"}
            """)}/{route}", 1);

    private static Func<Scene, Task<(string, long?)>> InForce(string route) => async s => ($"/api/v1/agreements/{await s.InForce()}/{route}", 5);

    private sealed record Sample(string Body, string? Refused, string? Code, Func<Scene, Task<(string Path, long? Version)>> Arrange);
}
