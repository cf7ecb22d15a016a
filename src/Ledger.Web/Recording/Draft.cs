using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ledger.Domain;
using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Domain.Days;
using Ledger.Domain.Meetings;
using Ledger.Domain.Persons;
using Ledger.Web.Access;
using Ledger.Web.Entries;
using Ledger.Web.Hosting;
using Ledger.Web.Pages;
using Ledger.Web.Persons;
using Ledger.Web.Store;
using Npgsql;

namespace Ledger.Web.Recording;

/// <summary>What a writing request reads before it decides: named in advance, so that one round trip brings all of it.</summary>
internal sealed record Reads
{
    /// <summary>The agreements to change, by id or reference.</summary>
    public ImmutableArray<string> Agreements { get; init; } = [];

    /// <summary>The meeting to change, by id or reference.</summary>
    public string? Meeting { get; init; }

    /// <summary>The agency to change, by code; it need not exist.</summary>
    public string? Agency { get; init; }
}

/// <summary>
/// One writing transaction: what it has read, and what it is about to append. Each stream was taken before it was read, agreements in the
/// order of their ids: whoever comes second waits and then reads what the first has written, and two meetings never wait for each other.
/// </summary>
internal sealed class Draft(NpgsqlConnection connection, Caller caller, TimeProvider time)
{
    private readonly Dictionary<string, AgreementDraft> _byName = new(StringComparer.Ordinal);
    private readonly List<AgreementDraft> _agreements = [];
    private readonly List<StreamAppend> _others = [];
    private readonly Dictionary<NamedPerson, Person> _persons = [];
    private readonly List<LedgerEvent> _decided = [];
    private readonly Dictionary<LedgerEvent, (string? Agreement, string? Meeting, string? Agency)> _of = new(ReferenceEqualityComparer.Instance);

    public Caller Caller => caller;

    public AgencyDirectory Agencies { get; private set; } = new([]);

    /// <summary>The day of recording, UTC.</summary>
    public DateOnly Today { get; } = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    /// <summary>The instant of recording, from the store's clock.</summary>
    public DateTimeOffset RecordedAt { get; private set; }

    /// <summary>The meeting to change, as it was read; null where there is none.</summary>
    public Meeting? Meeting { get; private set; }

    /// <summary>The agency to change, as it was read; null where there is none.</summary>
    public Agency? Agency { get; private set; }

    /// <summary>The agreement proposed last in this draft.</summary>
    public AgreementDraft? LastProposed { get; private set; }

    /// <summary>The reference of the meeting begun in this draft, which is known only once everything else is written.</summary>
    public LateReference? LateReference { get; private set; }

    /// <summary>What else is to be written when entries are.</summary>
    public List<NpgsqlBatchCommand> Alongside { get; } = [];

    public Outside Outside => new(NewId, person => _persons[person]);

    /// <summary>The persons named in this draft, by the ids that its entries know them by.</summary>
    public PersonDirectory PersonsNamed => new(_persons.Select(x => new PersonName(x.Value.PersonId, x.Key.Name, x.Key.Office)).DistinctBy(p => p.PersonId));

    /// <summary>Who records, as the entries name them.</summary>
    public RecordedBy By { get; private set; } = new("", caller.Agency);

    /// <summary>Every event decided so far, in the order of deciding.</summary>
    public IReadOnlyList<LedgerEvent> Decided => _decided;

    /// <summary>What each stream gains.</summary>
    public IReadOnlyList<StreamAppend> Appends => [.. _agreements.Where(a => a.HasNewEvents).OrderBy(a => a.State.Id, StringComparer.Ordinal).Select(a => a.Append), .. _others];

    public string NewId() => Guid.CreateVersion7(time.GetUtcNow()).ToString();

    public Occasion Occasion(string? meeting, Day? heldOn = null, DateOnly? today = null) => new(today ?? Today, Agencies, meeting, heldOn);

