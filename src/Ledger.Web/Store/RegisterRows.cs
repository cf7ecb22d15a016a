using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Web.Access;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Web.Store;

/// <summary>A row of <c>ledger.agreement_period</c>, whose columns bear the same names, without the time over which it was known.</summary>
internal sealed record RegisterRow(
    string AgreementId,
    DateOnly DayFrom,
    DateOnly DayUntil,
    string Status,
    bool Certain,
    ImmutableArray<string> Parties,
    DateOnly? ProvisionalFrom,
    DateOnly? InForceFrom,
    DateOnly? ExpiresOn,
    string? LastDiscussedOn,
    string Reference,
    string Title,
    ImmutableArray<string> Fields,
    string Visibility,
    ImmutableArray<string> Flags,
    ImmutableArray<string> Facets,
    string TitleKey,
    DateOnly ExpiresKey,
    int DiscussedKey)
{
    /// <summary>What the list of columns is in SQL.</summary>
    public const string Columns =
        "agreement_id, day_from, day_until, status, certain, parties, provisional_from, in_force_from, expires_on, last_discussed_on, reference, title, fields, visibility, flags, facets, title_key, expires_key, discussed_key";

    /// <summary>The row as JSON, by the names of its columns.</summary>
    [JsonIgnore]
    public string Json => JsonSerializer.Serialize(this, RegisterRows.Options);

    /// <summary>Whether two rows hold the same in every column, lists by their elements.</summary>
    public bool Equals(RegisterRow? other) => other is not null
        && (DayFrom, DayUntil, Certain) == (other.DayFrom, other.DayUntil, other.Certain)
        && (ProvisionalFrom, InForceFrom, ExpiresOn, ExpiresKey, DiscussedKey) == (other.ProvisionalFrom, other.InForceFrom, other.ExpiresOn, other.ExpiresKey, other.DiscussedKey)
        && (AgreementId, Status, LastDiscussedOn) == (other.AgreementId, other.Status, other.LastDiscussedOn)
        && (Reference, Title, TitleKey, Visibility) == (other.Reference, other.Title, other.TitleKey, other.Visibility)
        && Alike(Parties, other.Parties) && Alike(Fields, other.Fields) && Alike(Flags, other.Flags) && Alike(Facets, other.Facets);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(AgreementId, DayFrom, DayUntil, Status, DiscussedKey);

    private static bool Alike(ImmutableArray<string> these, ImmutableArray<string> those) => these == those || these.AsSpan().SequenceEqual(those.AsSpan());
}

/// <summary>A row with the time over which it was known, as the record makes it.</summary>
internal sealed record KnownRow(RegisterRow Row, DateTimeOffset KnownFrom, DateTimeOffset? KnownTo);

/// <summary>What new knowledge of an agreement changes in the register.</summary>
/// <param name="Closed">The rows that it makes untrue.</param>
/// <param name="Added">The rows that it makes true.</param>
/// <param name="Fields">The fields of cooperation that may be new.</param>
/// <param name="Deadlines">The rows of its deadlines, where they are others than before.</param>
internal sealed record RegisterChange(ImmutableArray<RegisterRow> Closed, ImmutableArray<RegisterRow> Added, ImmutableArray<string> Fields, ReplacedRows<DeadlineRow>? Deadlines);

/// <summary>
/// Keeps <c>ledger.agreement_period</c>: what the register lists of each agreement on every day, by what was known at every instant. New knowledge
/// closes the rows that it makes untrue and adds those that it makes true; a row that stays true stays. The rows of the deadlines
/// (<see cref="DeadlineRows"/>) follow from the same timeline and change with them.
/// </summary>
internal static class RegisterRows
{
    /// <summary>The number of the rules by which rows are made. A higher one than the store's has them made anew at start.</summary>
    public const int Version = 2;

    /// <summary>The table with what each row is known over.</summary>
    public static RowTable<KnownRow> Table { get; } = new("agreement_period", "agreement_id", $"{RegisterRow.Columns}, known_from, known_to, known_span", "known_to, day_from", Write);

