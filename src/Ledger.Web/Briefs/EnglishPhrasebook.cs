using System.Collections.Immutable;
using Ledger.Domain.Agreements;
using Ledger.Domain.Days;

namespace Ledger.Web.Briefs;

/// <summary>British English.</summary>
internal sealed class EnglishPhrasebook : Phrasebook
{
    public override string Language => "en";

    protected override ImmutableArray<string> Months { get; } = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec"];

    protected override ImmutableArray<string> StandaloneMonths => Months;

    protected override (string Open, string Close, string InnerOpen, string InnerClose) Quotes => ("“", "”", "‘", "’");

    protected override string DecimalSeparator => ".";

    internal override string Plural(long count, params ReadOnlySpan<string> forms) => forms[count == 1 ? 0 : 1];

    internal override string On(Day day) => day.Ends is { } ends ? $"between {Day(ends.First)} and {Day(ends.Last)}" : (day.Precision == DayPrecision.Day ? "on " : "in ") + Day(day);

    internal override string Since(Day day) => $"since {Day(day)}";

    internal override string From(Day day) => $"from {Day(day)}";

    internal override string Until(Day day) => $"until {Day(day)}";

    protected override string PlannedFor(Day day) => $"planned for {Day(day)}";

    protected override string LastDiscussed(Day day) => $"last discussed {Day(day)}";

    internal override string Since(BriefSince point) => point.Instant is { } instant ? $"since {Instant(instant)}" : $"since entry {point.Sequence} of the record";

    protected override string LastSigned(Day day) => $"last signed {Day(day)}";

    protected override string LastConsent(Day day) => $"last consent {Day(day)}";

    protected override string AndMore(int count) => $"and {count} more";

