using System;
using System.Collections.Generic;
using XdpLvs.Linux.Netlink;
using Xunit;

namespace XdpLvs.Linux.Tests.Netlink;

public sealed class RouteEventsTests
{
    private const uint Vip = 0x0A4D0064;

    [Fact]
    public void Hears_of_addresses_routes_neighbours_and_links()
    {
        using var network = new TestNetwork();
        using RouteEvents events = network.Here.Run(() => new RouteEvents());
        using NetlinkSocket socket = network.OpenRouteHere();
        int link = network.HereLink.Index;
        var addresses = new Addresses(socket);

        addresses.Add(link, Vip, 32);
        Expect(events, each => each.Kind == NetworkEventKind.Address
            && each.Address.Address == Vip && each.LinkIndex == link);
        addresses.Remove(link, Vip, 32);
        Expect(events, each => each.Kind == NetworkEventKind.AddressGone && each.Address.Address == Vip);

        network.IpHere("route add 192.168.0.0/16 via 10.77.0.2");
        Expect(events, each => each.Kind == NetworkEventKind.Route);

        new Neighbours(socket).Resolve(link, TestNetwork.ThereAddress);
        Expect(events, each => each.Kind == NetworkEventKind.Neighbour
            && each.Neighbour.IsUsable && each.Neighbour.Mac == network.ThereLink.Mac && each.LinkIndex == link);

        network.IpThere("link set e1 down");
        Expect(events, each => each.Kind == NetworkEventKind.Link
            && each.Link.Index == link && each.Link.IsUp && !each.Link.IsRunning);
        network.IpHere("link del e0");
        Expect(events, each => each.Kind == NetworkEventKind.LinkGone && each.LinkIndex == link);
    }

    [Fact]
    public void A_forgotten_neighbour_is_gone_and_a_bridge_port_that_leaves_is_not()
    {
        using var network = new TestNetwork();
        network.IpHere("link add br0 type bridge");
        using RouteEvents events = network.Here.Run(() => new RouteEvents());

        network.IpHere("neigh add 10.77.0.50 lladdr 02:00:00:00:00:50 dev e0 nud permanent");
        network.IpHere("neigh del 10.77.0.50 dev e0");
        network.IpHere("link set e0 master br0");
        network.IpHere("link set e0 nomaster");
        network.IpHere("link del br0");

        List<NetworkEvent> seen = Expect(events, each => each.Kind == NetworkEventKind.LinkGone);
        Assert.Contains(
            seen, each => each.Kind == NetworkEventKind.NeighbourGone && each.Neighbour.Address == 0x0A4D0032);
        Assert.Equal("br0", seen[^1].Link.Name);
    }

    [Fact]
    public void Has_nothing_to_say_when_nothing_happens()
    {
        using var network = new TestNetwork();
        using RouteEvents events = network.Here.Run(() => new RouteEvents());
        network.IpHere("link set e0 down");
        Expect(events, each => each.Kind == NetworkEventKind.Link && !each.Link.IsUp);
        while (events.TryRead(out _))
        {
            // What else the link going down has caused.
        }

        Assert.Equal(0, Syscalls.Poll([Readable(events)], 0));
        Assert.False(events.TryRead(out _));
    }

    [Fact]
    public void A_slow_reader_is_told_that_it_lost_something()
    {
        using var network = new TestNetwork();
        using RouteEvents events = network.Here.Run(() => new RouteEvents());
        using NetlinkSocket socket = network.OpenRouteHere();
        var addresses = new Addresses(socket);
        const int SO_RCVBUFFORCE = 33, SOL_SOCKET = 1;
        Syscalls.SetOption(events.Descriptor, SOL_SOCKET, SO_RCVBUFFORCE, 4096, "a small buffer");

        for (uint i = 0; i < 100; i++)
        {
            addresses.Add(network.HereLink.Index, 0x0A600000 + i, 32);
        }

        Expect(events, each => each.Kind == NetworkEventKind.Overrun);
        while (events.TryRead(out _))
        {
            // What fitted.
        }

        addresses.Add(network.HereLink.Index, Vip, 32);
        Expect(events, each => each.Kind == NetworkEventKind.Address && each.Address.Address == Vip);
    }

    private static PollSlot Readable(RouteEvents events) =>
        new() { Descriptor = events.Descriptor.Number, Wanted = PollSlot.In };

    private static List<NetworkEvent> Expect(RouteEvents events, Func<NetworkEvent, bool> wanted)
    {
        var seen = new List<NetworkEvent>();
        Eventually.True(
            () =>
            {
                while (events.TryRead(out NetworkEvent happened))
                {
                    seen.Add(happened);
                    if (wanted(happened))
                    {
                        return true;
                    }
                }

                Syscalls.Poll([Readable(events)], 10_000);
                return false;
            },
            "the event");
        return seen;
    }
}
