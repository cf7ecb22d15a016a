using System.Collections.Immutable;
using System.Globalization;
using Ledger.Domain;
using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Domain.Meetings;
using Ledger.Domain.Persons;
using Ledger.Web.Entries;
using Ledger.Web.Persons;
using Marten;
using Npgsql;

namespace Ledger.Web.Importing;

/// <summary>The record as it will be once the lines read so far are written: what the store holds, and what the file adds to it.</summary>
internal sealed class ImportBook(IDocumentStore store, NpgsqlDataSource source, RecordReader record, TimeProvider time)
{
    private readonly Dictionary<string, Booked<Agreement, AgreementEvent>> _agreements = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Booked<Meeting, MeetingEvent>> _meetings = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Booked<Agency, AgencyEvent>> _agencies = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Person> _personsByIdentity = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PersonKept> _personsById = new(StringComparer.Ordinal);
    private readonly HashSet<string> _files = new(StringComparer.Ordinal);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Series, int Year), int> _numbers = [];
    private AgencyDirectory? _directory;

    /// <summary>The instant as of which lines are decided; that of recording comes with each commit.</summary>
    public DateTimeOffset Now { get; } = time.GetUtcNow();

    /// <summary>The agencies as they stand.</summary>
    public AgencyDirectory Agencies => _directory ??= new AgencyDirectory(_agencies.Values.Select(a => a.State!));

    /// <summary>Every agreement that the file touches.</summary>
    public IEnumerable<Agreement> AgreementsTouched => _agreements.Where(a => a.Value.State!.Id == a.Key && a.Value.Added.Count > 0).Select(a => a.Value.State!);

    public string NewId() => Guid.CreateVersion7(time.GetUtcNow()).ToString();

    /// <summary>Reads the agencies, which every line may name.</summary>
    public async Task LoadAgencies(CancellationToken cancellation)
    {
        await using var session = store.QuerySession();
        foreach (var agency in await session.Query<Agency>().ToListAsync(cancellation))
            _agencies[agency.Id] = new(agency, agency.Version, Domain.Agencies.Agency.Evolve);
    }

    /// <summary>Reads from the store what lines name and nothing before them has.</summary>
    public async Task Load(IReadOnlyList<ImportFact> facts, CancellationToken cancellation)
    {
        await LoadAgreements(facts.SelectMany(f => f.Agreements), cancellation);
        await LoadMeetings(facts.SelectMany(f => f.Meetings), cancellation);
        var entries = facts.OfType<EntryFact>().ToList();
        await LoadEntries(entries.Select(e => e.Id).Concat(facts.OfType<CorrectionFact>().Select(c => c.Agreement)).Concat(facts.OfType<MeetingCorrectionFact>().Select(c => c.Meeting)), cancellation);
        await LoadPersons(
            facts.SelectMany(f => f.Persons),
            entries.SelectMany(e => RecordReader.PersonsIn(e.Event).Append(e.Provenance.RecordedBy.PersonId)).Concat(facts.OfType<PersonFact>().Select(p => p.Person.PersonId)),
            cancellation);
        await LoadFiles(entries.Select(e => (e.Event as DocumentAttached)?.Sha256).OfType<string>(), cancellation);
    }

    /// <summary>The agreement of this id or reference.</summary>
    public Booked<Agreement, AgreementEvent>? Agreement(string name) => _agreements.GetValueOrDefault(name);

    /// <summary>The meeting of this id or reference.</summary>
    public Booked<Meeting, MeetingEvent>? Meeting(string name) => _meetings.GetValueOrDefault(name);

    /// <summary>The agency of this code.</summary>
    public Booked<Agency, AgencyEvent>? Agency(string code) => _agencies.GetValueOrDefault(code);

    /// <summary>Takes in an entry.</summary>
    public DecidedEntry Add(EntryStream stream, string id, LedgerEvent e, Provenance? provenance)
    {
        switch (e)
        {
            case AgreementEvent act:
                var agreement = Of(_agreements, id, Domain.Agreements.Agreement.Evolve);
                agreement.Add(act, Now);
                if (act is AgreementProposed proposed)
                    _agreements[proposed.Reference] = agreement;
                return new DecidedEntry(stream, id, agreement.Version, e, provenance);
            case MeetingEvent fact:
                var meeting = Of(_meetings, id, Domain.Meetings.Meeting.Evolve);
                meeting.Add(fact, Now);
                if (fact is MeetingRecorded recorded)
                    _meetings[recorded.Reference] = meeting;
                return new DecidedEntry(stream, id, meeting.Version, e, provenance);
            default:
                var agency = Of(_agencies, id, Domain.Agencies.Agency.Evolve);
                agency.Add((AgencyEvent)e, Now);
                _directory = null;
                return new DecidedEntry(stream, id, agency.Version, e, provenance);
        }

        static Booked<TState, TEvent> Of<TState, TEvent>(Dictionary<string, Booked<TState, TEvent>> streams, string id, Func<TState?, Entry<TEvent>, TState> evolve)
            where TState : class
            where TEvent : LedgerEvent =>
            streams.TryGetValue(id, out var found) ? found : streams[id] = new(null, 0, evolve);
    }

    /// <summary>Gives an agreement one more name for the lines to come, or takes it back.</summary>
    public void Call(string name, Booked<Agreement, AgreementEvent>? agreement)
    {
        if (agreement is null)
            _agreements.Remove(name);
        else
            _agreements[name] = agreement;
    }

    /// <summary>The person of this name and office, met before or now for the first time.</summary>
    public Person Person(NamedPerson named, ImportChunk chunk)
    {
        var identity = Convert.ToHexStringLower(PersonKept.IdentityOf(null, null, named));
        if (_personsByIdentity.TryGetValue(identity, out var known))
            return known;

        var made = PersonKept.New(NewId, null, null, named);
        Keep(made, chunk);
        return _personsByIdentity[identity] = made.Person;
    }

    /// <summary>Keeps a person as another ledger knows them.</summary>
    public void Keep(PersonKept person, ImportChunk chunk)
    {
        _personsById[person.PersonId] = person;
        chunk.Persons.Add(person);
    }

    /// <summary>The person of this id.</summary>
    public PersonKept? PersonOf(string id) => _personsById.GetValueOrDefault(id);

    /// <summary>The person of this id, also where no line has asked for them before.</summary>
    public async Task<PersonKept?> FindPerson(string id, CancellationToken cancellation)
    {
        await LoadPersons([], [id], cancellation);
        return PersonOf(id);
    }

    /// <summary>Whether the file of a document is kept, or comes before it.</summary>
    public bool HasFile(string sha256) => _files.Contains(sha256);

    /// <summary>Keeps a file.</summary>
    public void Keep(FileFact file, ImportChunk chunk)
    {
        if (_files.Add(file.Sha256))
            chunk.Files.Add(file);
    }

    /// <summary>The next reference of a series that nobody has taken.</summary>
    public async Task<string> NextReference(string series, int year, ImportChunk chunk, CancellationToken cancellation)
    {
        if (!_numbers.ContainsKey((series, year)))
        {
            await using var command = source.CreateCommand("select last from ledger.reference_counter where series = $1 and year = $2");
            command.Parameters.Add(new() { Value = series });
            command.Parameters.Add(new() { Value = year });
            _numbers[(series, year)] = await command.ExecuteScalarAsync(cancellation) as int? ?? 0;
        }

        while (true)
        {
            var number = ++_numbers[(series, year)];
            chunk.References[(series, year)] = number;
            var reference = string.Create(CultureInfo.InvariantCulture, $"{series}-{year:0000}-{number:0000}");
            await LoadAgreements([reference], cancellation);
            await LoadMeetings([reference], cancellation);
            if (Agreement(reference) is null && Meeting(reference) is null)
                return reference;
        }
    }

    /// <summary>Reads agreements by id or reference.</summary>
    public async Task LoadAgreements(IEnumerable<string> names, CancellationToken cancellation)
    {
        string[] wanted = [.. names.Where(name => !_agreements.ContainsKey(name) && _asked.Add("agreement " + name)).Distinct(StringComparer.Ordinal)];
        if (wanted.Length == 0)
            return;

        await using var session = store.QuerySession();
        foreach (var agreement in await session.Query<Agreement>().Where(a => a.Id.IsOneOf(wanted) || a.Reference.IsOneOf(wanted)).ToListAsync(cancellation))
        {
            if (!_agreements.ContainsKey(agreement.Id))
                _agreements[agreement.Id] = _agreements[agreement.Reference] = new(agreement, agreement.Version, Domain.Agreements.Agreement.Evolve);
        }
    }

    /// <summary>Reads meetings by id or reference.</summary>
    public async Task LoadMeetings(IEnumerable<string> names, CancellationToken cancellation)
    {
        string[] wanted = [.. names.Where(name => !_meetings.ContainsKey(name) && _asked.Add("meeting " + name)).Distinct(StringComparer.Ordinal)];
        if (wanted.Length == 0)
            return;

        await using var session = store.QuerySession();
        foreach (var meeting in await session.Query<Meeting>().Where(m => m.Id.IsOneOf(wanted) || m.Reference.IsOneOf(wanted)).ToListAsync(cancellation))
        {
            if (!_meetings.ContainsKey(meeting.Id))
                _meetings[meeting.Id] = _meetings[meeting.Reference] = new(meeting, meeting.Version, Domain.Meetings.Meeting.Evolve);
        }
    }

    /// <summary>Reads the entries that the store holds of streams.</summary>
    public async Task LoadEntries(IEnumerable<string> names, CancellationToken cancellation)
    {
        var wanted = new Dictionary<string, Action<IEnumerable<RecordedEntry>>>(StringComparer.Ordinal);
        foreach (var name in names.Where(name => _asked.Add("entries " + name)))
        {
            Want(_agreements.GetValueOrDefault(name), a => a.Id);
            Want(_meetings.GetValueOrDefault(name), m => m.Id);
            Want(_agencies.GetValueOrDefault(name), a => a.Id);
        }

        if (wanted.Count == 0)
            return;
        var streams = await record.Streams(wanted.Keys, null, cancellation);
        foreach (var (id, take) in wanted)
            take(streams[id]);

        void Want<TState, TEvent>(Booked<TState, TEvent>? stream, Func<TState, string> id)
            where TState : class
            where TEvent : LedgerEvent
        {
            if (stream is { StoredVersion: > 0, State: { } state })
                wanted[id(state)] = stream.Restore;
        }
    }

    private async Task LoadPersons(IEnumerable<NamedPerson> named, IEnumerable<string> ids, CancellationToken cancellation)
    {
        var identities = named.Select(p => PersonKept.IdentityOf(null, null, p)).DistinctBy(Convert.ToHexStringLower).Where(x => _asked.Add("person " + Convert.ToHexStringLower(x))).ToArray();
        string[] wanted = [.. ids.Where(id => !_personsById.ContainsKey(id) && _asked.Add("person of " + id)).Distinct(StringComparer.Ordinal)];
        if (identities.Length + wanted.Length == 0)
            return;

        await using var command = source.CreateCommand(
            "select person_id, identity, name, office, name_commitment, office_commitment from ledger.person where identity = any ($1) or person_id = any ($2)");
        command.Parameters.Add(new() { Value = identities });
        command.Parameters.Add(new() { Value = wanted });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var person = new PersonKept(reader.GetString(0), reader.IsDBNull(1) ? null : (byte[])reader[1], null, null, Text(2), Text(3), null, null, reader.GetString(4), Text(5));
            _personsById[person.PersonId] = person;
            if (person.Identity is { } identity)
                _personsByIdentity[Convert.ToHexStringLower(identity)] = person.Person;
        }

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }

    private async Task LoadFiles(IEnumerable<string> hashes, CancellationToken cancellation)
    {
        string[] wanted = [.. hashes.Where(sha => !_files.Contains(sha) && _asked.Add("file " + sha)).Distinct(StringComparer.Ordinal)];
        if (wanted.Length == 0)
            return;

        await using var command = source.CreateCommand("select sha256 from ledger.document_content where sha256 = any ($1)");
        command.Parameters.Add(new() { Value = wanted });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            _files.Add(reader.GetString(0));
    }
}

