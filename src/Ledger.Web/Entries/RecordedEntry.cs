using System.Collections.Immutable;
using Ledger.Domain;
using Ledger.Domain.Agreements;
using Ledger.Domain.Meetings;

namespace Ledger.Web.Entries;

/// <summary>An entry of the ledger as it was written, with who wrote it and when.</summary>
/// <param name="Sequence">Its place in the whole ledger.</param>
/// <param name="Stream">The id of its stream.</param>
/// <param name="Version">Its number in the stream, from 1.</param>
/// <param name="RecordedAt">The instant of recording, UTC.</param>
/// <param name="By">Who recorded it.</param>
/// <param name="Event">What was recorded.</param>
/// <param name="Correlation">The trace of the request that recorded it.</param>
/// <param name="Causation">The idempotency record of that request.</param>
/// <param name="Provenance">Where it was first recorded; absent for an entry of this ledger's own.</param>
/// <param name="ClockSaid">What a clock said, UTC, where it contradicted the instant of recording.</param>
public sealed record RecordedEntry(
    long Sequence,
    string Stream,
    long Version,
    DateTimeOffset RecordedAt,
    RecordedBy By,
    LedgerEvent Event,
    string? Correlation = null,
    string? Causation = null,
    Provenance? Provenance = null,
    DateTimeOffset? ClockSaid = null);

/// <summary>Who recorded an entry.</summary>
/// <param name="PersonId">The person's id, by which their name can be looked up while it is kept.</param>
/// <param name="Agency">The code of the agency for which they acted; absent for a registrar of none.</param>
public sealed record RecordedBy(string PersonId, string? Agency);

/// <summary>An agreement as known at one point of the record, with the entries it rests on, in their order.</summary>
/// <param name="Agreement">The agreement, corrections applied.</param>
/// <param name="Entries">Its entries as they were written.</param>
public sealed record AgreementRecord(Agreement Agreement, ImmutableArray<RecordedEntry> Entries);

/// <summary>A meeting as known at one point of the record, with the entries it rests on, in their order.</summary>
/// <param name="Meeting">The meeting, corrections applied.</param>
/// <param name="Entries">Its entries as they were written.</param>
public sealed record MeetingRecord(Meeting Meeting, ImmutableArray<RecordedEntry> Entries);

/// <summary>Where an entry was first recorded, when it came here from another ledger.</summary>
/// <param name="RecordedAt">The instant at which that ledger recorded it, UTC.</param>
/// <param name="RecordedBy">Who recorded it there.</param>
public sealed record Provenance(DateTimeOffset RecordedAt, RecordedBy RecordedBy);
