using FluentValidation;
using Ledger.Domain.Agreements;
using Ledger.Web.Hosting;
using Ledger.Web.Recording;
using Wolverine.Http;

namespace Ledger.Web.Agreements;

/// <summary>Records the completion of a phase.</summary>
public static class CompletePhaseEndpoint
{
    /// <summary>Record the completion of a phase, named by its id or its number from 1.</summary>
    /// <remarks>Refused as <c>unknown-phase</c>, <c>phase-already-completed</c>, <c>act-in-future</c>, <c>agreement-ended</c>.</remarks>
    [Tags("Agreements")]
    [WolverinePost("/api/v1/agreements/{id}/phases/{phase}/completion", OperationId = "completePhase")]
    public static Task<IResult> Post(string id, string phase, [Body] CompletePhase command, Recorder recorder, HttpContext http) =>
        recorder.Act(http, id, Act(phase, command));

    internal static AgreementAct Act(string phase, CompletePhase command) =>
        new((agreement, occasion, _) => AgreementDecider.CompletePhase(agreement, phase, command, occasion)) { Day = "/completedOn" };
}

internal sealed class CompletePhaseValidator : AbstractValidator<CompletePhase>
{
    public CompletePhaseValidator()
    {
        RuleFor(x => x.Results).OptionalText(10_000);
        RuleSet(RequestBody.Alone, () => RuleFor(x => x.CompletedOn).Day());
    }
}
