using System.Collections.Immutable;
using System.Globalization;
using Ledger.Domain.Agreements;
using Ledger.Domain.Days;

namespace Ledger.Web.Briefs;

/// <summary>French, with no-break spaces where its typography asks for them.</summary>
internal sealed class FrenchPhrasebook : Phrasebook
{
    public override string Language => "fr";

    protected override ImmutableArray<string> Months { get; } = ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."];

    protected override ImmutableArray<string> StandaloneMonths => Months;

    protected override (string Open, string Close, string InnerOpen, string InnerClose) Quotes => ("«\u00A0", "\u00A0»", "“", "”");

    protected override string DecimalSeparator => ",";

    // CLDR: one for 0 and 1.
    internal override string Plural(long count, params ReadOnlySpan<string> forms) => forms[count is 0 or 1 ? 0 : 1];

    private static bool IsDay(Day day) => (day.Ends?.First ?? day).Precision == DayPrecision.Day;

    private static string Article(Day day) => IsDay(day) ? "le " : "";

    protected override string DayOfMonth(int day) => day == 1 ? "1er" : day.ToString(CultureInfo.InvariantCulture);

    internal override string On(Day day) => day.Ends is { } ends ? $"entre {Article(ends.First)}{Day(ends.First)} et {Article(ends.Last)}{Day(ends.Last)}" : (IsDay(day) ? "le " : "en ") + Day(day);

    internal override string Since(Day day) => (IsDay(day) ? "depuis le " : "depuis ") + Day(day);

    internal override string From(Day day) => (IsDay(day) ? "à compter du " : "à compter de ") + Day(day);

    internal override string Until(Day day) => (IsDay(day) ? "jusqu’au " : "jusqu’en ") + Day(day);

    protected override string PlannedFor(Day day) => (IsDay(day) ? "prévu pour le " : "prévu pour ") + Day(day);

    protected override string LastDiscussed(Day day) => $"dernier échange {On(day)}";

    protected override string Colon => "\u00A0:";

    protected override string Semicolon => "\u00A0;";

    internal override string Since(BriefSince point) => point.Instant is { } instant ? $"depuis le {Instant(instant)}" : $"depuis l’inscription {point.Sequence} du registre";

    protected override string LastSigned(Day day) => $"dernière signature {On(day)}";

    protected override string LastConsent(Day day) => $"dernier consentement {On(day)}";

    protected override string AndMore(int count) => $"et {count} de plus";

