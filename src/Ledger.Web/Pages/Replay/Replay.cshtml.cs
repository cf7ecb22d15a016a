using System.Collections.Immutable;
using System.Globalization;
using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Domain.Days;
using Ledger.Web.Agreements;
using Ledger.Web.Briefs;
using Ledger.Web.Entries;
using Ledger.Web.Meetings;
using Ledger.Web.Persons;
using Marten;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Web.Pages;

/// <summary>
/// The register or one agreement as of a day and as known at an instant, entry by entry; and what differs between two such points.
/// </summary>
internal sealed class ReplayModel(AgreementReader agreements, AgreementRegister register, RegisterChanges registerChanges, RecordReader record, MeetingReader meetings, IDocumentStore store) : LedgerPage
{
    /// <summary>How many agreements or entries are listed at most; the register and the history have them all.</summary>
    public const int Most = 100;

    // A slider over more steps than this is too fine for a hand.
    private const int MostSteps = 300;

    [BindProperty(SupportsGet = true)]
    public string? Agreement { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? AsOf { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? KnownAt { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? AsOf2 { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? KnownAt2 { get; set; }

    /// <summary>The agreement replayed, as it stands now; null for the whole register.</summary>
    public Agreement? Subject { get; private set; }

    /// <summary>What is to be seen from the point; null where it cannot be read.</summary>
    public ReplaySight? Sight { get; private set; }

    /// <summary>What is to be seen from the other point, where two are compared.</summary>
    public ReplaySight? Other { get; private set; }

    /// <summary>The instants of recording, in their order; of a long record those around the point.</summary>
    public ImmutableArray<DateTimeOffset> Steps { get; private set; } = [];

    /// <summary>Whether <see cref="Steps"/> are all that there are.</summary>
    public bool HasAllSteps { get; private set; } = true;

    /// <summary>The index among <see cref="Steps"/> of the last one that the point takes in; -1 before the first.</summary>
    public int Step { get; private set; }

    /// <summary>What was recorded at that step, in sentences.</summary>
    public IReadOnlyList<ReplayEntry> Recorded { get; private set; } = [];

    /// <summary>What was recorded, or happened, between the two points, in sentences.</summary>
    public IReadOnlyList<ReplayEntry> Between { get; private set; } = [];

    /// <summary>What differs between the two points.</summary>
    public IReadOnlyList<ReplayChange> Changes { get; private set; } = [];

    /// <summary>Whether more differs than <see cref="Changes"/> names.</summary>
    public bool HasMoreChanges { get; private set; }

    /// <summary>How many agreements there are at the point, of which the first are listed.</summary>
    public int Count { get; private set; }

    /// <summary>The same in words.</summary>
    public string Counted => Counting(Count, "replay.count", "register.more");

    public bool HasSlider => HasAllSteps && Steps.Length is > 1 and <= MostSteps;

    public bool IsComparing => PageInput.TextOf(AsOf2) is not null || PageInput.TextOf(KnownAt2) is not null;

    public PastBanner Past => Sight is null ? new(null, null, "") : new(Sight.AsOf == agreements.Today ? null : Sight.AsOf, Sight.Asked is null ? null : Sight.KnownAt, With(("asOf", null), ("knownAt", null)));

    public string SubjectTitle => Subject is null ? Words["layout.register"] : Title(Subject);

    public async Task<IActionResult> OnGet()
    {
        Agreement = PageInput.TextOf(Agreement);
        var (day, known) = (this.DayOf(AsOf, "asOf"), this.InstantOf(KnownAt, "knownAt"));
        var (day2, known2) = (this.DayOf(AsOf2, "asOf2"), this.InstantOf(KnownAt2, "knownAt2"));
        if (Agreement is not null && (Subject = await AgreementNamed(agreements, Agreement)) is null)
            Errors.Add("agreement", AgreementReader.NotFound(Agreement).Detail);
        if (Errors.Any)
            return Page();

        Sight = await See(day ?? agreements.Today, known);
        await Walk();
        if (!IsComparing)
            return Page();

        Other = await See(day2 ?? agreements.Today, known2);
        Changes = Subject is null ? await ChangesOfRegister(Sight, Other) : [.. Compare(OfAgreement(Sight), OfAgreement(Other))];
        Between = await EntriesBetween(Sight, Other);
        return Page();
    }

    /// <summary>The title of an agreement in the reader's language.</summary>
    public string Title(Agreement agreement) => agreement.Proposal.Titles?.In(Words.Language) ?? agreement.Title;

    /// <summary>This address with other values; null takes one away.</summary>
    public string With(params ReadOnlySpan<(string Name, string? Value)> changed)
    {
        var values = new List<KeyValuePair<string, string?>>
        {
            new("agreement", Agreement), new("asOf", AsOf), new("knownAt", KnownAt), new("asOf2", AsOf2), new("knownAt2", KnownAt2),
        };
        foreach (var (name, value) in changed)
            values[values.FindIndex(v => v.Key == name)] = new(name, value);
        return "/replay" + QueryString.Create(values.Where(v => !string.IsNullOrWhiteSpace(v.Value)));
    }

    /// <summary>This address as known at a step.</summary>
    public string AtStep(int step) => With(("knownAt", Exactly(Steps[step])));

    /// <summary>An instant to its last digit, as the record has it.</summary>
    public static string Exactly(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    /// <summary>The page of an agreement from a point.</summary>
    public static string Address(Agreement agreement, ReplaySight sight) => $"/agreements/{agreement.Reference}" + Query(sight);

    /// <summary>The register from the point.</summary>
    public string RegisterAddress() => "/agreements" + Query(Sight!);

    /// <summary>A point in words.</summary>
    public string Point(ReplaySight sight) => sight.Asked is null
        ? Words.Format("replay.pointNow", Words.Book.Day(sight.AsOf))
        : Words.Format("replay.point", Words.Book.Day(sight.AsOf), Words.Instant(sight.KnownAt));

    /// <summary>How a party stands, in words.</summary>
    public string Party(PartyStanding party) => party switch
    {
        { WithdrawnOn: { } on, Status: PartyStatus.Leaving or PartyStatus.FormerParty } => $"{Words.Book.Status(party.Status)}, {Words.Book.Day(on)}",
        { BoundFrom: { } from } => $"{Words.Book.Status(party.Status)}, {Words.Format("replay.from", Words.Book.Day(from))}",
        _ => Words.Book.Status(party.Status),
    };

    /// <summary>How a phase stands, in words.</summary>
    public string Phase(PhaseStanding phase) => phase switch
    {
        { CompletedOn: { } on } => $"{Words.Book.Word(BriefWord.Completed)}, {Words.Book.Day(on)}",
        { PlannedEnd: { } due } => $"{Words.Book.Word(phase.Overdue ? BriefWord.IsOverdue : BriefWord.Planned)}, {Words.Book.Day(due)}",
        _ => Words.Book.Word(BriefWord.Planned),
    };

    /// <summary>What is due next, in words; null where nothing is.</summary>
    public string? Next(Standing standing) => Deadline.Of(standing) is [var next, ..]
        ? $"{Words.Book.Day(next.On)}, {(next.Overdue ? Words["deadline.overdue"] : Words.Of(next.Kind))}"
        : null;

    private static string Query(ReplaySight sight) => QueryString.Create(
        new Dictionary<string, string?> { ["asOf"] = Day.On(sight.AsOf).ToString(), ["knownAt"] = sight.Asked is null ? null : Exactly(sight.KnownAt) }.Where(v => v.Value is not null)).ToString();

    private async Task<ReplaySight> See(DateOnly asOf, DateTimeOffset? knownAt)
    {
        if (Subject is null)
        {
            var cancellation = HttpContext.RequestAborted;
            var part = await register.Page(Caller, AgreementFilter.All, asOf, knownAt, AgreementSort.Reference, null, IsComparing ? 1 : Most, cancellation);
            if (IsComparing)
                return new ReplaySight(asOf, knownAt, part.KnownAt, part.Agencies, [], null);
            Count = part.Next is null ? part.Rows.Count : await register.Count(Caller, AgreementFilter.All, asOf, knownAt, MostCounted + 1, cancellation);
            return new ReplaySight(asOf, knownAt, part.KnownAt, part.Agencies, [.. await register.Whole(part.Rows.Select(row => row.Id), asOf, knownAt is null ? null : part.KnownAt, cancellation)], null);
        }

        if (await agreements.Read(Subject, new Point(asOf, knownAt), HttpContext.RequestAborted) is not { } reading)
            return new ReplaySight(asOf, knownAt, await record.SpeakingUpTo(knownAt!.Value, HttpContext.RequestAborted), await agreements.AgenciesNow(HttpContext.RequestAborted), [], null);
        return Standing.Of(reading.Agreement, asOf) is { } standing
            ? new ReplaySight(asOf, knownAt, reading.KnownAt, reading.Agencies, [(reading.Agreement, standing)], reading.Agreement)
            : new ReplaySight(asOf, knownAt, reading.KnownAt, reading.Agencies, [], reading.Agreement);
    }

    private async Task Walk()
    {
        var cancellation = HttpContext.RequestAborted;
        if (Subject is not null)
        {
            var entries = await record.Stream(Subject.Id, null, cancellation);
            Steps = [.. entries.Select(e => e.RecordedAt).Distinct().Order()];
            Step = Steps.Count(at => at <= Sight!.KnownAt) - 1;
            Recorded = Step < 0 ? [] : await InWords([.. entries.Where(e => e.RecordedAt == Steps[Step])]);
            return;
        }

        var settled = await record.Settled(cancellation);
        (Steps, HasAllSteps) = await record.Instants(Caller, settled.Instant, Sight!.KnownAt, MostSteps, cancellation);
        Step = Steps.Count(at => at <= Sight!.KnownAt) - 1;
        Recorded = Step < 0 ? [] : await InWords(await record.Between(Step == 0 ? DateTimeOffset.MinValue : Steps[Step - 1], Steps[Step], Most, Caller, cancellation));
    }

    private async Task<IReadOnlyList<ReplayEntry>> EntriesBetween(ReplaySight one, ReplaySight two)
    {
        var cancellation = HttpContext.RequestAborted;
        var (after, by) = one.KnownAt <= two.KnownAt ? (one.KnownAt, two.KnownAt) : (two.KnownAt, one.KnownAt);

        // Where neither point names an instant, both know the same, whatever was recorded while the page was read.
        if (one.Asked is null && two.Asked is null)
            by = after;
        if (Subject is null)
            return await InWords(await record.Between(after, by, Most, Caller, cancellation));

        var (first, last) = one.AsOf <= two.AsOf ? (one.AsOf, two.AsOf) : (two.AsOf, one.AsOf);
        var entries = (await record.Stream(Subject.Id, by, cancellation))
            .Where(e => e.RecordedAt > after || (e.Event.OccurredOn is { } on && on.Latest > first && on.Latest <= last));
        return await InWords([.. entries.Take(Most)]);
    }

    private async Task<IReadOnlyList<ReplayEntry>> InWords(ImmutableArray<RecordedEntry> entries)
    {
        var cancellation = HttpContext.RequestAborted;
        var visible = await meetings.VisibleAgreements(entries.Select(e => e.Event), Caller, cancellation);
        var persons = await record.PersonsNamedIn(entries, Caller, cancellation);
        await using var session = store.QuerySession();
        var concerned = (await session.LoadManyAsync<Agreement>(cancellation, [.. entries.Where(e => e.Event is AgreementEvent).Select(e => e.Stream).Distinct(StringComparer.Ordinal)]))
            .ToDictionary(a => a.Id, StringComparer.Ordinal);
        return [.. entries.Select(e => e with { Event = MeetingReader.Redacted(e.Event, visible) }).Select(e => InWords(e, concerned.GetValueOrDefault(e.Stream), persons))];
    }

    private ReplayEntry InWords(RecordedEntry entry, Agreement? agreement, PersonDirectory persons) => new(
        entry,
        agreement?.Reference,
        EntrySentence.Of(entry, agreement, persons, Words.Book));

    private IEnumerable<(string What, string Value)> OfAgreement(ReplaySight sight)
    {
        if (sight.Found is not [var (agreement, standing)])
            yield break;
        yield return (Words["replay.title"], Title(agreement));
        yield return (Words["replay.status"], standing.Certain ? Words.Book.Status(standing.Status) : $"{Words.Book.Status(standing.Status)} ({Words["status.uncertain"]})");
        foreach (var party in standing.Parties)
            yield return (sight.Agencies.HolderOn(party.Party, standing.Day), Party(party));
        foreach (var phase in standing.Phases)
            yield return (Words.Format("replay.phase", Words.Number(phase.Number), phase.Title), Phase(phase));
        if (standing.Entry.InForceFrom is { } from)
            yield return (Words["replay.inForceFrom"], Words.Book.Day(from));
        if (standing.ExpiresOn is { } until)
            yield return (Words["replay.expiresOn"], Words.Book.Day(until));
        if (standing.EndedOn is { } end)
            yield return (Words["replay.endedOn"], Words.Book.Day(end));
        if (standing.LastDiscussed is { } discussed)
            yield return (Words["replay.lastDiscussed"], Words.Book.Day(discussed.On));
        if (Next(standing) is { } next)
            yield return (Words["replay.next"], next);
    }

    private async Task<IReadOnlyList<ReplayChange>> ChangesOfRegister(ReplaySight one, ReplaySight two)
    {
        var cancellation = HttpContext.RequestAborted;
        var differences = await registerChanges.Between(Caller, AgreementFilter.All, new Point(one.AsOf, one.Asked), new Point(two.AsOf, two.Asked), cancellation)
            .Take(Most + 1).ToListAsync(cancellation);
        HasMoreChanges = differences.Count > Most;
        await using var session = store.QuerySession();
        var titles = (await session.LoadManyAsync<Agreement>(cancellation, [.. differences.Select(d => d.Either.Id)])).ToDictionary(a => a.Id, Title, StringComparer.Ordinal);
        return
        [
            .. differences.Take(Most).Select(d => new ReplayChange(
                $"{titles.GetValueOrDefault(d.Either.Id, d.Either.Title)} ({d.Either.Reference})", InRegister(d.One, d.Two), InRegister(d.Two, d.One))),
        ];
    }

    // What the register says of an agreement; its title too, where it says another at the other point.
    private string? InRegister(AgreementRow? row, AgreementRow? other)
    {
        if (row is null)
            return null;
        var status = row.Certain ? Words.Book.Status(row.Status) : $"{Words.Book.Status(row.Status)} ({Words["status.uncertain"]})";
        var text = row.ExpiresOn is { } until ? $"{status}; {Words["replay.expiresOn"]}: {Words.Book.Day(until)}" : status;
        return other is null || other.Title == row.Title ? text : $"{text}; {Words["replay.title"]}: {row.Title}";
    }

    private static IEnumerable<ReplayChange> Compare(IEnumerable<(string What, string Value)> one, IEnumerable<(string What, string Value)> two)
    {
        var (before, after) = (one.ToLookup(x => x.What, x => x.Value, StringComparer.Ordinal), two.ToLookup(x => x.What, x => x.Value, StringComparer.Ordinal));
        return before.Select(x => x.Key).Union(after.Select(x => x.Key), StringComparer.Ordinal)
            .Select(what => new ReplayChange(what, before[what].FirstOrDefault(), after[what].FirstOrDefault()))
            .Where(change => change.One != change.Two);
    }
}

/// <summary>What is to be seen from a point of the record.</summary>
/// <param name="AsOf">The day.</param>
/// <param name="Asked">The instant asked for; null for all that is known.</param>
/// <param name="KnownAt">The instant up to which it speaks, UTC.</param>
/// <param name="Agencies">The agencies as known then.</param>
/// <param name="Found">The agreements that there were, with their standing.</param>
/// <param name="Known">The one agreement replayed, where anything was known of it then, even if there was none on the day.</param>
internal sealed record ReplaySight(
    DateOnly AsOf, DateTimeOffset? Asked, DateTimeOffset KnownAt, AgencyDirectory Agencies, ImmutableArray<(Agreement Agreement, Standing Standing)> Found, Agreement? Known);

/// <summary>An entry in a sentence.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Reference">The reference of the agreement that it belongs to; null for a meeting or an agency.</param>
/// <param name="Sentence">What it says.</param>
internal sealed record ReplayEntry(RecordedEntry Entry, string? Reference, string Sentence);

/// <summary>What differs between two points.</summary>
/// <param name="What">What it is.</param>
/// <param name="One">How it stands at the first point; null where it is not there.</param>
/// <param name="Two">How it stands at the second point; null where it is not there.</param>
internal sealed record ReplayChange(string What, string? One, string? Two);
