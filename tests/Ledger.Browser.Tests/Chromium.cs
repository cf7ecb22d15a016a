using Ledger.Browser.Tests;
using Microsoft.Playwright;
using Xunit;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace Ledger.Browser.Tests;

/// <summary>The browser of the system, and one Ledger with the founding meeting that tests read and add to.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];

    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    /// <summary>A Ledger in which the founding meeting is recorded.</summary>
    public LedgerProcess Ledger { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var starting = LedgerProcess.WithTheFoundingMeeting();
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Places.FirstOrDefault(File.Exists) ?? throw new FileNotFoundException("No Chromium is installed: ops/test installs it on Debian."),
            Args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        Ledger = await starting;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (Ledger is not null)
            await Ledger.DisposeAsync();
    }

    /// <summary>A new visitor, with cookies of their own.</summary>
    /// <param name="ledger">The Ledger visited.</param>
    /// <param name="language">The language that the browser asks for.</param>
    /// <param name="width">How wide the window is, in CSS pixels.</param>
    /// <param name="scripts">Whether scripts run.</param>
    public async Task<IPage> Visit(LedgerProcess ledger, string language = "en", int width = 1280, bool scripts = true)
    {
        var context = await _browser.NewContextAsync(new()
        {
            BaseURL = ledger.Address,
            Locale = language,
            JavaScriptEnabled = scripts,
            ViewportSize = new() { Width = width, Height = 900 },
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(60_000);
        Assertions.SetDefaultExpectTimeout(30_000);
        return await context.NewPageAsync();
    }

    /// <summary>A new visitor who has signed in as one of the people of Development: <c>Claire Morel</c> (CNES), <c>Ivan Petrov</c> (Roscosmos), <c>Rita Registrar</c>, <c>Otto Auditor</c>.</summary>
    public async Task<IPage> SignIn(LedgerProcess ledger, string person, string language = "en", int width = 1280, bool scripts = true)
    {
        var page = await Visit(ledger, language, width, scripts);
        await page.GotoAsync("/sign-in");
        await page.GetByLabel(person).CheckAsync();
        await page.Locator("main button[type=submit]").ClickAsync();
        return page;
    }
}
