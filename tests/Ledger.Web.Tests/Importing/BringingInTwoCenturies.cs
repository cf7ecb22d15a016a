using System.Globalization;
using Ledger.Web.Access;
using Ledger.Web.Importing;
using Ledger.Web.Tests.Hosting;
using Xunit;

namespace Ledger.Web.Tests.Importing;

/// <summary>Records that nobody here wrote come in, and the Ledger says of them what an analysis of its own said.</summary>
public sealed class BringingInTwoCenturies(RunningLedger ledger, ITestOutputHelper output) : IDisposable
{
    private static readonly string Data = SharedData.Folder ?? "";
    private readonly TemporaryData _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task every_status_on_every_day_is_that_of_the_analysis()
    {
        Assert.SkipUnless(Data.Length > 0, "The records lie beside the repository in ../shared/data.");
        var records = new ForeignRecords();
        records.Take(Path.Combine(Data, "uk_agreements.jsonl"));
        records.Take(Path.Combine(Data, "space_subset.jsonl"), "SPACE-");
        var path = Path.Combine(Directory.CreateTempSubdirectory("ledger-import-").FullName, "records.jsonl");
        records.Write(path);
        Assert.Equal(8_133 + 79, records.Agreements);

        await using var own = await ledger.Another();
        var import = await Imports.BringIn(own.Host.Services, path);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{import.State}: {import.Lines} lines, {import.Entries} entries, {import.Rate:N0} lines a second"));
        foreach (var (flag, count) in import.Flags)
            output.WriteLine($"{flag}: {count}");
        Assert.Equal([], import.Problems);
        Assert.Equal((ImportState.Finished, 8_133 + 79L), (import.State, import.Agreements));

        // What the description of the records counts, and a few of the space subset besides.
        Assert.Equal((39, 11), (import.Flags["parties-not-named"], import.Flags["act-not-mapped"]));
        Assert.InRange(import.Flags["in-force-before-signature"], 212, 220);
        Assert.InRange(import.Flags["terminated-never-in-force"], 165, 170);

        var auditor = await own.As("Otto", null, Roles.Auditor);
        await StatusesAreThoseExpected(auditor);
        await CountsAreThoseExpected(auditor);
        await CopersIsOneUnbrokenTerm(auditor);
        await APartyThatATerritorySharesItsNameWithStaysAParty(auditor);
        await ItIsGivenOutByteForByteAgainElsewhere(auditor, Path.ChangeExtension(path, ".export"));
    }

    private async Task ItIsGivenOutByteForByteAgainElsewhere(Client auditor, string path)
    {
        var first = (await auditor.Get("/api/v1/export")).Is(200).Body;
        await File.WriteAllTextAsync(path, first, TestContext.Current.CancellationToken);
        await using var elsewhere = await ledger.Another();

        var import = await Imports.BringIn(elsewhere.Host.Services, path);

        Assert.Equal(([], ImportState.Finished), (import.Problems, import.State));
        var second = (await (await elsewhere.As("Otto", null, Roles.Auditor)).Get("/api/v1/export")).Is(200).Body;
        Assert.True(first == second, "The second export is not the first.");
    }

    // The record names EIRE among its parties and Eire among the territories.
    private static async Task APartyThatATerritorySharesItsNameWithStaysAParty(Client auditor)
    {
        var agreement = (await auditor.Get("/api/v1/agreements/UK-58285")).Is(200);

        Assert.Equal(["EIRE", "IRELAND-REPUBLIC-OF", "SWEDEN"], agreement.Json!["parties"]!.AsArray().Select(party => party.Text("agency")).Order(StringComparer.Ordinal));
        Assert.Contains("territory: Eire", agreement["summary"], StringComparison.Ordinal);
    }

