using FluentValidation;
using Ledger.Domain.Agreements;
using Ledger.Web.Hosting;
using Ledger.Web.Recording;
using Wolverine.Http;

namespace Ledger.Web.Agreements;

/// <summary>Records a party's signature.</summary>
public static class SignAgreementEndpoint
{
    /// <summary>Record a party's signature.</summary>
    /// <remarks>A signature authenticates the text and is no consent to be bound (Vienna Convention, articles 10 and 18). Refused as <c>not-a-party</c>, <c>already-signed</c>, <c>agency-succeeded</c>, <c>unknown-agency</c>, <c>act-in-future</c>, <c>act-before-proposal</c>, <c>agreement-ended</c>.</remarks>
    [Tags("Agreements")]
    [WolverinePost("/api/v1/agreements/{id}/signatures", OperationId = "signAgreement")]
    public static Task<IResult> Post(string id, [Body] SignAgreement command, Recorder recorder, HttpContext http) =>
        recorder.Act(http, id, Act(command));

    internal static AgreementAct Act(SignAgreement command) => new((agreement, occasion, outside) =>
        AgreementDecider.Sign(agreement, command, command.Signatory is { } person ? outside.Person(person) : null, occasion))
    {
        Party = command.Party,
        Day = "/signedOn",
        Persons = command.Signatory is { } signatory ? [signatory] : [],
    };
}

internal sealed class SignAgreementValidator : AbstractValidator<SignAgreement>
{
    public SignAgreementValidator()
    {
        RuleFor(x => x.Party).Code();
        RuleFor(x => x.Place).OptionalText(200);
        RuleFor(x => x.Signatory!).SetValidator(new NamedPersonValidator()).When(x => x.Signatory is not null);
        RuleSet(RequestBody.Alone, () => RuleFor(x => x.SignedOn).Day());
    }
}

internal sealed class NamedPersonValidator : AbstractValidator<NamedPerson>
{
    public NamedPersonValidator()
    {
        RuleFor(x => x.Name).Text(200);
        RuleFor(x => x.Office).OptionalText(300);
    }
}
