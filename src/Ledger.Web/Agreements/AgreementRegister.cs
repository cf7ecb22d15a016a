using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Domain.Days;
using Ledger.Web.Access;
using Ledger.Web.Entries;
using Ledger.Web.Store;
using Marten;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Web.Agreements;

/// <summary>Which agreements are asked for; an absent member asks nothing, several members ask for what fits all.</summary>
public sealed record AgreementFilter
{
    /// <summary>Nothing is asked: every agreement.</summary>
    public static AgreementFilter All { get; } = new();

    /// <summary>Those in which each of these agencies is or was a party, also in another's place.</summary>
    public IReadOnlyList<string> Parties { get; init; } = [];

    /// <summary>The status on the day.</summary>
    public AgreementStatus? Status { get; init; }

    /// <summary>A field of cooperation, whatever its case.</summary>
    public string? Field { get; init; }

    /// <summary>Words or parts of words, each of which occurs in the reference, a title or the summary.</summary>
    public string? Text { get; init; }

    /// <summary>A flag.</summary>
    public Flag? Flag { get; init; }

    /// <summary>A meeting by id or reference.</summary>
    public string? Meeting { get; init; }

    /// <summary>The first day on which the term may end.</summary>
    public DateOnly? ExpiresFrom { get; init; }

    /// <summary>The day before which the term ends.</summary>
    public DateOnly? ExpiresBefore { get; init; }

    /// <summary>An agency that takes part: as a party, or as an institute that carries it out, also in another's place.</summary>
    public string? TakesPart { get; init; }

    /// <summary>Those of these ids.</summary>
    public IReadOnlyCollection<string>? Ids { get; init; }
}

/// <summary>A part of the register.</summary>
/// <param name="Rows">The rows, in the order asked for.</param>
/// <param name="Next">From where to go on; null where nothing follows.</param>
/// <param name="Agencies">The agencies by the same knowledge.</param>
/// <param name="KnownAt">The instant up to whose records it speaks, UTC.</param>
/// <param name="SearchedUpTo">The sequence up to which entries were searched, where a text was asked for.</param>
public sealed record RegisterPart(IReadOnlyList<AgreementRow> Rows, string? Next, AgencyDirectory Agencies, DateTimeOffset KnownAt, long? SearchedUpTo);

/// <summary>
/// The register: every agreement that a caller may see, as of a day and as known at an instant. It asks the table that is kept ready for this
/// (<see cref="RegisterRows"/>), so that a page costs the same in a register of any size.
/// </summary>
public sealed class AgreementRegister(NpgsqlDataSource source, IDocumentStore store, RecordReader record, AgreementReader agreements, AgreementSearch search)
{
    /// <summary>As many agreements as a search may find to be looked up one by one.</summary>
    private const int Few = 2_000;

    private const string Listed =
        "p.agreement_id, p.reference, p.title, p.status, p.certain, p.parties, p.fields, p.in_force_from, p.expires_on, p.last_discussed_on, p.visibility, p.flags, p.provisional_from";

