using System.Text.Json;
using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Domain.Days;
using Ledger.Domain.Meetings;
using Ledger.Domain.Persons;
using static Ledger.Domain.Tests.Scene;

namespace Ledger.Domain.Tests.Golden;

/// <summary>
/// What has been stored can be read for ever. A file is added for a new kind of event or a new optional member and never edited;
/// with LEDGER_WRITE_GOLDEN=1 a run writes those that are missing.
/// </summary>
public class GoldenFiles
{
    private static readonly Person Host = new("person-2", new string('d', 64));

    private static readonly LedgerEvent[] Full =
    [
        new AgreementProposed("0197-agreement", "CA-2020-0007", "Cardiomed", [Cnes, Esa])
        {
            OccurredOn = D("2019-01-01"),
            Meeting = "0197-meeting",
            Titles = new("Cardiomed", "Cardiomed", "Кардиомед"),
            Summary = "Physiology of the heart in orbit.",
            Institutes = ["IMBP"],
            Fields = ["life-sciences"],
            Open = true,
            Phases = [new("0197-phase", "First phase", D("2020-02"))],
            EntryIntoForce = new(EntryIntoForceRule.Count)
            {
                Count = 2,
                Parties = [Cnes],
                Date = new DateOnly(2020, 3, 1),
                Delay = Period.Parse("P1Y2M3D"),
                FirstOfMonth = true,
                ExcludeOrganisations = true,
            },
            Term = new(D("2025"), Period.Parse("P5Y")),
            Visibility = Visibility.Restricted,
            Organisations = [Esa],
        },
        new AgreementDiscussed("The parties took stock.") { OccurredOn = D("2020-02-14"), Meeting = "0197-meeting", Topics = ["Cerebral circulation", "Disques"] },
        new AgreementSigned(Rka) { OccurredOn = D("2020-02"), Meeting = "0197-meeting", Place = "Moscow", Signatory = Signatory, ActedBy = Roscosmos, Organisation = true },
        new AgreementRatified(Rka, Instrument.DefinitiveSignature)
        {
            OccurredOn = D("2020-01-10"),
            Meeting = "0197-meeting",
            ReceivedOn = D("2020-01-20"),
            EffectiveOn = D("2020-02-01"),
            ActedBy = Roscosmos,
            Organisation = true,
        },
        new PhasePlanned("0197-phase-2", "Myocardial remodelling") { OccurredOn = D("2020-02-14"), Meeting = "0197-meeting", PlannedEnd = D("2022") },
        new PhaseCompleted("0197-phase") { OccurredOn = D("2020-02-03"), Meeting = "0197-meeting", Results = "All samples returned." },
        new AchievementRecorded("Launch of CHEOPS")
        {
            OccurredOn = D("2019-12-18"),
            Meeting = "0197-meeting",
            Summary = "From the Guiana Space Centre.",
            Counters = [new("Soyuz flights from the centre", 23), new("Tonnes", 3.25m)],
            Beneficiaries = [new("CHEOPS", Esa)],
        },
        new AgreementExtended(D("2026-12-31")) { OccurredOn = D("2020-02-14"), Meeting = "0197-meeting", Reason = "Further studies." },
        new AgreementAmended { OccurredOn = D("2020-02-14"), Meeting = "0197-meeting", Summary = "Article 3", EffectiveOn = D("2020-03-01"), Reason = "New payload." },
        new AgreementSuspended { OccurredOn = D("2020-02-14"), Meeting = "0197-meeting", EffectiveOn = D("2020-03-01"), Reason = "No launcher." },
        new AgreementResumed { OccurredOn = D("2020-02-14"), Meeting = "0197-meeting", EffectiveOn = D("2020-03-01"), Reason = "A launcher." },
        new WithdrawalNotified(Rka) { OccurredOn = D("2020-02-14"), Meeting = "0197-meeting", EffectiveOn = D("2021-02-14"), Reason = "Other plans.", ActedBy = Roscosmos },
        new WithdrawalRevoked(Rka) { OccurredOn = D("2020-02-15"), Meeting = "0197-meeting", Reason = "Plans changed.", ActedBy = Roscosmos },
        new AgreementTerminated { OccurredOn = D("2020-02-14"), Meeting = "0197-meeting", EffectiveOn = D("2020-03-01"), Ground = TerminationGround.ChangeOfCircumstances, Reason = "All is done." },
        new ProposalWithdrawn { OccurredOn = D("2020-02-14"), Meeting = "0197-meeting", EffectiveOn = D("2020-03-01"), Reason = "No interest." },
        new ProvisionalApplicationBegun { OccurredOn = D("2020-02-14"), Meeting = "0197-meeting", EffectiveOn = D("2020-03-01") },
        new DocumentAttached("texte.pdf", "application/pdf", 123456, new string('c', 64)) { OccurredOn = D("2020-02-14"), Meeting = "0197-meeting" },
        new Ledger.Domain.Agreements.EntryCorrected(7, "/counters/0/value", "Read wrongly.") { OccurredOn = D("2020-02-14"), Meeting = "0197-meeting", Was = 23, Value = 24 },
        new MeetingRecorded("0197-meeting", "CM-2020-0001", "Status check")
        {
            OccurredOn = D("2020-02-14"),
            Place = new("Moscow", "RU", "Embassy of France", "Europe/Moscow"),
            Host = Host,
            Participants = [new(Signatory, Cnes), new(Host, null)],
            Agenda = ["Soyuz", "Космос"],
            Entries = [new("0197-agreement", 2, "agreement_discussed")],
        },
        new MinutesApproved(Cnes, 1) { OccurredOn = D("2020-02-15") },
        new Ledger.Domain.Meetings.EntryCorrected(1, "/place", "Read wrongly.") { OccurredOn = D("2020-02-16"), Was = null, Value = new System.Text.Json.Nodes.JsonObject { ["city"] = "Moscow" } },
        new AgencyRegistered(Roscosmos, "Roscosmos", AgencyKind.Agency) { OccurredOn = D("1992-02-25"), Names = new("Roscosmos", "Roscosmos", "Роскосмос"), Country = "RU" },
        new AgencyRenamed("State Corporation Roscosmos", AgencyKind.Company) { OccurredOn = D("2016"), Names = new("State Corporation", null, "Госкорпорация"), Country = "RU" },
        new AgencySucceeded(Roscosmos) { OccurredOn = D("2004-03-09") },
    ];

