using System.Diagnostics;
using Ledger.Web.Entries;
using Ledger.Web.Hosting;
using Microsoft.AspNetCore.Diagnostics;

namespace Ledger.Web.Access;

/// <summary>
/// Writes down who has begun a session, which sign-in failed, and what was refused and to whom: every 401 and 403, and every answer that hid from the caller an agreement they may not know of. An
/// entry says who, what, from where and why, and holds nothing of a token, a body or a name.
/// </summary>
internal sealed partial class SecurityLog(ILoggerFactory loggers, RecordReader record)
{
    /// <summary>The category of its entries.</summary>
    public const string Category = "Ledger.Security";

    private const int Longest = 200;

    private static readonly object Refused = new();
    private static readonly object LookedFor = new();

    private readonly ILogger _log = loggers.CreateLogger(Category);

    /// <summary>Notes that a request is refused whose answer does not have the status that says so, such as the way to sign in.</summary>
    public static void NoteRefusal(HttpContext http, int status) => http.Items[Refused] = status;

    /// <summary>Notes agreements that a request has named and was told nothing of. If there are such that the caller may not know of, that is written down.</summary>
    public static void NoteLookedFor(HttpContext http, IEnumerable<string> names) =>
        http.Items[LookedFor] = names.Concat(http.Items[LookedFor] as IEnumerable<string> ?? []).Distinct(StringComparer.Ordinal).ToArray();

    /// <summary>Writes down that somebody has signed in to the pages and begins a session.</summary>
    public static void NoteSession(HttpContext http, Caller caller) => SignedIn(
        http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(Category),
        Clean(caller.Subject),
        Clean(caller.Agency),
        string.Join(' ', caller.Roles.Order(StringComparer.Ordinal)),
        http.Connection.RemoteIpAddress?.ToString() ?? "unknown",
        Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier);

    /// <summary>Writes down that a sign-in at the authority has failed.</summary>
    /// <param name="http">The request that came back from there.</param>
    /// <param name="code">Why, in a word of ours: what came back may say anything, and holds secrets.</param>
    /// <param name="subject">Who it was, where a token that was verified says so.</param>
    public static void NoteFailedSignIn(HttpContext http, string code, string? subject = null) => SignInFailed(
        http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(Category),
        string.IsNullOrWhiteSpace(subject) ? "nobody" : Clean(subject),
        http.Connection.RemoteIpAddress?.ToString() ?? "unknown",
        code,
        Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier);

    /// <summary>Takes over what was noted on the request that a page has sent to the API for its reader.</summary>
    public static void TakeOver(HttpContext sent, HttpContext page)
    {
        if (sent.Response.StatusCode is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden)
            NoteRefusal(page, sent.Response.StatusCode);
        if (sent.Items[LookedFor] is string[] names)
            NoteLookedFor(page, names);
    }

    /// <summary>Lets a request go on, and writes down what was refused once its answer has been sent: nobody waits for that, or learns from how long it takes.</summary>
    public async Task Follow(HttpContext http, RequestDelegate next)
    {
        // An error page shown in place of an answer is no request of its own.
        if (http.Features.Get<IStatusCodeReExecuteFeature>() is not null || http.GetEndpoint() is not RouteEndpoint endpoint)
        {
            await next(http);
            return;
        }

        Refusal? refusal = null;
        http.Response.OnCompleted(() => refusal is null ? Task.CompletedTask : Write(refusal));
        await next(http);
        refusal = Of(http, endpoint);
    }

    private static Refusal? Of(HttpContext http, RouteEndpoint endpoint)
    {
        var row = AccessTable.Of(http.Request.Method, endpoint.RoutePattern.RawText ?? "");
        var status = http.Items[Refused] as int? ?? http.Response.StatusCode;
        List<string> names = [.. http.Items[LookedFor] as string[] ?? []];
        if (status == StatusCodes.Status404NotFound && row?.Concerns == Concern.Agreement && http.Request.RouteValues["id"] is string id)
            names.Add(id);

        var isSecret = status == StatusCodes.Status404NotFound && row?.Operation == Operation.ReadDeadlinesByAddress;
        if (row?.Operation == Operation.VisitOpenPages || (status is not (StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden) && names.Count == 0 && !isSecret))
            return null;

        var caller = http.User.Identity?.IsAuthenticated == true ? Caller.From(http.User) : null;
        return new(
            caller,
            status,
            names,
            Clean(http.Request.Method),
            Clean("/" + endpoint.RoutePattern.RawText?.TrimStart('/')),
            row?.Operation.ToString() ?? "",
            http.Connection.RemoteIpAddress?.ToString() ?? "unknown",
            Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier);
    }

