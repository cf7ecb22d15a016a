using Ledger.Web.Entries;

namespace Ledger.Web.Briefs;

/// <summary>Says entries in one plain sentence each.</summary>
public sealed class EntrySentences
{
    /// <summary>A function that says an entry, given all entries of its stream.</summary>
    public Task<Func<RecordedEntry, IReadOnlyList<RecordedEntry>, string>> In(string language, CancellationToken cancellation) =>
        Task.FromResult<Func<RecordedEntry, IReadOnlyList<RecordedEntry>, string>>((e, _) => e.Event.GetType().Name);
}