    private const string Types =
        "agreement_id text, day_from date, day_until date, status text, certain boolean, parties text[], provisional_from date, in_force_from date, expires_on date, last_discussed_on text, reference text, title text, fields text[], visibility text, flags text[], facets text[], title_key text, expires_key date, discussed_key integer";

    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new DateConverter() },
    };

    // The rows of an agreement by what is known of it, for the days from one on.
    private static ImmutableArray<RegisterRow> Of(Listing listing, DateOnly from) =>
    [
        .. listing.Timeline.From(from).Select(period => new RegisterRow(
            listing.Agreement.Id,
            period.From,
            period.Until,
            Word(period.Listed.Status),
            period.Listed.Certain,
            period.Listed.Parties,
            period.Listed.ProvisionalFrom,
            period.Listed.InForceFrom,
            period.Listed.ExpiresOn,
            period.Listed.LastDiscussedOn?.ToString(),
            listing.Agreement.Reference,
            listing.Agreement.Title,
            listing.Agreement.Proposal.Fields,
            Word(listing.Agreement.Proposal.Visibility),
            listing.Flags,
            [.. listing.Facets, Facet.Status(period.Listed.Status)],
            listing.TitleKey,
            period.Listed.ExpiresOn ?? DateOnly.MaxValue,
            DateOnly.MaxValue.DayNumber - (period.Listed.LastDiscussedOn?.Latest ?? DateOnly.MinValue).DayNumber)),
    ];

    // Which rows new knowledge of an agreement makes untrue, and which true; those that were true so far may be at hand.
    private static (ImmutableArray<RegisterRow> Closed, ImmutableArray<RegisterRow> Added) Change(Listing? before, Listing after, IReadOnlyCollection<RegisterRow>? rows)
    {
        if (before is null)
            return ([], Of(after, DateOnly.MinValue));
        if (ChangedFrom(before, after) is not { } first)
            return ([], []);

        var start = rows is null
            ? before.Timeline.StartBefore(first)
            : rows.Where(r => r.DayFrom < first && (r.DayUntil == DateOnly.MaxValue || r.DayUntil.AddDays(1) >= first)).Select(r => r.DayFrom).DefaultIfEmpty(DateOnly.MinValue).Min();
        ImmutableArray<RegisterRow> old = rows is null ? Of(before, start) : [.. rows.Where(r => r.DayUntil >= start)];
        var now = Of(after, start);
        var (kept, made) = (old.ToHashSet(), now.ToHashSet());
        return ([.. old.Where(r => !made.Contains(r))], [.. now.Where(r => !kept.Contains(r))]);
    }

    /// <summary>The statements that take new knowledge of any number of agreements into the table, for the transaction that writes their entries.</summary>
    /// <param name="changed">Each agreement as it was, null for a new one, and as it is with its new entries.</param>
    /// <param name="recordedAt">The instant at which those entries are recorded.</param>
    public static IReadOnlyList<NpgsqlBatchCommand> Commands(IEnumerable<(Agreement? Before, Agreement After)> changed, DateTimeOffset recordedAt)
    {
        var changes = changed.Select(c => ChangeOf(c.Before, c.After)).ToList();
        var commands = Closing(changes, recordedAt);
        commands.AddRange(DeadlineRows.Table.Inserting(changes.Select(change => change.Deadlines)));
        var added = changes.SelectMany(change => change.Added).ToList();
        if (added.Count > 0)
        {
            commands.Add(new(
                $"insert into ledger.agreement_period ({RegisterRow.Columns}, known_from, known_to) select {RegisterRow.Columns}, $1, 'infinity' from jsonb_to_recordset($2) as r ({Types})")
            {
                Parameters =
                {
                    new() { Value = recordedAt.UtcDateTime },
                    new() { Value = $"[{string.Join(',', added.Select(r => r.Json))}]", NpgsqlDbType = NpgsqlDbType.Jsonb },
                },
            });
        }

        return commands;
    }

    /// <summary>What new knowledge of an agreement changes.</summary>
    /// <param name="before">The agreement as it was; null for a new one.</param>
    /// <param name="after">The agreement as it is with its new entries.</param>
    public static RegisterChange ChangeOf(Agreement? before, Agreement after)
    {
        var (was, listing) = (before is null ? null : new Listing(before), new Listing(after));
        var (closed, added) = Change(was, listing, null);
        return new(
            closed,
            added,
            before is null || !before.Proposal.Fields.SequenceEqual(after.Proposal.Fields, StringComparer.Ordinal) ? after.Proposal.Fields : [],
            was is not null && AreDeadlinesAlike(was, listing) ? null : DeadlineRows.Table.Replacing(after.Id, was is null ? [] : DeadlineRows.Of(was.Agreement, was.Timeline), DeadlineRows.Of(after, listing.Timeline)));
    }

    /// <summary>The statements that take in all of some changes but the rows that they add.</summary>
    public static List<NpgsqlBatchCommand> Closing(IReadOnlyCollection<RegisterChange> changes, DateTimeOffset recordedAt)
    {
        var commands = DeadlineRows.Table.Deleting(changes.Select(change => change.Deadlines)).ToList();
        var closed = changes.SelectMany(change => change.Closed).ToList();
        if (closed.Count > 0)
        {
            commands.Add(new(
                $"""
                update ledger.agreement_period p set known_to = $1, known_span = {KnownSpan.UpTo("$1")}
                  from unnest($2::text[], $3::date[]) as c (agreement_id, day_from)
                 where p.agreement_id = c.agreement_id and p.day_from = c.day_from and p.known_to = 'infinity'
                """)
            {
                Parameters =
                {
                    new() { Value = recordedAt.UtcDateTime },
                    new() { Value = closed.Select(r => r.AgreementId).ToArray() },
                    new() { Value = closed.Select(r => r.DayFrom).ToArray() },
                },
            });
        }

        string[] fields = [.. changes.SelectMany(change => change.Fields).Distinct(StringComparer.Ordinal)];
        if (fields.Length > 0)
            commands.Add(new("insert into ledger.agreement_field select unnest($1) order by 1 on conflict do nothing") { Parameters = { new() { Value = fields } } });
        return commands;
    }

    /// <summary>The rows that changes add, to be copied in once <see cref="Closing"/> is done.</summary>
    public static IReadOnlyList<CopiedRows> Added(IReadOnlyCollection<RegisterChange> changes, DateTimeOffset recordedAt) =>
    [
        Table.Copied(changes.SelectMany(change => change.Added).Select(row => new KnownRow(row, recordedAt, null))),
        DeadlineRows.Table.Copied(changes.Select(change => change.Deadlines).OfType<ReplacedRows<DeadlineRow>>().SelectMany(replaced => replaced.Now)),
    ];

    /// <summary>Every row that the entries of an agreement make, instant by instant.</summary>
    /// <param name="states">The agreement after the entries of each instant, in their order.</param>
    public static IEnumerable<KnownRow> History(IEnumerable<Agreement> states)
    {
        var open = new Dictionary<DateOnly, KnownRow>();
        Listing? before = null;
        foreach (var state in states)
        {
            var listing = new Listing(state);
            var (closed, added) = Change(before, listing, [.. open.Values.Select(k => k.Row)]);
            foreach (var row in closed)
            {
                if (open.Remove(row.DayFrom, out var known))
                    yield return known with { KnownTo = state.LastRecordedAt };
            }

            foreach (var row in added)
                open[row.DayFrom] = new(row, state.LastRecordedAt, null);
            before = listing;
        }

        foreach (var row in open.Values)
            yield return row;
    }

    private static void Write(BinaryRows rows, KnownRow known)
    {
        var row = known.Row;
        rows.Row(22).Text(row.AgreementId).Date(row.DayFrom).Date(row.DayUntil).Text(row.Status).Bool(row.Certain).Texts(row.Parties)
            .Date(row.ProvisionalFrom).Date(row.InForceFrom).Date(row.ExpiresOn).Text(row.LastDiscussedOn)
            .Text(row.Reference).Text(row.Title).Texts(row.Fields).Text(row.Visibility).Texts(row.Flags).Texts(row.Facets)
            .Text(row.TitleKey).Date(row.ExpiresKey).Integer(row.DiscussedKey).Instant(known.KnownFrom).Instant(known.KnownTo)
            .Long(known.KnownTo is { } to ? KnownSpan.Of(known.KnownFrom, to) : null);
    }

    /// <summary>The word by which the API calls a value.</summary>
    public static string Word<TEnum>(TEnum value)
        where TEnum : struct, Enum => Words<TEnum>.All[value];

    // The first day on which anything listed can have changed; null where nothing can.
    private static DateOnly? ChangedFrom(Listing before, Listing after)
    {
        var acts = AddedActs(before.Agreement, after.Agreement);
        if (acts is null || !before.Facets.SequenceEqual(after.Facets, StringComparer.Ordinal))
            return DateOnly.MinValue;
        var first = acts.Select(act => Timeline.ChangedFrom(act.Event)).DefaultIfEmpty(DateOnly.MaxValue).Min();
        return first == DateOnly.MaxValue ? null : first;
    }

    // Most entries move no deadline, which is seen without working them out.
    private static bool AreDeadlinesAlike(Listing before, Listing after) =>
        before.Facets.SequenceEqual(after.Facets, StringComparer.Ordinal)
        && AddedActs(before.Agreement, after.Agreement) is { } acts
        && acts.TrueForAll(act => Timeline.IsSetAside(act.Event) && Timeline.ChangedFrom(act.Event) >= before.Timeline.First);

    // The acts that an agreement has gained; null where others of it are not what they were.
    private static List<Act>? AddedActs(Agreement before, Agreement after)
    {
        var shared = 0;
        while (shared < before.Acts.Count && shared < after.Acts.Count && ReferenceEquals(before.Acts[shared], after.Acts[shared]))
            shared++;
        return shared < before.Acts.Count ? null : [.. after.Acts.Skip(shared)];
    }

    private static class Words<TEnum>
        where TEnum : struct, Enum
    {
        public static readonly FrozenDictionary<TEnum, string> All =
            Enum.GetValues<TEnum>().ToFrozenDictionary(value => value, value => JsonNamingPolicy.CamelCase.ConvertName(value.ToString()));
    }

    /// <summary>An agreement by what is known of it, with what all of its rows have in common, worked out once.</summary>
    private sealed class Listing
    {
        public Listing(Agreement agreement)
        {
            Agreement = agreement;
            var flags = Domain.Agreements.Flags.Of(agreement);
            Flags = [.. flags.Select(Domain.Agreements.Flags.Name)];
            Facets =
            [
                .. Facet.Participants(agreement),
                .. agreement.Proposal.Fields.Select(Facet.Field).Distinct(StringComparer.Ordinal),
                .. flags.Select(Facet.Flag),
                .. Facet.Strangers(agreement),
            ];
            TitleKey = Folded.Key(agreement.Title);
        }

        public Agreement Agreement { get; }

        public Timeline Timeline => field ??= new(Agreement);

        /// <summary>The names of its flags.</summary>
        public ImmutableArray<string> Flags { get; }

        /// <summary>What each row is found by alike.</summary>
        public ImmutableArray<string> Facets { get; }

        /// <summary>What its title is sorted by.</summary>
        public string TitleKey { get; }
    }

    /// <summary>Days as PostgreSQL and Npgsql know them: the first and the last of the calendar are endless there.</summary>
    private sealed class DateConverter : JsonConverter<DateOnly>
    {
        public override DateOnly Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, DateOnly value, JsonSerializerOptions options) => writer.WriteStringValue(
            value == DateOnly.MinValue ? "-infinity" : value == DateOnly.MaxValue ? "infinity" : value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }
}

