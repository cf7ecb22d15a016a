using System.Diagnostics;
using System.Text.Json.Serialization;

namespace Ledger.Domain.Agreements;

/// <summary>
/// An agreement: its acts as readers see them, corrections applied. What they amount to on a day is its <see cref="Standing"/>,
/// worked out from all of them, so that the order in which they were recorded plays no part.
/// </summary>
/// <param name="Id">The stream's id.</param>
/// <param name="Version">The number of entries in the stream.</param>
/// <param name="FirstRecordedAt">When the proposal was recorded, UTC.</param>
/// <param name="LastRecordedAt">When the last entry was recorded, UTC.</param>
/// <param name="Acts">The acts in the order of recording, the proposal first.</param>
public sealed record Agreement(
    string Id, long Version, DateTimeOffset FirstRecordedAt, DateTimeOffset LastRecordedAt, ActList Acts)
{
    /// <summary>What was proposed.</summary>
    [JsonIgnore]
    public AgreementProposed Proposal => (AgreementProposed)Acts[0].Event;

    /// <summary>The reference by which people call it.</summary>
    public string Reference => Proposal.Reference;

    /// <summary>Its title.</summary>
    public string Title => Proposal.Title;

    /// <summary>The parties named in the proposal, and those that joined by signing or acceding.</summary>
    [JsonIgnore]
    public IEnumerable<string> Parties => Proposal.Parties.Concat(Acts.Select(act => act.Event).Select(e => e switch
    {
        AgreementSigned signed => signed.Party,
        AgreementRatified ratified => ratified.Party,
        _ => null,
    }).OfType<string>()).Distinct(StringComparer.Ordinal);

    /// <summary>The phases, numbered from 1 in the order in which they were planned, each with the act that planned it.</summary>
    [JsonIgnore]
    public IEnumerable<(ProposedPhase Phase, Act PlannedBy)> Phases => Acts.SelectMany(act => act.Event switch
    {
        AgreementProposed proposed => proposed.Phases.Select(phase => (phase, act)),
        PhasePlanned planned => [(new ProposedPhase(planned.PhaseId, planned.Title, planned.PlannedEnd), act)],
        _ => [],
    });

    /// <summary>The id of the phase of this id or of this number, counted from 1.</summary>
    public string? FindPhase(string idOrNumber) => Phases
        .Select((planned, index) => (planned.Phase.PhaseId, Number: (index + 1).ToString(System.Globalization.CultureInfo.InvariantCulture)))
        .FirstOrDefault(phase => phase.PhaseId == idOrNumber || phase.Number == idOrNumber).PhaseId;

    /// <summary>The fold of the agreement's stream.</summary>
    /// <exception cref="UnreachableException">The events are not those of one agreement.</exception>
    public static Agreement Evolve(Agreement? state, Entry<AgreementEvent> entry) => (state, entry.Event) switch
    {
        (null, AgreementProposed e) => new(e.AgreementId, entry.Version, entry.RecordedAt, entry.RecordedAt, [new(entry.Version, e)]),
        ({ } s, EntryCorrected e) => s.With(entry, s.Acts.Find(e.Corrects) is not { } act ? s.Acts : act.Corrected(e) is { } corrected ? s.Acts.Replace(corrected) : s.Acts.Remove(e.Corrects)),
        ({ } s, not AgreementProposed) => s.With(entry, s.Acts.Add(new(entry.Version, entry.Event.Essence))),
        _ => throw new UnreachableException($"Agreement has no rule for {entry.Event.GetType().Name} in entry {entry.Version}."),
    };

    private Agreement With(Entry<AgreementEvent> entry, ActList acts) =>
        this with { Version = entry.Version, LastRecordedAt = entry.RecordedAt, Acts = acts };
}

/// <summary>An act as readers see it.</summary>
/// <param name="Number">The number of its entry in the stream.</param>
/// <param name="Event">What was done, with every correction applied.</param>
public sealed record Act(long Number, AgreementEvent Event)
{
    internal Act? Corrected(EntryCorrected correction) =>
        correction.Field.Length == 0 ? null
        : Event.Keeps(correction.Field) ? this with { Event = Correction.Apply(Event, correction.Field, correction.Value) }
        : this;
}
