using System;
using Xunit;

namespace XdpLvs.Vrrp.Tests;

/// <summary>The VRRP thread must not be stopped by a collection that it caused itself.</summary>
public sealed class AllocationTests
{
    private const int Turns = 10_000;

    private readonly byte[] _packet = new byte[AdvertWriter.LengthOf(TestNode.Defaults)];
    private readonly byte[] _frame = new byte[GratuitousArp.Length];
    private readonly VrrpSettings _self = TestNode.Defaults;
    private readonly VrrpCounters _counters = new();
    private VrrpState _state = VrrpState.Initial;
    private Instant _now;

    [Fact]
    public void A_turn_of_reading_stepping_and_writing_allocates_nothing()
    {
        AdvertExpectation expected = AdvertExpectation.Of(_self);
        VrrpSettings peer = _self with { SourceAddress = TestNode.Higher };
        _state = VrrpMachine.Step(_state, VrrpEvent.Startup(), _now, _self).Next;
        Turn(expected, peer, 0);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int turn = 0; turn < Turns; turn++)
        {
            Turn(expected, peer, turn);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(_counters.BecameActive > 0 && _counters.ReleasedActive > 0);
    }

    private void Turn(in AdvertExpectation expected, VrrpSettings peer, int turn)
    {
        byte priority = (byte)(turn % 16 == 15 ? 120 : turn % 5 == 4 ? 0 : 90);
        AdvertWriter.Write(_packet, peer, priority, peer.MulticastGroup, (ushort)(turn & 0xFFFF));
        _packet[^1] ^= (byte)(turn % 7 == 6 ? 1 : 0); // some are refused
        AdvertReader.TryReadVrid(_packet, out _);
        AdvertFault fault = AdvertReader.Read(_packet, expected, out Advert advert);
        _counters.CountRead(fault, advert);
        if (fault == AdvertFault.None)
        {
            Perform(VrrpMachine.Step(_state, VrrpEvent.Heard(advert), _now, _self));
        }

        _now = _now.After(300_000);
        Perform(VrrpMachine.Step(_state, VrrpEvent.Tick, _now, _self));
    }

    private void Perform(in VrrpStep step)
    {
        _state = step.Next;
        _counters.CountStep(step);
        if ((step.Effects & Effects.AnnounceAddresses) != 0)
        {
            GratuitousArp.Write(_frame, 0x000C_2900_0065, TestNode.Vip);
        }
    }
}
