using System.Collections.Immutable;
using Ledger.Domain;
using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Domain.Meetings;
using Ledger.Web.Agreements;
using Ledger.Web.Entries;
using Ledger.Web.Meetings;
using Ledger.Web.Persons;
using Ledger.Web.Recording;

namespace Ledger.Web.Importing;

/// <summary>What a line of a file says, read and of the right shape, not yet held against the record.</summary>
internal abstract record ImportFact
{
    /// <summary>The agreements that the line names, by id or reference.</summary>
    public virtual IEnumerable<string> Agreements => [];

    /// <summary>The meetings that the line names, by id or reference.</summary>
    public virtual IEnumerable<string> Meetings => [];

    /// <summary>The persons that the line names by name.</summary>
    public virtual IEnumerable<NamedPerson> Persons => [];
}

/// <summary>An agency by its name.</summary>
internal sealed record AgencyFact(string Code, KeepAgency Command) : ImportFact;

/// <summary>An agency took the place of another.</summary>
internal sealed record SuccessionFact(string Agency, SucceedAgency Command) : ImportFact;

/// <summary>An agreement begins.</summary>
internal sealed record ProposalFact(ProposeAgreement Command) : ImportFact
{
    public override IEnumerable<string> Agreements => Command.Reference is { } reference ? [reference] : [];
}

/// <summary>An act of an agreement.</summary>
internal sealed record ActFact(string Agreement, AgreementAct Act) : ImportFact
{
    public override IEnumerable<string> Agreements => [Agreement];

    public override IEnumerable<NamedPerson> Persons => Act.Persons;
}

/// <summary>A document of an agreement, with its file.</summary>
internal sealed record DocumentFact(string Agreement, AttachDocument Command) : ImportFact
{
    public override IEnumerable<string> Agreements => [Agreement];
}

/// <summary>An entry of an agreement is put right.</summary>
internal sealed record CorrectionFact(string Agreement, CorrectEntry Command) : ImportFact
{
    public override IEnumerable<string> Agreements => [Agreement];
}

/// <summary>A meeting with everything it came to.</summary>
internal sealed record MeetingFact(string? Reference, RecordMeeting Command, ImmutableArray<Outcome> Outcomes) : ImportFact
{
    public override IEnumerable<string> Agreements => Outcomes.SelectMany(o => new[] { o.Agreement, o.ProposedReference }).OfType<string>();

    public override IEnumerable<string> Meetings => Reference is null ? [] : [Reference];

    public override IEnumerable<NamedPerson> Persons => RecordMeetingEndpoint.Persons(Command, Outcomes);
}

/// <summary>An agency approved the minutes of a meeting.</summary>
internal sealed record MinutesFact(string Meeting, ApproveMinutes Command) : ImportFact
{
    public override IEnumerable<string> Meetings => [Meeting];
}

/// <summary>An entry of a meeting is put right.</summary>
internal sealed record MeetingCorrectionFact(string Meeting, CorrectEntry Command) : ImportFact
{
    public override IEnumerable<string> Meetings => [Meeting];
}

/// <summary>A person as another ledger knows them.</summary>
internal sealed record PersonFact(PersonKept Person) : ImportFact;

/// <summary>The file of a document, as another ledger keeps it.</summary>
internal sealed record FileFact(string Sha256, byte[] Content) : ImportFact;

/// <summary>An entry as another ledger wrote it.</summary>
internal sealed record EntryFact(EntryStream Stream, string Id, long Version, LedgerEvent Event, Provenance Provenance) : ImportFact
{
    public override IEnumerable<string> Agreements => Stream == EntryStream.Agreement ? [Id, .. Event is AgreementProposed p ? [p.Reference] : Array.Empty<string>()] : [];

    public override IEnumerable<string> Meetings => Stream == EntryStream.Meeting ? [Id, .. Event is MeetingRecorded m ? [m.Reference] : Array.Empty<string>()] : [];
}

/// <summary>What a stream is about.</summary>
public enum EntryStream
{
    /// <summary>An agreement.</summary>
    Agreement,

    /// <summary>A meeting.</summary>
    Meeting,

    /// <summary>An agency.</summary>
    Agency,
}
