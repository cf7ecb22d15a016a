using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FluentValidation;
using Ledger.Domain.Agreements;
using Ledger.Domain.Days;
using Ledger.Domain.Meetings;
using Ledger.Web.Access;
using Ledger.Web.Hosting;
using Ledger.Web.Recording;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace Ledger.Web.Meetings;

/// <summary>A meeting with everything it came to. Recorded whole or not at all.</summary>
/// <param name="Title">Its title.</param>
/// <param name="HeldOn">The day it was held, at the place.</param>
public sealed record RecordMeeting(string Title, Day? HeldOn)
{
    /// <summary>Where.</summary>
    public Place? Place { get; init; }

    /// <summary>Who hosted it.</summary>
    public NamedPerson? Host { get; init; }

    /// <summary>Who took part.</summary>
    public ImmutableArray<NamedParticipant> Participants { get; init; } = [];

    /// <summary>What was on the agenda.</summary>
    public ImmutableArray<string> Agenda { get; init; } = [];

    /// <summary>What it came to: each with its <c>kind</c>, the <c>agreement</c> it concerns, and the members of the matching request. An agreement that an earlier outcome proposes can be named as <c>/outcomes/0</c>.</summary>
    public ImmutableArray<JsonObject> Outcomes { get; init; } = [];
}

/// <summary>Somebody who took part.</summary>
/// <param name="Name">The name.</param>
/// <param name="Office">The office held.</param>
/// <param name="Agency">The code of the agency for which they did.</param>
public sealed record NamedParticipant(string Name, string? Office = null, string? Agency = null);

/// <summary>What recording a meeting answers.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Reference">Its reference.</param>
/// <param name="Sequence">The place of the meeting's own entry in the whole ledger.</param>
/// <param name="Version">The version of the meeting.</param>
/// <param name="Entries">The entries that its outcomes made, in their order.</param>
/// <param name="Agreements">The agreements touched, each with its version now.</param>
public sealed record MeetingMade(
    string Id, string Reference, long Sequence, long Version, IReadOnlyList<EntryMade> Entries, IReadOnlyList<AgreementVersion> Agreements);

/// <summary>An agreement and its version.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Reference">Its reference.</param>
/// <param name="Version">Its version.</param>
public sealed record AgreementVersion(string Id, string Reference, long Version);

/// <summary>Records a meeting.</summary>
public static class RecordMeetingEndpoint
{
    /// <summary>The rule set for the facts of the meeting, judged together with its outcomes so that every problem is reported at once.</summary>
    internal const string Facts = "facts";

    /// <summary>Record a meeting and every outcome of it, whole or not at all.</summary>
    /// <remarks>For officers of an agency that took part and for registrars. One commit: the first problem in any outcome refuses the whole meeting, and every problem is reported under <c>problems</c>, each at its outcome. An outcome has the members of the matching request; days left out are the day of the meeting.</remarks>
    [Tags("Meetings")]
    [ProducesResponseType<MeetingMade>(201)]
    [WolverinePost("/api/v1/meetings", OperationId = "recordMeeting")]
    public static Task<IResult> Post([Body] RecordMeeting command, Recorder recorder, HttpContext http) =>
        recorder.Run(http, Operation.RecordMeeting, canRepeat: true, ReadsOf(command), async draft =>
        {
            var result = (await Decide(command, draft, http.RequestServices)).Result;
            if (result is Problem { Problems: { } problems })
                NoteLookedFor(http, problems);
            return result;
        });

    /// <summary>Notes the agreements of which the caller is told by these problems that there are none, or that a reference is not theirs to give.</summary>
    internal static void NoteLookedFor(HttpContext http, IEnumerable<OutcomeProblem> problems) =>
        SecurityLog.NoteLookedFor(http, problems.Where(p => p.Code is "unknown-agreement" or "reference-taken").Select(p => p.Agreement).OfType<string>());

