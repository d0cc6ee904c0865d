using System;
using XdpLvs.Director.Scripts;

namespace XdpLvs.Director.Notify;

/// <summary>Tells scripts and FIFOs what happens. Any thread may call; nothing here waits for anybody.</summary>
/// <remarks>
/// As keepalived: the script of the state first, then the general one, then the FIFOs. Scripts are started in the order
/// of the notices and run side by side, so the last one to end need not be the last one that was started; readers of a
/// FIFO get the lines in order.
/// </remarks>
internal sealed class Notifier : IDisposable
{
    /// <summary>How long the scripts of a daemon that ends may take, as in keepalived.</summary>
    internal const long StopPatienceMicroseconds = 1_000_000;

    private readonly ScriptRunner _runner;
    private readonly Action<string> _fail;
    private readonly NotifyFifo[] _vrrp, _lvs;

    /// <summary>Takes over what it is given; all of it ends with this object.</summary>
    /// <param name="runner">Runs the scripts. It should be nobody else's: a flood of notices holds up no check.</param>
    /// <param name="fail">Told of scripts that could not be run.</param>
    /// <param name="all">notify_fifo.</param>
    /// <param name="vrrp">vrrp_notify_fifo.</param>
    /// <param name="lvs">lvs_notify_fifo.</param>
    internal Notifier(
        ScriptRunner runner,
        Action<string> fail,
        NotifyFifo? all = null,
        NotifyFifo? vrrp = null,
        NotifyFifo? lvs = null)
    {
        _runner = runner;
        _fail = fail;
        _vrrp = Present(all, vrrp);
        _lvs = Present(all, lvs);
    }

    /// <summary>An instance or a group has become something.</summary>
    /// <param name="notice">What.</param>
    /// <param name="scripts">Its scripts.</param>
    internal void Tell(in Notice notice, NotifyScripts scripts)
    {
        foreach (Script script in scripts.For(notice))
        {
            Run(script);
        }

        Write(_vrrp, FifoLines.Of(notice));
    }

    /// <summary>A virtual server gained or lost its quorum.</summary>
    /// <param name="service">As logs name it.</param>
    /// <param name="isUp">Gained.</param>
    /// <param name="script">quorum_up or quorum_down.</param>
    internal void TellVirtualServer(string service, bool isUp, Script? script)
    {
        Run(script);
        Write(_lvs, FifoLines.VirtualServer(service, isUp));
    }

    /// <summary>A real server came up or went down.</summary>
    /// <param name="real">As logs name it.</param>
    /// <param name="service">The virtual server that it belongs to, likewise.</param>
    /// <param name="isUp">Up.</param>
    /// <param name="script">notify_up or notify_down.</param>
    internal void TellRealServer(string real, string service, bool isUp, Script? script)
    {
        Run(script);
        Write(_lvs, FifoLines.RealServer(real, service, isUp));
    }

    /// <summary>Gives what was asked for <see cref="StopPatienceMicroseconds"/> to end, then closes.</summary>
    /// <remarks>FIFOs close first: their scripts read the last lines and then the end.</remarks>
    public void Dispose()
    {
        Array.ForEach(_vrrp, fifo => fifo.Dispose());
        Array.ForEach(_lvs, fifo => fifo.Dispose());
        _runner.Stop(StopPatienceMicroseconds);
    }

    private static NotifyFifo[] Present(params ReadOnlySpan<NotifyFifo?> fifos)
    {
        NotifyFifo[] present = [];
        foreach (NotifyFifo? fifo in fifos)
        {
            present = fifo is null ? present : [.. present, fifo];
        }

        return present;
    }

    private static void Write(NotifyFifo[] fifos, ReadOnlySpan<byte> line)
    {
        foreach (NotifyFifo fifo in fifos)
        {
            fifo.Write(line);
        }
    }

    private void Run(Script? script)
    {
        if (script is not null
            && !_runner.TryRun(new ScriptRequest(script, null, KillLeftovers: false, result => Hear(script, result))))
        {
            _fail($"no room to run {script}: too many scripts run or wait");
        }
    }

    private void Hear(Script script, ScriptResult result)
    {
        if (result.Outcome == ScriptOutcome.NotStarted)
        {
            _fail($"Error exec-ing command: {script}: {result}");
        }
    }
}
