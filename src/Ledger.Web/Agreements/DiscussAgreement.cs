using FluentValidation;
using Ledger.Domain.Agreements;
using Ledger.Web.Hosting;
using Ledger.Web.Recording;
using Wolverine.Http;

namespace Ledger.Web.Agreements;

/// <summary>Records that an agreement was discussed.</summary>
public static class DiscussAgreementEndpoint
{
    /// <summary>Record a discussion.</summary>
    /// <remarks>Two discussions on one day are two discussions. Refused as <c>act-in-future</c>, <c>act-before-proposal</c>, <c>agreement-ended</c>.</remarks>
    [Tags("Agreements")]
    [WolverinePost("/api/v1/agreements/{id}/discussions", OperationId = "discussAgreement")]
    public static Task<IResult> Post(string id, [Body] DiscussAgreement command, Recorder recorder, HttpContext http) =>
        recorder.Act(http, id, Act(command));

    internal static AgreementAct Act(DiscussAgreement command) => new((agreement, occasion, _) => AgreementDecider.Discuss(agreement, command, occasion)) { Day = "/discussedOn" };
}

internal sealed class DiscussAgreementValidator : AbstractValidator<DiscussAgreement>
{
    public DiscussAgreementValidator()
    {
        RuleFor(x => x.Summary).Text(10_000);
        RuleFor(x => x.Topics).Texts(50, 200);
        RuleSet(RequestBody.Alone, () => RuleFor(x => x.DiscussedOn).Day());
    }
}
