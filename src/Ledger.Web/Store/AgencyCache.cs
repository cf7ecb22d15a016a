using Ledger.Domain;
using Ledger.Domain.Agencies;
using Npgsql;

namespace Ledger.Web.Store;

/// <summary>Keeps the agencies ready between requests, for as long as the stamp of names says that they still hold.</summary>
public sealed class AgencyCache
{
    private Kept? _kept;

    /// <summary>The agencies that were last read with the stamp that they were read by; null before the first reading.</summary>
    public (long Stamp, AgencyDirectory Agencies)? Latest => Volatile.Read(ref _kept) is { } kept ? (kept.Stamp, kept.Agencies) : null;

    /// <summary>The agencies as they stood when the stamp was read, or later.</summary>
    /// <param name="stamp">The stamp of names, read before on the same connection.</param>
    /// <param name="connection">Where to read them from if they are no longer those.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task<AgencyDirectory> At(long stamp, NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (Volatile.Read(ref _kept) is { } kept && kept.Stamp == stamp)
            return kept.Agencies;

        var agencies = await Read(connection, cancellation);
        Volatile.Write(ref _kept, new Kept(stamp, agencies));
        return agencies;
    }

    /// <summary>The agencies as they stand.</summary>
    public async Task<AgencyDirectory> Now(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select stamp from ledger.names", connection);
        return await At((long)(await command.ExecuteScalarAsync(cancellation))!, connection, cancellation);
    }

    /// <summary>The agencies as a transaction sees them now.</summary>
    public static async Task<AgencyDirectory> Read(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select data from ledger.mt_doc_agency", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var agencies = new List<Agency>();
        while (await reader.ReadAsync(cancellation))
            agencies.Add(LedgerJson.Read<Agency>(reader.GetString(0)));
        return new AgencyDirectory(agencies);
    }

    private sealed record Kept(long Stamp, AgencyDirectory Agencies);
}
