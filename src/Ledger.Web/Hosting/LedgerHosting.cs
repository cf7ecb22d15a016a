using FluentValidation;
using Ledger.Web.Access;
using Ledger.Web.Agreements;
using Ledger.Web.Briefs;
using Ledger.Web.Entries;
using Ledger.Web.Importing;
using Ledger.Web.Meetings;
using Ledger.Web.Pages;
using Ledger.Web.Recording;
using Ledger.Web.Store;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Http.Json;
using Wolverine.Http;

namespace Ledger.Web.Hosting;

/// <summary>What the host is made of.</summary>
internal static class LedgerHosting
{
    /// <summary>Adds the Ledger's services.</summary>
    public static void AddLedger(this IServiceCollection services, string connectionString)
    {
        services.AddLedgerStore(connectionString);
        services.AddLedgerHealth();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<AgencyCache>();
        services.AddSingleton(s => new Recorder(
            s.GetRequiredService<Npgsql.NpgsqlDataSource>(),
            s.GetRequiredService<AgencyCache>(),
            s.GetRequiredService<TimeProvider>(),
            TimeSpan.FromSeconds(s.GetRequiredService<IConfiguration>().GetValue("Ledger:WriteWaitSeconds", 15.0)),
            s.GetRequiredService<ILogger<Recorder>>()));
        services.AddSingleton<Rebuild>();
        services.AddSingleton<RecordReader>();
        services.AddSingleton<SecurityLog>();
        services.AddSingleton<AgreementReader>();
        services.AddSingleton<AgreementAnswers>();
        services.AddSingleton<AgreementRegister>();
        services.AddSingleton<RegisterChanges>();
        services.AddSingleton<AgreementSearch>();
        services.AddSingleton<MeetingReader>();
        services.AddSingleton<HistoryWriter>();
        services.AddSingleton<BriefReader>();
        services.AddSingleton<DeadlineReader>();
        services.AddSingleton<DeadlineFeedAddresses>();
        services.AddImporting();
        services.AddValidatorsFromAssemblyContaining<Program>(ServiceLifetime.Singleton, includeInternalTypes: true);
        services.AddLedgerOpenApi();
        services.AddRateLimiter(_ => { });
        services.Configure<HostFilteringOptions>(options => options.IncludeFailureMessage = false);
        services.Configure<JsonOptions>(options => StrictJson.Configure(options.SerializerOptions));
    }

    /// <summary>Puts the request pipeline together.</summary>
    public static void UseLedger(this WebApplication app)
    {
        var limits = RateLimits.Of(app.Configuration);
        app.UseSecurityHeaders();
        app.UseTrustedProxies();
        app.UseWhen(http => !http.IsForPeople(), programs =>
        {
            programs.UseExceptionHandler(errors => errors.Run(http => Of(http.Features.Get<IExceptionHandlerFeature>()!.Error).ExecuteAsync(http)));
            programs.UseStatusCodePages(async context =>
            {
                var http = context.HttpContext;
                var problem = http.Response.StatusCode switch
                {
                    404 => Problem.NotFound($"Nothing answers at {http.Request.Path}. The reference under /docs lists the routes."),
                    405 => new Problem(405, "method-not-allowed", "This method is not allowed here", $"{http.Request.Method} does nothing at {http.Request.Path}. The reference under /docs lists the routes and their methods."),
                    406 => new Problem(406, "not-acceptable", "There is no such form of this", "Ask for a form that the reference under /docs lists for this route."),
                    415 => new Problem(415, "unsupported-media-type", "The body is not JSON", "Send the body as application/json in UTF-8."),
                    var status and >= 400 and < 500 => new Problem(status, "malformed", "The request cannot be read", "The reference under /docs says what this route takes."),
                    _ => null,
                };
                if (problem is not null)
                    await problem.ExecuteAsync(http);
            });
        });
        app.UseLedgerPages();
        app.UseRouting();
        app.Use((http, next) => http.RequestServices.GetRequiredService<SecurityLog>().Follow(http, next));
        RateLimits.UseSignInLimit(app, limits);
        app.UseAuthentication();
        RateLimits.UseRateLimits(app, limits);
        app.UseAuthorization();
        app.UseAccessTable();
        app.MapDevelopmentTokens();
        app.MapLedgerHealth();
        app.MapLedgerOpenApi();
        app.MapWolverineEndpoints(options => options.RequireAuthorizeOnAll());
        app.MapRazorPages();
        app.MapDeadlineFeeds();
        ProductionStart.WarnOnceServing(app);
    }

    private static Problem Of(Exception error) => error switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => RequestBody.TooLarge(RequestLimits.MostBytes),
        BadHttpRequestException bad => new(bad.StatusCode, "malformed", "The request cannot be read", "The request breaks the rules of HTTP or ended too early. Send it again, with the same key if it was a write."),
        _ when StoreConnection.IsAway(error) => Problem.Unavailable("The store does not answer. Try again in a moment; a write with the same key."),
        _ => new(500, "internal", "The Ledger failed", "This is a fault of the Ledger, and nothing was recorded unless an answer said so. Send the request again with the same key, and report the traceId if it fails again."),
    };
}
