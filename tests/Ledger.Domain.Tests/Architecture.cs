using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Domain.Meetings;

namespace Ledger.Domain.Tests;

public partial class Architecture
{
    private static readonly Assembly Domain = typeof(LedgerEvent).Assembly;

    private static readonly Type[] Records = [.. Domain.GetTypes().Where(t => t.GetMethod("<Clone>$") is not null)];

    [Fact]
    public void the_domain_stands_on_dotnet_alone() => Assert.Empty(Domain.GetReferencedAssemblies()
        .Where(a => !a.Name!.StartsWith("System", StringComparison.Ordinal) && !a.Name.StartsWith("Microsoft", StringComparison.Ordinal) && a.Name != "netstandard")
        .Select(a => a.Name));

    [Fact]
    public void a_record_that_is_no_base_is_sealed() =>
        Assert.Equal(["AgencyEvent", "AgreementEvent", "Decision", "LedgerEvent", "MeetingEvent"], Records.Where(t => !t.IsSealed).Select(t => t.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void the_bases_of_records_are_abstract() => Assert.All(Records.Where(t => !t.IsSealed), t => Assert.True(t.IsAbstract, t.Name));

    [Fact]
    public void no_record_can_be_changed()
    {
        var settable = Records.SelectMany(t => t.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(p => p.SetMethod is { } set && !set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)))
            .Select(p => $"{p.DeclaringType!.Name}.{p.Name}");
        var fields = Records.SelectMany(t => t.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(f => !f.IsInitOnly && f.GetCustomAttribute<CompilerGeneratedAttribute>() is null)
            .Select(f => $"{f.DeclaringType!.Name}.{f.Name}");
        Assert.Empty(settable.Concat(fields));
    }

    [Fact]
    public void no_record_holds_a_collection_that_can_be_changed()
    {
        var mutable = Records.SelectMany(t => t.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(f => typeof(IEnumerable).IsAssignableFrom(f.FieldType) && f.FieldType != typeof(string))
            .Where(f => !(f.FieldType.Namespace == typeof(ImmutableArray).Namespace && f.FieldType.Name.StartsWith("Immutable", StringComparison.Ordinal)))
            .Where(f => f.FieldType != typeof(ActList)) // never changes either, as its own tests show
            .Where(f => f.FieldType != typeof(JsonNode)) // the value of a correction, of any shape; it is cloned before use
            .Select(f => $"{f.DeclaringType!.Name}.{f.Name}");
        Assert.Empty(mutable);
    }

    [Fact]
    public void each_stream_has_one_evolve()
    {
        var folds = Domain.GetTypes().SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)).Where(m => m.Name == "Evolve").ToList();
        Assert.Equal([typeof(Agency), typeof(Agreement), typeof(Meeting)], folds.Select(m => m.ReturnType).OrderBy(t => t.Name, StringComparer.Ordinal));
        Assert.All(folds, fold => Assert.Equal(fold.ReturnType, fold.DeclaringType));
    }

    [Fact]
    public void the_names_under_which_events_are_stored_are_these()
    {
        string[] names =
        [
            "achievement_recorded", "agency_registered", "agency_renamed", "agency_succeeded", "agreement_amended", "agreement_discussed",
            "agreement_entry_corrected", "agreement_extended", "agreement_proposed", "agreement_ratified", "agreement_resumed", "agreement_signed",
            "agreement_suspended", "agreement_terminated", "document_attached", "meeting_entry_corrected", "meeting_recorded", "minutes_approved",
            "phase_completed", "phase_planned", "proposal_withdrawn", "provisional_application_begun", "withdrawal_notified", "withdrawal_revoked",
        ];
        Assert.Equal(names, EventNames.Stored.Values.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void every_kind_of_event_is_stored_under_its_own_name_in_snake_case()
    {
        var kinds = Domain.GetTypes().Where(t => t.IsSubclassOf(typeof(LedgerEvent)) && !t.IsAbstract).ToList();
        Assert.NotEmpty(kinds);
        foreach (var kind in kinds)
        {
            var own = SnakeCase().Replace(kind.Name, "_$0").ToLowerInvariant();
            var stored = EventNames.Stored[kind];
            Assert.True(stored == own || stored == $"{kind.BaseType!.Name.Replace("Event", "", StringComparison.Ordinal).ToLowerInvariant()}_{own}", $"{kind.Name} is stored as {stored}.");
        }
    }

    [Fact]
    public void the_api_calls_an_event_by_its_name_in_camel_case() =>
        Assert.Equal(("agreementSigned", "entryCorrected"), (EventNames.OnTheWire(typeof(AgreementSigned)), EventNames.OnTheWire(typeof(Ledger.Domain.Agreements.EntryCorrected))));

    [Fact]
    public void every_refusal_has_a_test()
    {
        var refused = Sources.Texts("src", "Ledger.Domain").SelectMany(text => Refusal().Matches(text)).Select(m => m.Groups["code"].Value).ToHashSet();
        var tested = Sources.Texts("tests", "Ledger.Domain.Tests").SelectMany(text => Tested().Matches(text)).Select(m => m.Groups["code"].Value).ToHashSet();
        Assert.True(refused.Count > 30, $"Only {refused.Count} refusals were found.");
        Assert.Empty(refused.Except(tested));
        Assert.Empty(tested.Except(refused));
    }

    [Fact]
    public void the_domain_names_no_clock_and_no_chance() =>
        Assert.Empty(Sources.Texts("src", "Ledger.Domain").SelectMany(text => Chance().Matches(text)).Select(m => m.Value));

    [GeneratedRegex("(?<!^)[A-Z]", RegexOptions.None, 1000)]
    private static partial Regex SnakeCase();

    [GeneratedRegex("""(?:Refuse|new|Refused)\(\s*"(?<code>[a-z]+(?:-[a-z]+)+)"\s*,""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Refusal();

    [GeneratedRegex("""ThenRefused\("(?<code>[a-z-]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Tested();

    [GeneratedRegex(@"new Random|\bDateTime(Offset)?\.(Utc)?Now\b|TimeProvider|Guid\.(NewGuid|CreateVersion7)|#pragma warning disable", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Chance();
}
