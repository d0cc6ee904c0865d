using System;
using XdpLvs.Forwarder.Packets;
using XdpLvs.Forwarder.Wire;
using XdpLvs.TestKit;
using Xunit;
using static XdpLvs.Forwarder.Tests.World;

namespace XdpLvs.Forwarder.Tests.Packets;

/// <summary>The straight run does what the way for all frames does, or stands back.</summary>
public sealed class PlainFrameTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void What_it_reads_and_writes_is_what_the_way_for_all_frames_reads_and_writes(int seed)
    {
        var random = new Random(seed);
        int plain = 0;
        for (int i = 0; i < 100_000; i++)
        {
            byte[] frame = i % 2 == 0 ? Mutated(random) : Valid(random);
            Packet packet = default;
            if (!PlainFrame.TryRead(frame, Director, ref packet))
            {
                continue;
            }

            plain++;
            Outcome outcome = PacketReader.ReadAny(frame, Director, out Packet read);
            Assert.Equal(Outcome.Forwarded, outcome);
            packet.IsPlain = false;
            Assert.Equal(read, packet);
            byte[] other = [.. frame];
            if (packet.Hops > 1 && PlainFrame.TryRedirect(frame, packet, Director, A.Mac))
            {
                PacketWriter.RedirectAny(other, read, Director, A.Mac);
                Assert.Equal(other, frame);
            }
        }

        Assert.True(plain > 30_000, $"only {plain} frames were plain");
    }

    [Fact]
    public void An_unfinished_checksum_is_left_to_the_way_for_all_frames()
    {
        byte[] frame = (ToWeb with { Checksum = ChecksumKind.Partial }).Tcp(TcpControl.Ack);
        Packet packet = default;
        Assert.True(PlainFrame.TryRead(frame, Director, ref packet));
        byte[] before = [.. frame];

        Assert.False(PlainFrame.TryRedirect(frame, packet, Director, A.Mac));
        Assert.Equal(before, frame);
    }

    /// <summary>A valid frame, a few octets of it changed, cut short or not; often with the right checksum.</summary>
    private static byte[] Mutated(Random random)
    {
        byte[] frame = Valid(random);
        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            frame[random.Next(frame.Length)] = (byte)random.Next(256);
        }

        if (random.Next(2) == 0 && (frame[14] & 0x0F) is >= 5 and < 7)
        {
            FrameBuilder.RepairIpv4Checksum(frame);
        }

        return random.Next(4) == 0 ? frame[..random.Next(frame.Length)] : frame;
    }

    private static byte[] Valid(Random random)
    {
        FrameBuilder builder = ToWeb with
        {
            From = (uint)random.Next(),
            FromPort = (ushort)random.Next(65_536),
            TimeToLive = (byte)random.Next(256),
            FragmentBits = (ushort)(random.Next(2) * 0x4000),
            Payload = new byte[random.Next(64)],
            Padding = random.Next(8),
        };
        return random.Next(2) == 0 ? builder.Udp() : builder.Tcp((TcpControl)random.Next(32) & TcpControl.All);
    }
}
