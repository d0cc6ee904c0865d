using System;
using System.Threading;
using System.Threading.Channels;
using XdpLvs.Linux;
using XdpLvs.Linux.Netlink;

namespace XdpLvs.Director;

/// <summary>A thread that hands the kernel's network events to whoever must know.</summary>
internal sealed class NetworkWatcher : IDisposable
{
    private readonly RouteEvents _events = new();
    private readonly FileDescriptor _stop = Syscalls.EventCounter("network watcher");
    private readonly ChannelWriter<DirectorEvent> _director;
    private readonly Action<NetworkEvent> _vrrp;
    private readonly Thread _thread;

    /// <summary>Subscribes at once; nothing that happens from here on is missed.</summary>
    /// <param name="director">Waits when it is full: the kernel then counts an overrun, which is an event too.</param>
    /// <param name="vrrp">Called first, from the watcher's thread; must not block.</param>
    internal NetworkWatcher(ChannelWriter<DirectorEvent> director, Action<NetworkEvent> vrrp)
    {
        _director = director;
        _vrrp = vrrp;
        _thread = new Thread(Run) { Name = "xdplvs-net", IsBackground = true };
    }

    /// <summary>From here on, events are handed over.</summary>
    internal void Start() => _thread.Start();

    /// <inheritdoc/>
    public void Dispose()
    {
        Syscalls.Wake(_stop);
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        _events.Dispose();
        _stop.Dispose();
    }

    private void Run()
    {
        var slots = new PollSlot[]
        {
            new() { Descriptor = _stop.Number, Wanted = PollSlot.In },
            new() { Descriptor = _events.Descriptor.Number, Wanted = PollSlot.In },
        };
        while (Syscalls.Poll(slots, timeoutMicroseconds: -1) == 0 || slots[0].Found == 0)
        {
            while (_events.TryRead(out NetworkEvent happened))
            {
                _vrrp(happened);
                var change = new NetworkChanged(happened);
                while (!_director.TryWrite(change) && WaitForRoom())
                {
                    // full: the director loop is busy, and events may wait
                }
            }
        }
    }

    private bool WaitForRoom() => _director.WaitToWriteAsync().AsTask().GetAwaiter().GetResult();
}
