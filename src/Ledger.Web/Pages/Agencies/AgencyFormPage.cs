using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Domain.Agencies;
using Ledger.Web.Agencies;
using Ledger.Web.Recording;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Web.Pages;

/// <summary>What the forms of a registrar share: what an agency is called from a day on, sent as any client would send it.</summary>
internal abstract class AgencyFormPage(ApiDoor api) : LedgerPage
{
    /// <summary>The official name.</summary>
    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public string? NameEn { get; set; }

    [BindProperty]
    public string? NameFr { get; set; }

    [BindProperty]
    public string? NameRu { get; set; }

    [BindProperty]
    public string? Kind { get; set; }

    [BindProperty]
    public string? Country { get; set; }

    /// <summary>The day from which it holds, as it was typed.</summary>
    [BindProperty]
    public string? OccurredOn { get; set; }

    /// <summary>The key of the form.</summary>
    [BindProperty]
    public string? Key { get; set; }

    /// <summary>The kinds as the API calls them.</summary>
    public static IEnumerable<(AgencyKind Kind, string Name)> Kinds => Enum.GetValues<AgencyKind>().Select(kind => (kind, JsonNamingPolicy.CamelCase.ConvertName(kind.ToString())));

    /// <summary>How the door writes.</summary>
    protected ApiDoor Api => api;

    /// <summary>Registers or renames the agency; false where that is refused, and then the page says why.</summary>
    protected async Task<bool> Keep(string code)
    {
        var body = new JsonObject { ["name"] = PageInput.TextOf(Name) ?? "" };
        Add(body, "kind", Kind);
        Add(body, "country", Country);
        Add(body, "occurredOn", OccurredOn);
        var names = new JsonObject();
        Add(names, "en", NameEn);
        Add(names, "fr", NameFr);
        Add(names, "ru", NameRu);
        if (names.Count > 0)
            body["names"] = names;
        var answer = await api.Send<KeepAgency>(
            HttpContext,
            $"/api/v1/agencies/{code}",
            body,
            Key ?? "",
            (command, http) => KeepAgencyEndpoint.Put(code, command, http.RequestServices.GetRequiredService<Recorder>(), http),
            method: HttpMethods.Put);
        return Take(answer, pointer => pointer switch
        {
            "/names/en" => "nameEn",
            "/names/fr" => "nameFr",
            "/names/ru" => "nameRu",
            "/name" or "/kind" or "/country" or "/code" or "/occurredOn" => pointer[1..],
            _ => "",
        });
    }

    /// <summary>Takes what the API answered; false where it refused, with its sentences at their fields.</summary>
    protected bool Take(ApiAnswer answer, Func<string, string> field)
    {
        if (answer.IsDone)
            return true;
        foreach (var (pointer, sentence) in answer.Problems)
            Errors.Add(field(pointer), sentence);
        Key = FormKey.After(answer, Key ?? "");
        Response.StatusCode = answer.Status;
        return false;
    }

    /// <summary>Leads to the agency and says there what was recorded.</summary>
    protected IActionResult Done(string sentence, string code)
    {
        TempData["Done"] = sentence;
        return Redirect($"/agencies/{code}");
    }

    /// <summary>Adds a member where something was typed.</summary>
    protected static void Add(JsonObject body, string member, string? typed)
    {
        if (PageInput.TextOf(typed) is { } text)
            body[member] = text;
    }
}
