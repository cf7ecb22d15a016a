using System.Collections.Immutable;
using System.Globalization;
using Ledger.Domain;
using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Domain.Days;
using Ledger.Domain.Meetings;
using Ledger.Domain.Persons;
using Ledger.Web.Briefs;
using Ledger.Web.Entries;
using Ledger.Web.Persons;

namespace Ledger.Web.Tests.Briefs;

/// <summary>A register in memory: entries with their sequence, their number in the stream and the instant of recording.</summary>
internal sealed class Register
{
    private readonly Dictionary<string, List<RecordedEntry>> _streams = new(StringComparer.Ordinal);
    private readonly List<PersonName> _persons = [];
    private readonly List<Agency> _agencies = [];
    private long _sequence;

    /// <summary>The instant of the next entry, UTC.</summary>
    public DateTimeOffset Now { get; set; } = new(2020, 2, 17, 9, 30, 0, TimeSpan.Zero);

    public AgencyDirectory Agencies => new(_agencies);

    public PersonDirectory Persons => new(_persons);

    public long Sequence => _sequence;

    public static string IdOf(string reference) => "id-" + reference;

    public void Agency(string code, string name, AgencyKind kind, string? country, Translations? names = null) =>
        _agencies.Add(Domain.Agencies.Agency.Evolve(null, new(1, Now, new AgencyRegistered(code, name, kind) { Names = names, Country = country })));

    public Person Person(string id, string? name, string? office)
    {
        _persons.Add(new(id, name, office));
        return new(id, new string('0', 64), new string('0', 64));
    }

    public long Add(string reference, AgreementEvent e, string? by = "CNES") => Append(IdOf(reference), e, by);

    public long Add(string reference, MeetingEvent e, string? by = "CNES") => Append(IdOf(reference), e, by);

    public AgreementRecord Agreement(string reference)
    {
        var entries = _streams[IdOf(reference)].ToImmutableArray();
        return new(entries.Aggregate((Agreement?)null, (state, e) => Domain.Agreements.Agreement.Evolve(state, new(e.Version, e.RecordedAt, (AgreementEvent)e.Event)))!, entries);
    }

    public MeetingRecord Meeting(string reference)
    {
        var entries = _streams[IdOf(reference)].ToImmutableArray();
        return new(entries.Aggregate((Meeting?)null, (state, e) => Domain.Meetings.Meeting.Evolve(state, new(e.Version, e.RecordedAt, (MeetingEvent)e.Event)))!, entries);
    }

    /// <summary>Every agreement, by reference.</summary>
    public IReadOnlyList<AgreementRecord> Agreements =>
        [.. _streams.Values.Where(s => s[0].Event is AgreementProposed).Select(s => Agreement(((AgreementProposed)s[0].Event).Reference)).OrderBy(a => a.Agreement.Reference, StringComparer.Ordinal)];

    public Brief BriefOfAgreement(string reference, BriefPoint point) => BriefComposer.OfAgreement(Agreement(reference), point, Agencies, Persons);

    public Brief BriefOfMeeting(string reference, BriefPoint point) => BriefComposer.OfMeeting(Meeting(reference), Agreements, point, Agencies, Persons);

    public Brief BriefOfPortfolio(string[] parties, BriefPoint point) => BriefComposer.OfPortfolio(
        parties, [.. Agreements.Where(a => parties.All(a.Agreement.Parties.Contains))], point, Agencies, Persons);

    private long Append(string stream, LedgerEvent e, string? by)
    {
        if (!_streams.TryGetValue(stream, out var entries))
            _streams[stream] = entries = [];
        entries.Add(new(++_sequence, stream, entries.Count + 1, Now, new("recorder", by), e));
        return entries.Count;
    }
}

/// <summary>The meeting of CNES and Roscosmos in Moscow on 14 February 2020, as it was reported.</summary>
internal static class FoundingMeeting
{
    public const string Reference = "CM-2020-0001";

    private static readonly Day Held = Day.On(2020, 2, 14);

