using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FluentValidation;
using Ledger.Domain.Days;
using Ledger.Web.Briefs;
using Ledger.Web.Importing;
using Ledger.Web.Meetings;
using Ledger.Web.Recording;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace Ledger.Web.Hosting;

/// <summary>Describes the API: OpenAPI 3.1 for programs, a reference for people, a page for each problem. The same bytes at every start.</summary>
internal static class OpenApi
{
    private const string Description =
        """
        The Cooperation Ledger keeps what space agencies agreed, as a record that only grows.
        Every entry has two clocks: the day on which the parties did it (`occurredOn`), and the instant at which the ledger recorded it (`recordedAt`).
        So there are two questions to ask of an agreement or of the whole register: what was the state of affairs on a day (`asOf`), by everything known now, and what did the ledger say at an instant (`knownAt`).
        The two combine, and an answer as known at an instant, once given, never changes.
        """;

    private static readonly (string Name, string Description)[] Tags =
    [
        ("Agencies", "The bodies that act: their names, each for its own days, and who has taken whose place."),
        ("Agreements", "What agencies agreed, act by act, and what it amounts to on any day."),
        ("Meetings", "Meetings, each recorded whole with everything it came to, or not at all."),
        ("Persons", "Whom the entries name by id, and how their names are forgotten."),
        ("Briefs", "The state of affairs in sentences, each with the entry it rests on."),
        ("Imports", "Files of older records, or of other ledgers, that are brought in."),
        ("The whole record", "Every entry in its order: the feed from which all else can be rebuilt."),
        ("Development", "For trying the Ledger out; absent in production."),
    ];

    private static readonly FrozenDictionary<string, (string Description, string Example)> PathParameters = new Dictionary<string, (string, string)>(StringComparer.Ordinal)
    {
        ["agreements/id"] = ("The agreement’s id or reference.", "CA-2020-0001"),
        ["meetings/id"] = ("The meeting’s id or reference.", "CM-2020-0001"),
        ["agencies/code"] = ("The agency’s code: up to 40 capital letters, digits, dots, hyphens and underscores.", "CNES"),
        ["persons/id"] = ("The person’s id, as meetings and histories show it.", "01a2051d-a027-74c1-94fe-dc5f4133fd9f"),
        ["agreements/phase"] = ("The phase’s id, or its number from 1.", "1"),
        ["agreements/sha256"] = ("The document’s SHA-256, 64 lower-case hexadecimal digits.", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
        ["imports/id"] = ("The file’s SHA-256, 64 lower-case hexadecimal digits.", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<int, string> Refusals = new Dictionary<int, string>
    {
        [400] = "The request cannot be read, or lacks its key.",
        [401] = "Nobody is signed in, or the token is not accepted.",
        [403] = "It is not the caller’s to do.",
        [404] = "There is no such thing, or none that the caller may see.",
        [406] = "There is no such form of this.",
        [409] = "The rules of the record refuse this; or a request with the same key is still running, and `Retry-After` says when to send it again.",
        [412] = "The record changed since the caller read it.",
        [413] = "The body is too large.",
        [415] = "The body is not JSON.",
        [422] = "Some values are missing or cannot be right; or the key belongs to another request.",
        [428] = "`If-Match` is missing.",
        [429] = "There were too many requests; `Retry-After` says when to send the next.",
        [500] = "The Ledger failed.",
        [503] = "The Ledger cannot answer now; send the request again with the same key after `Retry-After`.",
    }.ToFrozenDictionary();

    /// <summary>Adds the description of the API.</summary>
    public static void AddLedgerOpenApi(this IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Transient<IApiDescriptionProvider, ApiDescriptions>());
        services.AddOpenApi("v1", options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.CreateSchemaReferenceId = type => type.Type == typeof(ProblemBody) ? "Problem" : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
            options.AddSchemaTransformer(Describe);
            options.AddOperationTransformer(Describe);
            options.AddDocumentTransformer(Describe);
        });
    }

    /// <summary>Maps the description, the reference and the pages of the problems, all open to anybody.</summary>
    public static void MapLedgerOpenApi(this WebApplication app)
    {
        app.MapOpenApi().AllowAnonymous();
        app.MapProblemPages();
        app.MapGet("/docs/import.schema.json", () => Results.Text(ImportSchema.Text, "application/schema+json")).AllowAnonymous().ExcludeFromDescription();
        app.MapScalarApiReference("/docs", (options, http) =>
        {
            // Nothing is fetched from and nothing told to anybody else, which the policy holds the script to.
            http.Response.Headers.ContentSecurityPolicy =
                "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";
            options.WithTitle("The Cooperation Ledger").DisableAgent().DisableMcp().HideDeveloperTools();
            options.DefaultFonts = false;
            options.Telemetry = false;
            options.HideClientButton = true;
        }).AllowAnonymous();
    }

    private static Task Describe(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellation)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type == typeof(Day))
        {
            schema.Type = JsonSchemaType.String;
            schema.Pattern = @"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?(\?|/[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?)?$";
            schema.Description = "A day, a month or a year. What was brought over from an older record may be a range, or carry a question mark where its source is not sure (EDTF level 1); no request may bring such a day.";
            schema.Examples = ["2020-02-14", "1972-05", "1972"];
        }
        else if (type == typeof(Period))
        {
            schema.Type = JsonSchemaType.String;
            schema.Pattern = "^P([0-9]{1,4}Y)?([0-9]{1,4}M)?([0-9]{1,4}W)?([0-9]{1,4}D)?$";
            schema.Examples = ["P30D", "P6M", "P5Y"];
        }
        else if (type.IsEnum)
        {
            schema.Type = JsonSchemaType.String;
            schema.Enum = [.. type.GetEnumValues().Cast<object>().Select(value => JsonSerializer.SerializeToNode(value, type, StrictJson.Options)!)];
        }
        else if (type == typeof(decimal))
        {
            (schema.Type, schema.Pattern, schema.Format) = (JsonSchemaType.Number, null, null);
        }
        else if (type == typeof(EntryMade) || type == typeof(ProblemBody) || type == typeof(OutcomeProblem))
        {
            // What these have nothing to say of is left out.
            foreach (var (name, member) in schema.Properties!.ToList())
                schema.Properties![name] = NotNull(member);
        }

