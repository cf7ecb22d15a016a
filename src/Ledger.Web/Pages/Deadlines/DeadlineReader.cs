using System.Globalization;
using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Domain.Days;
using Ledger.Web.Access;
using Ledger.Web.Agreements;
using Ledger.Web.Store;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Web.Pages;

/// <summary>A deadline with the agreement it belongs to.</summary>
/// <param name="Agreement">The agreement.</param>
/// <param name="Standing">Its standing today.</param>
/// <param name="Deadline">The deadline.</param>
internal sealed record DueItem(Agreement Agreement, Standing Standing, Deadline Deadline)
{
    /// <summary>What is the same for this deadline whenever it is read, wherever its day moves.</summary>
    public string Name => $"{Agreement.Id}.{System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(Deadline.Kind.ToString())}{(Deadline.Subject is { } subject ? "." + subject : "")}";

    /// <summary>The title of the agreement in the reader's language.</summary>
    public string TitleIn(Words words) => Agreement.Proposal.Titles?.In(words.Language) ?? Agreement.Title;

    /// <summary>What happens on the day.</summary>
    public string What(Words words, AgencyDirectory agencies) => Deadline.Kind switch
    {
        DeadlineKind.EntersIntoForce => words["deadlines.entersIntoForce"],
        DeadlineKind.Expires => words["deadlines.expires"],
        DeadlineKind.Ends => words["deadlines.ends"],
        DeadlineKind.PartyLeaves => words.Format("deadlines.partyLeaves", agencies.HolderOn(Deadline.Subject!, Deadline.On.Latest)),
        DeadlineKind.PhaseDue when Standing.Phases.First(p => p.Id == Deadline.Subject) is var phase => words.Format("deadlines.phaseDue", words.Number(phase.Number), phase.Title),
        _ => words.Of(Deadline.Kind),
    };
}

/// <summary>Which deadlines are asked for; an absent member asks nothing.</summary>
/// <param name="Party">Of agreements in which this agency is or was a party, also in another's place.</param>
/// <param name="Kind">Of this kind.</param>
/// <param name="Within">Overdue, or in so many days from today at the most.</param>
internal sealed record DeadlineFilter(string? Party = null, DeadlineKind? Kind = null, int? Within = null);

/// <summary>Some of the deadlines on one side of today.</summary>
/// <param name="Items">The deadlines, in the order of their days.</param>
/// <param name="Next">From where to go on; null where nothing follows.</param>
internal sealed record DeadlinePart(IReadOnlyList<DueItem> Items, DeadlinePlace? Next);

/// <summary>The place of a deadline in the order of all.</summary>
/// <param name="On">The last day on which it can fall due.</param>
/// <param name="Reference">The reference of its agreement.</param>
/// <param name="Place">Which of the deadlines of that agreement.</param>
internal sealed record DeadlinePlace(DateOnly On, string Reference, int Place)
{
    /// <summary>The place that an address holds; null where it holds none.</summary>
    public static DeadlinePlace? Open(string text) =>
        text.Split('/', 3) is [var on, var place, var reference]
        && DateOnly.TryParseExact(on, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        && int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && !reference.Contains('\0', StringComparison.Ordinal)
            ? new(day, reference, number)
            : null;

    /// <summary>The place as an address holds it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{On:yyyy-MM-dd}/{Place}/{Reference}");
}

/// <summary>What falls due in the agreements that somebody may see, from the rows that are kept ready for this.</summary>
internal sealed class DeadlineReader(NpgsqlDataSource source, AgreementReader agreements, AgreementRegister register)
{
    private const string Order = "d.due_key, d.reference, d.place";
    private const string Backwards = "d.due_key desc, d.reference desc, d.place desc";

    /// <summary>Today, UTC.</summary>
    public DateOnly Today => agreements.Today;

    /// <summary>The agencies by which deadlines are named.</summary>
    public Task<AgencyDirectory> Agencies(CancellationToken cancellation) => agreements.AgenciesNow(cancellation);

    /// <summary>A page of what is overdue, the longest overdue first, or of what lies ahead, the nearest first.</summary>
    public Task<DeadlinePart> Page(Caller caller, DeadlineFilter filter, bool isOverdue, DeadlinePlace? after, int limit, CancellationToken cancellation) =>
        Page(caller, filter, isOverdue, after, limit, Order, cancellation);

