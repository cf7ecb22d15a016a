using Ledger.Web.Access;
using Ledger.Web.Hosting;

try
{
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, EnvironmentName = LedgerEnvironment.Name });
    builder.UseDefaultAddress();
    var directory = DataDirectory.From(builder.Configuration);
    builder.AddLedgerAuthentication(directory);
    using var logging = LoggerFactory.Create(x => x.AddConfiguration(builder.Configuration.GetSection("Logging")).AddConsole());
    await using var store = await StoreConnection.OpenAsync(
        builder.Configuration, directory, logging.CreateLogger<StoreConnection>(), CancellationToken.None);

    await using var app = builder.Build();
    app.UseAuthentication();
    app.UseAuthorization();
    app.MapDevelopmentTokens();
    await app.RunAsync();
    return 0;
}
catch (StartupRefusedException refusal)
{
    await Console.Error.WriteLineAsync(refusal.Message);
    return 1;
}
