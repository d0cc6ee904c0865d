using System.Linq;
using XdpLvs.Forwarder.Packets;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux;
using XdpLvs.TestKit;
using Xunit;
using static XdpLvs.Forwarder.Tests.World;
using static XdpLvs.Forwarder.Tests.World6;

namespace XdpLvs.Forwarder.Tests.Packets;

/// <summary>What is understood, what is left to the kernel, and what lies about itself.</summary>
public sealed class PacketReaderTests
{
    private const byte Icmp = 1, Icmpv6 = 58;

    public static TheoryData<int> Valid => [.. Enumerable.Range(0, ValidFrames.All.Count)];

    [Theory]
    [MemberData(nameof(Valid))]
    public void Reads_kind_flow_and_places(int index)
    {
        ValidFrame frame = ValidFrames.All[index];

        Assert.Equal((frame, Outcome.Forwarded), (frame, Read(frame.Octets, out Packet packet)));

        int network = FrameBuilder.NetworkAt(frame.Octets);
        bool isV4 = frame.Flow.Service.Address.IsV4;
        Assert.Equal(frame.Kind, packet.Kind);
        Assert.Equal(FlowId.Of(frame.Flow), packet.Flow);
        Assert.Equal(frame.Flow.Service.Protocol, packet.Protocol);
        Assert.Equal((isV4, frame.IsFragment), (packet.IsV4, packet.IsFragment));
        Assert.Equal((Gateway, (byte)64), (packet.Sender, packet.Hops));
        Assert.Equal((network, frame.Octets.Length), (packet.NetworkAt, packet.End));
        Assert.InRange(packet.TransportAt, network + (isV4 ? 20 : 40), frame.Octets.Length);
        Assert.True(isV4 || packet.MayNotFragment);
    }

    [Theory]
    [MemberData(nameof(Valid))]
    public void Cut_anywhere_it_is_malformed(int index)
    {
        ValidFrame frame = ValidFrames.All[index];
        for (int length = 0; length < frame.Octets.Length; length++)
        {
            Assert.Equal((frame, length, Outcome.Malformed), (frame, length, Read(frame.Octets[..length], out _)));
        }
    }

    /// <summary>An IPv6 packet may be cut so that its lengths still agree: by whoever changes its payload length.</summary>
    [Theory]
    [MemberData(nameof(Valid))]
    public void Cut_with_its_length_made_right_it_does_no_harm(int index)
    {
        ValidFrame frame = ValidFrames.All[index];
        int network = FrameBuilder.NetworkAt(frame.Octets), header = frame.Flow.Service.Address.IsV4 ? 20 : 40;
        for (int length = network + header; length < frame.Octets.Length; length++)
        {
            byte[] cut = frame.Octets[..length];
            int total = length - network - (header == 20 ? 0 : 40);
            (cut[network + (header == 20 ? 2 : 4)], cut[network + (header == 20 ? 3 : 5)]) =
                ((byte)(total >> 8), (byte)(total & 0xFF));
            if (header == 20 && network + ((cut[network] & 0x0F) * 4) <= length)
            {
                FrameBuilder.RepairIpv4Checksum(cut);
            }

            Outcome outcome = Read(cut, out Packet packet);
            Assert.True(outcome is Outcome.Malformed or Outcome.Forwarded, $"{frame.Name} cut at {length}: {outcome}");
            Assert.True(outcome == Outcome.Malformed || packet.Kind == frame.Kind);
        }
    }

    [Theory]
    [MemberData(nameof(Valid))]
    public void Another_station_s_frame_is_not_ours(int index)
    {
        byte[] frame = [.. ValidFrames.All[index].Octets];
        frame[5] ^= 1;

        Assert.Equal(Outcome.NotOurs, Read(frame, out _));
    }

    [Fact]
    public void Link_padding_is_no_part_of_the_packet()
    {
        foreach (FrameBuilder frame in (FrameBuilder[])[ToDns, ToDns6, ToDns6 with { Tags = OneTag }])
        {
            byte[] padded = (frame with { Padding = 11 }).Udp();
            Assert.Equal(Outcome.Forwarded, Read(padded, out Packet packet));
            Assert.Equal(padded.Length - 11, packet.End);
        }
    }

