using System;
using System.IO;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using XdpLvs.Linux.Process;

namespace XdpLvs.Perf;

/// <summary>
/// Asks the daemon for its connections, page after page, as "ipvsadm -Lnc" does, and throws the answers away.
/// </summary>
/// <remarks>
/// Chosen before a verb that forces a collection: an operator's script can do this, the garbage is real, and no daemon
/// needs a door that only measurements use. Its thread shares the daemon's processor, not the generator's.
/// </remarks>
internal sealed class LatencyStorm : IDisposable
{
    private const int ReceiveMs = 20_000, HeadOctets = 32;

    private readonly string _control;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly byte[] _buffer = new byte[1 << 18];
    private volatile int _answers;

    /// <summary>Begins at once.</summary>
    /// <param name="control">The daemon's socket.</param>
    internal LatencyStorm(string control)
    {
        _control = control;
        new Thread(Run) { IsBackground = true, Name = "storm" }.Start();
    }

    /// <summary>Pages that were answered.</summary>
    internal int Answers => _answers;

    /// <summary>Ends it; throws what went wrong.</summary>
    internal Task StopAsync()
    {
        _stop.Cancel();
        return _ended.Task;
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Cancel();

    private void Run()
    {
        try
        {
            Affinity.PinCurrentThread(LoadDirector.Processor);
            string next = "0";
            while (!_stop.IsCancellationRequested)
            {
                next = Ask(next);
                _answers++;
            }

            _ended.SetResult();
        }
        catch (Exception failure)
        {
            _ended.SetException(failure); // thrown on by StopAsync
        }
    }

    /// <summary>Where the next page begins: the first line of the answer's text, right behind its exit code.</summary>
    private string Ask(string from)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.ReceiveTimeout = ReceiveMs;
        socket.Connect(new UnixDomainSocketEndPoint(_control));
        socket.Send(Encoding.UTF8.GetBytes($"{{\"Words\":[\"ipvsadm\",\"connections\",\"{from}\"]}}\n"));
        int length = 0;
        for (int read = 1; read > 0 && length < HeadOctets; length += read)
        {
            read = socket.Receive(_buffer, length, HeadOctets - length, SocketFlags.None);
        }

        while (socket.Receive(_buffer, HeadOctets, _buffer.Length - HeadOctets, SocketFlags.None) > 0)
        {
            // the connections themselves
        }

        string head = Encoding.UTF8.GetString(_buffer, 0, length);
        const string text = "\"Output\":\"";
        int begin = head.IndexOf(text, StringComparison.Ordinal), end = head.IndexOf('\\', StringComparison.Ordinal);
        return begin >= 0 && end > begin
            ? head[(begin + text.Length)..end]
            : throw new InvalidDataException($"the daemon listed no connections but answered {head}");
    }
}
