using System;
using XdpLvs.Forwarder.Wire;
using XdpLvs.TestKit;
using Xunit;
using static XdpLvs.Forwarder.Tests.World6;

namespace XdpLvs.Forwarder.Tests.Wire;

/// <summary>The doors of the IPv6 header and of the extension headers behind it.</summary>
public sealed class Ipv6ViewTests
{
    private const byte Tcp = 6, NoNext = 59, Esp = 50;

    [Theory]
    [InlineData(0x60, 0, 40, true)]
    [InlineData(0x6F, 0, 40, true)] // a traffic class
    [InlineData(0x60, 0, 39, false)] // one octet short
    [InlineData(0x60, 1, 40, false)] // claims one octet more than there is
    [InlineData(0x60, 1, 60, true)] // link padding
    [InlineData(0x60, 65535, 65575, true)]
    [InlineData(0x60, 65535, 65574, false)]
    [InlineData(0x45, 0, 40, false)] // version 4
    public void Opens_when_its_lengths_agree(byte first, ushort length, int octets, bool opens)
    {
        byte[] packet = new byte[octets];
        packet[0] = first;
        packet[4] = (byte)(length >> 8);
        packet[5] = (byte)(length & 0xFF);

        Assert.Equal(opens, Ipv6View.TryOpen(packet, out Ipv6View view));
        Assert.True(!opens || view.Payload.Length == length);
    }

    [Fact]
    public void Reads_what_stands_there()
    {
        byte[] frame = (ToDns6 with { TimeToLive = 7, Padding = 5 }).Udp();

        Assert.True(Ipv6View.TryOpen(frame.AsSpan(14), out Ipv6View view));
        Assert.Equal((Client6, Vip6, (byte)17, (byte)7), (view.Source, view.Target, view.NextHeader, view.HopLimit));
        Assert.Equal(8, view.Payload.Length);
        Assert.True(view.HasFlowAddresses);
    }

    [Fact]
    public void A_quoted_packet_may_be_cut()
    {
        byte[] packet = ToDns6.Udp()[14..];
        Assert.True(Ipv6View.TryOpenQuoted(packet.AsSpan(0, 43), out Ipv6View view));
        Assert.Equal(3, view.Payload.Length);
        Assert.False(Ipv6View.TryOpenQuoted(packet.AsSpan(0, 39), out _));
    }

    [Theory]
    [InlineData(0, 8)]
    [InlineData(7, 64)]
    [InlineData(8, 0)] // longer than one that is stepped over
    [InlineData(255, 0)]
    public void A_header_is_stepped_over_if_it_is_not_too_long(byte length, int size)
    {
        byte[] octets = new byte[2100];
        (octets[0], octets[1]) = (Tcp, length);

        Assert.True(TryWalk(Ipv6ChainView.Options, octets, out Ipv6ChainView view));

        Assert.Equal((size, size > 0 ? Tcp : Ipv6ChainView.Options), (view.Size, view.Protocol));
    }

    [Theory]
    [InlineData(0, 8)]
    [InlineData(4, 24)]
    [InlineData(14, 64)]
    [InlineData(16, 0)]
    [InlineData(5, 0)] // fills no units of eight octets
    public void An_authentication_header_counts_its_length_otherwise(byte length, int size)
    {
        byte[] octets = new byte[100];
        (octets[0], octets[1]) = (Tcp, length);

        Assert.True(TryWalk(Ipv6ChainView.Authentication, octets, out Ipv6ChainView view));

        Assert.Equal(size, view.Size);
    }

    [Theory]
    [InlineData(Ipv6ChainView.Options, 7)]
    [InlineData(Ipv6ChainView.Options, 0)]
    [InlineData(Ipv6ChainView.Fragment, 7)]
    [InlineData(Ipv6ChainView.Routing, 7)]
    [InlineData(Ipv6ChainView.Authentication, 7)]
    [InlineData(Ipv6ChainView.HopByHop, 1)]
    public void A_header_that_is_cut_opens_nothing(byte type, int octets) =>
        Assert.False(TryWalk(type, new byte[octets], out _));

