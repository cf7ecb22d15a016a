using System.Security.Claims;
using System.Text;
using Ledger.Web.Access;
using Ledger.Web.Hosting;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Ledger.Benchmarks;

/// <summary>Plain services that do as little as one could, with the same token, to be measured beside the Ledger.</summary>
internal static class Rivals
{
    public static async Task<int> Run(string kind)
    {
        var database = Environment.GetEnvironmentVariable("DATABASE")!;
        var data = DataDirectory.From(new ConfigurationBuilder().AddInMemoryCollection([new("Ledger:DataDirectory", Environment.GetEnvironmentVariable("DATA"))]).Build());
        var builder = WebApplication.CreateBuilder();
        var source = NpgsqlDataSource.Create(database);
        if (kind == "start")
        {
            await using var bare = builder.Build();
            bare.MapGet("/ready", () => One(source));
            await bare.RunAsync();
            return 0;
        }

        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(options =>
        {
            options.MapInboundClaims = false;
            options.TokenValidationParameters = new()
            {
                ValidIssuer = DevelopmentIssuer.Issuer,
                ValidAudience = DevelopmentIssuer.Audience,
                IssuerSigningKey = DevelopmentIssuer.Of(data).Key,
            };
        });
        builder.Services.AddAuthorization();
        builder.Services.AddDbContextPool<Records>(options => options.UseNpgsql(source));
        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/ready", () => One(source));
        if (kind == "read")
            app.MapGet("/read/{id}", (string id, HttpContext http) => Read(id, source, http)).RequireAuthorization();
        if (kind == "write")
            app.MapPost("/write/{id}", Write).RequireAuthorization();
        await app.RunAsync();
        return 0;
    }

    private static async Task<object?> One(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand("select 1");
        return await command.ExecuteScalarAsync();
    }

    private static async Task Read(string id, NpgsqlDataSource source, HttpContext http)
    {
        await using var command = source.CreateCommand("select body from answer where id = $1");
        command.Parameters.Add(new() { Value = id });
        await using var reader = await command.ExecuteReaderAsync(http.RequestAborted);
        if (!await reader.ReadAsync(http.RequestAborted))
        {
            http.Response.StatusCode = 404;
            return;
        }

        var body = Encoding.UTF8.GetBytes(reader.GetString(0));
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    private static async Task<IResult> Write(string id, Act act, Records records, HttpContext http)
    {
        var key = http.Request.Headers["Idempotency-Key"].ToString();
        await using var transaction = await records.Database.BeginTransactionAsync();
        if (await records.Keys.AsNoTracking().FirstOrDefaultAsync(k => k.Id == key) is { } known)
            return Results.Text(known.Body, "application/json", statusCode: 201);
        if (await records.Rows.FirstOrDefaultAsync(r => r.Id == id) is not { } row)
            return Results.NotFound();
        if (http.Request.Headers.IfMatch.ToString() is { } version && version != "*" && version.Trim('"') != row.Version.ToString(System.Globalization.CultureInfo.InvariantCulture))
            return Results.StatusCode(412);

        row.Version++;
        row.Status = "underDiscussion";
        row.LastDiscussedOn = act.DiscussedOn;
        records.Audits.Add(new Audit { RowId = id, Version = row.Version, At = DateTime.UtcNow, By = http.User.FindFirstValue("sub")!, Summary = act.Summary, On = act.DiscussedOn });
        var body = $$"""{"entries":[{"version":{{row.Version}},"type":"agreementDiscussed","agreement":"{{id}}"}]}""";
        records.Keys.Add(new Key { Id = key, Body = body });
        await records.SaveChangesAsync();
        await transaction.CommitAsync();
        http.Response.Headers.ETag = $"\"{row.Version}\"";
        return Results.Text(body, "application/json", statusCode: 201);
    }
}

internal sealed record Act(DateOnly DiscussedOn, string Summary);

internal sealed class Records(DbContextOptions<Records> options) : DbContext(options)
{
    public DbSet<Row> Rows => Set<Row>();

    public DbSet<Audit> Audits => Set<Audit>();

    public DbSet<Key> Keys => Set<Key>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<Row>().Property(r => r.Version).IsConcurrencyToken();
}

internal sealed class Row
{
    public required string Id { get; set; }

    public required string Title { get; set; }

    public required string Status { get; set; }

    public long Version { get; set; }

    public DateOnly? LastDiscussedOn { get; set; }
}

internal sealed class Audit
{
    public long Id { get; set; }

    public required string RowId { get; set; }

    public long Version { get; set; }

    public DateTime At { get; set; }

    public required string By { get; set; }

    public required string Summary { get; set; }

    public DateOnly On { get; set; }
}

internal sealed class Key
{
    public required string Id { get; set; }

    public required string Body { get; set; }
}
