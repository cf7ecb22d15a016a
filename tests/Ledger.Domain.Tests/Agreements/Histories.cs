using System.Collections.Immutable;
using System.Text.Json.Nodes;
using CsCheck;
using Ledger.Domain.Agreements;
using Ledger.Domain.Days;
using static Ledger.Domain.Tests.Scene;

namespace Ledger.Domain.Tests.Agreements;

/// <summary>A history that the deciders admitted, act by act, and what it comes to with every correction applied.</summary>
/// <param name="Events">What was recorded, in that order.</param>
/// <param name="Facts">The acts that stand, as corrected, worked out without the domain's own correction.</param>
/// <param name="Occasion">The occasion on which all was recorded.</param>
internal sealed record History(ImmutableArray<AgreementEvent> Events, ImmutableArray<AgreementEvent> Facts, Occasion Occasion)
{
    internal static readonly Occasion Late = new(new DateOnly(2021, 12, 31), Scene.Agencies);
    private static readonly string[] All = [Cnes, Roscosmos, Asi, Esa, Nasa];

    /// <summary>Random histories. CsCheck prints the seed of one that fails; CsCheck_Seed in the environment repeats it.</summary>
    public static Gen<History> Some { get; } = Gen.Byte.Array[30, 150].Select(tape => Of(tape, Late));

    /// <summary>Random histories brought over from an older record, in which days stand in any order.</summary>
    public static Gen<History> Odd { get; } = Gen.Byte.Array[30, 150].Select(tape => Of(tape, Late with { IsHistorical = true }));

    public Agreement State { get; } = new Story<Agreement, AgreementEvent>(Agreement.Evolve, Events).State;

    /// <summary>Each day named by an act, the ends of delays and terms that may follow from it, and the days beside them.</summary>
    public IEnumerable<DateOnly> InterestingDays
    {
        get
        {
            var proposal = (AgreementProposed)Events[0];
            var named = Facts.SelectMany(DaysOf).SelectMany(d => new[] { d.Earliest, d.Latest }).ToHashSet();
            if (proposal.EntryIntoForce is { } rule)
                named.UnionWith(named.Select(rule.EffectAfter).ToList());
            if (proposal.EntryIntoForce?.Date is { } date)
                named.Add(date);
            if (proposal.Term?.Length is { } length)
                named.UnionWith(named.Select(length.After).ToList());

            // About eight of them in each history, others in the next, so that a run stays short.
            var days = named.SelectMany(d => new[] { d.AddDays(-1), d, d.AddDays(1) }).Distinct().Order().ToList();
            var step = Math.Max(1, days.Count / 8);
            return days.Where((_, index) => (index + Events.Length) % step == 0);
        }
    }

    public override string ToString() => Story.Json(Events);

    public static History Of(byte[] tape, Occasion occasion)
    {
        var draw = new Tape(tape, occasion.IsHistorical);
        var parties = All.Take(draw.Next(2, 5)).ToImmutableArray();
        var proposed = ProposedBetween(parties) with
        {
            OccurredOn = draw.OneIn(8) ? null : draw.OneIn(6) ? D("2020") : draw.OneIn(6) ? D("2020-01") : D("2020-01-01"),
            Open = draw.OneIn(3),
            EntryIntoForce = draw.Rule(parties),
            Term = draw.Next(0, 4) switch { 0 => new(Until: draw.Day()), 1 => new(Length: draw.Length()), _ => null },
            Phases = draw.OneIn(2) ? [new("phase-1", "First")] : [],
        };
        var history = new History([proposed], [proposed], occasion);

        // Most parties sign and consent early on, or little would ever enter into force.
        foreach (var party in parties)
        {
            if (!draw.OneIn(6))
                history = history.With(AgreementDecider.Sign(history.State, new(party, draw.Day(0, 12)), null, occasion));
            if (!draw.OneIn(6))
                history = history.With(AgreementDecider.Ratify(history.State, draw.Consent(party, draw.Day(2, 20)), occasion));
        }

        while (!draw.IsOver)
            history = history.Next(draw);
        return history;
    }

