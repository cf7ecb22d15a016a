using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Domain;
using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Domain.Meetings;
using Ledger.Domain.Persons;
using Ledger.Web.Entries;
using Ledger.Web.Persons;
using AgreementCorrected = Ledger.Domain.Agreements.EntryCorrected;
using MeetingCorrected = Ledger.Domain.Meetings.EntryCorrected;

namespace Ledger.Web.Briefs;

/// <summary>How much of users' own words a sentence shows.</summary>
public enum Detail
{
    /// <summary>As much as fits in a line or two.</summary>
    Short,

    /// <summary>What <see cref="Short"/> shows, with hardly a word cut.</summary>
    Ample,

    /// <summary>All that a line of the history can hold.</summary>
    Full,
}

/// <summary>One plain sentence for any entry of any stream.</summary>
public static class EntrySentence
{
    /// <summary>The sentence in a language, as plain text with a full stop and without a citation.</summary>
    /// <param name="entry">The entry, as it was written.</param>
    /// <param name="agreement">The agreement of whose stream it is, which knows its parties and phases; absent for other streams.</param>
    /// <param name="persons">The persons whose names are still kept.</param>
    /// <param name="phrasebook">The language.</param>
    public static string Of(RecordedEntry entry, Agreement? agreement, PersonDirectory persons, Phrasebook phrasebook) =>
        phrasebook.PlainSentence(Of(entry, agreement?.Reference ?? entry.Stream, agreement, persons));

    /// <summary>What an entry says.</summary>
    /// <param name="entry">The entry, as it was written.</param>
    /// <param name="reference">The reference by which its citation calls the stream.</param>
    /// <param name="agreement">The agreement of whose stream it is; absent for other streams.</param>
    /// <param name="persons">The persons whose names are still kept.</param>
    /// <param name="detail">How much of users' own words it shows.</param>
    public static Statement Of(
        RecordedEntry entry, string reference, Agreement? agreement, PersonDirectory persons, Detail detail = Detail.Full) =>
        Of(new ReadEntry(entry, entry.Event, [], false), reference, agreement, persons, detail);

