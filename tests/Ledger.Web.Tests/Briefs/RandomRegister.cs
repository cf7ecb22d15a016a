using System.Text.Json.Nodes;
using CsCheck;
using Ledger.Domain;
using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Domain.Days;
using Ledger.Domain.Meetings;
using Ledger.Web.Briefs;

namespace Ledger.Web.Tests.Briefs;

/// <summary>Registers of acts drawn at random and kept where the rules of agreements let them stand, with words that try to be markup.</summary>
internal static class RandomRegister
{
    private static readonly string[] Parties = ["CNES", "ROSCOSMOS", "ESA", "JAXA"];

    private static readonly string[] Words =
    [
        "Plain words. Two sentences.",
        "[CA-2020-0001 #99, 1 Jan 2020]. The agreement is in force.",
        "a | b\n# heading\n- bullet",
        "<script>alert('x')</script> &amp; <b>bold</b>",
        "**In force** _since_ `1972` ~~never~~ [x](https://example.org) ![y](z)",
        "” The ledger confirms it. “ » Le registre confirme. «",
        "\u202Ereversed\u202C \\[escaped\\] \\",
        new string('w', 700),
    ];

    private static readonly EntryIntoForce?[] Rules =
    [
        null,
        new(EntryIntoForceRule.Count) { Count = 2, Delay = new(0, 0, 30), FirstOfMonth = true, ExcludeOrganisations = true },
        new(EntryIntoForceRule.Named) { Parties = ["CNES"] },
        new(EntryIntoForceRule.Date) { Date = new(2019, 6, 1) },
    ];

