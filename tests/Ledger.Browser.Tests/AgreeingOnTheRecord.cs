using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Ledger.Browser.Tests;

/// <summary>
/// The founding meeting from an empty Ledger to the printed brief, by everybody who has a part in it: a registrar, an officer of each side and
/// an auditor, who do nothing but use the pages.
/// </summary>
public class AgreeingOnTheRecord(Chromium chromium)
{
    private const string Meeting = "Talks on cooperation in space";
    private const string Agreement = "Soyuz at the Guiana Space Centre";

    [Fact]
    public Task works_with_a_mouse() => Agree(Hand.OnMouse, scripts: true);

    [Fact]
    public Task works_by_keyboard_alone() => Agree(Hand.OnKeyboard, scripts: true);

    [Fact]
    public Task works_without_scripts() => Agree(Hand.OnMouse, scripts: false);

    private async Task Agree(Func<IPage, Hand> on, bool scripts)
    {
        await using var ledger = await LedgerProcess.Empty();
        await RegisterTheAgencies(await Enter(ledger, on, "Rita Registrar", scripts));
        await RecordTheMeeting(await Enter(ledger, on, "Claire Morel", scripts));
        await ApproveTheMinutes(await Enter(ledger, on, "Ivan Petrov", scripts));
        await ReplayAndPrint(await Enter(ledger, on, "Otto Auditor", scripts));
    }

    private async Task<Hand> Enter(LedgerProcess ledger, Func<IPage, Hand> on, string person, bool scripts)
    {
        var hand = on(await chromium.Visit(ledger, scripts: scripts));
        await hand.Page.GotoAsync("/sign-in");
        await hand.Pick(person);
        await hand.Press(AriaRole.Button, "Continue");
        await Expect(hand.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Register");
        return hand;
    }

    private static async Task RegisterTheAgencies(Hand registrar)
    {
        foreach (var (code, name) in new[] { ("CNES", "National Centre for Space Studies"), ("ROSCOSMOS", "Roscosmos State Corporation") })
        {
            await registrar.Page.GotoAsync("/agencies");
            await registrar.Type("Code", code);
            await registrar.Type("Official name", name);
            await registrar.Select("Kind", "Agency");
            await registrar.Press(AriaRole.Button, "Register an agency");
            await Expect(registrar.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("is registered.");
        }
    }

    private static async Task RecordTheMeeting(Hand officer)
    {
        await officer.Press(AriaRole.Link, "Record a meeting");
        await officer.Press(AriaRole.Button, "Begin a new meeting");
        await officer.Type("Title", Meeting);
        await officer.Type("Held on", "2020-02-14");
        await officer.Press(AriaRole.Button, "Save and go on");
        await officer.Type("Name 1", "Jean-Yves Le Gall");
        await officer.Type("Name 2", "Dmitry Rogozin");
        await officer.Select("Agency 2", "ROSCOSMOS");
        await officer.Press(AriaRole.Button, "Save and go on");

        await officer.Press(AriaRole.Link, "Add an outcome");
        await officer.Pick("New agreement proposed");
        await officer.Press(AriaRole.Button, "Go on");
        await officer.Type("Title of the agreement", Agreement);
        await officer.Press(AriaRole.Button, "Save and go on");
        await officer.Press(AriaRole.Link, "Add an outcome");
        await officer.Pick("Discussed");
        await officer.Select("Agreement", Agreement);
        await officer.Press(AriaRole.Button, "Go on");
        await officer.Type("What was said", "The continued operation of Soyuz was discussed.");
        await officer.Press(AriaRole.Button, "Save and go on");

        await officer.Press(AriaRole.Link, "Check your answers");
        await Expect(officer.Page.Locator(".govuk-summary-card")).ToContainTextAsync("under discussion");
        await officer.Press(AriaRole.Button, "Confirm and record");
        await Expect(officer.Page.GetByRole(AriaRole.Heading, new() { Name = "The meeting is recorded" })).ToBeVisibleAsync();
        await Expect(officer.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("CM-2020-0001");
        await Expect(officer.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("CA-2020-0001");
    }

    private static async Task ApproveTheMinutes(Hand officer)
    {
        await officer.Page.GotoAsync("/meetings");
        await officer.Press(AriaRole.Link, Meeting);
        await officer.Type("Approved on", "2020-02-17");
        await officer.Press(AriaRole.Button, "Approve the minutes");

        await Expect(officer.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The approval of the minutes by Roscosmos State Corporation is recorded.");
        await Expect(officer.Page.GetByRole(AriaRole.Row, new() { Name = "Roscosmos" })).ToContainTextAsync("17 Feb 2020");
    }

    private static async Task ReplayAndPrint(Hand auditor)
    {
        await auditor.Press(AriaRole.Link, Agreement);
        await auditor.Press(AriaRole.Link, "Replay its history");
        await auditor.Type("As known at (UTC)", "2020-01-01 00:00");
        await auditor.Press(AriaRole.Button, "Show");
        await Expect(auditor.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("At that instant nothing was known of CA-2020-0001.");

        await auditor.Page.GotoAsync("/briefs?agreement=CA-2020-0001");
        await Expect(auditor.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("[CA-2020-0001 #2, 14 Feb 2020]");
        var printed = await auditor.Page.PdfAsync(new() { PreferCSSPageSize = true, Tagged = true });
        Assert.StartsWith("%PDF", System.Text.Encoding.ASCII.GetString(printed.AsSpan(0, 4)), StringComparison.Ordinal);
    }
}
