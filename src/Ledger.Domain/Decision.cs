using System.Collections.Immutable;

namespace Ledger.Domain;

/// <summary>What a decider answers: record these events, refuse, or record nothing because it is already true.</summary>
public abstract record Decision
{
    private Decision()
    {
    }

    /// <summary>It is already so: nothing is recorded, and that is no error.</summary>
    public static Decision Nothing { get; } = new Decided([]);

    /// <summary>The rules say no.</summary>
    /// <param name="code">The stable code of the rule, in kebab case; it has a page under <c>docs/problems</c>.</param>
    /// <param name="sentence">What is wrong and what to do, for a person to act on.</param>
    /// <param name="field">The member of the command that is at fault, as a JSON Pointer (RFC 6901), where there is one.</param>
    public static Refused Refuse(string code, string sentence, string? field = null) => new Refused(code, sentence, field);

    /// <summary>The events to record, in this order.</summary>
    public static Decision Record(params ImmutableArray<LedgerEvent> events) => new Decided(events);

    /// <summary>The events to record; none when it is already so.</summary>
    public sealed record Decided(ImmutableArray<LedgerEvent> Events) : Decision;

    /// <summary>A refusal with its stable code, its sentence and the member at fault.</summary>
    public sealed record Refused(string Code, string Sentence, string? Field) : Decision;
}