    /// <summary>The agreements that the outcomes name.</summary>
    internal static Reads ReadsOf(RecordMeeting command) => new()
    {
        Agreements = [.. Items(command.Outcomes).Select(outcome => outcome?["agreement"] is JsonValue name && name.TryGetValue<string>(out var text) ? text : null).OfType<string>()],
    };

    /// <summary>What recording a meeting comes to: the answer or the problem, and what each outcome that can stand has decided.</summary>
    /// <param name="command">The meeting.</param>
    /// <param name="draft">The transaction, which a preview takes back.</param>
    /// <param name="services">Where the validators are.</param>
    /// <param name="isPreview">Whether to go on and tell every problem where it is not the caller's to record it.</param>
    internal static async Task<DecidedMeeting> Decide(RecordMeeting command, Draft draft, IServiceProvider services, bool isPreview = false)
    {
        var problems = new MeetingProblems();
        if (draft.Caller.RefusalOfMeeting(Operation.RecordMeeting, Items(command.Participants).Select(p => p?.Agency)) is { } forbidden)
        {
            if (!isPreview)
                return new(forbidden, []);
            problems.Add(forbidden.Status, "/participants", forbidden.Code, forbidden.Detail, null);
        }

        foreach (var (pointer, sentence) in RequestBody.Validate(command, services, Facts))
            problems.Add(422, pointer, "validation", sentence, null);
        var outcomes = Items(command.Outcomes).Select((json, index) => Outcome.Parse(json, index, services, problems)).ToList();
        if (command.HeldOn is not { } heldOn)
            return new(problems.ToProblem(), []);

        var taken = await draft.TakenReferences(outcomes.Select(o => o.Proposal?.Reference).OfType<string>());
        await draft.Name(Persons(command, outcomes));

        var id = draft.NewId();
        var occasion = draft.Occasion(id, heldOn, TodayAt(command.Place, draft));
        foreach (var refused in MeetingDecider.Problems(heldOn, Items(command.Participants).Select(p => p?.Agency), occasion))
            problems.Add(409, refused.Field!, refused.Code, refused.Sentence, null);

        var decided = new List<DecidedOutcome>();
        var unusable = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (outcome, index) in outcomes.Select((outcome, index) => (outcome, index)))
        {
            if (await DecideOutcome(outcome, draft, occasion, taken, problems, unusable) is var (agreement, entries))
                decided.Add(new(index, agreement, entries));
        }

        if (problems.Any)
            return new(problems.ToProblem(), decided);

