using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using JasperFx.Events;
using Ledger.Domain;
using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Domain.Days;
using Ledger.Domain.Meetings;
using Ledger.Domain.Persons;
using Ledger.Web.Access;
using Ledger.Web.Entries;
using Ledger.Web.Hosting;
using Ledger.Web.Persons;
using Ledger.Web.Store;
using Marten;
using Npgsql;

namespace Ledger.Web.Recording;

/// <summary>One writing transaction: the streams it has read, and what it is about to append to them.</summary>
internal sealed class Draft(IDocumentSession session, NpgsqlConnection connection, Caller caller, TimeProvider time)
{
    private readonly Dictionary<string, AgreementDraft> _byName = new(StringComparer.Ordinal);
    private readonly List<AgreementDraft> _agreements = [];
    private readonly Dictionary<NamedPerson, Person> _persons = [];
    private readonly List<LedgerEvent> _decided = [];
    private readonly Dictionary<string, string> _meetingReferences = new(StringComparer.Ordinal);
    private DateTimeOffset _recordedAt;
    private string _recorder = "";

    public Caller Caller => caller;

    public IDocumentSession Session => session;

    public AgencyDirectory Agencies { get; private set; } = new([]);

    /// <summary>The day of recording, UTC.</summary>
    public DateOnly Today { get; } = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    /// <summary>The instant of recording, from the store's clock; known once the draft has begun.</summary>
    public DateTimeOffset RecordedAt => _recordedAt;

    /// <summary>The agreement proposed last in this draft.</summary>
    public AgreementDraft? LastProposed { get; private set; }

    public Outside Outside => new(NewId, person => _persons[person]);

    public string NewId() => Guid.CreateVersion7(time.GetUtcNow()).ToString();

    public Occasion Occasion(string? meeting, Day? heldOn = null, DateOnly? today = null) => new(today ?? Today, Agencies, meeting, heldOn);

    public async Task LoadAgencies() => Agencies = new AgencyDirectory(await session.Query<Agency>().ToListAsync());

    /// <summary>Waits for other successions to end and reads the agencies anew, so that two at once cannot make a circle.</summary>
    public async Task SucceedOneAtATime()
    {
        await using (var command = new NpgsqlCommand("select pg_advisory_xact_lock(1279607881)", connection))
            await command.ExecuteNonQueryAsync();
        await LoadAgencies();
    }

    /// <summary>The agreement of this id or reference, read for writing; null where there is none.</summary>
    public async Task<AgreementDraft?> Agreement(string name)
    {
        await LoadAgreements([name]);
        return Find(name);
    }

    /// <summary>Gives an agreement begun in this draft one more name by which others can find it.</summary>
    public void Call(string name, AgreementDraft agreement) => _byName[name] = agreement;

    /// <summary>The persons named in this draft, by the ids that its entries know them by.</summary>
    public PersonDirectory PersonsNamed => new(_persons.Select(x => new PersonName(x.Value.PersonId, x.Key.Name, x.Key.Office)).DistinctBy(p => p.PersonId));

    /// <summary>Who records, as the entries name them; known once the draft has begun.</summary>
    public RecordedBy By => new(_recorder, caller.Agency);

    /// <summary>An agreement already read or begun in this draft.</summary>
    public AgreementDraft? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>
    /// Reads agreements for writing. Each is taken before it is read, in the order of their ids: whoever comes second waits and then reads what
    /// the first has written, and two meetings never wait for each other.
    /// </summary>
    public async Task LoadAgreements(IEnumerable<string> names)
    {
        string[] wanted = [.. names.Distinct(StringComparer.Ordinal)];
        var ids = await session.Query<Agreement>()
            .Where(a => a.Id.IsOneOf(wanted) || a.Reference.IsOneOf(wanted))
            .Select(a => a.Id)
            .ToListAsync();
        await using (var take = new NpgsqlCommand("select id from ledger.mt_streams where id = any ($1) order by id for no key update", connection))
        {
            take.Parameters.Add(new() { Value = ids.ToArray() });
            await take.ExecuteNonQueryAsync();
        }

        var batch = session.CreateBatchQuery();
        var streams = ids.Order(StringComparer.Ordinal).Select(id => batch.Events.FetchForWriting<Agreement>(id)).ToList();
        await batch.Execute();
        foreach (var stream in streams)
        {
            var agreement = new AgreementDraft(await stream);
            _agreements.Add(agreement);
            _byName[agreement.State.Id] = agreement;
            _byName[agreement.State.Reference] = agreement;
        }
    }

