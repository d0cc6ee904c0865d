using System;
using System.Collections.Generic;
using XdpLvs.Forwarder.Packets;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Forwarder.Wire;
using XdpLvs.TestKit;
using Xunit;
using static XdpLvs.Forwarder.Tests.World;

namespace XdpLvs.Forwarder.Tests.Packets;

/// <summary>The straight way does what the way for all frames does, or stands back.</summary>
public sealed class PlainFrameTests
{
    private const int Clients = 24;

    private static readonly Neighbour Peer = new(0xC0000203u, new MacAddress(0x02_00_00_00_00_02));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Two_directors_of_whom_one_knows_no_straight_way_are_always_of_one_mind(int seed)
    {
        var random = new Random(seed);
        using World straight = Build(), other = Build();
        int plain = 0;
        for (int i = 0; i < 200_000; i++)
        {
            byte[] frame = i % 4 == 0 ? Mutated(random) : Valid(random);
            byte[] copy = [.. frame];
            PlainFrame read = default;
            PlainFrame.TryRead(frame, straight.Table, ref read);
            plain += read.Size > 0 ? 1 : 0;

            Assert.Equal(RouteAsAny(other, copy), straight.Route(frame));
            Assert.Equal(copy, frame);
            straight.Now = other.Now += (uint)random.Next(4000) == 0 ? FlowClock.Ticks(200) : 0;
        }

        Assert.True(plain > 50_000, $"only {plain} frames were plain");
        Assert.Equal(Flows(other), Flows(straight));
        foreach (RealServer real in (RealServer[])[A, B])
        {
            Assert.True(straight.Statistics.Packets(real.Number) > 20_000);
            Assert.Equal(other.Statistics.Packets(real.Number), straight.Statistics.Packets(real.Number));
            Assert.Equal(other.Statistics.Octets(real.Number), straight.Statistics.Octets(real.Number));
        }
    }

    [Fact]
    public void An_unfinished_checksum_is_left_to_the_way_for_all_frames()
    {
        using World world = Build();
        Assert.True(IsPlain(world, ToWeb.Tcp(TcpControl.Ack)));
        Assert.False(IsPlain(world, (ToWeb with { Checksum = ChecksumKind.Partial }).Tcp(TcpControl.Ack)));
        Assert.True(IsPlain(world, ToDns.Udp()));
        Assert.False(IsPlain(world, (ToDns with { Checksum = ChecksumKind.Partial }).Udp()));
    }

    [Theory]
    [InlineData(TcpControl.Ack, true)]
    [InlineData(TcpControl.None, false)]
    [InlineData(TcpControl.Syn, false)]
    [InlineData(TcpControl.Ack | TcpControl.Syn, false)]
    [InlineData(TcpControl.Ack | TcpControl.Fin, false)]
    [InlineData(TcpControl.Ack | TcpControl.Reset, false)]
    public void Only_a_segment_that_leaves_a_connection_as_it_is_goes_the_straight_way(
        TcpControl control, bool expected)
    {
        using World world = Build();

        Assert.Equal(expected, IsPlain(world, ToWeb.Tcp(control)));
    }

    [Fact]
    public void A_frame_that_a_director_sent_is_looked_at_closely()
    {
        using World world = Build();

        Assert.False(IsPlain(world, (ToWeb with { SourceMac = Director }).Tcp(TcpControl.Ack)));
        Assert.False(IsPlain(world, (ToWeb with { SourceMac = Peer.Mac }).Tcp(TcpControl.Ack)));
    }

    private static bool IsPlain(World world, byte[] frame)
    {
        PlainFrame plain = default;
        return PlainFrame.TryRead(frame, world.Table, ref plain);
    }

    private static World Build()
    {
        var world = new World();
        world.Table = new ForwardingTable(
            Director,
            [Service(Web, A, B), Service(Dns, A with { Mtu = 100 }, Real(1, 1), Real(2) with { Mac = default })],
            [Peer],
            Silent);
        return world;
    }

    private static Outcome RouteAsAny(World world, byte[] frame)
    {
        Outcome outcome = world.Router.Read(frame, world.Table, out Packet packet);
        return outcome == Outcome.Forwarded
            ? world.Router.Decide(frame, ref packet, world.Table, world.Now, out _)
            : outcome;
    }

    private static List<FlowEntry> Flows(World world)
    {
        var entries = new List<FlowEntry>();
        world.Flows.Visit(world.Now, entries.Add);
        return entries;
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
            FromPort = (ushort)(1000 + random.Next(Clients)),
            SourceMac = random.Next(20) switch { 0 => Peer.Mac, 1 => Director, _ => Gateway },
            TimeToLive = (byte)(random.Next(10) == 0 ? random.Next(3) : 64),
            FragmentBits = (ushort)(random.Next(2) * 0x4000),
            Checksum = random.Next(10) == 0 ? ChecksumKind.Partial : ChecksumKind.Complete,
            Payload = new byte[random.Next(128)],
            Padding = random.Next(8),
        };
        TcpControl control = random.Next(5) > 0 ? TcpControl.Ack : (TcpControl)random.Next(32) & TcpControl.All;
        return random.Next(2) == 0 ? (builder with { ToPort = 53 }).Udp() : builder.Tcp(control);
    }
}
