using JasperFx;
using Ledger.Web.Access;
using Ledger.Web.Commands;
using Ledger.Web.Hosting;
using Ledger.Web.Pages;
using Ledger.Web.Store;
using Microsoft.Extensions.Logging.Console;
using Wolverine;
using Wolverine.Http;

try
{
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions
    {
        Args = args,
        EnvironmentName = LedgerEnvironment.Name,

        // Settings lie beside the program, wherever it is started from.
        ContentRootPath = AppContext.BaseDirectory,
    });
    builder.UseDefaultAddress();
    builder.AddRequestLimits();

    // What is received goes on in the thread that received it; handing it on to another thread of the same pool costs more than it gives.
    builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
    var directory = DataDirectory.From(builder.Configuration);
    ProductionStart.Check(builder.Configuration, builder.Environment, directory, Environment.GetEnvironmentVariable);
    builder.Services.AddSingleton(directory);
    builder.AddLedgerAuthentication(directory);
    builder.AddLedgerPages();

    // What a command prints is its result, and may be read by another program: what it logs goes beside it.
    var logsTo = args is ["export" or "import" or "check" or "rebuild" or "migrate", ..] ? LogLevel.Trace : LogLevel.None;
    builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = logsTo);
    using var logging = LoggerFactory.Create(x => x.AddConfiguration(builder.Configuration.GetSection("Logging")).AddConsole(console => console.LogToStandardErrorThreshold = logsTo));

    // Writing the code of the endpoints in advance, for a published build, takes no store.
    var isWritingCode = args is ["codegen", ..];
    await using var store = isWritingCode ? StoreConnection.None : await StoreConnection.OpenAsync(
        builder.Configuration, directory, logging.CreateLogger<StoreConnection>(), CancellationToken.None);

    builder.Services.AddLedger(store.ConnectionString);
    builder.Services.AddWolverineHttp();
    builder.Host.UseWolverine(options =>
    {
        options.ApplicationAssembly = typeof(Program).Assembly;

        // On a server of their own several nodes may share the record; the embedded store has one process alone.
        options.Durability.Mode = store.IsShared ? DurabilityMode.Balanced : DurabilityMode.Solo;
        options.Durability.FirstHealthCheckExecution = TimeSpan.FromMilliseconds(200);
        options.Durability.HealthCheckPollingTime = TimeSpan.FromSeconds(2);
        options.Durability.StaleNodeTimeout = TimeSpan.FromSeconds(10);
        options.Durability.CheckAssignmentPeriod = TimeSpan.FromSeconds(2);

        // However often the store was away: once it is back, what follows the entries goes on within this time.
        options.Durability.TransientFailureRestartMaxBackoff = TimeSpan.FromSeconds(8);
        options.UseCodeWrittenInAdvance();

        // The owner makes its tables with all the others.
        options.AutoBuildMessageStorageOnStartup = AutoCreate.None;
    });

    await using var app = builder.Build();
    if (args is ["migrate", ..])
        return await MigrateCommand.Run(app, store);
    if (!isWritingCode)
        await LedgerStore.Prepare(app.Services, store, mayDoMore: app.Environment.IsDevelopment(), CancellationToken.None);
    app.UseLedger();
    return args switch
    {
        ["demo", ..] => await DemoCommand.Run(app),
        ["rebuild", ..] => await RebuildCommand.Run(app),
        ["import", .. var rest] => await ImportCommand.Run(app, rest),
        ["export", .. var rest] => await ExportCommand.Run(app, rest),
        ["check", ..] => await RebuildCommand.Check(app),
        _ => await app.RunJasperFxCommands(args),
    };
}
catch (StartupRefusedException refusal)
{
    await Console.Error.WriteLineAsync(refusal.Message);
    return 1;
}

/// <summary>The Cooperation Ledger.</summary>
public partial class Program;
