using System;
using System.Threading;
using XdpLvs.Linux.Sockets;
using XdpLvs.Vrrp;
using XdpLvs.Vrrp.Bfd;

namespace XdpLvs.Director.Tracking;

/// <summary>One BFD session: its state, and the hands that send what the machine decides.</summary>
/// <remarks>Owned by the BFD thread; name, session and counts may be read by anybody.</remarks>
internal sealed class BfdPeer : IDisposable
{
    private readonly Action<string> _log;
    private readonly Action<string, bool> _report;
    private readonly Random _random;
    private readonly BfdSocket _mouth;
    private readonly byte[] _packet = new byte[BfdView.Size];
    private BfdState _state = BfdState.Initial;
    private int _session;
    private long _received, _sent, _unsent, _cameUp;

    /// <summary>Opens the socket that it sends from.</summary>
    /// <param name="plan">Between whom.</param>
    /// <param name="log">Told of transitions.</param>
    /// <param name="report">Told when it comes up or leaves that.</param>
    /// <param name="random">For jitter.</param>
    internal BfdPeer(BfdPlan plan, Action<string> log, Action<string, bool> report, Random random)
    {
        (Plan, _log, _report, _random) = (plan, log, report, random);
        int firstPort = random.Next(BfdSocket.SourcePortMin, BfdSocket.SourcePortMax + 1);
        _mouth = BfdSocket.Connect(plan.Neighbour, plan.Source, plan.LinkIndex, plan.TimeToLive, firstPort);
    }

    /// <summary>Between whom it is.</summary>
    internal BfdPlan Plan { get; }

    /// <summary>Its name in the configuration.</summary>
    internal string Name => Plan.Settings.Name;

    /// <summary>Its state.</summary>
    internal BfdSession Session => (BfdSession)Volatile.Read(ref _session);

    /// <summary>Valid packets heard.</summary>
    internal long Received => Volatile.Read(ref _received);

    /// <summary>Packets sent.</summary>
    internal long Sent => Volatile.Read(ref _sent);

    /// <summary>Packets that the kernel refused to send: no route, link down.</summary>
    internal long Unsent => Volatile.Read(ref _unsent);

    /// <summary>Times that it came up.</summary>
    internal long CameUp => Volatile.Read(ref _cameUp);

    /// <summary>When it must be ticked at the latest.</summary>
    internal Instant NextDeadline => _state.NextDeadline;

    /// <summary>Time has passed, and every packet that waited was heard.</summary>
    internal void Tick(Instant now)
    {
        if (_state.NextDeadline.HasCome(now))
        {
            Happens(BfdEvent.Tick, now);
        }
    }

    /// <summary>A valid packet of the neighbour.</summary>
    internal void Hear(in BfdPacket packet, Instant now)
    {
        Increment(ref _received);
        Happens(BfdEvent.Heard(packet), now);
    }

    /// <summary>One step of the machine, and what it asks for.</summary>
    internal void Happens(in BfdEvent happened, Instant now)
    {
        var jitter = (ushort)_random.Next(ushort.MaxValue + 1);
        BfdStep step = BfdMachine.Step(_state, happened, now, Plan.Settings, jitter);
        _state = step.Next;
        if ((step.Effects & BfdEffects.Answer) != 0)
        {
            Send(isAnswer: true);
        }

        if ((step.Effects & BfdEffects.Transmit) != 0)
        {
            Send(isAnswer: false);
        }

        if (step.IsTransition)
        {
            Tell(step);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _mouth.Dispose();

    private static void Increment(ref long counter) => Volatile.Write(ref counter, counter + 1);

    private void Send(bool isAnswer)
    {
        int length = BfdWriter.Write(_packet, _state, Plan.Settings, isAnswer);
        int errno = _mouth.Send(_packet.AsSpan(0, length));
        if (errno == 0)
        {
            Increment(ref _sent);
        }
        else
        {
            Increment(ref _unsent);
        }
    }

    /// <summary>Who follows the session first, then the log.</summary>
    private void Tell(in BfdStep step)
    {
        Volatile.Write(ref _session, (int)step.Next.Session);
        bool isUp = step.Next.Session == BfdSession.Up;
        if (isUp)
        {
            Increment(ref _cameUp);
        }

        if (isUp || step.Before == BfdSession.Up)
        {
            _report(Name, isUp);
        }

        _log(BfdLog.Line(step, Plan.Settings));
    }
}
