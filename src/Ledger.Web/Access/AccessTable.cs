using System.Collections.Frozen;
using System.Collections.Immutable;
using static Ledger.Web.Access.Reach;

namespace Ledger.Web.Access;

/// <summary>How the caller stands to what an operation concerns. A cell of the table names those relations in which it is allowed.</summary>
[Flags]
internal enum Reach
{
    /// <summary>It is allowed nowhere.</summary>
    Nowhere = 0,

    /// <summary>It concerns the caller's own agency, or one in whose place that agency stands.</summary>
    Own = 1,

    /// <summary>It concerns other agencies alone.</summary>
    Other = 2,

    /// <summary>It concerns a restricted agreement in which the caller's agency takes no part. Without it there is no such agreement for the caller.</summary>
    Restricted = 4,

    /// <summary>It concerns an agreement that was terminated or withdrawn. Without it the rules of the record refuse it (<c>agreement-ended</c>).</summary>
    Ended = 8,

    /// <summary>It concerns any agency.</summary>
    Anybody = Own | Other,

    /// <summary>It is allowed whatever it concerns.</summary>
    Everywhere = Own | Other | Restricted | Ended,
}

/// <summary>What an operation concerns, which says what relations there can be to it.</summary>
internal enum Concern
{
    /// <summary>An agreement, or one party's own act in it.</summary>
    Agreement,

    /// <summary>Agencies: those that take part in what is recorded, or the agency itself.</summary>
    Agency,

    /// <summary>A person, by the agency for which they act.</summary>
    Person,

    /// <summary>The ledger itself.</summary>
    Ledger,
}

/// <summary>What somebody may want to do: the rows of the table, in its order.</summary>
internal enum Operation
{
    SeeAgreement,
    SearchRecord,
    ReadMeetings,
    ReadAgencies,
    SeeRecorders,
    SeePersonsNamed,
    ProposeAgreement,
    ActOnAgreement,
    ActForParty,
    AttachDocument,
    CorrectAgreement,
    CorrectPartysAct,
    RecordMeeting,
    CorrectMeeting,
    ApproveMinutes,
    KeepAgencies,
    ForgetPersons,
    BringFilesIn,
    WatchFiles,
    ReadDeadlinesByAddress,
    KeepOwnAccount,
    VisitOpenPages,
}

/// <summary>A row of the table: one operation, and where each role may do it.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Concerns">What it concerns.</param>
/// <param name="Officer">Where an officer may, who acts for an agency.</param>
/// <param name="Registrar">Where a registrar may.</param>
/// <param name="Auditor">Where an auditor may.</param>
/// <param name="Reader">Where anybody else may who has signed in.</param>
/// <param name="Nobody">Where one may who has not.</param>
/// <param name="Says">What it is, as a sentence without a subject.</param>
internal sealed record AccessRow(Operation Operation, Concern Concerns, Reach Officer, Reach Registrar, Reach Auditor, Reach Reader, Reach Nobody, string Says)
{
    /// <summary>What a caller who has signed in and may do it nowhere is told.</summary>
    public string Refusal { get; init; } = "";

    /// <summary>The routes of the API and the pages by which it is done, each with its method.</summary>
    public ImmutableArray<string> Routes { get; init; } = [];
}

/// <summary>
/// Who may do and see what: every decision about it is taken from this table, <c>docs/access.md</c> is written from it, and every cell of it is tried
/// over HTTP on every route. A route or a page without a row answers nobody.
/// </summary>
internal static class AccessTable
{
    private const string Writers = "You may read the record and not add to it. An officer of an agency or a registrar can record this.";

