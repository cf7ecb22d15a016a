using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Domain;
using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Domain.Meetings;
using Ledger.Web.Access;
using Ledger.Web.Persons;
using Ledger.Web.Store;
using Npgsql;

namespace Ledger.Web.Entries;

/// <summary>Up to which instant and which sequence the record can no longer change.</summary>
/// <param name="Instant">The instant, UTC.</param>
/// <param name="Sequence">The sequence.</param>
public sealed record Settled(DateTimeOffset Instant, long Sequence);

/// <summary>Reads entries as they were written, and folds them as far as is asked for.</summary>
public sealed class RecordReader(NpgsqlDataSource source, AgencyCache agencies)
{
    private static readonly TimeSpan Lately = TimeSpan.FromMilliseconds(50);

    /// <summary>More entries than are written between two transactions that overlap: those of one instant are found one behind the other.</summary>
    private const int OverlappingEntries = 1_000;

    private SettledAt? _lately;

    private const string Columns = "seq_id, stream_id, version, type, data, timestamp, user_name, headers, correlation_id, causation_id";

    private static readonly string Corrections =
        string.Join(", ", new[] { typeof(Domain.Agreements.EntryCorrected), typeof(Domain.Meetings.EntryCorrected) }.Select(kind => $"'{EventNames.Stored[kind]}'"));

    // An entry is read as the kind of event that its stored name says.
    private static readonly ImmutableDictionary<string, Type> Kinds = EventNames.Stored.ToImmutableDictionary(x => x.Value, x => x.Key, StringComparer.Ordinal);

    /// <summary>Up to where the record is settled now.</summary>
    public async Task<Settled> Settled(CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("select instant, sequence from ledger.settled()");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return new Settled(new DateTimeOffset(reader.GetDateTime(0), TimeSpan.Zero), reader.GetInt64(1));
    }

    /// <summary>
    /// Up to where the record was settled some milliseconds ago. For answers that speak of the present and name an instant: an earlier one is
    /// as true, and asking which transactions are running is dearer than the answer.
    /// </summary>
    public async Task<Settled> SettledLately(CancellationToken cancellation)
    {
        if (Volatile.Read(ref _lately) is { } kept && Stopwatch.GetElapsedTime(kept.AskedAt) < Lately)
            return kept.Settled;

        var askedAt = Stopwatch.GetTimestamp();
        var settled = await Settled(cancellation);
        Volatile.Write(ref _lately, new SettledAt(settled, askedAt));
        return settled;
    }

    /// <summary>The instant up to which an answer can speak for good: the one asked for, or an earlier one while entries may still come.</summary>
    public async Task<DateTimeOffset> SpeakingUpTo(DateTimeOffset asked, CancellationToken cancellation)
    {
        var settled = await Settled(cancellation);
        return asked < settled.Instant ? asked.ToUniversalTime() : settled.Instant;
    }

    /// <summary>The entries of some streams, each stream's in its own order, as far as they were recorded by an instant.</summary>
    public async Task<ILookup<string, RecordedEntry>> Streams(IEnumerable<string> ids, DateTimeOffset? knownAt, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand($"select {Columns} from ledger.mt_events where stream_id = any ($1) and timestamp <= $2 order by stream_id, version");
        command.Parameters.Add(new() { Value = ids.ToArray() });
        command.Parameters.Add(new() { Value = (knownAt ?? DateTimeOffset.MaxValue).UtcDateTime });
        return (await Read(command, cancellation)).ToLookup(e => e.Stream, StringComparer.Ordinal);
    }

    /// <summary>The entries of one stream.</summary>
    public async Task<ImmutableArray<RecordedEntry>> Stream(string id, DateTimeOffset? knownAt, CancellationToken cancellation) =>
        [.. (await Streams([id], knownAt, cancellation))[id]];