    private async Task Write(Refusal refusal)
    {
        var (subject, agency, roles) = refusal.Caller is { } caller
            ? (Clean(caller.Subject), Clean(caller.Agency), string.Join(' ', caller.Roles.Order(StringComparer.Ordinal)))
            : ("nobody", "", "");
        switch (refusal.Status)
        {
            case StatusCodes.Status401Unauthorized:
                NotSignedIn(subject, agency, roles, refusal.Method, refusal.Route, refusal.Operation, refusal.Remote, "unauthenticated", refusal.TraceId);
                return;
            case StatusCodes.Status403Forbidden:
                Forbidden(subject, agency, roles, refusal.Method, refusal.Route, refusal.Operation, refusal.Remote, "forbidden", refusal.TraceId);
                break;
            case StatusCodes.Status404NotFound when refusal.Operation == nameof(Operation.ReadDeadlinesByAddress):
                UnknownAddress(subject, agency, roles, refusal.Method, refusal.Route, refusal.Operation, refusal.Remote, "not-found", refusal.TraceId);
                return;
        }

        if (refusal.Caller is null || refusal.Names.Count == 0)
            return;
        try
        {
            foreach (var agreement in await record.HiddenOf(refusal.Names, refusal.Caller, CancellationToken.None))
                Hidden(subject, agency, roles, refusal.Method, refusal.Route, refusal.Operation, refusal.Remote, "not-found", refusal.TraceId, agreement);
        }
        catch (Exception away) when (StoreConnection.IsAway(away))
        {
            NotFoundOut(away, subject, agency, roles, refusal.Method, refusal.Route, refusal.Operation, refusal.Remote, refusal.TraceId);
        }
    }

    // Nothing that a caller sends or is called by may begin a line of its own, move a cursor or turn the reading around.
    internal static string Clean(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return "";
        var cut = text.Length > Longest ? text[..Longest] : text;
        return string.Concat(cut.Select(c => char.IsControl(c) || char.IsSurrogate(c) || char.GetUnicodeCategory(c) is
            System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator ? '\uFFFD' : c));
    }

    [LoggerMessage(4000, LogLevel.Information, "Signed in: {Subject} of {Agency} ({Roles}) from {Remote}, trace {TraceId}")]
    private static partial void SignedIn(ILogger log, string subject, string agency, string roles, string remote, string traceId);

    [LoggerMessage(4001, LogLevel.Information, "Not signed in: {Subject} of {Agency} ({Roles}), {Method} {Route} ({Operation}) from {Remote}: {Code}, trace {TraceId}")]
    private partial void NotSignedIn(string subject, string agency, string roles, string method, string route, string operation, string remote, string code, string traceId);

    [LoggerMessage(4002, LogLevel.Warning, "Sign-in failed: {Subject} from {Remote}: {Code}, trace {TraceId}")]
    private static partial void SignInFailed(ILogger log, string subject, string remote, string code, string traceId);

    [LoggerMessage(4003, LogLevel.Warning, "Forbidden: {Subject} of {Agency} ({Roles}), {Method} {Route} ({Operation}) from {Remote}: {Code}, trace {TraceId}")]
    private partial void Forbidden(string subject, string agency, string roles, string method, string route, string operation, string remote, string code, string traceId);

    [LoggerMessage(4004, LogLevel.Warning, "Hidden: {Subject} of {Agency} ({Roles}), {Method} {Route} ({Operation}) from {Remote}: {Code}, trace {TraceId}, agreement {Agreement}")]
    private partial void Hidden(string subject, string agency, string roles, string method, string route, string operation, string remote, string code, string traceId, string agreement);

    [LoggerMessage(4005, LogLevel.Warning, "Unknown secret address: {Subject} of {Agency} ({Roles}), {Method} {Route} ({Operation}) from {Remote}: {Code}, trace {TraceId}")]
    private partial void UnknownAddress(string subject, string agency, string roles, string method, string route, string operation, string remote, string code, string traceId);

    [LoggerMessage(4009, LogLevel.Warning, "Whether it was hidden could not be found out: {Subject} of {Agency} ({Roles}), {Method} {Route} ({Operation}) from {Remote}, trace {TraceId}")]
    private partial void NotFoundOut(Exception away, string subject, string agency, string roles, string method, string route, string operation, string remote, string traceId);

    private sealed record Refusal(
        Caller? Caller, int Status, IReadOnlyList<string> Names, string Method, string Route, string Operation, string Remote, string TraceId);
}