    [Fact]
    public void Reads_what_decides_a_connection_s_state()
    {
        Assert.Equal(Outcome.Forwarded, Read(ToWeb6.Tcp(TcpControl.Fin | TcpControl.Ack), out Packet packet));
        Assert.Equal((TcpControl.Fin | TcpControl.Ack, (byte)0), (packet.Control, packet.Chunk));

        Assert.Equal(Outcome.Forwarded, Read(ToSignal.Sctp(10), out packet));
        Assert.Equal((TcpControl.None, (byte)10), (packet.Control, packet.Chunk));
    }

    [Fact]
    public void Pieces_say_of_which_packet_they_are()
    {
        byte[] large = (ToDns with { Payload = new byte[100] }).Udp();
        Assert.Equal(14, Fragments.Of(large, 8, 0xBEEF).Count);
        foreach (byte[] piece in Fragments.Of(large, 8, 0xBEEF))
        {
            Assert.Equal(Outcome.Forwarded, Read(piece, out Packet packet));
            Assert.Equal(new FragmentId(Client, Vip, 0xBEEF, Udp), packet.Fragment);
        }

        foreach (byte[] piece in Fragments.Of((ToDns6 with { Payload = new byte[100] }).Udp(), 16, 0x89ABCDEF))
        {
            Assert.Equal(Outcome.Forwarded, Read(piece, out Packet packet));
            Assert.Equal(new FragmentId(Client6, Vip6, 0x89ABCDEF, 0), packet.Fragment);
        }
    }

    [Fact]
    public void Only_the_first_piece_names_its_ports()
    {
        foreach (FrameBuilder request in (FrameBuilder[])[ToDns, ToDns6, ToDns6 with { Tags = TwoTags }])
        {
            int number = 0;
            foreach (byte[] piece in Fragments.Of((request with { Payload = new byte[64] }).Udp(), 16, 7))
            {
                Assert.Equal(Outcome.Forwarded, Read(piece, out Packet packet));
                FlowKey flow = packet.Flow.ToKey();
                Assert.Equal(number++ == 0 ? PacketKind.Segment : PacketKind.LaterFragment, packet.Kind);
                Assert.Equal(packet.Kind == PacketKind.Segment ? 53 : 0, flow.Service.Port);
                Assert.Equal((request.From, request.To), (flow.ClientAddress, flow.Service.Address));
            }
        }
    }

    [Fact]
    public void A_first_piece_too_short_for_its_header_is_malformed()
    {
        byte[] piece = Fragments.Of(ToWeb.Tcp(TcpControl.Syn), 8, 1)[0];
        Assert.Equal(Outcome.Malformed, Read(piece, out _));
        Assert.Equal(Outcome.Malformed, Read(Fragments.Of(ToWeb6.Tcp(TcpControl.Syn), 16, 1)[0], out _));
    }

    [Fact]
    public void Pieces_of_what_is_the_kernel_s_are_the_kernel_s()
    {
        byte[] echo = ToWeb.IcmpMessage(8, new byte[64]), echo6 = ToWeb6.IcmpMessage(128, new byte[64]);
        byte[] error = ToWeb.IcmpError(3, Answer(ToWeb).Tcp(TcpControl.Ack), 40);
        Assert.All(Fragments.Of(echo, 16, 1), piece => Assert.Equal(Outcome.NotOurs, Read(piece, out _)));
        Assert.All(Fragments.Of(echo6, 16, 1), piece => Assert.Equal(Outcome.NotOurs, Read(piece, out _)));
        Assert.All(Fragments.Of(error, 24, 1), piece => Assert.Equal(Outcome.NotOurs, Read(piece, out _)));
    }

    [Fact]
    public void Behind_a_fragment_header_only_what_has_ports_is_ours()
    {
        ExtensionHeader options = ExtensionHeader.Options();
        foreach ((int offset, bool more) in ((int, bool)[])[(0, true), (24, false)])
        {
            FrameBuilder piece = ToDns6 with { Extensions = [ExtensionHeader.Fragment(offset, more), options] };
            Assert.Equal(Outcome.NotOurs, Read(piece.Udp(), out _));
        }
    }

    [Theory]
    [InlineData(0x0806)] // ARP
    [InlineData(0x8847)] // MPLS
    [InlineData(0x8100)] // a third tag
    public void Other_types_are_not_ours(ushort type) =>
        Assert.Equal(Outcome.NotOurs, Read((ToWeb with { Type = type, Tags = TwoTags }).Udp(), out _));

