using Microsoft.Playwright;
using Xunit;

namespace Ledger.Browser.Tests;

/// <summary>How a person works a page: with a mouse, or by keyboard alone. What it acts on it finds by the name that people hear and read.</summary>
public abstract class Hand(IPage page)
{
    /// <summary>The page under the hand.</summary>
    public IPage Page => page;

    /// <summary>A hand on a mouse.</summary>
    public static Hand OnMouse(IPage page) => new Mouse(page);

    /// <summary>A hand on the keyboard, which never touches the mouse.</summary>
    public static Hand OnKeyboard(IPage page) => new Keyboard(page);

    /// <summary>Follows a link, or presses a button, of the page's main part.</summary>
    public abstract Task Press(AriaRole role, string name);

    /// <summary>Fills a field.</summary>
    public abstract Task Type(string label, string text);

    /// <summary>Chooses one of several.</summary>
    public abstract Task Pick(string label);

    /// <summary>Chooses from a list.</summary>
    public abstract Task Select(string label, string option);

    private ILocator Control(AriaRole role, string name) => page.GetByRole(AriaRole.Main).GetByRole(role, new() { Name = name, Exact = true }).First;

    private ILocator Field(string label) => page.GetByRole(AriaRole.Main).GetByLabel(label, new() { Exact = true }).First;

    private sealed class Mouse(IPage page) : Hand(page)
    {
        public override Task Press(AriaRole role, string name) => Control(role, name).ClickAsync();

        public override Task Type(string label, string text) => Field(label).FillAsync(text);

        public override Task Pick(string label) => Field(label).CheckAsync();

        public override async Task Select(string label, string option) =>
            await Field(label).SelectOptionAsync((await Field(label).Locator("option", new() { HasText = option }).First.GetAttributeAsync("value"))!);
    }

    private sealed class Keyboard(IPage page) : Hand(page)
    {
        private const int MostSteps = 150;

        public override async Task Press(AriaRole role, string name)
        {
            await Reach(Control(role, name), "Tab");
            await Page.Keyboard.PressAsync("Enter");
        }

        public override async Task Type(string label, string text)
        {
            await Reach(Field(label), "Tab");
            await Page.Keyboard.PressAsync("Control+a");
            await Page.Keyboard.TypeAsync(text);
        }

        public override async Task Pick(string label)
        {
            // One stop for the whole group, and the arrows within it.
            await Reach(Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Radio), "Tab");
            await Page.Keyboard.PressAsync("Space");
            await Reach(Field(label), "ArrowDown");
            await Assertions.Expect(Field(label)).ToBeCheckedAsync();
        }

        public override async Task Select(string label, string option)
        {
            await Reach(Field(label), "Tab");
            await Page.Keyboard.TypeAsync(option);
            await Assertions.Expect(Field(label).Locator("option:checked")).ToContainTextAsync(option);
        }

        // The focus goes from stop to stop, as for anybody, until it is there.
        private async Task Reach(ILocator wanted, string key)
        {
            await wanted.First.WaitForAsync();
            for (var step = 0; step < MostSteps; step++)
            {
                if (await wanted.EvaluateAllAsync<bool>("all => all.includes(document.activeElement)"))
                    return;
                await Page.Keyboard.PressAsync(key);
            }

            Assert.Fail($"{wanted} is not reached by {key} on {Page.Url}.");
        }
    }
}
