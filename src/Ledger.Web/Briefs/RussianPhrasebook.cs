using System.Collections.Immutable;
using Ledger.Domain.Agreements;
using Ledger.Domain.Days;

namespace Ledger.Web.Briefs;

/// <summary>Russian. Codes and titles are never inflected, so every phrase is built to leave them as they are.</summary>
internal sealed class RussianPhrasebook : Phrasebook
{
    public override string Language => "ru";

    protected override ImmutableArray<string> Months { get; } = ["янв.", "февр.", "мар.", "апр.", "мая", "июн.", "июл.", "авг.", "сент.", "окт.", "нояб.", "дек."];

    protected override ImmutableArray<string> StandaloneMonths { get; } = ["янв.", "февр.", "март", "апр.", "май", "июнь", "июль", "авг.", "сент.", "окт.", "нояб.", "дек."];

    protected override (string Open, string Close, string InnerOpen, string InnerClose) Quotes => ("«", "»", "„", "“");

    protected override string DecimalSeparator => ",";

    // CLDR: one, few and many; the form "other" belongs to fractions, which are not counted.
    internal override string Plural(long count, params ReadOnlySpan<string> forms)
    {
        var (tens, units) = (Math.Abs(count) % 100, Math.Abs(count) % 10);
        return units == 1 && tens != 11 ? forms[0]
            : units is >= 2 and <= 4 && tens is not (>= 12 and <= 14) ? forms[1]
            : forms[2];
    }

    internal override string On(Day day) => day.Ends is { } ends ? $"между {Day(ends.First)} и {Day(ends.Last)}" : Day(day);

    internal override string Since(Day day) => $"с {Day(day)}";

    internal override string From(Day day) => $"с {Day(day)}";

    internal override string Until(Day day) => $"по {Day(day)} включительно";

    protected override string PlannedFor(Day day) => $"план: {Day(day)}";

    protected override string LastDiscussed(Day day) => $"обсуждение: {Day(day)}";

    internal override string Since(BriefSince point) => point.Instant is { } instant ? $"с {Instant(instant)}" : $"после записи {point.Sequence} реестра";

    protected override string LastSigned(Day day) => $"подпись: {Day(day)}";

    protected override string LastConsent(Day day) => $"согласие: {Day(day)}";

    protected override string AndMore(int count) => $"и ещё {count}";

