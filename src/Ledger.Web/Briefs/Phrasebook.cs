using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Domain.Agreements;
using Ledger.Domain.Days;

namespace Ledger.Web.Briefs;

/// <summary>The words of one language for everything that a brief says. What it writes is Markdown with users' words escaped, or plain text.</summary>
public abstract class Phrasebook
{
    private static readonly ImmutableArray<Phrasebook> Languages = [new EnglishPhrasebook(), new FrenchPhrasebook(), new RussianPhrasebook()];

    /// <summary>Every phrasebook.</summary>
    public static ImmutableArray<Phrasebook> All => Languages;

    /// <summary>The language, as in ISO 639-1: <c>en</c>, <c>fr</c> or <c>ru</c>.</summary>
    public abstract string Language { get; }

    /// <summary>The phrasebook of a language; null where there is none.</summary>
    public static Phrasebook? For(string language) => Languages.FirstOrDefault(book => book.Language == language);

    /// <summary>What a statement says, as plain text with a full stop and without its citations.</summary>
    public string PlainSentence(Statement statement) => Capital(Say(new Wording(statement, this, Markdown: false))) + ".";

    /// <summary>What a statement says, in Markdown, its citations after it and the full stop after them.</summary>
    public string CitedSentence(Statement statement) => $"{Clause(statement)} {Cite(statement.Citations)}.";

    /// <summary>What a statement says, in Markdown, without full stop and citations.</summary>
    internal string Clause(Statement statement) => Capital(Say(new Wording(statement, this, Markdown: true)));

    /// <summary>Citations: <c>[CA-2020-0007 #12, 3 Feb 2020]</c>, or <c>[record #57, 22 Nov 2026]</c> for the whole record.</summary>
    public string Cite(IEnumerable<Citation> citations) => string.Join(' ', citations.Select(citation =>
        $"[{citation.Reference ?? Word(BriefWord.Record)} #{citation.Number.ToString(CultureInfo.InvariantCulture)}, {(citation.On is { } on ? Day(on) : Word(BriefWord.Undated))}]"));

    /// <summary>A day: 3 Feb 2020, Feb 2020 or 2020; 21 Feb 1962 – Nov 1962 where it is one of a range, and May 1972 (?) where the source is not sure.</summary>
    public string Day(Day day) => day.Ends is { } ends ? $"{Day(ends.First)} – {Day(ends.Last)}" : Level0(day) + (day.IsUncertain ? " (?)" : "");

    private string Level0(Day day) => day.Precision switch
    {
        DayPrecision.Day => $"{DayOfMonth(day.Latest.Day)} {Months[day.Latest.Month - 1]} {Year(day)}",
        DayPrecision.Month => $"{StandaloneMonths[day.Latest.Month - 1]} {Year(day)}",
        _ => Year(day),
    };

    /// <summary>A day.</summary>
    public string Day(DateOnly day) => Day(Domain.Days.Day.On(day));

    /// <summary>An instant to the minute: 22 Nov 2026, 19:15 UTC.</summary>
    public string Instant(DateTimeOffset instant) =>
        $"{Day(DateOnly.FromDateTime(instant.UtcDateTime))}, {instant.UtcDateTime.ToString("HH:mm", CultureInfo.InvariantCulture)} UTC";

    /// <summary>A status in words.</summary>
    public abstract string Status(AgreementStatus status);

    /// <summary>A party's standing in words.</summary>
    public abstract string Status(PartyStatus status);

    /// <summary>The form of a consent in words.</summary>
    public abstract string Instrument(Instrument instrument);

    /// <summary>A heading, a label or another word that is no sentence.</summary>
    public abstract string Word(BriefWord word);

