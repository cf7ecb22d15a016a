using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Ledger.Web.Hosting;

namespace Ledger.Web.Access;

/// <summary>Whom a development token is to stand for.</summary>
/// <param name="Name">The person's name, 1 to 200 characters.</param>
/// <param name="Agency">The code of the agency that the person acts for, in upper case; an officer has one.</param>
/// <param name="Roles">One or more of <c>officer</c>, <c>auditor</c> and <c>registrar</c>.</param>
internal sealed record DevelopmentTokenRequest(string Name, string? Agency, IReadOnlyList<string> Roles);

/// <summary>A token for trying the Ledger out.</summary>
/// <param name="AccessToken">The token, to send as <c>Authorization: Bearer …</c>.</param>
/// <param name="ExpiresIn">How long the token is good for, in seconds.</param>
/// <param name="Subject">The person's lasting name: the same for the same name and agency.</param>
internal sealed record DevelopmentToken(
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("expires_in")] int ExpiresIn,
    [property: JsonPropertyName("sub")] string Subject)
{
    /// <summary>The token once more, under a shorter name.</summary>
    [JsonPropertyName("token")]
    public string Token => AccessToken;

    /// <summary>How to send the token.</summary>
    [JsonPropertyName("token_type")]
    public string TokenType => "Bearer";
}

/// <summary>The endpoint that gives anybody a token as anybody. It exists in Development without an authority, and nowhere else.</summary>
internal static partial class DevelopmentTokens
{
    private static readonly ImmutableArray<string> Members = ["name", "agency", "roles"];
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Maps <c>POST /dev/tokens</c> where development tokens are accepted, and nothing elsewhere.</summary>
    public static void MapDevelopmentTokens(this WebApplication app)
    {
        if (app.Services.GetService<DevelopmentIssuer>() is not { } issuer)
            return;
        if (!app.Environment.IsDevelopment())
            throw new StartupRefusedException($"Development tokens cannot be given out in {app.Environment.EnvironmentName}: sign people in at an authority.");
        var clock = app.Services.GetService<TimeProvider>() ?? TimeProvider.System;
        app.MapPost("/dev/tokens", (Delegate)((HttpContext http) => GiveAsync(http, issuer, clock)))
            .AllowAnonymous()
            .WithTags("Development")
            .WithSummary("A token for trying the Ledger out.")
            .WithDescription("""The body is {"name": "…", "agency": "CNES", "roles": ["officer"]}; the roles are officer, auditor and registrar.""")
            .WithName("giveDevelopmentToken")
            .WithMetadata(new BodyMetadata(typeof(DevelopmentTokenRequest)))
            .Produces<DevelopmentToken>();
    }

    private static async Task GiveAsync(HttpContext http, DevelopmentIssuer issuer, TimeProvider clock)
    {
        var errors = new SortedDictionary<string, string>(StringComparer.Ordinal);
        DevelopmentTokenRequest asked;
        try
        {
            using var body = await JsonDocument.ParseAsync(http.Request.Body, Strict, http.RequestAborted);
            asked = Read(body.RootElement, errors);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            await Problem.Malformed($"{e.Message} Send a JSON object with the members {string.Join(", ", Members)}.").ExecuteAsync(http);
            return;
        }

        Check(asked, errors);
        if (errors.Count > 0)
        {
            await Problem.Invalid(errors).ExecuteAsync(http);
            return;
        }

        var caller = new Caller(DevelopmentIssuer.SubjectOf(asked.Name, asked.Agency), asked.Name, asked.Agency, [.. asked.Roles]);
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.WriteAsJsonAsync(
            new DevelopmentToken(issuer.Sign(caller, clock.GetUtcNow()), (int)DevelopmentIssuer.Lifetime.TotalSeconds, caller.Subject),
            http.RequestAborted);
    }

    private static DevelopmentTokenRequest Read(JsonElement body, SortedDictionary<string, string> errors)
    {
        if (body.ValueKind != JsonValueKind.Object)
            throw new JsonException("The body is not a JSON object.");
        foreach (var unknown in body.EnumerateObject().Select(x => x.Name).Except(Members, StringComparer.Ordinal))
        {
            var pointer = unknown.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
            errors[$"/{pointer}"] = $"There is no such member; the members are {string.Join(", ", Members)}.";
        }

        var roles = body.TryGetProperty("roles", out var given) && given.ValueKind != JsonValueKind.Null ? given : default;
        if (roles.ValueKind is not (JsonValueKind.Array or JsonValueKind.Undefined))
            throw new JsonException("/roles is not an array.");
        return new(
            Member(body, "name")?.Trim() ?? "",
            Member(body, "agency")?.Trim().ToUpperInvariant() is { Length: > 0 } agency ? agency : null,
            roles.ValueKind == JsonValueKind.Undefined ? [] : [.. roles.EnumerateArray().Select((role, n) => Text(role, $"/roles/{n}") ?? "")]);
    }

    private static string? Member(JsonElement body, string name) => body.TryGetProperty(name, out var value) ? Text(value, $"/{name}") : null;

    private static string? Text(JsonElement value, string pointer) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String when value.GetString() is var text && !text!.Contains('\0', StringComparison.Ordinal) => text,
        JsonValueKind.String => throw new JsonException($"{pointer} contains the character U+0000."),
        _ => throw new JsonException($"{pointer} is not a text."),
    };

    private static void Check(DevelopmentTokenRequest asked, SortedDictionary<string, string> errors)
    {
        if (asked.Name.Length is 0 or > 200)
            errors["/name"] = "Give the person's name, 1 to 200 characters.";
        if (asked.Agency is not null && !AgencyCode().IsMatch(asked.Agency))
            errors["/agency"] = "Give the agency's code: 1 to 40 letters A to Z, digits, dots, underscores and hyphens, such as CNES.";
        if (asked.Agency is null && asked.Roles.Contains(Roles.Officer, StringComparer.Ordinal))
            errors["/agency"] = "An officer acts for an agency: give its code, such as CNES.";
        if (asked.Roles.Count == 0)
            errors["/roles"] = $"Give one or more of {RoleNames}.";
        foreach (var (n, role) in asked.Roles.Index().Where(x => !Roles.All.Contains(x.Item)))
            errors[$"/roles/{n}"] = $"There is no role {role}; the roles are {RoleNames}.";
    }

    private static string RoleNames => string.Join(", ", Roles.All.Order(StringComparer.Ordinal));

    [GeneratedRegex(@"^[A-Z0-9][A-Z0-9._-]{0,39}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AgencyCode();
}