    internal override string Say(Wording w) => w.Statement.Key switch
    {
        StatementKey.NotYetProposed => $"По данным реестра, на эту дату ({w["day"]}) {w.The("соглашение")} ещё не было предложено",
        StatementKey.IsProposed => $"{w.The("Соглашение")} предложено; обсуждений, подписей и согласия на обязательность в реестре нет",
        StatementKey.IsUnderDiscussion => $"{w.The("Соглашение")} находится на обсуждении; последнее обсуждение – {w["day"]}",
        StatementKey.IsPartlySigned => $"{w.The("Соглашение")} находится на обсуждении; подписи: {w["agencies"]}",
        StatementKey.IsSigned => $"{w.The("Соглашение")} подписано всеми сторонами, последняя подпись – {w["day"]}; в силу ещё не вступило",
        StatementKey.IsPartiallyRatified => $"Согласие на обязательность дали {w["count"]} из {w["total"]} сторон; {w.The("соглашение")} в силу ещё не вступило",
        StatementKey.WillEnterIntoForce => $"Условия вступления в силу выполнены; {w.The("соглашение")} действует {w.From("day")}",
        StatementKey.IsInForce => $"{w.The("Соглашение")} в силе {w.Since("day")}",
        StatementKey.IsSuspended => $"{w.The("Соглашение")} в силе {w.Since("day")}; действие приостановлено {w.Since("from")}",
        StatementKey.IsAppliedProvisionally => $"{w.The("Соглашение")} временно применяется {w.Since("day")} до вступления в силу",
        StatementKey.IsTerminated => $"{w.The("Соглашение")} прекращено {w.Since("day")}",
        StatementKey.IsEndedByWithdrawal => $"{w.The("Соглашение")} прекратилось {w.On("day")}: после выхода осталось слишком мало сторон",
        StatementKey.IsExpired => $"Срок истёк {w.On("day")}{Apart(w)}",
        StatementKey.IsCompleted => $"Все запланированные этапы завершены; {w.The("соглашение")} окончено {w.On("day")}",
        StatementKey.IsWithdrawn => $"Предложение отозвано {w.Since("day")}{Apart(w)}",
        StatementKey.LatestAchievement => $"Последнее достижение в реестре ({w["day"]}): {w["title"]}",
        StatementKey.TermEnds => $"Срок истекает {w.On("day")}{Apart(w)}",
        StatementKey.PhaseDue => $"{w.If("agreement", a => $"Соглашение {a}: ")}{w["phase"]} – плановое завершение {w["day"]}",
        StatementKey.PhaseOverdue => $"{w.If("agreement", a => $"Соглашение {a}: ")}{w["phase"]} – плановое завершение {w["day"]}, за {w.Counted("count", "день", "дня", "дней")} до даты этой справки; записи о завершении нет",
        StatementKey.EntersIntoForce => $"{w.The("Соглашение")} вступает в силу {w.On("day")}",
        StatementKey.PartyBoundFrom => $"{w.The("Соглашение")} обязательно для {w["agencies"]} {w.From("day")}",
        StatementKey.PartyLeaves => $"Выход {w["agencies"]} вступает в силу {w.On("day")}{Apart(w)}",
        StatementKey.AgreementEnds => $"{w.The("Соглашение")} прекращается {w.On("day")}",
        StatementKey.ProposalWithdrawalTakesEffect => $"Отзыв предложения вступает в силу {w.On("day")}{Apart(w)}",
        StatementKey.ProvisionalApplicationTakesEffect => $"Временное применение начинается {w.On("day")}{Apart(w)}",
        StatementKey.SuspensionTakesEffect => $"Приостановление вступает в силу {w.On("day")}{Apart(w)}",
        StatementKey.ResumptionTakesEffect => $"Возобновление вступает в силу {w.On("day")}{Apart(w)}",
        StatementKey.AmendmentTakesEffect => $"Изменение вступает в силу {w.On("day")}{Apart(w)}",
        StatementKey.NoDateAhead => "Предстоящих сроков нет",
        StatementKey.NothingOverdue => "Просроченного нет",
        StatementKey.NoDates => "Ни просроченных, ни предстоящих сроков нет",
        StatementKey.PhasesOverdue => $"{w.Counted("count", "этап не завершён", "этапа не завершены", "этапов не завершены")} в плановый срок; самый ранний срок – {w["day"]}",
        StatementKey.PhasesWithoutEnd => $"{w.Counted("count", "открытый этап", "открытых этапа", "открытых этапов")} без планового срока{Apart(w)}",
        StatementKey.AwaitsSignatures => $"{(w.Agencies == 1 ? "Ожидается подпись" : "Ожидаются подписи")} {w["agencies"]}{Apart(w)}",
        StatementKey.AwaitsConsent => $"Ожидается согласие на обязательность от {w["agencies"]}{Apart(w)}",
        StatementKey.AwaitsConsents => $"Для вступления в силу {w.Plural("count", "требуется", "требуются", "требуется")} ещё {w.Counted("count", "согласие", "согласия", "согласий")}{Apart(w)}",
        StatementKey.NoSignature => $"Подписей в реестре нет{Apart(w)}",
        StatementKey.OnlyProposed => $"{w.Counted("count", "соглашение предложено", "соглашения предложены", "соглашений предложены")}, обсуждений и подписей в реестре нет: {w["references"]}",
        StatementKey.OnlyDiscussed => $"{w.Counted("count", "соглашение обсуждалось", "соглашения обсуждались", "соглашений обсуждались")}, подписей в реестре нет: {w["references"]}",
        StatementKey.AwaitedIn => $"Подпись или согласие на обязательность {w.Plural("count", "ожидается", "ожидаются", "ожидаются")} по {w.Counted("count", "соглашению", "соглашениям", "соглашениям")}: {w["references"]}",
        StatementKey.NothingAwaited => "Ни одно подписанное соглашение не ожидает других подписей или согласий",
        StatementKey.StandingUncertain => $"Состояние на эту дату зависит от дней, известных неточно либо неизвестных{Apart(w)}",
        StatementKey.ProposalUndated => $"День предложения неизвестен{Apart(w)}",
        StatementKey.ProposalsUndated => $"День предложения неизвестен для {w.Counted("count", "соглашения", "соглашений", "соглашений")}: {w["references"]}",
        StatementKey.NothingOpen => "Открытых вопросов в реестре нет",
        StatementKey.AgenciesAre => $"Агентства: {w["agencies"]}",
        StatementKey.PartiesAre => $"Стороны: {w["agencies"]}",
        StatementKey.InstitutesAre => $"Институты-исполнители: {w["agencies"]}",
        StatementKey.SummaryIs => $"Предмет, согласно предложению: {w["summary"]}",
        StatementKey.HostWas => $"Принимающая сторона: {w["persons"]}",
        StatementKey.ParticipantsWere => $"Участники: {w["persons"]}",
        StatementKey.AgendaWas => $"Повестка дня: {w["topics"]}",
        StatementKey.MeetingHeld => $"Встреча{w.If("agencies", a => $" {a}")} состоялась {w.On("day")}{w.If("place", p => $"; место: {p}")}",
        StatementKey.MeetingOutcomes => $"По итогам встречи: {w.Counted("count", "запись", "записи", "записей")} по {w.Counted("agreements", "соглашению", "соглашениям", "соглашениям")}; {w["tally"]}",
        StatementKey.MeetingWithoutOutcomes => "Итогов встречи в реестре нет",
        StatementKey.MinutesApprovedByAll => $"Протокол утверждён, последнее утверждение – {w["day"]}: {w["agencies"]}",
        StatementKey.MinutesAwaitApproval => $"Ожидается утверждение протокола: {w["agencies"]}",
        StatementKey.MinutesChangedSinceApproval => $"Протокол исправлен после его утверждения: {w["agencies"]}",
        StatementKey.MinutesWithoutApprovers => "Не названо ни одного агентства, которое могло бы утвердить протокол",
        StatementKey.PortfolioHolds => $"{(w.Agencies == 1 ? "Соглашения, где назван участник" : "Соглашения, где вместе названы")} {w["agencies"]}, – {w["count"]}: {w["tally"]}",
        StatementKey.PortfolioEmpty => $"Соглашений {w["agencies"]} в реестре нет",
        StatementKey.StatusChanged => $"Состояние изменилось: было «{w["from"]}», стало «{w["to"]}»",
        StatementKey.NothingChanged => "После этого момента записей нет",
        StatementKey.MoreInAnnex => $"Здесь {w.Plural("count", "опущено", "опущены", "опущено")} ещё {w.Counted("count", "предложение", "предложения", "предложений")}; все записи приведены в приложении",
        StatementKey.MoreInAgreements => $"Здесь {w.Plural("count", "опущена", "опущены", "опущено")} ещё {w.Counted("count", "строка", "строки", "строк")}; они приведены в справке по каждому соглашению",
        StatementKey.MoreInState => $"Здесь {w.Plural("count", "опущена", "опущены", "опущено")} ещё {w.Counted("count", "строка", "строки", "строк")}; они приведены в реестре, в состоянии соглашения",
        StatementKey.MoreInHistory => $"Здесь {w.Plural("count", "опущена", "опущены", "опущено")} {w.Counted("count", "более ранняя запись", "более ранние записи", "более ранних записей")}; они приведены в реестре, в истории каждого соглашения",
        StatementKey.LaterEntriesLeftOut => $"{w.Plural("count", "Опущена", "Опущены", "Опущено")} {w.Counted("count", "запись", "записи", "записей")} о более поздних днях (после {w["day"]})",

        StatementKey.EnteredRecord => $"Соглашение{w.If("title", t => $" {t}")} внесено в реестр; стороны: {w["agencies"]}{w.If("summary", s => $"; предмет: {s}")}; день предложения неизвестен",
        StatementKey.Proposed => $"Предложено соглашение{w.If("title", t => $" {t}")}; стороны: {w["agencies"]}{w.If("summary", s => $"; предмет: {s}")}",
        StatementKey.Discussed => $"{w.If("agencies", a => a)}{(w.Statement.Arguments.ContainsKey("agencies") ? "" : "Стороны")} обсудили соглашение: {w["summary"]}{w.If("topics", t => $"; темы: {t}")}",
        StatementKey.Signed => $"Соглашение подписано от имени {w["agencies"]}{w.If("place", p => $"; место: {p}")}{w.If("persons", p => $"; подписавшее лицо: {p}")}{Acting(w)}",
        StatementKey.Consented => $"Согласие на обязательность ({w["instrument"]}) выражено от имени {w["agencies"]}{w.If("received", d => $"; документ получен {d}")}{w.IfFrom("effective", d => $"; действует {d}")}{Acting(w)}",
        StatementKey.PhasePlanned => $"Запланировано: {w["phase"]}{w.If("planned", d => $"; плановое завершение {d}")}",
        StatementKey.PhaseCompleted => $"Завершено: {w["phase"]}{w.If("results", r => $"; итоги: {r}")}",
        StatementKey.Achieved => $"Достижение: {w["title"]}{w.If("summary", s => $"; {s}")}{w.If("counters", c => $"; числа: {c}")}{w.If("beneficiaries", b => $"; получатели: {b}")}",
        StatementKey.Extended => $"Срок продлён {w.Until("until")}{Reason(w)}",
        StatementKey.Amended => $"В соглашение внесены изменения{w.If("summary", s => $": {s}")}{w.IfFrom("effective", d => $"; действуют {d}")}{Reason(w)}",
        StatementKey.Suspended => $"Действие соглашения приостановлено{w.IfFrom("effective", d => $" {d}")}{Reason(w)}",
        StatementKey.Resumed => $"Действие соглашения возобновлено{w.IfFrom("effective", d => $" {d}")}{Reason(w)}",
        StatementKey.ProvisionallyApplied => $"Стороны договорились временно применять соглашение{w.IfFrom("effective", d => $" {d}")}",
        StatementKey.WithdrawalNotified => $"От имени {w["agencies"]} направлено уведомление о выходе{w.IfFrom("effective", d => $"; выход {d}")}{Reason(w)}{Acting(w)}",
        StatementKey.WithdrawalRevoked => $"От имени {w["agencies"]} отозвано уведомление о выходе{Reason(w)}{Acting(w)}",
        StatementKey.Terminated => $"Соглашение прекращено{w.IfFrom("effective", d => $" {d}")}{w.If("ground", g => $"; основание: {g}")}{Reason(w)}",
        StatementKey.ProposalWithdrawn => $"Предложение отозвано{w.IfFrom("effective", d => $" {d}")}{Reason(w)}",
        StatementKey.DocumentAttached => $"Приложен документ {w["title"]} ({w.Counted("bytes", "байт", "байта", "байт")})",
        StatementKey.Corrected => $"Запись #{w["number"]}{w.If("agreement", a => $" (соглашение {a})")} исправлена: {w["member"]} – было {w["was"]}, стало {w["value"]}; причина: {w["reason"]}",
        StatementKey.StruckOut => $"Запись #{w["number"]}{w.If("agreement", a => $" (соглашение {a})")} аннулирована; причина: {w["reason"]}",
        StatementKey.MeetingRecorded => $"Состоялась встреча {w["title"]}{w.If("place", p => $"; место: {p}")}; по её итогам {w.Counted("count", "запись", "записи", "записей")}",
        StatementKey.MinutesApproved => $"Протокол утверждён от имени {w["agencies"]}",
        StatementKey.AgencyRegistered => $"Агентство {w["agencies"]} внесено в реестр под названием {w["title"]}",
        StatementKey.AgencyRenamed => $"Новое название агентства {w["agencies"]}: {w["title"]}",
        StatementKey.AgencySucceeded => $"Место агентства {w["agencies"]} заняло агентство {w["successor"]}",
    };