    internal override string Say(Wording w) => w.Statement.Key switch
    {
        StatementKey.NotYetProposed => $"D’après le registre, {w.The("l’accord")} n’avait pas encore été proposé à cette date ({w["day"]})",
        StatementKey.IsProposed => $"{w.The("L’accord")} est à l’état de proposition\u00A0; le registre ne contient ni échange, ni signature, ni consentement à être lié",
        StatementKey.IsUnderDiscussion => $"{w.The("L’accord")} est en discussion\u00A0; le dernier échange a eu lieu {w.On("day")}",
        StatementKey.IsPartlySigned => $"{w.The("L’accord")} est en discussion\u00A0; {(w.Agencies == 1 ? "signataire" : "signataires")}\u00A0: {w["agencies"]}",
        StatementKey.IsSigned => $"{w.The("L’accord")} est signé par toutes les parties, la dernière signature ayant été apposée {w.On("day")}\u00A0; il n’est pas encore en vigueur",
        StatementKey.IsPartiallyRatified => $"{w.Counted("count", "partie", "parties")} sur {w["total"]} {w.Plural("count", "a consenti à être liée", "ont consenti à être liées")} par {w.The("l’accord")}\u00A0; il n’est pas encore en vigueur",
        StatementKey.WillEnterIntoForce => $"Les conditions d’entrée en vigueur sont réunies\u00A0; {w.The("l’accord")} est en vigueur {w.From("day")}",
        StatementKey.IsInForce => $"{w.The("L’accord")} est en vigueur {w.Since("day")}",
        StatementKey.IsSuspended => $"{w.The("L’accord")} est en vigueur {w.Since("day")}\u00A0; son application est suspendue {w.Since("from")}",
        StatementKey.IsAppliedProvisionally => $"{w.The("L’accord")} est appliqué à titre provisoire {w.Since("day")}, en attendant son entrée en vigueur",
        StatementKey.IsTerminated => $"Il a été mis fin à {w.The("l’accord")} {w.From("day")}",
        StatementKey.IsEndedByWithdrawal => $"{w.The("L’accord")} a pris fin {w.On("day")}, un retrait ayant laissé trop peu de parties",
        StatementKey.IsExpired => $"{w.The("L’accord")} est arrivé à échéance {w.On("day")}",
        StatementKey.IsCompleted => $"Toutes les phases prévues sont achevées\u00A0; {w.The("l’accord")} a pris fin {w.On("day")}",
        StatementKey.IsWithdrawn => $"La proposition portant sur {w.The("l’accord")} a été retirée {w.On("day")}",
        StatementKey.LatestAchievement => $"La réalisation la plus récente au registre ({w["day"]}) est la suivante\u00A0: {w["title"]}",
        StatementKey.TermEnds => $"{w.The("L’accord")} arrive à échéance {w.On("day")}",
        StatementKey.PhaseDue => $"{w.If("agreement", a => $"Dans l’accord {a}, ")}{w["phase"]}\u00A0: achèvement prévu {w.On("day")}",
        StatementKey.PhaseOverdue => $"{w.If("agreement", a => $"Dans l’accord {a}, ")}{w["phase"]}\u00A0: achèvement prévu {w.On("day")}, soit {w.Counted("count", "jour", "jours")} avant la date de la présente note\u00A0; aucun achèvement n’est inscrit",
        StatementKey.EntersIntoForce => $"{w.The("L’accord")} entre en vigueur {w.On("day")}",
        StatementKey.PartyBoundFrom => $"{w.The("L’accord")} lie {w["agencies"]} {w.From("day")}",
        StatementKey.PartyLeaves => $"Retrait de {w.The("l’accord")}, avec effet {w.On("day")}\u00A0: {w["agencies"]}",
        StatementKey.AgreementEnds => $"{w.The("L’accord")} prend fin {w.On("day")}",
        StatementKey.ProposalWithdrawalTakesEffect => $"Le retrait de la proposition portant sur {w.The("l’accord")} prend effet {w.On("day")}",
        StatementKey.ProvisionalApplicationTakesEffect => $"L’application provisoire de {w.The("l’accord")} commence {w.On("day")}",
        StatementKey.SuspensionTakesEffect => $"La suspension de {w.The("l’accord")} prend effet {w.On("day")}",
        StatementKey.ResumptionTakesEffect => $"La reprise de l’application de {w.The("l’accord")} prend effet {w.On("day")}",
        StatementKey.AmendmentTakesEffect => $"Un amendement à {w.The("l’accord")} prend effet {w.On("day")}",
        StatementKey.NoDateAhead => "Aucune échéance n’est à venir",
        StatementKey.NothingOverdue => "Rien n’est en retard",
        StatementKey.NoDates => "Rien n’est en retard et aucune échéance n’est à venir",
        StatementKey.PhasesOverdue => $"{w.Counted("count", "phase a", "phases ont")} dépassé la fin prévue\u00A0; la plus ancienne était prévue {w.On("day")}",
        StatementKey.PhasesWithoutEnd => $"{w.Counted("count", "phase", "phases")} de {w.The("l’accord")} {w.Plural("count", "reste ouverte", "restent ouvertes")} sans fin prévue",
        StatementKey.AwaitsSignatures => $"{(w.Agencies == 1 ? "Signature attendue" : "Signatures attendues")} pour {w.The("l’accord")}\u00A0: {w["agencies"]}",
        StatementKey.AwaitsConsent => $"{(w.Agencies == 1 ? "Consentement à être lié attendu" : "Consentements à être lié attendus")} pour {w.The("l’accord")}\u00A0: {w["agencies"]}",
        StatementKey.AwaitsConsents => $"{w.Counted("count", "consentement supplémentaire est nécessaire", "consentements supplémentaires sont nécessaires")} à l’entrée en vigueur de {w.The("l’accord")}",
        StatementKey.NoSignature => $"Aucune signature de {w.The("l’accord")} n’est inscrite au registre",
        StatementKey.OnlyProposed => $"{w.Counted("count", "accord est proposé", "accords sont proposés")}, sans échange ni signature au registre\u00A0: {w["references"]}",
        StatementKey.OnlyDiscussed => $"{w.Counted("count", "accord a fait", "accords ont fait")} l’objet d’échanges, sans signature au registre\u00A0: {w["references"]}",
        StatementKey.AwaitedIn => $"Une signature ou un consentement est attendu pour {w.Counted("count", "accord", "accords")}\u00A0: {w["references"]}",
        StatementKey.NothingAwaited => "Aucun accord signé n’attend d’autre signature ou consentement",
        StatementKey.StandingUncertain => $"L’état de {w.The("l’accord")} à cette date dépend de jours qui ne sont pas connus exactement, ou pas du tout",
        StatementKey.ProposalUndated => $"Le jour où {w.The("l’accord")} a été proposé n’est pas connu",
        StatementKey.ProposalsUndated => $"Le jour de la proposition n’est pas connu pour {w.Counted("count", "accord", "accords")}\u00A0: {w["references"]}",
        StatementKey.NothingOpen => "Aucun point ouvert n’est inscrit au registre",
        StatementKey.AgenciesAre => $"Agences\u00A0: {w["agencies"]}",
        StatementKey.PartiesAre => $"Parties\u00A0: {w["agencies"]}",
        StatementKey.InstitutesAre => $"Instituts chargés de l’exécution\u00A0: {w["agencies"]}",
        StatementKey.SummaryIs => $"Objet, selon la proposition\u00A0: {w["summary"]}",
        StatementKey.HostWas => $"Hôte\u00A0: {w["persons"]}",
        StatementKey.ParticipantsWere => $"Participants\u00A0: {w["persons"]}",
        StatementKey.AgendaWas => $"Ordre du jour\u00A0: {w["topics"]}",
        StatementKey.MeetingHeld => $"Une réunion s’est tenue {w.On("day")}{w.If("place", p => $" à {p}")}{w.If("agencies", a => $" entre {a}")}",
        StatementKey.MeetingOutcomes => $"La réunion a donné lieu à {w.Counted("count", "inscription", "inscriptions")} portant sur {w.Counted("agreements", "accord", "accords")}\u00A0: {w["tally"]}",
        StatementKey.MeetingWithoutOutcomes => "Aucun résultat de la réunion n’est inscrit au registre",
        StatementKey.MinutesApprovedByAll => $"Le compte rendu est approuvé par {w["agencies"]}, en dernier lieu {w.On("day")}",
        StatementKey.MinutesAwaitApproval => $"L’approbation du compte rendu par {w["agencies"]} est attendue",
        StatementKey.MinutesChangedSinceApproval => $"Le compte rendu a été corrigé après son approbation par {w["agencies"]}",
        StatementKey.MinutesWithoutApprovers => "Aucune agence n’est nommée qui puisse approuver le compte rendu",
        StatementKey.PortfolioHolds => $"{w["agencies"]} {(w.Agencies == 1 ? "figure" : "figurent ensemble")} dans {w.Counted("count", "accord", "accords")}\u00A0: {w["tally"]}",
        StatementKey.PortfolioEmpty => $"Le registre ne contient aucun accord pour {w["agencies"]}",
        StatementKey.StatusChanged => $"L’état a changé\u00A0: «\u00A0{w["from"]}\u00A0» est devenu «\u00A0{w["to"]}\u00A0»",
        StatementKey.NothingChanged => "Rien n’a été inscrit après ce point",
        StatementKey.MoreInAnnex => $"{w.Counted("count", "phrase de plus n’est pas reprise", "phrases de plus ne sont pas reprises")} ici\u00A0; l’annexe donne toutes les inscriptions",
        StatementKey.MoreInAgreements => $"{w.Counted("count", "ligne de plus n’est pas reprise", "lignes de plus ne sont pas reprises")} ici\u00A0; la note sur chaque accord les donne",
        StatementKey.MoreInState => $"{w.Counted("count", "ligne de plus n’est pas reprise", "lignes de plus ne sont pas reprises")} ici\u00A0; l’état de l’accord dans le registre les donne",
        StatementKey.MoreInHistory => $"{w.Counted("count", "inscription antérieure n’est pas reprise", "inscriptions antérieures ne sont pas reprises")} ici\u00A0; l’historique de chaque accord dans le registre les donne",
        StatementKey.LaterEntriesLeftOut => $"{w.Counted("count", "inscription portant", "inscriptions portant")} sur des jours postérieurs ({w["day"]}) {w.Plural("count", "n’est pas reprise", "ne sont pas reprises")}",

        StatementKey.EnteredRecord => $"L’accord{w.If("title", t => $" {t}")} a été porté au registre, avec pour parties {w["agencies"]}{w.If("summary", s => $"\u00A0: {s}")}\u00A0; le jour de sa proposition n’est pas connu",
        StatementKey.Proposed => $"L’accord{w.If("title", t => $" {t}")} a été proposé, avec pour parties {w["agencies"]}{w.If("summary", s => $"\u00A0: {s}")}",
        StatementKey.Discussed => $"{w.If("agencies", a => a)}{(w.Statement.Arguments.ContainsKey("agencies") ? "" : "Les parties")} ont discuté de l’accord\u00A0: {w["summary"]}{w.If("topics", t => $"\u00A0; thèmes\u00A0: {t}")}",
        StatementKey.Signed => $"{w["agencies"]} a signé l’accord{w.If("place", p => $" à {p}")}{w.If("persons", p => $"\u00A0; signataire\u00A0: {p}")}{Acting(w)}",
        StatementKey.Consented => $"{w["agencies"]} a exprimé son consentement à être lié ({w["instrument"]}){w.IfOn("received", d => $"\u00A0; instrument reçu {d}")}{w.IfFrom("effective", d => $"\u00A0; avec effet {d}")}{Acting(w)}",
        StatementKey.PhasePlanned => $"{w["phase"]} a été prévue{w.IfOn("planned", d => $", achèvement prévu {d}")}",
        StatementKey.PhaseCompleted => $"{w["phase"]} a été achevée{w.If("results", r => $"\u00A0: {r}")}",
        StatementKey.Achieved => $"Réalisation\u00A0: {w["title"]}{w.If("summary", s => $"\u00A0; {s}")}{w.If("counters", c => $"\u00A0; chiffres\u00A0: {c}")}{w.If("beneficiaries", b => $"\u00A0; bénéficiaires\u00A0: {b}")}",
        StatementKey.Extended => $"L’accord a été prorogé {w.Until("until")}{Reason(w)}",
        StatementKey.Amended => $"L’accord a été amendé{w.If("summary", s => $"\u00A0: {s}")}{w.IfFrom("effective", d => $"\u00A0; avec effet {d}")}{Reason(w)}",
        StatementKey.Suspended => $"L’application de l’accord a été suspendue{w.IfFrom("effective", d => $" {d}")}{Reason(w)}",
        StatementKey.Resumed => $"L’application de l’accord a repris{w.IfFrom("effective", d => $" {d}")}{Reason(w)}",
        StatementKey.ProvisionallyApplied => $"Les parties sont convenues d’appliquer l’accord à titre provisoire{w.IfFrom("effective", d => $" {d}")}",
        StatementKey.WithdrawalNotified => $"{w["agencies"]} a notifié son retrait{w.IfFrom("effective", d => $" {d}")}{Reason(w)}{Acting(w)}",
        StatementKey.WithdrawalRevoked => $"{w["agencies"]} a révoqué sa notification de retrait{Reason(w)}{Acting(w)}",
        StatementKey.Terminated => $"Il a été mis fin à l’accord{w.IfFrom("effective", d => $" {d}")}{w.If("ground", g => $"\u00A0; fondement\u00A0: {g}")}{Reason(w)}",
        StatementKey.ProposalWithdrawn => $"La proposition a été retirée{w.IfFrom("effective", d => $" {d}")}{Reason(w)}",
        StatementKey.DocumentAttached => $"Le document {w["title"]} a été joint ({w.Counted("bytes", "octet", "octets")})",
        StatementKey.Corrected => $"L’inscription #{w["number"]}{w.If("agreement", a => $" de l’accord {a}")} a été corrigée\u00A0: {w["member"]}, {w["value"]} au lieu de {w["was"]}\u00A0; motif\u00A0: {w["reason"]}",
        StatementKey.StruckOut => $"L’inscription #{w["number"]}{w.If("agreement", a => $" de l’accord {a}")} a été annulée\u00A0; motif\u00A0: {w["reason"]}",
        StatementKey.MeetingRecorded => $"La réunion {w["title"]} s’est tenue{w.If("place", p => $" à {p}")} et a donné lieu à {w.Counted("count", "inscription", "inscriptions")}",
        StatementKey.MinutesApproved => $"{w["agencies"]} a approuvé le compte rendu",
        StatementKey.AgencyRegistered => $"Enregistrement de l’agence {w["agencies"]} sous le nom {w["title"]}",
        StatementKey.AgencyRenamed => $"{w["agencies"]} a pris le nom {w["title"]}",
        StatementKey.AgencySucceeded => $"{w["successor"]} a pris la place de l’agence {w["agencies"]}",
    };

