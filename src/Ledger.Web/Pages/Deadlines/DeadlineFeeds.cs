using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Serialization;
using Ledger.Domain.Agencies;
using Calendar = Ical.Net.Calendar;

namespace Ledger.Web.Pages;

/// <summary>Gives the deadlines to calendars and readers of feeds, to whoever knows a secret address.</summary>
internal static class DeadlineFeeds
{
    /// <summary>How many deadlines a feed holds at most on each side of today.</summary>
    public const int Most = 1_000;

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Maps both forms of the feed.</summary>
    public static void MapDeadlineFeeds(this IEndpointRouteBuilder app)
    {
        app.MapMethods("/deadlines/calendar/{secret}.ics", Methods, (string secret, DeadlineFeedAddresses addresses, DeadlineReader deadlines, HttpContext http) =>
            Answer(secret, addresses, deadlines, http, Calendar, "text/calendar; charset=utf-8")).AllowAnonymous().ExcludeFromDescription();
        app.MapMethods("/deadlines/feed/{secret}.atom", Methods, (string secret, DeadlineFeedAddresses addresses, DeadlineReader deadlines, HttpContext http) =>
            Answer(secret, addresses, deadlines, http, Atom, "application/atom+xml; charset=utf-8")).AllowAnonymous().ExcludeFromDescription();
    }

    /// <summary>The deadlines as an iCalendar (RFC 5545): an event of a whole day for each, by the record and never by the clock.</summary>
    internal static string Calendar(DeadlineFeedContent content)
    {
        var words = content.Words;
        var calendar = new Calendar { ProductId = $"-//Cooperation Ledger//Deadlines//{words.Language.ToUpperInvariant()}" };
        calendar.AddProperty("X-WR-CALNAME", words["deadlines.calendarOf"]);
        calendar.AddProperty("X-PUBLISHED-TTL", "PT6H");
        if (content.Rest is { } rest)
            calendar.AddProperty("X-WR-CALDESC", rest);
        foreach (var item in content.Items)
        {
            var day = item.Deadline.On.Latest;
            calendar.Events.Add(new CalendarEvent
            {
                Uid = $"{item.Name}@cooperation-ledger",

                // The number of the last entry: it never falls, and without a new entry no day moves.
                Sequence = (int)item.Agreement.Version,
                DtStamp = new CalDateTime(item.Agreement.LastRecordedAt.UtcDateTime, CalDateTime.UtcTzId),
                LastModified = new CalDateTime(item.Agreement.LastRecordedAt.UtcDateTime, CalDateTime.UtcTzId),
                Start = new CalDateTime(day.Year, day.Month, day.Day),
                Transparency = Ical.Net.TransparencyType.Transparent,
                Summary = content.Summary(item),
                Description = content.Description(item),
                Url = new Uri(content.Address(item)),
                Categories = [words.Of(item.Deadline.Kind)],
            });
        }

        return new CalendarSerializer().SerializeToString(calendar)!;
    }

    /// <summary>The deadlines as an Atom feed (RFC 4287), what is overdue first.</summary>
    internal static string Atom(DeadlineFeedContent content)
    {
        var words = content.Words;
        XNamespace atom = "http://www.w3.org/2005/Atom";
        var feed = new XElement(
            atom + "feed",
            new XAttribute(XNamespace.Xml + "lang", words.Language),
            new XElement(atom + "id", Urn(content.Self)),
            new XElement(atom + "title", words["deadlines.calendarOf"]),
            content.Rest is { } rest ? new XElement(atom + "subtitle", rest) : null,
            new XElement(atom + "updated", Instant(content.Items.Select(x => x.Agreement.LastRecordedAt).Append(content.MadeAt).Max())),
            new XElement(atom + "author", new XElement(atom + "name", words["layout.ledger"])),
            new XElement(atom + "link", new XAttribute("rel", "self"), new XAttribute("href", content.Self)),
            new XElement(atom + "link", new XAttribute("rel", "alternate"), new XAttribute("type", "text/html"), new XAttribute("href", $"{content.Site}/deadlines")),
            content.Items.Select(item => new XElement(
                atom + "entry",
                new XElement(atom + "id", Urn(item.Name)),
                new XElement(atom + "title", Written($"{words.Book.Day(item.Deadline.On)} · {content.Summary(item)}")),
                new XElement(atom + "updated", Instant(item.Agreement.LastRecordedAt)),
                new XElement(atom + "link", new XAttribute("rel", "alternate"), new XAttribute("type", "text/html"), new XAttribute("href", content.Address(item))),
                new XElement(atom + "category", new XAttribute("term", item.Deadline.Kind), new XAttribute("label", words.Of(item.Deadline.Kind))),
                new XElement(atom + "content", new XAttribute("type", "text"), Written(content.Description(item))))));
        return new XDeclaration("1.0", "utf-8", null) + "\n" + feed;
    }