    private History Next(Tape draw)
    {
        var (s, on) = (State, draw.Day());
        var party = draw.Of(All);
        return draw.Next(0, 20) switch
        {
            0 => With(AgreementDecider.Discuss(s, new("Talks.", on), Occasion)),
            1 or 2 => With(AgreementDecider.Sign(s, new(party, on), null, Occasion)),
            3 or 4 or 5 => With(AgreementDecider.Ratify(s, draw.Consent(party, on), Occasion)),
            6 or 7 => With(AgreementDecider.NotifyWithdrawal(s, new(party, on, draw.Effect()), Occasion)),
            8 => With(AgreementDecider.RevokeWithdrawal(s, new(party, on), Occasion)),
            9 => With(AgreementDecider.Extend(s, new(draw.Day(20, 90), on), Occasion)),
            10 or 11 => With(AgreementDecider.Suspend(s, new(on, draw.Effect()), Occasion)),
            12 or 13 => With(AgreementDecider.Resume(s, new(on, draw.Effect()), Occasion)),
            14 => With(draw.OneIn(4) ? AgreementDecider.Terminate(s, new(on, draw.Effect(), draw.OneIn(2) ? TerminationGround.Completion : null), Occasion) : Decision.Nothing),
            15 => With(draw.OneIn(4) ? AgreementDecider.WithdrawProposal(s, new(on, draw.Effect()), Occasion) : Decision.Nothing),
            16 => With(AgreementDecider.PlanPhase(s, new($"Phase {draw.Next(2, 4)}"), $"phase-{Events.Length}", Occasion with { HeldOn = on })),
            17 => With(AgreementDecider.CompletePhase(s, $"{draw.Next(1, 3)}", new(on), Occasion)),
            19 => With(AgreementDecider.ApplyProvisionally(s, new(on, draw.Effect()), Occasion)),
            18 => With(AgreementDecider.Achieve(s, new($"Launch {draw.Next(1, 9)}", on), Occasion)),
            _ => Correct(draw, on),
        };
    }

    private History Correct(Tape draw, Day on)
    {
        var number = draw.Next(1, Events.Length);
        if (Events[number - 1] is EntryCorrected)
            return this;

        var (field, value) = draw.Next(0, 3) switch
        {
            0 when number > 1 => ("", null),
            1 => ("/effectiveOn", draw.Effect()?.ToString()),
            2 => ("/until", draw.Day(20, 90).ToString()),
            _ => ("/occurredOn", (JsonNode?)on.ToString()),
        };
        var target = new Story<Agreement, AgreementEvent>(Agreement.Evolve, Events).AsReadersSee(number);
        var after = With(AgreementDecider.Correct(State, new(number, field, value, "Misread."), target, Occasion));
        if (after.Events.Length == Events.Length)
            return this;

        var day = value is null ? null : Day.Parse((string)value!);
        AgreementEvent corrected = (field, Facts[number - 1]) switch
        {
            ("", _) => new Struck(),
            ("/occurredOn", var e) => e with { OccurredOn = day },
            ("/until", AgreementExtended e) => e with { Until = day! },
            (_, AgreementRatified e) => e with { EffectiveOn = day },
            (_, AgreementSuspended e) => e with { EffectiveOn = day },
            (_, AgreementResumed e) => e with { EffectiveOn = day },
            (_, WithdrawalNotified e) => e with { EffectiveOn = day },
            (_, AgreementTerminated e) => e with { EffectiveOn = day },
            (_, ProposalWithdrawn e) => e with { EffectiveOn = day },
            (_, ProvisionalApplicationBegun e) => e with { EffectiveOn = day },
            var (_, e) => throw new InvalidOperationException($"{field} of {e} was corrected."),
        };
        return after with { Facts = after.Facts.SetItem(number - 1, corrected) };
    }