    /// <summary>A value in the words of the language.</summary>
    internal string Write(Argument argument, bool markdown) => argument switch
    {
        DayArgument x => Day(x.Day),
        InstantArgument x => Instant(x.Instant),
        CountArgument x => Number(x.Count),
        AgenciesArgument x => x.More == 0
            ? And(x.Codes.Select(code => Own(code, markdown)))
            : string.Join(", ", x.Codes.Select(code => Own(code, markdown))) + More(x.More),
        NamedAgenciesArgument x => string.Join(Semicolon + " ", x.Agencies.Select(agency => Named(agency, markdown))) + More(x.More),
        AgreementArgument x => Agreement(x, markdown),
        ReferencesArgument x => string.Join(", ", x.References.Select(reference => Own(reference, markdown))) + More(x.More),
        TextArgument x => x.Translations?.In(Language) is { } translated ? Quote(translated, false, markdown) : Quote(x.Text, x.Cut, markdown),
        TextsArgument x => string.Join(", ", x.Texts.Select(text => Quote(text, false, markdown))) + More(x.More),
        PersonsArgument x => string.Join(Semicolon + " ", x.Persons.Select(person => Person(person, markdown))) + More(x.More),
        PlaceArgument x => Place(x, markdown),
        CountersArgument x => Pairs(x.Counters.Select(c => $"{Quote(c.Label, false, markdown)} – {Number(c.Value)}"), x.More),
        BeneficiariesArgument x => Pairs(
            x.Items.Select(i => $"{Quote(i.Item, false, markdown)} – {string.Join(", ", i.Agencies.Codes.Select(code => Own(code, markdown)))}{More(i.Agencies.More)}"), x.More),
        StatusArgument x => x.Certain ? Status(x.Status) : $"{Status(x.Status)} ({Word(BriefWord.Uncertain)})",
        PartyStatusArgument x => x.Instrument is { } form ? $"{Status(x.Status)} ({Instrument(form)})" : Status(x.Status),
        PhaseStatusArgument x => Word(x.Status switch
        {
            PhaseStatus.Planned => BriefWord.Planned,
            PhaseStatus.Overdue => BriefWord.IsOverdue,
            PhaseStatus.Completed => BriefWord.Completed,
        }),
        InstrumentArgument x => Instrument(x.Instrument),
        GroundArgument x => Ground(x.Ground),
        StatusTallyArgument x => string.Join(Semicolon + " ", x.Items.Select(item => $"{Status(item.Status)} – {Number(item.Count)}")),
        OutcomeTallyArgument x => string.Join(Semicolon + " ", x.Items.Select(item => $"{Outcome(item.Outcome)} – {Number(item.Count)}")),
        MemberArgument x => Member(x, markdown),
        ValueArgument x => Value(x, markdown),
        PhaseArgument x => Phase(x, markdown),
        TermArgument => Word(BriefWord.Term),
        _ => throw new ArgumentException($"No words are known for {argument.GetType().Name}.", nameof(argument)),
    };

    /// <summary>What a day in the status table is: "since 1 Mar 2020".</summary>
    internal string When(DayWord? when, Day? on) => on is null ? "" : when switch
    {
        DayWord.Since => Since(on),
        DayWord.From => From(on),
        DayWord.Until => Until(on),
        DayWord.PlannedFor => PlannedFor(on),
        DayWord.LastDiscussed => LastDiscussed(on),
        DayWord.LastSigned => LastSigned(on),
        DayWord.LastConsent => LastConsent(on),
        DayWord.On or null => Day(on),
    };

    /// <summary>On a day, in a month or in a year.</summary>
    internal abstract string On(Day day);

    /// <summary>Since a day.</summary>
    internal abstract string Since(Day day);

    /// <summary>Since a point of the record.</summary>
    internal abstract string Since(BriefSince point);

    /// <summary>From a day onwards.</summary>
    internal abstract string From(Day day);

    /// <summary>Until and with a day.</summary>
    internal abstract string Until(Day day);

    /// <summary>The form of a noun that goes with a number, of the forms that the language distinguishes.</summary>
    internal abstract string Plural(long count, params ReadOnlySpan<string> forms);

    /// <summary>A number, never grouped, so that a year stays a year.</summary>
    internal string Number(decimal number) =>
        number.ToString("0.############", CultureInfo.InvariantCulture).Replace(".", DecimalSeparator, StringComparison.Ordinal);

    /// <summary>A user's words between quotation marks; marks of the same kind within them become those of the second rank.</summary>
    internal string Quote(string text, bool cut, bool markdown)
    {
        var quoted = new StringBuilder(text);
        foreach (var (own, inner) in new[] { (Quotes.Open, Quotes.InnerOpen), (Quotes.Close, Quotes.InnerClose) })
            quoted.Replace(own.Trim('\u00A0'), inner);
        quoted.Replace('"', '\'');
        return $"{Quotes.Open}{Own(quoted.ToString(), markdown)}{(cut ? "…" : "")}{Quotes.Close}";
    }