    [Fact]
    public void A_header_whose_own_length_reaches_too_far_opens_nothing()
    {
        byte[] octets = new byte[16];
        octets[1] = 2;

        Assert.False(TryWalk(Ipv6ChainView.Options, octets.AsSpan(0, 16), out _));
        octets[1] = 1;
        Assert.True(TryWalk(Ipv6ChainView.Options, octets.AsSpan(0, 16), out _));
    }

    [Theory]
    [InlineData(Tcp)]
    [InlineData(NoNext)]
    [InlineData(Esp)]
    public void What_is_no_extension_ends_the_walk_at_once(byte protocol)
    {
        Assert.True(TryWalk(protocol, [], out Ipv6ChainView view));
        Assert.Equal((protocol, 0, false), (view.Protocol, view.Size, view.IsFragment));
    }

    [Fact]
    public void Four_headers_are_stepped_over_and_no_fifth()
    {
        byte[] octets = new byte[40];
        (octets[0], octets[8], octets[16], octets[24]) = (60, 60, 60, Tcp);
        Assert.True(TryWalk(Ipv6ChainView.HopByHop, octets, out Ipv6ChainView view));
        Assert.Equal((Tcp, 32), (view.Protocol, view.Size));

        (octets[24], octets[32]) = (60, Tcp);
        Assert.True(TryWalk(Ipv6ChainView.HopByHop, octets, out view));
        Assert.Equal((Ipv6ChainView.Options, 32), (view.Protocol, view.Size));
    }

    [Fact]
    public void Where_fewer_are_allowed_fewer_are_stepped_over()
    {
        byte[] octets = new byte[24];
        (octets[0], octets[8]) = (60, 60);

        Assert.True(Ipv6ChainView.TryOpen(
            Ipv6ChainView.HopByHop, octets, Ipv6ChainView.QuotedHeadersMax, out Ipv6ChainView view));

        Assert.Equal((Ipv6ChainView.Options, 16), (view.Protocol, view.Size));
    }

    [Fact]
    public void Hop_by_hop_options_come_first_or_end_the_walk()
    {
        byte[] octets = new byte[16];
        Assert.True(TryWalk(Ipv6ChainView.Options, octets, out Ipv6ChainView view));
        Assert.Equal((Ipv6ChainView.HopByHop, 8), (view.Protocol, view.Size));
    }

    [Fact]
    public void Segments_left_end_the_walk()
    {
        byte[] header = ExtensionHeader.Routing(segmentsLeft: 1).Octets;
        Assert.True(TryWalk(Ipv6ChainView.Routing, header, out Ipv6ChainView view));
        Assert.Equal((Ipv6ChainView.Routing, 0), (view.Protocol, view.Size));
    }

    [Theory]
    [InlineData(0, false, false, false)] // atomic: whole
    [InlineData(0, true, true, false)]
    [InlineData(8, true, true, true)]
    [InlineData(65528, false, true, true)]
    public void A_fragment_header_says_which_piece_it_is(int offset, bool more, bool isFragment, bool isLater)
    {
        byte[] octets = new byte[24];
        ExtensionHeader.Fragment(offset, more, id: 0xFEDCBA98).Octets.CopyTo(octets, 0);
        (octets[0], octets[8]) = (60, Tcp);

        Assert.True(TryWalk(Ipv6ChainView.Fragment, octets, out Ipv6ChainView view));

        Assert.Equal((isFragment, isLater), (view.IsFragment, view.IsLaterFragment));
        Assert.Equal(isFragment ? (60, 8) : (Tcp, 16), ((int)view.Protocol, view.Size)); // a piece ends the walk
        Assert.True(!isFragment || view.Identification == 0xFEDCBA98);
    }

    private static bool TryWalk(byte first, ReadOnlySpan<byte> octets, out Ipv6ChainView view) =>
        Ipv6ChainView.TryOpen(first, octets, Ipv6ChainView.HeadersMax, out view);
}
