using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Domain.Days;
using Ledger.Domain.Persons;

namespace Ledger.Domain.Tests;

/// <summary>The names, days and ids of all tests, and short words for the acts.</summary>
internal static class Scene
{
    public const string Cnes = "CNES";
    public const string Roscosmos = "ROSCOSMOS";
    public const string Asi = "ASI";
    public const string Nasa = "NASA";

    /// <summary>An international organisation.</summary>
    public const string Esa = "ESA";

    /// <summary>Succeeded by <see cref="Roscosmos"/> on 9 March 2004.</summary>
    public const string Rka = "RKA";

    public static readonly DateOnly Today = new(2020, 2, 20);

    public static readonly AgencyDirectory Agencies = new(
    [
        Registered(Cnes, AgencyKind.Agency), Registered(Roscosmos, AgencyKind.Agency), Registered(Asi, AgencyKind.Agency), Registered(Nasa, AgencyKind.Agency),
        Registered(Esa, AgencyKind.Organisation), Registered("IMBP", AgencyKind.Institute),
        Registered(Rka, AgencyKind.Agency) with { Succession = new(Roscosmos, Day.On(2004, 3, 9)) },
    ]);

    public static readonly Occasion Outside = new(Today, Agencies);

    public static readonly Occasion InMeeting = new(Today, Agencies, "meeting-1", Day.On(2020, 2, 14));

    public static readonly Person Signatory = new("person-1", new string('a', 64), new string('b', 64));

    /// <summary>Proposed on 1 January 2019 between CNES and Roscosmos.</summary>
    public static readonly AgreementProposed Proposed = ProposedBetween(Cnes, Roscosmos);

    /// <summary>Proposed, signed and ratified by both; in force from 1 June 2019.</summary>
    public static readonly ImmutableArray<AgreementEvent> InForce =
        [Proposed, Signed(Cnes, "2019-02-01"), Signed(Roscosmos, "2019-02-01"), Ratified(Cnes, "2019-05-01"), Ratified(Roscosmos, "2019-06-01")];

    /// <summary>Proposed, signed and ratified by three; in force from 1 June 2019.</summary>
    public static readonly ImmutableArray<AgreementEvent> InForceBetweenThree =
        [ProposedBetween(Cnes, Roscosmos, Asi), Acceded(Cnes, "2019-04-01"), Acceded(Roscosmos, "2019-05-01"), Acceded(Asi, "2019-06-01")];

    public static Day D(string day) => Day.Parse(day);

    public static AgreementProposed ProposedBetween(params ImmutableArray<string> parties) =>
        new("agreement-1", "CA-2019-0001", "Cardiomed", parties) { OccurredOn = D("2019-01-01"), Organisations = [.. parties.Where(p => p == Esa)] };

    public static AgreementProposed With(EntryIntoForce rule, params ImmutableArray<string> parties) => ProposedBetween(parties) with { EntryIntoForce = rule };

    public static AgreementProposed WithPhases(params ImmutableArray<string> titles) =>
        Proposed with { Phases = [.. titles.Select((title, index) => new ProposedPhase($"phase-{index + 1}", title))] };

    // What was recorded.
    public static AgreementDiscussed Discussed(string on) => new("The plans were discussed.") { OccurredOn = D(on) };

    public static AgreementSigned Signed(string party, string on) => new(party) { OccurredOn = D(on), Organisation = party == Esa };

    public static AgreementRatified Ratified(string party, string on, string? received = null, string? effective = null, Instrument by = Instrument.Ratification) =>
        new(party, by) { OccurredOn = D(on), ReceivedOn = Maybe(received), EffectiveOn = Maybe(effective), Organisation = party == Esa };

    public static AgreementRatified Acceded(string party, string on, string? received = null, string? effective = null) =>
        Ratified(party, on, received, effective, Instrument.Accession);

    public static PhasePlanned Planned(string id, string title, string on) => new(id, title) { OccurredOn = D(on) };

    public static PhaseCompleted Completed(string id, string on) => new(id) { OccurredOn = D(on) };

    public static AchievementRecorded Achieved(string title, string on) => new(title) { OccurredOn = D(on) };

    public static AgreementExtended Extended(string until, string on) => new(D(until)) { OccurredOn = D(on) };

    public static AgreementAmended Amended(string summary, string on) => new() { Summary = summary, OccurredOn = D(on) };

    public static AgreementSuspended Suspended(string on, string? effective = null) => new() { OccurredOn = D(on), EffectiveOn = Maybe(effective) };

