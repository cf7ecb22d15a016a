using Ledger.Web.Store;
using Xunit;

namespace Ledger.Web.Tests.Store;

public class SearchingTexts(RunningLedger ledger)
{
    [Theory]
    [InlineData("Coopération spatiale", "cooperation SPATIALE")]
    [InlineData("Œuvre commune", "oeuvre")]
    [InlineData("Straße nach Łódź", "strasse lodz")]
    [InlineData("Учёный совет по Байконуру", "ученый")]
    [InlineData("Байкал", "БАЙКАЛ")]
    [InlineData("Корабль «Союз»", "soyuz")]
    [InlineData("Щёлково", "щелково")]
    [InlineData("Επιστήμη", "επιστημη")]
    [InlineData("Space\u00A0Climate  Observatory", "climate observatory")]
    [InlineData("L’accord – annexe", "l'accord - annexe")]
    [InlineData("100% of_it \\ now", "100% of_it \\")]
    public void overlooks_case_accents_and_kinds_of_spaces(string text, string search)
    {
        Assert.All(Folded.Patterns(search), pattern => Assert.Contains(pattern[1..^1].Replace("\\%", "%", StringComparison.Ordinal).Replace("\\_", "_", StringComparison.Ordinal).Replace(@"\\", @"\", StringComparison.Ordinal), Folded.ForSearch(text), StringComparison.Ordinal));
        Assert.NotEmpty(Folded.Patterns(search));
    }

    [Fact]
    public void keeps_letters_apart_that_are_not_the_same() => Assert.NotEqual(Folded.Of("май"), Folded.Of("маи"));

    [Fact]
    public async Task finds_what_was_just_recorded_by_the_sequence_that_was_answered()
    {
        var scene = await Scene.Of(ledger);
        var word = $"Météo{ledger.Next()}";
        var proposed = (await scene.Officer.Post("/api/v1/agreements", new { title = $"{word} over the sea", parties = new[] { scene.One, scene.Two } })).Is(201);

        var found = (await scene.Officer.Get($"/api/v1/agreements?q={word.ToUpperInvariant()}+SEA&notBefore={proposed["entries/0/sequence"]}")).Is(200);

        Assert.Equal([proposed["reference"]], found.Items.Select(x => x.Text("reference")));
        Assert.True((long)found.Json!["searchedUpTo"]! >= (long)proposed.Json!["entries"]![0]!["sequence"]!);
        Assert.Null((await scene.Officer.Get($"/api/v1/agreements?party={scene.One}")).Json!["searchedUpTo"]);
    }

    [Fact]
    public async Task finds_a_corrected_title_and_the_former_one_by_what_was_known()
    {
        var scene = await Scene.Of(ledger);
        var (wrong, right) = ($"Sojus{ledger.Next()}", $"Soyuz{ledger.Next()}");
        var proposed = (await scene.Officer.Post("/api/v1/agreements", new { title = wrong, parties = new[] { scene.One, scene.Two } })).Is(201);
        var knownAt = await scene.Now(proposed["reference"]!);
        var corrected = (await scene.Officer.Post($"/api/v1/agreements/{proposed["reference"]}/corrections", new { corrects = 1, field = "/title", value = right, reason = "Misspelt." }, ifMatch: 1)).Is(201);

        foreach (var (query, found) in new[] { ($"q={right}", 1), ($"q={wrong}", 0), ($"q={wrong}&knownAt={knownAt}", 1), ($"q={right}&knownAt={knownAt}", 0) })
            Assert.Equal((query, found), (query, (await scene.Officer.Get($"/api/v1/agreements?{query}&notBefore={corrected["entries/0/sequence"]}")).Is(200).Items.Count));
    }

    [Fact]
    public async Task shows_a_restricted_agreement_to_nobody_else()
    {
        var scene = await Scene.Of(ledger);
        var word = $"Secret{ledger.Next()}";
        var proposed = (await scene.Officer.Post("/api/v1/agreements", new { title = word, fields = new[] { $"field of {word}" }, parties = new[] { scene.One, scene.Two }, visibility = "restricted" })).Is(201);
        var path = $"/api/v1/agreements?q={word}&notBefore={proposed["entries/0/sequence"]}";

        Assert.Single((await scene.Partner.Get(path)).Is(200).Items);
        Assert.Single((await ledger.Auditor.Get(path)).Is(200).Items);
        Assert.Empty((await scene.Stranger.Get(path)).Is(200).Items);
    }

    [Fact]
    public async Task says_after_a_while_that_it_has_not_come_so_far()
    {
        var reply = await ledger.Auditor.Get("/api/v1/agreements?q=soyuz&notBefore=999999999");

        reply.IsProblem(503, "unavailable");
        Assert.Equal("2", reply.Headers["Retry-After"]);
    }
}