    private static async Task StatusesAreThoseExpected(Client auditor)
    {
        var table = File.ReadLines(Path.Combine(Data, "uk_expected_status.csv")).Select(line => line.Split(',')).ToList();
        for (var column = 1; column < table[0].Length; column++)
        {
            var statuses = await Statuses(auditor, table[0][column]);
            var differing = table.Skip(1)
                .Select(row => (Agreement: row[0], Expected: row[column], Is: statuses.GetValueOrDefault(ForeignRecords.ReferenceOf(row[0]), "none")))
                .Where(x => x.Expected != x.Is);
            Assert.Equal([], differing.Take(20));
        }

        // The answer about one agreement is that of the list.
        foreach (var row in table.Skip(1).Where((_, index) => index % 400 == 0))
        {
            var one = await auditor.Get($"/api/v1/agreements/{ForeignRecords.ReferenceOf(row[0])}?asOf={table[0][2]}");
            Assert.Equal(row[2], one.Status == 404 ? "none" : AsTheAnalysis(one["status"]!, one["certain"]!, one["provisionallyAppliedFrom"]));
        }
    }

    private static async Task CountsAreThoseExpected(Client auditor)
    {
        var expected = File.ReadLines(Path.Combine(Data, "uk_expected_asof.csv")).Skip(1).Select(line => line.Split(','));
        foreach (var day in expected.GroupBy(row => row[0], row => (Status: row[1], Count: int.Parse(row[2], CultureInfo.InvariantCulture)), StringComparer.Ordinal))
        {
            var counts = (await Statuses(auditor, day.Key)).Values.GroupBy(status => status, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
            counts["none"] = 8_133 - counts.Where(c => c.Key != "none").Sum(c => c.Value);
            Assert.Equal(day.OrderBy(x => x.Status, StringComparer.Ordinal), counts.Where(c => c.Value > 0).Select(c => (Status: c.Key, Count: c.Value)).OrderBy(x => x.Status, StringComparer.Ordinal));
        }
    }

    private static async Task CopersIsOneUnbrokenTerm(Client auditor)
    {
        const string copers = "/api/v1/agreements/SPACE-UK-70621";
        Assert.Equal("1964-03-20", (await auditor.Get(copers)).Is(200)["expiresOn"]);
        for (var day = new DateOnly(1961, 2, 27); day <= new DateOnly(1964, 3, 20); day = day.AddDays(1))
        {
            var reply = (await auditor.Get($"{copers}?asOf={day:yyyy-MM-dd}")).Is(200);
            Assert.True(reply["status"] == "inForce", $"On {day:yyyy-MM-dd} it is {reply["status"]}.");
        }

        Assert.Equal("signed", (await auditor.Get($"{copers}?asOf=1961-02-26")).Is(200)["status"]);
        Assert.Equal("expired", (await auditor.Get($"{copers}?asOf=1964-03-21")).Is(200)["status"]);
    }

    private static async Task<Dictionary<string, string>> Statuses(Client auditor, string day)
    {
        var statuses = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var path = $"/api/v1/agreements?asOf={day}&limit=1000"; path is not null;)
        {
            var page = (await auditor.Get(path)).Is(200);
            foreach (var row in page.Items.Where(row => row.Text("reference")!.StartsWith("UK-", StringComparison.Ordinal)))
                statuses.Add(row.Text("reference")!, AsTheAnalysis(row.Text("status")!, row.Text("certain")!, row.Text("provisionallyAppliedFrom")));
            path = page["next"] is { } next ? $"/api/v1/agreements?asOf={day}&limit=1000&cursor={next}" : null;
        }

        return statuses;
    }

    // The finer statuses of the Ledger as the six of the analysis. An agreement that was adopted is one proposed on the day of its adoption; one of which
    // no day is known at all may have been proposed by any day, which is not certain.
    private static string AsTheAnalysis(string status, string certain, string? provisionallyAppliedFrom) => status switch
    {
        "terminated" or "expired" or "completed" or "withdrawn" => "terminated",
        "inForce" or "suspended" => "in_force",
        _ when provisionallyAppliedFrom is not null => "provisional",
        "partiallyRatified" or "signed" or "underDiscussion" => "signed",
        _ => certain == "true" ? "adopted" : "none",
    };
}
