using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Ledger.Domain;
using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Domain.Days;
using Ledger.Domain.Meetings;
using Ledger.Web.Briefs;
using Ledger.Web.Entries;
using Xunit;

namespace Ledger.Web.Tests.Briefs;

public class KnowingEveryPhrase
{
    [Fact]
    public void every_language_has_a_sentence_for_everything_that_can_be_said()
    {
        var said = EveryStatement.All().ToLookup(s => s.Key);
        Assert.Empty(Enum.GetValues<StatementKey>().Except(said.Select(s => s.Key)));
        foreach (var book in Phrasebook.All)
        {
            foreach (var statement in said.SelectMany(s => s))
            {
                Assert.Matches(new Regex(@"^[\p{Lu}0-9«“].*[^.]\.$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)), book.PlainSentence(statement));
                Assert.DoesNotContain("!", book.PlainSentence(statement), StringComparison.Ordinal);
                Assert.DoesNotContain("  ", book.PlainSentence(statement), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void no_two_languages_say_a_thing_in_the_same_words()
    {
        foreach (var statement in EveryStatement.All().DistinctBy(s => s.Key))
            Assert.Equal(3, Phrasebook.All.Select(book => book.PlainSentence(statement)).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void every_language_has_a_word_for_every_heading_status_and_instrument()
    {
        foreach (var book in Phrasebook.All)
        {
            Assert.All(Enum.GetValues<BriefWord>(), word => Assert.NotEmpty(book.Word(word)));
            Assert.Equal(10, Enum.GetValues<AgreementStatus>().Select(book.Status).Distinct(StringComparer.Ordinal).Count());
            Assert.Equal(6, Enum.GetValues<PartyStatus>().Select(book.Status).Distinct(StringComparer.Ordinal).Count());
            Assert.Equal(6, Enum.GetValues<Instrument>().Select(book.Instrument).Distinct(StringComparer.Ordinal).Count());
            Assert.Equal(6, Enum.GetValues<TerminationGround>().Select(g => book.Write(new GroundArgument(g), false)).Distinct(StringComparer.Ordinal).Count());
        }
    }

    [Fact]
    public void every_language_has_a_noun_for_every_member_that_a_correction_may_touch()
    {
        var members = EventNames.Stored.Keys
            .Where(kind => kind.BaseType != typeof(AgencyEvent))
            .SelectMany(kind => kind.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            .Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name))
            .Except(
                [
                    "agreementId", "meetingId", "reference", "meeting", "phaseId", "personId", "signatory", "organisation", "organisations", "visibility",
                    "entries", "corrects", "sha256", "size", "ofVersion", "field", "was", "value", "essence",
                ],
                StringComparer.Ordinal)
            .ToList();
        Assert.NotEmpty(members);
        foreach (var book in Phrasebook.All)
            Assert.All(members, member => Assert.True(book.MemberNoun(member) is not null, $"{book.Language}: {member}"));
    }

    [Theory]
    [InlineData("en", "2020-02-03", "3 Feb 2020")]
    [InlineData("en", "2020-02", "Feb 2020")]
    [InlineData("en", "2020", "2020")]
    [InlineData("en", "1972-05?", "May 1972 (?)")]
    [InlineData("en", "1962-02-21/1962-11", "21 Feb 1962 – Nov 1962")]
    [InlineData("fr", "2020-02-03", "3 févr. 2020")]
    [InlineData("fr", "2020-03-01", "1er mars 2020")]
    [InlineData("fr", "2020-02", "févr. 2020")]
    [InlineData("ru", "2020-02-03", "3 февр. 2020")]
    [InlineData("ru", "2020-05-09", "9 мая 2020")]
    [InlineData("ru", "2020-05", "май 2020")]
    public void a_day_is_written_as_closely_as_it_is_known(string language, string day, string written) =>
        Assert.Equal(written, Phrasebook.For(language)!.Day(Day.Parse(day)));

    [Fact]
    public void an_instant_is_written_in_utc() => Assert.Equal(
        "22 Nov 2026, 19:15 UTC", Phrasebook.For("en")!.Instant(new DateTimeOffset(2026, 11, 22, 22, 15, 0, TimeSpan.FromHours(3))));

    [Theory]
    [InlineData("en", "0b 1a 2b 11b 21b 101b")]
    [InlineData("fr", "0a 1a 2b 11b 21b 101b")]
    [InlineData("ru", "0c 1a 2b 4b 5c 11c 12c 14c 20c 21a 22b 25c 100c 101a 111c 112c 122b")]
    public void plurals_follow_the_rules_of_the_language(string language, string counted)
    {
        foreach (var pair in counted.Split(' '))
            Assert.Equal(pair, pair[..^1] + Phrasebook.For(language)!.Plural(long.Parse(pair[..^1], CultureInfo.InvariantCulture), "a", "b", "c"));
    }

    [Fact]
    public void the_words_of_users_stay_on_one_line_between_quotation_marks()
    {
        var entry = new RecordedEntry(1, "id", 2, default, new("p", "CNES"), new AgreementDiscussed("first\nsecond ” The ledger confirms *it*.") { OccurredOn = Day.In(2020) });
        Assert.Equal(
            "The parties discussed the agreement: “first second ’ The ledger confirms *it*.”.",
            EntrySentence.Of(entry, null, new([]), Phrasebook.For("en")!));
        Assert.Contains(@"\*it\*", Phrasebook.For("en")!.CitedSentence(EntrySentence.Of(entry, "CA-2020-0001", null, new([]))), StringComparison.Ordinal);
    }

    [Fact]
    public void a_person_whose_name_was_erased_is_said_to_be_one()
    {
        var entry = new RecordedEntry(
            1, "id", 2, default, new("p", "CNES"), new AgreementSigned("CNES") { OccurredOn = Day.On(2020, 2, 3), Signatory = new("gone", new string('0', 64)) });
        Assert.Equal("CNES signed the agreement; signatory: a person whose name has been erased.", EntrySentence.Of(entry, null, new([]), Phrasebook.For("en")!));
    }

    [Fact]
    public void a_title_is_written_in_the_language_of_the_reader()
    {
        var brief = FoundingMeeting.Briefs().Single(b => b.Name == "soyuz").Brief;
        Assert.StartsWith("# Accord CA-2020-0001 – «\u00A0Soyouz au Centre spatial guyanais\u00A0»\n", MarkdownBrief.Write(brief, Phrasebook.For("fr")!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "The agreement “Cardiomed” entered the record, with CNES and ROSCOSMOS as parties: “Physiology.”; the day of its proposal is not known.")]
    [InlineData("fr", "L’accord «\u00A0Cardiomed\u00A0» a été porté au registre, avec pour parties CNES et ROSCOSMOS\u00A0: «\u00A0Physiology.\u00A0»\u00A0; le jour de sa proposition n’est pas connu.")]
    [InlineData("ru", "Соглашение «Cardiomed» внесено в реестр; стороны: CNES и ROSCOSMOS; предмет: «Physiology.»; день предложения неизвестен.")]
    public void an_agreement_proposed_on_an_unknown_day_is_not_said_to_be_proposed_now(string language, string sentence)
    {
        var proposed = new AgreementProposed("id", "CA-2020-0004", "Cardiomed", ["CNES", "ROSCOSMOS"]) { Summary = "Physiology." };
        Assert.Equal(sentence, EntrySentence.Of(new(1, "id", 1, default, new("p", "CNES"), proposed), null, new([]), Phrasebook.For(language)!));
    }

    [Fact]
    public void an_outcome_that_was_struck_out_is_not_counted()
    {
        var register = FoundingMeeting.Recorded();
        Assert.Equal(16, Counted());
        register.Add("CA-2020-0005", new Domain.Agreements.EntryCorrected(2, "", "It was not discussed.") { OccurredOn = Day.On(2020, 2, 20) });
        Assert.Equal(15, Counted());

        long Counted() => register.BriefOfMeeting(FoundingMeeting.Reference, FoundingMeeting.Point).BottomLine
            .Single(s => s.Key == StatementKey.MeetingOutcomes).Get<CountArgument>("count")!.Count;
    }

    [Fact]
    public void items_that_benefit_several_agencies_are_named_once()
    {
        var entry = new RecordedEntry(1, "id", 2, default, new("p", "CNES"), new AchievementRecorded("Launch")
        {
            OccurredOn = Day.In(2019),
            Beneficiaries = [new("CosmoSkyMed", "ASI"), new("CHEOPS", "ESA"), new("CosmoSkyMed", "IT-MOD")],
        });
        Assert.Equal("Achievement: “Launch”; beneficiaries: “CosmoSkyMed” – ASI, IT-MOD; “CHEOPS” – ESA.", EntrySentence.Of(entry, null, new([]), Phrasebook.For("en")!));
    }

    [Fact]
    public void the_model_is_the_same_json_whatever_the_language_and_has_no_words_of_its_own()
    {
        var json = JsonSerializer.SerializeToElement(FoundingMeeting.Briefs().Single(b => b.Name == "cardiomed").Brief, LedgerJson.Options);
        var first = json.GetProperty("bottomLine")[0];
        Assert.Equal(
            """{"key":"isUnderDiscussion","arguments":{"day":{"type":"day","day":"2020-02-14"}},"citations":[{"source":"entry","reference":"CA-2020-0004","number":3,"on":"2020-02-14"}]}""",
            first.GetRawText());
    }
}

/// <summary>Statements of every key, from registers made for them and from the founding meeting.</summary>
internal static class EveryStatement
{
    public static IEnumerable<Statement> All() =>
    [
        .. FoundingMeeting.Briefs().SelectMany(b => Cited.Statements(b.Brief)),
        .. Cited.Statements(Crowded.Meeting()),
        .. Crowded.Others().SelectMany(Cited.Statements),
        .. Lives(),
        .. Meetings(),
        .. Agencies(),
    ];

    private static IEnumerable<Statement> Lives()
    {
        var r = new Register();
        var day = new DateOnly(2020, 1, 1);

        // Signed, ratified, suspended, resumed, amended, left by one, and ended by too few parties.
        Propose("A", new(EntryIntoForceRule.AllParties) { Delay = new(0, 1, 0) });
        r.Add("A", new AgreementSigned("CNES") { OccurredOn = On(2), ActedBy = "ESA", Place = "Paris" });
        r.Add("A", new AgreementSigned("ROSCOSMOS") { OccurredOn = On(3) });
        r.Add("A", new AgreementRatified("CNES", Instrument.Acceptance) { OccurredOn = On(4), ReceivedOn = On(4) });
        r.Add("A", new AgreementRatified("ROSCOSMOS", Instrument.Approval) { OccurredOn = On(5), EffectiveOn = On(60) });
        r.Add("A", new AgreementSuspended { OccurredOn = On(70), EffectiveOn = On(80), Reason = "why" });
        r.Add("A", new AgreementResumed { OccurredOn = On(90), EffectiveOn = On(100) });
        r.Add("A", new AgreementAmended { OccurredOn = On(110), EffectiveOn = On(120), Summary = "what" });
        r.Add("A", new WithdrawalNotified("CNES") { OccurredOn = On(130), EffectiveOn = On(300) });
        r.Add("A", new WithdrawalRevoked("CNES") { OccurredOn = On(140) });
        r.Add("A", new WithdrawalNotified("CNES") { OccurredOn = On(150), EffectiveOn = On(200), Reason = "why" });
        r.Add("A", new DocumentAttached("text.pdf", "application/pdf", 1, new string('a', 64)) { OccurredOn = On(150) });
        foreach (var at in new[] { -1, 1, 2, 3, 4, 5, 40, 75, 85, 95, 115, 160, 210 })
        {
            foreach (var statement in Cited.Statements(r.BriefOfAgreement("A", Point(at))))
                yield return statement;
        }

        foreach (var statement in Cited.Statements(r.BriefOfPortfolio(["CNES"], Point(3) with { Since = BriefSince.After(100) })))
            yield return statement;

        // Completed; expired; terminated; withdrawn; consents by number; a later party bound from its own day; struck out.
        Propose("B", new(EntryIntoForceRule.Date) { Date = day });
        r.Add("B", new PhaseCompleted("phase") { OccurredOn = On(5), Results = "results" });
        r.Add("B", new AgreementTerminated { OccurredOn = On(6), EffectiveOn = On(10), Ground = TerminationGround.Completion, Reason = "done" });
        Propose("C", null, new(Until: On(20)));
        r.Add("C", new AgreementExtended(On(30)) { OccurredOn = On(2) });
        Propose("D", null);
        r.Add("D", new AgreementTerminated { OccurredOn = On(6) });
        Propose("E", null);
        r.Add("E", new ProposalWithdrawn { OccurredOn = On(6), EffectiveOn = On(9) });
        Propose("F", new(EntryIntoForceRule.Count) { Count = 2, Delay = new(0, 0, 30) });
        r.Add("F", new AgreementRatified("CNES", Instrument.Ratification) { OccurredOn = On(2) });
        r.Add("F", new AgreementRatified("ROSCOSMOS", Instrument.Ratification) { OccurredOn = On(5) });
        r.Add("F", new AgreementRatified("ESA", Instrument.Accession) { OccurredOn = On(50) });
        r.Add("F", new AgreementDiscussed("never held") { OccurredOn = On(50) });
        r.Add("F", new Domain.Agreements.EntryCorrected(5, "", "It was not held.") { OccurredOn = On(51) });
        Propose("G", null);
        r.Add("G", new AgreementDiscussed("when is not known") { OccurredOn = Day.In(2020) });
        Propose("P", null);
        r.Add("P", new ProvisionalApplicationBegun { OccurredOn = On(2), EffectiveOn = On(4) });
        foreach (var reference in new[] { "B", "C", "D", "E", "F", "G", "P" })
        {
            foreach (var at in new[] { 1, 3, 7, 15, 45, 55 })
            {
                foreach (var statement in Cited.Statements(r.BriefOfAgreement(reference, Point(at))))
                    yield return statement;
            }
        }

        foreach (var statement in Cited.Statements(r.BriefOfPortfolio(["NOBODY"], Point(3) with { Sequence = 1 })))
            yield return statement;

        // More entries than an annex takes.
        Propose("H", null);
        for (var i = 0; i < 501; i++)
            r.Add("H", new AgreementDiscussed("again") { OccurredOn = On(2) });
        foreach (var statement in Cited.Statements(r.BriefOfAgreement("H", Point(3))))
            yield return statement;

        Day On(int days) => Day.On(day.AddDays(days));
        BriefPoint Point(int days) => new(day.AddDays(days), new(2021, 1, 1, 0, 0, 0, TimeSpan.Zero), BriefSince.After(4));
        void Propose(string reference, EntryIntoForce? rule, Term? term = null) => r.Add(
            reference, new AgreementProposed(Register.IdOf(reference), reference, $"Title {reference}", ["CNES", "ROSCOSMOS"])
            {
                OccurredOn = On(0),
                EntryIntoForce = rule,
                Term = term,
                Open = true,
                Phases = [new("phase", "Phase", On(4))],
            });
    }

    private static IEnumerable<Statement> Meetings()
    {
        var r = new Register();
        var point = new BriefPoint(new DateOnly(2020, 2, 20), new DateTimeOffset(2020, 2, 20, 0, 0, 0, TimeSpan.Zero));
        r.Add("M", new MeetingRecorded(Register.IdOf("M"), "M", "Nobody named") { OccurredOn = Day.On(2020, 2, 14) });
        r.Add("N", new MeetingRecorded(Register.IdOf("N"), "N", "One agency")
        {
            OccurredOn = Day.On(2020, 2, 14),
            Participants = [new(r.Person("p", "Name", null), "CNES")],
        });
        r.Add("N", new MinutesApproved("CNES", 1) { OccurredOn = Day.On(2020, 2, 15) });
        var approved = r.BriefOfMeeting("N", point);
        r.Add("N", new Domain.Meetings.EntryCorrected(1, "/title", "A word was missing.") { OccurredOn = Day.On(2020, 2, 16), Was = "One agency", Value = "One agency alone" });
        return Cited.Statements(approved).Concat(Cited.Statements(r.BriefOfMeeting("M", point))).Concat(Cited.Statements(r.BriefOfMeeting("N", point)));
    }

    private static IEnumerable<Statement> Agencies() =>
        new LedgerEvent[] { new AgencyRegistered("CNES", "Centre national", AgencyKind.Agency), new AgencyRenamed("Centre", AgencyKind.Agency), new AgencySucceeded("ESA") }
            .Select(e => EntrySentence.Of(new(1, "CNES", 1, default, new("p", null), e), "CNES", null, new([])));
}
