using FluentValidation;
using Ledger.Domain.Agreements;
using Ledger.Web.Hosting;
using Ledger.Web.Recording;
using Wolverine.Http;

namespace Ledger.Web.Agreements;

/// <summary>Withdraws the proposal of an agreement not yet in force.</summary>
public static class WithdrawProposalEndpoint
{
    /// <summary>Withdraw the proposal of an agreement not yet in force.</summary>
    /// <remarks>Refused as <c>already-in-force</c>, <c>act-in-future</c>, <c>act-before-proposal</c>, <c>agreement-ended</c>.</remarks>
    [Tags("Agreements")]
    [WolverinePost("/api/v1/agreements/{id}/proposal-withdrawal", OperationId = "withdrawProposal")]
    public static Task<IResult> Post(string id, [Body] WithdrawProposal command, Recorder recorder, HttpContext http) =>
        recorder.Act(http, id, Act(command));

    internal static AgreementAct Act(WithdrawProposal command) =>
        new((agreement, occasion, _) => AgreementDecider.WithdrawProposal(agreement, command, occasion));
}

internal sealed class WithdrawProposalValidator : AbstractValidator<WithdrawProposal>
{
    public WithdrawProposalValidator()
    {
        RuleFor(x => x.Reason).OptionalText(2_000);
        RuleSet(RequestBody.Alone, () => RuleFor(x => x.OccurredOn).Day());
    }
}
