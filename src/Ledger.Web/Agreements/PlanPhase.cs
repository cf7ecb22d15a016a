using FluentValidation;
using Ledger.Domain.Agreements;
using Ledger.Web.Hosting;
using Ledger.Web.Recording;
using Wolverine.Http;

namespace Ledger.Web.Agreements;

/// <summary>Plans a further phase.</summary>
public static class PlanPhaseEndpoint
{
    /// <summary>Plan a further phase.</summary>
    /// <remarks>Refused as <c>phase-already-planned</c>, <c>agreement-ended</c>.</remarks>
    [Tags("Agreements")]
    [WolverinePost("/api/v1/agreements/{id}/phases", OperationId = "planPhase")]
    public static Task<IResult> Post(string id, [Body] PlanPhase command, Recorder recorder, HttpContext http) =>
        recorder.Act(http, id, Act(command));

    internal static AgreementAct Act(PlanPhase command) =>
        new((agreement, occasion, outside) => AgreementDecider.PlanPhase(agreement, command, outside.NewId(), occasion));
}

internal sealed class PlanPhaseValidator : AbstractValidator<PlanPhase>
{
    public PlanPhaseValidator() => RuleFor(x => x.Title).Text(300);
}
