using System.Security.Cryptography;
using Ledger.Domain.Agreements;
using Ledger.Web.Access;
using Ledger.Web.Agreements;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Web.Pages;

/// <summary>Asks what an outcome did, and to which agreement.</summary>
internal sealed class NewOutcomeModel(MeetingDrafts drafts, AgreementReader agreements, AgreementRegister register) : RecordPage(drafts)
{
    /// <summary>How many agreements are offered at once; with more, the reader searches.</summary>
    private const int Most = 100;

    [BindProperty(SupportsGet = true)]
    public string? Kind { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Agreement { get; set; }

    /// <summary>The outcome that is to concern another agreement; absent for a new one.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Outcome { get; set; }

    [BindProperty(SupportsGet = true, Name = "q")]
    public string? Text { get; set; }

    /// <summary>Whether the reader has chosen.</summary>
    [BindProperty(SupportsGet = true)]
    public bool Chosen { get; set; }

    /// <summary>The agreements to choose from, each with its name.</summary>
    public IReadOnlyList<(string Value, string Name)> Choices { get; private set; } = [];

    /// <summary>Whether there are more than are offered.</summary>
    public bool HasMore { get; private set; }

    public async Task<IActionResult> OnGet()
    {
        (Agreement, Text) = (PageInput.TextOf(Agreement), PageInput.TextOf(Text));
        if (Draft.Outcome(Outcome ?? "") is { } existing)
            Kind = (string?)existing["kind"];
        if (Chosen)
        {
            if (!RecordFields.IsKind(Kind))
                Errors.Add("kind", Words["record.chooseKind"]);
            else if (Kind != "proposed" && Agreement is null)
                Errors.Add("agreement", Words["record.chooseAgreement"]);
            else
                return LocalRedirect(Edit());
        }

        await Read();
        return Page();
    }

    private string Edit()
    {
        var id = Draft.Outcome(Outcome ?? "") is null ? RandomNumberGenerator.GetHexString(8, lowercase: true) : Outcome;
        return $"{Address}/outcomes/{id}" + QueryString.Create(
            new[] { KeyValuePair.Create("kind", Kind), KeyValuePair.Create("agreement", Kind == "proposed" ? null : Agreement) }.Where(q => q.Value is not null));
    }

    // Those that the reader may act on; the one asked for by its address stands among them however many there are.
    private async Task Read()
    {
        var filter = new AgreementFilter { Text = Text, TakesPart = Caller.May(Operation.ActOnAgreement, Reach.Other) ? null : Caller.Agency };
        var part = await register.Page(Caller, filter, agreements.Today, null, AgreementSort.Title, null, Most + 1, HttpContext.RequestAborted);
        var offered = (await register.Whole(part.Rows.Select(row => row.Id), agreements.Today, null, HttpContext.RequestAborted)).Select(x => x.Agreement).ToList();
        if (Agreement is not null && offered.TrueForAll(a => a.Reference != Agreement) && await AgreementNamed(agreements, Agreement) is { } asked)
            offered.Insert(0, asked);
        var mine = offered
            .Where(a => Caller.RefusalToAct(Operation.ActOnAgreement, a, null, part.Agencies, agreements.Today) is null)
            .OrderBy(a => a.Reference != Agreement).ThenBy(a => NameOf(a), StringComparer.OrdinalIgnoreCase)
            .ToList();
        HasMore = mine.Count > Most;
        var proposed = Draft.Outcomes.Where(o => (string?)o["kind"] == "proposed" && (string?)o["id"] != Outcome)
            .Select(o => (MeetingDraft.Proposed + (string?)o["id"]!, Words.Format("record.inThisMeeting", (string?)o["title"] ?? Words["record.untitledAgreement"])));
        Choices = [.. proposed, .. mine.Take(Most).Select(a => (a.Reference, NameOf(a)))];
    }

    private string NameOf(Agreement agreement) => AgreementName(agreement.Reference, agreement);
}
