using System.Text.Json;
using Ledger.Domain;
using Ledger.Domain.Agreements;
using Ledger.Domain.Meetings;
using Ledger.Web.Access;
using Ledger.Web.Hosting;
using Ledger.Web.Persons;
using Ledger.Web.Recording;
using Wolverine.Http;

namespace Ledger.Web.Meetings;

/// <summary>Puts an entry of a meeting right.</summary>
public static class CorrectMeetingEndpoint
{
    /// <summary>Correct an entry of a meeting. Readers see the corrected value; what was written stays.</summary>
    /// <remarks>As for the entries of an agreement. Refused as <c>unknown-entry</c>, <c>unknown-field</c>, <c>value-does-not-fit</c>, <c>cannot-correct-correction</c>, <c>not-a-participant</c>, <c>unknown-agency</c>, <c>act-in-future</c>.</remarks>
    [Tags("Meetings")]
    [WolverinePost("/api/v1/meetings/{id}/corrections", OperationId = "correctMeeting")]
    public static Task<IResult> Post(string id, [Body] CorrectEntry command, Recorder recorder, HttpContext http) => recorder.Run(http, Operation.CorrectMeeting, canRepeat: false, new() { Meeting = id }, async draft =>
    {
        if (draft.Meeting is not { } meeting)
            return MeetingViewEndpoint.NotFound(id);
        if (draft.Caller.RefusalOfMeeting(Operation.CorrectMeeting, meeting.Agencies) is { } forbidden)
            return forbidden;
        if (Recorder.VersionProblem(http, meeting.Version) is { } problem)
            return problem;

        var entries = await draft.Entries(meeting.Id);
        var target = entries.FirstOrDefault(e => e.Sequence == command.Corrects) ?? entries.FirstOrDefault(e => e.Version == command.Corrects);
        if (target is null)
            return Problem.Rule(new("unknown-entry", $"{meeting.Reference} has no entry {command.Corrects}. Give the sequence or the version that its history shows.", "/corrects"));

        if (PersonCorrection.Of(command) is { } person)
            return await CorrectPerson(draft, meeting, command, person);

        var seen = entries.Select(e => e.Event).OfType<Domain.Meetings.EntryCorrected>().Where(c => c.Corrects == target.Version)
            .Aggregate((MeetingEvent)target.Event, (e, c) => Correction.Apply(e, c.Field, c.Value));
        return draft.Append(MeetingDecider.Correct(meeting, command, new(target.Version, target.RecordedAt, seen), draft.Occasion(null)));
    });

    private static async Task<IResult> CorrectPerson(Draft draft, Meeting meeting, CorrectEntry command, PersonCorrection person)
    {
        if (person.Problem is { } problem)
            return Problem.Invalid([KeyValuePair.Create("/value", problem)]);

        if (await draft.Corrected(person, JsonSerializer.SerializeToNode(meeting.Facts, LedgerJson.Options)!) is not { } named)
            return Problem.Rule(new("unknown-field", $"{meeting.Reference} names nobody at {command.Field}, or the name was erased.", "/field"));

        await draft.Name([named]);
        return draft.Append(MeetingDecider.CorrectPerson(meeting, person.Place, draft.Outside.Person(named), command.Reason, draft.Occasion(null)));
    }
}
