using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Ledger.Drills;

/// <summary>Where a connection is cut.</summary>
internal enum Cut
{
    /// <summary>PostgreSQL has committed; its answer is thrown away.</summary>
    AnswerLost,

    /// <summary>What holds the commit has just been passed on; nobody waits for the answer.</summary>
    RequestSent,
}

/// <summary>
/// The wire between service and PostgreSQL. It knows the messages of the protocol (a type, a length, a body), by which it sees a transaction
/// commit, and cuts connections between a commit and its answer.
/// </summary>
internal sealed class Wire : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly int _port;
    private readonly Task _accepting;
    private int _cutAnswers;
    private int _cutRequests;
    private int _cuts;

    public Wire(int port)
    {
        _port = port;
        _listener.Start();
        _accepting = Accept();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many connections were cut.</summary>
    public int Cuts => Volatile.Read(ref _cuts);

    /// <summary>Has so many connections cut, the next that come to commit.</summary>
    public void Arm(Cut cut, int connections)
    {
        if (cut == Cut.AnswerLost)
            Interlocked.Exchange(ref _cutAnswers, connections);
        else
            Interlocked.Exchange(ref _cutRequests, connections);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                var service = await _listener.AcceptSocketAsync(_end.Token);
                _ = Carry(service);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The drill is over.
        }
    }

    private async Task Carry(Socket service)
    {
        using var store = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (service)
        {
            service.NoDelay = true;
            try
            {
                await store.ConnectAsync(IPAddress.Loopback, _port, _end.Token);
                var state = new Transaction();
                await Task.WhenAny(Requests(service, store, state), Answers(store, service, state));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException)
            {
                // Whoever ends the connection ends it for both.
            }
        }
    }

    private async Task Requests(Socket service, Socket store, Transaction state)
    {
        var buffer = new byte[64 * 1024];
        while (await service.ReceiveAsync(buffer, _end.Token) is var read and > 0)
        {
            await store.SendAsync(buffer.AsMemory(0, read), _end.Token);

            // Within a transaction the second batch is the one that commits.
            if (state.IsOpen && Take(ref _cutRequests))
                return;
        }
    }

    private async Task Answers(Socket store, Socket service, Transaction state)
    {
        var messages = new Messages();
        var buffer = new byte[64 * 1024];
        while (await store.ReceiveAsync(buffer, _end.Token) is var read and > 0)
        {
            foreach (var (type, body) in messages.Read(buffer.AsSpan(0, read)))
            {
                if (type == 'Z')
                    state.IsOpen = body.StartsWith('T');
                else if (type == 'C' && body.StartsWith("COMMIT", StringComparison.Ordinal) && Take(ref _cutAnswers))
                    return;
            }

            await service.SendAsync(buffer.AsMemory(0, read), _end.Token);
        }
    }

    private bool Take(ref int left)
    {
        if (Interlocked.Decrement(ref left) < 0)
        {
            Interlocked.Exchange(ref left, 0);
            return false;
        }

        Interlocked.Increment(ref _cuts);
        return true;
    }

    private sealed class Transaction
    {
        public bool IsOpen { get; set; }
    }

    /// <summary>Finds the messages in a stream that comes in pieces.</summary>
    private sealed class Messages
    {
        private readonly List<byte> _left = [];

        // Of each message its type and the first bytes of its body, which is all that matters here.
        public List<(char Type, string Body)> Read(ReadOnlySpan<byte> piece)
        {
            foreach (var b in piece)
                _left.Add(b);
            var found = new List<(char, string)>();
            var bytes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_left);
            var at = 0;
            while (bytes.Length - at >= 5 && BinaryPrimitives.ReadInt32BigEndian(bytes[(at + 1)..]) is var length && bytes.Length - at >= length + 1)
            {
                found.Add(((char)bytes[at], System.Text.Encoding.ASCII.GetString(bytes.Slice(at + 5, Math.Min(6, length - 4)))));
                at += length + 1;
            }

            _left.RemoveRange(0, at);
            return found;
        }
    }
}
