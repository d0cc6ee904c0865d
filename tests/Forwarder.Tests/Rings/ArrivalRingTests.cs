using System;
using System.Buffers.Binary;
using XdpLvs.Forwarder.Rings.Packet;
using Xunit;

namespace XdpLvs.Forwarder.Tests.Rings;

public sealed class ArrivalRingTests
{
    private const int SlotCount = 1024, NumberOffset = 42, NanosecondsPerTick = 100;

    [Fact]
    public void A_frame_is_stamped_between_its_sending_and_its_taking()
    {
        using var cable = new Cable();
        using ArrivalRing ring = Open(cable);
        Span<byte> octets = stackalloc byte[64];
        for (uint number = 1; number <= 2 * SlotCount; number++) // twice round the ring
        {
            long before = Now();
            cable.SendNumbered(number);

            long stamp = Take(ring, octets);

            Assert.Equal(number, BinaryPrimitives.ReadUInt32BigEndian(octets[NumberOffset..]));
            Assert.InRange(stamp, before, Now() + NanosecondsPerTick);
        }

        Assert.Equal(0, ring.TakeDrops());
    }

    [Fact]
    public void Frames_without_room_are_counted_once()
    {
        using var cable = new Cable();
        using ArrivalRing ring = Open(cable);
        for (uint number = 0; number < SlotCount + 100; number++)
        {
            cable.SendNumbered(number);
        }

        Assert.InRange(ring.TakeDrops(), 100, 110); // the kernel's own chatter may have taken a slot or two
        Assert.Equal(0, ring.TakeDrops());
    }

    private static ArrivalRing Open(Cable cable) =>
        cable.Network.Here.Run(() => new ArrivalRing(cable.Network.HereLink.Index, "e0", SlotCount));

    private static long Now() =>
        (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick;

    /// <summary>The next numbered frame; the kernel's own are passed over.</summary>
    private static long Take(ArrivalRing ring, Span<byte> octets)
    {
        for (int tries = 0; tries < 1_000_000; tries++)
        {
            if (ring.TryTake(octets, out int length, out long stamp) && length == 64 && octets[26] == 0xC0)
            {
                return stamp;
            }
        }

        throw new InvalidOperationException("nothing arrived");
    }
}