    private static async Task<IResult> Answer(
        string secret, DeadlineFeedAddresses addresses, DeadlineReader deadlines, HttpContext http, Func<DeadlineFeedContent, string> write, string mediaType)
    {
        if (await addresses.Find(secret, http.RequestAborted) is not { } feed)
            return Results.NotFound();

        var (items, areThereOthers) = await deadlines.Nearest(feed.Reader, Most, http.RequestAborted);
        var agencies = await deadlines.Agencies(http.RequestAborted);
        http.Response.Headers.CacheControl = "private, no-cache";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        http.Response.Headers["X-Robots-Tag"] = "noindex";
        http.Response.Headers.ContentLanguage = feed.Language;
        var site = $"{http.Request.Scheme}://{http.Request.Host}";
        return Results.Text(write(new DeadlineFeedContent(items, areThereOthers, agencies, Words.For(feed.Language), feed.MadeAt, site, site + http.Request.Path)), mediaType);
    }

    private static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    // A UUID of version 8 (RFC 9562): the same name gives the same id, for ever.
    private static string Urn(string name)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return $"urn:uuid:{new Guid(bytes, bigEndian: true)}";
    }

    private static string Written(string text) => string.Concat(text.EnumerateRunes().Where(rune => rune.Utf16SequenceLength == 2 || XmlConvert.IsXmlChar((char)rune.Value)));
}

/// <summary>What a feed says.</summary>
/// <param name="Items">The deadlines.</param>
/// <param name="AreThereOthers">Whether there are more than a feed holds.</param>
/// <param name="Agencies">The agencies.</param>
/// <param name="Words">The words of the reader's language.</param>
/// <param name="MadeAt">When the address of the feed was made.</param>
/// <param name="Site">The address of the Ledger.</param>
/// <param name="Self">The address of the feed.</param>
internal sealed record DeadlineFeedContent(IReadOnlyList<DueItem> Items, bool AreThereOthers, AgencyDirectory Agencies, Words Words, DateTimeOffset MadeAt, string Site, string Self)
{
    /// <summary>What the feed leaves out; null where it is whole.</summary>
    public string? Rest => AreThereOthers ? Words.Format("deadlines.feedRest", Words.Number(DeadlineFeeds.Most), $"{Site}/deadlines") : null;

    /// <summary>What happens, and to which agreement.</summary>
    public string Summary(DueItem item) => $"{item.What(Words, Agencies)} – {item.TitleIn(Words)} ({item.Agreement.Reference})";

    /// <summary>Where it comes from.</summary>
    public string Description(DueItem item)
    {
        var parties = item.Standing.Parties.Select(p => Agencies.HolderOn(p.Party, item.Standing.Day));
        return string.Join('\n',
            Words.Format("deadlines.on", Words.Book.Day(item.Deadline.On)),
            Words.Format("deadlines.parties", string.Join(", ", parties)),
            Words.Format("deadlines.entry", Words.Number(item.Deadline.By)),
            Address(item));
    }

    /// <summary>The page of the agreement.</summary>
    public string Address(DueItem item) => $"{Site}/agreements/{Uri.EscapeDataString(item.Agreement.Reference)}";
}
