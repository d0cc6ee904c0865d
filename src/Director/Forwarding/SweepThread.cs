using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using XdpLvs.Forwarder.Tables;

namespace XdpLvs.Director.Forwarding;

/// <summary>Sweeps the flow tables once a second, beside everything else.</summary>
internal sealed class SweepThread : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ManualResetEventSlim _stop = new();
    private readonly FlowTables _flows;
    private readonly FlowSweeper _sweeper;
    private readonly FlowTime _time;
    private readonly IReadOnlyList<ForwarderInterface> _interfaces;
    private readonly Thread _thread;

    internal SweepThread(FlowTables flows, FlowTime time, IReadOnlyList<ForwarderInterface> interfaces)
    {
        _flows = flows;
        _sweeper = new FlowSweeper(flows);
        _time = time;
        _interfaces = interfaces;
        _thread = new Thread(Run)
        {
            Name = "xdplvs-sweep", IsBackground = true, Priority = ThreadPriority.BelowNormal,
        };
    }

    internal void Start() => _thread.Start();

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Set();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        _stop.Dispose();
    }

    private void Run()
    {
        while (!_stop.Wait(Pause))
        {
            if (_flows.Counts.Total > 0) // an idle director stays idle
            {
                _sweeper.Sweep([.. _interfaces.Select(each => each.Table)], _time.Now);
            }
        }
    }
}