/// <summary>A stream with what the file adds to it.</summary>
internal sealed class Booked<TState, TEvent>(TState? state, long storedVersion, Func<TState?, Entry<TEvent>, TState> evolve)
    where TState : class
    where TEvent : LedgerEvent
{
    private ImmutableArray<TEvent> _stored = [];

    /// <summary>The stream's state.</summary>
    public TState? State { get; private set; } = state;

    /// <summary>How many entries the store holds of it.</summary>
    public long StoredVersion => storedVersion;

    /// <summary>The number of its last entry.</summary>
    public long Version => storedVersion + Added.Count;

    /// <summary>What the file has added so far.</summary>
    public List<TEvent> Added { get; } = [];

    public void Add(TEvent e, DateTimeOffset at)
    {
        State = evolve(State, new Entry<TEvent>(Version + 1, at, e));
        Added.Add(e);
    }

    /// <summary>Takes the entries that the store holds.</summary>
    public void Restore(IEnumerable<RecordedEntry> entries) => _stored = [.. entries.Select(e => (TEvent)e.Event).Take((int)storedVersion)];

    /// <summary>The event of a number, as it was written.</summary>
    public TEvent? At(long version) =>
        version < 1 || version > Version ? null
        : version > storedVersion ? Added[(int)(version - storedVersion - 1)]
        : version <= _stored.Length ? _stored[(int)version - 1]
        : null;

    /// <summary>Every event known of it.</summary>
    public IEnumerable<TEvent> Events => _stored.Concat(Added);
}