        draft.Start(heldOn.Latest.Year, reference => new MeetingRecorded(id, reference, command.Title)
        {
            OccurredOn = heldOn,
            Place = command.Place,
            Host = command.Host is { } host ? draft.Outside.Person(host) : null,
            Participants = [.. command.Participants.Select(p => new Participant(draft.Outside.Person(new(p.Name, p.Office)), p.Agency))],
            Agenda = command.Agenda,
            Entries = [.. decided.SelectMany(x => x.Entries)],
        });
        var reference = draft.LateReference!.Placeholder;
        var agreements = decided.Select(x => x.Agreement).Distinct().Select(a => new AgreementVersion(a.State.Id, a.State.Reference, a.State.Version)).ToList();
        return new(
            new Answer(201, entries => new MeetingMade(id, reference, entries.Single(e => e.Meeting is not null).Sequence, 1, [.. entries.Where(e => e.Meeting is null)], agreements))
            {
                Location = $"/api/v1/meetings/{reference}",
                ETag = 1,
            },
            decided);
    }

    private static async Task<(AgreementDraft Agreement, ImmutableArray<CausedEntry> Entries)?> DecideOutcome(
        Outcome outcome, Draft draft, Occasion occasion, ImmutableHashSet<string> taken, MeetingProblems problems, HashSet<string> unusable)
    {
        // What rests on a proposal that is refused is not reported a second time.
        if (outcome.IsFlawed)
            unusable.UnionWith(new[] { outcome.Pointer, outcome.ProposedReference }.OfType<string>());
        if (!outcome.IsFlawed && outcome.Proposal is { } proposal)
        {
            if (await Propose(proposal) is not null)
            {
                unusable.UnionWith(new[] { outcome.Pointer, proposal.Reference }.OfType<string>());
                return null;
            }

            draft.Call(outcome.Pointer, draft.LastProposed!);
            return (draft.LastProposed!, draft.LastProposed!.EntriesFrom(0));
        }

        if (outcome.IsFlawed || outcome.Act is not { } act || unusable.Contains(outcome.Agreement!))
            return null;

        if (draft.Find(outcome.Agreement!) is not { } agreement || !(agreement.IsNew || draft.Caller.MaySee(agreement.State, draft.Agencies)))
        {
            return problems.Add(409, $"{outcome.Pointer}/agreement", "unknown-agreement", $"There is no agreement {outcome.Agreement}. Propose it in an earlier outcome of this meeting, or check the reference.", outcome.Agreement);
        }

        if (outcome.ExpectedVersion is { } expected && expected != agreement.ReadVersion)
            return problems.Add(409, outcome.Pointer, "stale-outcome", $"{agreement.State.Reference} stands at version {agreement.ReadVersion}, not {expected}. Read what was added, then keep or drop this outcome.", agreement.State.Reference);
        if (draft.Caller.RefusalToAct(act.Operation, agreement.State, act.Party, draft.Agencies, draft.Today) is { } forbidden)
            return problems.Add(403, outcome.Pointer, forbidden.Code, forbidden.Detail, agreement.State.Reference);

        var from = agreement.NewEvents.Count;
        return draft.Decide(agreement, act, occasion) is { } no
            ? problems.Add(409, outcome.Pointer + no.Field, no.Code, no.Sentence, agreement.State.Reference)
            : (agreement, agreement.EntriesFrom(from));

        async Task<string?> Propose(ProposeAgreement p)
        {
            if (draft.Caller.RefusalToPropose(p.Parties, draft.Agencies, draft.Today) is { } forbidden)
                return Say(403, "", forbidden.Code, forbidden.Detail);
            if (p.Reference is { } wanted && (taken.Contains(wanted) || draft.Find(wanted) is not null))
                return Say(409, "/reference", "reference-taken", $"Another agreement bears the reference {wanted}. Give another one, or leave it out and the ledger gives the next.");

            var dated = outcome.IsDayUnknown ? p : p with { ProposedOn = p.ProposedOn ?? occasion.HeldOn };
            var reference = p.Reference ?? await draft.NextReference("CA", (dated.ProposedOn ?? occasion.HeldOn)!.Latest.Year);
            var (_, refused) = draft.Propose(dated, reference, occasion);
            return refused is null ? null : Say(409, refused.Field ?? "", refused.Code, refused.Sentence);
        }

        string Say(int status, string field, string code, string sentence)
        {
            problems.Add(status, outcome.Pointer + field, code, sentence, outcome.Proposal?.Reference);
            return code;
        }
    }

    // A meeting may have begun at its place while it is still the day before at Greenwich.
    private static DateOnly TodayAt(Place? place, Draft draft)
    {
        if (place?.TimeZone is not { } zone || !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found))
            return draft.Today;
        var there = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(draft.RecordedAt, found).DateTime);
        return there > draft.Today ? there : draft.Today;
    }

    /// <summary>Everybody whom the meeting and its outcomes name.</summary>
    internal static IEnumerable<NamedPerson> Persons(RecordMeeting command, IEnumerable<Outcome> outcomes) =>
        Items(command.Participants).Where(p => !string.IsNullOrWhiteSpace(p?.Name)).Select(p => new NamedPerson(p.Name, p.Office))
            .Concat(command.Host is { Name: not null } host ? [host] : [])
            .Concat(outcomes.Where(o => !o.IsFlawed).SelectMany(o => o.Act?.Persons ?? []));

    private static ImmutableArray<T> Items<T>(ImmutableArray<T> items) => items.IsDefault ? [] : items;
}

