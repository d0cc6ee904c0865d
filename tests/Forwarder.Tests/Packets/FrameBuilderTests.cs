using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using PacketDotNet;
using XdpLvs.Forwarder.Wire;
using XdpLvs.TestKit;
using Xunit;
using static XdpLvs.Forwarder.Tests.World;
using static XdpLvs.Forwarder.Tests.World6;

namespace XdpLvs.Forwarder.Tests.Packets;

/// <summary>What the tests send is what it claims to be: PacketDotNet reads it, where it can.</summary>
public sealed class FrameBuilderTests
{
    [Fact]
    public void Segments_of_IPv6_are_read_by_another_reader()
    {
        var ip = Read<IPv6Packet>((ToWeb6 with { Payload = [1, 2, 3], TimeToLive = 9 }).Tcp(TcpControl.Syn));
        Assert.Equal((Client6.ToNet(), Vip6.ToNet(), 9), (ip.SourceAddress, ip.DestinationAddress, ip.HopLimit));
        Assert.Equal(23, ip.PayloadLength);
        var tcp = (TcpPacket)ip.PayloadPacket;
        Assert.True(tcp.ValidTcpChecksum);
        Assert.Equal((ClientPort, (ushort)80, true), (tcp.SourcePort, tcp.DestinationPort, tcp.Synchronize));

        var udp = (UdpPacket)Read<IPv6Packet>((ToDns6 with { Payload = [1, 2, 3] }).Udp()).PayloadPacket;
        Assert.True(udp.ValidUdpChecksum);
        Assert.Equal((11, 53), (udp.Length, udp.DestinationPort));
    }

    [Fact]
    public void Extension_headers_are_read_by_another_reader()
    {
        ExtensionHeader[] chain =
            [ExtensionHeader.HopByHop(16), ExtensionHeader.Routing(), ExtensionHeader.Fragment(0, false, 0x1234)];
        var ip = Read<IPv6Packet>((ToDns6 with { Extensions = chain, Payload = [5] }).Udp());

        ProtocolType[] types = [.. ip.ExtensionHeaders.Take(3).Select(header => header.Header)]; // it lists one more
        Assert.Equal(
            [ProtocolType.IPv6HopByHopOptions, ProtocolType.IPv6RoutingHeader, ProtocolType.IPv6FragmentHeader], types);

        ip = Read<IPv6Packet>((ToDns6 with { Extensions = [ExtensionHeader.Options(16)] }).Udp());
        Assert.Equal(53, ((UdpPacket)ip.PayloadPacket).DestinationPort);
    }

    [Fact]
    public void Tags_are_read_by_another_reader()
    {
        var tag = Read<Ieee8021QPacket>((ToWeb6 with { Tags = OneTag }).Tcp(TcpControl.Ack));
        Assert.Equal((0x64, EthernetType.IPv6), (tag.VlanIdentifier, tag.Type));
        Assert.IsType<IPv6Packet>(tag.PayloadPacket);

        byte[] frame = (ToWeb with { Tags = TwoTags }).Tcp(TcpControl.Ack);
        Assert.Equal("88A820648100000A0800", Convert.ToHexString(frame.AsSpan(12, 10)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Errors_of_ICMPv6_are_read_by_another_reader(byte type)
    {
        byte[] quoted = Answer(ToWeb6).Tcp(TcpControl.Ack);
        var ip = Read<IPv6Packet>((ToWeb6 with { From = Parse("2001:db8::7") }).IcmpError(type, quoted, 20, 0, 1280));

        var icmp = (IcmpV6Packet)ip.PayloadPacket;
        Assert.True(icmp.ValidIcmpChecksum);
        Assert.Equal((IcmpV6Type)type, icmp.Type);
        Assert.Equal(quoted[14..], icmp.Bytes[8..]);
        Assert.Equal("00000500", Convert.ToHexString(icmp.Bytes.AsSpan(4, 4)));
    }

    [Fact]
    public void Pieces_of_IPv4_are_read_by_another_reader()
    {
        byte[] whole = (ToDns with { Payload = new byte[50] }).Udp();
        IReadOnlyList<byte[]> pieces = Fragments.Of(whole, 24, 0x77);

        IPv4Packet[] read = [.. pieces.Select(Read<IPv4Packet>)];
        Assert.All(read, piece => Assert.True(piece.ValidIPChecksum));
        Assert.Equal([0, 3, 6], read.Select(piece => (int)piece.FragmentOffset));
        Assert.Equal([1, 1, 0], read.Select(piece => (int)piece.FragmentFlags));
        Assert.Equal(whole[34..], pieces.SelectMany(piece => piece[34..]));
    }

    [Fact]
    public void Pieces_of_IPv6_make_the_whole_again()
    {
        byte[] whole = (ToDns6 with { Payload = new byte[50], Tags = OneTag }).Udp();

        IReadOnlyList<byte[]> pieces = Fragments.Of(whole, 24, 0x77);

        Assert.Equal(whole[58..], pieces.SelectMany(piece => piece[66..]));
        Assert.Equal(
            ["1100000100000077", "1100001900000077", "1100003000000077"],
            pieces.Select(piece => Convert.ToHexString(piece.AsSpan(58, 8))));
        Assert.Equal([32, 32, 18], pieces.Select(piece => (piece[22] << 8) | piece[23]));
    }

    /// <summary>The check value that every list of CRCs gives for this polynomial, and RFC 3720 B.4's zeros.</summary>
    [Fact]
    public void The_checksum_of_SCTP_is_Castagnoli_s()
    {
        Assert.Equal(0xE3069283, Crc32c.Of(Encoding.ASCII.GetBytes("123456789")));
        Assert.Equal(0x8A9136AAu, Crc32c.Of(new byte[32]));
        Assert.Equal(0u, Crc32c.Of([]));

        byte[] frame = (ToSignal with { Payload = [1, 2, 3, 4, 5] }).Sctp(1), segment = frame[34..];
        uint stands = BitConverter.ToUInt32(segment, 8);
        segment.AsSpan(8, 4).Clear();
        Assert.Equal(stands, Crc32c.Of(segment));
        Assert.Equal(12 + 4 + 8, segment.Length); // three of them padding
    }

    private static TPacket Read<TPacket>(byte[] frame)
        where TPacket : Packet => (TPacket)Packet.ParsePacket(LinkLayers.Ethernet, frame).PayloadPacket;
}