    public override string Status(AgreementStatus status) => status switch
    {
        AgreementStatus.Proposed => "proposé",
        AgreementStatus.UnderDiscussion => "en discussion",
        AgreementStatus.Signed => "signé",
        AgreementStatus.PartiallyRatified => "ratifié en partie",
        AgreementStatus.InForce => "en vigueur",
        AgreementStatus.Suspended => "suspendu",
        AgreementStatus.Terminated => "éteint",
        AgreementStatus.Expired => "échu",
        AgreementStatus.Completed => "achevé",
        AgreementStatus.Withdrawn => "retiré",
    };

    public override string Status(PartyStatus status) => status switch
    {
        PartyStatus.Negotiating => "en négociation",
        PartyStatus.Signatory => "signataire",
        PartyStatus.Contracting => "consentement donné, pas encore liée",
        PartyStatus.Party => "partie",
        PartyStatus.Leaving => "partie, en retrait",
        PartyStatus.FormerParty => "ancienne partie",
    };

    public override string Instrument(Instrument instrument) => instrument switch
    {
        Domain.Agreements.Instrument.Ratification => "ratification",
        Domain.Agreements.Instrument.Acceptance => "acceptation",
        Domain.Agreements.Instrument.Approval => "approbation",
        Domain.Agreements.Instrument.Accession => "adhésion",
        Domain.Agreements.Instrument.Succession => "succession",
        Domain.Agreements.Instrument.DefinitiveSignature => "signature définitive",
    };

