using System.Collections.Immutable;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Ledger.Domain;
using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Domain.Days;
using Ledger.Domain.Meetings;
using Ledger.Domain.Persons;
using Ledger.Web.Entries;
using Ledger.Web.Meetings;
using Ledger.Web.Persons;
using Ledger.Web.Recording;

namespace Ledger.Web.Importing;

/// <summary>Holds what lines say against the record, by the deciders that every live write goes through, in historical mode.</summary>
internal sealed class ImportDecider(ImportBook book, CancellationToken cancellation)
{
    private readonly HashSet<string> _unusable = new(StringComparer.Ordinal);
    private readonly List<(RawLine Line, MeetingRecorded Meeting)> _caused = [];
    private readonly List<(RawLine Line, string Meeting)> _through = [];

    /// <summary>Decides on a line and takes what it decided into the chunk.</summary>
    /// <returns>What is wrong with it; nothing where it stands.</returns>
    public async Task<ImmutableArray<LineProblem>> Decide(ReadLine line, ImportChunk chunk)
    {
        // What rests on a line that was refused is not reported a second time.
        if (line.Fact is not { } fact)
        {
            if (line.Begins is { } begins)
                _unusable.Add(begins);
            return line.Problems;
        }

        var problems = fact switch
        {
            AgencyFact f => One(KeepAgency(f), EntryStream.Agency, f.Code, chunk),
            SuccessionFact f => One(Succeed(f), EntryStream.Agency, f.Agency, chunk),
            ProposalFact f => await Propose(f, chunk),
            ActFact f => OfAgreement(f.Agreement, (a, _) => ByItsWord(f.Act.Decide(a.State!, Occasion(), Outside(chunk)), f.Act), chunk),
            DocumentFact f => Attach(f, chunk),
            CorrectionFact f => await Correct(f, chunk),
            MeetingFact f => await Record(f, chunk),
            MinutesFact f => OfMeeting(f.Meeting, m => MeetingDecider.ApproveMinutes(m.State!, f.Command, Occasion()), chunk),
            MeetingCorrectionFact f => await Correct(f, chunk),
            PersonFact f => Keep(f, chunk),
            FileFact f => Keep(f, chunk),
            EntryFact f => TakeOver(f, line.Raw, chunk),
            _ => throw new UnreachableException(fact.GetType().Name),
        };
        return [.. problems.Select(p => new LineProblem(line.Raw.Number, p.Field ?? "", p.Code, null, p.Sentence).In(line.Raw.Json))];
    }

    /// <summary>What can only be seen once every line is read: whether meetings and the entries they caused name each other.</summary>
    public async Task<ImmutableArray<LineProblem>> Finish()
    {
        await book.LoadAgreements(_caused.SelectMany(x => x.Meeting.Entries).Select(e => e.Agreement), cancellation);
        await book.LoadEntries(_caused.SelectMany(x => x.Meeting.Entries).Select(e => e.Agreement), cancellation);
        await book.LoadMeetings(_through.Select(x => x.Meeting), cancellation);
        return
        [
            .. _caused
                .SelectMany(x => x.Meeting.Entries.Select((e, index) => (x.Line, x.Meeting.MeetingId, Entry: e, index)))
                .Where(x => book.Agreement(x.Entry.Agreement)?.At(x.Entry.Version) is not { } e || e.Meeting != x.MeetingId || EventNames.Stored[e.GetType()] != x.Entry.Type)
                .Select(x => new LineProblem(x.Line.Number, $"/event/entries/{x.index}", "unknown-entry", null, "There is no such entry that names this meeting. Bring in the lines of an export together.").In(x.Line.Json)),
            .. _through.Where(x => book.Meeting(x.Meeting) is null)
                .Select(x => new LineProblem(x.Line.Number, "/event/meeting", "unknown-meeting", null, "There is no such meeting. Bring in the lines of an export together.").In(x.Line.Json)),
        ];
    }

    private Occasion Occasion(string? meeting = null, Day? heldOn = null, DateTimeOffset? at = null) =>
        new(DateOnly.FromDateTime((at ?? book.Now).UtcDateTime), book.Agencies, meeting, heldOn, IsHistorical: true);

