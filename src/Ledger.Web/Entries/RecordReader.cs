using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Domain;
using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Domain.Meetings;
using Ledger.Web.Persons;
using Ledger.Web.Store;
using Npgsql;

namespace Ledger.Web.Entries;

/// <summary>Up to which instant and which sequence the record can no longer change.</summary>
/// <param name="Instant">The instant, UTC.</param>
/// <param name="Sequence">The sequence.</param>
public sealed record Settled(DateTimeOffset Instant, long Sequence);

/// <summary>Reads entries as they were written, and folds them as far as is asked for.</summary>
public sealed class RecordReader(NpgsqlDataSource source)
{
    private static readonly TimeSpan Lately = TimeSpan.FromMilliseconds(50);

    private readonly AgencyCache _agencies = new();

    private SettledAt? _lately;

    private const string Columns = "seq_id, stream_id, version, type, data, timestamp, user_name, headers, correlation_id, causation_id";

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

    /// <summary>The entries of some kinds in some streams, each stream's in its own order.</summary>
    public async Task<ILookup<string, RecordedEntry>> StreamsOf(IEnumerable<Type> kinds, IEnumerable<string> ids, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand($"select {Columns} from ledger.mt_events where stream_id = any ($1) and type = any ($2) order by stream_id, version");
        command.Parameters.Add(new() { Value = ids.ToArray() });
        command.Parameters.Add(new() { Value = kinds.Select(kind => EventNames.Stored[kind]).ToArray() });
        return (await Read(command, cancellation)).ToLookup(e => e.Stream, StringComparer.Ordinal);
    }

    /// <summary>The entries of one stream.</summary>
    public async Task<ImmutableArray<RecordedEntry>> Stream(string id, DateTimeOffset? knownAt, CancellationToken cancellation) =>
        [.. (await Streams([id], knownAt, cancellation))[id]];