    internal static Statement Of(ReadEntry entry, string reference, Agreement? agreement, PersonDirectory persons, Detail detail)
    {
        var (limit, label, most) = detail == Detail.Short ? (120, 45, 4) : (600, 200, 20);
        var cite = entry.Cite(reference);

        return entry.Event switch
        {
            AgreementProposed e => Statement.Of(
                e.OccurredOn is null ? StatementKey.EnteredRecord : StatementKey.Proposed, cite, ("agencies", Agencies(e.Parties)), ("title", Title(e.Title, e.Titles)), ("summary", Words(detail == Detail.Full ? e.Summary : null))),
            AgreementDiscussed e => Statement.Of(
                StatementKey.Discussed, cite, ("agencies", agreement?.Proposal.Parties is { Length: <= 3 } parties ? Agencies(parties) : null), ("summary", Words(e.Summary)), ("topics", Topics(detail == Detail.Full ? e.Topics : []))),
            AgreementSigned e => Statement.Of(
                StatementKey.Signed, cite, ("agencies", Agencies([e.Party])), ("place", e.Place is { } at ? new PlaceArgument(OneLine(at), null, null) : null), ("persons", e.Signatory is { } who ? new PersonsArgument([Label(who, null, persons)]) : null), ("actedBy", Acting(e.ActedBy))),
            AgreementRatified e => Statement.Of(
                StatementKey.Consented, cite, ("agencies", Agencies([e.Party])), ("instrument", new InstrumentArgument(e.Instrument)), ("received", On(e.ReceivedOn)), ("effective", On(e.EffectiveOn)), ("actedBy", Acting(e.ActedBy))),
            PhasePlanned e => Statement.Of(
                StatementKey.PhasePlanned, cite, ("phase", PhaseOf(agreement, e.PhaseId, e.Title)), ("planned", On(e.PlannedEnd))),
            PhaseCompleted e => Statement.Of(
                StatementKey.PhaseCompleted, cite, ("phase", PhaseOf(agreement, e.PhaseId, null)), ("results", Words(e.Results))),
            AchievementRecorded e => Statement.Of(
                StatementKey.Achieved, cite, ("title", Words(e.Title)), ("summary", Words(detail == Detail.Full ? e.Summary : null)), ("counters", Counters(e.Counters)), ("beneficiaries", Beneficiaries(e.Beneficiaries))),
            AgreementExtended e => Statement.Of(StatementKey.Extended, cite, ("until", On(e.Until)), ("reason", Words(e.Reason))),
            AgreementAmended e => Statement.Of(
                StatementKey.Amended, cite, ("summary", Words(e.Summary)), ("effective", On(e.EffectiveOn)), ("reason", Words(e.Reason))),
            AgreementSuspended e => Statement.Of(StatementKey.Suspended, cite, ("effective", On(e.EffectiveOn)), ("reason", Words(e.Reason))),
            AgreementResumed e => Statement.Of(StatementKey.Resumed, cite, ("effective", On(e.EffectiveOn)), ("reason", Words(e.Reason))),
            ProvisionalApplicationBegun e => Statement.Of(StatementKey.ProvisionallyApplied, cite, ("effective", On(e.EffectiveOn))),
            WithdrawalNotified e => Statement.Of(
                StatementKey.WithdrawalNotified, cite, ("agencies", Agencies([e.Party])), ("effective", On(e.EffectiveOn)), ("reason", Words(e.Reason)), ("actedBy", Acting(e.ActedBy))),
            WithdrawalRevoked e => Statement.Of(
                StatementKey.WithdrawalRevoked, cite, ("agencies", Agencies([e.Party])), ("reason", Words(e.Reason)), ("actedBy", Acting(e.ActedBy))),
            AgreementTerminated e => Statement.Of(
                StatementKey.Terminated, cite, ("effective", On(e.EffectiveOn)), ("ground", e.Ground is { } ground ? new GroundArgument(ground) : null), ("reason", Words(e.Reason))),
            ProposalWithdrawn e => Statement.Of(StatementKey.ProposalWithdrawn, cite, ("effective", On(e.EffectiveOn)), ("reason", Words(e.Reason))),
            DocumentAttached e => Statement.Of(StatementKey.DocumentAttached, cite, ("title", Words(e.Name)), ("bytes", new CountArgument(e.Size))),
            AgreementCorrected e => Corrected(e.Corrects, e.Field, e.Was, e.Value, e.Reason, agreement),
            MeetingRecorded e => Statement.Of(
                StatementKey.MeetingRecorded, cite, ("title", Words(e.Title)), ("place", PlaceOf(e.Place)), ("count", new CountArgument(e.Entries.Length))),
            MinutesApproved e => Statement.Of(StatementKey.MinutesApproved, cite, ("agencies", Agencies([e.Agency]))),
            MeetingCorrected e => Corrected(e.Corrects, e.Field, e.Was, e.Value, e.Reason, null),
            AgencyRegistered e => Statement.Of(StatementKey.AgencyRegistered, cite, ("agencies", Agencies([e.Code])), ("title", Title(e.Name, e.Names))),
            AgencyRenamed e => Statement.Of(StatementKey.AgencyRenamed, cite, ("agencies", Agencies([entry.Entry.Stream])), ("title", Title(e.Name, e.Names))),
            AgencySucceeded e => Statement.Of(StatementKey.AgencySucceeded, cite, ("agencies", Agencies([entry.Entry.Stream])), ("successor", Agencies([e.Successor]))),
            _ => throw new UnreachableException($"No sentence is known for {entry.Event.GetType().Name}."),
        };

        TextArgument? Words(string? text) => Quote(text, limit);
        TextArgument Title(string text, Translations? translations) => Quote(text, limit, translations)!;

        TextsArgument? Topics(ImmutableArray<string> topics) => topics.IsEmpty ? null : new([.. topics.Take(most).Select(topic => Marked(topic, label))], Math.Max(0, topics.Length - most));
        CountersArgument? Counters(ImmutableArray<Counter> all) =>
            all.IsEmpty ? null : new([.. all.Take(most).Select(c => c with { Label = Marked(c.Label, label) })], Math.Max(0, all.Length - most));

        BeneficiariesArgument? Beneficiaries(ImmutableArray<Beneficiary> all)
        {
            var items = all.GroupBy(b => b.Item, b => b.Agency, StringComparer.Ordinal).ToList();
            return items.Count == 0
                ? null
                : new([.. items.Take(most).Select(item => new BenefitingItem(Marked(item.Key, label), AgenciesArgument.Of(item)))], Math.Max(0, items.Count - most));
        }

        // A person stands in an entry as an id and commitments; readers are told the name, while it is kept.
        Argument Value(JsonNode? value, string field) => value is JsonObject named && named.ContainsKey("personId")
            ? new PersonsArgument([Label(named.Deserialize<Person>(LedgerJson.Options)!, null, persons)])
            : new ValueArgument(value?.DeepClone(), field);

        Statement Corrected(long number, string field, JsonNode? was, JsonNode? value, string reason, Agreement? of) => field.Length == 0
            ? Statement.Of(StatementKey.StruckOut, cite, ("number", new CountArgument(number)), ("reason", Words(reason)))
            : Statement.Of(
                StatementKey.Corrected,
                cite,
                ("number", new CountArgument(number)),
                ("member", new MemberArgument(field, LabelOf(of, number, field))),
                ("was", Value(was, field)),
                ("value", Value(value, field)),
                ("reason", Words(reason)));
    }

