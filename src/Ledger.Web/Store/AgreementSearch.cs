using System.Data.Common;
using System.Diagnostics;
using System.Text.Json;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Ledger.Domain;
using Ledger.Domain.Agreements;
using Ledger.Web.Entries;
using Ledger.Web.Hosting;
using Marten;
using Marten.Subscriptions;
using Npgsql;

namespace Ledger.Web.Store;

/// <summary>A row of <c>ledger.agreement_search</c>: what an agreement is searched by, and over which time that was known.</summary>
internal sealed record SearchRow(string AgreementId, DateTimeOffset KnownFrom, DateTimeOffset? KnownTo, string Text);

/// <summary>The index of the texts of agreements. It is kept after the entries and says how far it has come.</summary>
public sealed class AgreementSearch(NpgsqlDataSource source)
{
    internal const string Name = "AgreementSearch";

    /// <summary>The number of the rules by which rows are made. A higher one has them made anew from the first entry.</summary>
    internal const int Version = 1;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>The sequence of the entry up to which texts can be searched; 0 before the first.</summary>
    public async Task<long> Position(CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("select coalesce((select last_seq_id from ledger.mt_event_progression where name = $1), 0)");
        command.Parameters.Add(new() { Value = $"{Name}:All" });
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>Waits until texts can be searched up to an entry, or says that this takes longer than anybody should wait.</summary>
    public async Task<Problem?> WaitFor(long? sequence, CancellationToken cancellation)
    {
        if (sequence is not { } wanted)
            return null;
        for (var waited = Stopwatch.StartNew(); await Position(cancellation) is var position && position < wanted; await Task.Delay(Pause, cancellation))
        {
            if (waited.Elapsed > Patience)
                return Problem.Unavailable($"Texts can be searched up to entry {position} and you asked for entry {wanted}. Ask again in a moment, or without notBefore.");
        }

        return null;
    }

    /// <summary>The rows that the entries of an agreement make.</summary>
    /// <param name="entries">Its entries in their order; those of other kinds than <see cref="Concerns"/> may be left out.</param>
    internal static IEnumerable<SearchRow> Rows(IEnumerable<Entry<AgreementEvent>> entries)
    {
        Agreement? state = null;
        SearchRow? last = null;
        foreach (var entry in entries.Where(e => Concerns(e.Event)))
        {
            state = Agreement.Evolve(state, entry);
            var text = Text(state);
            if (text == last?.Text)
                continue;

            // What was recorded at once became known at once.
            if (last is not null && last.KnownFrom != entry.RecordedAt)
                yield return last with { KnownTo = entry.RecordedAt };
            last = new SearchRow(state.Id, entry.RecordedAt, null, text);
        }

        if (last is not null)
            yield return last;
    }

    /// <summary>Whether an entry can change by what an agreement is searched: the proposal, or a correction of it.</summary>
    internal static bool Concerns(LedgerEvent e) => e is AgreementProposed or EntryCorrected { Corrects: 1 };

    /// <summary>The table.</summary>
    internal static RowTable<SearchRow> Table { get; } = new(
        "agreement_search", "agreement_id", "agreement_id, known_from, known_to, text", "known_from", (rows, row) => rows.Row(4).Text(row.AgreementId).Instant(row.KnownFrom).Instant(row.KnownTo).Text(row.Text));

    private static string Text(Agreement agreement) => Folded.ForSearch(string.Join(
        '\n',
        new[] { agreement.Reference, agreement.Title, agreement.Proposal.Titles?.En, agreement.Proposal.Titles?.Fr, agreement.Proposal.Titles?.Ru, agreement.Proposal.Summary }.OfType<string>()));
}

/// <summary>Brings the index of texts up to date, page of entries by page, on one of the nodes at a time.</summary>
internal sealed class AgreementSearchSubscription : SubscriptionBase
{
    private readonly NpgsqlDataSource _source;

    // What the store refuses somebody may put right, and only trying again tells that it is: nothing that is tried again is recorded twice.
    static AgreementSearchSubscription() => TransientFailures.AddClassifier(failure => failure is DbException ? true : null);

    public AgreementSearchSubscription(NpgsqlDataSource source)
    {
        _source = source;
        Name = AgreementSearch.Name;
        Version = AgreementSearch.Version;
        IncludeType<AgreementProposed>();
        IncludeType<EntryCorrected>();
    }

    public override async Task<IChangeListener> ProcessEventsAsync(
        EventRange page, ISubscriptionController controller, IDocumentOperations operations, CancellationToken cancellationToken)
    {
        string[] touched = [.. page.Events.Where(e => e.Data is LedgerEvent data && AgreementSearch.Concerns(data)).Select(e => e.StreamKey!).Distinct(StringComparer.Ordinal)];
        if (touched.Length == 0)
            return NullChangeListener.Instance;

        // Always made anew from all that was recorded, so that a page taken twice changes nothing.
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        var rows = new List<SearchRow>();
        await foreach (var streams in StoredStream.Each(connection, [typeof(AgreementProposed), typeof(EntryCorrected)], touched, int.MaxValue, cancellationToken))
            rows.AddRange(streams.SelectMany(stream => AgreementSearch.Rows(stream.Entries.Select(e => e.To<AgreementEvent>()))));
        operations.QueueSqlCommand("delete from ledger.agreement_search where agreement_id = any (?)", (object)touched);
        operations.QueueSqlCommand(
            """
            insert into ledger.agreement_search
            select r.agreement_id, r.known_from, coalesce(r.known_to, 'infinity'), r.text
              from jsonb_to_recordset(?::jsonb) as r (agreement_id text, known_from timestamptz, known_to timestamptz, text text)
            """,
            JsonSerializer.Serialize(rows, RegisterRows.Options));
        return NullChangeListener.Instance;
    }
}
