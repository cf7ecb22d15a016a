using FluentValidation;
using Ledger.Domain.Meetings;
using Ledger.Web.Access;
using Ledger.Web.Hosting;
using Ledger.Web.Recording;
using Wolverine.Http;

namespace Ledger.Web.Meetings;

/// <summary>Records that an agency approved the minutes.</summary>
public static class ApproveMinutesEndpoint
{
    /// <summary>Record that an agency which took part approves the minutes as they stand.</summary>
    /// <remarks>Each side approves the same text once; a correction makes a new text. Refused as <c>not-a-participant</c>, <c>already-approved</c>, <c>approved-before-held</c>, <c>act-in-future</c>.</remarks>
    [Tags("Meetings")]
    [WolverinePost("/api/v1/meetings/{id}/minutes-approvals", OperationId = "approveMinutes")]
    public static Task<IResult> Post(string id, [Body] ApproveMinutes command, Recorder recorder, HttpContext http) => recorder.Run(http, Operation.ApproveMinutes, canRepeat: http.Request.Headers.IfMatch.Count == 0, new() { Meeting = id }, draft => Task.FromResult(Decide(id, command, draft, http)));

    private static IResult Decide(string id, ApproveMinutes command, Draft draft, HttpContext http)
    {
        if (draft.Meeting is not { } meeting)
            return MeetingViewEndpoint.NotFound(id);
        if (draft.Caller.RefusalToActFor(Operation.ApproveMinutes, command.Agency, draft.Agencies) is { } forbidden)
            return forbidden;
        if (http.Request.Headers.IfMatch.Count > 0 && Recorder.VersionProblem(http, meeting.Version) is { } problem)
            return problem;

        return draft.Append(MeetingDecider.ApproveMinutes(meeting, command, draft.Occasion(null)));
    }
}

internal sealed class ApproveMinutesValidator : AbstractValidator<ApproveMinutes>
{
    public ApproveMinutesValidator()
    {
        RuleFor(x => x.Agency).Code();
        RuleFor(x => x.ApprovedOn).Day();
    }
}
