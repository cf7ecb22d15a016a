using System.Globalization;
using System.Text;

namespace Ledger.Web.Access;

/// <summary>Writes <c>docs/access.md</c> from the table.</summary>
internal static class AccessPage
{
    private const string Before = """
        # Who may do and see what

        This page is written from the one table in the code that every permission is decided by ([AccessTable.cs](../src/Ledger.Web/Access/AccessTable.cs)):
        change the table and run the tests with `LEDGER_WRITE_DOCS=1` to write it anew. A test tries every cell over HTTP on every route and every page; a
        route without a row answers nobody and fails that test.

        Roles come from the token or the session. Whoever bears several may do what any of them may. A token without any of the three roles, and an officer
        without an agency, reads as a **reader**; **nobody** is a request without a token.

        A cell says in which relation to the operation it is allowed:

        | word | meaning |
        |---|---|
        | own | it concerns the caller's agency, or one in whose place that agency stands |
        | other | it concerns other agencies alone; refused with 403 `forbidden` where the cell does not say so |
        | restricted | it concerns a restricted agreement in which the caller's agency takes no part; answered with 404 as if there were none where the cell does not say so |
        | ended | it concerns an agreement that was terminated or withdrawn; refused with 409 `agreement-ended` where the cell does not say so |
        | yes | it concerns nothing that could be anybody's |
        | – | nowhere: 403 `forbidden`, and without a token 401 `unauthenticated` or, on a page, the way to sign in |

        """;

    private const string After = """

        ## Restricted agreements

        Only those that take part (its parties, in each other's place after a succession, and the institutes that carry it out), registrars and auditors know of
        an agreement whose proposal said `"visibility": "restricted"`.

        - Whether an agency takes part is asked of the record **as it stands now**, whatever day or instant is looked at: a party that joins later sees all of
          its history; one that has left goes on seeing it, for it was bound by it; one whose signature or accession was struck out by a correction never was a
          party, and sees it no longer. After a succession the successor sees what its predecessor took part in. The visibility itself cannot be corrected.
        - To all others the answer is the one of an agreement that does not exist, but for the name that was asked for and the trace. It comes from the same
          statements: whether the caller may know of it is part of the question put to the store, so that nothing of it is read, and no lock on it is taken.
        - A meeting that touched it is shown with its other outcomes; its title, agenda and participants are as its recorders wrote them, and readable by all.
        - What cannot be hidden: numbers. Sequences and references are given in one order to everything, so that a number left out may belong to an
          entry or an agreement that the caller may not see, or to none; `searchedUpTo` counts like them. Who proposes an agreement under a reference of their own that is taken is told so
          (`reference-taken`), for no two agreements may bear the same.

        ## Names

        Where the two rows about names withhold one, the member `name` is null and `withheld` is true; pages and briefs say that it is not shown. A person is the
        caller's own by the agency that an entry names with them: the recorder's, the participant's, the signing party's. Whom an entry names without one, a host or
        somebody that a correction names, is nobody's own. An office is a function and no secret. An export leaves a withheld person's name, office and salts out,
        as it does an erased one's: it can be brought in, with the commitments and without the names.

        ## The security log

        Every refusal is an entry of the log category `Ledger.Security`, and every session that begins or fails to, with the same members each time: `Subject` (the token's `sub`, or `nobody`), `Agency`,
        `Roles`, `Method`, `Route` (the pattern, without what was put into it), `Operation` (the row above), `Remote` (the address it came from), `Code` and
        `TraceId`. It holds no token, body, query or name, and characters that could forge a line are replaced.

        | event id | level | what |
        |---|---|---|
        | 4000 | Information | signed in: a session of the pages begins; it has no `Method`, `Route`, `Operation` and `Code` |
        | 4001 | Information | not signed in: no token or one that is not accepted, or a page without a session |
        | 4002 | Warning | a sign-in at the provider failed: `Code` is `denied` (there), `provider-error`, `provider-away`, `invalid-token`, `unclear-caller` (no `sub`, or several agencies), `invalid-answer` (a state that is missing, made up or of another browser) or `failed`; of the other members it has `Subject`, `Remote` and `TraceId` |
        | 4003 | Warning | forbidden, by a route, a page or an outcome of a meeting |
        | 4004 | Warning | asked for a restricted agreement that the caller may not know of, by whatever route or page, or named one in a meeting, in the draft of one or in a proposal: `Agreement` is its id |
        | 4005 | Warning | asked for deadlines under a secret address that is none |
        | 4009 | Warning | the store was away when it was to be found out whether 4004 applies |

        An entry of a refusal is written after the answer has been sent, so that the answer says nothing by the time it takes.

        """;

    /// <summary>The page.</summary>
    public static string Text { get; } = Write();

    private static string Write()
    {
        var page = new StringBuilder(Before);
        page.Append("\n## The table\n\n| operation | concerns | officer | registrar | auditor | reader | nobody |\n|---|---|---|---|---|---|---|\n");
        foreach (var row in AccessTable.Rows)
            page.Append(CultureInfo.InvariantCulture, $"| {row.Says} | {Word(row.Concerns)} | {Cell(row, row.Officer)} | {Cell(row, row.Registrar)} | {Cell(row, row.Auditor)} | {Cell(row, row.Reader)} | {Cell(row, row.Nobody)} |\n");
        page.Append(After);
        page.Append("\n## Routes and pages of each row\n\n| operation | routes |\n|---|---|\n");
        foreach (var row in AccessTable.Rows.Where(row => !row.Routes.IsEmpty))
            page.Append(CultureInfo.InvariantCulture, $"| {row.Says} | {string.Join(", ", row.Routes.Select(route => $"`{route}`"))} |\n");
        return page.ToString();
    }

    private static string Word(Concern concern) => concern switch
    {
        Concern.Agreement => "an agreement",
        Concern.Agency => "agencies",
        Concern.Person => "a person",
        _ => "the ledger",
    };

    private static string Cell(AccessRow row, Reach reach) =>
        reach == Reach.Nowhere ? "–"
        : row.Concerns == Concern.Ledger ? "yes"
        : string.Join(", ", AccessTable.RelationsTo(row.Concerns).Where(relation => reach.HasFlag(relation)).Select(relation => relation.ToString().ToLowerInvariant()));
}