    /// <summary>The rows.</summary>
    public static ImmutableArray<AccessRow> Rows { get; } =
    [
        //                                                       officer          registrar               auditor     reader           nobody
        new(Operation.SeeAgreement, Concern.Agreement,           Anybody | Ended, Everywhere,             Everywhere, Anybody | Ended, Nowhere, "Know of an agreement: read it, find it in lists, counts, searches, briefs, feeds and exports")
        {
            Routes =
            [
                "GET /api/v1/agreements/{id}", "GET /api/v1/agreements/{id}/history", "GET /api/v1/agreements/{id}/changes", "GET /api/v1/agreements/{id}/brief", "GET /api/v1/agreements/{id}/documents/{sha256}",
                "GET /agreements/{id}", "GET /agreements/{id}/phases", "GET /agreements/{id}/history", "GET /agreements/{id}/documents", "GET /agreements/{id}/brief",
            ],
        },
        new(Operation.SearchRecord, Concern.Ledger,              Everywhere,      Everywhere,             Everywhere, Everywhere,      Nowhere, "List, search, follow and export the record, as far as the row above lets one know of it")
        {
            Routes =
            [
                "GET /api/v1/agreements", "GET /api/v1/briefs/portfolio", "GET /api/v1/events", "GET /api/v1/export",
                "GET /", "GET /agreements", "GET /briefs", "GET /deadlines", "POST /deadlines", "GET /replay",
            ],
        },
        new(Operation.ReadMeetings, Concern.Agency,              Anybody,         Anybody,                Anybody,    Anybody,         Nowhere, "Read meetings, without what they say of agreements that one may not know of")
        {
            Routes =
            [
                "GET /api/v1/meetings", "GET /api/v1/meetings/{id}", "GET /api/v1/meetings/{id}/history", "GET /api/v1/meetings/{id}/brief",
                "GET /meetings", "GET /meetings/{id}", "GET /meetings/{id}/history",
            ],
        },
        new(Operation.ReadAgencies, Concern.Agency,              Anybody,         Anybody,                Anybody,    Anybody,         Nowhere, "Read agencies")
        {
            Routes = ["GET /api/v1/agencies", "GET /api/v1/agencies/{code}", "GET /api/v1/agencies/{code}/history", "GET /agencies", "GET /agencies/{code}"],
        },
        new(Operation.SeeRecorders, Concern.Person,              Anybody,         Anybody,                Anybody,    Own,             Nowhere, "See the name of whoever recorded an entry; their agency is shown with every entry"),
        new(Operation.SeePersonsNamed, Concern.Person,           Anybody,         Anybody,                Anybody,    Own,             Nowhere, "See the names of participants, hosts and signatories; their offices and agencies are shown with every entry"),
        new(Operation.ProposeAgreement, Concern.Agency,          Own,             Anybody,                Nowhere,    Nowhere,         Nowhere, "Propose an agreement of the agencies that are to be its parties")
        {
            Refusal = Writers,
            Routes = ["POST /api/v1/agreements"],
        },
        new(Operation.ActOnAgreement, Concern.Agreement,         Own,             Anybody | Restricted,   Nowhere,    Nowhere,         Nowhere, "Record what the parties of an agreement, or the institutes that carry it out, did together")
        {
            Refusal = Writers,
            Routes =
            [
                "POST /api/v1/agreements/{id}/discussions", "POST /api/v1/agreements/{id}/phases", "POST /api/v1/agreements/{id}/phases/{phase}/completion", "POST /api/v1/agreements/{id}/achievements",
                "POST /api/v1/agreements/{id}/extensions", "POST /api/v1/agreements/{id}/amendments", "POST /api/v1/agreements/{id}/suspensions", "POST /api/v1/agreements/{id}/resumptions",
                "POST /api/v1/agreements/{id}/provisional-application", "POST /api/v1/agreements/{id}/terminations", "POST /api/v1/agreements/{id}/proposal-withdrawal",
            ],
        },
        new(Operation.ActForParty, Concern.Agreement,            Own,             Anybody | Restricted,   Nowhere,    Nowhere,         Nowhere, "Record one party's own act: own is the party's agency, and not the agreement's other parties")
        {
            Refusal = Writers,
            Routes =
            [
                "POST /api/v1/agreements/{id}/signatures", "POST /api/v1/agreements/{id}/ratifications",
                "POST /api/v1/agreements/{id}/withdrawals", "POST /api/v1/agreements/{id}/withdrawal-revocations",
            ],
        },
        new(Operation.AttachDocument, Concern.Agreement,         Own | Ended,     Everywhere,             Nowhere,    Nowhere,         Nowhere, "Attach a document to an agreement")
        {
            Refusal = Writers,
            Routes = ["POST /api/v1/agreements/{id}/documents"],
        },
        new(Operation.CorrectAgreement, Concern.Agreement,       Own | Ended,     Everywhere,             Nowhere,    Nowhere,         Nowhere, "Correct an entry of an agreement")
        {
            Refusal = Writers,
            Routes = ["POST /api/v1/agreements/{id}/corrections"],
        },
        new(Operation.CorrectPartysAct, Concern.Agreement,       Own | Ended,     Everywhere,             Nowhere,    Nowhere,         Nowhere, "Correct an entry that is one party's own act, by the same route: own is the party's agency")
        {
            Refusal = Writers,
        },
        new(Operation.RecordMeeting, Concern.Agency,             Own,             Anybody,                Nowhere,    Nowhere,         Nowhere, "Record a meeting of the agencies that took part; each outcome asks the row of its own act as well")
        {
            Refusal = Writers,
            Routes =
            [
                "POST /api/v1/meetings",
                "GET /record", "POST /record", "GET /record/{draft}", "GET /record/{draft}/facts", "POST /record/{draft}/facts", "GET /record/{draft}/participants", "POST /record/{draft}/participants",
                "GET /record/{draft}/outcomes", "POST /record/{draft}/outcomes", "GET /record/{draft}/outcomes/new",
                "GET /record/{draft}/outcomes/{outcome}", "POST /record/{draft}/outcomes/{outcome}", "GET /record/{draft}/check", "POST /record/{draft}/check",
                "GET /record/{draft}/drop", "POST /record/{draft}/drop", "GET /record/{draft}/receipt",
            ],
        },
        new(Operation.CorrectMeeting, Concern.Agency,            Own,             Anybody,                Nowhere,    Nowhere,         Nowhere, "Correct an entry of a meeting in which the agencies took part")
        {
            Refusal = Writers,
            Routes = ["POST /api/v1/meetings/{id}/corrections"],
        },
        new(Operation.ApproveMinutes, Concern.Agency,            Own,             Anybody,                Nowhere,    Nowhere,         Nowhere, "Approve the minutes of a meeting for an agency")
        {
            Refusal = Writers,
            Routes = ["POST /api/v1/meetings/{id}/minutes-approvals", "POST /meetings/{id}"],
        },
        new(Operation.KeepAgencies, Concern.Agency,              Nowhere,         Anybody,                Nowhere,    Nowhere,         Nowhere, "Register or rename an agency, or record its succession")
        {
            Refusal = "Only a registrar keeps the agencies. Ask one to record this.",
            Routes = ["PUT /api/v1/agencies/{code}", "POST /api/v1/agencies/{code}/succession", "POST /agencies", "POST /agencies/{code}"],
        },
        new(Operation.ForgetPersons, Concern.Ledger,             Nowhere,         Everywhere,             Nowhere,    Nowhere,         Nowhere, "Look persons up by name, and erase their data")
        {
            Refusal = "Only a registrar looks persons up and erases their data. Ask one to do it.",
            Routes = ["GET /api/v1/persons", "GET /api/v1/persons/{id}", "POST /api/v1/persons/{id}/erasure", "GET /persons", "POST /persons", "GET /persons/{id}", "POST /persons/{id}"],
        },
        new(Operation.BringFilesIn, Concern.Ledger,              Nowhere,         Everywhere,             Nowhere,    Nowhere,         Nowhere, "Bring in a file of an older record")
        {
            Refusal = "Only a registrar brings files in. Ask one to do it.",
            Routes = ["POST /api/v1/imports", "POST /imports"],
        },
        new(Operation.WatchFiles, Concern.Ledger,                Nowhere,         Everywhere,             Everywhere, Nowhere,         Nowhere, "Watch files being brought in")
        {
            Refusal = "Registrars and auditors watch files being brought in.",
            Routes = ["GET /api/v1/imports", "GET /api/v1/imports/{id}", "GET /imports", "GET /imports/{id}"],
        },
        new(Operation.ReadDeadlinesByAddress, Concern.Ledger,    Everywhere,      Everywhere,             Everywhere, Everywhere,      Everywhere, "Read deadlines under a secret address, as the one who made it may know of them")
        {
            Routes = ["GET /deadlines/calendar/{secret}.ics", "GET /deadlines/feed/{secret}.atom"],
        },
        new(Operation.KeepOwnAccount, Concern.Ledger,            Everywhere,      Everywhere,             Everywhere, Everywhere,      Nowhere, "See one's own account, and go on with what one had typed")
        {
            Routes = ["GET /account", "GET /sign-in/resume/{id}"],
        },
        new(Operation.VisitOpenPages, Concern.Ledger,            Everywhere,      Everywhere,             Everywhere, Everywhere,      Everywhere, "Sign in and out, choose a language, read the help and the reference, ask whether the Ledger is well; in Development, ask for a token")
        {
            Routes =
            [
                "GET /sign-in", "POST /sign-in", "GET /sign-out", "POST /sign-out", "GET /language", "GET /help", "GET /accessibility", "GET /error/{status:int}",
                "GET /docs/{documentName?}", "GET /docs/scalar.js", "GET /docs/scalar.aspnetcore.js", "GET /docs/favicon.svg", "GET /docs/problems", "GET /docs/problems/{code}", "GET /docs/import.schema.json", "GET /openapi/{documentName}.json", "GET /health/live", "GET /health/ready", "POST /dev/tokens",
            ],
        },
    ];

