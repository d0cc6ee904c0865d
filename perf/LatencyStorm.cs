using System;
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
    private const int ReceiveMs = 20_000;

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

    /// <summary>Where the next page begins: the answer's first line, inside a JSON string.</summary>
    private string Ask(string from)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.ReceiveTimeout = ReceiveMs;
        socket.Connect(new UnixDomainSocketEndPoint(_control));
        socket.Send(Encoding.UTF8.GetBytes($"{{\"Words\":[\"ipvsadm\",\"connections\",\"{from}\"]}}\n"));
        const string Output = "\"Output\":\"";
        string? next = null;
        int length = 0;
        for (int read = socket.Receive(_buffer); read > 0;)
        {
            length = next is null ? length + read : 0;
            string begin = next is null ? Encoding.UTF8.GetString(_buffer, 0, Math.Min(length, 64)) : "";
            int at = begin.IndexOf(Output, StringComparison.Ordinal), end = begin.IndexOf('\\', StringComparison.Ordinal);
            next ??= at >= 0 && end > at ? begin[(at + Output.Length)..end] : null;
            read = socket.Receive(_buffer, next is null ? length : 0, _buffer.Length - (next is null ? length : 0),
                SocketFlags.None);
        }

        return next ?? throw new System.IO.InvalidDataException("the daemon listed no connections");
    }
}