    /// <summary>The statements that read what is wanted and then take the instant of recording.</summary>
    /// <param name="reads">What is wanted.</param>
    /// <param name="caller">Who records.</param>
    /// <param name="seen">The facets of agreements that the caller may know of: the others are not found, and nobody waits for them.</param>
    /// <param name="now">What the clock of this node says; where the store's says something else, the entries tell.</param>
    public static IEnumerable<NpgsqlBatchCommand> Reading(Reads reads, Caller caller, string[]? seen, DateTimeOffset now)
    {
        // The statements of a transaction are few and always the same, and each finds its rows by an index, however many there are: without
        // this, PostgreSQL would plan some of them anew each time, which costs as much as carrying them out.
        yield return new NpgsqlBatchCommand(
            "select n.stamp, (select p.person_id from ledger.person p where p.identity = $1), set_config('plan_cache_mode', 'force_generic_plan', true) from ledger.names n")
        {
            Parameters = { new() { Value = PersonTable.IdentityOf(caller) } },
        };
        if (!reads.Agreements.IsEmpty)
        {
            yield return ReadingAgreements(reads, seen);
        }

        if (reads.Meeting is not null)
        {
            yield return new NpgsqlBatchCommand("select data from ledger.mt_doc_meeting where id = $1 or reference = $1 for no key update")
            {
                Parameters = { new() { Value = IsText(reads.Meeting) ? reads.Meeting : "" } },
            };
        }

        if (reads.Agency is not null)
        {
            yield return new NpgsqlBatchCommand("select data from ledger.mt_doc_agency where id = $1 for no key update")
            {
                Parameters = { new() { Value = IsText(reads.Agency) ? reads.Agency : "" } },
            };
        }

        yield return new NpgsqlBatchCommand("select ledger.begin_entry($1)") { Parameters = { new() { Value = now.UtcDateTime } } };
    }

    /// <summary>Takes in what <see cref="Reading"/> has brought; the reader stands at the first of its results.</summary>
    /// <returns>The stamp of names, by which the agencies are found.</returns>
    public async Task<long> TakeIn(NpgsqlDataReader reader, Reads reads)
    {
        await reader.ReadAsync();
        var stamp = reader.GetInt64(0);
        By = new(reader.IsDBNull(1) ? "" : reader.GetString(1), caller.Agency);
        await reader.NextResultAsync();
        if (!reads.Agreements.IsEmpty)
        {
            while (await reader.ReadAsync())
                Know(new AgreementDraft(LedgerJson.Read<Agreement>(reader.GetString(0))));
            await reader.NextResultAsync();
        }

        if (reads.Meeting is not null)
        {
            Meeting = await One<Meeting>(reader);
            await reader.NextResultAsync();
        }

        if (reads.Agency is not null)
        {
            Agency = await One<Agency>(reader);
            await reader.NextResultAsync();
        }

        await reader.ReadAsync();
        RecordedAt = new DateTimeOffset(reader.GetDateTime(0), TimeSpan.Zero);
        return stamp;
    }

