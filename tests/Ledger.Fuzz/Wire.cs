using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ledger.Fuzz;

/// <summary>
/// A connection over which any bytes can be sent: what a well-mannered client would refuse to send is what is wanted here.
/// It is kept as long as the server keeps it.
/// </summary>
internal sealed class Wire(Uri address) : IDisposable
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private Socket? _socket;
    private int _start;
    private int _end;

    /// <summary>The host as requests name it.</summary>
    public string Host { get; } = address.Authority;

    /// <summary>Sends a request and reads its answer.</summary>
    /// <returns>The answer; null where the server closed the connection without one.</returns>
    /// <exception cref="TimeoutException">None came in time.</exception>
    /// <exception cref="InvalidDataException">What came is no HTTP.</exception>
    public Reply? Send(byte[] request, bool isHead, TimeSpan limit, bool alone = false)
    {
        // What breaks the rules may leave half of itself behind, for which nobody after it should pay.
        if (alone)
            Close();
        var reply = Send(request, isHead, limit);
        if (alone)
            Close();
        return reply;
    }

    private Reply? Send(byte[] request, bool isHead, TimeSpan limit)
    {
        var isFresh = _socket is null;
        var clock = Stopwatch.StartNew();
        var reply = Try(request, isHead, limit, clock);

        // A kept connection may have been closed at the other end meanwhile: nothing of the request was taken then.
        if (reply is null && !isFresh)
        {
            clock.Restart();
            reply = Try(request, isHead, limit, clock);
        }

        return reply;
    }

    /// <summary>Sends the beginning of a request, or all of it, and is gone before the answer.</summary>
    public void SendAndLeave(ReadOnlySpan<byte> part)
    {
        Close();
        try
        {
            using var socket = Connected();
            socket.Send(part);
        }
        catch (SocketException)
        {
            // It was refused before all of it was sent.
        }
    }

    public void Dispose() => Close();

    private Reply? Try(byte[] request, bool isHead, TimeSpan limit, Stopwatch clock)
    {
        try
        {
            _socket ??= Connected();
            _socket.ReceiveTimeout = _socket.SendTimeout = (int)limit.TotalMilliseconds;
            (_start, _end) = (0, 0);
            SendAll(request);
            var reply = Read(isHead, clock);
            if (reply is null || reply.Headers.GetValueOrDefault("Connection", "").Contains("close", StringComparison.OrdinalIgnoreCase))
                Close();
            return reply;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
        {
            Close();
            throw new TimeoutException($"No answer within {limit.TotalSeconds} s.", e);
        }
        catch (SocketException)
        {
            Close();
            return null;
        }
    }

    // A server that refuses a body may answer before it has taken all of it.
    private void SendAll(byte[] request)
    {
        try
        {
            _socket!.Send(request);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
        {
            // What it said before is still to be read.
        }
    }

    private Socket Connected()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, address.Port);
        return socket;
    }

    private void Close()
    {
        _socket?.Dispose();
        _socket = null;
    }

    private Reply? Read(bool isHead, Stopwatch clock)
    {
        while (true)
        {
            if (Line() is not { } status)
                return null;
            var parts = status.Split(' ', 3);
            if (parts.Length < 2 || !parts[0].StartsWith("HTTP/1.", StringComparison.Ordinal) || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var code))
                throw new InvalidDataException($"This is no answer of HTTP: {status}");

            var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            for (var line = Line(); line is { Length: > 0 }; line = Line())
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                if (colon < 1)
                    throw new InvalidDataException($"This is no header: {line}");
                var (name, value) = (line[..colon], line[(colon + 1)..].Trim());
                headers[name] = headers.TryGetValue(name, out var before) ? $"{before}, {value}" : value;
            }

            // What comes before the answer proper.
            if (code is >= 100 and < 200)
                continue;

            var body = isHead || code is 204 or 304 ? [] : Body(headers);
            return body is null ? null : new Reply(code, body, clock.Elapsed) { Headers = headers };
        }
    }

    private byte[]? Body(Dictionary<string, string> headers)
    {
        using var body = new MemoryStream();
        if (headers.GetValueOrDefault("Transfer-Encoding") == "chunked")
        {
            while (true)
            {
                if (Line() is not { } size)
                    return null;
                if (!int.TryParse(size.Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var length))
                    throw new InvalidDataException($"This is no length of a piece: {size}");
                if (!Take(length, body) || Line() is null)
                    return null;
                if (length == 0)
                    return body.ToArray();
            }
        }

        if (headers.TryGetValue("Content-Length", out var given))
        {
            if (!int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var length))
                throw new InvalidDataException($"This is no length of a body: {given}");
            return Take(length, body) ? body.ToArray() : null;
        }

        do
            body.Write(_buffer, _start, _end - _start);
        while (Fill());
        Close();
        return body.ToArray();
    }

    private bool Take(int length, MemoryStream into)
    {
        while (length > 0)
        {
            if (_start == _end && !Fill())
                return false;
            var taken = Math.Min(length, _end - _start);
            into.Write(_buffer, _start, taken);
            _start += taken;
            length -= taken;
        }

        return true;
    }

    private string? Line()
    {
        var line = new StringBuilder();
        while (true)
        {
            if (_start == _end && !Fill())
                return null;
            var newline = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            var until = newline < 0 ? _end : _start + newline;
            line.Append(Encoding.Latin1.GetString(_buffer, _start, until - _start));
            _start = newline < 0 ? until : until + 1;
            if (newline >= 0)
                return line.ToString().TrimEnd('\r');
        }
    }

    private bool Fill()
    {
        _start = 0;
        _end = _socket!.Receive(_buffer);
        return _end > 0;
    }
}