    private History With(Decision decision) => decision is Decision.Decided { Events: [AgreementEvent e] } ? new(Events.Add(e), Facts.Add(e), Occasion) : this;

    private static IEnumerable<Day> DaysOf(AgreementEvent e) => new[]
    {
        e is EntryCorrected or Struck ? null : e.OccurredOn,
        (e as AgreementRatified)?.ReceivedOn,
        (e as AgreementExtended)?.Until,
        (e as AgreementProposed)?.Term?.Until,
        Effect(e),
    }.OfType<Day>();

    private static Day? Effect(AgreementEvent e) => e switch
    {
        AgreementRatified x => x.EffectiveOn,
        AgreementSuspended x => x.EffectiveOn,
        AgreementResumed x => x.EffectiveOn,
        WithdrawalNotified x => x.EffectiveOn,
        AgreementTerminated x => x.EffectiveOn,
        ProposalWithdrawn x => x.EffectiveOn,
        ProvisionalApplicationBegun x => x.EffectiveOn,
        _ => null,
    };

    /// <summary>The place of an entry that was struck out.</summary>
    internal sealed record Struck : AgreementEvent;

    /// <summary>Choices read off bytes, so that a failing history can be shrunk and repeated.</summary>
    private sealed class Tape(byte[] bytes, bool isHistorical)
    {
        private int _at;

        public bool IsOver => _at >= bytes.Length;

        public int Next(int least, int most) => least + (bytes[_at++ % bytes.Length] % (most - least + 1));

        public bool OneIn(int n) => Next(1, n) == 1;

        public T Of<T>(IReadOnlyList<T> items) => items[Next(0, items.Count - 1)];

        // Days a week apart meet each other often; some are known to the month or the year only.
        public Day Day(int least = 0, int most = 60)
        {
            var day = new DateOnly(2020, 1, 1).AddDays(7 * Next(least, most));
            return Next(0, 19) switch
            {
                3 when isHistorical => Ledger.Domain.Days.Day.On(day).Uncertain(),
                4 when isHistorical => Ledger.Domain.Days.Day.Between(Ledger.Domain.Days.Day.On(day.AddDays(-20)), Ledger.Domain.Days.Day.On(day)),
                0 => Ledger.Domain.Days.Day.In(day.Year),
                1 or 2 => Ledger.Domain.Days.Day.In(day.Year, day.Month),
                _ => Ledger.Domain.Days.Day.On(day),
            };
        }

        public Day? Effect() => OneIn(2) ? Day(0, 90) : null;

        public Period Length() => Period.Parse(Of(["P30D", "P3M", "P10M", "P1Y", "P1M"]));

        public RatifyAgreement Consent(string party, Day on) => new(
            party,
            on,
            Of([Instrument.Accession, Instrument.Accession, Instrument.Ratification]),
            ReceivedOn: OneIn(4) ? Day() : null,
            EffectiveOn: OneIn(5) ? Day(0, 90) : null);

        public EntryIntoForce? Rule(ImmutableArray<string> parties)
        {
            var rule = Next(0, 5) switch
            {
                0 => null,
                1 => new EntryIntoForce(EntryIntoForceRule.AllParties),
                2 or 3 => new EntryIntoForce(EntryIntoForceRule.Count) { Count = Next(1, 3) },
                4 => new EntryIntoForce(EntryIntoForceRule.Named) { Parties = [.. parties.Take(Next(1, 2))] },
                _ => new EntryIntoForce(EntryIntoForceRule.Date) { Date = new DateOnly(2020, 1, 1).AddDays(7 * Next(0, 40)) },
            };
            return rule is null ? null : rule with { Delay = OneIn(2) ? Length() : null, FirstOfMonth = OneIn(4), ExcludeOrganisations = OneIn(3) };
        }
    }
}
