using System.Collections.Immutable;
using Ledger.Domain;
using Ledger.Domain.Agreements;
using Ledger.Domain.Days;
using Ledger.Domain.Meetings;
using Ledger.Web.Entries;
using AgreementCorrected = Ledger.Domain.Agreements.EntryCorrected;
using MeetingCorrected = Ledger.Domain.Meetings.EntryCorrected;

namespace Ledger.Web.Briefs;

/// <summary>An entry as readers see it: with the corrections that came after it. Agreements keep no long texts, so briefs read entries.</summary>
/// <param name="Entry">The entry as it was written.</param>
/// <param name="Event">The event with every correction applied.</param>
/// <param name="CorrectedBy">The entries that corrected it.</param>
/// <param name="StruckOut">Whether a correction says that it never happened.</param>
internal sealed record ReadEntry(RecordedEntry Entry, LedgerEvent Event, ImmutableArray<RecordedEntry> CorrectedBy, bool StruckOut)
{
    /// <summary>The entries of one stream, in their order, each with its corrections.</summary>
    public static ImmutableArray<ReadEntry> All(ImmutableArray<RecordedEntry> stream)
    {
        var corrections = stream.ToLookup(entry => Corrects(entry.Event));
        return [.. stream.Select(entry => With(entry, [.. corrections[entry.Version]]))];
    }

    /// <summary>Where the entry and what corrected it stand.</summary>
    public ImmutableArray<Citation> Cite(string reference) =>
    [
        CitationOf(Entry, reference, Event.OccurredOn),
        .. CorrectedBy.Select(correction => CitationOf(correction, reference, correction.Event.OccurredOn)),
    ];

    /// <summary>Where an entry stands.</summary>
    public static Citation CitationOf(RecordedEntry entry, string reference, Day? on) => new(CitationSource.Entry, reference, entry.Version, on);

    /// <summary>The number of the entry that this one corrects.</summary>
    public static long? Corrects(LedgerEvent e) => e switch
    {
        AgreementCorrected x => x.Corrects,
        MeetingCorrected x => x.Corrects,
        _ => null,
    };

    private static ReadEntry With(RecordedEntry entry, ImmutableArray<RecordedEntry> corrections) => new(
        entry,
        corrections.Aggregate(entry.Event, (e, correction) => (e, correction.Event) switch
        {
            (AgreementEvent x, AgreementCorrected { Field.Length: > 0 } c) => Correction.Apply(x, c.Field, c.Value),
            (MeetingEvent x, MeetingCorrected { Field.Length: > 0 } c) => Correction.Apply(x, c.Field, c.Value),
            _ => e,
        }),
        corrections,
        corrections.Any(correction => correction.Event is AgreementCorrected { Field.Length: 0 }));
}
