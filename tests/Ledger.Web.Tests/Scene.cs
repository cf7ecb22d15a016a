using Ledger.Web.Tests.Hosting;

namespace Ledger.Web.Tests;

/// <summary>Three agencies of a test's own, and somebody at each.</summary>
public sealed class Scene
{
    private readonly RunningLedger _ledger;
    private readonly bool _isRestricted;

    private Scene(RunningLedger ledger, bool isRestricted, string one, string two, string three, Client officer, Client partner, Client stranger) =>
        (_ledger, _isRestricted, One, Two, Three, Officer, Partner, Stranger) = (ledger, isRestricted, one, two, three, officer, partner, stranger);

    /// <summary>A party.</summary>
    public string One { get; }

    /// <summary>The other party.</summary>
    public string Two { get; }

    /// <summary>No party.</summary>
    public string Three { get; }

    /// <summary>An officer of the first party.</summary>
    public Client Officer { get; }

    /// <summary>An officer of the second party.</summary>
    public Client Partner { get; }

    /// <summary>An officer of the agency that is no party.</summary>
    public Client Stranger { get; }

    public Client Registrar => _ledger.Registrar;

    /// <summary>Agencies of a test's own, whose agreements are for their parties alone where it says so.</summary>
    public static async Task<Scene> Of(RunningLedger ledger, bool isRestricted = false)
    {
        var (one, two, three) = (await ledger.Agency(), await ledger.Agency(), await ledger.Agency());
        return new(ledger, isRestricted, one, two, three, await ledger.OfficerOf(one), await ledger.OfficerOf(two), await ledger.OfficerOf(three));
    }

    /// <summary>Proposes an agreement between the two and answers with its reference.</summary>
    public async Task<string> Propose(string more = "")
    {
        more += _isRestricted ? (more.Length == 0 ? "" : ",") + "\"visibility\":\"restricted\"" : "";
        var reply = await Officer.Post("/api/v1/agreements", $$"""{"title":"Cooperation {{_ledger.Next()}}","parties":["{{One}}","{{Two}}"]{{(more.Contains("proposedOn", StringComparison.Ordinal) ? "" : ",\"proposedOn\":\"2019-01-01\"")}}{{(more.Length == 0 ? "" : "," + more)}}}""");
        return reply.Is(201)["reference"]!;
    }

    /// <summary>An agreement in force from 2 May 2020, at version 5.</summary>
    public async Task<string> InForce(string more = "")
    {
        var reference = await Propose(more);
        await Act(reference, "signatures", new { party = One, signedOn = "2020-02-01" });
        await Act(reference, "signatures", new { party = Two, signedOn = "2020-02-01" });
        await Act(reference, "ratifications", new { party = One, ratifiedOn = "2020-05-01" });
        await Act(reference, "ratifications", new { party = Two, ratifiedOn = "2020-05-02" });
        return reference;
    }

    /// <summary>Records an act as the registrar, whatever the version.</summary>
    public async Task<Reply> Act(string reference, string route, object body) =>
        (await Registrar.Post($"/api/v1/agreements/{reference}/{route}", body, ifMatch: "*")).Is(201);

    /// <summary>An instant that takes in everything recorded so far, and up to which the record can no longer change.</summary>
    public async Task<string> Now(string reference)
    {
        var path = $"/api/v1/agreements/{reference}";
        var instant = (await Registrar.Get(path)).Is(200)["knownAt"]!;
        await Eventually.TrueAsync(async () => (await Registrar.Get($"{path}?knownAt={instant}"))["knownAt"] == instant, "The record was never settled.");
        return instant;
    }

    /// <summary>Records a meeting of the two as the registrar.</summary>
    public async Task<Reply> Meeting(string heldOn = "2020-02-14", string outcomes = "") =>
        await Registrar.Post("/api/v1/meetings", MeetingBody(heldOn, outcomes));

    public string MeetingBody(string heldOn = "2020-02-14", string outcomes = "") =>
        $$"""{"title":"Meeting {{_ledger.Next()}}","heldOn":"{{heldOn}}","participants":[{"name":"Anna Blanc","office":"President","agency":"{{One}}"},{"name":"Boris Orlov","office":"Director General","agency":"{{Two}}"}],"outcomes":[{{outcomes}}]}""";
}