    // Members added later, in files of their own beside those of the first version.
    private static readonly LedgerEvent[] Grown =
    [
        (AgreementProposed)Full[0] with { Flags = [Flag.UnparsedDay, Flag.PartiesNotNamed, Flag.ActNotMapped] },
    ];

    // Only what an event cannot do without.
    private static readonly LedgerEvent[] Minimal =
    [
        new AgreementProposed("0197-agreement", "CA-2020-0007", "Cardiomed", [Cnes]),
        new AgreementDiscussed("The parties took stock.") { OccurredOn = D("2020") },
        new AgreementSigned(Cnes) { OccurredOn = D("2020") },
        new AgreementRatified(Cnes, Instrument.Ratification) { OccurredOn = D("2020") },
        new PhasePlanned("0197-phase", "First phase") { OccurredOn = D("2020") },
        new PhaseCompleted("0197-phase") { OccurredOn = D("2020") },
        new AchievementRecorded("Launch of CHEOPS") { OccurredOn = D("2020") },
        new AgreementExtended(D("2026")) { OccurredOn = D("2020") },
        new AgreementAmended { OccurredOn = D("2020") },
        new AgreementSuspended { OccurredOn = D("2020") },
        new AgreementResumed { OccurredOn = D("2020") },
        new WithdrawalNotified(Cnes) { OccurredOn = D("2020") },
        new WithdrawalRevoked(Cnes) { OccurredOn = D("2020") },
        new AgreementTerminated { OccurredOn = D("2020") },
        new ProposalWithdrawn { OccurredOn = D("2020") },
        new ProvisionalApplicationBegun { OccurredOn = D("2020") },
        new DocumentAttached("a", "text/plain", 0, new string('0', 64)) { OccurredOn = D("2020") },
        new Ledger.Domain.Agreements.EntryCorrected(2, "", "It never happened.") { OccurredOn = D("2020") },
        new MeetingRecorded("0197-meeting", "CM-2020-0001", "Status check") { OccurredOn = D("2020") },
        new MinutesApproved(Cnes, 1) { OccurredOn = D("2020") },
        new Ledger.Domain.Meetings.EntryCorrected(1, "/title", "It had none.") { OccurredOn = D("2020") },
        new AgencyRegistered(Cnes, "CNES", AgencyKind.Agency),
        new AgencyRenamed("CNES", AgencyKind.Agency) { OccurredOn = D("2020") },
        new AgencySucceeded(Roscosmos) { OccurredOn = D("2020") },
    ];