    /// <summary>The next entries of one stream after a version, up to another.</summary>
    internal async Task<ImmutableArray<RecordedEntry>> Part(string id, long after, long upTo, int limit, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand($"select {Columns} from ledger.mt_events where stream_id = $1 and version > $2 and version <= $3 order by version limit $4");
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = upTo });
        command.Parameters.Add(new() { Value = limit });
        return await Read(command, cancellation);
    }

    /// <summary>Of some entries of one stream the last that puts each right, by the stream's entries up to a version; those that nothing corrects are not in it.</summary>
    internal async Task<Dictionary<long, long>> CorrectedBy(string id, long first, long last, long upTo, CancellationToken cancellation)
    {
        // The kinds stand in the statement as they do in the index, which is of them alone.
        await using var command = source.CreateCommand(
            $"""
            select (data ->> 'corrects')::bigint, max(version) from ledger.mt_events
             where stream_id = $1 and (data ->> 'corrects')::bigint between $2 and $3 and type in ({Corrections}) and version <= $4
             group by 1
            """);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = first });
        command.Parameters.Add(new() { Value = last });
        command.Parameters.Add(new() { Value = upTo });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var corrections = new Dictionary<long, long>();
        while (await reader.ReadAsync(cancellation))
            corrections.Add(reader.GetInt64(0), reader.GetInt64(1));
        return corrections;
    }

    /// <summary>The agreement as known at an instant, by its first entries up to a version where one is named; null where nothing was known of it.</summary>
    /// <remarks>Reads of each entry what a fold needs, and keeps no entry.</remarks>
    public async Task<Agreement?> AgreementAt(string id, DateTimeOffset knownAt, long? version, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand($"select {StoredEntry.Columns} from ledger.mt_events where stream_id = $1 and timestamp <= $2 and version <= $3 order by version");
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = knownAt.UtcDateTime });
        command.Parameters.Add(new() { Value = version ?? long.MaxValue });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        Agreement? agreement = null;
        while (await reader.ReadAsync(cancellation))
            agreement = Agreement.Evolve(agreement, StoredEntry.Read(reader).To<AgreementEvent>());

        return agreement;
    }

    /// <summary>The entries of one stream, as a transaction sees them.</summary>
    internal static async Task<ImmutableArray<RecordedEntry>> Stream(NpgsqlConnection connection, string id)
    {
        await using var command = new NpgsqlCommand($"select {Columns} from ledger.mt_events where stream_id = $1 order by version", connection);
        command.Parameters.Add(new() { Value = id });
        return await Read(command, CancellationToken.None);
    }

    /// <summary>Entries in the order of the ledger, after one sequence and up to another, without those of agreements that the caller may not know of.</summary>
    public async Task<ImmutableArray<RecordedEntry>> After(long after, long upTo, int limit, Caller caller, CancellationToken cancellation)
    {
        var seen = Facet.SeenBy(caller, await AgenciesNow(cancellation));
        await using var command = source.CreateCommand(
            $"select {Columns} from ledger.mt_events e where seq_id > $1 and seq_id <= $2 and {IsSeen("$4", "$5")} order by seq_id limit $3");
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = upTo });
        command.Parameters.Add(new() { Value = limit });
        command.Parameters.Add(Facet.Parameter(seen));
        command.Parameters.Add(new() { Value = StoredNames<AgreementEvent>() });
        return await Read(command, cancellation);
    }

    /// <summary>Entries in the order of the ledger, after one sequence and up to another, as a transaction sees them.</summary>
    internal static async Task<ImmutableArray<RecordedEntry>> After(NpgsqlConnection connection, long after, long upTo, int limit, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"select {Columns} from ledger.mt_events where seq_id > $1 and seq_id <= $2 order by seq_id limit $3", connection);
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = upTo });
        command.Parameters.Add(new() { Value = limit });
        return await Read(command, cancellation);
    }

    /// <summary>Entries recorded after one instant and by another, in the order of their recording, without those of agreements that the caller may not know of.</summary>
    public async Task<ImmutableArray<RecordedEntry>> Between(DateTimeOffset after, DateTimeOffset by, int limit, Caller caller, CancellationToken cancellation)
    {
        var seen = Facet.SeenBy(caller, await AgenciesNow(cancellation));
        await using var command = source.CreateCommand(
            $"select {Columns} from ledger.mt_events e where timestamp > $1 and timestamp <= $2 and {IsSeen("$4", "$5")} order by timestamp, seq_id limit $3");
        command.Parameters.Add(new() { Value = after.UtcDateTime });
        command.Parameters.Add(new() { Value = by.UtcDateTime });
        command.Parameters.Add(new() { Value = limit });
        command.Parameters.Add(Facet.Parameter(seen));
        command.Parameters.Add(new() { Value = StoredNames<AgreementEvent>() });
        return await Read(command, cancellation);
    }

    /// <summary>The instants at which anything was recorded, in their order, without what was recorded of agreements that the caller may not know of.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="by">Up to which instant.</param>
    /// <param name="around">Where there are more than <paramref name="most"/>: the two up to this instant and the first after it, and no others.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The instants, and whether they are all that there are.</returns>
    public async Task<(ImmutableArray<DateTimeOffset> Instants, bool AreAll)> Instants(
        Caller caller, DateTimeOffset by, DateTimeOffset around, int most, CancellationToken cancellation)
    {
        var seen = Facet.SeenBy(caller, await AgenciesNow(cancellation));
        var all = await Read("timestamp <= $2 and timestamp > $3", DateTimeOffset.MinValue, "asc", most + 1);
        if (all.Length <= most)
            return (all, true);

        var until = around < by ? around : by;
        var (before, after) = (await Read("timestamp <= $3 and timestamp <= $2", until, "desc", 2), await Read("timestamp <= $2 and timestamp > $3", until, "asc", 1));
        return ([.. before.Reverse(), .. after], false);

        async Task<ImmutableArray<DateTimeOffset>> Read(string when, DateTimeOffset instant, string order, int limit)
        {
            await using var command = source.CreateCommand($"select distinct timestamp from ledger.mt_events e where {when} and {IsSeen("$1", "$5")} order by timestamp {order} limit $4");
            command.Parameters.Add(Facet.Parameter(seen));
            command.Parameters.Add(new() { Value = by.UtcDateTime });
            command.Parameters.Add(new() { Value = instant.UtcDateTime });
            command.Parameters.Add(new() { Value = limit });
            command.Parameters.Add(new() { Value = StoredNames<AgreementEvent>() });
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            var instants = ImmutableArray.CreateBuilder<DateTimeOffset>();
            while (await reader.ReadAsync(cancellation))
                instants.Add(new DateTimeOffset(reader.GetDateTime(0), TimeSpan.Zero));
            return instants.ToImmutable();
        }
    }

    private async Task<PersonDirectory> Persons(IEnumerable<string> ids, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("select person_id, name, office, erased_at from ledger.person where person_id = any ($1)");
        command.Parameters.Add(new() { Value = ids.Distinct(StringComparer.Ordinal).ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var persons = new List<PersonName>();
        while (await reader.ReadAsync(cancellation))
            persons.Add(new PersonName(reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.IsDBNull(3) ? null : DateOnly.FromDateTime(reader.GetDateTime(3))));
        return new PersonDirectory(persons);
    }

    /// <summary>Everybody whom the entries name, those who recorded them and those who signed, took part or hosted, with the names that the caller may see.</summary>
    public async Task<PersonDirectory> PersonsNamedIn(IEnumerable<RecordedEntry> entries, Caller caller, CancellationToken cancellation)
    {
        var named = entries.SelectMany(Named).Distinct().ToList();
        var persons = await Persons(named.Select(n => n.PersonId), cancellation);
        return caller.SeesEveryName() ? persons : persons.ShowingOnly(Shown(named, caller, await AgenciesNow(cancellation)));
    }

    /// <summary>Those of the persons whose names the caller may see.</summary>
    internal static HashSet<string> Shown(IEnumerable<NamedFor> named, Caller caller, AgencyDirectory agencies)
    {
        var places = caller.Places(agencies);
        return named.Where(n => caller.May(n.Operation, n.Agency is not null && places.Contains(n.Agency) ? Reach.Own : Reach.Other))
            .Select(n => n.PersonId).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Everybody whom an entry names: who recorded it, here and first, and those in its event.</summary>
    internal static IEnumerable<NamedFor> Named(RecordedEntry entry) =>
    [
        new(entry.By.PersonId, entry.By.Agency, Operation.SeeRecorders),
        .. entry.Provenance is { RecordedBy: var first } ? [new NamedFor(first.PersonId, first.Agency, Operation.SeeRecorders)] : Array.Empty<NamedFor>(),
        .. PersonsWithAgencies(entry.Event).Select(p => new NamedFor(p.PersonId, p.Agency, Operation.SeePersonsNamed)),
    ];

    /// <summary>The sequence of the last entry recorded by an instant that the caller may know of; 0 where there is none.</summary>
    public async Task<long> LastSequence(DateTimeOffset knownAt, Caller caller, CancellationToken cancellation)
    {
        var seen = Facet.SeenBy(caller, await AgenciesNow(cancellation));

        // A transaction that began earlier than others may have drawn a later number than theirs, but no more than a moment's writing lies between.
        await using var command = source.CreateCommand(
            $"select coalesce(max(seq_id), 0) from (select seq_id from ledger.mt_events e where timestamp <= $1 and {IsSeen("$2", "$3")} order by timestamp desc, seq_id desc limit $4) latest");
        command.Parameters.Add(new() { Value = knownAt.UtcDateTime });
        command.Parameters.Add(Facet.Parameter(seen));
        command.Parameters.Add(new() { Value = StoredNames<AgreementEvent>() });
        command.Parameters.Add(new() { Value = OverlappingEntries });
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>The agencies as they stand.</summary>
    public async Task<AgencyDirectory> AgenciesNow(CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        return await agencies.Now(connection, cancellation);
    }

    /// <summary>
    /// What the store holds of the agreement of this id or reference, where the caller may know of it. Whether they may is part of the one statement:
    /// an agreement that is hidden from them costs as much as one that does not exist, and nothing of it is read.
    /// </summary>
    /// <typeparam name="T">What is read of it.</typeparam>
    /// <param name="name">The id or the reference.</param>
    /// <param name="caller">The caller.</param>
    /// <param name="column">The column to read beside the id; the agreement's row is <c>d</c>.</param>
    /// <param name="read">Reads the stamp of names (0), the id (1) and the column (2).</param>
    /// <param name="cancellation">Ends the reading.</param>
    internal async Task<T?> Visible<T>(string name, Caller caller, string column, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
        where T : class
    {
        // No text in the store holds U+0000, and the store refuses to look for it.
        var wanted = name.Contains('\0', StringComparison.Ordinal) ? "" : name;
        while (true)
        {
            if (agencies.Latest is not var (stamp, known))
            {
                await AgenciesNow(cancellation);
                continue;
            }

            await using (var command = source.CreateCommand(
                $"select n.stamp, a.id, a.found from ledger.names n left join (select d.id, {column} as found from ledger.mt_doc_agreement d where (d.id = $1 or d.reference = $1) and {Facet.Bears("d.id", "$2")}) a on true"))
            {
                command.Parameters.Add(new() { Value = wanted });
                command.Parameters.Add(Facet.Parameter(Facet.SeenBy(caller, known)));
                await using var reader = await command.ExecuteReaderAsync(cancellation);
                await reader.ReadAsync(cancellation);
                if (reader.GetInt64(0) == stamp)
                    return reader.IsDBNull(1) ? null : read(reader);
            }

            // An agency was recorded since, and may stand in another's place.
            await AgenciesNow(cancellation);
        }
    }

    /// <summary>The ids of those of the agreements of these ids or references that the caller may not know of.</summary>
    internal async Task<IReadOnlyList<string>> HiddenOf(IEnumerable<string> names, Caller caller, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand($"select d.id from ledger.mt_doc_agreement d where (d.id = any ($1) or d.reference = any ($1)) and not {Facet.Bears("d.id", "$2")}");
        command.Parameters.Add(new() { Value = names.Where(name => !name.Contains('\0', StringComparison.Ordinal)).ToArray() });
        command.Parameters.Add(Facet.Parameter(Facet.SeenBy(caller, agencies.Latest?.Agencies ?? await AgenciesNow(cancellation))));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var hidden = new List<string>();
        while (await reader.ReadAsync(cancellation))
            hidden.Add(reader.GetString(0));
        return hidden;
    }

    /// <summary>The agencies as known at an instant.</summary>
    public async Task<AgencyDirectory> AgenciesAt(DateTimeOffset knownAt, CancellationToken cancellation)
    {
        // Mostly they have not changed since.
        var now = await AgenciesNow(cancellation);
        return now.All.All(agency => agency.LastRecordedAt <= knownAt)
            ? now
            : new((await Streams(now.All.Select(agency => agency.Id), knownAt, cancellation)).Select(stream => ToAgency(stream)!));
    }

    /// <summary>The agency that these entries make.</summary>
    public static Agency? ToAgency(IEnumerable<RecordedEntry> entries) => Fold<Agency, AgencyEvent>(entries, Agency.Evolve);

    /// <summary>The agreement that these entries make.</summary>
    public static Agreement? ToAgreement(IEnumerable<RecordedEntry> entries) => Fold<Agreement, AgreementEvent>(entries, Agreement.Evolve);

    /// <summary>The meeting that these entries make.</summary>
    public static Meeting? ToMeeting(IEnumerable<RecordedEntry> entries) => Fold<Meeting, MeetingEvent>(entries, Meeting.Evolve);

    /// <summary>The ids of those whom an event names.</summary>
    internal static string[] PersonsIn(LedgerEvent e) => [.. PersonsWithAgencies(e).Select(p => p.PersonId)];

    private static IEnumerable<(string PersonId, string? Agency)> PersonsWithAgencies(LedgerEvent e) => e switch
    {
        AgreementSigned { Signatory: { } signatory } signed => [(signatory.PersonId, signed.Party)],
        MeetingRecorded m => [.. m.Participants.Select(p => (p.Person.PersonId, p.Agency)), .. m.Host is { } host ? [(host.PersonId, null)] : Array.Empty<(string, string?)>()],
        Domain.Agreements.EntryCorrected c => [.. PersonIn(c.Was).Concat(PersonIn(c.Value)).Select(id => (id, (string?)null))],
        Domain.Meetings.EntryCorrected c => [.. PersonIn(c.Was).Concat(PersonIn(c.Value)).Select(id => (id, (string?)null))],
        _ => [],
    };

    private static string[] StoredNames<TEvent>() => [.. EventNames.Stored.Where(x => x.Key.IsAssignableTo(typeof(TEvent))).Select(x => x.Value)];

    // An entry of a meeting or an agency is everybody's; one of an agreement theirs who may know of it.
    private static string IsSeen(string facets, string kinds) => $"({Facet.Bears("e.stream_id", facets)} or e.type <> all ({kinds}))";

    private static string[] PersonIn(JsonNode? value) =>
        value is JsonObject named && named["personId"] is JsonValue id && id.TryGetValue<string>(out var personId) ? [personId] : [];

    private static TState? Fold<TState, TEvent>(IEnumerable<RecordedEntry> entries, Func<TState?, Entry<TEvent>, TState> evolve)
        where TState : class
        where TEvent : LedgerEvent =>
        entries.Aggregate((TState?)null, (state, e) => evolve(state, new Entry<TEvent>(e.Version, e.RecordedAt, (TEvent)e.Event)));

    private static async Task<ImmutableArray<RecordedEntry>> Read(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var entries = ImmutableArray.CreateBuilder<RecordedEntry>();
        while (await reader.ReadAsync(cancellation))
            entries.Add(Entry(reader));
        return entries.ToImmutable();
    }

    private static RecordedEntry Entry(NpgsqlDataReader reader)
    {
        var headers = reader.IsDBNull(7) ? null : JsonSerializer.Deserialize<EntryHeaders>(reader.GetString(7), LedgerJson.Options);
        return new RecordedEntry(
            reader.GetInt64(0),
            reader.GetString(1),
            reader.GetInt64(2),
            new DateTimeOffset(reader.GetDateTime(5), TimeSpan.Zero),
            new RecordedBy(reader.GetString(6), headers?.Agency),
            (LedgerEvent)JsonSerializer.Deserialize(reader.GetString(4), Kinds[reader.GetString(3)], LedgerJson.Options)!,
            reader.IsDBNull(8) ? null : reader.GetString(8),
            reader.IsDBNull(9) ? null : reader.GetString(9),
            headers?.Provenance,
            headers?.ClockSaid);
    }

    /// <summary>What stands beside an event: the agency of its recorder, where it came from, and what a clock said that was wrong.</summary>
    private sealed record EntryHeaders(string? Agency = null, Provenance? Provenance = null, DateTimeOffset? ClockSaid = null);

    private sealed record SettledAt(Settled Settled, long AskedAt);
}