    /// <summary>The entries of a stream as this transaction sees them.</summary>
    public Task<ImmutableArray<RecordedEntry>> Entries(string stream) => RecordReader.Stream(connection, stream);

    /// <summary>Those of the references that agreements already bear.</summary>
    public async Task<ImmutableHashSet<string>> TakenReferences(IEnumerable<string> references)
    {
        string[] wanted = [.. references];
        return wanted.Length == 0 ? [] : [.. await session.Query<Agreement>().Where(a => a.Reference.IsOneOf(wanted)).Select(a => a.Reference).ToListAsync()];
    }

    /// <summary>
    /// Begins to write, once every stream has been read: takes the instant of recording, and sees to it that the recorder and the persons
    /// named are known by id.
    /// </summary>
    public async Task Begin(IEnumerable<NamedPerson> persons)
    {
        await using (var command = new NpgsqlCommand("select recorded_at from ledger.begin_entry()", connection))
            _recordedAt = new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync())!, TimeSpan.Zero);

        var table = new PersonTable(connection, NewId);
        _recorder = (await table.Keep(caller.Subject, caller.Agency, new NamedPerson(caller.Name))).PersonId;

        // In one order for all, so that two meetings with the same new persons never wait for each other.
        foreach (var person in persons.Distinct().OrderBy(p => p.Name, StringComparer.Ordinal).ThenBy(p => p.Office, StringComparer.Ordinal))
            _persons[person] = await table.Keep(null, null, person);
    }

    /// <summary>The person named rightly in place of one that an entry names; null where nobody is named there, or the name was erased.</summary>
    public async Task<NamedPerson?> Corrected(PersonCorrection correction, JsonNode entry) =>
        PersonCorrection.At(entry, correction.Place) is { } named && await new PersonTable(connection, NewId).NameOf(named.PersonId) is { } before
            ? correction.Apply(before)
            : null;

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
        _agreements.Add(agreement);
        _byName[agreement.State.Id] = _byName[reference] = agreement;
        LastProposed = agreement;
        return (agreement, null);
    }

    private void Take(AgreementDraft agreement, Decision.Decided decided)
    {
        agreement.Add(decided.Events, _recordedAt);
        _decided.AddRange(decided.Events);
    }

    /// <summary>The next reference of a series, such as CA-2020-0007, that nobody has taken.</summary>
    public async Task<string> NextReference(string series, int year)
    {
        while (true)
        {
            await using var command = new NpgsqlCommand(
                "insert into ledger.reference_counter values ($1, $2, 1) on conflict (series, year) do update set last = reference_counter.last + 1 returning last", connection)
            {
                Parameters = { new() { Value = series }, new() { Value = year } },
            };
            var number = (int)(await command.ExecuteScalarAsync())!;
            var reference = string.Create(CultureInfo.InvariantCulture, $"{series}-{year:0000}-{number:0000}");
            if (!_byName.ContainsKey(reference) && (await TakenReferences([reference])).IsEmpty)
                return reference;
        }
    }

    /// <summary>Hands the events of a stream other than an agreement's to the session.</summary>
    public void Append<TState>(IEventStream<TState> stream, ImmutableArray<LedgerEvent> events)
        where TState : class
    {
        stream.AppendMany(events);
        _decided.AddRange(events);
    }

    /// <summary>Hands what was decided on a meeting to the session, and answers for it.</summary>
    public IResult Append(IEventStream<Meeting> stream, Decision decision)
    {
        if (decision is Decision.Refused refused)
            return Problem.Rule(refused);

        var events = ((Decision.Decided)decision).Events;
        Append(stream, events);
        var meeting = stream.Aggregate!;
        return new Answer(events.IsEmpty ? 200 : 201, entries => new EntriesMade(entries))
        {
            Location = events.IsEmpty ? null : $"/api/v1/meetings/{meeting.Reference}",
            ETag = meeting.Version + events.Length,
        };
    }

    /// <summary>Begins a stream other than an agreement's.</summary>
    public void Start<TState>(string id, LedgerEvent first)
        where TState : class
    {
        session.Events.StartStream<TState>(id, first);
        _decided.Add(first);
        if (first is MeetingRecorded meeting)
            _meetingReferences[id] = meeting.Reference;
    }

    /// <summary>The meeting of this id or reference, read for writing; null where there is none.</summary>
    public async Task<IEventStream<Meeting>?> Meeting(string name)
    {
        var id = await session.Query<Meeting>().Where(m => m.Id == name || m.Reference == name).Select(m => m.Id).FirstOrDefaultAsync();
        if (id is null)
            return null;

        var stream = await session.Events.FetchForWriting<Meeting>(id);
        _meetingReferences[id] = stream.Aggregate!.Reference;
        return stream;
    }

    /// <summary>Hands the events of every agreement to the session, in the order of the agreements' ids.</summary>
    public void AppendAgreements()
    {
        foreach (var agreement in _agreements.OrderBy(a => a.State.Id, StringComparer.Ordinal))
            agreement.AppendTo(session);
    }

    /// <summary>Takes what was decided into the register, so that whoever is answered finds it there.</summary>
    public async Task KeepRegister()
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var command in RegisterRows.Commands(_agreements.Where(a => a.HasNewEvents).Select(a => (a.Before, a.State)), _recordedAt))
            batch.BatchCommands.Add(command);
        if (batch.BatchCommands.Count > 0)
            await batch.ExecuteNonQueryAsync(CancellationToken.None);
    }

    /// <summary>Marks every event with who recorded it, when, and in which request.</summary>
    public void Stamp(IList<StreamAction> streams, string correlation, string? causation)
    {
        foreach (var e in streams.SelectMany(s => s.Events))
        {
            e.Timestamp = _recordedAt;
            e.UserName = _recorder;
            e.CorrelationId = correlation;
            e.CausationId = causation;
            if (caller.Agency is not null)
                e.SetHeader("agency", caller.Agency);
        }
    }

    /// <summary>The entries written, in the order in which they were decided.</summary>
    public List<EntryMade> EntriesMade(IList<StreamAction> streams) =>
    [
        .. streams.SelectMany(s => s.Events).OrderBy(e => _decided.FindIndex(d => ReferenceEquals(d, e.Data))).Select(e => new EntryMade(e.Sequence, e.Version, EventNames.OnTheWire(e.Data.GetType())) with
        {
            Agreement = e.Data is AgreementEvent ? Find(e.StreamKey!)!.State.Reference : null,
            Meeting = e.Data is MeetingEvent ? _meetingReferences[e.StreamKey!] : null,
            Agency = e.Data is AgencyEvent ? e.StreamKey : null,
        }),
    ];
}

