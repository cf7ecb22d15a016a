using Microsoft.Playwright;
using Xunit;

namespace Ledger.Browser.Tests;

public class BeingHelpedWhereSomethingFails(Chromium chromium)
{
    [Theory]
    [InlineData("en", "There is no such page")]
    [InlineData("fr", "Cette page n’existe pas")]
    [InlineData("ru", "Такой страницы нет")]
    public async Task an_unknown_address_says_so_to_a_visitor_without_an_account(string language, string title)
    {
        var page = await chromium.Visit(chromium.Ledger, language);
        var answer = await page.GotoAsync("/nowhere");

        Assert.Equal(404, answer!.Status);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(title);
        await Assertions.Expect(page.GetByRole(AriaRole.Main).Locator("a[href='/sign-in']")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task a_forged_form_changes_nothing_and_is_told_so()
    {
        var page = await chromium.SignIn(chromium.Ledger, "Rita Registrar");
        var form = page.APIRequest.CreateFormData();
        form.Set("Code", "FORGED");
        form.Set("Name", "A forgery");
        form.Set("Kind", "agency");
        var answer = await page.APIRequest.PostAsync("/agencies", new() { Form = form });

        Assert.Equal(400, answer.Status);
        Assert.Contains("The form was not accepted", await answer.TextAsync(), StringComparison.Ordinal);
        Assert.Equal(404, (await page.GotoAsync("/agencies/FORGED"))!.Status);
    }
}
