using System;
using Xunit;

namespace XdpLvs.Vrrp.Tests;

/// <summary>The VRRP thread must not be stopped by a collection that it caused itself.</summary>
public sealed class AllocationTests
{
    private const int Turns = 10_000;

    private readonly byte[] _packet = new byte[100];
    private readonly byte[] _frame = new byte[NeighbourAdvertisement.Length];
    private readonly Diagnosis _diagnosis = new();
    private readonly VrrpCounters _counters = new();
    private VrrpState _state = VrrpState.Initial;
    private Instant _now;

    private VrrpSettings _self = TestNode.Defaults;

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    public void A_turn_of_reading_stepping_and_writing_allocates_nothing(int version, bool isV6)
    {
        _self = _self with { Version = version };
        _self = isV6
            ? _self with { SourceAddress = VrrpAddress.Parse("fe80::65"), Addresses = [VrrpAddress.Parse("fe80::1")] }
            : _self;
        AdvertExpectation expected = AdvertExpectation.Of(_self);
        VrrpSettings peer = _self with { SourceAddress = isV6 ? VrrpAddress.Parse("fe80::66") : TestNode.Higher };
        _state = VrrpMachine.Step(_state, VrrpEvent.Startup(), _now, _self).Next;
        for (int turn = 0; turn < 100; turn++)
        {
            Turn(expected, peer, turn); // what is new to the diagnosis is so only once
        }

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
        Span<byte> packet = _packet.AsSpan(0, AdvertWriter.LengthOf(peer));
        packet[^1] ^= (byte)(turn % 7 == 6 ? 1 : 0); // some are refused
        AdvertReader.TryReadVrid(packet, out _);
        AdvertFault fault = AdvertReader.Read(packet, expected, out Advert advert);
        _counters.CountRead(fault, advert);
        _diagnosis.Refused(fault, packet, _self, _now);
        if (fault == AdvertFault.None)
        {
            _diagnosis.Heard(advert, _state.Role, _self, _now);
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
            _ = _self.IsV6
                ? NeighbourAdvertisement.Write(_frame, 0x000C_2900_0065, _self.Addresses[0], isRouter: false)
                : GratuitousArp.Write(_frame, 0x000C_2900_0065, _self.Addresses[0]);
        }
    }
}