    private Outside Outside(ImportChunk chunk) => new(book.NewId, person => book.Person(person, chunk));

    private IEnumerable<Decision.Refused> One(Decision decision, EntryStream stream, string id, ImportChunk chunk, Provenance? provenance = null)
    {
        if (decision is Decision.Refused refused)
            return [refused];
        chunk.Entries.AddRange(((Decision.Decided)decision).Events.Select(e => book.Add(stream, id, e, provenance)));
        return [];
    }

    private IEnumerable<Decision.Refused> OfAgreement(string name, Func<Booked<Agreement, AgreementEvent>, string, Decision> decide, ImportChunk chunk) =>
        book.Agreement(name) is { } agreement ? One(decide(agreement, name), EntryStream.Agreement, agreement.State!.Id, chunk)
        : _unusable.Contains(name) ? []
        : [UnknownAgreement(name)];

    private IEnumerable<Decision.Refused> OfMeeting(string name, Func<Booked<Meeting, MeetingEvent>, Decision> decide, ImportChunk chunk) =>
        book.Meeting(name) is { } meeting ? One(decide(meeting), EntryStream.Meeting, meeting.State!.Id, chunk)
        : _unusable.Contains(name) ? []
        : [UnknownMeeting(name)];

    private static Decision.Refused UnknownAgreement(string name) =>
        new("unknown-agreement", $"There is no agreement {name}. Propose it in an earlier line, or check the reference.", "/agreement");

    private static Decision.Refused UnknownMeeting(string name) =>
        new("unknown-meeting", $"There is no meeting {name}. Give it a reference in an earlier line, or check the reference.", "/meeting");

    // Each kind of line has its own word for what events call the day.
    private static Decision ByItsWord(Decision decision, AgreementAct act) =>
        decision is Decision.Refused { Field: "/occurredOn" } refused ? refused with { Field = act.Day } : decision;

    private Decision KeepAgency(AgencyFact fact)
    {
        var decision = AgencyDecider.Keep(book.Agency(fact.Code)?.State, fact.Code, fact.Command, DateOnly.FromDateTime(book.Now.UtcDateTime), isHistorical: true);
        return fact.Command.OccurredOn is null && decision is Decision.Decided { Events: [AgencyRenamed] }
            ? Decision.Refuse("agency-differs", $"{fact.Code} is registered with another name, kind or country. Leave the line out, or give in occurredOn the day from which this one holds.", "/name")
            : decision;
    }

    private Decision Succeed(SuccessionFact fact) => book.Agency(fact.Agency)?.State is { } agency
        ? AgencyDecider.Succeed(agency, fact.Command, book.Agencies, DateOnly.FromDateTime(book.Now.UtcDateTime), isHistorical: true)
        : Decision.Refuse("unknown-agency", $"No agency {fact.Agency} is registered. Register it in an earlier line.", "/agency");

    private async Task<IEnumerable<Decision.Refused>> Propose(ProposalFact fact, ImportChunk chunk)
    {
        if (fact.Command.Reference is { } wanted && book.Agreement(wanted) is not null)
            return [ReferenceTaken(wanted)];

        var (refused, _) = await Propose(fact.Command, fact.Command.ProposedOn?.Latest ?? DateOnly.FromDateTime(book.Now.UtcDateTime), Occasion(), chunk);
        if (refused is not null && fact.Command.Reference is { } unusable)
            _unusable.Add(unusable);
        return refused is null ? [] : [refused];
    }

    private async Task<(Decision.Refused? Refused, DecidedEntry? Proposed)> Propose(ProposeAgreement command, DateOnly numberedBy, Occasion occasion, ImportChunk chunk)
    {
        // Decided under a reference of no consequence first, so that a refusal uses up no number.
        ImmutableArray<string> phases = [.. command.Phases.Select(_ => book.NewId())];
        var id = book.NewId();
        if (AgreementDecider.Propose(command, id, command.Reference ?? "", phases, occasion) is Decision.Refused refused)
            return (refused, null);

        var reference = command.Reference ?? await book.NextReference("CA", numberedBy.Year, chunk, cancellation);
        One(AgreementDecider.Propose(command, id, reference, phases, occasion), EntryStream.Agreement, id, chunk);
        return (null, chunk.Entries[^1]);
    }

