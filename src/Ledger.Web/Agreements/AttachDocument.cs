using System.Security.Cryptography;
using FluentValidation;
using Ledger.Domain.Agreements;
using Ledger.Web.Access;
using Ledger.Web.Hosting;
using Ledger.Web.Recording;
using Marten;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using Wolverine.Http;

namespace Ledger.Web.Agreements;

/// <summary>A document to attach.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="MediaType">Its media type (RFC 6838).</param>
/// <param name="Content">The file in Base64 (RFC 4648), 20 MiB at most.</param>
public sealed record AttachDocument(string Name, string MediaType, byte[] Content);

/// <summary>Attaches a document to an agreement. The entry holds its hash; the file is kept beside.</summary>
public static class AttachDocumentEndpoint
{
    /// <summary>Attach a document.</summary>
    /// <remarks>Also to an agreement that has ended. The entry holds the file’s SHA-256; the same file under the same name is attached once.</remarks>
    [Tags("Agreements")]
    [WolverinePost("/api/v1/agreements/{id}/documents", OperationId = "attachDocument")]
    public static Task<IResult> Post(string id, [Body] AttachDocument command, Recorder recorder, HttpContext http)
    {
        var document = new DocumentAttached(command.Name, command.MediaType, command.Content.LongLength, Convert.ToHexStringLower(SHA256.HashData(command.Content)));
        return recorder.Act(
            http,
            id,
            new((agreement, occasion, _) => AgreementDecider.AttachDocument(agreement, document, occasion)) { Operation = Operation.AttachDocument },
            () => new("insert into ledger.document_content (sha256, content) values ($1, $2) on conflict do nothing")
            {
                Parameters = { new() { Value = document.Sha256 }, new() { Value = command.Content } },
            });
    }

    /// <summary>Download a document of an agreement by its SHA-256.</summary>
    /// <remarks>In the media type under which it was attached, always as a download.</remarks>
    [Tags("Agreements")]
    [ProducesResponseType<byte[]>(200, "application/octet-stream")]
    [WolverineGet("/api/v1/agreements/{id}/documents/{sha256}", OperationId = "getDocument")]
    public static async Task<IResult> Get(string id, string sha256, IQuerySession session, AgreementReader agreements, NpgsqlDataSource source, HttpContext http)
    {
        if (new RequestQuery(http).Problem is { } unknown)
            return unknown;
        if (await agreements.Find(id, Caller.From(http.User), http.RequestAborted) is not { } agreement
            || DocumentOf(agreement, sha256) is not { } document)
        {
            return Problem.NotFound($"{id} has no document {sha256}. Its history lists those that were attached.");
        }

        var content = await Content(source, document, http.RequestAborted);

        // Never shown in place: whoever attached it could otherwise have it run as a page of the Ledger's own.
        return Results.File(content, document.MediaType, document.Name);
    }

    /// <summary>The document of an agreement with this SHA-256.</summary>
    internal static DocumentAttached? DocumentOf(Agreement agreement, string sha256) =>
        agreement.Acts.Select(a => a.Event).OfType<DocumentAttached>().FirstOrDefault(d => d.Sha256 == sha256);

    /// <summary>The file of a document.</summary>
    internal static async Task<byte[]> Content(NpgsqlDataSource source, DocumentAttached document, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("select content from ledger.document_content where sha256 = $1");
        command.Parameters.Add(new() { Value = document.Sha256 });
        return (byte[])(await command.ExecuteScalarAsync(cancellation))!;
    }
}

internal sealed class AttachDocumentValidator : AbstractValidator<AttachDocument>
{
    public AttachDocumentValidator()
    {
        RuleFor(x => x.Name).Text(200).Must(name => name is null || name.IndexOfAny(['/', '\\']) < 0).WithMessage("Give the file's name without folders.");
        RuleFor(x => x.MediaType).Matches(@"^[a-z]+/[a-zA-Z0-9.+-]{1,100}\z").WithMessage("A media type looks like application/pdf.")
            .NotNull().WithMessage("Give the media type, such as application/pdf.");
        RuleFor(x => x.Content).Must(content => content is { Length: > 0 and <= 20 * 1024 * 1024 }).WithMessage("Send the file in Base64, between 1 byte and 20 MiB.");
    }
}
