using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Ledger.Domain.Agreements;

namespace Ledger.Domain.Tests.Agreements;

public class RandomHistories
{
    private static readonly string[] Numbers = ["signedBy", "ratifiedBy", "withdrawnBy", "plannedBy", "completedBy", "because", "termActs", "endedBy", "suspendedBy", "provisionalBy", "by", "number"];

    public static TheoryData<bool> Both => [false, true];

    [Theory]
    [MemberData(nameof(Both))]
    public void the_order_of_recording_plays_no_part(bool odd) => Gen.Select(odd ? History.Odd : History.Some, Gen.Int[0, int.MaxValue].Array[300]).Sample(
        (history, keys) =>
        {
            var (recorded, shuffled) = (history.State, new Story<Agreement, AgreementEvent>(Agreement.Evolve, Shuffled(history.Events, keys)).State);
            foreach (var day in history.InterestingDays)
                Assert.Equal(WithoutNumbers(Standing.Of(recorded, day)), WithoutNumbers(Standing.Of(shuffled, day)));
            Assert.Equal(Flags.Of(recorded), Flags.Of(shuffled));
        },
        iter: odd ? 200 : 1_000);

    [Theory]
    [MemberData(nameof(Both))]
    public void a_walk_from_day_to_day_comes_to_the_same_status(bool odd) => (odd ? History.Odd : History.Some).Sample(
        history =>
        {
            var (state, facts) = (history.State, history.Facts.RemoveAll(f => f is EntryCorrected or History.Struck));
            foreach (var day in history.InterestingDays)
            {
                if (Standing.Of(state, day) is not { } standing)
                    continue;

                var oracle = Oracle.On(day, facts);
                Assert.Equal((day, oracle.Status), (day, standing.Status));
                Assert.Equal(oracle.Parties.OrderBy(p => p.Key, StringComparer.Ordinal), standing.Parties.Select(p => KeyValuePair.Create(p.Party, p.Status)).OrderBy(p => p.Key, StringComparer.Ordinal));
            }
        },
        iter: odd ? 200 : 1_000);

    [Fact]
    public void what_was_recorded_is_not_recorded_twice() => History.Some.Sample(
        history =>
        {
            for (var count = 2; count <= history.Events.Length; count++)
            {
                var act = history.Events[count - 1];
                if (act is AgreementRatified or AgreementExtended or AgreementSuspended or AgreementResumed or WithdrawalNotified or WithdrawalRevoked or AgreementTerminated or ProposalWithdrawn or PhaseCompleted or ProvisionalApplicationBegun)
                    Assert.IsType<Decision.Refused>(AgreementRules.Of(new Story<Agreement, AgreementEvent>(Agreement.Evolve, history.Events[..count]).State, act, History.Late));
            }
        },
        iter: 300);

    [Fact]
    public void they_reach_every_status_of_agreements_and_parties()
    {
        var statuses = new System.Collections.Concurrent.ConcurrentDictionary<string, int>();
        History.Some.Sample(
            history =>
            {
                var state = history.State;
                foreach (var standing in history.InterestingDays.Select(day => Standing.Of(state, day)).OfType<Standing>())
                {
                    statuses.AddOrUpdate(standing.Status.ToString(), 1, (_, n) => n + 1);
                    foreach (var party in standing.Parties)
                        statuses.AddOrUpdate(party.Status.ToString(), 1, (_, n) => n + 1);
                }
            },
            iter: 150);
        Assert.Empty(Enum.GetNames<AgreementStatus>().Concat(Enum.GetNames<PartyStatus>()).Except(statuses.Keys));
    }

    // The proposal stays first, and what corrects an entry stays behind it and behind its other corrections.
    private static ImmutableArray<AgreementEvent> Shuffled(ImmutableArray<AgreementEvent> events, int[] keys)
    {
        var left = Enumerable.Range(2, events.Length - 1).OrderBy(n => keys[n % keys.Length]).ThenBy(n => n).ToList();
        var order = new List<int> { 1 };
        while (left.Count > 0)
        {
            var next = left.First(n => events[n - 1] is not EntryCorrected c
                || (order.Contains((int)c.Corrects) && !left.Exists(other => other < n && events[other - 1] is EntryCorrected o && o.Corrects == c.Corrects)));
            left.Remove(next);
            order.Add(next);
        }

        return [.. order.Select(n => events[n - 1] is EntryCorrected c ? c with { Corrects = order.IndexOf((int)c.Corrects) + 1 } : events[n - 1])];
    }

    private static string WithoutNumbers(Standing? standing)
    {
        var whole = JsonSerializer.SerializeToNode(standing, LedgerJson.Options);
        if (whole?["phases"] is JsonArray phases)
            whole["phases"] = new JsonArray([.. phases.OrderBy(p => (string)p!["id"]!, StringComparer.Ordinal).Select(p => p!.DeepClone())]);
        Strip(whole);
        return whole?.ToJsonString() ?? "none";

        static void Strip(JsonNode? node)
        {
            if (node is JsonObject members)
            {
                foreach (var name in Numbers)
                {
                    if (members[name] is JsonArray acts)
                        members[name] = acts.Count;
                    else
                        members.Remove(name);
                }

                foreach (var member in members.ToList())
                    Strip(member.Value);
            }
            else if (node is JsonArray items)
            {
                foreach (var item in items)
                    Strip(item);
            }
        }
    }
}