    internal override string Say(Wording w) => w.Statement.Key switch
    {
        StatementKey.NotYetProposed => $"By what the record shows, {w.The("the agreement")} had not been proposed by {w["day"]}",
        StatementKey.IsProposed => $"{w.The("The agreement")} is proposed; no discussion, signature or consent to be bound is on record",
        StatementKey.IsUnderDiscussion => $"{w.The("The agreement")} is under discussion and was last discussed {w.On("day")}",
        StatementKey.IsPartlySigned => $"{w.The("The agreement")} is under discussion; {w["agencies"]} {(w.Agencies == 1 ? "has" : "have")} signed it",
        StatementKey.IsSigned => $"Every party has signed {w.The("the agreement")}, the last {w.On("day")}; it is not yet in force",
        StatementKey.IsPartiallyRatified => $"{w.Counted("count", "party", "parties")} of {w["total"]} {w.Plural("count", "has", "have")} consented to be bound by {w.The("the agreement")}; it is not yet in force",
        StatementKey.WillEnterIntoForce => $"The conditions for entry into force are met, and {w.The("the agreement")} is in force {w.From("day")}",
        StatementKey.IsInForce => $"{w.The("The agreement")} has been in force {w.Since("day")}",
        StatementKey.IsSuspended => $"{w.The("The agreement")} has been in force {w.Since("day")}; its operation has been suspended {w.Since("from")}",
        StatementKey.IsAppliedProvisionally => $"{w.The("The agreement")} has been applied provisionally {w.Since("day")}, pending its entry into force",
        StatementKey.IsTerminated => $"{w.The("The agreement")} was terminated with effect from {w["day"]}",
        StatementKey.IsEndedByWithdrawal => $"{w.The("The agreement")} ended {w.On("day")}, when a withdrawal left too few parties",
        StatementKey.IsExpired => $"The term of {w.The("the agreement")} ended {w.On("day")}",
        StatementKey.IsCompleted => $"Every planned phase of {w.The("the agreement")} is completed; it ended {w.On("day")}",
        StatementKey.IsWithdrawn => $"The proposal of {w.The("the agreement")} was withdrawn with effect from {w["day"]}",
        StatementKey.LatestAchievement => $"The latest achievement on record is of {w["day"]}: {w["title"]}",
        StatementKey.TermEnds => $"The term of {w.The("the agreement")} ends {w.On("day")}",
        StatementKey.PhaseDue => $"{w.If("agreement", a => $"In the agreement {a}, ")}{w["phase"]} is planned to be completed by {w["day"]}",
        StatementKey.PhaseOverdue => $"{w.If("agreement", a => $"In the agreement {a}, ")}{w["phase"]} was planned to be completed by {w["day"]}, {w.Counted("count", "day", "days")} before the day of this brief, and no completion is on record",
        StatementKey.EntersIntoForce => $"{w.The("The agreement")} enters into force {w.On("day")}",
        StatementKey.PartyBoundFrom => $"{w["agencies"]} is bound by {w.The("the agreement")} {w.From("day")}",
        StatementKey.PartyLeaves => $"The withdrawal of {w["agencies"]} from {w.The("the agreement")} takes effect {w.On("day")}",
        StatementKey.AgreementEnds => $"{w.The("The agreement")} ends {w.On("day")}",
        StatementKey.ProposalWithdrawalTakesEffect => $"The withdrawal of the proposal of {w.The("the agreement")} takes effect {w.On("day")}",
        StatementKey.ProvisionalApplicationTakesEffect => $"The provisional application of {w.The("the agreement")} begins {w.On("day")}",
        StatementKey.SuspensionTakesEffect => $"The suspension of {w.The("the agreement")} takes effect {w.On("day")}",
        StatementKey.ResumptionTakesEffect => $"The resumption of {w.The("the agreement")} takes effect {w.On("day")}",
        StatementKey.AmendmentTakesEffect => $"An amendment of {w.The("the agreement")} takes effect {w.On("day")}",
        StatementKey.NoDateAhead => "No date lies ahead",
        StatementKey.NothingOverdue => "Nothing is overdue",
        StatementKey.NoDates => "Nothing is overdue and no date lies ahead",
        StatementKey.PhasesOverdue => $"{w.Counted("count", "phase is", "phases are")} past the planned end; the earliest was due by {w["day"]}",
        StatementKey.PhasesWithoutEnd => $"{w.Counted("count", "phase", "phases")} of {w.The("the agreement")} {w.Plural("count", "is", "are")} open without a planned end",
        StatementKey.AwaitsSignatures => $"The signature of {w["agencies"]} on {w.The("the agreement")} is awaited",
        StatementKey.AwaitsConsent => $"The consent of {w["agencies"]} to be bound by {w.The("the agreement")} is awaited",
        StatementKey.AwaitsConsents => $"{w.Counted("count", "further consent is", "further consents are")} needed for the entry into force of {w.The("the agreement")}",
        StatementKey.NoSignature => $"No signature on {w.The("the agreement")} is on record",
        StatementKey.OnlyProposed => $"{w.Counted("count", "agreement is", "agreements are")} proposed, without discussion or signature on record: {w["references"]}",
        StatementKey.OnlyDiscussed => $"{w.Counted("count", "agreement has", "agreements have")} been discussed, without signature on record: {w["references"]}",
        StatementKey.AwaitedIn => $"A signature or a consent is awaited on {w.Counted("count", "agreement", "agreements")}: {w["references"]}",
        StatementKey.NothingAwaited => "No signed agreement is waiting for a further signature or consent",
        StatementKey.StandingUncertain => $"The standing of {w.The("the agreement")} on this day depends on days that are not known exactly, or not at all",
        StatementKey.ProposalUndated => $"The day on which {w.The("the agreement")} was proposed is not known",
        StatementKey.ProposalsUndated => $"The day of the proposal is not known for {w.Counted("count", "agreement", "agreements")}: {w["references"]}",
        StatementKey.NothingOpen => "No open point is on record",
        StatementKey.AgenciesAre => $"Agencies: {w["agencies"]}",
        StatementKey.PartiesAre => $"Parties: {w["agencies"]}",
        StatementKey.InstitutesAre => $"Institutes that carry the agreement out: {w["agencies"]}",
        StatementKey.SummaryIs => $"Subject, as proposed: {w["summary"]}",
        StatementKey.HostWas => $"Host: {w["persons"]}",
        StatementKey.ParticipantsWere => $"Participants: {w["persons"]}",
        StatementKey.AgendaWas => $"Agenda: {w["topics"]}",
        StatementKey.MeetingHeld => $"{w.If("agencies", a => $"A meeting of {a}")}{(w.Statement.Arguments.ContainsKey("agencies") ? "" : "A meeting")} was held{w.If("place", p => $" in {p}")} {w.On("day")}",
        StatementKey.MeetingOutcomes => $"The meeting led to {w.Counted("count", "entry", "entries")} on {w.Counted("agreements", "agreement", "agreements")}: {w["tally"]}",
        StatementKey.MeetingWithoutOutcomes => "No outcome of the meeting is on record",
        StatementKey.MinutesApprovedByAll => $"The minutes are approved by {w["agencies"]}, the last {w.On("day")}",
        StatementKey.MinutesAwaitApproval => $"The approval of the minutes by {w["agencies"]} is awaited",
        StatementKey.MinutesChangedSinceApproval => $"The minutes were corrected after {w["agencies"]} had approved them",
        StatementKey.MinutesWithoutApprovers => "No agency is named that could approve the minutes",
        StatementKey.PortfolioHolds => $"{w["agencies"]} {(w.Agencies == 1 ? "is named" : "are named together")} in {w.Counted("count", "agreement", "agreements")}: {w["tally"]}",
        StatementKey.PortfolioEmpty => $"No agreement of {w["agencies"]} is on record",
        StatementKey.StatusChanged => $"The status went from {w["from"]} to {w["to"]}",
        StatementKey.NothingChanged => "Nothing was recorded after that point",
        StatementKey.MoreInAnnex => $"{w.Counted("count", "further sentence is", "further sentences are")} left out here; the annex lists every entry",
        StatementKey.MoreInAgreements => $"{w.Counted("count", "further line is", "further lines are")} left out here; the brief of each agreement gives them",
        StatementKey.MoreInState => $"{w.Counted("count", "further line is", "further lines are")} left out here; the state of the agreement in the ledger gives them",
        StatementKey.MoreInHistory => $"{w.Counted("count", "earlier entry is", "earlier entries are")} left out here; the history of each agreement in the ledger gives them",
        StatementKey.LaterEntriesLeftOut => $"{w.Counted("count", "entry", "entries")} on days after {w["day"]} {w.Plural("count", "is", "are")} left out",

        StatementKey.EnteredRecord => $"The agreement{w.If("title", t => $" {t}")} entered the record, with {w["agencies"]} as parties{w.If("summary", s => $": {s}")}; the day of its proposal is not known",
        StatementKey.Proposed => $"The agreement{w.If("title", t => $" {t}")} was proposed, with {w["agencies"]} as parties{w.If("summary", s => $": {s}")}",
        StatementKey.Discussed => $"{w.If("agencies", a => a)}{(w.Statement.Arguments.ContainsKey("agencies") ? "" : "The parties")} discussed the agreement: {w["summary"]}{w.If("topics", t => $"; topics: {t}")}",
        StatementKey.Signed => $"{w["agencies"]} signed the agreement{w.If("place", p => $" in {p}")}{w.If("persons", p => $"; signatory: {p}")}{Acting(w)}",
        StatementKey.Consented => $"{w["agencies"]} consented to be bound ({w["instrument"]}){w.IfOn("received", d => $"; instrument received {d}")}{w.IfFrom("effective", d => $"; with effect {d}")}{Acting(w)}",
        StatementKey.PhasePlanned => $"{w["phase"]} was planned{w.If("planned", d => $", to be completed by {d}")}",
        StatementKey.PhaseCompleted => $"{w["phase"]} was completed{w.If("results", r => $": {r}")}",
        StatementKey.Achieved => $"Achievement: {w["title"]}{w.If("summary", s => $"; {s}")}{w.If("counters", c => $"; numbers: {c}")}{w.If("beneficiaries", b => $"; beneficiaries: {b}")}",
        StatementKey.Extended => $"The term was extended {w.Until("until")}{Reason(w)}",
        StatementKey.Amended => $"The agreement was amended{w.If("summary", s => $": {s}")}{w.IfFrom("effective", d => $"; with effect {d}")}{Reason(w)}",
        StatementKey.Suspended => $"The operation of the agreement was suspended{w.IfFrom("effective", d => $" with effect {d}")}{Reason(w)}",
        StatementKey.Resumed => $"The operation of the agreement was resumed{w.IfFrom("effective", d => $" with effect {d}")}{Reason(w)}",
        StatementKey.ProvisionallyApplied => $"The parties agreed to apply the agreement provisionally{w.IfFrom("effective", d => $" {d}")}",
        StatementKey.WithdrawalNotified => $"{w["agencies"]} gave notice of withdrawal{w.IfFrom("effective", d => $" with effect {d}")}{Reason(w)}{Acting(w)}",
        StatementKey.WithdrawalRevoked => $"{w["agencies"]} revoked its notice of withdrawal{Reason(w)}{Acting(w)}",
        StatementKey.Terminated => $"The agreement was terminated{w.IfFrom("effective", d => $" with effect {d}")}{w.If("ground", g => $"; ground: {g}")}{Reason(w)}",
        StatementKey.ProposalWithdrawn => $"The proposal was withdrawn{w.IfFrom("effective", d => $" with effect {d}")}{Reason(w)}",
        StatementKey.DocumentAttached => $"The document {w["title"]} was attached ({w.Counted("bytes", "byte", "bytes")})",
        StatementKey.Corrected => $"Entry #{w["number"]}{w.If("agreement", a => $" of the agreement {a}")} was corrected: {w["member"]} was {w["was"]} and is {w["value"]}; reason: {w["reason"]}",
        StatementKey.StruckOut => $"Entry #{w["number"]}{w.If("agreement", a => $" of the agreement {a}")} was struck out; reason: {w["reason"]}",
        StatementKey.MeetingRecorded => $"The meeting {w["title"]} was held{w.If("place", p => $" in {p}")} and led to {w.Counted("count", "entry", "entries")}",
        StatementKey.MinutesApproved => $"{w["agencies"]} approved the minutes",
        StatementKey.AgencyRegistered => $"{w["agencies"]} was registered under the name {w["title"]}",
        StatementKey.AgencyRenamed => $"{w["agencies"]} took the name {w["title"]}",
        StatementKey.AgencySucceeded => $"{w["successor"]} took the place of {w["agencies"]}",
    };

