using Ledger.Web.Hosting;
using Xunit;

namespace Ledger.Web.Tests.Hosting;

public sealed class KeepingTheDataDirectory : IDisposable
{
    private readonly TemporaryData _temporary = new();

    private DataDirectory Data => _temporary.Data;

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void nothing_is_made_before_something_is_kept() => Assert.False(Directory.Exists(Data.Location));

    [Fact]
    public void without_configuration_there_is_a_place_for_it() =>
        Assert.EndsWith("ledger", DataDirectory.From(TemporaryData.Configured()).Location, StringComparison.OrdinalIgnoreCase);

    [Fact]
    public void it_is_closed_to_others()
    {
        Data.Create();

        // Windows has no file modes: there the user's own application data is closed already.
        if (OperatingSystem.IsWindows())
            return;
        var forOthers = File.GetUnixFileMode(Data.Location) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupWrite);
        Assert.Equal(UnixFileMode.None, forOthers);
    }

    [Fact]
    public void a_second_holder_is_told_which_process_has_the_directory()
    {
        using var first = Data.Hold();

        var refusal = Assert.Throws<StartupRefusedException>(Data.Hold);

        Assert.Equal(
            $"The data directory {Data.Location} is in use by another Ledger (process {Environment.ProcessId}): stop that one, "
            + "or give this one a directory of its own with Ledger__DataDirectory.", refusal.Message);
    }

    [Fact]
    public void it_can_be_held_again_once_it_was_let_go()
    {
        Data.Hold().Dispose();

        Data.Hold().Dispose();
    }

    [Fact]
    public void a_place_that_cannot_be_a_directory_is_refused()
    {
        Data.Create();
        var file = Path.Combine(Data.Location, "file");
        File.WriteAllText(file, "");
        var inside = DataDirectory.From(TemporaryData.Configured(("Ledger:DataDirectory", Path.Combine(file, "data"))));

        var refusal = Assert.Throws<StartupRefusedException>(inside.Hold);

        Assert.Contains("name another with Ledger__DataDirectory", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void a_secret_is_its_owners_and_stays_as_it_was_first_kept()
    {
        Data.KeepSecret(Data.PasswordPath, "first");
        Data.KeepSecret(Data.PasswordPath, "second");

        Assert.Equal("first", File.ReadAllText(Data.PasswordPath));
        Assert.Equal(Data.PasswordPath, Assert.Single(Directory.EnumerateFiles(Data.Location)));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Data.PasswordPath));
    }
}
