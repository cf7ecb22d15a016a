using System.Text;
using System.Text.Json.Nodes;
using Ledger.Web.Importing;
using Xunit;

namespace Ledger.Web.Tests.Documentation;

public class DescribingTheImport(RunningLedger ledger)
{
    private const string Sha256OfHello = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

    /// <summary>A line of each kind that says all there is to say.</summary>
    public static TheoryData<string> WholeLines { get; } =
    [
        """{"kind":"agency","code":"ESRO","name":"European Space Research Organisation","agencyKind":"organisation","names":{"fr":"Conseil européen"},"country":"FR","occurredOn":"1962"}""",
        """{"kind":"succession","agency":"ESRO","successor":"ESA","occurredOn":"1975-05-30"}""",
        """{"kind":"proposed","reference":"R-1","title":"One","parties":["ONE","TWO"],"titles":{"en":"One"},"summary":"S","institutes":["IMBP"],"fields":["life-sciences"],"proposedOn":"1960-12-01?","open":true,"phases":[{"title":"First","plannedEnd":"1961"}],"entryIntoForce":{"rule":"count","count":2,"delay":"P30D"},"term":{"until":"1999"},"visibility":"restricted","flags":["unparsed-day"]}""",
        """{"kind":"discussed","agreement":"R-1","summary":"S","discussedOn":"1961","topics":["money"]}""",
        """{"kind":"signed","agreement":"R-1","party":"ONE","signedOn":"1961-02","place":"Paris","signatory":{"name":"Anna Blanc","office":"Consul"}}""",
        """{"kind":"ratified","agreement":"R-1","party":"ONE","ratifiedOn":"1961","instrument":"accession","receivedOn":"1962","effectiveOn":"1963"}""",
        """{"kind":"provisionallyApplied","agreement":"R-1","occurredOn":"1961","effectiveOn":"1962-02-21/1962-11-23"}""",
        """{"kind":"phasePlanned","agreement":"R-1","title":"Second","plannedEnd":"1965"}""",
        """{"kind":"phaseCompleted","agreement":"R-1","phase":1,"completedOn":"1964","results":"Many"}""",
        """{"kind":"achieved","agreement":"R-1","title":"A launch","occurredOn":"1964","summary":"S","counters":[{"label":"flight","value":23.5}],"beneficiaries":[{"item":"Probe","agency":"ONE"}]}""",
        """{"kind":"extended","agreement":"R-1","until":"1970","agreedOn":"1965","reason":"R"}""",
        """{"kind":"amended","agreement":"R-1","occurredOn":"1965","effectiveOn":"1966","summary":"S","reason":"R"}""",
        """{"kind":"suspended","agreement":"R-1","occurredOn":"1965","effectiveOn":"1966","reason":"R"}""",
        """{"kind":"resumed","agreement":"R-1","occurredOn":"1967","effectiveOn":"1968","reason":"R"}""",
        """{"kind":"withdrawn","agreement":"R-1","party":"ONE","occurredOn":"1967","effectiveOn":"1969","reason":"R"}""",
        """{"kind":"withdrawalRevoked","agreement":"R-1","party":"ONE","occurredOn":"1968","reason":"R"}""",
        """{"kind":"terminated","agreement":"R-1","occurredOn":"1969","effectiveOn":"1970","ground":"completion","reason":"R"}""",
        """{"kind":"proposalWithdrawn","agreement":"R-1","occurredOn":"1969","effectiveOn":"1970","reason":"R"}""",
        """{"kind":"documentAttached","agreement":"R-1","name":"text.txt","mediaType":"text/plain","content":"aGVsbG8="}""",
        """{"kind":"corrected","agreement":"R-1","corrects":2,"field":"/signedOn","value":"1961-02-03","reason":"R"}""",
        """{"kind":"corrected","meeting":"M-1","corrects":1,"field":"/title","value":"A title","reason":"R"}""",
        """{"kind":"meeting","reference":"M-1","title":"Talks","heldOn":"1961","place":{"city":"Paris","country":"FR"},"host":{"name":"Anna Blanc"},"participants":[{"name":"Anna Blanc","office":"Consul","agency":"ONE"}],"agenda":["Money"],"outcomes":[{"kind":"proposed","title":"One","parties":["ONE","TWO"]},{"kind":"signed","agreement":"/outcomes/0","party":"ONE","expectedVersion":1},{"kind":"phaseCompleted","agreement":"R-1","phase":"2"}]}""",
        """{"kind":"minutesApproved","meeting":"M-1","agency":"ONE","approvedOn":"1961"}""",
        """{"kind":"entry","stream":"agency","id":"X","version":1,"event":{"$type":"agency_registered","code":"X","name":"X","kind":"state"},"recordedAt":"2020-01-01T00:00:00.000000Z","recordedBy":{"personId":"x","agency":"X"}}""",
        $$"""{"kind":"person","id":"x","nameCommitment":"{{Sha256OfHello}}","officeCommitment":"{{Sha256OfHello}}","erasedOn":"2020-01-01"}""",
        $$"""{"kind":"file","sha256":"{{Sha256OfHello}}","content":"aGVsbG8="}""",
    ];

