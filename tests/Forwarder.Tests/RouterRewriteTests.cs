using System;
using System.Linq;
using CsCheck;
using PacketDotNet;
using XdpLvs.Forwarder.Wire;
using XdpLvs.TestKit;
using Xunit;
using static XdpLvs.Forwarder.Tests.World;

namespace XdpLvs.Forwarder.Tests;

/// <summary>
/// LVS-DR: both MACs, one hop and the header's checksum change, nothing else. PacketDotNet reads the result.
/// </summary>
public sealed class RouterRewriteTests : IDisposable
{
    private static readonly int[] Rewritten = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 22, 24, 25];

    private static readonly Gen<(FrameBuilder Frame, bool IsTcp)> AnyFrame =
        from isTcp in Gen.Bool
        from payload in Gen.Byte.Array[0, 301]
        from options in Gen.Int[0, 10]
        from hops in Gen.Byte[2, 255]
        from client in Gen.UInt
        from port in Gen.UShort
        from padding in Gen.Int[0, 20]
        select ((isTcp ? ToWeb : ToDns) with
        {
            Payload = payload, OptionWords = options, TimeToLive = hops, From = client, FromPort = port,
            Padding = padding,
        }, isTcp);

    private readonly World _world = new(Service(Web, A), Service(Dns, A));

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Rewrites_both_MACs_the_hop_count_and_its_checksum()
    {
        byte[] frame = ToWeb.Tcp(TcpControl.Syn);
        byte[] before = [.. frame];

        Assert.Equal(Outcome.Forwarded, _world.Route(frame));

        Assert.Equal("020000000100", Convert.ToHexString(frame.AsSpan(0, 6)));
        Assert.Equal("020000000001", Convert.ToHexString(frame.AsSpan(6, 6)));
        Assert.Equal(63, frame[22]);
        Assert.Equal([], Enumerable.Range(0, frame.Length).Where(i => frame[i] != before[i]).Except(Rewritten));
    }

    [Fact]
    public void A_complete_checksum_is_left_untouched() =>
        AnyFrame.Sample(
            given =>
            {
                byte[] frame = Build(given.Frame, given.IsTcp), before = [.. frame];
                Assert.Equal(Outcome.Forwarded, _world.Route(frame));
                Assert.Equal([], Enumerable.Range(0, frame.Length).Where(i => frame[i] != before[i]).Except(Rewritten));
                ChecksAreRight(frame, given.IsTcp);
            },
            seed: "0000KOIPe036", iter: 2000, threads: 1);

    [Fact]
    public void A_partial_checksum_is_completed() =>
        AnyFrame.Sample(
            given =>
            {
                byte[] frame = Build(given.Frame with { Checksum = ChecksumKind.Partial }, given.IsTcp);
                byte[] whole = Build(given.Frame, given.IsTcp);
                Assert.Equal(Outcome.Forwarded, _world.Route(frame));
                Assert.Equal(Outcome.Forwarded, _world.Route(whole));
                Assert.Equal(whole, frame);
                ChecksAreRight(frame, given.IsTcp);
            },
            seed: "0000KOIPe036", iter: 2000, threads: 1);

    [Fact]
    public void A_datagram_without_a_checksum_stays_without()
    {
        byte[] frame = (ToDns with { Checksum = ChecksumKind.Zero, Payload = [1, 2, 3] }).Udp();

        Assert.Equal(Outcome.Forwarded, _world.Route(frame));

        Assert.Equal((0, 0), (frame[40], frame[41]));
    }

    [Fact]
    public void A_datagram_whose_sum_comes_out_as_zero_carries_all_ones()
    {
        byte[] payload = [0, 0];
        byte[] probe = (ToDns with { Payload = payload }).Udp();
        payload = [probe[40], probe[41]]; // adds the complement of the rest: the sum becomes all ones

        byte[] frame = (ToDns with { Payload = payload, Checksum = ChecksumKind.Partial }).Udp();
        Assert.Equal(Outcome.Forwarded, _world.Route(frame));

        Assert.Equal((0xFF, 0xFF), (frame[40], frame[41]));
    }

    [Fact]
    public void The_header_checksum_is_right_for_every_hop_count()
    {
        for (int hops = 2; hops <= 255; hops++)
        {
            for (int address = 0; address < 300; address++)
            {
                FrameBuilder client = ToWeb with { TimeToLive = (byte)hops, From = (uint)(address * 251) };
                byte[] frame = client.Tcp(TcpControl.Syn);
                Assert.Equal(Outcome.Forwarded, _world.Route(frame));
                byte[] repaired = [.. frame];
                FrameBuilder.RepairIpv4Checksum(repaired);
                Assert.Equal(repaired, frame);
            }
        }
    }

    [Fact]
    public void An_error_is_passed_on_without_a_touch_to_what_it_says()
    {
        _world.Syn();
        byte[] answer = (ToWeb with { From = Vip, FromPort = 80, To = Client, ToPort = ClientPort })
            .Tcp(TcpControl.Ack);
        byte[] frame = (ToWeb with { From = 0x0A000001 }).IcmpError(3, answer, 20), before = [.. frame];

        Assert.Equal(Outcome.Forwarded, _world.Route(frame));

        Assert.Equal(before[26..], frame[26..]);
        Assert.True(((IPv4Packet)Packet.ParsePacket(LinkLayers.Ethernet, frame).PayloadPacket).ValidIPChecksum);
    }

    private static byte[] Build(FrameBuilder frame, bool isTcp) => isTcp ? frame.Tcp(TcpControl.Syn) : frame.Udp();

    private static void ChecksAreRight(byte[] frame, bool isTcp)
    {
        var packet = (IPv4Packet)Packet.ParsePacket(LinkLayers.Ethernet, frame).PayloadPacket;
        Assert.True(packet.ValidIPChecksum);
        Assert.True(isTcp
            ? ((TcpPacket)packet.PayloadPacket).ValidTcpChecksum
            : ((UdpPacket)packet.PayloadPacket).ValidUdpChecksum);
    }
}
