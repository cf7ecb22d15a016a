using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Ledger.Benchmarks;

/// <summary>What a load brought about.</summary>
/// <param name="PerSecond">Answers a second.</param>
/// <param name="Answers">Answers as expected.</param>
/// <param name="Refused">Answers other than the one expected.</param>
internal sealed record LoadResult(double PerSecond, long Answers, long Refused);

/// <summary>
/// Clients that send requests over HTTP/1.1, each on a connection of its own and each waiting for its answer, as lean as can be: what they
/// cost is taken from the same two cores as the service.
/// </summary>
internal static class Load
{
    /// <summary>Lets clients send for a while.</summary>
    /// <param name="address">Where the service listens.</param>
    /// <param name="clients">How many clients.</param>
    /// <param name="time">For how long.</param>
    /// <param name="request">The bytes of a client's n-th request.</param>
    /// <param name="expected">The status expected.</param>
    /// <param name="body">Given the body of each answer, where it matters.</param>
    public static async Task<LoadResult> Run(
        Uri address, int clients, TimeSpan time, Func<int, int, ReadOnlyMemory<byte>> request, int expected, Action<int, ReadOnlyMemory<byte>>? body = null)
    {
        var clock = Stopwatch.StartNew();
        var done = await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(async () =>
        {
            using var connection = new Connection(address);
            long right = 0, refused = 0;
            for (var n = 0; clock.Elapsed < time; n++)
            {
                if (await connection.Send(request(client, n)) == expected)
                    right++;
                else if (refused++ == 0)
                    await Console.Error.WriteLineAsync(connection.Text);
                body?.Invoke(client, connection.Body);
            }

            return (right, refused);
        })));
        var answers = done.Sum(d => d.right);
        return new LoadResult(answers / clock.Elapsed.TotalSeconds, answers, done.Sum(d => d.refused));
    }

    /// <summary>A request as it goes over the wire, with a token where it needs one.</summary>
    public static byte[] Request(string method, string path, string? token, string? body = null, params (string Name, string Value)[] headers)
    {
        var text = new StringBuilder($"{method} {path} HTTP/1.1\r\nHost: localhost\r\n");
        if (token is not null)
            text.Append(CultureInfo.InvariantCulture, $"Authorization: Bearer {token}\r\n");
        foreach (var (name, value) in headers)
            text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        if (body is not null)
            text.Append(CultureInfo.InvariantCulture, $"Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n");
        return Encoding.UTF8.GetBytes(text.Append("\r\n").Append(body).ToString());
    }

    /// <summary>One connection, kept alive.</summary>
    internal sealed class Connection : IDisposable
    {
        private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        private byte[] _buffer = new byte[64 * 1024];
        private byte[] _body = new byte[64 * 1024];
        private int _filled;
        private int _bodyLength;

        public Connection(Uri address) => _socket.Connect(address.Host, address.Port);

        public ReadOnlyMemory<byte> Body => _body.AsMemory(0, _bodyLength);

        public string Text => Encoding.UTF8.GetString(_body, 0, _bodyLength);

        /// <summary>Sends a request and reads the whole answer.</summary>
        /// <returns>The status.</returns>
        public async ValueTask<int> Send(ReadOnlyMemory<byte> request)
        {
            await _socket.SendAsync(request);
            var (used, status) = (0, 0);
            while (!TryRead(out used, out status))
            {
                if (_filled == _buffer.Length)
                    Array.Resize(ref _buffer, _buffer.Length * 2);
                var got = await _socket.ReceiveAsync(_buffer.AsMemory(_filled));
                if (got == 0)
                    throw new IOException("The service closed the connection.");
                _filled += got;
            }

            _buffer.AsSpan(used, _filled - used).CopyTo(_buffer);
            _filled -= used;
            return status;
        }

        public void Dispose() => _socket.Dispose();

        private bool TryRead(out int used, out int status)
        {
            (used, status, _bodyLength) = (0, 0, 0);
            var all = _buffer.AsSpan(0, _filled);
            var end = all.IndexOf("\r\n\r\n"u8);
            if (end < 0 || !Utf8Parser.TryParse(all[9..12], out status, out _))
                return false;

            var head = all[..(end + 2)];
            var rest = all[(end + 4)..];
            var length = head.IndexOf("Content-Length: "u8);
            if (length >= 0)
            {
                if (!Utf8Parser.TryParse(head[(length + 16)..], out int bytes, out _))
                    throw new IOException("The length of an answer cannot be read.");
                if (rest.Length < bytes)
                    return false;
                Keep(rest[..bytes]);
                used = end + 4 + bytes;
                return true;
            }

            used = end + 4;
            if (head.IndexOf("Transfer-Encoding: chunked"u8) < 0)
                return true;
            while (true)
            {
                var line = rest.IndexOf("\r\n"u8);
                if (line < 0 || !Utf8Parser.TryParse(rest[..line], out int chunk, out _, 'x') || rest.Length < line + 2 + chunk + 2)
                    return false;
                Keep(rest.Slice(line + 2, chunk));
                used += line + 2 + chunk + 2;
                rest = rest[(line + 2 + chunk + 2)..];
                if (chunk == 0)
                    return true;
            }
        }

        private void Keep(ReadOnlySpan<byte> bytes)
        {
            if (_body.Length < _bodyLength + bytes.Length)
                Array.Resize(ref _body, (_bodyLength + bytes.Length) * 2);
            bytes.CopyTo(_body.AsSpan(_bodyLength));
            _bodyLength += bytes.Length;
        }
    }
}
