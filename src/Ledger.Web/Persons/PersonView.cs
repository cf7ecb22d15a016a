using Ledger.Web.Hosting;
using Ledger.Web.Store;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using Wolverine.Http;

namespace Ledger.Web.Persons;

/// <summary>A person as registrars see them, to find whom they are asked to forget.</summary>
/// <param name="PersonId">The id by which entries name them.</param>
/// <param name="Name">The name; null once it was erased.</param>
/// <param name="Office">The office; null where none was given, or once it was erased.</param>
/// <param name="Agency">The agency for which they record; null for one who was only named.</param>
/// <param name="Records">Whether they have signed in and recorded, and were not only named by others.</param>
/// <param name="Erasure">That their data were erased here; null while they are kept.</param>
/// <param name="ErasedOn">The day on which their data were erased, UTC, here or in the ledger from which the person was brought in.</param>
public sealed record PersonFound(string PersonId, string? Name, string? Office, string? Agency, bool Records, PersonErasure? Erasure, DateOnly? ErasedOn = null);

/// <summary>Persons that were found.</summary>
/// <param name="Items">The persons, by name.</param>
/// <param name="Next">Always null: they come on one page, and a longer text finds fewer.</param>
public sealed record PersonPage(IReadOnlyList<PersonFound> Items, string? Next);

/// <summary>Shows persons to registrars.</summary>
public static class PersonViewEndpoint
{
    /// <summary>How many persons are shown at once.</summary>
    internal const int Most = 200;

    private const string Select =
        """
        select p.person_id, p.name, p.office, p.agency, p.subject is not null, e.erased_at, e.erased_by, e.agency, e.reason, e.legal_basis, p.erased_at
          from ledger.person p left join ledger.person_erasure e using (person_id)
        """;

    /// <summary>Find persons by a part of their name or office.</summary>
    /// <remarks>For registrars, who are asked to forget somebody. Case, accents and the script do not matter. 200 at most. What is looked for stands in the address, which proxies may write to their logs.</remarks>
    [Tags("Persons")]
    [Query("q", "A part of the name or the office.", Example = "Blanc", IsRequired = true)]
    [ProducesResponseType<PersonPage>(200)]
    [WolverineGet("/api/v1/persons", OperationId = "findPersons")]
    public static async Task<IResult> Find(NpgsqlDataSource source, HttpContext http)
    {
        var query = new RequestQuery(http);
        var text = query.Text("q");
        if (query.Problem is { } problem)
            return problem;
        if (text is null)
            return Problem.Malformed("Give q: a part of the name or the office.");

        return Form.Answer(new PersonPage(await Search(text, source, http.RequestAborted), null));
    }

    /// <summary>Read a person: the name as far as it is kept, or who erased it, when and why.</summary>
    /// <remarks>For registrars.</remarks>
    [Tags("Persons")]
    [ProducesResponseType<PersonFound>(200)]
    [WolverineGet("/api/v1/persons/{id}", OperationId = "getPerson")]
    public static async Task<IResult> Get(string id, NpgsqlDataSource source, HttpContext http)
    {
        if (new RequestQuery(http).Problem is { } problem)
            return problem;

        return await One(id, source, http.RequestAborted) is { } person ? Form.Answer(person) : NotFound(id);
    }

    /// <summary>Those whose name or office holds a text, by name; <see cref="Most"/> at most.</summary>
    internal static async Task<IReadOnlyList<PersonFound>> Search(string text, NpgsqlDataSource source, CancellationToken cancellation)
    {
        // Folded here and not by the database, which knows the case of ASCII alone where its locale is C. Registrars ask this rarely.
        var sought = Folded.ForSearch(text);
        await using var command = source.CreateCommand($"{Select} where p.name is not null order by p.name, p.office, p.person_id");
        return await Read(command, p => Folded.ForSearch($"{p.Name}\n{p.Office}").Contains(sought, StringComparison.Ordinal), cancellation);
    }

    /// <summary>The person of an id; null where there is none.</summary>
    internal static async Task<PersonFound?> One(string id, NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand($"{Select} where p.person_id = $1");
        command.Parameters.Add(new() { Value = id.Replace("\0", "", StringComparison.Ordinal) });
        return await Read(command, _ => true, cancellation) is [var person] ? person : null;
    }

    internal static Problem NotFound(string id) => Problem.NotFound($"There is no person {id}. Meetings and histories show the ids of those whom they name; GET /api/v1/persons?q= finds them by name.");

    private static async Task<List<PersonFound>> Read(NpgsqlCommand command, Func<PersonFound, bool> isSought, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var persons = new List<PersonFound>();
        while (persons.Count < Most && await reader.ReadAsync(cancellation))
        {
            var person = new PersonFound(reader.GetString(0), Text(1), Text(2), Text(3), reader.GetBoolean(4), reader.IsDBNull(5)
                ? null
                : new PersonErasure(reader.GetString(0), new DateTimeOffset(reader.GetDateTime(5), TimeSpan.Zero), reader.GetString(6), reader.GetString(8), reader.GetString(9), Text(7)),
                reader.IsDBNull(10) ? null : DateOnly.FromDateTime(reader.GetDateTime(10)));
            if (isSought(person))
                persons.Add(person);
        }

        return persons;

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }
}