    public override string Status(AgreementStatus status) => status switch
    {
        AgreementStatus.Proposed => "предложено",
        AgreementStatus.UnderDiscussion => "на обсуждении",
        AgreementStatus.Signed => "подписано",
        AgreementStatus.PartiallyRatified => "частично ратифицировано",
        AgreementStatus.InForce => "в силе",
        AgreementStatus.Suspended => "приостановлено",
        AgreementStatus.Terminated => "прекращено",
        AgreementStatus.Expired => "срок истёк",
        AgreementStatus.Completed => "завершено",
        AgreementStatus.Withdrawn => "отозвано",
    };

    public override string Status(PartyStatus status) => status switch
    {
        PartyStatus.Negotiating => "участвует в переговорах",
        PartyStatus.Signatory => "подписавшая сторона",
        PartyStatus.Contracting => "согласие дано, ещё не связана",
        PartyStatus.Party => "участник",
        PartyStatus.Leaving => "участник, выходит",
        PartyStatus.FormerParty => "бывший участник",
    };

    public override string Instrument(Instrument instrument) => instrument switch
    {
        Domain.Agreements.Instrument.Ratification => "ратификация",
        Domain.Agreements.Instrument.Acceptance => "принятие",
        Domain.Agreements.Instrument.Approval => "утверждение",
        Domain.Agreements.Instrument.Accession => "присоединение",
        Domain.Agreements.Instrument.Succession => "правопреемство",
        Domain.Agreements.Instrument.DefinitiveSignature => "окончательное подписание",
    };