    public static AgreementResumed Resumed(string on, string? effective = null) => new() { OccurredOn = D(on), EffectiveOn = Maybe(effective) };

    public static WithdrawalNotified Notified(string party, string on, string? effective = null) => new(party) { OccurredOn = D(on), EffectiveOn = Maybe(effective) };

    public static WithdrawalRevoked Revoked(string party, string on) => new(party) { OccurredOn = D(on) };

    public static AgreementTerminated Terminated(string on, string? effective = null, TerminationGround? ground = null) =>
        new() { OccurredOn = D(on), EffectiveOn = Maybe(effective), Ground = ground };

    public static ProposalWithdrawn ProposalGone(string on, string? effective = null) => new() { OccurredOn = D(on), EffectiveOn = Maybe(effective) };

    public static ProvisionalApplicationBegun AppliedProvisionally(string on, string? effective = null) => new() { OccurredOn = D(on), EffectiveOn = Maybe(effective) };

    public static DocumentAttached Document(string name = "text.pdf") => new(name, "application/pdf", 1234, new string('c', 64));

    public static EntryCorrected CorrectedEntry(long number, string field, JsonNode? was, JsonNode? value) =>
        new(number, field, "It was misread.") { OccurredOn = Day.On(Today), Was = was, Value = value };

    // What is asked of the decider.
    public static Func<Agreement, Decision> Discuss(string on, Occasion? occasion = null) =>
        s => AgreementDecider.Discuss(s, new("The plans were discussed.", D(on)), occasion ?? Outside);

    public static Func<Agreement, Decision> Sign(string party, string on, Occasion? occasion = null) =>
        s => AgreementDecider.Sign(s, new(party, D(on)), null, occasion ?? Outside);

    public static Func<Agreement, Decision> Ratify(string party, string on, string? received = null, string? effective = null, Instrument by = Instrument.Ratification) =>
        s => AgreementDecider.Ratify(s, new(party, D(on), by, Maybe(received), Maybe(effective)), Outside);

    public static Func<Agreement, Decision> Accede(string party, string on, string? received = null, string? effective = null) =>
        Ratify(party, on, received, effective, Instrument.Accession);

    public static Func<Agreement, Decision> Plan(string title, string? plannedEnd = null) =>
        s => AgreementDecider.PlanPhase(s, new(title, Maybe(plannedEnd)), "phase-new", Outside);

    public static Func<Agreement, Decision> Complete(string phase, string on) => s => AgreementDecider.CompletePhase(s, phase, new(D(on)), Outside);

    public static Func<Agreement, Decision> Extend(string until, string on) => s => AgreementDecider.Extend(s, new(D(until), D(on)), Outside);

    public static Func<Agreement, Decision> Suspend(string on, string? effective = null) =>
        s => AgreementDecider.Suspend(s, new(D(on), Maybe(effective)), Outside);

    public static Func<Agreement, Decision> Resume(string on, string? effective = null) =>
        s => AgreementDecider.Resume(s, new(D(on), Maybe(effective)), Outside);

    public static Func<Agreement, Decision> Withdraw(string party, string on, string? effective = null) =>
        s => AgreementDecider.NotifyWithdrawal(s, new(party, D(on), Maybe(effective)), Outside);

    public static Func<Agreement, Decision> Revoke(string party, string on) => s => AgreementDecider.RevokeWithdrawal(s, new(party, D(on)), Outside);

    public static Func<Agreement, Decision> Terminate(string on, string? effective = null, TerminationGround? ground = null) =>
        s => AgreementDecider.Terminate(s, new(D(on), Maybe(effective), ground), Outside);

    public static Func<Agreement, Decision> WithdrawTheProposal(string on, string? effective = null) =>
        s => AgreementDecider.WithdrawProposal(s, new(D(on), Maybe(effective)), Outside);

    public static Func<Agreement, Decision> ApplyProvisionally(string on, string? effective = null) =>
        s => AgreementDecider.ApplyProvisionally(s, new(D(on), Maybe(effective)), Outside);

    public static Outcome<Agreement, AgreementEvent> WhenCorrecting(this Story<Agreement, AgreementEvent> story, long number, string field, JsonNode? value) =>
        story.WhenCorrecting(number, (s, target) => AgreementDecider.Correct(s, new(number, field, value, "It was misread."), target, Outside));

    private static Day? Maybe(string? day) => day is null ? null : D(day);

    private static Agency Registered(string code, AgencyKind kind) => new(code, 1, DateTimeOffset.UnixEpoch, [new(null, code, null, kind, null)]);
}
