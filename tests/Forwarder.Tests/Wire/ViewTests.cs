using System;
using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux.Tests;
using Xunit;
using static XdpLvs.Forwarder.Tests.World;

namespace XdpLvs.Forwarder.Tests.Wire;

/// <summary>Every door: whole, one octet short, lying about its lengths.</summary>
public sealed class ViewTests
{
    [Theory]
    [InlineData(14, true)]
    [InlineData(13, false)]
    [InlineData(0, false)]
    public void Ethernet_opens_with_a_whole_header(int octets, bool opens) =>
        Assert.Equal(opens, EthernetView.TryOpen(new byte[octets], out _));

    [Fact]
    public void Ethernet_reads_what_stands_there()
    {
        byte[] frame = Convert.FromHexString("0200000000010200000000FE0800AABB");

        Assert.True(EthernetView.TryOpen(frame, out EthernetView view));
        Assert.Equal((Director, Gateway, (ushort)0x0800), (view.Target, view.Source, view.Type));
        Assert.Equal("AABB", Convert.ToHexString(view.Payload));
    }

    [Theory]
    [InlineData("8100", 18, true)]
    [InlineData("8100", 17, false)]
    [InlineData("88A8 0001 8100", 22, true)]
    [InlineData("88A8 0001 8100", 21, false)]
    [InlineData("8100 0001 8100 0001 8100", 22, true)] // a third tag is payload
    public void Ethernet_opens_with_whole_tags(string types, int octets, bool opens)
    {
        byte[] frame = new byte[octets], tags = Convert.FromHexString(types.Replace(" ", "", StringComparison.Ordinal));
        tags.CopyTo(frame, 12);

        Assert.Equal(opens, EthernetView.TryOpen(frame, out EthernetView view));
        Assert.True(!opens || (view.Size == octets && view.Payload.IsEmpty));
    }

    [Fact]
    public void Ethernet_reads_the_type_behind_the_tags()
    {
        Assert.True(EthernetView.TryOpen((ToWeb with { Tags = World6.OneTag }).Udp(), out EthernetView view));
        Assert.Equal((18, EthernetView.TypeIpv4), (view.Size, view.Type));
        Assert.True(EthernetView.TryOpen((World6.ToWeb6 with { Tags = World6.TwoTags }).Udp(), out view));
        Assert.Equal((22, EthernetView.TypeIpv6), (view.Size, view.Type));
    }

    [Theory]
    [InlineData(0x45, 20, 20, true)]
    [InlineData(0x45, 20, 19, false)] // one octet short
    [InlineData(0x45, 21, 20, false)] // claims one octet more than there is
    [InlineData(0x45, 20, 46, true)] // link padding
    [InlineData(0x45, 19, 46, false)] // ends inside its own header
    [InlineData(0x46, 24, 24, true)]
    [InlineData(0x46, 24, 23, false)]
    [InlineData(0x46, 20, 24, false)] // options outside the packet
    [InlineData(0x4F, 60, 60, true)]
    [InlineData(0x4F, 60, 59, false)]
    [InlineData(0x44, 20, 20, false)] // a header of sixteen octets
    [InlineData(0x65, 20, 20, false)] // version 6
    public void Ipv4_opens_when_its_lengths_agree(byte first, ushort total, int octets, bool opens)
    {
        byte[] packet = new byte[octets];
        packet[0] = first;
        packet[2] = (byte)(total >> 8);
        packet[3] = (byte)(total & 0xFF);

        Assert.Equal(opens, Ipv4View.TryOpen(packet, out _));
    }

    [Fact]
    public void Ipv4_leaves_link_padding_out()
    {
        byte[] frame = (ToWeb with { Payload = [1, 2, 3], Padding = 9 }).Tcp(TcpControl.Ack);

        Assert.True(Ipv4View.TryOpen(frame.AsSpan(14), out Ipv4View view));
        Assert.Equal(20 + 3, view.Payload.Length);
    }

    [Fact]
    public void Ipv4_reads_what_stands_there()
    {
        byte[] frame = (ToWeb with { TimeToLive = 7, OptionWords = 2 }).Udp();

        Assert.True(Ipv4View.TryOpen(frame.AsSpan(14), out Ipv4View view));
        Assert.Equal((Client, Vip, Udp, (byte)7), (view.Source, view.Target, view.Protocol, view.TimeToLive));
        Assert.True(view.HasValidChecksum);
        Assert.Equal(8, view.Payload.Length);
    }

    [Theory]
    [InlineData(0x0000, false, false)]
    [InlineData(0x4000, false, false)] // don't fragment
    [InlineData(0x8000, false, false)] // the reserved bit
    [InlineData(0x2000, true, false)] // the first of several
    [InlineData(0x2001, true, true)]
    [InlineData(0x0001, true, true)] // the last
    public void Ipv4_knows_a_fragment(int bits, bool isFragment, bool isLater)
    {
        byte[] frame = (ToWeb with { FragmentBits = (ushort)bits }).Udp();

        Assert.True(Ipv4View.TryOpen(frame.AsSpan(14), out Ipv4View view));
        Assert.Equal((isFragment, isLater), (view.IsFragment, view.IsLaterFragment));
        Assert.Equal(0x1234, view.Identification);
    }