    protected override string Ground(TerminationGround ground) => ground switch
    {
        TerminationGround.Consent => "consentement des parties",
        TerminationGround.Completion => "achèvement",
        TerminationGround.LaterAgreement => "accord postérieur",
        TerminationGround.Breach => "violation substantielle",
        TerminationGround.Impossibility => "impossibilité d’exécution",
        TerminationGround.ChangeOfCircumstances => "changement fondamental de circonstances",
    };

    protected override string Outcome(StatementKey outcome) => outcome switch
    {
        StatementKey.EnteredRecord => "accords portés au registre",
        StatementKey.Proposed => "propositions",
        StatementKey.Discussed => "échanges",
        StatementKey.Signed => "signatures",
        StatementKey.Consented => "consentements à être lié",
        StatementKey.PhasePlanned => "phases prévues",
        StatementKey.PhaseCompleted => "phases achevées",
        StatementKey.Achieved => "réalisations",
        StatementKey.Extended => "prorogations",
        StatementKey.Amended => "amendements",
        StatementKey.Suspended => "suspensions",
        StatementKey.Resumed => "reprises",
        StatementKey.WithdrawalNotified => "notifications de retrait",
        StatementKey.WithdrawalRevoked => "notifications de retrait révoquées",
        StatementKey.Terminated => "extinctions",
        StatementKey.ProvisionallyApplied => "applications provisoires",
        StatementKey.ProposalWithdrawn => "propositions retirées",
        StatementKey.DocumentAttached => "documents",
        StatementKey.Corrected or StatementKey.StruckOut => "corrections",
        _ => "autres inscriptions",
    };

