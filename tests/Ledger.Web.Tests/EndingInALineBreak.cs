using Xunit;

namespace Ledger.Web.Tests;

/// <summary>Codes, references and types are what they are to the last character: one with a line break behind it is another text, and breaks a header.</summary>
public class EndingInALineBreak(RunningLedger ledger)
{
    [Fact]
    public async Task an_agency_has_no_such_code() =>
        (await ledger.Registrar.Put("/api/v1/agencies/CNES%0A", new { name = "X", kind = "agency" })).IsProblem(422, "validation");

    [Fact]
    public async Task no_country_is_so_called() =>
        (await ledger.Registrar.Put($"/api/v1/agencies/{await ledger.Agency()}", new { name = "X", kind = "agency", country = "FR\n" })).IsProblem(422, "validation");

    [Fact]
    public async Task an_agreement_bears_no_such_reference()
    {
        var scene = await Scene.Of(ledger);

        var reply = await ledger.Registrar.Post("/api/v1/agreements", new { title = "X", parties = new[] { scene.One, scene.Two }, reference = $"LINE-{ledger.Next()}\n" });

        reply.IsProblem(422, "validation");
    }

    [Fact]
    public async Task a_document_has_no_such_type()
    {
        var scene = await Scene.Of(ledger);

        var reply = await ledger.Registrar.Post($"/api/v1/agreements/{await scene.Propose()}/documents", new { name = "a.txt", mediaType = "text/plain\n", content = "aGVsbG8=" }, ifMatch: "*");

        reply.IsProblem(422, "validation");
    }
}
