using System.Globalization;
using System.Xml.Linq;
using Ical.Net.CalendarComponents;
using Ledger.Web.Access;
using Ledger.Web.Pages;
using Xunit;
using Calendar = Ical.Net.Calendar;

namespace Ledger.Web.Tests.Pages;

public class FeedingDeadlines(RunningLedger ledger)
{
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";

    [Fact]
    public async Task a_calendar_moves_an_event_and_never_doubles_it()
    {
        var scene = await Scene.Of(ledger);
        var reference = await scene.Propose("\"term\":{\"until\":\"2098-12-31\"}");
        var address = await AddressOf(scene.One);

        var before = await Event(address, reference);
        await scene.Act(reference, "extensions", new { until = "2099-06-30", agreedOn = "2020-06-01" });
        var after = await Event(address, reference);

        Assert.Equal(before.Uid, after.Uid);
        Assert.Equal((new DateOnly(2098, 12, 31), new DateOnly(2099, 6, 30)), (before.Start!.Date, after.Start!.Date));
        Assert.False(after.Start.HasTime);
        Assert.True(after.Sequence > before.Sequence);
        Assert.True(after.DtStamp!.AsUtc >= before.DtStamp!.AsUtc);
        Assert.EndsWith($"/agreements/{reference}", after.Url!.AbsoluteUri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task it_is_the_same_to_the_byte_as_long_as_nothing_is_recorded()
    {
        var scene = await Scene.Of(ledger);
        await scene.Propose("\"visibility\":\"restricted\",\"term\":{\"until\":\"2098-12-31\"}");
        var address = await AddressOf(scene.One);

        // Other tests record in the same Ledger: both are read again until nobody has in between.
        string[] read;
        string recorded;
        do
        {
            recorded = await Recorded();
            read = [(await Get($"/deadlines/feed/{address}.atom")).Is(200).Body, (await Get($"/deadlines/feed/{address}.atom")).Body];
        }
        while (recorded != await Recorded());
        Assert.Equal(read[0], read[1]);

        Task<string> Recorded() => ledger.Sql("select max(seq_id) from ledger.mt_events");
    }

    [Fact]
    public async Task a_feed_of_atom_names_each_deadline_by_an_id_that_stays()
    {
        var scene = await Scene.Of(ledger);
        var reference = await scene.Propose("\"term\":{\"until\":\"2098-12-31\"}");
        var address = await AddressOf(scene.One);

        var before = await Entry(address, reference);
        await scene.Act(reference, "extensions", new { until = "2099-06-30", agreedOn = "2020-06-01" });
        var after = await Entry(address, reference);

        Assert.Equal(before.Element(Atom + "id")!.Value, after.Element(Atom + "id")!.Value);
        Assert.StartsWith("urn:uuid:", after.Element(Atom + "id")!.Value, StringComparison.Ordinal);
        Assert.Contains("30 Jun 2099", after.Element(Atom + "title")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_feed_shows_what_its_reader_may_see_and_nothing_else()
    {
        var scene = await Scene.Of(ledger);
        var secret = await scene.Propose("\"visibility\":\"restricted\",\"term\":{\"until\":\"2098-12-31\"}");

        Assert.Contains(secret, (await Get($"/deadlines/calendar/{await AddressOf(scene.One)}.ics")).Body, StringComparison.Ordinal);
        var strange = await AddressOf(scene.Three);
        Assert.DoesNotContain(secret, (await Get($"/deadlines/calendar/{strange}.ics")).Is(200).Body, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, (await Get($"/deadlines/feed/{strange}.atom")).Is(200).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task an_address_is_private_and_answers_until_it_is_renewed_or_revoked()
    {
        var scene = await Scene.Of(ledger);
        var first = await AddressOf(scene.One);
        Assert.Contains("private", (await Get($"/deadlines/calendar/{first}.ics")).Is(200).Headers["Cache-Control"], StringComparison.Ordinal);

        var second = await AddressOf(scene.One);
        (await Get($"/deadlines/calendar/{first}.ics")).Is(404);
        (await Get($"/deadlines/feed/{second}.atom")).Is(200);

        await ledger.Service<DeadlineFeedAddresses>().Revoke(Reader(scene.One), TestContext.Current.CancellationToken);
        (await Get($"/deadlines/feed/{second}.atom")).Is(404);
    }

    [Fact]
    public async Task whoever_signs_in_with_other_rights_reads_by_them_from_then_on()
    {
        var scene = await Scene.Of(ledger);
        var secret = await scene.Propose("\"visibility\":\"restricted\",\"term\":{\"until\":\"2098-12-31\"}");
        var stranger = new Caller(DevelopmentIssuer.SubjectOf("Otto Auditor", null), "Otto Auditor", scene.Three, [Roles.Officer]);
        var address = await ledger.Service<DeadlineFeedAddresses>().Make(stranger, "en", TestContext.Current.CancellationToken);

        using var session = await Pages.Reader.SignIn(ledger, "Otto Auditor");

        Assert.Contains(secret, (await Get($"/deadlines/calendar/{address}.ics")).Is(200).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task an_address_whose_reader_has_not_signed_in_for_half_a_year_answers_no_more()
    {
        var scene = await Scene.Of(ledger);
        var address = await AddressOf(scene.One);

        await ledger.Sql($"update ledger.deadline_feed set confirmed_at = now() - interval '179 days' where subject = '{Reader(scene.One).Subject}'");
        (await Get($"/deadlines/feed/{address}.atom")).Is(200);
        await ledger.Sql($"update ledger.deadline_feed set confirmed_at = now() - interval '181 days' where subject = '{Reader(scene.One).Subject}'");
        (await Get($"/deadlines/feed/{address}.atom")).Is(404);
    }

    [Fact]
    public async Task the_store_holds_no_secret_that_would_open_an_address()
    {
        var scene = await Scene.Of(ledger);
        var secret = await AddressOf(scene.One);

        Assert.True(secret.Length * 6 >= 128, "The secret is too short.");
        Assert.Equal("0", await ledger.Sql($"select count(*) from ledger.deadline_feed f where f::text like '%{secret}%'"));
    }

    private static Caller Reader(string agency) => new($"reader of {agency}", "Reader", agency, [Roles.Officer]);

    private Task<string> AddressOf(string agency) => ledger.Service<DeadlineFeedAddresses>().Make(Reader(agency), "en", TestContext.Current.CancellationToken);

    private Task<Reply> Get(string path) => ledger.With(null).Get(path);

    private async Task<CalendarEvent> Event(string address, string reference)
    {
        var calendar = Calendar.Load((await Get($"/deadlines/calendar/{address}.ics")).Is(200).Body)!;
        return Assert.Single(calendar.Events, e => e.Summary!.Contains(reference, StringComparison.Ordinal));
    }

    private async Task<XElement> Entry(string address, string reference)
    {
        var feed = XDocument.Parse((await Get($"/deadlines/feed/{address}.atom")).Is(200).Body).Root!;
        Assert.All(feed.Descendants(Atom + "updated"), x => DateTimeOffset.Parse(x.Value, CultureInfo.InvariantCulture));
        return Assert.Single(feed.Elements(Atom + "entry"), e => e.Element(Atom + "title")!.Value.Contains(reference, StringComparison.Ordinal));
    }
}
