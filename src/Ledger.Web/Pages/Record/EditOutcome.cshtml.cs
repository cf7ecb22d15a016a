using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Ledger.Domain.Agreements;
using Ledger.Web.Agreements;
using Ledger.Web.Recording;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Web.Pages;

/// <summary>One outcome of the meeting, with the fields of its kind alone.</summary>
internal sealed class EditOutcomeModel(MeetingDrafts drafts, AgreementReader agreements, Recorder recorder) : RecordFormPage(drafts, agreements, recorder)
{
    private Agreement? _agreement;

    [FromRoute(Name = "outcome")]
    public string OutcomeId { get; set; } = "";

    /// <summary>The kind, where it is not in the draft yet.</summary>
    [BindProperty(SupportsGet = true, Name = "kind")]
    public string? ChosenKind { get; set; }

    /// <summary>The agreement, where another one was chosen than the draft holds.</summary>
    [BindProperty(SupportsGet = true, Name = "agreement")]
    public string? ChosenAgreement { get; set; }

    /// <summary>The version of the agreement that the reader has seen.</summary>
    [BindProperty(Name = "expectedVersion")]
    public long? ExpectedVersion { get; set; }

    public override ImmutableArray<RecordField> Fields => RecordFields.Of(Kind);

    public string Kind => (string?)Existing?["kind"] ?? ChosenKind!;

    /// <summary>The agreement by its reference, or the mark of a proposal of this draft; null where the kind begins one.</summary>
    public string? AgreementOf => Kind == "proposed" ? null : PageInput.TextOf(ChosenAgreement) ?? (string?)Existing?["agreement"];

    public string AgreementShown => AgreementName(AgreementOf, _agreement);

    public bool IsNew => Existing is null;

    protected override string Next => $"{Address}/outcomes";

    protected override string Pointer => $"/outcomes/{Draft.IndexOf(OutcomeId)}";

    protected override IReadOnlyList<string> Phases
    {
        get
        {
            var proposal = AgreementOf is [MeetingDraft.Proposed, .. var id] ? Draft.Outcome(id) : null;
            var foreseen = proposal?["phases"]?.AsArray().Select(p => (string?)p?["title"] ?? "") ?? _agreement?.Phases.Select(p => p.Phase.Title) ?? [];
            var planned = Draft.Outcomes.TakeWhile(o => (string?)o["id"] != OutcomeId).Where(o => (string?)o["kind"] == "phasePlanned" && (string?)o["agreement"] == AgreementOf).Select(o => (string?)o["title"] ?? "");
            return [.. foreseen.Concat(planned).Distinct(StringComparer.Ordinal)];
        }
    }

    private JsonObject? Existing => Draft.Outcome(OutcomeId);

    public override async Task<IActionResult> OnGet() => IsUsable ? await base.OnGet() : Missing();

    public override async Task<IActionResult> OnPost(string? act, string? was) => IsUsable ? await base.OnPost(act, was) : Missing();

    protected override async Task Prepare()
    {
        await base.Prepare();
        if (AgreementOf is { } name and not [MeetingDraft.Proposed, ..])
            _agreement = await AgreementNamed(Agreements, name);
        ExpectedVersion ??= (string?)Existing?["agreement"] == AgreementOf ? (long?)Existing?["expectedVersion"] : _agreement?.Version;
    }

    protected override JsonObject? Part(MeetingDraft draft) => draft.Outcome(OutcomeId)?.DeepClone().AsObject();

    protected override void Put(MeetingDraft draft, JsonObject part)
    {
        if (draft.Content["outcomes"] is not JsonArray outcomes)
            draft.Content["outcomes"] = outcomes = [];
        if (draft.IndexOf(OutcomeId) is >= 0 and var index)
            outcomes[index] = part.DeepClone();
        else
            outcomes.Add(part.DeepClone());
    }

    protected override JsonObject Completed(JsonObject typed, IFormCollection form)
    {
        typed["id"] = OutcomeId;
        typed["kind"] = Kind;
        if (AgreementOf is { } agreement)
            typed["agreement"] = agreement;
        if (ExpectedVersion is { } version && AgreementOf is not (null or [MeetingDraft.Proposed, ..]))
            typed["expectedVersion"] = version;
        return typed;
    }

    // Nothing is asked twice: who is party is mostly who took part, and who signs for an agency mostly the reader's own.
    protected override JsonObject Prefilled()
    {
        var value = new JsonObject();
        if (Fields.Any(f => f.Name == "party"))
            value["party"] = Caller.Agency;
        if (Kind == "proposed")
            value["parties"] = new JsonArray([.. Draft.Participants.Select(p => (string?)p["agency"]).Append(Caller.Agency).OfType<string>().Distinct(StringComparer.Ordinal).Select(code => (JsonNode)code)]);
        if (Kind == "signed" && Draft.Content["place"]?["city"] is { } city)
            value["place"] = city.DeepClone();
        if (Kind == "phaseCompleted" && Phases.Count == 1)
            value["phase"] = 1.ToString(CultureInfo.InvariantCulture);
        return value;
    }

    private bool IsUsable => OutcomeId.Length is > 0 and <= 40 && OutcomeId.All(char.IsAsciiLetterOrDigit) && RecordFields.IsKind(Kind);
}
