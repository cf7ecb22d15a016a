using FluentValidation;
using Ledger.Domain.Agreements;
using Ledger.Web.Hosting;
using Ledger.Web.Recording;
using Wolverine.Http;

namespace Ledger.Web.Agreements;

/// <summary>Records a party's notice of withdrawal.</summary>
public static class NotifyWithdrawalEndpoint
{
    /// <summary>Record a party's notice of withdrawal.</summary>
    /// <remarks>Until it takes effect the party is leaving, and may revoke it. Before entry into force this takes the consent back. Refused as <c>not-a-party</c>, <c>no-consent-to-withdraw</c>, <c>withdrawal-already-notified</c>, <c>effect-before-notice</c>, <c>agency-succeeded</c>, <c>unknown-agency</c>, <c>act-in-future</c>, <c>act-before-proposal</c>, <c>agreement-ended</c>.</remarks>
    [Tags("Agreements")]
    [WolverinePost("/api/v1/agreements/{id}/withdrawals", OperationId = "notifyWithdrawal")]
    public static Task<IResult> Post(string id, [Body] NotifyWithdrawal command, Recorder recorder, HttpContext http) =>
        recorder.Act(http, id, Act(command));

    internal static AgreementAct Act(NotifyWithdrawal command) =>
        new((agreement, occasion, _) => AgreementDecider.NotifyWithdrawal(agreement, command, occasion)) { Party = command.Party };
}

internal sealed class NotifyWithdrawalValidator : AbstractValidator<NotifyWithdrawal>
{
    public NotifyWithdrawalValidator()
    {
        RuleFor(x => x.Party).Code();
        RuleFor(x => x.Reason).OptionalText(2_000);
        RuleSet(RequestBody.Alone, () => RuleFor(x => x.OccurredOn).Day());
    }
}