    public override string Status(AgreementStatus status) => status switch
    {
        AgreementStatus.Proposed => "proposed",
        AgreementStatus.UnderDiscussion => "under discussion",
        AgreementStatus.Signed => "signed",
        AgreementStatus.PartiallyRatified => "partially ratified",
        AgreementStatus.InForce => "in force",
        AgreementStatus.Suspended => "suspended",
        AgreementStatus.Terminated => "terminated",
        AgreementStatus.Expired => "expired",
        AgreementStatus.Completed => "completed",
        AgreementStatus.Withdrawn => "withdrawn",
    };

    public override string Status(PartyStatus status) => status switch
    {
        PartyStatus.Negotiating => "negotiating",
        PartyStatus.Signatory => "signatory",
        PartyStatus.Contracting => "consent given, not yet bound",
        PartyStatus.Party => "party",
        PartyStatus.Leaving => "party, leaving",
        PartyStatus.FormerParty => "former party",
    };

    public override string Instrument(Instrument instrument) => instrument switch
    {
        Domain.Agreements.Instrument.Ratification => "ratification",
        Domain.Agreements.Instrument.Acceptance => "acceptance",
        Domain.Agreements.Instrument.Approval => "approval",
        Domain.Agreements.Instrument.Accession => "accession",
        Domain.Agreements.Instrument.Succession => "succession",
        Domain.Agreements.Instrument.DefinitiveSignature => "definitive signature",
    };

