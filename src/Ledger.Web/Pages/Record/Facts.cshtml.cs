using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ledger.Web.Agreements;
using Ledger.Web.Recording;

namespace Ledger.Web.Pages;

/// <summary>The facts of the meeting: when, where, on what.</summary>
internal sealed class FactsModel(MeetingDrafts drafts, AgreementReader agreements, Recorder recorder) : RecordFormPage(drafts, agreements, recorder)
{
    public override ImmutableArray<RecordField> Fields => RecordFields.Facts;

    protected override string Next => Draft.Participants.Count == 0 ? $"{Address}/participants" : Address;

    protected override JsonObject? Part(MeetingDraft draft)
    {
        var part = new JsonObject(Fields.Where(f => draft.Content[f.Name] is not null).Select(f => KeyValuePair.Create(f.Name, draft.Content[f.Name]?.DeepClone())));
        return part.Count == 0 ? null : part;
    }

    protected override void Put(MeetingDraft draft, JsonObject part)
    {
        foreach (var field in Fields)
        {
            draft.Content.Remove(field.Name);
            if (part[field.Name] is { } value)
                draft.Content[field.Name] = value.DeepClone();
        }
    }
}
