using System.Collections.Immutable;
using Ledger.Domain.Agreements;
using Ledger.Domain.Days;
using Ledger.Web.Agreements;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Web.Pages;

/// <summary>How an agreement stands on a day: who did what, why it is in force, and what it waits for.</summary>
internal sealed class AgreementStatusModel(AgreementReader agreements) : AgreementModel(agreements)
{
    /// <inheritdoc/>
    public override AgreementPart Part => AgreementPart.Status;

    /// <summary>The same facts as the API gives.</summary>
    public AgreementView View { get; private set; } = null!;

    public EntryIntoForceView Entry => View.EntryIntoForce;

    /// <summary>What lies ahead, overdue first.</summary>
    public ImmutableArray<Deadline> Deadlines => Deadline.Of(Standing);

    public bool IsOver => Standing.Status is AgreementStatus.Terminated or AgreementStatus.Expired or AgreementStatus.Completed or AgreementStatus.Withdrawn;

    /// <summary>The acts whose days are not known exactly, with those days.</summary>
    public IEnumerable<(Act Act, Day Day)> Uncertain => Agreement.Acts.SelectMany(act => Standing.Days(act.Event).Where(day => !day.IsExact).Select(day => (act, day)));

    public async Task<IActionResult> OnGet(string id)
    {
        if (await See(id))
            View = AgreementView.Of(Sight!.Reading, Standing, Sight.Meetings);
        return Page();
    }

    /// <summary>A consent in words: by whom, in which form, and when it counted.</summary>
    public string Consent(long version) => Agreement.Acts.First(a => a.Number == version).Event switch
    {
        AgreementRatified e => Words.Format("agreement.consent", Name(e.Party), Words.Book.Instrument(e.Instrument), Words.Book.Day(e.ReceivedOn ?? e.OccurredOn!)),
        AgreementSigned e => Words.Format("agreement.consent", Name(e.Party), Words["agreement.signature"], Words.Book.Day(e.OccurredOn!)),
        var e => KindOf(e),
    };

    /// <summary>What happened, in a word or two.</summary>
    public string KindOf(AgreementEvent e) => Words[$"agreement.kind.{Domain.EventNames.OnTheWire(e.GetType())}"];

    /// <summary>The extensions that make the term, with their acts.</summary>
    public IEnumerable<(long Version, AgreementExtended Extension)> Extensions => Standing.TermActs
        .Select(number => (number, Agreement.Acts.First(a => a.Number == number).Event as AgreementExtended))
        .Where(x => x.Item2 is not null)
        .Select(x => (x.number, x.Item2!));

    /// <summary>A length of time in words.</summary>
    public string Length(Period period)
    {
        List<string> parts = [];
        if (period.Years > 0)
            parts.Add(Words.Count("agreement.years", period.Years));
        if (period.Months > 0)
            parts.Add(Words.Count("agreement.months", period.Months));
        if (period.Days > 0)
            parts.Add(Words.Count("agreement.days", period.Days));
        return string.Join(", ", parts);
    }

    /// <summary>The rule of entry into force, one sentence for each of its terms.</summary>
    public IEnumerable<string> Rule()
    {
        yield return Entry.Rule switch
        {
            EntryIntoForceRule.Count => Words.Count("agreement.rule.count", Entry.Count ?? 1),
            EntryIntoForceRule.Named => Words.Format("agreement.rule.named", string.Join(", ", Entry.Parties.Select(Name))),
            EntryIntoForceRule.Date => Words.Format("agreement.rule.date", Words.Book.Day(Entry.Date!.Value)),
            _ => Words["agreement.rule.allParties"],
        };
        if (Entry.Delay is { } delay)
            yield return Words.Format("agreement.rule.delay", Length(delay));
        if (Entry.FirstOfMonth)
            yield return Words["agreement.rule.firstOfMonth"];
        if (Entry.ExcludeOrganisations)
            yield return Words["agreement.rule.excludeOrganisations"];
    }
}
