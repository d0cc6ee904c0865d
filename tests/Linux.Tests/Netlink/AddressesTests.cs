using System;
using System.Linq;
using XdpLvs.Linux.Netlink;
using Xunit;

namespace XdpLvs.Linux.Tests.Netlink;

public sealed class AddressesTests
{
    private const uint Vip = 0x0A4D0064;

    [Fact]
    public void A_vip_comes_and_goes()
    {
        using var network = new TestNetwork();
        using NetlinkSocket socket = network.OpenRouteHere();
        var addresses = new Addresses(socket);
        int link = network.HereLink.Index;

        Assert.True(addresses.Add(link, Vip, 32, label: "e0:vip"));
        Assert.False(addresses.Add(link, Vip, 32));
        AddressInfo added = addresses.Dump(link).Single(each => each.Address == Vip);
        Assert.Equal(32, added.PrefixLength);
        Assert.Equal("e0:vip", added.Label);
        Assert.Null(added.Broadcast);

        Assert.True(addresses.Remove(link, Vip, 32));
        Assert.False(addresses.Remove(link, Vip, 32));
        Assert.DoesNotContain(addresses.Dump(), each => each.Address == Vip);
    }

    [Fact]
    public void The_list_can_be_narrowed_to_one_link()
    {
        using var network = new TestNetwork();
        using NetlinkSocket socket = network.OpenRouteHere();
        var addresses = new Addresses(socket);

        Assert.Equal(
            [(TestNetwork.HereAddress, 24, (uint?)0x0A4D00FF)],
            addresses.Dump(network.HereLink.Index).Select(each => (each.Address, each.PrefixLength, each.Broadcast)));
        Assert.Equal(2, addresses.Dump().Count); // 127.0.0.1 too
    }

    [Fact]
    public void The_primary_address_is_the_first_of_its_subnet()
    {
        using var network = new TestNetwork();
        using NetlinkSocket socket = network.OpenRouteHere();
        var addresses = new Addresses(socket);
        addresses.Add(network.HereLink.Index, Vip, 24);

        Assert.Equal(TestNetwork.HereAddress, addresses.Primary(network.HereLink.Index));
        Assert.True(addresses.Dump().Single(each => each.Address == Vip).IsSecondary);
        Assert.Null(addresses.Primary(4711));
    }

    [Fact]
    public void Scope_broadcast_and_flags_reach_the_kernel()
    {
        using var network = new TestNetwork();
        using NetlinkSocket socket = network.OpenRouteHere();
        var addresses = new Addresses(socket);
        const uint Other = 0x0A500001;

        addresses.Add(
            network.HereLink.Index, Other, 16, broadcast: 0x0A50FFFF, scope: 253, flags: Addresses.NoPrefixRoute);

        AddressInfo added = addresses.Dump().Single(each => each.Address == Other);
        Assert.Equal(253, added.Scope);
        Assert.Equal(0x0A50FFFFu, added.Broadcast);
        Assert.Equal(Addresses.NoPrefixRoute, added.Flags & Addresses.NoPrefixRoute);
        Assert.Null(new Routes(socket).Lookup(0x0A500002)); // no route to 10.80.0.0/16 came with it
    }

    [Fact]
    public void A_takeover_allocates_nothing()
    {
        using var network = new TestNetwork();
        using NetlinkSocket socket = network.OpenRouteHere();
        var addresses = new Addresses(socket);
        int link = network.HereLink.Index;
        addresses.Add(link, Vip, 32);
        addresses.Remove(link, Vip, 32);

        long before = GC.GetAllocatedBytesForCurrentThread();
        addresses.Add(link, Vip, 32);
        addresses.Remove(link, Vip, 32);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
