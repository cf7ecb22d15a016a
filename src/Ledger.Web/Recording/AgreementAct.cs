using System.Collections.Immutable;
using Ledger.Domain;
using Ledger.Domain.Agreements;
using Ledger.Domain.Persons;
using Ledger.Web.Access;

namespace Ledger.Web.Recording;

/// <summary>An act of an agreement as a request, a page or an outcome of a meeting asks for it.</summary>
/// <param name="Decide">The decider, given what it may need from outside the domain.</param>
public sealed record AgreementAct(Func<Agreement, Occasion, Outside, Decision> Decide)
{
    private readonly Operation? _operation;

    /// <summary>The party for which it is done; absent for acts that any party may record.</summary>
    public string? Party { get; init; }

    /// <summary>The row of the access table that says who may record it.</summary>
    internal Operation Operation
    {
        get => _operation ?? (Party is null ? Operation.ActOnAgreement : Operation.ActForParty);
        init => _operation = value;
    }

    /// <summary>The member that says on which day it was done, as a JSON Pointer: each request has its own word for what events call <c>/occurredOn</c>.</summary>
    public string Day { get; init; } = "/occurredOn";

    /// <summary>The persons named in it, whose names stay outside the events.</summary>
    public ImmutableArray<NamedPerson> Persons { get; init; } = [];
}

/// <summary>What a decider is handed from outside: ids and persons.</summary>
/// <param name="NewId">Makes an id.</param>
/// <param name="Person">The person of this name and office, as an event may hold them.</param>
public sealed record Outside(Func<string> NewId, Func<NamedPerson, Person> Person);
