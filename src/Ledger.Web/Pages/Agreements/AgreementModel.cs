using System.Globalization;
using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Web.Agreements;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Web.Pages;

/// <summary>What the pages of one agreement share: finding it, the point from which it is read, and the addresses of its parts.</summary>
internal abstract class AgreementModel(AgreementReader agreements) : LedgerPage
{
    [BindProperty(SupportsGet = true)]
    public string? AsOf { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? KnownAt { get; set; }

    /// <summary>Which part of the agreement the page shows.</summary>
    public abstract AgreementPart Part { get; }

    /// <summary>The agreement as it stands now; null where there is none that the reader may see.</summary>
    public Agreement? Current { get; private set; }

    /// <summary>What is to be seen from the point that the address names; null where that is nothing.</summary>
    public AgreementSight? Sight { get; private set; }

    /// <summary>Why there is nothing to see, in the API's words.</summary>
    public string? Refusal { get; private set; }

    public DateOnly Day { get; private set; }

    public DateTimeOffset? Known { get; private set; }

    public Agreement Agreement => Sight!.Reading.Agreement;

    public Standing Standing => Sight!.Standing;

    public AgencyDirectory Agencies => Sight!.Reading.Agencies;

    /// <summary>The title in the reader's language where it is known.</summary>
    public string Title => Agreement.Proposal.Titles?.In(Words.Language) ?? Agreement.Title;

    public Deadline? Next => Deadline.Of(Standing).FirstOrDefault();

    public bool IsPast => Day != agreements.Today || Known is not null;

    public PastBanner Past => new(
        Day == agreements.Today ? null : Day, Known is null ? null : Sight?.Reading.KnownAt ?? Known, Address(Part, kept: false));

    /// <summary>The instant by whose records other things are read along with the agreement; null: as they stand.</summary>
    protected DateTimeOffset? UpTo => Known is null ? null : Sight!.Reading.KnownAt;

    /// <summary>The address of a part of the agreement, from the same point of the record.</summary>
    /// <param name="part">The part.</param>
    /// <param name="kept">Whether the day and the instant looked at are kept.</param>
    /// <param name="added">Further values.</param>
    public string Address(AgreementPart part, bool kept = true, params IEnumerable<KeyValuePair<string, string?>> added)
    {
        var path = $"/agreements/{Uri.EscapeDataString(Current?.Reference ?? (string?)RouteData.Values["id"] ?? "")}";
        if (part != AgreementPart.Status)
            path += "/" + part.ToString().ToLowerInvariant();
        return path + QueryString.Create((kept ? Kept() : []).Concat(added.Where(x => !string.IsNullOrEmpty(x.Value))));
    }

    /// <summary>The lasting address of an entry.</summary>
    public string EntryAddress(long version)
    {
        var number = version.ToString(CultureInfo.InvariantCulture);
        return Address(AgreementPart.History, added: [KeyValuePair.Create("entry", (string?)number)]) + $"#entry-{number}";
    }

    /// <summary>The address of the replay of the agreement, from the same point of the record.</summary>
    public string ReplayAddress => "/replay" + QueryString.Create(Kept().Prepend(KeyValuePair.Create("agreement", (string?)Agreement.Reference)));

    /// <summary>The day and the instant of the address, for forms and addresses that keep them.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Kept()
    {
        if (!string.IsNullOrWhiteSpace(AsOf))
            yield return KeyValuePair.Create("asOf", (string?)AsOf);
        if (!string.IsNullOrWhiteSpace(KnownAt))
            yield return KeyValuePair.Create("knownAt", (string?)KnownAt);
    }

    /// <summary>Who holds the place of an agency on the day.</summary>
    public string Holder(string code) => Agencies.HolderOn(code, Day);

    /// <summary>The official name of whoever holds the place of an agency on the day.</summary>
    public string Name(string code) => Agencies.NameOn(Holder(code), Day, Words.Language);

    /// <summary>Finds the agreement and reads it from the point of the address. Where there is nothing to see the page says so, with status 404.</summary>
    protected async Task<bool> See(string id)
    {
        Day = this.DayOf(AsOf, Part == AgreementPart.Brief ? "asOf" : "") ?? agreements.Today;
        Known = this.InstantOf(KnownAt, Part == AgreementPart.Brief ? "knownAt" : "");
        Current = PageInput.TextOf(id) is { } named ? await agreements.Find(named, Caller, HttpContext.RequestAborted) : null;
        if (Current is null)
        {
            Refuse(AgreementReader.NotFound(id).Detail);
            return false;
        }

        (Sight, var unseen) = await agreements.See(Current, new Point(Day, Known), HttpContext.RequestAborted);
        if (unseen is not null)
            Refuse(unseen.Detail);
        return Sight is not null;
    }

    /// <summary>Says why there is nothing to see.</summary>
    protected void Refuse(string sentence)
    {
        Refusal = sentence;
        Response.StatusCode = StatusCodes.Status404NotFound;
    }
}

/// <summary>A part of an agreement with a page of its own.</summary>
internal enum AgreementPart
{
    /// <summary>How it stands, and why.</summary>
    Status,

    /// <summary>Its phases.</summary>
    Phases,

    /// <summary>Its entries.</summary>
    History,

    /// <summary>What is attached to it.</summary>
    Documents,

    /// <summary>Its brief.</summary>
    Brief,
}
