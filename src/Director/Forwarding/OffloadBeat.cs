using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using XdpLvs.Forwarder.Offload;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Linux;

namespace XdpLvs.Director.Forwarding;

/// <summary>
/// Tells the XDP programs four times a second that the director lives and what time it is, beside everything else.
/// </summary>
/// <remarks>
/// While frames are being captured it tells them to forward nothing, so that all of them are seen. A program that hears
/// nothing goes on for as long as the last beat said.
/// </remarks>
internal sealed class OffloadBeat : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly ManualResetEventSlim _stop = new();
    private readonly OffloadMemory _memory;
    private readonly FlowTime _time;
    private readonly IReadOnlyList<ForwarderInterface> _interfaces;
    private readonly TimeSpan _persist;
    private readonly Thread _thread;

    /// <param name="memory">Where the programs look.</param>
    /// <param name="time">The clock of flows.</param>
    /// <param name="interfaces">All, their tables published.</param>
    /// <param name="persist">How long programs go on after the last beat.</param>
    internal OffloadBeat(
        OffloadMemory memory, FlowTime time, IReadOnlyList<ForwarderInterface> interfaces, TimeSpan persist)
    {
        _memory = memory;
        _time = time;
        _interfaces = interfaces;
        _persist = persist;
        _thread = new Thread(Run) { Name = "xdplvs-beat", IsBackground = true };
    }

    /// <summary>Beats once, and goes on doing so.</summary>
    internal void Start()
    {
        Beat();
        _thread.Start();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Set();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        _memory.Beat(aliveUntil: 0, _time.Now, FlowTimeouts.Default);
        _stop.Dispose();
    }

    private void Run()
    {
        while (!_stop.Wait(Pause))
        {
            try
            {
                Beat();
            }
            catch (LinuxException)
            {
                // no memory for the clock: a beat is left out; after some of them programs leave all to user space
            }
        }
    }

    private void Beat()
    {
        bool isCaptured = _interfaces.Any(each => each.Workers.Any(worker => worker.Taps.Current is not null));
        FlowTimeouts timeouts = _interfaces.Count > 0 ? _interfaces[0].Table.Timeouts : FlowTimeouts.Default;
        _memory.Beat(isCaptured ? 0 : _memory.After(_persist), _time.Now, timeouts);
    }
}