        return Task.CompletedTask;
    }

    private static async Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        var (document, description) = (context.Document!, context.Description);
        var metadata = description.ActionDescriptor.EndpointMetadata;
        var (method, path) = (description.HttpMethod!, description.RelativePath!);
        var isApi = path.StartsWith("api/v1/", StringComparison.Ordinal);
        var isPost = isApi && HttpMethods.IsPost(method);
        var isWrite = isPost || HttpMethods.IsPut(method);
        var demandsVersion = isPost && (path.StartsWith("api/v1/agreements/{id}/", StringComparison.Ordinal) || path == "api/v1/meetings/{id}/corrections");
        var admitsVersion = demandsVersion || path == "api/v1/meetings/{id}/minutes-approvals";
        var id = operation.OperationId!;

        // A name of Wolverine's own making describes nothing.
        if (operation.Description?.StartsWith($"{method}_", StringComparison.Ordinal) == true)
            operation.Description = null;

        operation.Parameters ??= [];
        foreach (var parameter in operation.Parameters.OfType<OpenApiParameter>().Where(p => p.In == ParameterLocation.Path))
        {
            var (what, example) = PathParameters[$"{path.Split('/')[2]}/{parameter.Name}"];
            (parameter.Description, parameter.Example) = (what, example);
        }

        foreach (var query in metadata.OfType<QueryAttribute>())
        {
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = query.Name,
                In = ParameterLocation.Query,
                Description = query.Description,
                Schema = await context.GetOrCreateSchemaAsync(query.Of ?? TypeOf(query.Example), null, cancellation),
                Required = query.IsRequired,
                Example = ExampleOf(query),
            });
        }

        if (isPost)
            operation.Parameters.Add(Header("Idempotency-Key", "A new key for each new request, the same for a retry: the request is recorded once at most.", required: true, "5f1d3c1e-6f8e-4a53-9c39-1d7f0f0f6a0b", "^[!-~]{1,255}$"));
        if (admitsVersion)
            operation.Parameters.Add(Header(HeaderNames.IfMatch, "The version that the caller has read, as its `ETag` gave it.", demandsVersion, "\"3\""));
        if (id == "getAgreement")
            operation.Parameters.Add(Header(HeaderNames.IfNoneMatch, "The `ETag` of an earlier answer: where it still holds, the answer is 304.", false, "\"3\""));

        if (id == "import")
            operation.RequestBody = FileToImport();
        else if (operation.RequestBody is OpenApiRequestBody body)
        {
            body.Required = true;
            body.Content![Form.Json].Example = OpenApiExamples.Request(id);
        }

        foreach (var (status, answer) in operation.Responses!.Where(r => r.Key[0] == '2').Select(r => (r.Key, (OpenApiResponse)r.Value!)))
        {
            answer.Description = !isWrite ? "As asked for." : status == "201" ? "Recorded." : status == "202" ? "Received: watch it at `Location`." : id == "keepAgency" ? "Renamed; or it was already so, and nothing was recorded." : "It was already so: nothing was recorded.";
            foreach (var (form, content) in answer.Content!)
            {
                if (form != Form.Json)
                    content.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = form == "application/octet-stream" ? "binary" : null };
                content.Example = OpenApiExamples.Answer(id, status, form);
            }

            answer.Headers = new SortedDictionary<string, IOpenApiHeader>(StringComparer.Ordinal);
            if ((isWrite && status != "202" && id != "erasePerson") || id is "getAgreement" or "getMeeting" or "getAgency")
                answer.Headers[HeaderNames.ETag] = ResponseHeader("The version, in quotation marks.", "\"4\"");
            if (status is "201" or "202")
                answer.Headers[HeaderNames.Location] = ResponseHeader("Where to read what came to be.", "/api/v1/agreements/CA-2020-0001?version=4");
            if (isPost)
                answer.Headers["Idempotent-Replayed"] = ResponseHeader("`true` where this is the answer once given under the same key.", "true");
            if (id.EndsWith("History", StringComparison.Ordinal))
                answer.Headers[HeaderNames.Link] = ResponseHeader("The next page, where there is one (RFC 8288).", "</api/v1/agreements/CA-2020-0001/history?cursor=MTAw&limit=100>; rel=\"next\"");
        }

        if (id == "getAgreement")
            operation.Responses!["304"] = new OpenApiResponse { Description = "Unchanged since the version in `If-None-Match`." };

        foreach (var status in ProblemPages.All.Values.Select(p => p.Status).Distinct().Where(Refusals.ContainsKey).Where(Fits).Order())
            operation.Responses![status.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponseReference($"Problem{status}", document);
        var ordered = operation.Responses!.OrderBy(r => r.Key, StringComparer.Ordinal).ToList();
        operation.Responses = [];
        foreach (var (status, answer) in ordered)
            operation.Responses[status] = answer;
        if (!isApi)
            operation.Security = [];

        bool Fits(int status) => status switch
        {
            400 or 429 or 500 => true,
            413 or 422 => operation.RequestBody is not null,
            _ when !isApi => false,
            403 => isWrite || id is "listImports" or "getImport" or "findPersons" or "getPerson",
            409 or 415 => isWrite,
            404 => path.Contains('{', StringComparison.Ordinal) || id == "getPortfolioBrief",
            406 => id == "export" || operation.Responses!.Any(r => r.Value.Content?.Count > 1),
            412 => admitsVersion,
            428 => demandsVersion,
            _ => true,
        };
    }

    private static OpenApiRequestBody FileToImport() => new()
    {
        Required = true,
        Description = "The file, in the format of docs/import.md.",
        Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
        {
            [Form.JsonLines] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String } },
            [Form.Csv] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String } },
        },
    };

    private static Task Describe(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellation)
    {
        document.Info = new OpenApiInfo { Title = "The Cooperation Ledger", Version = "1.0.0", Description = Description };
        document.Servers = [new OpenApiServer { Url = "/" }];
        var used = document.Paths.Values.SelectMany(p => p.Operations!.Values).SelectMany(o => o.Tags!).Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
        document.Tags = Tags.Where(t => used.Contains(t.Name)).Select(t => new OpenApiTag { Name = t.Name, Description = t.Description }).ToHashSet();

        var components = document.Components!;
        components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
        {
            ["bearer"] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                BearerFormat = "JWT",
                Description = "A token of the authority that the Ledger trusts. It says who is calling, for which agency and in which roles: officer, auditor, registrar.",
            },
        };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", document)] = [] }];
        components.Responses = ProblemPages.All.Values.Where(p => Refusals.ContainsKey(p.Status)).GroupBy(p => p.Status).OrderBy(g => g.Key)
            .ToDictionary(g => $"Problem{g.Key}", g => (IOpenApiResponse)Refusal(g.Key, g, document), StringComparer.Ordinal);

        NameWhatIsInlined(document);
        DescribeOutcomes(document);
        DescribeBodies(document, context);
        DescribeBriefs(document);
        return Task.CompletedTask;
    }

    // What has a default comes described in place and without its null, and what may be anything comes with a null of its own.
    private static void NameWhatIsInlined(OpenApiDocument document)
    {
        var named = document.Components!.Schemas!.Where(s => s.Value.Pattern is not null || s.Value.Enum is not null).ToList();
        foreach (var schema in document.Components.Schemas!.Values.OfType<OpenApiSchema>())
        {
            foreach (var (member, inlined) in (schema.Properties ?? ImmutableDictionary<string, IOpenApiSchema>.Empty).ToList())
            {
                if (inlined.OneOf?.OfType<OpenApiSchemaReference>().FirstOrDefault(r => r.Reference.Id == nameof(JsonNode)) is { } anything)
                    schema.Properties![member] = anything;
                var name = named.Find(n => inlined is OpenApiSchema { Default: null } && Means(inlined, n.Value)).Key;
                if (name is not null)
                    schema.Properties![member] = new OpenApiSchema { OneOf = [new OpenApiSchema { Type = JsonSchemaType.Null }, new OpenApiSchemaReference(name, document) { Description = inlined.Description }] };
            }
        }

        static bool Means(IOpenApiSchema one, IOpenApiSchema other) =>
            (one.Pattern is not null && one.Pattern == other.Pattern)
            || (one.Enum is not null && other.Enum is not null && one.Enum.Select(x => x.ToString()).SequenceEqual(other.Enum.Select(x => x.ToString())));
    }

    // An outcome has the members of the command of the matching request beside its own.
    private static void DescribeOutcomes(OpenApiDocument document)
    {
        var schemas = document.Components!.Schemas!;
        var kinds = new Dictionary<string, OpenApiSchemaReference>(StringComparer.Ordinal);
        foreach (var (kind, type) in Outcome.Commands.OrderBy(x => x.Key, StringComparer.Ordinal))
        {
            var command = (OpenApiSchema)schemas[type.Name];
            var members = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
            {
                ["kind"] = new OpenApiSchema { Type = JsonSchemaType.String, Const = kind, Description = "The kind of outcome." },
            };
            if (kind != "proposed")
            {
                members["agreement"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "The agreement concerned, by id or reference; also one that an earlier outcome proposes." };
                members["expectedVersion"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64", Description = "The version at which the agreement must stand before the meeting; any other refuses the whole meeting." };
            }

            if (kind == "phaseCompleted")
                members["phase"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "The phase, by its id or its number from 1." };

            var required = members.Keys.Where(m => m != "expectedVersion").Concat(command.Required ?? new HashSet<string>()).ToHashSet(StringComparer.Ordinal);
            foreach (var (name, member) in command.Properties!)
                members[name] = member;

            var title = $"Outcome{char.ToUpperInvariant(kind[0])}{kind[1..]}";
            document.AddComponent(title, new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = $"{command.Description} The day is that of the meeting unless given."
                    + (kind == "proposed" ? " `\"proposedOn\": null` says that the day is not known." : ""),
                Properties = members,
                Required = required,
                AdditionalPropertiesAllowed = false,
            });
            kinds[kind] = new OpenApiSchemaReference(title, document);
        }

        document.AddComponent("Outcome", new OpenApiSchema
        {
            Description = "What a meeting came to, by its kind.",
            OneOf = [.. kinds.Values],
            Discriminator = new OpenApiDiscriminator { PropertyName = "kind", Mapping = kinds },
        });
        var outcomes = (OpenApiSchema)((OpenApiSchema)schemas[nameof(RecordMeeting)]).Properties!["outcomes"];
        outcomes.Items = new OpenApiSchemaReference("Outcome", document);
        schemas.Remove(nameof(JsonObject));
        ((OpenApiSchema)schemas[nameof(JsonNode)]).Description = "Any JSON value.";
    }

    // What a request says that stands alone, its validator demands; only bodies refuse members that they do not know.
    private static void DescribeBodies(OpenApiDocument document, OpenApiDocumentTransformerContext context)
    {
        var schemas = document.Components!.Schemas!;
        var bodies = context.DescriptionGroups.SelectMany(g => g.Items)
            .SelectMany(d => d.ActionDescriptor.EndpointMetadata).OfType<BodyMetadata>().Select(b => b.Type).Distinct().ToList();
        foreach (var type in bodies)
        {
            var schema = (OpenApiSchema)schemas[type.Name];
            var validator = context.ApplicationServices.GetService(typeof(IValidator<>).MakeGenericType(type)) as IValidator;
            var alone = validator?.CreateDescriptor().Rules
                .Where(rule => rule.RuleSets?.Contains(RequestBody.Alone) == true)
                .Select(rule => JsonNamingPolicy.CamelCase.ConvertName(rule.PropertyName)) ?? [];
            schema.Required = (schema.Required ?? new HashSet<string>()).Concat(alone).ToHashSet(StringComparer.Ordinal);
            foreach (var name in schema.Required)
                schema.Properties![name] = NotNull(schema.Properties[name]);
        }

        var inBodies = PartsOf(bodies.Select(b => schemas[b.Name]));
        foreach (var schema in schemas.Values.OfType<OpenApiSchema>().Where(s => !inBodies.Contains(s)))
            schema.AdditionalPropertiesAllowed = true;
    }

    // What a brief has nothing to say of is left out.
    private static void DescribeBriefs(OpenApiDocument document)
    {
        foreach (var schema in PartsOf([document.Components!.Schemas![nameof(Brief)]]).Where(s => s.Required is not null && s.Properties is not null))
            schema.Required = schema.Required!.Where(name => schema.Properties![name] == NotNull(schema.Properties[name])).ToHashSet(StringComparer.Ordinal);
    }

    private static HashSet<OpenApiSchema> PartsOf(IEnumerable<IOpenApiSchema> wholes)
    {
        var parts = new HashSet<OpenApiSchema>();
        foreach (var whole in wholes)
            Add(whole);
        return parts;

        void Add(IOpenApiSchema schema)
        {
            var target = schema is OpenApiSchemaReference reference ? reference.RecursiveTarget! : (OpenApiSchema)schema;
            if (!parts.Add(target))
                return;
            foreach (var part in (target.Properties?.Values ?? []).Concat(target.OneOf ?? []).Concat(target.AnyOf ?? []).Concat(new[] { target.Items, target.AdditionalProperties }.OfType<IOpenApiSchema>()))
                Add(part);
        }
    }

    private static IOpenApiSchema NotNull(IOpenApiSchema schema)
    {
        if (schema is OpenApiSchema { OneOf: { Count: 2 } either })
            return either.Single(s => s.Type != JsonSchemaType.Null);
        if (schema is not OpenApiSchema { Type: { } type } plain || type == JsonSchemaType.Null || !type.HasFlag(JsonSchemaType.Null))
            return schema;

        var copy = (OpenApiSchema)plain.CreateShallowCopy();
        copy.Type = type & ~JsonSchemaType.Null;
        return copy;
    }

    private static OpenApiResponse Refusal(int status, IEnumerable<ProblemPage> pages, OpenApiDocument document)
    {
        var response = new OpenApiResponse
        {
            Description = Refusals[status],
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
            {
                [Problem.MediaType] = new()
                {
                    Schema = new OpenApiSchemaReference("Problem", document),
                    Examples = pages.ToDictionary(p => p.Code, p => (IOpenApiExample)new OpenApiExample { Summary = p.Title, Value = p.Example }, StringComparer.Ordinal),
                },
            },
            Headers = new SortedDictionary<string, IOpenApiHeader>(StringComparer.Ordinal),
        };
        if (status is 409 or 429 or 503)
            response.Headers[HeaderNames.RetryAfter] = ResponseHeader("After how many seconds to send the request again, with the same key.", "2");
        if (status == 401)
            response.Headers[HeaderNames.WWWAuthenticate] = ResponseHeader("The scheme in which to sign in (RFC 6750).", "Bearer");
        return response;
    }

    private static OpenApiParameter Header(string name, string description, bool required, string example, string? pattern = null) => new()
    {
        Name = name,
        In = ParameterLocation.Header,
        Description = description,
        Required = required,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = pattern },
        Example = example,
    };

    private static OpenApiHeader ResponseHeader(string description, string example) =>
        new() { Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String }, Example = example };

    private static JsonNode? ExampleOf(QueryAttribute query) =>
        query.Example is not { } example ? null
        : query.Of == typeof(string[]) ? new JsonArray(example)
        : query.Of is null && TypeOf(example) == typeof(long) ? long.Parse(example, CultureInfo.InvariantCulture)
        : example;

    // What an example looks like tells the type of the parameter.
    private static Type TypeOf(string? example) =>
        long.TryParse(example, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? typeof(long)
        : DateOnly.TryParseExact(example, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? typeof(DateOnly)
        : example is not null && RequestQuery.ParseInstant(example) is not null ? typeof(DateTimeOffset)
        : typeof(string);
}
