using System.Collections.Concurrent;
using Ledger.Web.Access;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ledger.Web.Tests.Access;

/// <summary>Keeps what is written in the security log, until it is no longer wanted.</summary>
internal sealed class WrittenDown : ILoggerProvider, ILogger
{
    private bool _isEnded;

    public ConcurrentQueue<Entry> Entries { get; } = [];

    public ILogger CreateLogger(string categoryName) => categoryName == SecurityLog.Category ? this : NullLogger.Instance;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => !_isEnded;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!_isEnded)
            Entries.Enqueue(new(eventId.Id, formatter(state, exception), [.. (IEnumerable<KeyValuePair<string, object?>>)(object)state!]));
    }

    public void Dispose() => _isEnded = true;

    internal sealed record Entry(int Id, string Text, IReadOnlyList<KeyValuePair<string, object?>> Members)
    {
        public string? this[string member] => Members.FirstOrDefault(m => m.Key == member).Value as string;
    }
}
