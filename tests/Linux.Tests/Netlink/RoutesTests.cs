using System.Linq;
using XdpLvs.Linux.Netlink;
using Xunit;

namespace XdpLvs.Linux.Tests.Netlink;

/// <summary>Where packets would go, and who the neighbours are.</summary>
public sealed class RoutesTests
{
    private const uint Far = 0xC0A80101; // 192.168.1.1

    [Fact]
    public void A_neighbour_is_on_the_link()
    {
        using var network = new TestNetwork();
        using NetlinkSocket socket = network.OpenRouteHere();

        RouteInfo? route = new Routes(socket).Lookup(TestNetwork.ThereAddress);

        Assert.Equal(
            new RouteInfo(network.HereLink.Index, null, TestNetwork.HereAddress, Routes.Unicast), route);
    }

    [Fact]
    public void An_IPv6_neighbour_is_on_the_link_and_a_far_host_behind_the_gateway()
    {
        using var network = new TestNetwork();
        using NetlinkSocket socket = network.OpenRouteHere();
        network.IpHere("addr add fd77::1/64 dev e0 nodad");
        network.IpHere("route add fd78::/64 via fd77::2");
        var routes = new Routes(socket);
        (IpAddress own, IpAddress neighbour, IpAddress far) = (V6("fd77::1"), V6("fd77::2"), V6("fd78::1"));

        Assert.Equal(new RouteInfo(network.HereLink.Index, null, own, Routes.Unicast), routes.Lookup(neighbour));
        Assert.Equal(neighbour, routes.Lookup(far)!.Value.Gateway);
        Assert.Equal(Routes.Local, routes.Lookup(own)!.Value.Type);
        Assert.Null(routes.Lookup(V6("fd79::1")));
    }

    [Fact]
    public void A_far_host_is_behind_the_gateway_once_there_is_one()
    {
        using var network = new TestNetwork();
        using NetlinkSocket socket = network.OpenRouteHere();
        var routes = new Routes(socket);

        Assert.Null(routes.Lookup(Far));
        network.IpHere("route add 192.168.0.0/16 via 10.77.0.2");
        Assert.Equal(
            new RouteInfo(network.HereLink.Index, TestNetwork.ThereAddress, TestNetwork.HereAddress, Routes.Unicast),
            routes.Lookup(Far, source: TestNetwork.HereAddress, outLink: network.HereLink.Index));
    }

    [Fact]
    public void An_own_address_is_local()
    {
        using var network = new TestNetwork();
        using NetlinkSocket socket = network.OpenRouteHere();

        Assert.Equal(Routes.Local, new Routes(socket).Lookup(TestNetwork.HereAddress)!.Value.Type);
        Assert.Equal(Routes.Broadcast, new Routes(socket).Lookup(0x0A4D00FF)!.Value.Type);
    }

    [Theory]
    [InlineData("unreachable")]
    [InlineData("prohibit")]
    [InlineData("blackhole")]
    public void A_route_that_forbids_is_no_route(string kind)
    {
        using var network = new TestNetwork();
        using NetlinkSocket socket = network.OpenRouteHere();
        network.IpHere($"route add {kind} 192.168.0.0/16");

        Assert.Null(new Routes(socket).Lookup(Far));
    }

    [Fact]
    public void A_neighbour_is_resolved_on_request()
    {
        using var network = new TestNetwork();
        using NetlinkSocket socket = network.OpenRouteHere();
        var neighbours = new Neighbours(socket);
        int link = network.HereLink.Index;
        Assert.False(neighbours.TryGet(link, TestNetwork.ThereAddress, out _));

        neighbours.Resolve(link, TestNetwork.ThereAddress);

        NeighbourInfo found = default;
        Eventually.True(
            () => neighbours.TryGet(link, TestNetwork.ThereAddress, out found) && found.IsUsable, "10.77.0.2 answers");
        Assert.Equal(network.ThereLink.Mac, found.Mac);
        Assert.Contains(neighbours.Dump(), each => each.Address == TestNetwork.ThereAddress);
    }

    [Fact]
    public void A_dead_neighbour_fails()
    {
        using var network = new TestNetwork();
        using NetlinkSocket socket = network.OpenRouteHere();
        var neighbours = new Neighbours(socket);
        int link = network.HereLink.Index;

        neighbours.Resolve(link, TestNetwork.DeadAddress);

        Assert.True(neighbours.TryGet(link, TestNetwork.DeadAddress, out NeighbourInfo found));
        Assert.False(found.IsUsable);
        Assert.Null(found.Mac);
        Eventually.True(
            () => neighbours.TryGet(link, TestNetwork.DeadAddress, out found)
                && found.State == NeighbourInfo.Failed,
            "10.77.0.99 fails");
    }

    [Fact]
    public void A_neighbour_given_by_hand_is_usable()
    {
        using var network = new TestNetwork();
        using NetlinkSocket socket = network.OpenRouteHere();
        network.IpHere("neigh add 10.77.0.50 lladdr 02:00:00:00:00:50 dev e0 nud permanent");

        NeighbourInfo found = new Neighbours(socket).Dump().Single(each => each.Address.IsV4); // IPv6 finds its own

        Assert.Equal((0x020000000050ul, true), (found.Mac!.Value, found.IsUsable));
    }

    [Fact]
    public void Resolving_on_a_link_that_is_not_there_says_so()
    {
        using var network = new TestNetwork();
        using NetlinkSocket socket = network.OpenRouteHere();

        var refused = Assert.Throws<LinuxException>(
            () => new Neighbours(socket).Resolve(4711, TestNetwork.ThereAddress));

        Assert.Equal(Errno.ENODEV, refused.Number);
    }

    private static IpAddress V6(string text) =>
        IpAddress.TryParse(text, out IpAddress address) ? address : throw new System.FormatException(text);
}
