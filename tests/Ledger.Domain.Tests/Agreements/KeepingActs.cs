using System.Text.Json;
using Ledger.Domain.Agreements;
using static Ledger.Domain.Tests.Scene;
using static Ledger.Domain.Tests.Story;

namespace Ledger.Domain.Tests.Agreements;

public class KeepingActs
{
    private static readonly Act First = new(1, Proposed);

    [Fact]
    public void a_list_never_changes_whatever_is_added_to_it()
    {
        ActList one = [First];
        var two = one.Add(Talk(2));
        var other = one.Add(Talk(3));
        Assert.Equal([First], one);
        Assert.Equal([First, Talk(2)], two);
        Assert.Equal([First, Talk(3)], other);
        Assert.Equal([First, Talk(2), Talk(4)], two.Add(Talk(4)));
        Assert.Equal([First, Talk(3), Talk(5)], other.Add(Talk(5)));
        Assert.Equal([First, Talk(2)], two);
    }

    [Fact]
    public void two_that_add_at_the_same_time_both_have_what_they_added()
    {
        for (var round = 0; round < 200; round++)
        {
            var start = Enumerable.Range(2, round % 9).Aggregate(ActList.Create([First]), (acts, n) => acts.Add(Talk(n)));
            var grown = new ActList[4];
            Parallel.For(0, 4, worker => grown[worker] = Enumerable.Range(0, 20).Aggregate(start, (acts, n) => acts.Add(Talk((1000 * (worker + 1)) + n))));
            for (var worker = 0; worker < 4; worker++)
                Assert.Equal([.. start.Select(act => act.Number), .. Enumerable.Range(1000 * (worker + 1), 20).Select(n => (long)n)], grown[worker].Select(act => act.Number));
        }
    }

    [Fact]
    public void lists_of_the_same_acts_are_equal()
    {
        var (one, other) = (ActList.Create([First]).Add(Talk(2)), ActList.Create([First, Talk(2), Talk(3)]).Remove(3));
        Assert.True(one.Equals(other) && one.GetHashCode() == other.GetHashCode());
        Assert.False(one.Equals(other.Add(Talk(3))) || one.Equals(null));
        Assert.Equal(Given(InForce).State, Given(InForce).State with { Acts = ActList.Create([.. Given(InForce).State.Acts]) });
    }

    [Fact]
    public void an_act_is_found_replaced_and_removed_by_its_number()
    {
        ActList acts = [First, Talk(3), Talk(7)];
        Assert.Equal(Talk(7), acts.Find(7));
        Assert.Null(acts.Find(4));
        Assert.Equal([First, new(3, Signed(Cnes, "2019-02-01")), Talk(7)], acts.Replace(new(3, Signed(Cnes, "2019-02-01"))));
        Assert.Equal([First, Talk(7)], acts.Remove(3));
        Assert.Same(acts, acts.Remove(4));
        Assert.Same(acts, acts.Replace(Talk(4)));
        Assert.Equal([First, Talk(3), Talk(7)], acts);
    }

    [Fact]
    public void in_json_they_are_an_array()
    {
        ActList acts = [First, Talk(3)];
        var text = JsonSerializer.Serialize(acts, LedgerJson.Options);
        Assert.Equal(JsonSerializer.Serialize(new[] { First, Talk(3) }, LedgerJson.Options), text);
        Assert.Equal(text, JsonSerializer.Serialize(JsonSerializer.Deserialize<ActList>(text, LedgerJson.Options), LedgerJson.Options));
    }

    private static Act Talk(long number) => new(number, Discussed("2019-02-01"));
}
