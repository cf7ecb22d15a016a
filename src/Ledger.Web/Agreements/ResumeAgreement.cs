using FluentValidation;
using Ledger.Domain.Agreements;
using Ledger.Web.Hosting;
using Ledger.Web.Recording;
using Wolverine.Http;

namespace Ledger.Web.Agreements;

/// <summary>Resumes the operation of a suspended agreement.</summary>
public static class ResumeAgreementEndpoint
{
    /// <summary>Resume the operation of a suspended agreement.</summary>
    /// <remarks>Refused as <c>not-suspended</c>, <c>act-in-future</c>, <c>act-before-proposal</c>, <c>agreement-ended</c>.</remarks>
    [Tags("Agreements")]
    [WolverinePost("/api/v1/agreements/{id}/resumptions", OperationId = "resumeAgreement")]
    public static Task<IResult> Post(string id, [Body] ResumeAgreement command, Recorder recorder, HttpContext http) =>
        recorder.Act(http, id, Act(command));

    internal static AgreementAct Act(ResumeAgreement command) =>
        new((agreement, occasion, _) => AgreementDecider.Resume(agreement, command, occasion));
}

internal sealed class ResumeAgreementValidator : AbstractValidator<ResumeAgreement>
{
    public ResumeAgreementValidator()
    {
        RuleFor(x => x.Reason).OptionalText(2_000);
        RuleSet(RequestBody.Alone, () => RuleFor(x => x.OccurredOn).Day());
    }
}
