using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ledger.Web.Agreements;
using Ledger.Web.Recording;

namespace Ledger.Web.Pages;

/// <summary>Who took part in the meeting.</summary>
internal sealed class ParticipantsModel(MeetingDrafts drafts, AgreementReader agreements, Recorder recorder) : RecordFormPage(drafts, agreements, recorder)
{
    public override ImmutableArray<RecordField> Fields => RecordFields.Participants;

    protected override string Next => Draft.Outcomes.Count == 0 ? $"{Address}/outcomes" : Address;

    protected override JsonObject? Part(MeetingDraft draft) =>
        draft.Content["participants"] is { } participants ? new() { ["participants"] = participants.DeepClone() } : null;

    protected override void Put(MeetingDraft draft, JsonObject part)
    {
        draft.Content.Remove("participants");
        if (part["participants"] is { } participants)
            draft.Content["participants"] = participants.DeepClone();
    }

    protected override JsonObject Prefilled() => new() { ["participants"] = new JsonArray(new JsonObject { ["agency"] = Caller.Agency }, new JsonObject()) };
}
