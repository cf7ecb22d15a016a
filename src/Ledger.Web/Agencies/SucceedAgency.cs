using FluentValidation;
using Ledger.Domain;
using Ledger.Domain.Agencies;
using Ledger.Web.Access;
using Ledger.Web.Hosting;
using Ledger.Web.Recording;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace Ledger.Web.Agencies;

/// <summary>Records that another agency takes this one's place.</summary>
public static class SucceedAgencyEndpoint
{
    /// <summary>Record that another agency takes this one's place in every agreement.</summary>
    /// <remarks>For registrars. From that day the successor stands in the agency’s place in every agreement. Refused as <c>agency-succeeded</c>, <c>succession-circular</c>, <c>unknown-agency</c>, <c>act-in-future</c>.</remarks>
    [Tags("Agencies")]
    [ProducesResponseType<AgencyKept>(201)]
    [ProducesResponseType<AgencyKept>(200)]
    [WolverinePost("/api/v1/agencies/{code}/succession", OperationId = "succeedAgency")]
    public static Task<IResult> Post(string code, [Body] SucceedAgency command, Recorder recorder, HttpContext http) => recorder.Run(http, Operation.KeepAgencies, canRepeat: true, new() { Agency = code }, async draft =>
    {
        await draft.SucceedOneAtATime();
        if (draft.Agency is not { } agency)
            return AgencyViewEndpoint.NotFound(code);

        var decision = AgencyDecider.Succeed(agency, command, draft.Agencies, draft.Today);
        if (decision is Decision.Refused refused)
            return Problem.Rule(refused);

        var events = ((Decision.Decided)decision).Events;
        var version = draft.Append(code, events);
        return new Answer(events.IsEmpty ? 200 : 201, entries => new AgencyKept(code, version, entries))
        {
            Location = events.IsEmpty ? null : $"/api/v1/agencies/{code}",
            ETag = version,
        };
    });
}

internal sealed class SucceedAgencyValidator : AbstractValidator<SucceedAgency>
{
    public SucceedAgencyValidator()
    {
        RuleFor(x => x.Successor).Code();
        RuleFor(x => x.OccurredOn).Day();
    }
}
