using FluentValidation;
using Ledger.Domain.Agreements;
using Ledger.Web.Hosting;
using Ledger.Web.Recording;
using Wolverine.Http;

namespace Ledger.Web.Agreements;

/// <summary>Records that an agreement is applied provisionally.</summary>
public static class ApplyProvisionallyEndpoint
{
    /// <summary>Apply an agreement provisionally, pending its entry into force.</summary>
    /// <remarks>As the parties have agreed (VCLT article 25). The status stays what it is; <c>provisionallyAppliedFrom</c> says from when, until the agreement enters into force or ends. Refused as <c>already-applied-provisionally</c>, <c>already-in-force</c>, <c>act-in-future</c>, <c>act-before-proposal</c>, <c>agreement-ended</c>.</remarks>
    [Tags("Agreements")]
    [WolverinePost("/api/v1/agreements/{id}/provisional-application", OperationId = "applyAgreementProvisionally")]
    public static Task<IResult> Post(string id, [Body] ApplyProvisionally command, Recorder recorder, HttpContext http) =>
        recorder.Act(http, id, Act(command));

    internal static AgreementAct Act(ApplyProvisionally command) =>
        new((agreement, occasion, _) => AgreementDecider.ApplyProvisionally(agreement, command, occasion));
}

internal sealed class ApplyProvisionallyValidator : AbstractValidator<ApplyProvisionally>
{
    public ApplyProvisionallyValidator() => RuleSet(RequestBody.Alone, () => RuleFor(x => x.OccurredOn).Day());
}
