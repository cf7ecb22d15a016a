using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Web.Access;
using Ledger.Web.Agreements;

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

/// <summary>What falls due in the agreements that somebody may see.</summary>
internal sealed class DeadlineReader(AgreementReader agreements, AgreementRegister register)
{
    /// <summary>Today, UTC.</summary>
    public DateOnly Today => agreements.Today;

    /// <summary>Everything that is overdue, then all that lies ahead, each in the order of days; of one party's agreements where one is named.</summary>
    public async Task<(IReadOnlyList<DueItem> Items, AgencyDirectory Agencies)> Find(Caller caller, string? party, CancellationToken cancellation)
    {
        var (found, agencies, _) = await register.Find(caller, new AgreementFilter { Parties = party is null ? [] : [party] }, Today, null, cancellation);
        var items = found.SelectMany(x => Deadline.Of(x.Standing).Select(d => new DueItem(x.Agreement, x.Standing, d)))
            .OrderBy(x => x.Deadline.Overdue ? 0 : 1)
            .ThenBy(x => x.Deadline.On.Latest)
            .ThenBy(x => x.Agreement.Reference, StringComparer.Ordinal)
            .ThenBy(x => x.Deadline.Kind)
            .ThenBy(x => x.Deadline.By);
        return ([.. items], agencies);
    }
}