    /// <summary>Reads the agreements that the caller may know of since an agency was recorded that stands in another's place.</summary>
    public async Task TakeInAgreements(Reads reads, string[]? seen)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(ReadingAgreements(reads, seen));
        await using var reader = await batch.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var agreement = new AgreementDraft(LedgerJson.Read<Agreement>(reader.GetString(0)));
            if (Find(agreement.State.Id) is null)
                Know(agreement);
        }
    }

    /// <summary>Makes the agencies and the recorder known, once the reading has ended.</summary>
    public async Task Begin(AgencyDirectory agencies)
    {
        Agencies = agencies;
        if (By.PersonId.Length == 0)
            By = new((await new PersonTable(connection, NewId).KeepRecorder(caller)).PersonId, caller.Agency);
    }

    /// <summary>Waits for other successions to end and reads the agencies anew, so that two at once cannot make a circle.</summary>
    public async Task SucceedOneAtATime()
    {
        await using (var command = new NpgsqlCommand("select pg_advisory_xact_lock(1279607881)", connection))
            await command.ExecuteNonQueryAsync();
        Agencies = await AgencyCache.Read(connection, CancellationToken.None);
    }

    /// <summary>Gives an agreement begun in this draft one more name by which others can find it.</summary>
    public void Call(string name, AgreementDraft agreement) => _byName[name] = agreement;

    /// <summary>An agreement read or begun in this draft, by id or reference.</summary>
    public AgreementDraft? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The entries of a stream as this transaction sees them.</summary>
    public Task<ImmutableArray<RecordedEntry>> Entries(string stream) => RecordReader.Stream(connection, stream);

    /// <summary>Those of the references that agreements already bear.</summary>
    public async Task<ImmutableHashSet<string>> TakenReferences(IEnumerable<string> references)
    {
        string[] wanted = [.. references];
        if (wanted.Length == 0)
            return [];

        await using var command = new NpgsqlCommand("select reference from ledger.mt_doc_agreement where reference = any ($1)", connection) { Parameters = { new() { Value = wanted } } };
        await using var reader = await command.ExecuteReaderAsync();
        var taken = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync())
            taken.Add(reader.GetString(0));
        return taken.ToImmutable();
    }

    /// <summary>Sees to it that persons about to be named are known by id.</summary>
    public async Task Name(IEnumerable<NamedPerson> persons)
    {
        // In one order for all, so that two meetings with the same new persons never wait for each other.
        var table = new PersonTable(connection, NewId);
        foreach (var person in persons.Distinct().OrderBy(p => p.Name, StringComparer.Ordinal).ThenBy(p => p.Office, StringComparer.Ordinal))
            _persons[person] = await table.Keep(null, null, person);
    }

    /// <summary>The person named rightly in place of one that an entry names; null where nobody is named there, or the name was erased.</summary>
    public async Task<NamedPerson?> Corrected(PersonCorrection correction, JsonNode entry) =>
        PersonCorrection.At(entry, correction.Place) is { } named && await new PersonTable(connection, NewId).NameOf(named.PersonId) is { } before
            ? correction.Apply(before)
            : null;

    /// <summary>The person of this id, as the table keeps them.</summary>
    public Task<PersonKept?> Person(string id) => new PersonTable(connection, NewId).Find(id);

    /// <summary>Erases a person's data in this transaction, in drafts of meetings too.</summary>
    /// <returns>What is kept of the erasure, and whether it is of now.</returns>
    public async Task<(PersonErasure Erasure, bool IsNew)> Erase(PersonKept person, ErasePerson command)
    {
        // Drafts first: whoever is recording one holds it, and will ask for the persons in it.
        if (person.Name is { } name)
            await MeetingDrafts.Forget(connection, new NameInText(name));
        return await new PersonTable(connection, NewId).Erase(person.PersonId, By, command);
    }

    /// <summary>Decides on an act and takes it into the draft.</summary>
    /// <returns>The refusal, where there is one.</returns>
    public Decision.Refused? Decide(AgreementDraft agreement, AgreementAct act, Occasion occasion)
    {
        var decision = act.Decide(agreement.State, occasion, Outside);
        if (decision is Decision.Decided decided)
            Take(agreement, decided);
        return decision is Decision.Refused { Field: "/occurredOn" } refused ? refused with { Field = act.Day } : decision as Decision.Refused;
    }

    /// <summary>Begins an agreement that others in this draft can name by its reference.</summary>
    public (AgreementDraft? Agreement, Decision.Refused? Refused) Propose(ProposeAgreement command, string reference, Occasion occasion)
    {
        var decision = AgreementDecider.Propose(command, NewId(), reference, [.. command.Phases.Select(_ => NewId())], occasion);
        if (decision is not Decision.Decided decided)
            return (null, (Decision.Refused)decision);

        var agreement = new AgreementDraft(null);
        Take(agreement, decided);
        Know(agreement);
        LastProposed = agreement;
        return (agreement, null);
    }

    /// <summary>The next reference of a series, such as CA-2020-0007, that nobody has taken.</summary>
    public async Task<string> NextReference(string series, int year)
    {
        while (true)
        {
            await using var command = new NpgsqlCommand("select ledger.next_reference($1, $2)", connection) { Parameters = { new() { Value = series }, new() { Value = year } } };
            var reference = (string)(await command.ExecuteScalarAsync())!;
            if (!_byName.ContainsKey(reference))
                return reference;
        }
    }

    /// <summary>Takes events of the agency that was read, or of a new one, into the draft.</summary>
    /// <returns>The version of the agency after them.</returns>
    public long Append(string code, ImmutableArray<LedgerEvent> events)
    {
        if (events.IsEmpty)
            return Agency!.Version;

        var read = Agency?.Version ?? 0;
        var after = events.Aggregate(Agency, (state, e) => Domain.Agencies.Agency.Evolve(state, new((state?.Version ?? 0) + 1, RecordedAt, (AgencyEvent)e)))!;
        Take(new StreamAppend(code, read, [.. events.Select(e => new NewEntry(e))], Agency, after), (null, null, code));
        return after.Version;
    }

    /// <summary>Takes what was decided on the meeting that was read into the draft, and answers for it.</summary>
    public IResult Append(Decision decision)
    {
        if (decision is Decision.Refused refused)
            return Problem.Rule(refused);

        var (meeting, events) = (Meeting!, ((Decision.Decided)decision).Events);
        if (!events.IsEmpty)
        {
            var after = events.Aggregate(meeting, (state, e) => Domain.Meetings.Meeting.Evolve(state, new(state.Version + 1, RecordedAt, (MeetingEvent)e)));
            Take(new StreamAppend(meeting.Id, meeting.Version, [.. events.Select(e => new NewEntry(e))], meeting, after), (null, meeting.Reference, null));
        }

        return new Answer(events.IsEmpty ? 200 : 201, entries => new EntriesMade(entries))
        {
            Location = events.IsEmpty ? null : $"/api/v1/meetings/{meeting.Reference}",
            ETag = meeting.Version + events.Length,
        };
    }

    /// <summary>Begins a meeting, whose reference is given by the store once everything else is written.</summary>
    /// <param name="year">The year of which the reference is.</param>
    /// <param name="record">The meeting, given what stands for its reference until then.</param>
    public void Start(int year, Func<string, MeetingRecorded> record)
    {
        LateReference = new("CM", year);
        var meeting = record(LateReference.Placeholder);
        Take(
            new StreamAppend(meeting.MeetingId, 0, [new NewEntry(meeting)], null, Domain.Meetings.Meeting.Evolve(null, new(1, RecordedAt, meeting))) { LateReference = LateReference },
            (null, meeting.Reference, null));
    }

    /// <summary>The stream and version of every event decided, in the order of deciding.</summary>
    public IReadOnlyList<(string Stream, long Version)> Places
    {
        get
        {
            var places = Appends
                .SelectMany(s => s.Entries.Select((entry, index) => (entry.Event, Place: (s.Id, s.ReadVersion + index + 1))))
                .ToDictionary(x => x.Event, x => x.Place, (IEqualityComparer<LedgerEvent>)ReferenceEqualityComparer.Instance);
            return [.. _decided.Select(e => places[e])];
        }
    }

    /// <summary>The entries written, in the order in which they were decided.</summary>
    /// <param name="sequenceOf">The sequence of the event decided at a place.</param>
    public List<EntryMade> EntriesMade(Func<int, long> sequenceOf) =>
    [
        .. _decided.Zip(Places).Select((x, index) => new EntryMade(sequenceOf(index), x.Second.Version, EventNames.OnTheWire(x.First.GetType()))
        {
            Agreement = _of[x.First].Agreement,
            Meeting = _of[x.First].Meeting,
            Agency = _of[x.First].Agency,
        }),
    ];

    private static NpgsqlBatchCommand ReadingAgreements(Reads reads, string[]? seen) => new(
        $"select d.data from ledger.mt_doc_agreement d where (d.id = any ($1) or d.reference = any ($1)) and {Facet.Bears("d.id", "$2")} order by d.id for no key update of d")
    {
        Parameters = { new() { Value = reads.Agreements.Where(IsText).Distinct(StringComparer.Ordinal).ToArray() }, Facet.Parameter(seen) },
    };

    // A path can hold U+0000, which no text in the store does, and which the store refuses to look for.
    private static bool IsText(string name) => !name.Contains('\0', StringComparison.Ordinal);

    private static async Task<T?> One<T>(NpgsqlDataReader reader)
        where T : class => await reader.ReadAsync() ? LedgerJson.Read<T>(reader.GetString(0)) : null;

    private void Know(AgreementDraft agreement)
    {
        _agreements.Add(agreement);
        _byName[agreement.State.Id] = _byName[agreement.State.Reference] = agreement;
    }

    private void Take(AgreementDraft agreement, Decision.Decided decided)
    {
        agreement.Add(decided.Events, RecordedAt);
        foreach (var e in decided.Events)
            _of[e] = (agreement.State.Reference, null, null);
        _decided.AddRange(decided.Events);
    }

    private void Take(StreamAppend append, (string? Agreement, string? Meeting, string? Agency) of)
    {
        _others.Add(append);
        foreach (var entry in append.Entries)
        {
            _of[entry.Event] = of;
            _decided.Add(entry.Event);
        }
    }
}