    protected override string Ground(TerminationGround ground) => ground switch
    {
        TerminationGround.Consent => "consent of the parties",
        TerminationGround.Completion => "completion",
        TerminationGround.LaterAgreement => "a later agreement",
        TerminationGround.Breach => "material breach",
        TerminationGround.Impossibility => "impossibility of performance",
        TerminationGround.ChangeOfCircumstances => "fundamental change of circumstances",
    };

    protected override string Outcome(StatementKey outcome) => outcome switch
    {
        StatementKey.EnteredRecord => "agreements entered in the record",
        StatementKey.Proposed => "proposals",
        StatementKey.Discussed => "discussions",
        StatementKey.Signed => "signatures",
        StatementKey.Consented => "consents to be bound",
        StatementKey.PhasePlanned => "phases planned",
        StatementKey.PhaseCompleted => "phases completed",
        StatementKey.Achieved => "achievements",
        StatementKey.Extended => "extensions",
        StatementKey.Amended => "amendments",
        StatementKey.Suspended => "suspensions",
        StatementKey.Resumed => "resumptions",
        StatementKey.ProvisionallyApplied => "provisional applications",
        StatementKey.WithdrawalNotified => "notices of withdrawal",
        StatementKey.WithdrawalRevoked => "notices of withdrawal revoked",
        StatementKey.Terminated => "terminations",
        StatementKey.ProposalWithdrawn => "proposals withdrawn",
        StatementKey.DocumentAttached => "documents",
        StatementKey.Corrected or StatementKey.StruckOut => "corrections",
        _ => "other entries",
    };