    public static TheoryData<string> Files => [.. Examples.Keys];

    private static Dictionary<string, LedgerEvent> Examples => Full.Select(e => (e, Kind: ".v1.json"))
        .Concat(Grown.Select(e => (e, Kind: ".v2.json")))
        .Concat(Minimal.Select(e => (e, Kind: ".v1.minimal.json")))
        .ToDictionary(x => EventNames.Stored[x.e.GetType()] + x.Kind, x => x.e);

    [Theory]
    [MemberData(nameof(Files))]
    public void an_event_is_written_as_it_always_was(string file)
    {
        var path = Path.Combine(Sources.Of("tests", "Ledger.Domain.Tests", "Golden"), file);
        var text = Write(Examples[file]);
        if (!File.Exists(path) && Environment.GetEnvironmentVariable("LEDGER_WRITE_GOLDEN") == "1")
            File.WriteAllText(path, text);
        Assert.Equal(File.ReadAllText(path), text);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void an_event_once_stored_is_read_and_written_again_alike(string file)
    {
        var text = File.ReadAllText(Path.Combine(Sources.Of("tests", "Ledger.Domain.Tests", "Golden"), file));
        var read = Read(Examples[file].GetType().BaseType!, text);
        Assert.Equal(Examples[file].GetType(), read.GetType());
        Assert.Equal(text, Write(read));
    }

    [Fact]
    public void members_in_any_order_are_read() => Assert.Equal(
        new AgreementSigned(Cnes) { OccurredOn = D("2020"), Place = "Paris" },
        Read(typeof(AgreementEvent), """{"place":"Paris","party":"CNES","occurredOn":"2020","$type":"agreement_signed"}"""));

    [Fact]
    public void every_kind_of_event_has_both_files()
    {
        Assert.Equal(EventNames.Stored.Keys.Order(ByName), Full.Select(e => e.GetType()).Order(ByName));
        Assert.Equal(EventNames.Stored.Keys.Order(ByName), Minimal.Select(e => e.GetType()).Order(ByName));
    }

    [Fact]
    public void no_file_is_without_its_event() => Assert.Equal(
        Examples.Keys.Order(StringComparer.Ordinal),
        Directory.GetFiles(Sources.Of("tests", "Ledger.Domain.Tests", "Golden"), "*.json").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));

    [Fact]
    public void a_full_example_leaves_no_member_out()
    {
        foreach (var e in Full.ExceptBy(Grown.Select(e => e.GetType()), e => e.GetType()).Concat(Grown))
        {
            // Nothing stood there before the place of the meeting was known: that member of that example is absent on purpose.
            var missing = e.GetType().GetProperties().Where(p => p.GetMethod!.IsPublic && p.GetValue(e) is null or false or System.Collections.ICollection { Count: 0 }).Select(p => p.Name);
            Assert.Equal(e is Ledger.Domain.Meetings.EntryCorrected ? ["Was"] : [], missing);
        }
    }

    private static Comparer<Type> ByName => Comparer<Type>.Create((a, b) => string.CompareOrdinal(a.FullName, b.FullName));

    private static string Write(LedgerEvent e) => JsonSerializer.Serialize(e, e.GetType().BaseType!, LedgerJson.Options) + "\n";

    private static LedgerEvent Read(Type stream, string text) => (LedgerEvent)JsonSerializer.Deserialize(text, stream, LedgerJson.Options)!;
}