/// <summary>
/// The spans of time by which rows are found that were once known. Spans are a quarter of a second long (2¹⁸ µs), or 16 times as long, and so on
/// up to five hundred years; a row lies in the one in which its knowledge began, among the shortest that are longer than it lasted. So at an
/// instant rows of two spans of each length may have been known, and a good part of those rows was, however much was recorded.
/// </summary>
internal static class KnownSpan
{
    private const int Lengths = 10;

    /// <summary>The span of a row that was known from one instant until another.</summary>
    public static long Of(DateTimeOffset from, DateTimeOffset to)
    {
        var length = 0;
        while (length < Lengths - 1 && Microseconds(to) - Microseconds(from) >= 1L << Bits(length))
            length++;
        return Number(length, Microseconds(from) >> Bits(length));
    }

    /// <summary>The spans in which rows may lie that were known at an instant: of each length the one that holds it, and the one before.</summary>
    public static long[] At(DateTimeOffset instant) =>
    [
        .. Enumerable.Range(0, Lengths).Select(length => Number(length, Microseconds(instant) >> Bits(length))).SelectMany(span => new[] { span, span - 1 }),
    ];

    /// <summary>What <see cref="Of"/> says, in SQL, of a row p that is known until an instant.</summary>
    public static string UpTo(string instant)
    {
        var lengths = string.Join(',', Enumerable.Range(0, Lengths - 1).Select(length => 1L << Bits(length)));
        var length = $"width_bucket((extract(epoch from {instant} - p.known_from) * 1000000)::bigint, '{{{lengths}}}'::bigint[])";
        return $"({length}::bigint << 48) + ((extract(epoch from p.known_from) * 1000000)::bigint >> (18 + 4 * {length}))";
    }