    /// <summary>A user's words, escaped so that Markdown takes none of them for markup or for a citation.</summary>
    internal static string Own(string text, bool markdown)
    {
        if (!markdown)
            return text;

        var escaped = new StringBuilder(text.Length + 8);
        foreach (var c in text)
        {
            if (c is '\\' or '`' or '*' or '_' or '[' or ']' or '<' or '>' or '|' or '~' or '&' or '#' or '!' or '$' or '^' or '=')
                escaped.Append('\\');
            escaped.Append(c);
        }

        return escaped.ToString();
    }

    /// <summary>The sentence of a statement, without full stop and citations.</summary>
    internal abstract string Say(Wording w);

    /// <summary>A label with a colon after it.</summary>
    internal string Labelled(string label) => label + Colon;

    /// <summary>The text with a capital at its beginning.</summary>
    internal static string Capital(string text) => text.Length > 0 ? char.ToUpperInvariant(text[0]) + text[1..] : text;

    /// <summary>A colon as it is set after a word.</summary>
    protected virtual string Colon => ":";

    /// <summary>A semicolon as it is set after a word.</summary>
    protected virtual string Semicolon => ";";

    /// <summary>A status planned for a day.</summary>
    protected abstract string PlannedFor(Day day);

    /// <summary>Discussed last on a day.</summary>
    protected abstract string LastDiscussed(Day day);

    /// <summary>Signed last on a day.</summary>
    protected abstract string LastSigned(Day day);

    /// <summary>Consented to last on a day.</summary>
    protected abstract string LastConsent(Day day);

    /// <summary>The months after the number of a day.</summary>
    protected abstract ImmutableArray<string> Months { get; }

    /// <summary>The months where no day is given.</summary>
    protected abstract ImmutableArray<string> StandaloneMonths { get; }

    /// <summary>The quotation marks of the first and the second rank.</summary>
    protected abstract (string Open, string Close, string InnerOpen, string InnerClose) Quotes { get; }

    /// <summary>What stands between the whole and the fraction of a number.</summary>
    protected abstract string DecimalSeparator { get; }

    /// <summary>The number of a day as it is written in a date.</summary>
    protected virtual string DayOfMonth(int day) => day.ToString(CultureInfo.InvariantCulture);

    /// <summary>"and 3 more", after a list.</summary>
    protected abstract string AndMore(int count);

    /// <summary>Why an agreement was terminated, in words.</summary>
    protected abstract string Ground(TerminationGround ground);

    /// <summary>A kind of outcome as a plural noun.</summary>
    protected abstract string Outcome(StatementKey outcome);

    /// <summary>What a member of an event is called; null where there is no word for it.</summary>
    internal abstract string? MemberNoun(string member);

    private static string Year(Day day) => day.Latest.Year.ToString("0000", CultureInfo.InvariantCulture);

    private string And(IEnumerable<string> items) => items.ToList() switch
    {
        [] => "",
        [var only] => only,
        [.. var first, var last] => $"{string.Join(", ", first)} {Word(BriefWord.And)} {last}",
    };

    // What is left out stands apart, or it would seem to belong to the last of the pairs.
    private string Pairs(IEnumerable<string> pairs, int more) => string.Join(Semicolon + " ", more == 0 ? pairs : pairs.Append(AndMore(more)));

    private string More(int count) => count == 0 ? "" : " " + AndMore(count);

    private string Named(AgencyLabel agency, bool markdown)
    {
        var name = EntrySentence.Marked(agency.Names?.In(Language) ?? agency.Name, AgreementArgument.TitleLimit);
        return name == agency.Code ? Own(agency.Code, markdown) : $"{Own(agency.Code, markdown)} ({Own(name, markdown)})";
    }

    private string Agreement(AgreementArgument agreement, bool markdown) =>
        $"{Title(agreement.Titles?.In(Language) ?? agreement.Title, markdown)} ({Own(agreement.Reference, markdown)})";

    /// <summary>A title between quotation marks, cut where it is long.</summary>
    internal string Title(string title, bool markdown) => Write(EntrySentence.Quote(title, AgreementArgument.TitleLimit)!, markdown);

