using Ledger.Web.Briefs;
using Ledger.Web.Tests.Documentation;
using Xunit;

namespace Ledger.Web.Tests.Briefs;

public class TheFoundingMeeting
{
    public static TheoryData<string, string> Golden()
    {
        var data = new TheoryData<string, string>();
        foreach (var (name, _) in FoundingMeeting.Briefs())
        {
            foreach (var book in Phrasebook.All)
                data.Add(name, book.Language);
        }

        return data;
    }

    /// <summary>To rewrite the files after an intended change run the tests with LEDGER_GOLDEN=write and read the difference.</summary>
    [Theory]
    [MemberData(nameof(Golden))]
    public void its_briefs_read_as_the_golden_files_do(string name, string language)
    {
        var brief = FoundingMeeting.Briefs().Single(b => b.Name == name).Brief;
        var written = MarkdownBrief.Write(brief, Phrasebook.For(language)!);
        var file = Repository.Path("tests", "Ledger.Web.Tests", "Briefs", "Golden", FoundingMeeting.Named(name, language));
        if (Environment.GetEnvironmentVariable("LEDGER_GOLDEN") == "write")
            File.WriteAllText(file, written);

        Assert.Equal(File.ReadAllText(file), written);
    }
}