    /// <summary>A page of the rows that a filter lets through.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="filter">Which are asked for.</param>
    /// <param name="asOf">As of which day.</param>
    /// <param name="knownAt">As known at which instant; absent: now.</param>
    /// <param name="sort">In which order.</param>
    /// <param name="cursor">From where to go on: what an earlier page gave as next.</param>
    /// <param name="limit">How many at most; absent: all.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<RegisterPart> Page(
        Caller caller, AgreementFilter filter, DateOnly asOf, DateTimeOffset? knownAt, AgreementSort sort, string? cursor, int? limit, CancellationToken cancellation)
    {
        var known = await KnownBy(knownAt, cancellation);
        long? searchedUpTo = filter.Text is null ? null : await search.Position(cancellation);
        if (await Asked(caller, filter, asOf, known, cancellation) is not { } asked)
            return new([], null, known.Agencies, known.SpeakingUpTo, searchedUpTo);

        var key = Key(sort);
        if (sort == AgreementSort.LastDiscussedOn)
            asked.DiscussedBy(asOf);
        if (cursor is not null)
            asked.After(key, Position.Open(cursor)!);
        var inner = asked.From($"{Listed}, {key} as key", $"order by key, agreement_id{(limit is null ? "" : $" limit {asked.Add(limit + 1)}")}");
        // Marten's tables sort by another collation than the register, and no index of theirs answers to a key that does not say so.
        var version = known.At is null
            ? "(select s.version from ledger.mt_streams s where s.id = p.agreement_id collate \"default\")"
            : $"(select e.version from ledger.mt_events e where e.stream_id = p.agreement_id collate \"default\" and e.timestamp <= {asked.Add(known.At.Value.UtcDateTime)} order by e.version desc limit 1)";
        var rows = new List<AgreementRow>();
        string? next = null;
        await Read(
            asked,
            $"select p.*, {version} from ({inner}) p",
            reader =>
            {
                if (rows.Count == limit)
                {
                    next = Position.Of(rows[^1], sort);
                    return;
                }

                rows.Add(Row(reader, known.Agencies, asOf));
            },
            cancellation);
        return new(rows, next, known.Agencies, known.SpeakingUpTo, searchedUpTo);
    }

    /// <summary>How many agreements a filter lets through; as many as are counted at most, where there are more.</summary>
    public async Task<int> Count(Caller caller, AgreementFilter filter, DateOnly asOf, DateTimeOffset? knownAt, int most, CancellationToken cancellation)
    {
        var known = await KnownBy(knownAt, cancellation);
        if (await Asked(caller, filter, asOf, known, cancellation) is not { } asked)
            return 0;
        var count = 0;
        await Read(asked, $"select count(*) from ({asked.From("1", $"limit {asked.Add(most)}")}) counted", reader => count = (int)reader.GetInt64(0), cancellation);
        return count;
    }

    /// <summary>The fields of cooperation of the agreements that a caller may see.</summary>
    public async Task<IReadOnlyList<string>> Fields(Caller caller, CancellationToken cancellation)
    {
        var agencies = await agreements.AgenciesNow(cancellation);
        var fields = new List<(string Field, string Facet)>();
        await using (var command = source.CreateCommand("select field from ledger.agreement_field"))
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
                fields.Add((reader.GetString(0), Facet.Field(reader.GetString(0))));
        }

        // What many agreements are in shows among any few of them, and the index need not gather the many; the rest are in few.
        var seen = new HashSet<string>(StringComparer.Ordinal);
        await Look(asked => $"select distinct unnest(p.facets) from (select p.facets from ledger.agreement_period p where p.known_to = 'infinity' and {asked.Where} order by p.reference limit 200) p");
        string[] others = [.. fields.Select(f => f.Facet).Where(facet => !seen.Contains(facet)).Distinct(StringComparer.Ordinal)];
        if (others.Length > 0)
            await Look(asked => $"select f.facet from unnest({asked.Add(others)}) f (facet) where exists (select 1 from ledger.agreement_period p where p.known_to = 'infinity' and p.facets @> array[f.facet] and {asked.Where})");
        return [.. fields.Where(f => seen.Contains(f.Facet)).DistinctBy(f => f.Facet).Select(f => f.Field).Order(StringComparer.OrdinalIgnoreCase)];

        Task Look(Func<Asking, string> sql)
        {
            var asked = new Asking();
            asked.Sees(caller, agencies);
            return Read(asked, sql(asked), reader => seen.Add(reader.GetString(0)), cancellation);
        }
    }

    /// <summary>The whole agreements of some ids, in their order, with their standing on the day; without those of which there was none on it.</summary>
    public async Task<IReadOnlyList<(Agreement Agreement, Standing Standing)>> Whole(IEnumerable<string> ids, DateOnly asOf, DateTimeOffset? knownAt, CancellationToken cancellation)
    {
        string[] asked = [.. ids.Distinct(StringComparer.Ordinal)];
        var whole = (await Load(asked, knownAt, cancellation)).ToDictionary(a => a.Id, StringComparer.Ordinal);

        // An agreement read a moment after its row may by now stand so that there was none on the day.
        return [.. asked.Where(whole.ContainsKey).Select(id => (whole[id], Standing.Of(whole[id], asOf)!)).Where(x => x.Item2 is not null)];
    }

    private async Task<IReadOnlyList<Agreement>> Load(string[] ids, DateTimeOffset? knownAt, CancellationToken cancellation)
    {
        if (knownAt is not null)
            return [.. (await record.Streams(ids, knownAt, cancellation)).Select(stream => RecordReader.ToAgreement(stream)!)];
        await using var session = store.QuerySession();
        return await session.LoadManyAsync<Agreement>(cancellation, ids);
    }

    private async Task<Known> KnownBy(DateTimeOffset? knownAt, CancellationToken cancellation)
    {
        // The instant first: no later one, even where a later entry shows, since others from before that one may still come.
        if (knownAt is not { } asked)
            return new(null, (await record.Settled(cancellation)).Instant, await agreements.AgenciesNow(cancellation));
        var upTo = await record.SpeakingUpTo(asked, cancellation);
        return new(upTo, upTo, await record.AgenciesAt(upTo, cancellation));
    }

    // Null where nothing can fit.
    private async Task<Asking?> Asked(Caller caller, AgreementFilter filter, DateOnly asOf, Known known, CancellationToken cancellation)
    {
        var asked = new Asking { KnownAt = known.At };
        asked.And($"p.day_from <= {asked.Add(asOf)} and p.day_until >= {asked.Add(asOf)}");
        asked.Sees(caller, known.At is null ? known.Agencies : await agreements.AgenciesNow(cancellation), isThePresent: known.At is null);
        foreach (var party in filter.Parties)
            asked.HasAny(known.Agencies.PlacesOf(party).Select(Facet.Party));
        if (filter.TakesPart is { } agency)
            asked.HasAny(known.Agencies.PlacesOf(agency).Select(Facet.TakesPart));
        if (filter.Ids is { } named)
            asked.And(asked.IsOneOf([.. named]));
        if (filter.Status is { } status)
            asked.HasAny([Facet.Status(status)]);
        if (filter.Field is { } field)
            asked.HasAny([Facet.Field(field)]);
        if (filter.Flag is { } flag)
            asked.HasAny([Facet.Flag(flag)]);
        if (filter.ExpiresFrom is { } from)
            asked.And($"p.expires_key >= {asked.Add(from)} and p.expires_on is not null");
        if (filter.ExpiresBefore is { } before)
            asked.And($"p.expires_key < {asked.Add(before)}");
        if (filter.Text is { } text)
        {
            asked.And(await Texts(text, known.At, cancellation) is { } ids
                ? asked.IsOneOf(ids)
                : $"exists (select 1 from ledger.agreement_search s where s.agreement_id = p.agreement_id and {Says(asked, text, known.At)})");
        }

        if (filter.Meeting is { } meeting)
        {
            var touched = await TouchedBy(meeting, known.At, cancellation);
            if (touched.Length == 0)
                return null;
            asked.And(asked.IsOneOf(touched));
        }

        return asked;
    }

    // Whether a search finds a few agreements or most of them, nobody can guess from its words: the few are looked up first, and among the many
    // enough are met on the way through the register.
    private async Task<string[]?> Texts(string text, DateTimeOffset? knownAt, CancellationToken cancellation)
    {
        var asked = new Asking();
        asked.And(Says(asked, text, knownAt));
        var found = new List<string>();
        await Read(asked, $"select s.agreement_id from ledger.agreement_search s where {asked.Where} limit {asked.Add(Few + 1)}", reader => found.Add(reader.GetString(0)), cancellation, "set local enable_seqscan = off");
        return found.Count > Few ? null : [.. found];
    }

    // One condition for each word: the index answers none of them when they stand in an array.
    private static string Says(Asking asked, string text, DateTimeOffset? knownAt) =>
        (knownAt is { } at ? $"s.known_from <= {asked.Add(at.UtcDateTime)} and s.known_to > {asked.Add(at.UtcDateTime)}" : "s.known_to = 'infinity'")
        + string.Concat(Folded.Patterns(text).Select(pattern => $" and s.text like {asked.Add(pattern)}"));

    // A meeting names the entries that it caused; of those some may have been struck out since.
    private async Task<string[]> TouchedBy(string name, DateTimeOffset? knownAt, CancellationToken cancellation)
    {
        await using var session = store.QuerySession();
        var meeting = await session.Query<Domain.Meetings.Meeting>().Where(m => m.Id == name || m.Reference == name).FirstOrDefaultAsync(cancellation);
        if (meeting is null)
            return [];
        string[] named = [.. meeting.Facts.Entries.Where(e => e.Agreement.Length > 0).Select(e => e.Agreement).Distinct(StringComparer.Ordinal)];
        return [.. (await Load(named, knownAt, cancellation)).Where(a => a.Acts.Any(act => act.Event.Meeting == meeting.Id)).Select(a => a.Id)];
    }

    private Task Read(Asking asked, string sql, Action<NpgsqlDataReader> row, CancellationToken cancellation, string? setting = null) =>
        PlannedAnew.Read(source, sql, asked.Parameters, row, cancellation, setting);

    private static AgreementRow Row(NpgsqlDataReader reader, AgencyDirectory agencies, DateOnly asOf) => new(
        reader.GetString(0),
        reader.GetString(1),
        reader.GetString(2),
        Enum.Parse<AgreementStatus>(reader.GetString(3), ignoreCase: true),
        reader.GetBoolean(4),
        reader.GetInt64(14),
        [.. reader.GetFieldValue<string[]>(5).Select(code => agencies.HolderOn(code, asOf))],
        [.. reader.GetFieldValue<string[]>(6)],
        Nullable<DateOnly>(reader, 7),
        Nullable<DateOnly>(reader, 12),
        Nullable<DateOnly>(reader, 8),
        reader.IsDBNull(9) ? null : Day.Parse(reader.GetString(9)),
        Enum.Parse<Visibility>(reader.GetString(10), ignoreCase: true),
        [.. reader.GetFieldValue<string[]>(11).Select(name => Flags.Find(name)!.Value)]);

    private static T? Nullable<T>(NpgsqlDataReader reader, int column)
        where T : struct => reader.IsDBNull(column) ? null : reader.GetFieldValue<T>(column);

    private static string Key(AgreementSort sort) => sort switch
    {
        AgreementSort.Title => "p.title_key",
        AgreementSort.ExpiresOn => "p.expires_key",
        AgreementSort.LastDiscussedOn => "p.discussed_key",
        _ => "p.reference",
    };

    /// <summary>By which knowledge the register is asked.</summary>
    private sealed record Known(DateTimeOffset? At, DateTimeOffset SpeakingUpTo, AgencyDirectory Agencies);

    /// <summary>The place of a row in an order: its key, and its id, which makes every place the only one of its kind.</summary>
    internal sealed record Position(AgreementSort Sort, string Key, string Id)
    {
        public static string Of(AgreementRow row, AgreementSort sort)
        {
            var key = sort switch
            {
                AgreementSort.Title => Folded.Key(row.Title),
                AgreementSort.ExpiresOn => Number((row.ExpiresOn ?? DateOnly.MaxValue).DayNumber),
                AgreementSort.LastDiscussedOn => Number(DateOnly.MaxValue.DayNumber - (row.LastDiscussedOn?.Latest ?? DateOnly.MinValue).DayNumber),
                _ => row.Reference,
            };
            return JsonSerializer.Serialize(new Position(sort, key, row.Id));
        }

        /// <summary>The place that a cursor names; null where it is none that this ledger gave out for the order.</summary>
        public static Position? Open(string cursor, AgreementSort? sort = null)
        {
            try
            {
                return JsonSerializer.Deserialize<Position>(cursor) is { Key: not null, Id: not null } place
                    && (sort is null || place.Sort == sort)
                    && place.Value is not null
                    && !place.Key.Contains('\0', StringComparison.Ordinal) && !place.Id.Contains('\0', StringComparison.Ordinal) ? place : null;
            }
            catch (JsonException)
            {
                return null;
            }
        }

        /// <summary>The key as the table holds it; null where it cannot be one.</summary>
        [JsonIgnore]
        public object? Value => Sort switch
        {
            AgreementSort.ExpiresOn => int.TryParse(Key, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= DateOnly.MaxValue.DayNumber ? DateOnly.FromDayNumber(number) : null,
            AgreementSort.LastDiscussedOn => int.TryParse(Key, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null,
            _ => Key,
        };

        private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>What is asked of the table, and with which values.</summary>
    private sealed class Asking
    {
        private readonly StringBuilder _where = new("true");

        private bool _isNamed;

        /// <summary>As known at which instant; null: now.</summary>
        public DateTimeOffset? KnownAt { get; init; }

        public List<NpgsqlParameter> Parameters { get; } = [];

        public string Where => _where.ToString();

        public string Add(object value)
        {
            var parameter = new NpgsqlParameter { Value = value };
            if (value is string[])
                parameter.NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text;
            Parameters.Add(parameter);
            return string.Create(CultureInfo.InvariantCulture, $"${Parameters.Count}");
        }

        /// <summary>The rows asked for.</summary>
        /// <param name="columns">What of each, the table being p.</param>
        /// <param name="end">In which order by these columns, and how many at most.</param>
        public string From(string columns, string end)
        {
            if (KnownAt is not { } instant)
                return $"select {columns} from ledger.agreement_period p where p.known_to = 'infinity' and {Where} {end}";

            // What is still known, and what was known then. Of the latter each span gives as many as are asked for, unless a few are named anyhow.
            var at = Add(instant.UtcDateTime);
            var once = $"select {columns} from ledger.agreement_period p where p.known_from <= {at} and p.known_to > {at} and p.known_to < 'infinity' and {Where}";
            return $"""
                (select {columns} from ledger.agreement_period p where p.known_from <= {at} and p.known_to = 'infinity' and {Where} {end})
                union all
                ({(_isNamed ? once : $"select once.* from unnest({Add(KnownSpan.At(instant))}) s (span) cross join lateral ({once} and p.known_span = s.span {end}) once")})
                {end}
                """;
        }

        public string IsOneOf(string[] ids)
        {
            _isNamed = true;
            return $"p.agreement_id = any ({Add(ids)})";
        }

        // Nothing was last discussed on a later day: the walk begins where the day is.
        public void DiscussedBy(DateOnly asOf) => And($"p.discussed_key >= {Add(DateOnly.MaxValue.DayNumber - asOf.DayNumber)}");

        public void And(string condition) => _where.Append(" and ").Append(condition);

        public void HasAny(IEnumerable<string> facets)
        {
            string[] any = [.. facets];
            And($"p.facets {(any.Length == 1 ? "@>" : "&&")} {Add(any)}");
        }

        // Who may know of an agreement is asked of the record as it stands, whatever is known at the instant that is looked at.
        public void Sees(Caller caller, AgencyDirectory agencies, bool isThePresent = true)
        {
            if (Facet.SeenBy(caller, agencies) is not { } facets)
                return;
            if (isThePresent)
                HasAny(facets);
            else
                And($"exists (select 1 from ledger.agreement_period s where s.agreement_id = p.agreement_id and s.known_to = 'infinity' and s.facets && {Add(facets)})");
        }

        public void After(string key, Position position) => And($"({key}, p.agreement_id) > ({Add(position.Value!)}, {Add(position.Id)})");
    }
}
