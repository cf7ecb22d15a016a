using System.Runtime.CompilerServices;
using Ledger.Web.Access;
using Npgsql;

namespace Ledger.Web.Agreements;

/// <summary>An agreement that the register does not list alike at two points.</summary>
/// <param name="One">Its row at the first point; null where it is not there.</param>
/// <param name="Two">Its row at the second point; null where it is not there.</param>
public sealed record RegisterDifference(AgreementRow? One, AgreementRow? Two)
{
    /// <summary>The row at the later of the points at which there is one.</summary>
    public AgreementRow Either => Two ?? One!;
}

/// <summary>Tells two points of the register apart, by reading no more of it than there is to be told.</summary>
public sealed class RegisterChanges(AgreementRegister register, NpgsqlDataSource source)
{
    private const int AtOnce = 1_000;

    /// <summary>As many agreements as may have changed to be looked up one by one; beyond that the register is walked through.</summary>
    internal int Few { get; init; } = 2_000;

    /// <summary>The agreements whose title, status or term differ, in the order of their references.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="filter">Which agreements are asked for. That one fits at one point alone because an agency stands in another's place there is not found out.</param>
    /// <param name="one">The first point.</param>
    /// <param name="two">The second point.</param>
    /// <param name="cancellation">Stops it.</param>
    public async IAsyncEnumerable<RegisterDifference> Between(Caller caller, AgreementFilter filter, Point one, Point two, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (await MayDiffer(one, two, cancellation) is { } few)
            filter = filter with { Ids = few };
        if (filter.Ids is { Count: 0 })
            yield break;

        await using var first = Rows(caller, filter, one, cancellation).GetAsyncEnumerator(cancellation);
        await using var second = Rows(caller, filter, two, cancellation).GetAsyncEnumerator(cancellation);
        var (left, right) = (await Next(first), await Next(second));
        while (left is not null || right is not null)
        {
            var order = left is null ? 1 : right is null ? -1 : Compare(left, right);
            var pair = new RegisterDifference(order <= 0 ? left : null, order >= 0 ? right : null);
            if (Shown(pair.One) != Shown(pair.Two))
                yield return pair;
            if (order <= 0)
                left = await Next(first);
            if (order >= 0)
                right = await Next(second);
        }

        static async Task<AgreementRow?> Next(IAsyncEnumerator<AgreementRow> rows) => await rows.MoveNextAsync() ? rows.Current : null;
    }

    // As the register sorts.
    private static int Compare(AgreementRow one, AgreementRow two) =>
        string.CompareOrdinal(one.Reference, two.Reference) is not 0 and var order ? order : string.CompareOrdinal(one.Id, two.Id);

    private static (string Title, Domain.Agreements.AgreementStatus Status, bool Certain, DateOnly? ExpiresOn)? Shown(AgreementRow? row) =>
        row is null ? null : (row.Title, row.Status, row.Certain, row.ExpiresOn);

    private async IAsyncEnumerable<AgreementRow> Rows(Caller caller, AgreementFilter filter, Point point, [EnumeratorCancellation] CancellationToken cancellation)
    {
        string? cursor = null;
        do
        {
            var part = await register.Page(caller, filter, point.AsOf, point.KnownAt, AgreementSort.Reference, cursor, AtOnce, cancellation);
            foreach (var row in part.Rows)
                yield return row;
            cursor = part.Next;
        }
        while (cursor is not null);
    }

    // What is known of an agreement changes with an entry, and from day to day it changes only where one of its periods begins. Periods that were
    // known once and are no more belong to agreements that have gained entries since. Null where these are too many to be looked up.
    private async Task<IReadOnlyCollection<string>?> MayDiffer(Point one, Point two, CancellationToken cancellation)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var isOneDay = one.AsOf == two.AsOf;
        if (one.KnownAt != two.KnownAt || (one.KnownAt is not null && !isOneDay))
        {
            var (from, to) = (Earlier(one.KnownAt, two.KnownAt), isOneDay ? Later(one.KnownAt, two.KnownAt) : DateTimeOffset.MaxValue);
            await Add("select distinct stream_id from ledger.mt_events where timestamp > $1 and timestamp <= $2 limit $3", from.UtcDateTime, to.UtcDateTime);
        }

        if (!isOneDay)
        {
            var (from, to) = one.AsOf < two.AsOf ? (one.AsOf, two.AsOf) : (two.AsOf, one.AsOf);
            await Add("select distinct agreement_id from ledger.agreement_period where known_to = 'infinity' and day_from > $1 and day_from <= $2 limit $3", from, to);
        }

        return ids.Count > Few ? null : ids;

        async Task Add(string sql, object from, object to)
        {
            await using var command = source.CreateCommand(sql);
            command.Parameters.Add(new() { Value = from });
            command.Parameters.Add(new() { Value = to });
            command.Parameters.Add(new() { Value = Few + 1 });
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
                ids.Add(reader.GetString(0));
        }
    }

    private static DateTimeOffset Earlier(DateTimeOffset? one, DateTimeOffset? two) => one is null || two < one ? two!.Value : one.Value;

    private static DateTimeOffset Later(DateTimeOffset? one, DateTimeOffset? two) =>
        one is null || two is null ? DateTimeOffset.MaxValue : one > two ? one.Value : two.Value;
}