    [Theory]
    [InlineData(Tcp, 20, true)]
    [InlineData(Tcp, 19, false)]
    [InlineData(Udp, 8, true)]
    [InlineData(Udp, 7, false)]
    [InlineData(1, 60, false)]
    [InlineData(132, 16, true)] // SCTP, with the header of its first chunk
    [InlineData(132, 15, false)]
    [InlineData(58, 60, false)]
    public void Transport_opens_for_a_whole_header_of_TCP_UDP_or_SCTP(byte protocol, int octets, bool opens) =>
        Assert.Equal(opens, TransportView.TryOpen(protocol, new byte[octets], out _));

    [Fact]
    public void Transport_reads_ports_and_the_control_bits_that_count()
    {
        byte[] frame = ToWeb.Tcp((TcpControl)0xFF);

        Assert.True(TransportView.TryOpen(Tcp, frame.AsSpan(34), out TransportView view));
        Assert.Equal((ClientPort, (ushort)80), (view.SourcePort, view.TargetPort));
        Assert.Equal(TcpControl.Fin | TcpControl.Syn | TcpControl.Reset | TcpControl.Ack, view.Flags);
    }

    [Fact]
    public void Transport_reads_the_first_chunk()
    {
        byte[] frame = World6.ToSignal.Sctp(14);

        Assert.True(TransportView.TryOpen(132, frame.AsSpan(34), out TransportView view));
        Assert.Equal((ClientPort, (ushort)2905, (byte)14), (view.SourcePort, view.TargetPort, view.Chunk));
        Assert.Equal(TcpControl.None, view.Flags);
    }

    [Theory]
    [InlineData("0A000004 06000004", 6)]
    [InlineData("0B000004 06000004", 6)]
    [InlineData("0A000006AABB0000 06000004", 6)] // padded
    [InlineData("0A000006AABB 06000004", 10)] // not padded: what lies at its end is no chunk
    [InlineData("0A000004 00000004", 10)]
    [InlineData("0A000004 060000", 10)] // cut off
    [InlineData("0A000003 06000004", 10)] // shorter than its own header
    [InlineData("0AFFFFFF 06000004", 10)]
    [InlineData("03000004 06000004", 3)] // SACK: the kernel looks no further
    public void An_abort_behind_a_cookie_counts(string chunks, byte type)
    {
        byte[] packet = [.. new byte[12], .. Hex.Octets(chunks)];

        Assert.True(TransportView.TryOpen(132, packet, out TransportView view));
        Assert.Equal(type, view.Chunk);
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(11, true)]
    [InlineData(12, true)]
    [InlineData(0, false)]
    [InlineData(4, false)] // source quench, RFC 6633: ignored
    [InlineData(5, false)]
    [InlineData(8, false)]
    public void Icmp_errors_quote_a_flow_and_other_messages_do_not(byte type, bool quotes)
    {
        byte[] frame = ToWeb.IcmpError(type, ToWeb.Tcp(TcpControl.Ack));

        Assert.True(IcmpErrorView.TryOpen(frame.AsSpan(34), out IcmpErrorView view));
        Assert.Equal(quotes, view.QuotesFlow);
    }

    [Theory]
    [InlineData(8, true)]
    [InlineData(7, false)]
    [InlineData(0, false)]
    public void Icmp_needs_its_own_header(int octets, bool opens)
    {
        byte[] message = new byte[octets];
        message.AsSpan(0, Math.Min(1, octets)).Fill(8);

        Assert.Equal(opens, IcmpErrorView.TryOpen(message, out _));
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(3, false)]
    [InlineData(0, false)]
    public void Icmp_needs_both_quoted_ports(int octets, bool opens)
    {
        byte[] frame = ToWeb.IcmpError(3, ToWeb.Tcp(TcpControl.Ack), octets);

        Assert.Equal(opens, IcmpErrorView.TryOpen(frame.AsSpan(34), out _));
    }

    [Fact]
    public void Icmp_turns_the_quoted_direction_round()
    {
        byte[] answer = (ToWeb with { From = Vip, FromPort = 80, To = Client, ToPort = 50_000, OptionWords = 1 })
            .Tcp(TcpControl.Ack);

        Assert.True(IcmpErrorView.TryOpen(ToWeb.IcmpError(3, answer).AsSpan(34), out IcmpErrorView view));
        Assert.Equal(new FlowKey(Client, 50_000, Web), view.Flow);
    }

    [Fact]
    public void A_MAC_address_prints_as_ip_link_does() =>
        Assert.Equal("02:00:00:00:00:fe", Gateway.ToString());
}
