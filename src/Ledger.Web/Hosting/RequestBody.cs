using System.Reflection;
using FluentValidation;
using JasperFx;
using JasperFx.CodeGeneration;
using JasperFx.CodeGeneration.Frames;
using JasperFx.CodeGeneration.Model;
using JasperFx.Core.Reflection;
using Microsoft.AspNetCore.Http.Features;
using Wolverine.Configuration;
using Wolverine.Http;

namespace Ledger.Web.Hosting;

/// <summary>Reads the body of a write and judges its shape before anything else happens.</summary>
public static class RequestBody
{
    /// <summary>The rule set for what a request must say that stands alone; in a meeting the day it was held stands in for it.</summary>
    public const string Alone = "alone";

    private const long MostBytes = 32 * 1024 * 1024;

    /// <summary>Reads and validates the command in the body.</summary>
    /// <returns>The command, or the problem that ends the request.</returns>
    public static async Task<(T Command, IResult? Problem)> Read<T>(HttpContext http)
    {
        if (http.Request.ContentType is { } type && !type.Contains("json", StringComparison.OrdinalIgnoreCase))
            return (default!, new Problem(415, "unsupported-media-type", "The body is not JSON", "Send the body as application/json in UTF-8."));

        byte[] bytes;
        try
        {
            bytes = await Bytes(http);
        }
        catch (BadHttpRequestException problem)
        {
            return (default!, problem.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? TooLarge(MostBytes)
                : Problem.Malformed("The body could not be read to its end. Send it again with the same key."));
        }

        var (command, malformed) = StrictJson.Read<T>(bytes);
        if (malformed is not null)
            return (default!, malformed);

        http.Features.Set(new ReadBody(bytes));
        return (command!, Validate(command!, http.RequestServices, Alone) is { Count: > 0 } errors ? Problem.Invalid(errors) : null);
    }

    /// <summary>What is wrong with the values of a command: a sentence at each member, by JSON Pointer.</summary>
    public static List<KeyValuePair<string, string>> Validate<T>(T command, IServiceProvider services, params string[] ruleSets) =>
        services.GetService<IValidator<T>>() is { } validator
            ? [.. validator.Validate(command, options => options.IncludeRulesNotInRuleSet().IncludeRuleSets(ruleSets))
                .Errors.Select(e => KeyValuePair.Create(Pointer(e.PropertyName), e.ErrorMessage))]
            : [];

    /// <summary>The bytes of the body, once it was read.</summary>
    public static ReadOnlyMemory<byte> Of(HttpContext http) => http.Features.Get<ReadBody>()?.Bytes ?? default;

    /// <summary>The body is larger than this many bytes.</summary>
    internal static Problem TooLarge(long most) => new Problem(413, "too-large", "The body is too large", $"A request may have {most / 1024 / 1024} MiB at most here. Split it.");

    /// <summary>Says in JSON what a body that is no JSON comes to, by which the request is told from others.</summary>
    public static void Keep(HttpContext http, byte[] json) => http.Features.Set(new ReadBody(json));

    // Phases[0].PlannedEnd is /phases/0/plannedEnd on the wire.
    private static string Pointer(string property) => "/" + string.Join('/', property
        .Split(['.', '[', ']'], StringSplitOptions.RemoveEmptyEntries)
        .Select(step => char.ToLowerInvariant(step[0]) + step[1..]));

    private static async Task<byte[]> Bytes(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = MostBytes;
        using var buffer = new MemoryStream();
        await http.Request.Body.CopyToAsync(buffer, http.RequestAborted);
        return buffer.ToArray();
    }

    private sealed record ReadBody(ReadOnlyMemory<byte> Bytes);
}

/// <summary>The body of the request, read and validated by <see cref="RequestBody"/> before the endpoint runs.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class BodyAttribute : HttpChainParameterAttribute
{
    /// <inheritdoc/>
    public override Variable Modify(HttpChain chain, ParameterInfo parameter, IServiceContainer container)
    {
        chain.Metadata.WithMetadata(new BodyMetadata(parameter.ParameterType));
        var read = new ReadCommandFrame(parameter.ParameterType);
        chain.Middleware.Insert(0, read);
        return read.Command;
    }

    /// <inheritdoc/>
    public override Variable Modify(IChain chain, ParameterInfo parameter, IServiceContainer container, GenerationRules rules) =>
        Modify((HttpChain)chain, parameter, container);

    private sealed class ReadCommandFrame : AsyncFrame
    {
        public ReadCommandFrame(Type command) => Command = new Variable(command, "command", this);

        public Variable Command { get; }

        public override void GenerateCode(GeneratedMethod method, ISourceWriter writer)
        {
            writer.Write($"var ({Command.Usage}, problem) = await {typeof(RequestBody).FullNameInCode()}.{nameof(RequestBody.Read)}<{Command.VariableType.FullNameInCode()}>(httpContext);");
            writer.Write("BLOCK:if (problem != null)");
            writer.Write("await problem.ExecuteAsync(httpContext);");
            writer.Write("return;");
            writer.FinishBlock();
            Next?.GenerateCode(method, writer);
        }
    }
}

/// <summary>Says what type of command an endpoint reads, for the description of the API.</summary>
/// <param name="Type">The type.</param>
public sealed record BodyMetadata(Type Type);