    public static BriefPoint Point { get; } = new(new DateOnly(2020, 2, 20), new DateTimeOffset(2020, 2, 20, 19, 15, 0, TimeSpan.Zero));

    public static Register Recorded()
    {
        var register = new Register();
        register.Agency("CNES", "Centre national d’études spatiales", AgencyKind.Agency, "FR", new(
            "National Centre for Space Studies", "Centre national d’études spatiales", "Национальный центр космических исследований"));
        register.Agency("ROSCOSMOS", "Роскосмос", AgencyKind.Agency, "RU", new(
            "State Space Corporation Roscosmos", "Agence spatiale d’État Roscosmos", "Государственная корпорация по космической деятельности «Роскосмос»"));
        register.Agency("IMBP", "Institute of Biomedical Problems", AgencyKind.Institute, "RU", new(
            "Institute of Biomedical Problems", "Institut des problèmes biomédicaux", "Институт медико-биологических проблем"));
        register.Agency("ESA", "European Space Agency", AgencyKind.Organisation, null, new("European Space Agency", "Agence spatiale européenne", "Европейское космическое агентство"));
        register.Agency("ASI", "Agenzia Spaziale Italiana", AgencyKind.Agency, "IT");
        register.Agency("IT-MOD", "Ministero della Difesa", AgencyKind.Ministry, "IT");
        register.Agency("TYVAK", "Tyvak", AgencyKind.Company, null);

        Propose("CA-2020-0001", "Soyuz at the Guiana Space Centre", new("Soyuz at the Guiana Space Centre", "Soyouz au Centre spatial guyanais", "«Союз» в Гвианском космическом центре"), []);
        Discuss("CA-2020-0001", "The continued operation of Soyuz launch vehicles from the Guiana Space Centre was reviewed.");
        register.Add("CA-2020-0001", new AchievementRecorded("Soyuz launch of 18 December 2019 from the Guiana Space Centre")
        {
            OccurredOn = Day.On(2019, 12, 18),
            Meeting = Register.IdOf(Reference),
            Counters =
            [
                new("missions of Soyuz from the Guiana Space Centre", 23), new("launches of Soyuz from the Guiana Space Centre in 2019", 3),
                new("launches from the Guiana Space Centre in 2019", 9), new("payloads", 4),
            ],
            Beneficiaries =
            [
                new("COSMO-SkyMed Second Generation", "ASI"), new("COSMO-SkyMed Second Generation", "IT-MOD"), new("CHEOPS", "ESA"),
                new("ANGELS", "CNES"), new("EyeSat", "CNES"), new("OPS-SAT", "TYVAK"), new("OPS-SAT", "ESA"),
            ],
        });
        Propose("CA-2020-0002", "Bion-M2 / MTB-2", new("Bion-M2 / MTB-2", "Bion-M2 / MTB-2", "Бион-М № 2 / МТБ-2"), []);
        Discuss("CA-2020-0002", "The joint plan to study the combined biological effects of the space environment and of the return to Earth on the human body and certain organs was discussed.", "system level", "cell level", "molecular level");
        Propose("CA-2020-0003", "SIRIUS-20", null, ["IMBP"]);
        Discuss("CA-2020-0003", "French scientific confinement experiments for the SIRIUS-20 project were addressed.");
        Propose("CA-2020-0004", "Cardiomed", new("Cardiomed", "Cardiomed", "Кардиомед"), ["IMBP"], new ProposedPhase("phase-1", "First phase"));
        register.Add("CA-2020-0004", new PhaseCompleted("phase-1") { OccurredOn = Day.On(2020, 2, 3), Meeting = Register.IdOf(Reference) });
        Discuss("CA-2020-0004", "Further studies in physiology are in view.", "cerebral circulation", "myocardial remodelling", "paravertebral discs");
        foreach (var (id, title) in new[] { ("phase-2", "Cerebral circulation"), ("phase-3", "Myocardial remodelling"), ("phase-4", "Paravertebral discs") })
            register.Add("CA-2020-0004", new PhasePlanned(id, title) { OccurredOn = Held, Meeting = Register.IdOf(Reference) });
        Propose("CA-2020-0005", "Space Climate Observatory", new("Space Climate Observatory", "Observatoire spatial du climat", "Космическая климатическая обсерватория"), []);
        Discuss("CA-2020-0005", "Future cooperation on the deployment of the observatory against climate change was considered.");
        register.Add("CA-2020-0006", new AgreementProposed(Register.IdOf("CA-2020-0006"), "CA-2020-0006", "Experiments from the lunar surface", ["CNES", "ROSCOSMOS"])
        {
            OccurredOn = Held,
            Meeting = Register.IdOf(Reference),
            Titles = new("Experiments from the lunar surface", "Expériences depuis la surface lunaire", "Эксперименты с поверхности Луны"),
        });

        register.Add(Reference, new MeetingRecorded(Register.IdOf(Reference), Reference, "Status check on French–Russian cooperation in space")
        {
            OccurredOn = Held,
            Place = new("Moscow", "RU", "Embassy of France", "Europe/Moscow"),
            Host = register.Person("p-1", "Pierre Levy", "Ambassador of France to Russia"),
            Participants =
            [
                new(register.Person("p-2", "Jean-Yves Le Gall", "President"), "CNES"),
                new(register.Person("p-3", "Dmitry Rogozin", "Director General"), "ROSCOSMOS"),
            ],
            Agenda =
            [
                "Status check on the development of the two nations’ cooperation in space",
                "Continued use of the Soyuz launch vehicle from the Guiana Space Centre",
                "Collaboration on space medicine research",
                "Earth observation for monitoring climate change",
                "Possible cooperation in conducting experiments on the Moon",
            ],
            Entries = [.. register.Agreements.SelectMany(a => a.Entries
                .Select(e => new CausedEntry(a.Agreement.Id, e.Version, EventNames.Stored[e.Event.GetType()])))],
        });

        register.Now = new(2020, 2, 18, 8, 5, 0, TimeSpan.Zero);
        register.Add("CA-2020-0001", new Domain.Agreements.EntryCorrected(3, "/counters/3/value", "Four payloads were reported, five are named.")
        {
            OccurredOn = Day.On(2020, 2, 18),
            Was = System.Text.Json.Nodes.JsonValue.Create(4m),
            Value = System.Text.Json.Nodes.JsonValue.Create(5m),
        });
        register.Now = new(2020, 2, 19, 16, 40, 0, TimeSpan.Zero);
        register.Add(Reference, new MinutesApproved("CNES", 1) { OccurredOn = Day.On(2020, 2, 19) });
        return register;

        void Propose(string reference, string title, Translations? titles, string[] institutes, params ProposedPhase[] phases) =>
            register.Add(reference, new AgreementProposed(Register.IdOf(reference), reference, title, ["CNES", "ROSCOSMOS"])
            {
                Meeting = Register.IdOf(Reference),
                Titles = titles,
                Institutes = [.. institutes],
                Phases = [.. phases],
            });

        void Discuss(string reference, string summary, params string[] topics) =>
            register.Add(reference, new AgreementDiscussed(summary) { OccurredOn = Held, Meeting = Register.IdOf(Reference), Topics = [.. topics] });
    }

    public static IEnumerable<(string Name, Brief Brief)> Briefs()
    {
        var register = Recorded();
        yield return ("meeting", register.BriefOfMeeting(Reference, Point with { Since = BriefSince.At(new(2020, 2, 18, 0, 0, 0, TimeSpan.Zero)) }));
        yield return ("cardiomed", register.BriefOfAgreement("CA-2020-0004", Point));
        yield return ("soyuz", register.BriefOfAgreement("CA-2020-0001", Point with { Since = BriefSince.After(3) }));
        yield return ("portfolio", register.BriefOfPortfolio(["CNES", "ROSCOSMOS"], Point));
    }

    public static string Named(string name, string language) => string.Create(CultureInfo.InvariantCulture, $"{name}.{language}.md");
}
