using Ledger.Domain.Agreements;
using Ledger.Web.Agreements;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Web.Pages;

/// <summary>The phases of an agreement: a list first, a drawing second.</summary>
internal sealed class AgreementPhasesModel(AgreementReader agreements) : AgreementModel(agreements)
{
    /// <inheritdoc/>
    public override AgreementPart Part => AgreementPart.Phases;

    /// <summary>The drawing; null where no phase has a day.</summary>
    public PhaseChart? Chart { get; private set; }

    public async Task<IActionResult> OnGet(string id)
    {
        if (await See(id))
            Chart = PhaseChart.Of(Standing.Phases, Day, PlannedOn);
        return Page();
    }

    /// <summary>How a phase stands, in words.</summary>
    public string State(PhaseStanding phase) => (phase.CompletedOn, phase.SlippedDays(Day)) switch
    {
        (not null, { } days) => Words.Count("phase.completedLate", days),
        (not null, null) => Words["phase.completed"],
        (null, { } days) => Words.Count("phase.overdue", days),
        _ => Words["phase.planned"],
    };

    /// <summary>A tick of the drawing's axis: a year, or a month where months are counted.</summary>
    public string Label(ChartTick tick) => Words.Book.Day(tick.IsYear ? Domain.Days.Day.In(tick.Day.Year) : Domain.Days.Day.In(tick.Day.Year, tick.Day.Month));

    private DateOnly? PlannedOn(PhaseStanding phase) => Agreement.Acts.First(a => a.Number == phase.PlannedBy).Event.OccurredOn?.Latest;
}
