using FluentValidation;
using Ledger.Domain.Agreements;
using Ledger.Web.Hosting;
using Ledger.Web.Recording;
using Wolverine.Http;

namespace Ledger.Web.Agreements;

/// <summary>Records that a party revoked its notice of withdrawal.</summary>
public static class RevokeWithdrawalEndpoint
{
    /// <summary>Record that a party revoked its notice of withdrawal before it had effect.</summary>
    /// <remarks>Refused as <c>not-a-party</c>, <c>no-withdrawal-to-revoke</c>, <c>withdrawal-in-effect</c>, <c>agency-succeeded</c>, <c>unknown-agency</c>, <c>act-in-future</c>, <c>act-before-proposal</c>, <c>agreement-ended</c>.</remarks>
    [Tags("Agreements")]
    [WolverinePost("/api/v1/agreements/{id}/withdrawal-revocations", OperationId = "revokeWithdrawal")]
    public static Task<IResult> Post(string id, [Body] RevokeWithdrawal command, Recorder recorder, HttpContext http) =>
        recorder.Act(http, id, Act(command));

    internal static AgreementAct Act(RevokeWithdrawal command) =>
        new((agreement, occasion, _) => AgreementDecider.RevokeWithdrawal(agreement, command, occasion)) { Party = command.Party };
}

internal sealed class RevokeWithdrawalValidator : AbstractValidator<RevokeWithdrawal>
{
    public RevokeWithdrawalValidator()
    {
        RuleFor(x => x.Party).Code();
        RuleFor(x => x.Reason).OptionalText(2_000);
        RuleSet(RequestBody.Alone, () => RuleFor(x => x.OccurredOn).Day());
    }
}