    protected override string ErasedOn(string day) => $"une personne dont les données ont été effacées le {day}";

    internal override string? MemberNoun(string member) => member switch
    {
        "occurredOn" => "le jour",
        "title" or "titles" => "le titre",
        "summary" => "le résumé",
        "parties" or "party" => "la partie",
        "institutes" => "l’institut",
        "fields" => "le domaine de coopération",
        "open" => "l’ouverture à d’autres parties",
        "phases" => "la phase",
        "entryIntoForce" => "la règle d’entrée en vigueur",
        "term" => "la durée",
        "topics" => "le thème",
        "place" => "le lieu",
        "actedBy" => "l’agence agissante",
        "instrument" => "la forme du consentement",
        "receivedOn" => "le jour de réception",
        "effectiveOn" => "le jour d’effet",
        "flags" => "la réserve sur la source",
        "plannedEnd" => "la fin prévue",
        "results" => "les résultats",
        "counters" => "le chiffre",
        "beneficiaries" => "le bénéficiaire",
        "until" => "l’échéance",
        "reason" => "le motif",
        "ground" => "le fondement de l’extinction",
        "name" => "le nom",
        "mediaType" => "le type de média",
        "host" => "l’hôte",
        "participants" => "le participant",
        "agenda" => "l’ordre du jour",
        "agency" => "l’agence",
        _ => null,
    };