    /// <summary>A person's name, or that there is or was one.</summary>
    /// <param name="name">The name; null once erased, or where it is withheld.</param>
    /// <param name="erasedOn">The day on which it was erased, where that is known.</param>
    /// <param name="withheld">Whether it is kept and not for the reader to see.</param>
    public string Named(string? name, DateOnly? erasedOn, bool withheld) =>
        name ?? (withheld ? Word(BriefWord.WithheldPerson) : erasedOn is { } day ? ErasedOn(Day(day)) : Word(BriefWord.ErasedPerson));

    /// <summary>A person whose data were erased.</summary>
    /// <param name="day">On which day, in words.</param>
    protected abstract string ErasedOn(string day);

    private string Person(PersonLabel person, bool markdown)
    {
        var name = person.Name is null ? Named(null, person.ErasedOn, person.Withheld == true) : Own(person.Name, markdown);
        var office = person.Office is null ? "" : ", " + Own(person.Office, markdown);
        var agency = person.Agency is null ? "" : $" ({Own(person.Agency, markdown)})";
        return name + office + agency;
    }

    private static string Place(PlaceArgument place, bool markdown)
    {
        var town = Own(place.City ?? place.Country ?? "", markdown);
        return (town, place.Venue) switch
        {
            (_, null) => town,
            ("", { } venue) => Own(venue, markdown),
            (_, { } venue) => $"{town} ({Own(venue, markdown)})",
        };
    }

    private string Phase(PhaseArgument phase, bool markdown)
    {
        var number = phase.Number == 0 ? "" : " " + Number(phase.Number);
        return $"{Word(BriefWord.Phase)}{number} {Title(phase.Title, markdown)}".TrimEnd();
    }

    private string Member(MemberArgument member, bool markdown)
    {
        var segments = member.Pointer.Split('/', 3);
        var noun = (segments.Length > 1 ? MemberNoun(segments[1]) : null) ?? Own(member.Pointer, markdown);
        return member.Label is { } label ? $"{noun} {Quote(label, false, markdown)}" : noun;
    }

    private string Value(ValueArgument value, bool markdown)
    {
        var member = value.Pointer[(value.Pointer.LastIndexOf('/') + 1)..];
        switch (value.Value?.GetValueKind())
        {
            case null or JsonValueKind.Null:
                return Word(BriefWord.Nothing);
            case JsonValueKind.Number:
                return Number(value.Value.GetValue<decimal>());
            case JsonValueKind.True:
                return Word(BriefWord.Yes);
            case JsonValueKind.False:
                return Word(BriefWord.No);
            case JsonValueKind.String:
                var text = value.Value.GetValue<string>();
                return IsDay(member) && Domain.Days.Day.TryParse(text, out var day) ? Day(day)
                    : member == "instrument" && Enum.TryParse<Instrument>(text, ignoreCase: true, out var instrument) ? Instrument(instrument)
                    : member == "ground" && Enum.TryParse<TerminationGround>(text, ignoreCase: true, out var ground) ? Ground(ground)
                    : Write(EntrySentence.Quote(text, ValueArgument.TextLimit)!, markdown);
            default:
                return value.Value is JsonArray items && items.All(item => item?.GetValueKind() == JsonValueKind.String)
                    ? Write(EntrySentence.Quote(string.Join(", ", items.Select(item => item!.GetValue<string>())), ValueArgument.TextLimit)!, markdown)
                    : Write(EntrySentence.Quote(value.Value.ToJsonString(Domain.LedgerJson.Options), ValueArgument.TextLimit)!, markdown);
        }
    }

    private static bool IsDay(string member) => member is "occurredOn" or "receivedOn" or "effectiveOn" or "plannedEnd" or "until" or "date";
}

/// <summary>A statement in the hands of a phrasebook.</summary>
/// <param name="Statement">The statement.</param>
/// <param name="Book">The phrasebook.</param>
/// <param name="Markdown">Whether Markdown is written, or plain text.</param>
internal sealed record Wording(Statement Statement, Phrasebook Book, bool Markdown)
{
    /// <summary>The argument in words.</summary>
    public string this[string name] => Book.Write(Statement.Arguments[name], Markdown);

    /// <summary>Words for an argument that may be absent.</summary>
    public string If(string name, Func<string, string> words) => Statement.Arguments.ContainsKey(name) ? words(this[name]) : "";

    /// <summary>The agreement of the context, or the one named, after the noun.</summary>
    public string The(string noun) => noun + If("agreement", agreement => " " + agreement);

