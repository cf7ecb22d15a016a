using FluentValidation;
using Ledger.Domain.Agreements;
using Ledger.Web.Hosting;
using Ledger.Web.Recording;
using Wolverine.Http;

namespace Ledger.Web.Agreements;

/// <summary>Suspends the operation of an agreement.</summary>
public static class SuspendAgreementEndpoint
{
    /// <summary>Suspend the operation of an agreement in force.</summary>
    /// <remarks>Refused as <c>not-in-force</c>, <c>already-suspended</c>, <c>act-in-future</c>, <c>act-before-proposal</c>, <c>agreement-ended</c>.</remarks>
    [Tags("Agreements")]
    [WolverinePost("/api/v1/agreements/{id}/suspensions", OperationId = "suspendAgreement")]
    public static Task<IResult> Post(string id, [Body] SuspendAgreement command, Recorder recorder, HttpContext http) =>
        recorder.Act(http, id, Act(command));

    internal static AgreementAct Act(SuspendAgreement command) =>
        new((agreement, occasion, _) => AgreementDecider.Suspend(agreement, command, occasion));
}

internal sealed class SuspendAgreementValidator : AbstractValidator<SuspendAgreement>
{
    public SuspendAgreementValidator()
    {
        RuleFor(x => x.Reason).OptionalText(2_000);
        RuleSet(RequestBody.Alone, () => RuleFor(x => x.OccurredOn).Day());
    }
}