    protected override string ErasedOn(string day) => $"a person whose data were erased on {day}";

    internal override string? MemberNoun(string member) => member switch
    {
        "occurredOn" => "the day",
        "title" or "titles" => "the title",
        "summary" => "the summary",
        "parties" or "party" => "the party",
        "institutes" => "the institute",
        "fields" => "the field of cooperation",
        "flags" => "the flag",
        "open" => "openness to other parties",
        "phases" => "the phase",
        "entryIntoForce" => "the rule of entry into force",
        "term" => "the term",
        "topics" => "the topic",
        "place" => "the place",
        "actedBy" => "the acting agency",
        "instrument" => "the form of consent",
        "receivedOn" => "the day of receipt",
        "effectiveOn" => "the day of effect",
        "plannedEnd" => "the planned end",
        "results" => "the results",
        "counters" => "the number",
        "beneficiaries" => "the beneficiary",
        "until" => "the last day of the term",
        "reason" => "the reason",
        "ground" => "the ground of termination",
        "name" => "the name",
        "mediaType" => "the media type",
        "host" => "the host",
        "participants" => "the participant",
        "agenda" => "the agenda",
        "agency" => "the agency",
        _ => null,
    };

    public override string Word(BriefWord word) => word switch
    {
        BriefWord.Brief => "Brief",
        BriefWord.AsOf => "As of",
        BriefWord.KnownAt => "Known at",
        BriefWord.ChangesSince => "Changes",
        BriefWord.BottomLine => "Bottom line",
        BriefWord.StatusTable => "Status",
        BriefWord.Changes => "What changed",
        BriefWord.Decisions => "Decisions by agreement",
        BriefWord.Dates => "Dates",
        BriefWord.Overdue => "Overdue",
        BriefWord.Upcoming => "Upcoming",
        BriefWord.OpenPoints => "Open points",
        BriefWord.Annex => "Annex: history",
        BriefWord.Subject => "Subject",
        BriefWord.Standing => "Standing",
        BriefWord.DayColumn => "Day",
        BriefWord.Source => "Source",
        BriefWord.RecordedAt => "Recorded (UTC)",
        BriefWord.Late => "Days late",
        BriefWord.RecordedBy => "By",
        BriefWord.Entry => "Entry",
        BriefWord.CorrectedBy => "corrected by",
        BriefWord.Page => "Page",
        BriefWord.Record => "record",
        BriefWord.Undated => "undated",
        BriefWord.And => "and",
        BriefWord.Phase => "phase",
        BriefWord.Term => "Term",
        BriefWord.Meeting => "Meeting",
        BriefWord.Agreement => "Agreement",
        BriefWord.Portfolio => "Portfolio",
        BriefWord.Planned => "planned",
        BriefWord.IsOverdue => "overdue",
        BriefWord.Completed => "completed",
        BriefWord.Uncertain => "day uncertain",
        BriefWord.ErasedPerson => "a person whose name has been erased",
        BriefWord.WithheldPerson => "a person whose name is not shown",
        BriefWord.Nothing => "not given",
        BriefWord.Yes => "yes",
        BriefWord.No => "no",
    };

    private static string Reason(Wording w) => w.If("reason", reason => $"; reason: {reason}");

    private static string Acting(Wording w) => w.If("actedBy", agency => $"; {agency} acted in its place");
}
