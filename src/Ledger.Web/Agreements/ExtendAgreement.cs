using FluentValidation;
using Ledger.Domain.Agreements;
using Ledger.Web.Hosting;
using Ledger.Web.Recording;
using Wolverine.Http;

namespace Ledger.Web.Agreements;

/// <summary>Records that the term was prolonged.</summary>
public static class ExtendAgreementEndpoint
{
    /// <summary>Prolong the term.</summary>
    /// <remarks>Every link of the chain ends later than the one before. Refused as <c>extension-not-later</c>, <c>act-in-future</c>, <c>act-before-proposal</c>, <c>agreement-ended</c>.</remarks>
    [Tags("Agreements")]
    [WolverinePost("/api/v1/agreements/{id}/extensions", OperationId = "extendAgreement")]
    public static Task<IResult> Post(string id, [Body] ExtendAgreement command, Recorder recorder, HttpContext http) =>
        recorder.Act(http, id, Act(command));

    internal static AgreementAct Act(ExtendAgreement command) => new((agreement, occasion, _) => AgreementDecider.Extend(agreement, command, occasion)) { Day = "/agreedOn" };
}

internal sealed class ExtendAgreementValidator : AbstractValidator<ExtendAgreement>
{
    public ExtendAgreementValidator()
    {
        RuleFor(x => x.Until).Day();
        RuleFor(x => x.Reason).OptionalText(2_000);
        RuleSet(RequestBody.Alone, () => RuleFor(x => x.AgreedOn).Day());
    }
}
