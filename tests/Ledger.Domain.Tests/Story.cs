using System.Collections.Immutable;
using System.Text.Json;
using Ledger.Domain.Agencies;
using Ledger.Domain.Agreements;
using Ledger.Domain.Meetings;

namespace Ledger.Domain.Tests;

/// <summary>Given these entries, when this is asked of the decider, then that is decided.</summary>
internal static class Story
{
    public static Story<Agreement, AgreementEvent> Given(params ImmutableArray<AgreementEvent> events) => new(Agreement.Evolve, events);

    public static Story<Meeting, MeetingEvent> Given(params ImmutableArray<MeetingEvent> events) => new(Meeting.Evolve, events);

    public static Story<Agency, AgencyEvent> Given(params ImmutableArray<AgencyEvent> events) => new(Agency.Evolve, events);

    /// <summary>Refusals by a decider that needs no history.</summary>
    public static void ThenRefused(this Decision decision, string code) => Assert.Equal(code, Assert.IsType<Decision.Refused>(decision).Code);

    public static string Json<TEvent>(IEnumerable<TEvent> events) =>
        string.Join('\n', events.Select(e => JsonSerializer.Serialize(e, LedgerJson.Options)));
}

/// <summary>The entries of one stream and what they fold to.</summary>
internal sealed class Story<TState, TEvent>(Func<TState?, Entry<TEvent>, TState> evolve, ImmutableArray<TEvent> events)
    where TState : class
    where TEvent : LedgerEvent
{
    // All is recorded in the week before the day that the scene calls today.
    private static readonly DateTimeOffset FirstRecording = new(2020, 2, 13, 9, 0, 0, TimeSpan.Zero);

    public TState State { get; } = events
        .Select((e, index) => new Entry<TEvent>(index + 1, FirstRecording.AddMinutes(index), e))
        .Aggregate((TState?)null, evolve)!;

    public ImmutableArray<TEvent> Events => events;

    public Story<TState, TEvent> And(params IEnumerable<TEvent> more) => new(evolve, [.. events, .. more]);

    public Outcome<TState, TEvent> When(Func<TState, Decision> act) => new(this, story => act(story.State));

    /// <summary>Correcting is given the entry whole and as readers see it.</summary>
    public Outcome<TState, TEvent> WhenCorrecting(long number, Func<TState, Entry<TEvent>, Decision> correct) =>
        new(this, story => correct(story.State, story.AsReadersSee(number)));

    public Entry<TEvent> AsReadersSee(long number)
    {
        var seen = events[(int)number - 1];
        foreach (var e in events)
        {
            var (corrects, field, value) = e switch
            {
                Ledger.Domain.Agreements.EntryCorrected c => (c.Corrects, c.Field, c.Value),
                Ledger.Domain.Meetings.EntryCorrected c => (c.Corrects, c.Field, c.Value),
                _ => (0L, "", null),
            };
            if (corrects == number && field.Length > 0)
                seen = Correction.Apply(seen, field, value);
        }

        return new(number, FirstRecording.AddMinutes(number - 1), seen);
    }
}

/// <summary>What was decided.</summary>
internal sealed class Outcome<TState, TEvent>(Story<TState, TEvent> story, Func<Story<TState, TEvent>, Decision> decide)
    where TState : class
    where TEvent : LedgerEvent
{
    /// <summary>These events are recorded, and asking once more records nothing further.</summary>
    public Story<TState, TEvent> Then(params ImmutableArray<TEvent> expected)
    {
        var after = Recorded(expected);
        var again = decide(after);
        Assert.True(again is Decision.Refused or Decision.Decided { Events.IsEmpty: true }, $"Asked once more, it recorded {again}.");
        return after;
    }

    /// <summary>These events are recorded, each time anew: two discussions on one day are two discussions.</summary>
    public Story<TState, TEvent> ThenEachTime(params ImmutableArray<TEvent> expected)
    {
        var after = Recorded(expected);
        return new Outcome<TState, TEvent>(after, decide).Recorded(expected);
    }

    public void ThenRefused(string code) => decide(story).ThenRefused(code);

    public void ThenRefused(string code, string field)
    {
        var refused = Assert.IsType<Decision.Refused>(decide(story));
        Assert.Equal((code, field), (refused.Code, refused.Field));
    }

    public void ThenNothing() => Assert.Empty(Assert.IsType<Decision.Decided>(decide(story)).Events);

    private Story<TState, TEvent> Recorded(ImmutableArray<TEvent> expected)
    {
        var decision = decide(story);
        Assert.False(decision is Decision.Refused, $"It was refused: {decision}");

        // Compared as text: records that hold arrays compare by reference.
        var recorded = ((Decision.Decided)decision).Events.Cast<TEvent>().ToList();
        Assert.Equal(Story.Json(expected), Story.Json(recorded));
        return story.And(recorded);
    }
}

/// <summary>What is so on a day.</summary>
internal static class StandingOnADay
{
    public static Standing On(this Story<Agreement, AgreementEvent> story, string day) =>
        Standing.Of(story.State, DateOnly.ParseExact(day, "yyyy-MM-dd", null)) ?? throw new InvalidOperationException($"There was no agreement on {day}.");

    public static Story<Agreement, AgreementEvent> Is(this Story<Agreement, AgreementEvent> story, AgreementStatus status, params string[] on)
    {
        foreach (var day in on)
            Assert.Equal((day, status, true), (day, story.On(day).Status, story.On(day).Certain));
        return story;
    }

    public static Story<Agreement, AgreementEvent> IsPerhaps(this Story<Agreement, AgreementEvent> story, AgreementStatus status, params string[] on)
    {
        foreach (var day in on)
            Assert.Equal((day, status, false), (day, story.On(day).Status, story.On(day).Certain));
        return story;
    }

    public static PartyStanding PartyOn(this Story<Agreement, AgreementEvent> story, string party, string day) =>
        story.On(day).Parties.Single(p => p.Party == party);

    public static Story<Agreement, AgreementEvent> PartyIs(this Story<Agreement, AgreementEvent> story, string party, PartyStatus status, params string[] on)
    {
        foreach (var day in on)
            Assert.Equal((day, status), (day, story.PartyOn(party, day).Status));
        return story;
    }
}