    /// <summary>The agreement as known at an instant, by its first entries up to a version where one is named; null where nothing was known of it.</summary>
    /// <remarks>Reads of each entry what a fold needs, and keeps no entry.</remarks>
    public async Task<Agreement?> AgreementAt(string id, DateTimeOffset knownAt, long? version, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("select version, type, data, timestamp from ledger.mt_events where stream_id = $1 and timestamp <= $2 and version <= $3 order by version");
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = knownAt.UtcDateTime });
        command.Parameters.Add(new() { Value = version ?? long.MaxValue });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        Agreement? agreement = null;
        while (await reader.ReadAsync(cancellation))
        {
            var e = (AgreementEvent)JsonSerializer.Deserialize(reader.GetString(2), Kinds[reader.GetString(1)], LedgerJson.Options)!;
            agreement = Agreement.Evolve(agreement, new Entry<AgreementEvent>(reader.GetInt64(0), new DateTimeOffset(reader.GetDateTime(3), TimeSpan.Zero), e));
        }

        return agreement;
    }

    /// <summary>Every stream of one kind as a transaction sees it, one after the other by id, so that only one is held at a time.</summary>
    internal static async IAsyncEnumerable<ImmutableArray<RecordedEntry>> EachStream<TEvent>(
        NpgsqlConnection connection, [EnumeratorCancellation] CancellationToken cancellation)
        where TEvent : LedgerEvent
    {
        await using var command = new NpgsqlCommand($"select {Columns} from ledger.mt_events where type = any ($1) order by stream_id, version", connection) { CommandTimeout = 0 };
        command.Parameters.Add(new() { Value = StoredNames<TEvent>() });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var stream = ImmutableArray.CreateBuilder<RecordedEntry>();
        while (await reader.ReadAsync(cancellation))
        {
            var entry = Entry(reader);
            if (stream.Count > 0 && stream[0].Stream != entry.Stream)
            {
                yield return stream.ToImmutable();
                stream.Clear();
            }

            stream.Add(entry);
        }

        if (stream.Count > 0)
            yield return stream.ToImmutable();
    }

    /// <summary>The entries of one stream, as a transaction sees them.</summary>
    internal static async Task<ImmutableArray<RecordedEntry>> Stream(NpgsqlConnection connection, string id)
    {
        await using var command = new NpgsqlCommand($"select {Columns} from ledger.mt_events where stream_id = $1 order by version", connection);
        command.Parameters.Add(new() { Value = id });
        return await Read(command, CancellationToken.None);
    }

    /// <summary>Entries in the order of the ledger, after one sequence and up to another.</summary>
    public async Task<ImmutableArray<RecordedEntry>> After(long after, long upTo, int limit, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand($"select {Columns} from ledger.mt_events where seq_id > $1 and seq_id <= $2 order by seq_id limit $3");
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = upTo });
        command.Parameters.Add(new() { Value = limit });
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

    /// <summary>Entries recorded after one instant and by another, in the order of the ledger, without those of some streams.</summary>
    public async Task<ImmutableArray<RecordedEntry>> Between(
        DateTimeOffset after, DateTimeOffset by, IEnumerable<string> without, int limit, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            $"select {Columns} from ledger.mt_events where timestamp > $1 and timestamp <= $2 and stream_id <> all ($3) order by seq_id limit $4");
        command.Parameters.Add(new() { Value = after.UtcDateTime });
        command.Parameters.Add(new() { Value = by.UtcDateTime });
        command.Parameters.Add(new() { Value = without.ToArray() });
        command.Parameters.Add(new() { Value = limit });
        return await Read(command, cancellation);
    }

    /// <summary>The instants at which anything was recorded, in their order, without what was recorded in some streams.</summary>
    public async Task<ImmutableArray<DateTimeOffset>> Instants(IEnumerable<string> without, DateTimeOffset by, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("select distinct timestamp from ledger.mt_events where timestamp <= $1 and stream_id <> all ($2) order by timestamp");
        command.Parameters.Add(new() { Value = by.UtcDateTime });
        command.Parameters.Add(new() { Value = without.ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var instants = ImmutableArray.CreateBuilder<DateTimeOffset>();
        while (await reader.ReadAsync(cancellation))
            instants.Add(new DateTimeOffset(reader.GetDateTime(0), TimeSpan.Zero));
        return instants.ToImmutable();
    }

    /// <summary>The persons of these ids by name, as far as the names are kept.</summary>
    public async Task<PersonDirectory> Persons(IEnumerable<string> ids, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("select person_id, name, office from ledger.person where person_id = any ($1)");
        command.Parameters.Add(new() { Value = ids.Distinct(StringComparer.Ordinal).ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var persons = new List<PersonName>();
        while (await reader.ReadAsync(cancellation))
            persons.Add(new PersonName(reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2)));
        return new PersonDirectory(persons);
    }

    /// <summary>Everybody whom the entries name: those who recorded them, and those who signed, took part or hosted.</summary>
    public Task<PersonDirectory> PersonsNamedIn(IEnumerable<RecordedEntry> entries, CancellationToken cancellation) => Persons(
        entries.SelectMany(e => PersonsIn(e.Event).Append(e.By.PersonId).Concat(e.Provenance is { } p ? [p.RecordedBy.PersonId] : [])),
        cancellation);

    /// <summary>The last sequence recorded by an instant; 0 where there is none.</summary>
    public async Task<long> LastSequence(DateTimeOffset knownAt, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("select coalesce(max(seq_id), 0) from ledger.mt_events where timestamp <= $1");
        command.Parameters.Add(new() { Value = knownAt.UtcDateTime });
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>The agencies as they stand.</summary>
    public async Task<AgencyDirectory> AgenciesNow(CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var command = new NpgsqlCommand("select stamp from ledger.names", connection);
        return await _agencies.At((long)(await command.ExecuteScalarAsync(cancellation))!, connection, cancellation);
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
    internal static string[] PersonsIn(LedgerEvent e) => e switch
    {
        AgreementSigned { Signatory: { } signatory } => [signatory.PersonId],
        MeetingRecorded m => [.. m.Participants.Select(p => p.Person.PersonId), .. m.Host is { } host ? [host.PersonId] : Array.Empty<string>()],
        Domain.Agreements.EntryCorrected c => [.. PersonIn(c.Was), .. PersonIn(c.Value)],
        Domain.Meetings.EntryCorrected c => [.. PersonIn(c.Was), .. PersonIn(c.Value)],
        _ => [],
    };

    private static string[] PersonIn(JsonNode? value) =>
        value is JsonObject named && named["personId"] is JsonValue id && id.TryGetValue<string>(out var personId) ? [personId] : [];

    private static string[] StoredNames<TEvent>() => [.. EventNames.Stored.Where(x => x.Key.IsAssignableTo(typeof(TEvent))).Select(x => x.Value)];

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