    private static long Number(int length, long place) => ((long)length << 48) + place;

    private static int Bits(int length) => 18 + (4 * length);

    private static long Microseconds(DateTimeOffset instant) => (instant - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}

/// <summary>What rows of the register are found by, each kind under its own letter in one index.</summary>
internal static class Facet
{
    /// <summary>Everybody may know of it.</summary>
    public const string Everybody = "v";

    /// <summary>Those of which an agreement that the caller may know of bears one, as <see cref="Permissions.MaySee"/> decides it; null where they may know of all.</summary>
    public static string[]? SeenBy(Caller caller, AgencyDirectory agencies) => caller.May(Operation.SeeAgreement, Reach.Restricted)
        ? null
        :
        [
            .. caller.May(Operation.SeeAgreement, Reach.Own) ? caller.Places(agencies).Select(TakesPart) : [],
            .. caller.May(Operation.SeeAgreement, Reach.Other) ? [Everybody] : Array.Empty<string>(),
        ];

    /// <summary>The condition in SQL that an agreement bears, as it stands, one of the facets in a parameter, or that the parameter is null.</summary>
    // The offset keeps PostgreSQL from collecting every agreement that bears one, where it takes a few hundred of them for fewer than they are.
    public static string Bears(string id, string parameter) =>
        $"({parameter}::text[] is null or exists (select 1 from ledger.agreement_period p where p.agreement_id = {id} and p.known_to = 'infinity' and p.facets && {parameter} offset 0))";

