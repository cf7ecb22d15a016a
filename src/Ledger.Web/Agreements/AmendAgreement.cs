using FluentValidation;
using Ledger.Domain.Agreements;
using Ledger.Web.Hosting;
using Ledger.Web.Recording;
using Wolverine.Http;

namespace Ledger.Web.Agreements;

/// <summary>Records an amendment.</summary>
public static class AmendAgreementEndpoint
{
    /// <summary>Record an amendment.</summary>
    /// <remarks>Refused as <c>act-in-future</c>, <c>act-before-proposal</c>, <c>agreement-ended</c>.</remarks>
    [Tags("Agreements")]
    [WolverinePost("/api/v1/agreements/{id}/amendments", OperationId = "amendAgreement")]
    public static Task<IResult> Post(string id, [Body] AmendAgreement command, Recorder recorder, HttpContext http) =>
        recorder.Act(http, id, Act(command));

    internal static AgreementAct Act(AmendAgreement command) =>
        new((agreement, occasion, _) => AgreementDecider.Amend(agreement, command, occasion));
}

internal sealed class AmendAgreementValidator : AbstractValidator<AmendAgreement>
{
    public AmendAgreementValidator()
    {
        RuleFor(x => x.Summary).OptionalText(10_000);
        RuleFor(x => x.Reason).OptionalText(2_000);
        RuleSet(RequestBody.Alone, () => RuleFor(x => x.OccurredOn).Day());
    }
}
