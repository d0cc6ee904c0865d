using System.Collections.Generic;

namespace XdpLvs.Vrrp.Tests;

/// <summary>A host with a director: what the shell does with the machine, and what can befall a host.</summary>
internal sealed class WorldRouter(World world, VrrpSettings self)
{
    private readonly Queue<byte[]> _socket = new();
    private readonly byte[] _buffer = new byte[AdvertWriter.LengthOf(self)];
    private Instant _stalledUntil, _windowEnds;
    private int _inWindow;

    public VrrpSettings Self { get; } = self;

    public VrrpState State { get; private set; } = VrrpState.Initial;

    public Role Role => State.Role;

    public int Component { get; set; }

    /// <summary>Whether the process is there. A kernel keeps the addresses of a process that died.</summary>
    public bool IsAlive { get; private set; }

    public bool HasAddresses { get; private set; }

    public int Transitions { get; private set; }

    public int Sent { get; private set; }

    /// <summary>Most adverts within one interval, those for changes of role not counted.</summary>
    public int SentPerIntervalMax { get; private set; }

    /// <summary>Whether it takes part in the election or will soon.</summary>
    public bool IsEligible => IsAlive && State.Faults == FaultCauses.None && Role is not (Role.Leaving or Role.Fault)
        && (Role != Role.Initialize || State.Deadline != Instant.Never);

    public byte Priority => State.PriorityOf(Self);

    public Instant NextTurn
    {
        get
        {
            Instant wanted = !IsAlive ? Instant.Never : _socket.Count > 0 ? world.Now : State.NextDeadline;
            return wanted == Instant.Never || _stalledUntil.HasCome(wanted) ? wanted : _stalledUntil;
        }
    }

    public void Start(bool adopts)
    {
        bool hasEnded = Role == Role.Initialize && State.Deadline == Instant.Never;
        if (!IsAlive || hasEnded)
        {
            IsAlive = true;
            State = VrrpState.Initial;
            bool continues = adopts && HasAddresses;
            HasAddresses &= continues; // leftovers are removed
            Step(continues ? VrrpEvent.Adopt() : VrrpEvent.Startup());
        }
    }

    /// <summary>SIGKILL: no word; the kernel goes on answering for the addresses.</summary>
    public void Crash()
    {
        IsAlive = false;
        _socket.Clear();
        State = VrrpState.Initial;
    }

    /// <summary>Power off: no word, no address.</summary>
    public void Die()
    {
        Crash();
        HasAddresses = false;
    }

    public void Happens(in VrrpEvent happened)
    {
        if (IsAlive)
        {
            Step(happened);
        }
    }

    /// <summary>SIGSTOP; the socket goes on receiving.</summary>
    public void Stall(long microseconds) => _stalledUntil = world.Now.After(microseconds);

    public void Receive(byte[] packet)
    {
        if (IsAlive)
        {
            _socket.Enqueue(packet);
        }
    }

    public void TurnIfDue()
    {
        if (!NextTurn.HasCome(world.Now))
        {
            return;
        }

        while (_socket.TryDequeue(out byte[]? packet))
        {
            if (AdvertReader.Read(packet, AdvertExpectation.Of(Self), out Advert advert) == AdvertFault.None)
            {
                Step(VrrpEvent.Heard(advert));
            }
        }

        Step(VrrpEvent.Tick);
    }

    private void Step(in VrrpEvent happened)
    {
        VrrpStep step = VrrpMachine.Step(State, happened, world.Now, Self);
        State = step.Next;
        Transitions += step.Notice.IsTransition ? 1 : 0;
        if ((step.Effects & Effects.Advertise) != 0)
        {
            Send(step.Notice.Priority, step.Notice.IsTransition);
        }

        if ((step.Effects & Effects.Resign) != 0)
        {
            Send(VrrpMachine.ResignPriority, step.Notice.IsTransition);
        }

        HasAddresses |= (step.Effects & Effects.TakeAddresses) != 0;
        HasAddresses &= (step.Effects & Effects.DropAddresses) == 0;
    }

    private void Send(byte priority, bool isTransition)
    {
        if (_windowEnds.HasCome(world.Now))
        {
            _windowEnds = world.Now.After(Self.IntervalMicroseconds);
            _inWindow = 0;
        }

        _inWindow += isTransition ? 0 : 1;
        Sent++;
        SentPerIntervalMax = int.Max(SentPerIntervalMax, _inWindow);
        AdvertWriter.Write(_buffer, Self, priority, Self.MulticastGroup, (ushort)(Sent & 0xFFFF));
        world.Send(this, [.. _buffer]);
    }
}
