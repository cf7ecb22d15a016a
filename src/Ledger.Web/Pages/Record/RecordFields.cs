using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Ledger.Web.Pages;

/// <summary>What can be filled in when a meeting is recorded: each field a member of the request that the API reads.</summary>
internal static class RecordFields
{
    private static readonly RecordField Reason = new("reason", "record.reason", FieldInput.Text);
    private static readonly RecordField EffectiveOn = Day("effectiveOn", "record.effectiveOn", "record.effectiveOnHint");
    private static readonly RecordField Agency = new("party", "record.party", FieldInput.Agency) { Needed = true };
    private static readonly RecordField AgencyOfList = new("", "record.agency", FieldInput.Agency);

    private static readonly RecordField NameOfPerson = new("name", "record.name") { Width = 30 };
    private static readonly RecordField OfficeOfPerson = new("office", "record.office") { Width = 30 };

    /// <summary>The facts of the meeting.</summary>
    public static ImmutableArray<RecordField> Facts { get; } =
    [
        new("title", "record.title") { Needed = true },
        Day("heldOn", "record.heldOn", "record.dayHint") with { Needed = true },
        Group("place", "record.place",
            new("city", "record.city") { Width = 30 },
            new("venue", "record.venue"),
            new("country", "record.country") { Hint = "record.countryHint", Width = 2 },
            new("timeZone", "record.timeZone") { Hint = "record.timeZoneHint", Width = 30 }),
        Group("host", "record.host", NameOfPerson, OfficeOfPerson),
        Rows("agenda", "record.agenda", new RecordField("", "record.agendaItem")),
    ];

    /// <summary>Who took part.</summary>
    public static ImmutableArray<RecordField> Participants { get; } =
    [
        Rows("participants", "record.participants",
            NameOfPerson with { Needed = true },
            OfficeOfPerson,
            new RecordField("agency", "record.agency", FieldInput.Agency)) with { IsNamedByPage = true },
    ];

