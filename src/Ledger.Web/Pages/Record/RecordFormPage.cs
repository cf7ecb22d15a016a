using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ledger.Domain.Agencies;
using Ledger.Web.Agreements;
using Ledger.Web.Meetings;
using Ledger.Web.Recording;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Web.Pages;

/// <summary>
/// A step of the recording with a form. What was typed is kept as it was typed; what the API would refuse of it is told at its field, in the
/// API's words.
/// </summary>
internal abstract class RecordFormPage(MeetingDrafts drafts, AgreementReader agreements, Recorder recorder) : RecordPage(drafts)
{
    private string? _focus;

    /// <summary>The fields of the form.</summary>
    public abstract ImmutableArray<RecordField> Fields { get; }

    /// <summary>What the fields hold.</summary>
    public JsonObject Value { get; protected set; } = [];

    /// <summary>What the draft held when the form was filled from it.</summary>
    public string Was { get; protected set; } = "";

    /// <summary>What the reader typed while the draft was changed in another window.</summary>
    public JsonObject? Typed { get; private set; }

    /// <summary>The agencies.</summary>
    public AgencyDirectory Agencies { get; private set; } = null!;

    /// <summary>The form as it is shown.</summary>
    public RecordForm Form => new(Errors, [.. Agencies.All.Select(a => (a.Id, Agencies.NameOn(a.Id, agreements.Today, Words.Language)))], Phases, _focus);

    /// <summary>The fields as they are shown.</summary>
    public IEnumerable<RecordFieldView> Views
    {
        get
        {
            var form = Form;
            return Fields.Select(f => new RecordFieldView(form, f, f.Name, Value[f.Name]));
        }
    }

    /// <summary>The titles of the phases to choose from.</summary>
    protected virtual IReadOnlyList<string> Phases => [];

    /// <summary>Where to go once everything is right.</summary>
    protected abstract string Next { get; }

    /// <summary>The agreements as they stand.</summary>
    protected AgreementReader Agreements => agreements;

    public virtual async Task<IActionResult> OnGet()
    {
        await Prepare();
        var part = Part(Draft);
        Was = MeetingDraft.Fingerprint(part);
        Value = part ?? Prefilled();
        if (part is not null)
            await TellProblems();
        return Page();
    }

    public virtual async Task<IActionResult> OnPost(string? act, string? was)
    {
        await Prepare();
        Was = was ?? "";
        var form = await Request.ReadFormAsync(HttpContext.RequestAborted);
        if (!string.IsNullOrEmpty(act))
        {
            Value = RecordField.Read(Fields, form, keepEmptyRows: true);
            RecordField.ChangeRows(Value, act);
            _focus = act.StartsWith("add:", StringComparison.Ordinal) ? act[4..] : null;
            return Page();
        }

        var typed = Completed(RecordField.Read(Fields, form), form);
        if (await Drafts.Change(DraftId, Caller.Subject, Keep) is not { } kept)
            return Missing();

        Draft = kept;
        if (IsChanged)
        {
            var part = Part(Draft);
            (Typed, Value, Was) = (typed, part ?? Prefilled(), MeetingDraft.Fingerprint(part));
            return Page();
        }

        await TellProblems();
        return LocalRedirect(Errors.Any ? Here : Next);

        // The same sent twice is no change; another window's change is not overwritten.
        bool Keep(MeetingDraft draft)
        {
            var part = Part(draft);
            if (JsonNode.DeepEquals(part, typed))
                return false;
            IsChanged = MeetingDraft.Fingerprint(part) != was;
            if (!IsChanged)
                Put(draft, typed);
            return !IsChanged;
        }
    }

    /// <summary>The address of this step.</summary>
    protected virtual string Here => Request.Path.Value!;

    /// <summary>What the draft holds of this step; null where it was never filled in.</summary>
    protected abstract JsonObject? Part(MeetingDraft draft);

    /// <summary>Puts what was filled in into the draft.</summary>
    protected abstract void Put(MeetingDraft draft, JsonObject part);

    /// <summary>What the form begins with.</summary>
    protected virtual JsonObject Prefilled() => [];

    /// <summary>What was filled in with what goes with it unseen.</summary>
    protected virtual JsonObject Completed(JsonObject typed, IFormCollection form) => typed;

    /// <summary>The member of the meeting under which the fields stand, as a JSON Pointer.</summary>
    protected virtual string Pointer => "";

    /// <summary>Reads what the form needs.</summary>
    protected virtual async Task Prepare() => Agencies = await agreements.AgenciesNow(HttpContext.RequestAborted);

    private async Task TellProblems()
    {
        var preview = await MeetingPreview.Of(Draft.ToCommand(), Caller, recorder, HttpContext.RequestServices);
        foreach (var problem in preview.Problems.Where(p => p.Pointer == Pointer || p.Pointer.StartsWith(Pointer + "/", StringComparison.Ordinal)).DistinctBy(p => (p.Pointer, p.Detail)))
        {
            var within = problem.Pointer[Pointer.Length..];
            var hasPlace = RecordField.HasPlace(Fields, within);
            if (!hasPlace && Pointer.Length == 0)
                continue;
            Errors.Add(hasPlace ? RecordField.IdOf(within) : "", problem.Detail);
            RecordMeetingEndpoint.NoteLookedFor(HttpContext, [problem]);
        }
    }
}
