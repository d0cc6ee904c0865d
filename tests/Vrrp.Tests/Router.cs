using System.Collections.Generic;

namespace XdpLvs.Vrrp.Tests;

/// <summary>What the shell of a real director does with the machine: drain the socket, tick, perform effects.</summary>
internal sealed class Router(Segment segment, VrrpSettings self)
{
    private readonly Queue<byte[]> _socket = new();
    private readonly Dictionary<long, int> _advertsPerSecond = [];
    private VrrpState _state = VrrpState.Initial;
    private Instant _stalledUntil;
    private ushort _identification;

    public VrrpSettings Self { get; } = self;

    public VrrpCounters Counters { get; } = new();

    public Role Role => _state.Role;

    public VrrpState State => _state;

    public bool HasAddresses { get; private set; }

    public bool IsAlive { get; private set; } = true;

    /// <summary>A shell that does not keep the documented order: it ticks before it reads.</summary>
    public bool TicksFirst { get; set; }

    public int Bursts { get; private set; }

    public int DuplicatesReported { get; private set; }

    public Instant LastAdvert { get; private set; }

    public int AdvertsPerSecondMax { get; private set; }

    public Instant NextTurn
    {
        get
        {
            Instant wanted = !IsAlive ? Instant.Never : _socket.Count > 0 ? segment.Now : _state.NextDeadline;
            return wanted == Instant.Never || _stalledUntil.HasCome(wanted) ? wanted : _stalledUntil;
        }
    }

    public void Happens(in VrrpEvent happened) => Step(happened);

    /// <summary>Power off: no word, no address.</summary>
    public void Die()
    {
        IsAlive = false;
        HasAddresses = false;
        _state = VrrpState.Initial;
    }

    /// <summary>The process stands still; its socket goes on receiving.</summary>
    public void Stall(long microseconds) => _stalledUntil = segment.Now.After(microseconds);

    public void Receive(byte[] packet)
    {
        if (IsAlive)
        {
            _socket.Enqueue(packet);
        }
    }

    public void TurnIfDue()
    {
        if (!NextTurn.HasCome(segment.Now))
        {
            return;
        }

        if (TicksFirst)
        {
            Step(VrrpEvent.Tick);
        }

        while (_socket.TryDequeue(out byte[]? packet))
        {
            AdvertFault fault = AdvertReader.Read(packet, AdvertExpectation.Of(Self), out Advert advert);
            Counters.CountRead(fault, advert);
            if (fault == AdvertFault.None)
            {
                Step(VrrpEvent.Heard(advert));
            }
        }

        Step(VrrpEvent.Tick);
    }

    private void Step(VrrpEvent happened)
    {
        VrrpStep step = VrrpMachine.Step(_state, happened, segment.Now, Self);
        _state = step.Next;
        Counters.CountStep(step);
        Perform(step);
    }

    private void Perform(in VrrpStep step)
    {
        Effects effects = step.Effects;
        if ((effects & Effects.Advertise) != 0)
        {
            Send(step.Notice.Priority);
        }

        if ((effects & Effects.Resign) != 0)
        {
            Send(VrrpMachine.ResignPriority);
        }

        HasAddresses |= (effects & Effects.TakeAddresses) != 0;
        HasAddresses &= (effects & Effects.DropAddresses) == 0;
        Bursts += (effects & Effects.AnnounceAddresses) != 0 ? 1 : 0;
        DuplicatesReported += (effects & Effects.ReportDuplicate) != 0 ? 1 : 0;
    }

    private void Send(byte priority)
    {
        long second = segment.Now.Microseconds / 1_000_000;
        _advertsPerSecond[second] = _advertsPerSecond.GetValueOrDefault(second) + 1;
        AdvertsPerSecondMax = int.Max(AdvertsPerSecondMax, _advertsPerSecond[second]);
        LastAdvert = segment.Now;

        byte[] packet = new byte[AdvertWriter.LengthOf(Self)];
        AdvertWriter.Write(packet, Self, priority, Self.MulticastGroup, ++_identification);
        segment.Broadcast(this, packet);
    }
}