    /// <summary>Facets as the parameter of a statement.</summary>
    public static NpgsqlParameter Parameter(string[]? facets) => new() { Value = (object?)facets ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    public static string Party(string code) => $"p:{code}";

    /// <summary>A party, or an institute that carries it out: those that may know of a restricted one.</summary>
    public static string TakesPart(string code) => $"t:{code}";

    /// <summary>What an agreement is found by for the sake of those who take part in it.</summary>
    public static IEnumerable<string> Participants(Agreement agreement)
    {
        ImmutableArray<string> parties = [.. agreement.Parties];
        return [.. parties.Select(Party), .. parties.Concat(agreement.Proposal.Institutes).Distinct(StringComparer.Ordinal).Select(TakesPart)];
    }

    /// <summary>What it is found by for the sake of everybody else, where they may know of it.</summary>
    public static IEnumerable<string> Strangers(Agreement agreement) => agreement.Proposal.Visibility == Visibility.Shared ? [Everybody] : [];

    public static string Due(DeadlineKind kind) => $"d:{RegisterRows.Word(kind)}";

    public static string Field(string field) => $"f:{Folded.Of(field)}";

    public static string Flag(Flag flag) => $"x:{Flags.Name(flag)}";

    public static string Status(AgreementStatus status) => $"s:{RegisterRows.Word(status)}";
}
