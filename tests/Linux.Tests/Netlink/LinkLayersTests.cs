using System.Linq;
using XdpLvs.Linux.Netlink;
using Xunit;

namespace XdpLvs.Linux.Tests.Netlink;

/// <summary>What an interface stands on, by a list that a kernel might give.</summary>
public sealed class LinkLayersTests
{
    // br0 joins a VLAN on a bond of two cards with a third card, whose peer (a veth) is here too.
    private static readonly LinkInfo[] All =
    [
        Link(1, "lo"),
        Link(2, "bond0", "bond"),
        Link(3, "eth0") with { MasterIndex = 2 },
        Link(4, "eth1") with { MasterIndex = 2 },
        Link(5, "bond0.10", "vlan") with { LowerIndex = 2, MasterIndex = 7 },
        Link(6, "eth2", "veth") with { LowerIndex = 8, MasterIndex = 7 },
        Link(7, "br0", "bridge"),
        Link(8, "eth3", "veth") with { LowerIndex = 6 },
        Link(9, "away0", "macvlan"), // on a card of another namespace
        Link(10, "mac0", "macvlan") with { LowerIndex = 8 },
    ];

    [Theory]
    [InlineData("eth0", "", "eth0")]
    [InlineData("eth2", "", "eth2")]
    [InlineData("bond0", "eth0 eth1", "eth0 eth1")]
    [InlineData("bond0.10", "bond0 eth0 eth1", "eth0 eth1")]
    [InlineData("br0", "bond0.10 eth2 bond0 eth0 eth1", "eth2 eth0 eth1")]
    [InlineData("mac0", "eth3", "eth3")]
    [InlineData("away0", "", "away0")]
    public void Names_what_is_beneath_nearest_first_and_what_is_at_the_bottom(string of, string beneath, string bottom)
    {
        LinkInfo link = All.Single(each => each.Name == of);

        Assert.Equal(beneath, string.Join(' ', LinkLayers.Beneath(link, All).Select(each => each.Name)));
        Assert.Equal(bottom, string.Join(' ', LinkLayers.Bottom(link, All).Select(each => each.Name)));
    }

    [Fact]
    public void A_list_that_goes_in_circles_comes_to_an_end()
    {
        LinkInfo[] circle =
        [
            Link(1, "a", "vlan") with { LowerIndex = 2 },
            Link(2, "b", "vlan") with { LowerIndex = 1 },
        ];

        Assert.Equal(["b"], LinkLayers.Beneath(circle[0], circle).Select(each => each.Name));
        Assert.Equal(["a"], LinkLayers.Bottom(circle[0], circle).Select(each => each.Name));
    }

    private static LinkInfo Link(int index, string name, string kind = "") =>
        new(index, name, 0x020000000001, 1500, true, true, null, 1, 1) { Kind = kind, IsEthernet = true };
}