    private static Decision.Refused ReferenceTaken(string wanted) =>
        new("reference-taken", $"Another agreement bears the reference {wanted}. Give another one, or leave it out and the ledger gives the next.", "/reference");

    private IEnumerable<Decision.Refused> Attach(DocumentFact fact, ImportChunk chunk)
    {
        var (name, mediaType, content) = fact.Command;
        var document = new DocumentAttached(name, mediaType, content.LongLength, Convert.ToHexStringLower(SHA256.HashData(content)));
        var problems = OfAgreement(fact.Agreement, (a, _) => AgreementDecider.AttachDocument(a.State!, document, Occasion()), chunk);
        book.Keep(new FileFact(document.Sha256, content), chunk);
        return problems;
    }

    private async Task<IEnumerable<Decision.Refused>> Correct(CorrectionFact fact, ImportChunk chunk)
    {
        if (book.Agreement(fact.Agreement) is not { } agreement)
            return OfAgreement(fact.Agreement, (_, _) => Decision.Nothing, chunk);
        if (AsReadersSee(agreement, fact.Command.Corrects) is not { } seen)
            return [UnknownEntry(agreement.State!.Reference, fact.Command.Corrects, "/corrects")];

        var target = new Entry<AgreementEvent>(fact.Command.Corrects, book.Now, seen);
        if (PersonCorrection.Of(fact.Command) is not { } correction)
            return One(AgreementDecider.Correct(agreement.State!, fact.Command, target, Occasion()), EntryStream.Agreement, agreement.State!.Id, chunk);

        var (person, problem) = await Corrected(correction, seen, chunk);
        return problem is not null
            ? [problem]
            : One(AgreementDecider.CorrectSignatory(agreement.State!, fact.Command.Corrects, person!, fact.Command.Reason, Occasion()), EntryStream.Agreement, agreement.State!.Id, chunk);
    }

    private async Task<IEnumerable<Decision.Refused>> Correct(MeetingCorrectionFact fact, ImportChunk chunk)
    {
        if (book.Meeting(fact.Meeting) is not { } meeting)
            return OfMeeting(fact.Meeting, _ => Decision.Nothing, chunk);
        if (AsReadersSee(meeting, fact.Command.Corrects) is not { } seen)
            return [UnknownEntry(meeting.State!.Reference, fact.Command.Corrects, "/corrects")];
        if (PersonCorrection.Of(fact.Command) is not { } correction)
            return One(MeetingDecider.Correct(meeting.State!, fact.Command, new(fact.Command.Corrects, book.Now, seen), Occasion()), EntryStream.Meeting, meeting.State!.Id, chunk);

        var (person, problem) = await Corrected(correction, meeting.State!.Facts, chunk);
        return problem is not null
            ? [problem]
            : One(MeetingDecider.CorrectPerson(meeting.State!, correction.Place, person!, fact.Command.Reason, Occasion()), EntryStream.Meeting, meeting.State!.Id, chunk);
    }

    private async Task<(Person? Person, Decision.Refused? Problem)> Corrected(PersonCorrection correction, LedgerEvent entry, ImportChunk chunk)
    {
        if (correction.Problem is { } unfit)
            return (null, new("validation", unfit, "/value"));

        var named = PersonCorrection.At(JsonSerializer.SerializeToNode(entry, entry.GetType(), LedgerJson.Options)!, correction.Place);
        var before = named is null ? null : await book.FindPerson(named.PersonId, cancellation);
        return before?.Name is { } name
            ? (book.Person(correction.Apply(new(name, before.Office)), chunk), null)
            : (null, new("unknown-field", "The entry names nobody there, or the name was erased.", "/field"));
    }

    private static AgreementEvent? AsReadersSee(Booked<Agreement, AgreementEvent> agreement, long version) => agreement.At(version) is { } written
        ? agreement.Events.OfType<Domain.Agreements.EntryCorrected>().Where(c => c.Corrects == version && c.Field.Length > 0).Aggregate(written, (seen, c) => Correction.Apply(seen, c.Field, c.Value))
        : null;

