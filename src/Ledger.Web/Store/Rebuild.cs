using System.Collections.Immutable;
using Ledger.Domain;
using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Domain.Meetings;
using Ledger.Web.Entries;
using Marten;
using Npgsql;

namespace Ledger.Web.Store;

/// <summary>What a rebuild of one projection found.</summary>
/// <param name="Projection">The projection.</param>
/// <param name="Documents">How many documents the entries make.</param>
/// <param name="Differing">The ids of the documents that differed from what the entries make, were missing, or should not have been there.</param>
public sealed record RebuiltProjection(string Projection, int Documents, ImmutableArray<string> Differing);

/// <summary>
/// Makes every projection anew from the entries by the domain's folds, compares byte for byte with what is stored, and puts right what
/// differs. Writers wait meanwhile; readers do not.
/// </summary>
public sealed class Rebuild(IDocumentStore store, NpgsqlDataSource source)
{
    /// <summary>Rebuilds every projection in one transaction.</summary>
    public async Task<ImmutableArray<RebuiltProjection>> Run(CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (var halt = new NpgsqlCommand("lock table ledger.mt_streams in share row exclusive mode", connection))
            await halt.ExecuteNonQueryAsync(cancellation);

        await using var session = store.LightweightSession(Marten.Services.SessionOptions.ForTransaction(transaction));
        ImmutableArray<RebuiltProjection> rebuilt =
        [
            await One<Agreement, AgreementEvent>(connection, session, RecordReader.ToAgreement, a => a.Id, cancellation),
            await One<Meeting, MeetingEvent>(connection, session, RecordReader.ToMeeting, m => m.Id, cancellation),
            await One<Agency, AgencyEvent>(connection, session, RecordReader.ToAgency, a => a.Id, cancellation),
        ];
        await session.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return rebuilt;
    }

    private async Task<RebuiltProjection> One<TState, TEvent>(
        NpgsqlConnection connection, IDocumentSession session, Func<IEnumerable<RecordedEntry>, TState?> fold, Func<TState, string> id, CancellationToken cancellation)
        where TState : class
        where TEvent : LedgerEvent
    {
        var states = (await RecordReader.All<TEvent>(connection, cancellation))
            .GroupBy(e => e.Stream, StringComparer.Ordinal)
            .Select(stream => fold(stream)!)
            .ToDictionary(id, StringComparer.Ordinal);
        var serializer = store.Options.Serializer();

        // Both sides are text as PostgreSQL prints it, so that nothing but the content can differ.
        await using var compare = new NpgsqlCommand(
            $"""
            select coalesce(made.id, kept.id)
              from (select t.id, (t.json::jsonb)::text as data from unnest($1, $2) as t(id, json)) made
              full join (select d.id, d.data::text as data from ledger.mt_doc_{typeof(TState).Name.ToLowerInvariant()} d) kept on kept.id = made.id
             where made.data is distinct from kept.data
             order by 1
            """,
            connection)
        {
            Parameters = { new() { Value = states.Keys.ToArray() }, new() { Value = states.Values.Select(s => serializer.ToJson(s)).ToArray() } },
        };
        var differing = ImmutableArray.CreateBuilder<string>();
        await using (var reader = await compare.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
                differing.Add(reader.GetString(0));
        }

        foreach (var name in differing)
        {
            if (states.TryGetValue(name, out var state))
                session.Store(state);
            else
                session.Delete<TState>(name);
        }

        return new RebuiltProjection(typeof(TState).Name, states.Count, differing.ToImmutable());
    }
}
