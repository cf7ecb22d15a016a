using System.Text.Json;
using FluentValidation;
using Ledger.Web.Entries;
using Ledger.Web.Hosting;
using Ledger.Web.Persons;

namespace Ledger.Web.Importing;

/// <summary>The line <c>entry</c>: an entry as a ledger wrote it, with the instant and the person of its recording there.</summary>
/// <param name="Stream">What it is about.</param>
/// <param name="Id">The id of its stream.</param>
/// <param name="Version">Its number in the stream, from 1.</param>
/// <param name="Event">What was written, as it is stored; <c>$type</c> is its stored name.</param>
/// <param name="RecordedAt">The instant of recording, UTC, to the microsecond.</param>
/// <param name="RecordedBy">Who recorded it.</param>
public sealed record EntryLine(EntryStream? Stream, string Id, long Version, JsonElement Event, DateTimeOffset RecordedAt, RecordedBy RecordedBy);

/// <summary>The line <c>person</c>: a person as a ledger knows them. Without a name where it was erased.</summary>
/// <param name="Id">The id by which entries name them.</param>
/// <param name="Name">The name.</param>
/// <param name="Office">The office held.</param>
/// <param name="NameSalt">The salt of the commitment to the name, 16 bytes in Base64.</param>
/// <param name="OfficeSalt">The salt of the commitment to the office.</param>
/// <param name="NameCommitment">The commitment to the name, 64 hexadecimal digits.</param>
/// <param name="OfficeCommitment">The commitment to the office.</param>
/// <param name="ErasedOn">The day on which name, office and salts were erased there, UTC; absent while they are kept, or only withheld from who exported.</param>
public sealed record PersonLine(
    string Id, string? Name, string? Office, byte[]? NameSalt, byte[]? OfficeSalt, string NameCommitment, string? OfficeCommitment, DateOnly? ErasedOn = null)
{
    internal PersonKept Kept => new(Id, null, null, null, Name, Office, NameSalt, OfficeSalt, NameCommitment, OfficeCommitment, ErasedOn);
}

/// <summary>The line <c>file</c>: the content of a document.</summary>
/// <param name="Sha256">Its SHA-256 (FIPS 180-4), 64 lower-case hexadecimal digits.</param>
/// <param name="Content">The file in Base64 (RFC 4648).</param>
public sealed record FileLine(string Sha256, byte[] Content);

internal sealed class EntryLineValidator : AbstractValidator<EntryLine>
{
    public EntryLineValidator()
    {
        RuleFor(x => x.Stream).NotNull().WithMessage("An entry says what its stream is about: agreement, meeting or agency.");
        RuleFor(x => x.Id).Text(100);
        RuleFor(x => x.Version).GreaterThan(0).WithMessage("Entries of a stream are numbered from 1.");
        RuleFor(x => x.Event).Must(e => e.ValueKind == JsonValueKind.Object).WithMessage("An entry has its event, an object with $type.");
        RuleFor(x => x.RecordedAt).Must(at => at > DateTimeOffset.UnixEpoch).WithMessage("An entry has the instant at which it was recorded.");
        RuleFor(x => x.RecordedBy).Must(by => by is { PersonId.Length: > 0 }).WithMessage("An entry says who recorded it, by the id of the person.");
    }
}

internal sealed class PersonLineValidator : AbstractValidator<PersonLine>
{
    public PersonLineValidator()
    {
        RuleFor(x => x.Id).Text(100);
        RuleFor(x => x.Name).OptionalText(200);
        RuleFor(x => x.Office).OptionalText(300);
        RuleFor(x => x.ErasedOn).Null().When(x => x.Name is not null || x.Office is not null || x.NameSalt is not null || x.OfficeSalt is not null)
            .WithMessage("A person whose data were erased has neither name nor office, and no salt of them.");
        RuleFor(x => x.NameCommitment).Must(c => c is { Length: 64 }).WithMessage("A person has the commitment to the name, 64 hexadecimal digits.");
        RuleFor(x => x).Must(x => x.NameCommitment is null || x.Kept.IsCommittedTo).WithName("nameCommitment")
            .WithMessage("The commitments are not those to this name and office with these salts. Take the line from the export again.");
    }
}

internal sealed class FileLineValidator : AbstractValidator<FileLine>
{
    public FileLineValidator()
    {
        RuleFor(x => x.Sha256).Must(sha => sha is { Length: 64 }).WithMessage("A file has its SHA-256, 64 lower-case hexadecimal digits.");
        RuleFor(x => x.Content).Must(content => content is { Length: > 0 and <= 20 * 1024 * 1024 }).WithMessage("Give the file in Base64, between 1 byte and 20 MiB.");
    }
}