    [Theory]
    [InlineData(2)] // IGMP
    [InlineData(Icmpv6)]
    [InlineData(50)] // ESP
    [InlineData(51)] // AH over IPv4
    [InlineData(112)] // VRRP
    public void Other_protocols_are_not_ours(byte protocol) =>
        Assert.Equal(Outcome.NotOurs, Read(ToWeb.Ipv4(protocol, new byte[60]), out _));

    [Theory]
    [InlineData(Icmp)]
    [InlineData(50)] // ESP
    [InlineData(59)] // no next header
    [InlineData(112)]
    [InlineData(135)] // mobility
    public void Other_protocols_of_IPv6_are_not_ours(byte protocol)
    {
        Assert.Equal(Outcome.NotOurs, Read(ToWeb6.Ipv6(protocol, new byte[60]), out _));
        FrameBuilder behind = ToWeb6 with { Extensions = [ExtensionHeader.Options()] };
        Assert.Equal(Outcome.NotOurs, Read(behind.Ipv6(protocol, new byte[60]), out _));
    }

    [Theory]
    [InlineData(128)] // echo request
    [InlineData(129)]
    [InlineData(130)] // multicast listener query
    [InlineData(133)] // router solicitation
    [InlineData(135)] // neighbour solicitation
    [InlineData(136)] // neighbour advertisement
    [InlineData(0)]
    [InlineData(5)] // no error that is known
    public void Neighbour_discovery_and_echo_are_the_kernel_s(byte type) =>
        Assert.Equal(Outcome.NotOurs, Read(ToWeb6.IcmpMessage(type, new byte[60]), out _));

    [Fact]
    public void An_error_about_a_later_piece_or_another_protocol_names_no_flow()
    {
        FrameBuilder piece4 = Answer(ToDns) with { FragmentBits = 0x0003 };
        FrameBuilder piece6 = Answer(ToDns6) with { Extensions = [ExtensionHeader.Fragment(8, more: true)] };
        Assert.Equal(Outcome.NotOurs, Read(ToWeb.IcmpError(3, piece4.Udp()), out _));
        Assert.Equal(Outcome.NotOurs, Read(ToWeb6.IcmpError(1, piece6.Udp(), 60), out _));
        Assert.Equal(Outcome.NotOurs, Read(ToWeb6.IcmpError(1, Answer(ToDns6).Ipv6(50, new byte[20])), out _));
    }

    [Fact]
    public void An_error_of_IPv4_is_believed_only_if_its_checksum_is_right()
    {
        byte[] error = ToWeb.IcmpError(3, Answer(ToWeb).Tcp(TcpControl.Ack));
        error[^1] ^= 1;

        Assert.Equal(Outcome.Malformed, Read(error, out _));
    }

    [Theory]
    [InlineData("::ffff:192.0.2.80")]
    [InlineData("::")]
    public void Addresses_that_no_flow_of_IPv6_has_are_malformed(string text)
    {
        IpAddress address = Parse(text); // as octets of an IPv6 header, which the builder cannot be made to write
        byte[] from = ToWeb6.Tcp(TcpControl.Syn), to = ToWeb6.Tcp(TcpControl.Syn);
        byte[] octets = address.ToNet().MapToIPv6().GetAddressBytes();
        octets.CopyTo(from, 14 + 8);
        octets.CopyTo(to, 14 + 24);
        byte[] service = ToWeb6.IcmpError(1, Answer(ToWeb6).Tcp(TcpControl.Ack)), client = [.. service];
        octets.CopyTo(service, 14 + 40 + 8 + 8);
        octets.CopyTo(client, 14 + 40 + 8 + 24);

        Assert.All((byte[][])[from, to, service, client], frame => Assert.Equal(Outcome.Malformed, Read(frame, out _)));
    }

    [Fact]
    public void A_packet_that_ends_beyond_what_offsets_can_say_is_malformed()
    {
        byte[] largest = new FrameBuilder { TargetMac = Director, From = Client, To = Vip }
            .Ipv4(Udp, new byte[ushort.MaxValue - 20]);

        Assert.Equal(Outcome.Malformed, Read(largest, out _));
    }

    private static Outcome Read(byte[] frame, out Packet packet) => PacketReader.Read(frame, Director, out packet);
}
