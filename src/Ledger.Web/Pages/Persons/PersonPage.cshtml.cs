using System.Text.Json.Nodes;
using Ledger.Web.Persons;
using Ledger.Web.Recording;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace Ledger.Web.Pages;

/// <summary>A person as the ledger knows them under one id; a registrar erases their data here, and sees afterwards that it was done.</summary>
internal sealed class PersonPageModel(NpgsqlDataSource source, ApiDoor api) : LedgerPage
{
    /// <summary>Why.</summary>
    [BindProperty]
    public string? Reason { get; set; }

    /// <summary>By which rule.</summary>
    [BindProperty]
    public string? LegalBasis { get; set; }

    /// <summary>Whether the registrar has confirmed that it is for ever.</summary>
    [BindProperty]
    public bool Confirmed { get; set; }

    /// <summary>The key of the form.</summary>
    [BindProperty]
    public string? Key { get; set; }

    /// <summary>The person; null where there is none of this id.</summary>
    public PersonFound? Person { get; private set; }

    /// <summary>The other ids under which somebody of the same name is kept.</summary>
    public IReadOnlyList<PersonFound> Others { get; private set; } = [];

    /// <summary>The registrar who erased the data; null where they were not erased.</summary>
    public PersonFound? ErasedBy { get; private set; }

    /// <summary>How a person comes to stand in the record.</summary>
    public static string AppearsAs(Words words, PersonFound person) =>
        !person.Records ? words["persons.named"] : person.Agency is { } agency ? words.Format("persons.recordsFor", agency) : words["persons.records"];

    public async Task<IActionResult> OnGet(string id)
    {
        Key = FormKey.New();
        return await Read(id) ? Page() : Unknown();
    }

    public async Task<IActionResult> OnPost(string id)
    {
        if (!await Read(id))
            return Unknown();

        if (!Confirmed)
        {
            Errors.Add("confirmed", Words["persons.notConfirmed"]);
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return Page();
        }

        var answer = await api.Send<ErasePerson>(
            HttpContext,
            $"/api/v1/persons/{id}/erasure",
            new JsonObject { ["reason"] = PageInput.TextOf(Reason) ?? "", ["legalBasis"] = PageInput.TextOf(LegalBasis) ?? "" },
            Key ?? "",
            (command, http) => ErasePersonEndpoint.Post(id, command, http.RequestServices.GetRequiredService<Recorder>(), http));
        if (answer.IsDone)
        {
            await Read(id);
            TempData["Done"] = Words.Format("persons.erased", Words.Book.Day(Person!.ErasedOn!.Value));
            return Redirect($"/persons/{id}");
        }

        foreach (var (pointer, sentence) in answer.Problems)
            Errors.Add(pointer is "/reason" or "/legalBasis" ? pointer[1..] : "", sentence);

        // What is for ever is confirmed anew each time.
        Confirmed = false;
        Key = FormKey.After(answer, Key ?? "");
        Response.StatusCode = answer.Status;
        return Page();
    }

    private IActionResult Unknown()
    {
        Response.StatusCode = StatusCodes.Status404NotFound;
        return Page();
    }

    private async Task<bool> Read(string id)
    {
        Person = await PersonViewEndpoint.One(id, source, HttpContext.RequestAborted);
        if (Person is { Name: { } name })
            Others = [.. (await PersonViewEndpoint.Search(name, source, HttpContext.RequestAborted)).Where(p => p.PersonId != Person.PersonId)];
        if (Person?.Erasure is { } erasure)
            ErasedBy = await PersonViewEndpoint.One(erasure.ErasedBy, source, HttpContext.RequestAborted);
        return Person is not null;
    }
}