    private static readonly FrozenDictionary<Operation, AccessRow> ByOperation = Rows.ToFrozenDictionary(row => row.Operation);

    private static readonly FrozenDictionary<string, AccessRow> ByRoute = Rows
        .SelectMany(row => row.Routes.Select(route => (Route: route, Row: row)))
        .ToFrozenDictionary(x => x.Route, x => x.Row, StringComparer.OrdinalIgnoreCase);

    /// <summary>The row of an operation.</summary>
    public static AccessRow Of(Operation operation) => ByOperation[operation];

    /// <summary>The row of a route; null where it has none.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="pattern">The pattern of the route, such as <c>/api/v1/agreements/{id}</c>, with or without the first slash.</param>
    public static AccessRow? Of(string method, string pattern) =>
        ByRoute.GetValueOrDefault($"{(HttpMethods.IsHead(method) ? HttpMethods.Get : method)} /{pattern.Trim('/')}");

    /// <summary>The relations that there can be to what an operation concerns, each a cell of its rows.</summary>
    public static ImmutableArray<Reach> RelationsTo(Concern concern) => concern switch
    {
        Concern.Agreement => [Own, Other, Restricted, Ended],
        Concern.Ledger => [Everywhere],
        _ => [Own, Other],
    };

    /// <summary>Where a caller may do what a row says: the union of their roles; null stands for nobody.</summary>
    public static Reach ReachOf(this AccessRow row, Caller? caller)
    {
        if (caller is null)
            return row.Nobody;

        // An officer acts for an agency; one without has nothing to act for.
        var reach = row.Reader;
        if (caller.IsOfficer && caller.Agency is not null)
            reach |= row.Officer;
        if (caller.IsRegistrar)
            reach |= row.Registrar;
        if (caller.IsAuditor)
            reach |= row.Auditor;
        return reach;
    }
}