    public override string Word(BriefWord word) => word switch
    {
        BriefWord.Brief => "Note",
        BriefWord.AsOf => "État au",
        BriefWord.KnownAt => "Connu au",
        BriefWord.ChangesSince => "Changements",
        BriefWord.BottomLine => "L’essentiel",
        BriefWord.StatusTable => "État",
        BriefWord.Changes => "Ce qui a changé",
        BriefWord.Decisions => "Décisions par accord",
        BriefWord.Dates => "Échéances",
        BriefWord.Overdue => "En retard",
        BriefWord.Upcoming => "À venir",
        BriefWord.OpenPoints => "Points ouverts",
        BriefWord.Annex => "Annexe\u00A0: historique",
        BriefWord.Subject => "Objet",
        BriefWord.Standing => "État",
        BriefWord.DayColumn => "Jour",
        BriefWord.Source => "Source",
        BriefWord.RecordedAt => "Inscrit (UTC)",
        BriefWord.Late => "Retard (jours)",
        BriefWord.RecordedBy => "Par",
        BriefWord.Entry => "Inscription",
        BriefWord.CorrectedBy => "corrigée par",
        BriefWord.Page => "Page",
        BriefWord.Record => "registre",
        BriefWord.Undated => "sans date",
        BriefWord.And => "et",
        BriefWord.Phase => "phase",
        BriefWord.Term => "Durée",
        BriefWord.Meeting => "Réunion",
        BriefWord.Agreement => "Accord",
        BriefWord.Portfolio => "Portefeuille",
        BriefWord.Planned => "prévue",
        BriefWord.IsOverdue => "en retard",
        BriefWord.Completed => "achevée",
        BriefWord.Uncertain => "jour incertain",
        BriefWord.ErasedPerson => "une personne dont le nom a été effacé",
        BriefWord.WithheldPerson => "une personne dont le nom n’est pas montré",
        BriefWord.Nothing => "non indiqué",
        BriefWord.Yes => "oui",
        BriefWord.No => "non",
    };

    private static string Reason(Wording w) => w.If("reason", reason => $"\u00A0; motif\u00A0: {reason}");

    private static string Acting(Wording w) => w.If("actedBy", agency => $"\u00A0; {agency} a agi à sa place");
}