    private static MeetingEvent? AsReadersSee(Booked<Meeting, MeetingEvent> meeting, long version) => meeting.At(version) is { } written
        ? meeting.Events.OfType<Domain.Meetings.EntryCorrected>().Where(c => c.Corrects == version).Aggregate(written, (seen, c) => Correction.Apply(seen, c.Field, c.Value))
        : null;

    private static Decision.Refused UnknownEntry(string reference, long version, string field) =>
        new("unknown-entry", $"{reference} has no entry {version}. In a file an entry is named by its version, from 1.", field);

    private async Task<IEnumerable<Decision.Refused>> Record(MeetingFact fact, ImportChunk chunk)
    {
        var command = fact.Command;
        if (fact.Reference is { } wanted && book.Meeting(wanted) is not null)
            return [new("reference-taken", $"Another meeting bears the reference {wanted}. Give another one, or leave it out and the ledger gives the next.", "/reference")];

        var id = book.NewId();
        var occasion = Occasion(id, command.HeldOn);
        var problems = new List<Decision.Refused>(MeetingDecider.Problems(command.HeldOn!, command.Participants.Select(p => p.Agency), occasion));
        var caused = new List<CausedEntry>();
        foreach (var outcome in fact.Outcomes)
        {
            var from = chunk.Entries.Count;
            problems.AddRange((await Outcome(outcome, occasion, chunk)).Select(p => p with { Field = outcome.Pointer + p.Field }));
            caused.AddRange(chunk.Entries.Skip(from).Select(e => new CausedEntry(e.Id, e.Version, EventNames.Stored[e.Event.GetType()])));
        }

        foreach (var outcome in fact.Outcomes)
            book.Call(outcome.Pointer, null);
        if (problems.Count > 0)
        {
            _unusable.UnionWith(fact.Reference is null ? [] : [fact.Reference]);
            return problems;
        }

        var reference = fact.Reference ?? await book.NextReference("CM", command.HeldOn!.Latest.Year, chunk, cancellation);
        var recorded = new MeetingRecorded(id, reference, command.Title)
        {
            OccurredOn = command.HeldOn,
            Place = command.Place,
            Host = command.Host is { } host ? book.Person(host, chunk) : null,
            Participants = [.. command.Participants.Select(p => new Participant(book.Person(new(p.Name, p.Office), chunk), p.Agency))],
            Agenda = command.Agenda,
            Entries = [.. caused],
        };
        return One(Decision.Record(recorded), EntryStream.Meeting, id, chunk);
    }

    private async Task<IEnumerable<Decision.Refused>> Outcome(Outcome outcome, Occasion occasion, ImportChunk chunk)
    {
        if (outcome.Proposal is not { } proposal)
            return OfAgreement(outcome.Agreement!, (a, _) => ByItsWord(outcome.Act!.Decide(a.State!, occasion, Outside(chunk)), outcome.Act), chunk);
        if (proposal.Reference is { } wanted && book.Agreement(wanted) is not null)
            return [ReferenceTaken(wanted)];

        var dated = outcome.IsDayUnknown ? proposal : proposal with { ProposedOn = proposal.ProposedOn ?? occasion.HeldOn };
        var (refused, proposed) = await Propose(dated, (dated.ProposedOn ?? occasion.HeldOn!).Latest, occasion, chunk);
        if (refused is not null)
        {
            _unusable.UnionWith(new[] { outcome.Pointer, proposal.Reference }.OfType<string>());
            return [refused];
        }

        book.Call(outcome.Pointer, book.Agreement(proposed!.Id));
        return [];
    }

    private IEnumerable<Decision.Refused> Keep(PersonFact fact, ImportChunk chunk)
    {
        if (book.PersonOf(fact.Person.PersonId) is not { } known)
        {
            book.Keep(fact.Person, chunk);
            return [];
        }

        return known.Person == fact.Person.Person
            ? []
            : [new("entry-differs", $"The ledger knows another person by the id {fact.Person.PersonId}. Lines of two ledgers cannot be put together by hand.", "/id")];
    }

    private IEnumerable<Decision.Refused> Keep(FileFact fact, ImportChunk chunk)
    {
        book.Keep(fact, chunk);
        return [];
    }