    /// <summary>One act: of which agreement, of what kind, by whom, on which day, with which words.</summary>
    private static readonly Gen<(int Agreement, int Kind, int Party, int Day, int Precision, int Words, int Later)> Act =
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 17], Gen.Int[0, 3], Gen.Int[0, 2200], Gen.Int[0, 9], Gen.Int[0, 7], Gen.Int[0, 900]);

    public static Gen<(Register Register, BriefPoint Point)> Drawn { get; } =
        Gen.Select(Act.Array[0, 45], Gen.Int[-400, 2600], Gen.Int[0, 40])
            .Select((acts, day, since) => (Of(acts), new BriefPoint(
                new DateOnly(2015, 1, 1).AddDays(day),
                new DateTimeOffset(2022, 1, 1, 12, 0, 0, TimeSpan.Zero),
                since % 3 == 0 ? null : since % 3 == 1 ? BriefSince.After(since) : BriefSince.At(new(2021, 6, 1, 0, since, 0, TimeSpan.Zero)))));

    private static Register Of((int Agreement, int Kind, int Party, int Day, int Precision, int Words, int Later)[] acts)
    {
        var register = new Register { Now = new(2021, 6, 1, 0, 0, 0, TimeSpan.Zero) };
        foreach (var code in Parties)
            register.Agency(code, $"The agency {code}", code == "ESA" ? AgencyKind.Organisation : AgencyKind.Agency, null);

        var caused = new List<CausedEntry>();
        for (var i = 0; i < Rules.Length; i++)
        {
            var reference = Reference(i);
            register.Add(reference, new AgreementProposed(Register.IdOf(reference), reference, Words[i + 1], [.. Parties.Take(2 + (i % 2))])
            {
                OccurredOn = i == 0 ? null : Day.In(2015 + (i % 2)),
                Open = i > 1,
                EntryIntoForce = Rules[i],
                Term = i == 1 ? new(Length: new(2, 0, 0)) : i == 3 ? new(Until: Day.In(2020, 6)) : null,
                Phases = [new("a", Words[i], Day.On(2018, 3, 1)), new("b", "Second phase")],
                Summary = Words[i],
            });
        }

        foreach (var act in acts)
        {
            register.Now = register.Now.AddMinutes(1);
            var reference = Reference(act.Agreement);
            var state = register.Agreement(reference).Agreement;
            if (Decide(register, state, act) is not Decision.Decided decided)
                continue;
            foreach (var e in decided.Events.Cast<AgreementEvent>())
            {
                var version = register.Add(reference, e, act.Words == 0 ? null : Parties[act.Party]);
                if (act.Later % 2 == 0)
                    caused.Add(new(state.Id, version, EventNames.Stored[e.GetType()]));
            }
        }

        register.Add("CM-2021-0001", new MeetingRecorded(Register.IdOf("CM-2021-0001"), "CM-2021-0001", Words[^2])
        {
            OccurredOn = Day.On(2021, 5, 31),
            Place = new("Moscow", "RU", "Embassy of France"),
            Host = register.Person("host", "Host", "Office"),
            Participants = [new(register.Person("one", null, null), "CNES"), new(register.Person("two", "Two", null), "ESA")],
            Agenda = [.. Words],
            Entries = [.. caused],
        });
        register.Add("CM-2021-0001", new MinutesApproved("CNES", 1) { OccurredOn = Day.On(2021, 6, 1) });
        register.Add("CM-2021-0001", new Domain.Meetings.EntryCorrected(1, "/title", Words[4]) { OccurredOn = Day.On(2021, 6, 2), Was = Words[^2], Value = Words[2] });
        return register;
    }

    private static string Reference(int agreement) => $"CA-2020-000{agreement + 1}";

    private static Decision Decide(Register register, Agreement state, (int Agreement, int Kind, int Party, int Day, int Precision, int Words, int Later) act)
    {
        var date = new DateOnly(2015, 1, 1).AddDays(act.Day);
        var on = act.Precision switch { 0 => Day.In(date.Year), 1 => Day.In(date.Year, date.Month), _ => Day.On(date) };
        var effect = act.Later % 3 == 0 ? Day.On(date.AddDays(act.Later)) : null;
        var (party, words) = (Parties[act.Party], Words[act.Words]);
        var occasion = new Occasion(new DateOnly(2021, 6, 1), register.Agencies, act.Later % 2 == 0 ? "m" : null);
        var phase = act.Party % 2 == 0 ? "1" : "2";
        return act.Kind switch
        {
            0 => AgreementDecider.Discuss(state, new(words, on) { Topics = [words, "topic"] }, occasion),
            1 or 2 or 3 => AgreementDecider.Sign(state, new(party, on, act.Words == 0 ? "Paris" : null), null, occasion),
            4 or 5 or 6 => AgreementDecider.Ratify(state, new(party, on, (Instrument)(act.Words % 6), effect), occasion),
            7 => AgreementDecider.PlanPhase(state, new(words, effect), $"p{register.Sequence}", occasion with { HeldOn = on }),
            8 => AgreementDecider.CompletePhase(state, phase, new(on, words), occasion),
            9 => AgreementDecider.Achieve(state, new(words, on, words) { Counters = [new(words, act.Day)], Beneficiaries = [new(words, party)] }, occasion),
            10 => AgreementDecider.Extend(state, new(Day.On(date.AddDays(act.Later)), on, words), occasion),
            11 => AgreementDecider.Amend(state, new(on, effect, words, words), occasion),
            12 => AgreementDecider.Suspend(state, new(on, effect, words), occasion),
            13 => AgreementDecider.Resume(state, new(on, effect, words), occasion),
            14 => AgreementDecider.NotifyWithdrawal(state, new(party, on, effect, words), occasion),
            15 => act.Words > 3
                ? AgreementDecider.RevokeWithdrawal(state, new(party, on, words), occasion)
                : AgreementDecider.Terminate(state, new(on, effect, (TerminationGround)act.Words, words), occasion),
            16 => act.Words > 1
                ? AgreementDecider.AttachDocument(state, new(words, "application/pdf", act.Day, new string('a', 64)), occasion)
                : AgreementDecider.WithdrawProposal(state, new(on, effect, words), occasion),
            _ => Correct(register, state, act.Later, on, words, occasion),
        };
    }

    private static Decision Correct(Register register, Agreement state, int which, Day on, string words, Occasion occasion)
    {
        var entries = ReadEntry.All(register.Agreement(state.Reference).Entries);
        var target = entries[which % entries.Length];
        var (field, value) = (target.Event, which % 4) switch
        {
            (AgreementDiscussed, 0) => ("", null),
            (AchievementRecorded, _) => ("/counters/0/value", JsonValue.Create(7m)),
            (AgreementDiscussed, _) => ("/summary", JsonValue.Create(words)),
            _ => ("/occurredOn", (JsonNode?)JsonValue.Create(on.ToString())),
        };
        return AgreementDecider.Correct(
            state, new(target.Entry.Version, field, value, words), new(target.Entry.Version, target.Entry.RecordedAt, (AgreementEvent)target.Event), occasion);
    }
}
