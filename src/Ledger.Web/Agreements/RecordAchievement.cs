using FluentValidation;
using Ledger.Domain.Agreements;
using Ledger.Web.Hosting;
using Ledger.Web.Recording;
using Wolverine.Http;

namespace Ledger.Web.Agreements;

/// <summary>Records an achievement under an agreement.</summary>
public static class RecordAchievementEndpoint
{
    /// <summary>Record an achievement.</summary>
    /// <remarks>A launch, a payload in orbit, a delivery; with the numbers that go with it and whom each item is for. Refused as <c>unknown-agency</c>, <c>act-in-future</c>, <c>agreement-ended</c>.</remarks>
    [Tags("Agreements")]
    [WolverinePost("/api/v1/agreements/{id}/achievements", OperationId = "recordAchievement")]
    public static Task<IResult> Post(string id, [Body] RecordAchievement command, Recorder recorder, HttpContext http) =>
        recorder.Act(http, id, Act(command));

    internal static AgreementAct Act(RecordAchievement command) => new((agreement, occasion, _) => AgreementDecider.Achieve(agreement, command, occasion));
}

internal sealed class RecordAchievementValidator : AbstractValidator<RecordAchievement>
{
    public RecordAchievementValidator()
    {
        RuleFor(x => x.Title).Text(300);
        RuleFor(x => x.Summary).OptionalText(10_000);
        RuleFor(x => x.Counters).AtMost(100);
        RuleForEach(x => x.Counters).ChildRules(counter => counter.RuleFor(c => c.Label).Text(200));
        RuleFor(x => x.Beneficiaries).AtMost(200);
        RuleForEach(x => x.Beneficiaries).ChildRules(beneficiary =>
        {
            beneficiary.RuleFor(b => b.Item).Text(200);
            beneficiary.RuleFor(b => b.Agency).Code();
        });
        RuleSet(RequestBody.Alone, () => RuleFor(x => x.OccurredOn).Day());
    }
}
