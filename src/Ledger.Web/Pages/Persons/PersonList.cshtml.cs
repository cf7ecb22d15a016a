using Ledger.Web.Persons;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace Ledger.Web.Pages;

/// <summary>Finds the persons that somebody may ask a registrar to forget.</summary>
internal sealed class PersonListModel(NpgsqlDataSource source) : LedgerPage
{
    /// <summary>A part of the name or the office, as it was typed.</summary>
    [BindProperty]
    public string? Sought { get; set; }

    /// <summary>Who was found; null until somebody is looked for.</summary>
    public IReadOnlyList<PersonFound>? Found { get; private set; }

    /// <summary>Whether there may be more than are shown.</summary>
    public bool IsCutOff => Found?.Count == PersonViewEndpoint.Most;

    public void OnGet()
    {
        // Nobody is looked for yet.
    }

    // A form that is sent, though it changes nothing: the name of somebody to be forgotten is to stand in no address, which browsers and proxies keep.
    public async Task OnPost()
    {
        if (PageInput.TextOf(Sought) is { } text)
        {
            Found = await PersonViewEndpoint.Search(text, source, HttpContext.RequestAborted);
            return;
        }

        Errors.Add("sought", Words["persons.nothingSought"]);
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
    }
}