    protected override string Ground(TerminationGround ground) => ground switch
    {
        TerminationGround.Consent => "согласие сторон",
        TerminationGround.Completion => "выполнение",
        TerminationGround.LaterAgreement => "последующее соглашение",
        TerminationGround.Breach => "существенное нарушение",
        TerminationGround.Impossibility => "невозможность выполнения",
        TerminationGround.ChangeOfCircumstances => "коренное изменение обстоятельств",
    };

    protected override string Outcome(StatementKey outcome) => outcome switch
    {
        StatementKey.EnteredRecord => "внесённые в реестр соглашения",
        StatementKey.Proposed => "предложения",
        StatementKey.Discussed => "обсуждения",
        StatementKey.Signed => "подписи",
        StatementKey.Consented => "согласия на обязательность",
        StatementKey.PhasePlanned => "запланированные этапы",
        StatementKey.PhaseCompleted => "завершённые этапы",
        StatementKey.Achieved => "достижения",
        StatementKey.Extended => "продления",
        StatementKey.Amended => "изменения",
        StatementKey.Suspended => "приостановления",
        StatementKey.Resumed => "возобновления",
        StatementKey.WithdrawalNotified => "уведомления о выходе",
        StatementKey.WithdrawalRevoked => "отозванные уведомления о выходе",
        StatementKey.Terminated => "прекращения",
        StatementKey.ProvisionallyApplied => "временные применения",
        StatementKey.ProposalWithdrawn => "отозванные предложения",
        StatementKey.DocumentAttached => "документы",
        StatementKey.Corrected or StatementKey.StruckOut => "исправления",
        _ => "прочие записи",
    };

