using System;
using Xunit;
using XdpLvs.Vrrp.Bfd;

namespace XdpLvs.Vrrp.Tests.Bfd;

/// <summary>A session and its clock. What it sends is read back from the wire's octets.</summary>
internal sealed class BfdNode(BfdSettings self, int seed = 1)
{
    public static readonly BfdSettings Defaults = new() { Name = "BFD_1", Discriminator = 7 };

    private readonly Random _random = new(seed);
    private BfdState _state = BfdState.Initial;

    public BfdSettings Self { get; } = self;

    public Instant Now { get; set; } = new(5_000_000_000);

    public BfdStep Last { get; private set; }

    public BfdState State => _state;

    public BfdSession Session => _state.Session;

    public BfdNode Start() => Step(new BfdEvent(BfdEventKind.Start));

    public BfdNode Stop() => Step(new BfdEvent(BfdEventKind.Stop));

    public BfdNode Tick() => Step(BfdEvent.Tick);

    public BfdNode Advance(long microseconds)
    {
        Now = Now.After(microseconds);
        return Tick();
    }

    public BfdNode Hears(in BfdPacket packet) => Step(BfdEvent.Heard(packet));

    /// <summary>A neighbour at 10 ms and five packets in that state.</summary>
    public BfdNode Hears(BfdSession session) => Hears(Packet(session));

    /// <summary>Up, with a neighbour at 10 ms and five packets.</summary>
    public BfdNode Up() => Start().Hears(BfdSession.Down).Hears(BfdSession.Up);

    /// <summary>What it would put on the wire now, read back.</summary>
    public BfdPacket Sends(bool isAnswer = false)
    {
        Span<byte> octets = stackalloc byte[BfdView.Size];
        BfdWriter.Write(octets, _state, Self, isAnswer);
        Assert.Equal(BfdFault.None, BfdReader.Read(octets, out BfdPacket packet));
        return packet;
    }

    public static BfdPacket Packet(BfdSession session) => new(
        session, BfdDiagnostic.None, false, false, 5, 99, session == BfdSession.Down ? 0 : 7u, 10_000, 10_000);

    private BfdNode Step(BfdEvent happened)
    {
        Last = BfdMachine.Step(_state, happened, Now, Self, (ushort)_random.Next(ushort.MaxValue + 1));
        _state = Last.Next;
        return this;
    }
}