    [Theory]
    [MemberData(nameof(WholeLines))]
    public void the_schema_misses_on_a_line_what_the_reader_misses(string whole)
    {
        Assert.Equal([], ImportLine.Problems(whole));
        Assert.Equal([], Read(whole));
        foreach (var member in JsonNode.Parse(whole)!.AsObject().Select(m => m.Key))
        {
            var line = JsonNode.Parse(whole)!.AsObject();
            line.Remove(member);

            Assert.True(ImportLine.Problems(line.ToJsonString()).Any() == Read(line.ToJsonString()).Any(), $"Schema and reader do not agree on a line without {member}: {line.ToJsonString()}");
        }
    }

    [Theory]
    [InlineData("""{"kind":"discussed","agreement":"R-1"}""")]
    [InlineData("""{"kind":"discussed","summary":"S"}""")]
    [InlineData("""{"kind":"phaseCompleted","agreement":"R-1"}""")]
    [InlineData("""{"kind":"signed","agreement":"R-1","party":"ONE","because":"x"}""")]
    [InlineData("""{"kind":"withdrawalRevoked","agreement":"R-1","party":"ONE"}""")]
    [InlineData("null")]
    public void the_schema_and_the_reader_refuse_the_same_outcomes_of_a_meeting(string outcome)
    {
        var line = $$"""{"kind":"meeting","title":"Talks","heldOn":"1961","outcomes":[{{outcome}}]}""";

        Assert.NotEmpty(ImportLine.Problems(line));
        Assert.NotEmpty(Read(line));
    }

    [Fact]
    public void the_lines_of_the_page_are_as_the_schema_has_them()
    {
        var lines = File.ReadAllLines(Repository.Path("docs", "import.md")).Where(line => line.StartsWith('{')).ToList();

        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.Equal([], ImportLine.Problems(line)));
        Assert.All(lines, line => Assert.Equal([], Read(line)));
    }

    [Fact]
    public void there_is_a_whole_line_of_each_kind() =>
        Assert.Equal(ImportLineReader.KindsOfLines, WholeLines.Select(line => JsonNode.Parse(line.Data)!["kind"]!.GetValue<string>()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    [Fact]
    public void the_schema_is_what_the_code_reads() => Repository.IsKeptIn(ImportSchema.Text, "docs", "import.schema.json");

    [Fact]
    public async Task the_schema_is_given_to_anybody_by_a_running_ledger()
    {
        using var answer = await ledger.Host.Server.CreateClient().GetAsync(new Uri("/docs/import.schema.json", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal("application/schema+json", answer.EnsureSuccessStatusCode().Content.Headers.ContentType?.MediaType);
        Assert.Equal(ImportSchema.Text, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void the_schema_knows_every_kind_of_line() =>
        Assert.Equal(ImportLineReader.KindsOfLines, ImportLineReader.Members.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void the_page_names_every_kind_of_line()
    {
        var page = File.ReadAllText(Repository.Path("docs", "import.md"));

        Assert.All(ImportLineReader.KindsOfLines, kind => Assert.Contains($"`{kind}`", page, StringComparison.Ordinal));
    }

    private IEnumerable<LineProblem> Read(string line) => ImportLineReader.Read(new RawLine(1, Encoding.UTF8.GetBytes(line)), ledger.Host.Services).Problems;
}