    protected override string ErasedOn(string day) => $"лицо, чьи данные удалены {day}";

    internal override string? MemberNoun(string member) => member switch
    {
        "occurredOn" => "день",
        "title" or "titles" => "название",
        "summary" => "изложение",
        "parties" or "party" => "сторона",
        "institutes" => "институт",
        "fields" => "область сотрудничества",
        "open" => "открытость для других сторон",
        "phases" => "этап",
        "entryIntoForce" => "правило вступления в силу",
        "term" => "срок",
        "topics" => "тема",
        "place" => "место",
        "actedBy" => "действующее агентство",
        "instrument" => "форма согласия",
        "receivedOn" => "день получения",
        "effectiveOn" => "день вступления в действие",
        "flags" => "оговорка об источнике",
        "plannedEnd" => "плановое завершение",
        "results" => "итоги",
        "counters" => "число",
        "beneficiaries" => "получатель",
        "until" => "последний день срока",
        "reason" => "причина",
        "ground" => "основание прекращения",
        "name" => "имя",
        "mediaType" => "тип данных",
        "host" => "принимающая сторона",
        "participants" => "участник",
        "agenda" => "повестка дня",
        "agency" => "агентство",
        _ => null,
    };

    public override string Word(BriefWord word) => word switch
    {
        BriefWord.Brief => "Справка",
        BriefWord.AsOf => "По состоянию на",
        BriefWord.KnownAt => "По данным на",
        BriefWord.ChangesSince => "Изменения",
        BriefWord.BottomLine => "Главное",
        BriefWord.StatusTable => "Состояние",
        BriefWord.Changes => "Что изменилось",
        BriefWord.Decisions => "Решения по соглашениям",
        BriefWord.Dates => "Сроки",
        BriefWord.Overdue => "Просрочено",
        BriefWord.Upcoming => "Предстоит",
        BriefWord.OpenPoints => "Открытые вопросы",
        BriefWord.Annex => "Приложение: история",
        BriefWord.Subject => "Предмет",
        BriefWord.Standing => "Состояние",
        BriefWord.DayColumn => "День",
        BriefWord.Source => "Источник",
        BriefWord.RecordedAt => "Записано (UTC)",
        BriefWord.Late => "Позже, дней",
        BriefWord.RecordedBy => "Кем",
        BriefWord.Entry => "Запись",
        BriefWord.CorrectedBy => "исправлено записью",
        BriefWord.Page => "Страница",
        BriefWord.Record => "реестр",
        BriefWord.Undated => "без даты",
        BriefWord.And => "и",
        BriefWord.Phase => "этап",
        BriefWord.Term => "Срок",
        BriefWord.Meeting => "Встреча",
        BriefWord.Agreement => "Соглашение",
        BriefWord.Portfolio => "Портфель",
        BriefWord.Planned => "запланирован",
        BriefWord.IsOverdue => "просрочен",
        BriefWord.Completed => "завершён",
        BriefWord.Uncertain => "день не определён",
        BriefWord.ErasedPerson => "лицо, имя которого удалено",
        BriefWord.WithheldPerson => "лицо, имя которого не показывается",
        BriefWord.Nothing => "не указано",
        BriefWord.Yes => "да",
        BriefWord.No => "нет",
    };

    // A code or a title that follows its noun is not inflected; where the context names the agreement nothing follows.
    private static string Apart(Wording w) => w.If("agreement", agreement => $": соглашение {agreement}");

    private static string Reason(Wording w) => w.If("reason", reason => $"; причина: {reason}");

    private static string Acting(Wording w) => w.If("actedBy", agency => $"; за неё действовало агентство {agency}");
}
