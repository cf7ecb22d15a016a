using System.Text.Json.Nodes;
using Ledger.Domain.Agreements;
using Ledger.Web.Agreements;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Web.Pages;

/// <summary>The outcomes of the meeting in their order.</summary>
internal sealed class OutcomesModel(MeetingDrafts drafts, AgreementReader agreements) : RecordPage(drafts)
{
    private readonly Dictionary<string, Agreement?> _agreements = new(StringComparer.Ordinal);

    /// <summary>The order that the buttons speak of.</summary>
    public string Was => Order(Draft);

    public string AgreementOf(JsonObject outcome) =>
        (string?)outcome["agreement"] is { } name ? AgreementName(name, _agreements.GetValueOrDefault(name)) : (string?)outcome["title"] ?? AgreementName(null, null);

    public async Task<IActionResult> OnGet()
    {
        await Read();
        return Page();
    }

    /// <summary>Moves or removes an outcome, as the button says: <c>up:id</c>, <c>down:id</c>, <c>remove:id</c>.</summary>
    public async Task<IActionResult> OnPost(string act, string was)
    {
        if (await Drafts.Change(DraftId, Caller.Subject, Change) is not { } kept)
            return Missing();
        if (!IsChanged)
            return LocalRedirect($"{Address}/outcomes");
        Draft = kept;
        await Read();
        return Page();

        bool Change(MeetingDraft draft)
        {
            IsChanged = Order(draft) != was;
            if (IsChanged || act.Split(':') is not [var verb, var id] || draft.IndexOf(id) is not (>= 0 and var index))
                return false;
            var outcomes = draft.Content["outcomes"]!.AsArray();
            var outcome = outcomes[index];
            outcomes.RemoveAt(index);
            if (verb == "remove")
                Forget(outcomes, id);
            else
                outcomes.Insert(Math.Clamp(index + (verb == "up" ? -1 : 1), 0, outcomes.Count), outcome);
            return true;
        }
    }

    /// <summary>Takes away the agreement of outcomes that concern a proposal which goes: they are asked for another one.</summary>
    internal static void Forget(JsonArray outcomes, string proposal)
    {
        foreach (var outcome in outcomes.OfType<JsonObject>().Where(o => (string?)o["agreement"] == MeetingDraft.Proposed + proposal))
            outcome.Remove("agreement");
    }

    private static string Order(MeetingDraft draft) => string.Join('.', draft.Outcomes.Select(o => (string?)o["id"]));

    private async Task Read()
    {
        foreach (var name in Draft.Outcomes.Select(o => (string?)o["agreement"]).OfType<string>().Where(n => n[0] != MeetingDraft.Proposed).Distinct(StringComparer.Ordinal))
            _agreements[name] = await AgreementNamed(agreements, name);
    }
}