/// <summary>An agreement read for writing, or begun, with the events decided so far folded into its state.</summary>
/// <param name="before">The agreement as it was read; null for one begun in this draft.</param>
internal sealed class AgreementDraft(Agreement? before)
{
    private readonly List<AgreementEvent> _events = [];
    private Agreement? _after;

    public Agreement State => (_after ?? before)!;

    public bool IsNew => before is null;

    /// <summary>The agreement as it was read; null for one begun in this draft.</summary>
    public Agreement? Before => before;

    /// <summary>The version at which it was read; 0 for one begun in this draft.</summary>
    public long ReadVersion => before?.Version ?? 0;

    public bool HasNewEvents => _events.Count > 0;

    public IReadOnlyList<AgreementEvent> NewEvents => _events;

    /// <summary>What its stream gains.</summary>
    public StreamAppend Append => new(State.Id, ReadVersion, [.. _events.Select(e => new NewEntry(e))], before, State);

    public void Add(ImmutableArray<LedgerEvent> events, DateTimeOffset recordedAt)
    {
        foreach (var e in events.Cast<AgreementEvent>())
        {
            _after = Agreement.Evolve(_after ?? before, new Entry<AgreementEvent>(((_after ?? before)?.Version ?? 0) + 1, recordedAt, e));
            _events.Add(e);
        }
    }

    /// <summary>The entries that the events decided from a place on will make.</summary>
    public ImmutableArray<CausedEntry> EntriesFrom(int from) =>
        [.. _events.Skip(from).Select((e, index) => new CausedEntry(State.Id, ReadVersion + from + index + 1, EventNames.Stored[e.GetType()]))];
}
