using FluentValidation;
using Ledger.Domain.Agreements;
using Ledger.Web.Hosting;
using Ledger.Web.Recording;
using Wolverine.Http;

namespace Ledger.Web.Agreements;

/// <summary>Records a party's consent to be bound.</summary>
public static class RatifyAgreementEndpoint
{
    /// <summary>Record a party's consent to be bound.</summary>
    /// <remarks>Consent counts from the day of receipt. Entry into force follows from it by the agreement’s rule. Refused as <c>not-a-party</c>, <c>not-yet-signed</c>, <c>already-ratified</c>, <c>received-before-made</c>, <c>agency-succeeded</c>, <c>unknown-agency</c>, <c>act-in-future</c>, <c>act-before-proposal</c>, <c>agreement-ended</c>.</remarks>
    [Tags("Agreements")]
    [WolverinePost("/api/v1/agreements/{id}/ratifications", OperationId = "ratifyAgreement")]
    public static Task<IResult> Post(string id, [Body] RatifyAgreement command, Recorder recorder, HttpContext http) =>
        recorder.Act(http, id, Act(command));

    internal static AgreementAct Act(RatifyAgreement command) =>
        new((agreement, occasion, _) => AgreementDecider.Ratify(agreement, command, occasion)) { Party = command.Party, Day = "/ratifiedOn" };
}

internal sealed class RatifyAgreementValidator : AbstractValidator<RatifyAgreement>
{
    public RatifyAgreementValidator()
    {
        RuleFor(x => x.Party).Code();
        RuleSet(RequestBody.Alone, () => RuleFor(x => x.RatifiedOn).Day());
    }
}
