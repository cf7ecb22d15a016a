using System.Text.Json.Nodes;
using Ledger.Domain.Agreements;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Ledger.Web.Pages;

/// <summary>A page of a draft: only for its author, and only until it is recorded.</summary>
internal abstract class RecordPage(MeetingDrafts drafts) : LedgerPage
{
    /// <summary>The id of the draft; nothing where the address has only white space in its place.</summary>
    [FromRoute(Name = "draft")]
    public string DraftId { get; set; } = "";

    /// <summary>The draft.</summary>
    public MeetingDraft Draft { get; protected set; } = null!;

    /// <summary>Whether the draft was changed in another window since the reader opened this page, so that nothing was kept.</summary>
    public bool IsChanged { get; protected set; }

    /// <summary>The address of the draft, on which those of its steps are built.</summary>
    public string Address => $"/record/{DraftId}";

    /// <summary>Whether the page also shows what has been recorded.</summary>
    protected virtual bool ShowsReceipt => false;

    /// <summary>The drafts.</summary>
    protected MeetingDrafts Drafts => drafts;

    /// <inheritdoc/>
    [NonHandler]
    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        // Never shown again from the browser's own memory: after recording, going back leads to the receipt.
        Response.Headers.CacheControl = "no-cache, no-store";
        if (string.IsNullOrEmpty(DraftId) || await drafts.Find(DraftId, Caller.Subject, HttpContext.RequestAborted) is not { } draft)
            context.Result = Missing();
        else if (draft.Receipt is not null && !ShowsReceipt)
            context.Result = LocalRedirect($"{Address}/receipt");
        else
            await Go(draft);

        Task Go(MeetingDraft found)
        {
            Draft = found;
            return base.OnPageHandlerExecutionAsync(context, next);
        }
    }

    /// <summary>The page on which a member of the meeting is filled in, and the id of its field there.</summary>
    /// <param name="pointer">The member, as a JSON Pointer.</param>
    public string AddressOf(string pointer)
    {
        var steps = pointer.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return steps switch
        {
            ["outcomes", var index, .. var member] when int.TryParse(index, System.Globalization.CultureInfo.InvariantCulture, out var i) && i < Draft.Outcomes.Count =>
                $"{Address}/outcomes/{(string?)Draft.Outcomes[i]["id"]}#{(member.Length == 0 ? "main" : string.Join('-', member))}",
            ["participants", ..] => $"{Address}/participants#{RecordField.IdOf(pointer)}",
            [] => $"{Address}/check#main",
            _ => $"{Address}/facts#{RecordField.IdOf(pointer)}",
        };
    }

    /// <summary>The name by which a reader knows the agreement of an outcome.</summary>
    /// <param name="name">A reference, or the mark of a proposal of this draft.</param>
    /// <param name="known">The agreement of that reference, where there is one.</param>
    public string AgreementName(string? name, Agreement? known) =>
        name is [MeetingDraft.Proposed, .. var proposal] ? (string?)Draft.Outcome(proposal)?["title"] ?? Words["record.untitledAgreement"]
        : known is not null ? $"{known.Proposal.Titles?.In(Words.Language) ?? known.Title} ({known.Reference})"
        : name ?? Words["record.noAgreement"];
}

/// <summary>A form of the recording as it is shown.</summary>
/// <param name="Errors">The problems.</param>
/// <param name="Agencies">The agencies to choose from, each with its name.</param>
/// <param name="Phases">The titles of the phases to choose from, in their order.</param>
/// <param name="Focus">The name of the rows to which one was just added.</param>
internal sealed record RecordForm(PageErrors Errors, IReadOnlyList<(string Code, string Name)> Agencies, IReadOnlyList<string> Phases, string? Focus);

/// <summary>A field as it is shown.</summary>
/// <param name="Form">The form that it is of.</param>
/// <param name="Field">What it is.</param>
/// <param name="Name">Its name in the form: its JSON Pointer without the first slash.</param>
/// <param name="Value">What it holds.</param>
/// <param name="Number">Which row of a list it is, from 1; null where it is none.</param>
internal sealed record RecordFieldView(RecordForm Form, RecordField Field, string Name, JsonNode? Value, int? Number = null)
{
    public string Id => RecordField.IdOf(Name);

    public IEnumerable<string> Errors => Form.Errors.At(Id);

    public bool HasErrors => Errors.Any();

    /// <summary>Whether it, or anything in it, is filled in or at fault.</summary>
    public bool IsOpen => Value is not null || Form.Errors.All.Any(e => e.Field == Id || e.Field.StartsWith(Id + "-", StringComparison.Ordinal));

    public string Text => Value switch
    {
        JsonArray lines => string.Join('\n', lines.Select(line => (string?)line)),
        JsonValue value => value.ToString(),
        _ => "",
    };

    /// <summary>What was typed into some fields, as plain text.</summary>
    public static string Plain(IEnumerable<RecordField> fields, JsonObject value, Words words) => string.Join('\n', fields.Where(f => value[f.Name] is not null).Select(field => $"{words[field.Label]}: {Plain(field, value[field.Name]!, words)}"));

    private static string Plain(RecordField field, JsonNode value, Words words) => value switch
    {
        JsonArray rows => string.Join("; ", rows.OfType<JsonNode>().Select(row => Plain(field, row, words))),
        JsonObject group => string.Join(", ", field.Fields.Where(f => group[f.Name] is not null).Select(f => Plain(f, group[f.Name]!, words))),
        _ => value.ToString(),
    };

    public bool HasRow(int index) => Value is JsonArray rows && index < rows.Count;

    public int Rows => Value is JsonArray { Count: > 0 } rows ? rows.Count : 1;

    public RecordFieldView Member(RecordField member) => new(Form, member, $"{Name}/{member.Name}", (Value as JsonObject)?[member.Name]);

    /// <summary>Whether the reader is led to it, because its row was just added.</summary>
    public bool IsFocused { get; init; }

    /// <summary>The field of a row, or each field of it.</summary>
    public IEnumerable<RecordFieldView> Row(int index)
    {
        var isNew = Form.Focus == Name && index == Rows - 1;
        var value = HasRow(index) ? Value!.AsArray()[index] : null;
        return Field.Fields is [{ Name: "" } single]
            ? [new(Form, single, $"{Name}/{index}", value, index + 1) { IsFocused = isNew }]
            : Field.Fields.Select((member, place) => new RecordFieldView(Form, member, $"{Name}/{index}/{member.Name}", (value as JsonObject)?[member.Name], index + 1) { IsFocused = isNew && place == 0 });
    }
}
