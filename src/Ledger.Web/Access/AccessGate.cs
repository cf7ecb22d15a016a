using Ledger.Web.Hosting;
using Ledger.Web.Pages;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Diagnostics;

namespace Ledger.Web.Access;

/// <summary>
/// Stands before every route and page and asks the table whether the caller may do there anything at all. What it depends on beyond that, whose
/// agreement it is and how it stands, is asked where that is known.
/// </summary>
internal static class AccessGate
{
    /// <summary>Puts the gate between authorization and the endpoints.</summary>
    public static void UseAccessTable(this WebApplication app) => app.Use(async (http, next) =>
    {
        if (http.GetEndpoint() is not RouteEndpoint endpoint)
        {
            await next(http);
            return;
        }

        // The page of a failure is shown whatever the method of the request that failed.
        var isFailure = http.Features.Get<IStatusCodeReExecuteFeature>() is not null || http.Features.Get<IExceptionHandlerFeature>() is not null;
        var pattern = endpoint.RoutePattern.RawText ?? "";
        if (AccessTable.Of(isFailure ? HttpMethods.Get : http.Request.Method, pattern) is not { } row)
        {
            if (AccessTable.Of(HttpMethods.Get, pattern) is null)
                throw new InvalidOperationException($"{http.Request.Method} /{pattern.Trim('/')} has no row in the access table, so that nobody may use it.");
            http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }

        var caller = http.User.Identity?.IsAuthenticated == true ? Caller.From(http.User) : null;
        if (row.ReachOf(caller) != Reach.Nowhere)
            await next(http);
        else if (caller is null)
            await http.ChallengeAsync();
        else if (http.IsForPeople())
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
        else
            await Problem.Forbidden(row.Refusal).ExecuteAsync(http);
    });
}
