using System.Collections.Immutable;
using Ledger.Domain;
using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Domain.Days;
using Ledger.Domain.Meetings;
using Ledger.Web.Access;
using Ledger.Web.Entries;
using Ledger.Web.Hosting;
using Marten;

namespace Ledger.Web.Agreements;

/// <summary>A point from which the record is read.</summary>
/// <param name="AsOf">The day whose state of affairs is asked for.</param>
/// <param name="KnownAt">By what had been recorded by this instant; absent: by everything recorded so far.</param>
/// <param name="Version">By the entries up to this one; absent: by all.</param>
public sealed record Point(DateOnly AsOf, DateTimeOffset? KnownAt, long? Version = null);

/// <summary>An agreement read from a point, with what names it needs.</summary>
/// <param name="Agreement">The agreement by the entries that the point takes in.</param>
/// <param name="Agencies">The agencies as known then.</param>
/// <param name="KnownAt">The instant up to which the reading speaks, UTC.</param>
public sealed record AgreementReading(Agreement Agreement, AgencyDirectory Agencies, DateTimeOffset KnownAt);

/// <summary>What is to be seen of an agreement from a point of the record.</summary>
/// <param name="Reading">The agreement as read from there.</param>
/// <param name="Standing">Its standing on the day.</param>
/// <param name="Meetings">The meetings through which it was touched, by day.</param>
public sealed record AgreementSight(AgreementReading Reading, Standing Standing, ImmutableArray<Meeting> Meetings);

/// <summary>Finds agreements for those who may see them, now or from any point of the record.</summary>
public sealed class AgreementReader(IDocumentStore store, RecordReader record, TimeProvider time)
{
    /// <summary>Today, UTC.</summary>
    public DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    /// <summary>The problem of an agreement that is not there, or not for the caller: the same for both.</summary>
    public static Problem NotFound(string id) => Problem.NotFound($"There is no agreement {id}. GET /api/v1/agreements lists those that you may see.");

    /// <summary>The problem of an instant before the agreement was first recorded.</summary>
    public static Problem NotYetKnown(Agreement agreement) =>
        Problem.NotFound($"Nothing settled was known of {agreement.Reference} at that instant: it was first recorded at {agreement.FirstRecordedAt:yyyy-MM-ddTHH:mm:ss.ffffffZ}. If that is only just past, ask again in a moment: while others are recording, the answer stops before them.");

    /// <summary>The problem of a day before the agreement was proposed.</summary>
    public static Problem NotYetThere(Agreement agreement, DateOnly day) =>
        Problem.NotFound($"There was no {agreement.Reference} on {Day.On(day)}: it was proposed on {agreement.Proposal.OccurredOn}.");

    /// <summary>The point that a query names.</summary>
    internal Point PointOf(RequestQuery query) => new(query.Day("asOf") ?? Today, query.Instant("knownAt"), query.Number("version", 1, long.MaxValue));

    /// <summary>The agreement of this id or reference as it stands, for a caller who may see it.</summary>
    public Task<Agreement?> Find(string id, Caller caller, CancellationToken cancellation) =>
        record.Visible(id, caller, "d.data", reader => LedgerJson.Read<Agreement>(reader.GetString(2)), cancellation);

    /// <summary>The agreement as read from a point; null where the record says nothing of it there.</summary>
    public async Task<AgreementReading?> Read(Agreement current, Point point, CancellationToken cancellation)
    {
        if (point.KnownAt is null && point.Version is null)
        {
            // The instant first and the agreement after it: what is recorded in between is in the answer, and not only under its instant.
            var settled = await record.Settled(cancellation);
            await using var session = store.QuerySession();
            var latest = await session.LoadAsync<Agreement>(current.Id, cancellation) ?? current;
            return new AgreementReading(latest, await AgenciesNow(cancellation), settled.Instant > latest.LastRecordedAt ? settled.Instant : latest.LastRecordedAt);
        }

        var knownAt = await record.SpeakingUpTo(point.KnownAt ?? DateTimeOffset.MaxValue, cancellation);
        if (point.KnownAt is null && knownAt < current.LastRecordedAt)
            knownAt = current.LastRecordedAt;
        return await record.AgreementAt(current.Id, knownAt, point.Version, cancellation) is { } agreement
            ? new AgreementReading(agreement, await record.AgenciesAt(knownAt, cancellation), knownAt)
            : null;
    }

    /// <summary>What is to be seen of an agreement from a point; or the problem that says why there is nothing to see.</summary>
    internal async Task<(AgreementSight? Sight, Problem? Problem)> See(Agreement current, Point point, CancellationToken cancellation)
    {
        if (VersionProblem(current, point) is { } unreached)
            return (null, unreached);
        if (await Read(current, point, cancellation) is not { } reading)
            return (null, NotYetKnown(current));
        if (Standing.Of(reading.Agreement, point.AsOf) is not { } standing)
            return (null, NotYetThere(reading.Agreement, point.AsOf));

        DateTimeOffset? knownAt = point.KnownAt is null ? null : reading.KnownAt;
        var meetings = await Meetings(reading.Agreement.Acts.Select(a => a.Event.Meeting).OfType<string>(), cancellation, knownAt);
        return (new AgreementSight(reading, standing, meetings), null);
    }

    /// <summary>The problem of a version that an agreement has not reached, where the point names one.</summary>
    internal static Problem? VersionProblem(Agreement current, Point point) => point.Version > current.Version
        ? Problem.NotFound($"{current.Reference} has no version {point.Version}; it stands at version {current.Version}.")
        : null;

    /// <summary>An instant of just now up to which the record is settled.</summary>
    public async Task<DateTimeOffset> SettledLately(CancellationToken cancellation) => (await record.SettledLately(cancellation)).Instant;

    /// <summary>The instant up to which the record is settled now.</summary>
    public async Task<DateTimeOffset> SettledNow(CancellationToken cancellation) => (await record.Settled(cancellation)).Instant;

    /// <summary>The agencies as they stand.</summary>
    public Task<AgencyDirectory> AgenciesNow(CancellationToken cancellation) => record.AgenciesNow(cancellation);

    /// <summary>The meetings of these ids by day, as they stand or as known at an instant.</summary>
    public async Task<ImmutableArray<Meeting>> Meetings(IEnumerable<string> ids, CancellationToken cancellation, DateTimeOffset? knownAt = null)
    {
        string[] wanted = [.. ids.Distinct(StringComparer.Ordinal)];
        if (wanted.Length == 0)
            return [];
        return [.. (await Load()).OrderBy(m => m.Facts.OccurredOn!.Latest).ThenBy(m => m.Reference, StringComparer.Ordinal)];

        async Task<IEnumerable<Meeting>> Load()
        {
            if (knownAt is not null)
                return (await record.Streams(wanted, knownAt, cancellation)).Select(stream => RecordReader.ToMeeting(stream)!);
            await using var session = store.QuerySession();
            return await session.LoadManyAsync<Meeting>(cancellation, wanted);
        }
    }
}
