using System;
using System.Linq;
using XdpLvs.Linux.Netlink;
using XdpLvs.Linux.Sockets;
using Xunit;

namespace XdpLvs.Linux.Tests.Sockets;

public sealed class VrrpSocketV6Tests
{
    private static readonly IpAddress Group = Parse("ff02::12"), Vip = Parse("fe80::5:100");

    [Fact]
    public void A_multicast_packet_reaches_the_other_side_with_its_header_and_not_its_sender()
    {
        using var network = new TestNetwork();
        (IpAddress source, _) = LinkLocals(network);
        using VrrpSocketV6 here = Open(network, hereSide: true, Group), there = Open(network, hereSide: false, Group);
        byte[] packet = Packet(source, Group), received = new byte[256];

        Assert.Equal(0, here.Send(packet, Group));

        int length = 0;
        Eventually.True(() => there.TryReceive(received, out length), "the packet comes");
        Assert.Equal(packet[4..], received[4..length]); // all but the traffic class, of which nobody is told
        Assert.False(here.TryReceive(received, out _));
        Assert.False(there.TryReceive(received, out length));
        Assert.Equal(0, length);
    }

    [Fact]
    public void A_unicast_packet_reaches_one_that_joined_no_group_and_a_multicast_one_does_not()
    {
        using var network = new TestNetwork();
        (IpAddress source, IpAddress target) = LinkLocals(network);
        using VrrpSocketV6 here = Open(network, hereSide: true, null), there = Open(network, hereSide: false, null);
        byte[] received = new byte[256];

        Assert.Equal(0, here.Send(Packet(source, Group), Group));
        Assert.Equal(0, here.Send(Packet(source, target), target));

        Eventually.True(() => there.TryReceive(received, out _), "the packet comes");
        Assert.Equal(target, IpAddress.FromV6(received.AsSpan(24)));
        Assert.False(there.TryReceive(received, out _));
    }

    [Fact]
    public void A_link_that_is_down_is_an_errno_and_not_an_exception()
    {
        using var network = new TestNetwork();
        (IpAddress source, _) = LinkLocals(network);
        using VrrpSocketV6 here = Open(network, hereSide: true, Group);
        network.IpHere("link set e0 down");

        Assert.NotEqual(0, here.Send(Packet(source, Group), Group));
        Assert.False(here.TryReceive(new byte[256], out _));
    }

    [Fact]
    public void An_address_comes_without_duplicate_detection_and_goes_and_both_are_events()
    {
        using var network = new TestNetwork();
        using RouteEvents events = network.Here.Run(() => new RouteEvents());
        using NetlinkSocket socket = network.OpenRouteHere();
        var addresses = new Addresses(socket);

        Assert.True(addresses.Add(network.HereLink.Index, Vip, 128, flags: Addresses.NoDuplicateDetection));
        Assert.False(addresses.Add(network.HereLink.Index, Vip, 128, flags: Addresses.NoDuplicateDetection));

        AddressInfoV6 added = addresses.DumpV6(network.HereLink.Index).Single(address => address.Address == Vip);
        Assert.Equal((128, true), (added.PrefixLength, added.IsUsable));
        Assert.True(addresses.Remove(network.HereLink.Index, Vip, 128));
        Assert.False(addresses.Remove(network.HereLink.Index, Vip, 128));
        Assert.DoesNotContain(addresses.DumpV6(), address => address.Address == Vip);
        int heard = 0;
        Eventually.True(
            () =>
            {
                heard += events.TryRead(out NetworkEvent happened) && happened.Kind == NetworkEventKind.AddressV6
                    && happened.LinkIndex == network.HereLink.Index ? 1 : 0;
                return heard >= 2;
            },
            "it came and it went");
    }

    private static (IpAddress Here, IpAddress There) LinkLocals(TestNetwork network) => (
        network.Here.Run(() => LinkLocal(network.HereLink.Index)),
        network.There.Run(() => LinkLocal(network.ThereLink.Index)));

    private static IpAddress LinkLocal(int link)
    {
        using NetlinkSocket socket = NetlinkSocket.OpenRoute();
        var addresses = new Addresses(socket);
        IpAddress found = default;
        Eventually.True(
            () =>
            {
                AddressInfoV6 first = addresses.DumpV6(link).FirstOrDefault(address => address.IsUsable);
                found = first.Address;
                return !found.IsNone;
            },
            "duplicate detection ends");
        return found;
    }

    private static VrrpSocketV6 Open(TestNetwork network, bool hereSide, IpAddress? group) => hereSide
        ? network.Here.Run(() => new VrrpSocketV6(network.HereLink.Index, network.HereLink.Name, group))
        : network.There.Run(() => new VrrpSocketV6(network.ThereLink.Index, network.ThereLink.Name, group));

    private static byte[] Packet(IpAddress source, IpAddress target)
    {
        byte[] packet = new byte[48];
        (packet[0], packet[1], packet[5], packet[6], packet[7]) = (0x6C, 0, 8, 112, 255);
        source.CopyTo(packet.AsSpan(8));
        target.CopyTo(packet.AsSpan(24));
        packet[40] = 0x31; // the checksum is wrong, and nobody below us minds
        return packet;
    }

    private static IpAddress Parse(string text)
    {
        Assert.True(IpAddress.TryParse(text, out IpAddress address));
        return address;
    }
}
