using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Domain.Agreements;
using Ledger.Web.Agreements;
using Ledger.Web.Hosting;
using Ledger.Web.Recording;

namespace Ledger.Web.Meetings;

/// <summary>One outcome of a meeting, as far as it could be read.</summary>
internal sealed record Outcome(string Pointer, string? Agreement, long? ExpectedVersion)
{
    /// <summary>Each kind with the command of the matching request, and how that becomes an act.</summary>
    internal static readonly FrozenDictionary<string, OutcomeKind> Kinds = new Dictionary<string, OutcomeKind>(StringComparer.Ordinal)
    {
        ["proposed"] = OutcomeKind.Of<ProposeAgreement>(null),
        ["discussed"] = OutcomeKind.Of<DiscussAgreement>((c, _) => DiscussAgreementEndpoint.Act(c)),
        ["signed"] = OutcomeKind.Of<SignAgreement>((c, _) => SignAgreementEndpoint.Act(c)),
        ["ratified"] = OutcomeKind.Of<RatifyAgreement>((c, _) => RatifyAgreementEndpoint.Act(c)),
        ["phasePlanned"] = OutcomeKind.Of<PlanPhase>((c, _) => PlanPhaseEndpoint.Act(c)),
        ["phaseCompleted"] = OutcomeKind.Of<CompletePhase>((c, phase) => CompletePhaseEndpoint.Act(phase!, c)),
        ["achieved"] = OutcomeKind.Of<RecordAchievement>((c, _) => RecordAchievementEndpoint.Act(c)),
        ["extended"] = OutcomeKind.Of<ExtendAgreement>((c, _) => ExtendAgreementEndpoint.Act(c)),
        ["amended"] = OutcomeKind.Of<AmendAgreement>((c, _) => AmendAgreementEndpoint.Act(c)),
        ["suspended"] = OutcomeKind.Of<SuspendAgreement>((c, _) => SuspendAgreementEndpoint.Act(c)),
        ["resumed"] = OutcomeKind.Of<ResumeAgreement>((c, _) => ResumeAgreementEndpoint.Act(c)),
        ["withdrawn"] = OutcomeKind.Of<NotifyWithdrawal>((c, _) => NotifyWithdrawalEndpoint.Act(c)),
        ["provisionallyApplied"] = OutcomeKind.Of<ApplyProvisionally>((c, _) => ApplyProvisionallyEndpoint.Act(c)),
        ["terminated"] = OutcomeKind.Of<TerminateAgreement>((c, _) => TerminateAgreementEndpoint.Act(c)),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Every kind of outcome, with the type of its command.</summary>
    public static IReadOnlyDictionary<string, Type> Commands { get; } = Kinds.ToDictionary(x => x.Key, x => x.Value.Command, StringComparer.Ordinal);

    /// <summary>The proposal, where the outcome is one.</summary>
    public ProposeAgreement? Proposal { get; private init; }

    /// <summary>The reference that the outcome proposes, also where the proposal could not be read.</summary>
    public string? ProposedReference { get; private init; }

    /// <summary>Whether the proposal says that its day is not known: <c>"proposedOn": null</c>.</summary>
    public bool IsDayUnknown { get; private init; }

    /// <summary>The act on an agreement, where it is no proposal.</summary>
    public AgreementAct? Act { get; private init; }

    /// <summary>Whether something was wrong with it, and has been reported.</summary>
    public bool IsFlawed { get; private init; }

    /// <summary>Reads an outcome and reports what is wrong with its shape; one brought over from an older record may hold days of EDTF level 1.</summary>
    public static Outcome Parse(JsonObject? json, int index, IServiceProvider services, MeetingProblems problems, bool isHistorical = false)
    {
        var outcome = new Outcome($"/outcomes/{index}", Text(json, "agreement"), Number(json, "expectedVersion"));
        if (json is null)
            return outcome.Flawed(problems, 422, "", "validation", "An outcome is an object with its kind.");
        if (Text(json, "kind") is not { } name || !Kinds.TryGetValue(name, out var kind))
            return outcome.Flawed(problems, 400, "/kind", "malformed", $"The kind of an outcome is one of {string.Join(", ", Kinds.Keys.Order(StringComparer.Ordinal))}.");

        var isProposal = kind.Command == typeof(ProposeAgreement);
        var isPhase = kind.Command == typeof(CompletePhase);
        if (!isProposal && outcome.Agreement is null)
            return outcome.Flawed(problems, 422, "/agreement", "validation", "Name the agreement that this outcome concerns, by id or reference.");
        if (isPhase && Phase(json) is null)
            return outcome.Flawed(problems, 422, "/phase", "validation", "Name the phase, by its id or its number from 1.");
        if (json["expectedVersion"] is not null && outcome.ExpectedVersion is null)
            return outcome.Flawed(problems, 400, "/expectedVersion", "malformed", "expectedVersion is a number.");

        var members = (JsonObject)json.DeepClone();
        foreach (var own in isProposal ? ["kind"] : isPhase ? ["kind", "agreement", "expectedVersion", "phase"] : new[] { "kind", "agreement", "expectedVersion" })
            members.Remove(own);

        var (act, proposal, problem) = kind.Read(JsonSerializer.SerializeToUtf8Bytes(members), Phase(json), services, isHistorical, []);
        if (problem is { Errors: { } errors })
        {
            foreach (var (pointer, sentences) in errors)
                problems.Add(problem.Status, outcome.Pointer + pointer, problem.Code, sentences[0], outcome.Agreement);
        }
        else if (problem is not null)
        {
            problems.Add(problem.Status, outcome.Pointer + problem.Pointer, problem.Code, problem.Detail, outcome.Agreement);
        }

        return outcome with
        {
            Act = act,
            Proposal = proposal,
            ProposedReference = isProposal ? Text(json, "reference") : null,
            IsDayUnknown = isProposal && json.ContainsKey("proposedOn") && json["proposedOn"] is null,
            IsFlawed = problem is not null,
        };
    }

    private static string? Text(JsonObject? json, string member) =>
        json?[member] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static long? Number(JsonObject? json, string member) =>
        json?[member] is JsonValue value && value.TryGetValue<long>(out var number) ? number : null;

    private static string? Phase(JsonObject json) =>
        Text(json, "phase") ?? Number(json, "phase")?.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private Outcome Flawed(MeetingProblems problems, int status, string field, string code, string sentence)
    {
        problems.Add(status, Pointer + field, code, sentence, Agreement);
        return this with { IsFlawed = true };
    }

    /// <summary>A kind of outcome.</summary>
    /// <param name="Command">The command of the matching request.</param>
    /// <param name="Read">Reads the command, one of an older record where that is said, validates it with the rule sets named, and makes the act of it.</param>
    internal sealed record OutcomeKind(
        Type Command, Func<ReadOnlyMemory<byte>, string?, IServiceProvider, bool, string[], (AgreementAct? Act, ProposeAgreement? Proposal, Problem? Problem)> Read)
    {
        public static OutcomeKind Of<TCommand>(Func<TCommand, string?, AgreementAct>? toAct) => new(typeof(TCommand), (json, phase, services, isHistorical, ruleSets) =>
        {
            var (command, problem) = StrictJson.Read<TCommand>(json, isHistorical);
            if (problem is not null)
                return (null, null, problem);
            if (RequestBody.Validate(command!, services, ruleSets) is { Count: > 0 } errors)
                return (null, command as ProposeAgreement, Problem.Invalid(errors));
            return (toAct?.Invoke(command!, phase), command as ProposeAgreement, null);
        });
    }
}