/// <summary>What recording a meeting comes to.</summary>
/// <param name="Result">The answer, or the problem.</param>
/// <param name="Outcomes">What the outcomes that can stand have decided, in their order.</param>
internal sealed record DecidedMeeting(IResult Result, IReadOnlyList<DecidedOutcome> Outcomes);

/// <summary>What an outcome has decided.</summary>
/// <param name="Index">Its place among the outcomes, from 0.</param>
/// <param name="Agreement">The agreement touched.</param>
/// <param name="Entries">The entries it makes; none where it was already so.</param>
internal sealed record DecidedOutcome(int Index, AgreementDraft Agreement, ImmutableArray<CausedEntry> Entries);

/// <summary>The problems of a meeting: all of them, each at its outcome.</summary>
internal sealed class MeetingProblems
{
    private readonly List<(int Status, OutcomeProblem Problem)> _problems = [];

    /// <summary>Every problem, in the order in which they were found.</summary>
    public IEnumerable<OutcomeProblem> All => _problems.Select(p => p.Problem);

    public bool Any => _problems.Count > 0;

    /// <summary>Notes a problem, and answers with nothing for whoever looks for an agreement touched.</summary>
    public (AgreementDraft, ImmutableArray<CausedEntry>)? Add(int status, string pointer, string code, string sentence, string? agreement)
    {
        _problems.Add((status, new OutcomeProblem(pointer, code, sentence, agreement)));
        return null;
    }

    /// <summary>The gravest kind of problem gives the status; the first of that kind gives the code.</summary>
    public Problem ToProblem()
    {
        var status = new[] { 400, 403, 422, 409 }.First(s => _problems.Any(p => p.Status == s));
        var first = _problems.First(p => p.Status == status).Problem;
        var title = status switch
        {
            400 => "The request cannot be read",
            403 => "This is not yours to do",
            422 => "Some values are missing or cannot be right",
            _ => "The rules of the record refuse this",
        };
        var detail = _problems.Count == 1
            ? first.Detail
            : $"Nothing of the meeting was recorded. {_problems.Count} problems are listed under problems, each at its outcome; the first: {first.Detail}";
        return new Problem(status, first.Code, title, detail)
        {
            Errors = _problems.GroupBy(p => p.Problem.Pointer, p => p.Problem.Detail, StringComparer.Ordinal)
                .ToImmutableSortedDictionary(g => g.Key, g => g.ToImmutableArray(), StringComparer.Ordinal),
            Problems = [.. _problems.Select(p => p.Problem)],
        };
    }
}

internal sealed class RecordMeetingValidator : AbstractValidator<RecordMeeting>
{
    public RecordMeetingValidator() => RuleSet(RecordMeetingEndpoint.Facts, () =>
    {
        RuleFor(x => x.Title).Text(300);
        RuleFor(x => x.HeldOn).Day();
        RuleFor(x => x.Place!).ChildRules(place =>
        {
            place.RuleFor(p => p.City).OptionalText(200);
            place.RuleFor(p => p.Venue).OptionalText(300);
            place.RuleFor(p => p.Country).Country();
            place.RuleFor(p => p.TimeZone).Must(zone => zone is null || TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _)).WithMessage("A time zone is an IANA name such as Europe/Moscow.");
        }).When(x => x.Place is not null);
        RuleFor(x => x.Host!).SetValidator(new Agreements.NamedPersonValidator()).When(x => x.Host is not null);
        RuleFor(x => x.Participants).AtMost(500);
        RuleForEach(x => x.Participants).ChildRules(participant =>
        {
            participant.RuleFor(p => p.Name).Text(200);
            participant.RuleFor(p => p.Office).OptionalText(300);
            participant.RuleFor(p => p.Agency!).Code().When(p => p.Agency is not null);
        });
        RuleFor(x => x.Agenda).Texts(200, 500);
        RuleFor(x => x.Outcomes).AtMost(1_000);
    });
}