/// <summary>An agreement read for writing, or begun, with the events decided so far folded into its state.</summary>
internal sealed class AgreementDraft(IEventStream<Agreement>? stream)
{
    private readonly List<AgreementEvent> _events = [];
    private Agreement? _state = stream?.Aggregate;

    public Agreement State => _state!;

    public bool IsNew => stream is null;

    /// <summary>The agreement as it was read; null for one begun in this draft.</summary>
    public Agreement? Before => stream?.Aggregate;

    /// <summary>The version at which it was read; 0 for one begun in this draft.</summary>
    public long ReadVersion => stream?.CurrentVersion ?? 0;

    public bool HasNewEvents => _events.Count > 0;

    public IReadOnlyList<AgreementEvent> NewEvents => _events;

    public void Add(ImmutableArray<LedgerEvent> events, DateTimeOffset recordedAt)
    {
        foreach (var e in events.Cast<AgreementEvent>())
        {
            _state = Agreement.Evolve(_state, new Entry<AgreementEvent>((_state?.Version ?? 0) + 1, recordedAt, e));
            _events.Add(e);
        }
    }

    /// <summary>The entries that the events decided from a place on will make.</summary>
    public ImmutableArray<CausedEntry> EntriesFrom(int from) =>
        [.. _events.Skip(from).Select((e, index) => new CausedEntry(State.Id, ReadVersion + from + index + 1, EventNames.Stored[e.GetType()]))];

    public void AppendTo(IDocumentSession session)
    {
        if (_events.Count == 0)
            return;
        if (stream is null)
            session.Events.StartStream<Agreement>(State.Id, _events);
        else
            stream.AppendMany(_events);
    }
}