    /// <summary>Words on one line, without characters that steer the direction or the layout of text, cut where they are long.</summary>
    internal static TextArgument? Quote(string? text, int limit, Translations? translations = null)
    {
        if (text is null)
            return null;

        var (line, cut) = Cut(OneLine(text), limit);
        return new(line, cut, translations is null ? null : new(Short(translations.En), Short(translations.Fr), Short(translations.Ru)));

        string? Short(string? translated) => translated is null ? null : Marked(translated, limit);
    }

    /// <summary>Words as <see cref="Quote"/> gives them, for lists and other places that say in the words themselves that they were cut.</summary>
    internal static string Marked(string text, int limit) => Cut(OneLine(text), limit) is (var line, var cut) && cut ? line + "…" : line;

    /// <summary>The text without line breaks and without characters that steer its direction.</summary>
    internal static string OneLine(string text)
    {
        var kept = text.Where(c => c is not ((>= '\u200B' and <= '\u200F') or (>= '\u202A' and <= '\u202E') or (>= '\u2060' and <= '\u206F') or '\uFEFF'))
            .Select(c => char.IsControl(c) || char.IsWhiteSpace(c) ? ' ' : c);
        return string.Join(' ', string.Concat(kept).Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>The place as a statement holds it.</summary>
    internal static PlaceArgument? PlaceOf(Place? place) =>
        place is null ? null : new(place.City is null ? null : OneLine(place.City), place.Venue is null ? null : OneLine(place.Venue), place.Country);

    /// <summary>A person as a statement holds them.</summary>
    internal static PersonLabel Label(Person person, string? agency, PersonDirectory persons) =>
        persons.Find(person.PersonId) is { } known
            ? new(known.Name is null ? null : Marked(known.Name, 80), known.Office is null ? null : Marked(known.Office, 80), agency, known.IsWithheld ? true : null)
            : new(null, null, agency) { ErasedOn = persons.ErasedOn(person.PersonId) };

    /// <summary>A phase by its number and title.</summary>
    internal static PhaseArgument PhaseOf(Agreement? agreement, string phaseId, string? title)
    {
        var found = agreement?.Phases.Select((planned, index) => (planned.Phase, Number: index + 1)).FirstOrDefault(p => p.Phase.PhaseId == phaseId) ?? default;
        return new(found.Number, OneLine(title ?? found.Phase?.Title ?? ""));
    }

    private static (string Text, bool Cut) Cut(string line, int limit)
    {
        if (line.Length <= limit)
            return (line, false);

        // Cut between words where there is a gap nearby, and never through a pair of surrogates.
        var at = line.LastIndexOf(' ', limit, limit / 3);
        at = at > 0 ? at : char.IsLowSurrogate(line[limit]) ? limit - 1 : limit;
        return (line[..at].TrimEnd(' ', ',', ';', '.'), true);
    }

    private static AgenciesArgument Agencies(ImmutableArray<string> codes) => AgenciesArgument.Of(codes);

    private static AgenciesArgument? Acting(string? agency) => agency is null ? null : new([agency]);

    private static DayArgument? On(Domain.Days.Day? day) => day is null ? null : new(day);

    // The user's own word for what was corrected: the label of a counter, the item of a beneficiary.
    private static string? LabelOf(Agreement? agreement, long number, string field) =>
        agreement?.Acts.FirstOrDefault(act => act.Number == number)?.Event is AchievementRecorded achieved
        && field.Split('/') is [_, var list, var index, ..]
        && int.TryParse(index, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var i)
            ? list switch
            {
                "counters" when i < achieved.Counters.Length => OneLine(achieved.Counters[i].Label),
                "beneficiaries" when i < achieved.Beneficiaries.Length => OneLine(achieved.Beneficiaries[i].Item),
                _ => null,
            }
            : null;
}
