using System;
using System.Linq;
using XdpLvs.Forwarder.Packets;
using XdpLvs.Forwarder.Wire;
using Xunit;

namespace XdpLvs.Forwarder.Tests.Packets;

/// <summary>Runs alone, as <see cref="AllocationTests"/> does.</summary>
[Collection(nameof(AllocationTests))]
public sealed class PacketAllocationTests
{
    [Fact]
    public void Reading_and_rewriting_allocate_nothing()
    {
        byte[][] frames = [.. ValidFrames.All.Select(frame => frame.Octets.ToArray())];
        Forward(frames);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 60; i++) // hops enough
        {
            Forward(frames);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Forward(byte[][] frames)
    {
        foreach (byte[] frame in frames)
        {
            MacAddress own = MacAddress.From(frame);
            if (PacketReader.Read(frame, own, out Packet packet) == Outcome.Forwarded)
            {
                PacketWriter.Redirect(frame, packet, own, own);
            }
        }
    }
}
