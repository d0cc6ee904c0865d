using System.Linq;
using XdpLvs.Linux.Netlink;
using XdpLvs.Linux.Sockets;
using Xunit;

namespace XdpLvs.Linux.Tests.Netlink;

/// <summary>Interfaces and their addresses in a real kernel.</summary>
public sealed class LinksTests
{
    [Fact]
    public void Finds_a_link_by_name_and_by_number_and_in_the_list()
    {
        using var network = new TestNetwork();
        using NetlinkSocket socket = network.OpenRouteHere();
        var links = new Links(socket);

        LinkInfo link = links.Get("e0")!.Value;

        Assert.Equal(1500u, link.Mtu);
        Assert.True(link.IsUp);
        Assert.NotEqual(0ul, link.Mac);
        Assert.Null(link.MasterIndex);
        Assert.Equal(link.Mac, links.Get(link.Index)!.Value.Mac);
        Assert.Equal(["e0", "lo"], links.Dump().Select(each => each.Name).Order());
        Assert.Contains(
            Hex.Mac(link.Mac).Insert(10, ":").Insert(8, ":").Insert(6, ":").Insert(4, ":").Insert(2, ":"),
            TestNetwork.Run("ip", $"-n {network.HereName} link show e0"));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("much-too-long-for-a-name")]
    public void A_link_that_is_not_there_is_null(string name)
    {
        using var network = new TestNetwork();
        using NetlinkSocket socket = network.OpenRouteHere();

        Assert.Null(new Links(socket).Get(name));
        Assert.Null(new Links(socket).Get(4711));
    }

    [Fact]
    public void A_link_runs_only_while_its_peer_is_up()
    {
        using var network = new TestNetwork();
        using NetlinkSocket socket = network.OpenRouteHere();
        var links = new Links(socket);
        Eventually.True(() => links.Get("e0")!.Value.IsRunning, "e0 runs");

        network.IpThere("link set e1 down");
        Eventually.True(() => !links.Get("e0")!.Value.IsRunning, "e0 loses its carrier");
        Assert.True(links.Get("e0")!.Value.IsUp);

        links.SetUp(network.HereLink.Index, up: false);
        Assert.False(links.Get("e0")!.Value.IsUp);
        links.SetUp(network.HereLink.Index, up: true);
        Assert.True(links.Get("e0")!.Value.IsUp);
    }

    [Fact]
    public void A_bridge_port_names_its_master()
    {
        using var network = new TestNetwork();
        network.IpHere("link add br0 type bridge");
        network.IpHere("link set e0 master br0");
        using NetlinkSocket socket = network.OpenRouteHere();
        var links = new Links(socket);

        Assert.Equal(links.Get("br0")!.Value.Index, links.Get("e0")!.Value.MasterIndex);
    }

    [Fact]
    public void A_link_says_its_kind_what_it_is_a_port_of_and_what_it_stands_on()
    {
        using var network = new TestNetwork();
        network.IpHere("link add br0 type bridge");
        network.IpHere("link set e0 master br0");
        network.IpHere("link add v0 type veth peer name v1");
        network.IpHere("link add m0 link v0 type macvlan");
        using NetlinkSocket socket = network.OpenRouteHere();
        var links = new Links(socket);
        LinkInfo e0 = links.Get("e0")!.Value, lo = links.Get("lo")!.Value, m0 = links.Get("m0")!.Value;

        Assert.Equal(("veth", "bridge", null, true), (e0.Kind, e0.PortKind, e0.LowerIndex, e0.IsEthernet));
        Assert.Equal(("", "", null, false), (lo.Kind, lo.PortKind, lo.LowerIndex, lo.IsEthernet));
        Assert.Equal(("macvlan", "", links.Get("v0")!.Value.Index), (m0.Kind, m0.PortKind, m0.LowerIndex));
        Assert.Equal("bridge", links.Get("br0")!.Value.Kind);
    }

    [Theory]
    [InlineData("on", true)]
    [InlineData("off", false)]
    public void Receive_offload_is_told_apart(string set, bool merges)
    {
        using var network = new TestNetwork();
        Assert.SkipUnless(TestNetwork.Run("ethtool", "--version") is not null, "needs ethtool(8)");
        network.Here.Run(() => TestNetwork.Run("ethtool", $"-K e0 gro {set}"));

        Assert.Equal(merges, network.Here.Run(() => LinkOffloads.MergesSegments("e0")));
        Assert.False(network.Here.Run(() => LinkOffloads.MergesSegments("none")));
    }

    [Fact]
    public void Setting_up_a_link_that_is_not_there_says_so()
    {
        using var network = new TestNetwork();
        using NetlinkSocket socket = network.OpenRouteHere();

        var refused = Assert.Throws<LinuxException>(() => new Links(socket).SetUp(4711, up: true));

        Assert.Equal("RTM_SETLINK link 4711 up: ENODEV (No such device)", refused.Message);
    }

    [Fact]
    public void Counts_queues_and_names_the_driver()
    {
        using var network = new TestNetwork();
        network.IpHere("link add q0 numrxqueues 3 numtxqueues 2 type veth peer name q1");
        LinkQueues queues = network.Here.Run(() => LinkQueues.Read(network.HereLink));
        Assert.Equal(new LinkQueues(1, 1, "veth"), queues);

        using NetlinkSocket socket = network.OpenRouteHere();
        var links = new Links(socket);
        Assert.Equal(3, links.Get("q0")!.Value.RxQueues);
        LinkQueues wide = network.Here.Run(() => LinkQueues.Read(links.Get("q0")!.Value));
        Assert.Equal("veth", wide.Driver);
        Assert.InRange(wide.Rx, 1, 3);
        LinkQueues loopback = network.Here.Run(() => LinkQueues.Read(links.Get("lo")!.Value));
        Assert.Equal(new LinkQueues(1, 1, null), loopback);
    }

    [Fact]
    public void The_kernels_own_words_reach_the_message()
    {
        using var network = new TestNetwork();
        using NetlinkSocket socket = network.OpenRouteHere();

        var refused = Assert.Throws<LinuxException>(
            () => new Addresses(socket).Add(network.HereLink.Index, 0x0A4D0064, prefixLength: 33));

        Assert.Contains("10.77.0.100/33 on link", refused.Message);
        Assert.Contains("EINVAL (Invalid argument); ", refused.Message);
        Assert.NotNull(socket.Explanation);
    }
}