    /// <summary>The number of this name.</summary>
    public long Count(string name) => Statement.Get<CountArgument>(name)!.Count;

    /// <summary>How many agencies the argument names.</summary>
    public int Agencies => Statement.Get<AgenciesArgument>("agencies") is { } named ? named.Codes.Length + named.More : 0;

    /// <summary>The number of this name and the form of the noun that goes with it.</summary>
    public string Counted(string name, params ReadOnlySpan<string> forms) => $"{Book.Number(Count(name))} {Book.Plural(Count(name), forms)}";

    /// <summary>The form of a word that goes with the number.</summary>
    public string Plural(string name, params ReadOnlySpan<string> forms) => Book.Plural(Count(name), forms);

    /// <summary>On the day.</summary>
    public string On(string name) => Book.On(DayOf(name));

    /// <summary>Since the day.</summary>
    public string Since(string name) => Book.Since(DayOf(name));

    /// <summary>From the day onwards.</summary>
    public string From(string name) => Book.From(DayOf(name));

    /// <summary>Until and with the day.</summary>
    public string Until(string name) => Book.Until(DayOf(name));

    /// <summary>Words with "from the day onwards", where the day is there.</summary>
    public string IfFrom(string name, Func<string, string> words) => Statement.Arguments.ContainsKey(name) ? words(From(name)) : "";

    /// <summary>Words with "on the day", where the day is there.</summary>
    public string IfOn(string name, Func<string, string> words) => Statement.Arguments.ContainsKey(name) ? words(On(name)) : "";

    private Day DayOf(string name) => Statement.Get<DayArgument>(name)!.Day;
}

/// <summary>Words of a brief that are no sentences.</summary>
public enum BriefWord
{
    /// <summary>Brief.</summary>
    Brief,

    /// <summary>As of a day.</summary>
    AsOf,

    /// <summary>Known at an instant.</summary>
    KnownAt,

    /// <summary>Changes, before a point.</summary>
    ChangesSince,

    /// <summary>Bottom line.</summary>
    BottomLine,

    /// <summary>Status.</summary>
    StatusTable,

    /// <summary>What changed, before a point.</summary>
    Changes,

    /// <summary>Decisions, by agreement.</summary>
    Decisions,

    /// <summary>Dates.</summary>
    Dates,

    /// <summary>Overdue, as a label.</summary>
    Overdue,

    /// <summary>Upcoming, as a label.</summary>
    Upcoming,

    /// <summary>Open points.</summary>
    OpenPoints,

    /// <summary>Annex: history.</summary>
    Annex,

    /// <summary>Subject, of a row.</summary>
    Subject,

    /// <summary>Standing, of a row.</summary>
    Standing,

    /// <summary>Day, of a row.</summary>
    DayColumn,

    /// <summary>Source, of a row.</summary>
    Source,

    /// <summary>Recorded at, UTC.</summary>
    RecordedAt,

    /// <summary>Late, in days.</summary>
    Late,

    /// <summary>Recorded by.</summary>
    RecordedBy,

    /// <summary>What was recorded.</summary>
    Entry,

    /// <summary>Corrected by, before numbers.</summary>
    CorrectedBy,

    /// <summary>Page.</summary>
    Page,

    /// <summary>The whole record, in a citation.</summary>
    Record,

    /// <summary>Of unknown day, in a citation.</summary>
    Undated,

    /// <summary>And, between two items.</summary>
    And,

    /// <summary>Phase.</summary>
    Phase,

    /// <summary>Term.</summary>
    Term,

    /// <summary>Meeting.</summary>
    Meeting,

    /// <summary>Agreement.</summary>
    Agreement,

    /// <summary>Portfolio.</summary>
    Portfolio,

    /// <summary>Planned.</summary>
    Planned,

    /// <summary>Overdue, of a phase.</summary>
    IsOverdue,

    /// <summary>Completed, of a phase.</summary>
    Completed,

    /// <summary>The day is uncertain.</summary>
    Uncertain,

    /// <summary>A person whose name has been erased.</summary>
    ErasedPerson,

    /// <summary>A person whose name is not for the reader to see.</summary>
    WithheldPerson,

    /// <summary>No value.</summary>
    Nothing,

    /// <summary>True.</summary>
    Yes,

    /// <summary>False.</summary>
    No,
}