    /// <summary>What is nearest to today, on both sides as many as this at the most: what is overdue first, each side in the order of days.</summary>
    /// <returns>The deadlines, and whether there are others.</returns>
    public async Task<(IReadOnlyList<DueItem> Items, bool AreThereOthers)> Nearest(Caller caller, int most, CancellationToken cancellation)
    {
        var overdue = await Page(caller, new(), isOverdue: true, null, most, Backwards, cancellation);
        var ahead = await Page(caller, new(), isOverdue: false, null, most, Order, cancellation);
        return ([.. overdue.Items.Reverse(), .. ahead.Items], overdue.Next is not null || ahead.Next is not null);
    }

    /// <summary>How many deadlines are asked for on one side of today; as many as are counted at most, where there are more.</summary>
    public async Task<int> Count(Caller caller, DeadlineFilter filter, bool isOverdue, int most, CancellationToken cancellation)
    {
        var (where, parameters) = Asked(caller, filter, isOverdue, await Agencies(cancellation));
        parameters.Add(new() { Value = most });
        var count = 0;
        await PlannedAnew.Read(source, $"select count(*) from (select from ledger.agreement_deadline d where {where} limit ${parameters.Count}) counted", parameters, reader => count = (int)reader.GetInt64(0), cancellation);
        return count;
    }

    private async Task<DeadlinePart> Page(Caller caller, DeadlineFilter filter, bool isOverdue, DeadlinePlace? after, int limit, string order, CancellationToken cancellation)
    {
        var (where, parameters) = Asked(caller, filter, isOverdue, await Agencies(cancellation));
        if (after is not null)
        {
            where += $" and (d.due_key, d.reference, d.place) > (${parameters.Count + 1}, ${parameters.Count + 2}, ${parameters.Count + 3})";
            parameters.AddRange([new() { Value = after.On }, new() { Value = after.Reference }, new() { Value = after.Place }]);
        }

        parameters.Add(new() { Value = limit + 1 });
        var found = new List<(string Agreement, Deadline Deadline, DeadlinePlace Place)>();
        await PlannedAnew.Read(
            source,
            $"select d.agreement_id, d.kind, d.subject, d.due_on, d.entry, d.due_key, d.reference, d.place from ledger.agreement_deadline d where {where} order by {order} limit ${parameters.Count}",
            parameters,
            reader => found.Add((
                reader.GetString(0),
                new Deadline(Enum.Parse<DeadlineKind>(reader.GetString(1), ignoreCase: true), Day.Parse(reader.GetString(3)), reader.GetInt64(4), isOverdue, reader.IsDBNull(2) ? null : reader.GetString(2)),
                new(reader.GetFieldValue<DateOnly>(5), reader.GetString(6), reader.GetInt32(7)))),
            cancellation);
        var shown = found.Take(limit).ToList();
        var whole = (await register.Whole(shown.Select(x => x.Agreement), Today, null, cancellation)).ToDictionary(x => x.Agreement.Id, StringComparer.Ordinal);

        // An agreement read a moment after its rows may by now have other deadlines.
        return new(
            [
                .. shown.Where(x => whole.TryGetValue(x.Agreement, out var of) && Deadline.Of(of.Standing).Contains(x.Deadline))
                    .Select(x => new DueItem(whole[x.Agreement].Agreement, whole[x.Agreement].Standing, x.Deadline)),
            ],
            found.Count > limit ? shown[^1].Place : null);
    }

    private (string Where, List<NpgsqlParameter> Parameters) Asked(Caller caller, DeadlineFilter filter, bool isOverdue, AgencyDirectory agencies)
    {
        List<NpgsqlParameter> parameters = [new() { Value = Today }];
        var where = $"d.day_from <= $1 and d.day_until >= $1 and d.due_key {(isOverdue ? "<" : ">=")} $1";
        if (!isOverdue && filter.Within is { } days)
        {
            parameters.Add(new() { Value = Today.AddDays(days) });
            where += $" and d.due_key <= ${parameters.Count}";
        }

        foreach (var facets in new[]
        {
            Facet.SeenBy(caller, agencies),
            filter.Party is { } party ? [.. agencies.PlacesOf(party).Select(Facet.Party)] : null,
            filter.Kind is { } kind ? [Facet.Due(kind)] : null,
        })
        {
            if (facets is null)
                continue;
            parameters.Add(new() { Value = facets, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
            where += $" and d.facets && ${parameters.Count}";
        }

        return (where, parameters);
    }
}
