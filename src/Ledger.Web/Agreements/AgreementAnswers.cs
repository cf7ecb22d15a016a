using System.Buffers;
using System.Text.Json;
using Ledger.Web.Access;
using Ledger.Web.Entries;
using Ledger.Web.Hosting;
using Microsoft.Extensions.Caching.Memory;

namespace Ledger.Web.Agreements;

/// <summary>How an agreement stands in the store, by as little as tells whether an earlier answer about it still holds.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Version">The number of its entries.</param>
/// <param name="Names">The stamp of the names that answers show beside it.</param>
public sealed record AgreementHead(string Id, long Version, long Names);

/// <summary>An answer about an agreement that holds as long as its entries, the names in it and the day are the same.</summary>
/// <param name="Head">How the agreement stood when it was made.</param>
/// <param name="AgreementRecordedAt">When the last entry of the agreement was recorded, UTC.</param>
/// <param name="Day">The day it was made for; null where it is the same on every day.</param>
/// <param name="Body">The body.</param>
public sealed record AgreementAnswer(AgreementHead Head, DateTimeOffset AgreementRecordedAt, DateOnly? Day, byte[] Body)
{
    /// <summary>Where in the body the instant stands up to which it speaks, the quotes included; null where it names none.</summary>
    public Range? KnownAt { get; init; }

    /// <summary>When the last entry was recorded on which anything in it rests: of the agreement, its agencies or its meetings.</summary>
    public DateTimeOffset LastRecordedAt { get; init; }

    /// <summary>Whether a reader who holds this version of the agreement holds this answer, apart from the instant.</summary>
    public bool IsSameForItsVersion { get; init; }
}

/// <summary>
/// Keeps answers about agreements ready, so that asking again costs one look at the store and no work: what is sent is sure to be current,
/// because the look says whether anything has changed.
/// </summary>
public sealed class AgreementAnswers(RecordReader record) : IDisposable
{
    private const long MostBytes = 64 * 1024 * 1024;

    private readonly MemoryCache _answers = new(new MemoryCacheOptions { SizeLimit = MostBytes });

    /// <summary>How the agreement of this id or reference stands; null where there is none that the caller may know of. Nobody comes to an answer past this.</summary>
    public Task<AgreementHead?> Head(string id, Caller caller, CancellationToken cancellation) =>
        record.Visible(id, caller, "d.mt_version", reader => new AgreementHead(reader.GetString(1), reader.GetInt64(2), reader.GetInt64(0)), cancellation);

    /// <summary>The answer kept under a name for an agreement that stands so, where it still holds.</summary>
    public AgreementAnswer? Find(string name, AgreementHead head, DateOnly today) =>
        _answers.TryGetValue((name, head.Id), out AgreementAnswer? kept) && kept!.Head == head && (kept.Day is null || kept.Day == today) ? kept : null;

    /// <summary>Keeps an answer.</summary>
    public void Keep(string name, AgreementAnswer answer) =>
        _answers.Set((name, answer.Head.Id), answer, new MemoryCacheEntryOptions { Size = answer.Body.Length * 3 });

    /// <inheritdoc/>
    public void Dispose() => _answers.Dispose();

    /// <summary>Sends an answer, speaking up to an instant where it names one.</summary>
    public static IResult Send(AgreementAnswer answer, DateTimeOffset knownAt) => new Kept(answer, knownAt);

    private sealed class Kept(AgreementAnswer answer, DateTimeOffset knownAt) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.ContentType = "application/json; charset=utf-8";
            if (answer.KnownAt is not { } place)
            {
                response.ContentLength = answer.Body.Length;
                await response.Body.WriteAsync(answer.Body, httpContext.RequestAborted);
                return;
            }

            var (from, length) = place.GetOffsetAndLength(answer.Body.Length);
            var instant = JsonSerializer.SerializeToUtf8Bytes(knownAt, Form.Options);
            response.ContentLength = answer.Body.Length - length + instant.Length;
            response.BodyWriter.Write(answer.Body.AsSpan(0, from));
            response.BodyWriter.Write(instant);
            response.BodyWriter.Write(answer.Body.AsSpan(from + length));
            await response.BodyWriter.FlushAsync(httpContext.RequestAborted);
        }
    }
}
