using FluentValidation;
using Ledger.Domain.Agreements;
using Ledger.Web.Hosting;
using Ledger.Web.Recording;
using Wolverine.Http;

namespace Ledger.Web.Agreements;

/// <summary>Terminates an agreement.</summary>
public static class TerminateAgreementEndpoint
{
    /// <summary>Terminate an agreement.</summary>
    /// <remarks>The ground <c>completion</c> closes an agreement of which every phase is completed. Refused as <c>phases-outstanding</c>, <c>act-in-future</c>, <c>act-before-proposal</c>, <c>agreement-ended</c>.</remarks>
    [Tags("Agreements")]
    [WolverinePost("/api/v1/agreements/{id}/terminations", OperationId = "terminateAgreement")]
    public static Task<IResult> Post(string id, [Body] TerminateAgreement command, Recorder recorder, HttpContext http) =>
        recorder.Act(http, id, Act(command));

    internal static AgreementAct Act(TerminateAgreement command) =>
        new((agreement, occasion, _) => AgreementDecider.Terminate(agreement, command, occasion));
}

internal sealed class TerminateAgreementValidator : AbstractValidator<TerminateAgreement>
{
    public TerminateAgreementValidator()
    {
        RuleFor(x => x.Reason).OptionalText(2_000);
        RuleSet(RequestBody.Alone, () => RuleFor(x => x.OccurredOn).Day());
    }
}