    /// <summary>The fields of each kind of outcome, in the order in which the kinds are offered.</summary>
    public static ImmutableArray<(string Kind, string Words, ImmutableArray<RecordField> Fields)> Outcomes { get; } =
    [
        ("discussed", "record.kind.discussed",
        [
            new("summary", "record.said", FieldInput.Text) { Needed = true },
            new("topics", "record.topics", FieldInput.Lines) { Hint = "record.linesHint" },
            Day("discussedOn", "record.discussedOn", "record.dayOfMeeting"),
        ]),
        ("proposed", "record.kind.proposed",
        [
            new("title", "record.titleOfAgreement") { Needed = true },
            Group("titles", "record.titles", new("en", "record.english"), new("fr", "record.french"), new("ru", "record.russian")) with { Folded = true },
            new("summary", "record.about", FieldInput.Text),
            new("reference", "record.reference") { Hint = "record.referenceHint", Width = 20 },
            Rows("parties", "record.parties", AgencyOfList) with { Needed = true },
            new("open", "record.open", FieldInput.Flag),
            Rows("institutes", "record.institutes", AgencyOfList) with { Hint = "record.institutesHint" },
            new("fields", "record.fields", FieldInput.Lines) { Hint = "record.fieldsHint" },
            Day("proposedOn", "record.proposedOn", "record.dayOfMeeting"),
            new("proposedOnUnknown", "record.proposedOnUnknown", FieldInput.Flag),
            Rows("phases", "record.phases", new RecordField("title", "record.titleOfPhase") { Width = 30 }, Day("plannedEnd", "record.plannedEnd", null)),
            Group("term", "record.term", Day("until", "record.until", "record.dayHint"), new("length", "record.length") { Hint = "record.lengthHint", Width = 10 }) with { Folded = true },
            Group("entryIntoForce", "record.entryIntoForce",
                Choice("rule", "record.rule", ("allParties", "record.rule.allParties"), ("count", "record.rule.count"), ("named", "record.rule.named"), ("date", "record.rule.date")),
                new("count", "record.count", FieldInput.Number) { Width = 5 },
                Rows("parties", "record.named", AgencyOfList),
                new("date", "record.date", FieldInput.Date),
                new("delay", "record.delay") { Hint = "record.lengthHint", Width = 10 },
                new("firstOfMonth", "record.firstOfMonth", FieldInput.Flag),
                new("excludeOrganisations", "record.excludeOrganisations", FieldInput.Flag)) with { Folded = true },
            Choice("visibility", "record.visibility", ("shared", "record.visibility.shared"), ("restricted", "record.visibility.restricted")),
        ]),
        ("signed", "record.kind.signed",
        [
            Agency,
            Day("signedOn", "record.signedOn", "record.dayOfMeeting"),
            new("place", "record.signedAt") { Width = 30 },
            Group("signatory", "record.signatory", NameOfPerson, OfficeOfPerson),
        ]),
        ("ratified", "record.kind.ratified",
        [
            Agency,
            Choice("instrument", "record.instrument",
                ("ratification", "record.instrument.ratification"), ("acceptance", "record.instrument.acceptance"), ("approval", "record.instrument.approval"),
                ("accession", "record.instrument.accession"), ("succession", "record.instrument.succession"), ("definitiveSignature", "record.instrument.definitiveSignature")),
            Day("ratifiedOn", "record.ratifiedOn", "record.dayOfMeeting"),
            Day("receivedOn", "record.receivedOn", "record.receivedOnHint"),
            EffectiveOn,
        ]),
        ("phasePlanned", "record.kind.phasePlanned",
        [
            new("title", "record.titleOfPhase") { Needed = true },
            Day("plannedEnd", "record.plannedEnd", "record.dayHint"),
        ]),
        ("phaseCompleted", "record.kind.phaseCompleted",
        [
            new("phase", "record.phase", FieldInput.Phase) { Needed = true },
            Day("completedOn", "record.completedOn", "record.dayOfMeeting"),
            new("results", "record.results", FieldInput.Text),
        ]),
        ("achieved", "record.kind.achieved",
        [
            new("title", "record.achievement") { Needed = true },
            Day("occurredOn", "record.achievedOn", "record.dayOfMeeting"),
            new("summary", "record.consistedOf", FieldInput.Text),
            Rows("counters", "record.counters", new("label", "record.counted") { Width = 30 }, new("value", "record.number", FieldInput.Number) { Width = 5 }),
            Rows("beneficiaries", "record.beneficiaries", new("item", "record.item") { Width = 30 }, new("agency", "record.agency", FieldInput.Agency)),
        ]),
        ("extended", "record.kind.extended",
        [
            Day("until", "record.until", "record.dayHint") with { Needed = true },
            Day("agreedOn", "record.agreedOn", "record.dayOfMeeting"),
            Reason,
        ]),
        ("amended", "record.kind.amended",
        [
            new("summary", "record.amendment", FieldInput.Text),
            Day("occurredOn", "record.agreedOn", "record.dayOfMeeting"),
            EffectiveOn,
            Reason,
        ]),
        ("suspended", "record.kind.suspended", [Day("occurredOn", "record.agreedOn", "record.dayOfMeeting"), EffectiveOn, Reason]),
        ("resumed", "record.kind.resumed", [Day("occurredOn", "record.agreedOn", "record.dayOfMeeting"), EffectiveOn, Reason]),
        ("provisionallyApplied", "record.kind.provisionallyApplied", [Day("occurredOn", "record.agreedOn", "record.dayOfMeeting"), EffectiveOn]),
        ("withdrawn", "record.kind.withdrawn", [Agency, Day("occurredOn", "record.noticeOn", "record.dayOfMeeting"), EffectiveOn, Reason]),
        ("terminated", "record.kind.terminated",
        [
            Choice("ground", "record.ground",
                ("", "record.ground.none"), ("consent", "record.ground.consent"), ("completion", "record.ground.completion"), ("laterAgreement", "record.ground.laterAgreement"),
                ("breach", "record.ground.breach"), ("impossibility", "record.ground.impossibility"), ("changeOfCircumstances", "record.ground.changeOfCircumstances")),
            Day("occurredOn", "record.agreedOn", "record.dayOfMeeting"),
            EffectiveOn,
            Reason,
        ]),
    ];

    private static readonly FrozenDictionary<string, (string Words, ImmutableArray<RecordField> Fields)> ByKind =
        Outcomes.ToFrozenDictionary(o => o.Kind, o => (o.Words, o.Fields), StringComparer.Ordinal);

    /// <summary>Whether there is a kind of outcome of this name.</summary>
    public static bool IsKind(string? kind) => kind is not null && ByKind.ContainsKey(kind);

    /// <summary>The fields of a kind of outcome.</summary>
    public static ImmutableArray<RecordField> Of(string kind) => ByKind[kind].Fields;

    /// <summary>The key of the words for a kind of outcome.</summary>
    public static string WordsOf(string kind) => ByKind[kind].Words;

    private static RecordField Day(string name, string label, string? hint) => new(name, label, FieldInput.Day) { Hint = hint, Width = 10 };

    private static RecordField Group(string name, string label, params ImmutableArray<RecordField> fields) => new(name, label, FieldInput.Group) { Fields = fields };

    private static RecordField Rows(string name, string label, params ImmutableArray<RecordField> fields) => new(name, label, FieldInput.Rows) { Fields = fields };

    private static RecordField Choice(string name, string label, params ImmutableArray<(string, string)> choices) => new(name, label, FieldInput.Choice) { Choices = choices };
}