    private IEnumerable<Decision.Refused> TakeOver(EntryFact fact, RawLine line, ImportChunk chunk)
    {
        if (Unknown(fact) is { } unknown)
            return [unknown];

        var (known, version) = fact.Stream switch
        {
            EntryStream.Agreement => ((LedgerEvent?)book.Agreement(fact.Id)?.At(fact.Version), book.Agreement(fact.Id)?.Version ?? 0),
            EntryStream.Meeting => (book.Meeting(fact.Id)?.At(fact.Version), book.Meeting(fact.Id)?.Version ?? 0),
            _ => (book.Agency(fact.Id)?.At(fact.Version), book.Agency(fact.Id)?.Version ?? 0),
        };
        if (fact.Version <= version)
        {
            return known is not null && Restore.IsSame(known, fact.Event)
                ? []
                : [new("entry-differs", $"Entry {fact.Version} of this stream says something else here. What two ledgers have written apart cannot be put together.", "/event")];
        }

        if (fact.Version != version + 1)
            return [new("entry-out-of-order", $"The stream has {version} entries here, and this would be its {fact.Version}th. Keep the lines of an export in their order, and leave none out.", "/version")];

        var decision = Restored(fact);
        if (decision is Decision.Decided && fact.Event is MeetingRecorded meeting)
            _caused.Add((line, meeting));
        if (decision is Decision.Decided && fact.Event is AgreementEvent { Meeting: { } through })
            _through.Add((line, through));
        return One(decision, fact.Stream, fact.Id, chunk, fact.Provenance)
            .Select(p => p.Field is null || p.Field.StartsWith("/event", StringComparison.Ordinal) || p.Field == "/version" ? p : p with { Field = "/event" + p.Field });
    }

    private Decision Restored(EntryFact fact)
    {
        var occasion = Occasion(at: fact.Provenance.RecordedAt);
        switch (fact.Event)
        {
            case AgreementEvent e:
                if (e is AgreementProposed proposed && (proposed.AgreementId != fact.Id || book.Agreement(proposed.Reference) is not null))
                    return proposed.AgreementId != fact.Id ? Decision.Refuse("entry-differs", "The event begins another stream than the line names.", "/event/agreementId") : ReferenceTaken(proposed.Reference);
                var agreement = book.Agreement(fact.Id);
                var act = agreement is not null && e is Domain.Agreements.EntryCorrected c && AsReadersSee(agreement, c.Corrects) is { } seen ? new Entry<AgreementEvent>(c.Corrects, book.Now, seen) : null;
                return Restore.Agreement(agreement?.State, e, act, occasion);
            case MeetingEvent e:
                if (e is MeetingRecorded recorded && (recorded.MeetingId != fact.Id || book.Meeting(recorded.Reference) is not null))
                    return Decision.Refuse(recorded.MeetingId != fact.Id ? "entry-differs" : "reference-taken", "The event begins another stream than the line names, or another meeting bears its reference.", "/event/reference");
                var meeting = book.Meeting(fact.Id);
                var entry = meeting is not null && e is Domain.Meetings.EntryCorrected m && AsReadersSee(meeting, m.Corrects) is { } read ? new Entry<MeetingEvent>(m.Corrects, book.Now, read) : null;
                return Restore.Meeting(meeting?.State, e, entry, occasion);
            default:
                return Restore.Agency(book.Agency(fact.Id)?.State, fact.Id, (AgencyEvent)fact.Event, book.Agencies, occasion.Today);
        }
    }

    private Decision.Refused? Unknown(EntryFact fact)
    {
        var persons = RecordReader.PersonsIn(fact.Event).Append(fact.Provenance.RecordedBy.PersonId);
        if (persons.FirstOrDefault(id => book.PersonOf(id) is null) is { } unknown)
            return new("unknown-person", $"No line before this one says who the person {unknown} is. Bring in the lines of an export together.", "/recordedBy");
        return fact.Event is DocumentAttached document && !book.HasFile(document.Sha256)
            ? new("unknown-file", "No line before this one brings the file of this document. Bring in the lines of an export together.", "/event/sha256")
            : null;
    }
}
