using System;
using XdpLvs.Forwarder.Rings;
using XdpLvs.Linux.Netlink;
using Xunit;

namespace XdpLvs.Forwarder.Tests.Rings;

/// <summary>What each kind of interface allows. What it then does is seen in Netns.Tests and Guest.Tests.</summary>
public sealed class AttachmentChoiceTests
{
    private static readonly LinkInfo Card = new(2, "eth0", 0x020000000001, 1500, true, true, null, 4, 4)
    {
        IsEthernet = true,
    };

    [Theory]
    [InlineData("")] // hardware
    [InlineData("veth")]
    [InlineData("tun")] // a TAP
    [InlineData("vxlan")] // the kernel refuses, and says so when it is asked
    public void A_card_may_have_its_program_in_the_driver(string kind)
    {
        var choice = AttachmentChoice.For(Card with { Kind = kind }, master: null);

        Assert.Equal(new AttachmentChoice(Refusal: null, NotNative: null), choice);
        Assert.False(choice.IsStacked);
    }

    [Theory]
    [InlineData("vlan", "a VLAN interface has no driver of its own")]
    [InlineData("bond", "nothing they redirect reaches a socket of the bond")]
    [InlineData("team", "no driver")]
    [InlineData("bridge", "no driver")]
    [InlineData("macvlan", "no driver")]
    [InlineData("ipvlan", "no driver")]
    public void What_stands_on_a_card_has_its_program_above_the_driver(string kind, string why)
    {
        var choice = AttachmentChoice.For(Card with { Kind = kind }, master: null);

        Assert.Null(choice.Refusal);
        Assert.Contains(why, choice.NotNative, StringComparison.Ordinal);
        Assert.True(choice.IsStacked);
    }

    [Theory]
    [InlineData("bond", "bond")]
    [InlineData("bridge", "bridge")]
    [InlineData("team", "team")]
    [InlineData("", "openvswitch")] // names no kind for its ports
    public void A_port_is_refused_with_its_master_named(string portKind, string masterKind)
    {
        LinkInfo master = Card with { Index = 7, Name = "upper0", Kind = masterKind };

        string? refusal = AttachmentChoice.For(Card with { MasterIndex = 7, PortKind = portKind }, master).Refusal;

        Assert.Contains($"a port of the {masterKind} upper0", refusal, StringComparison.Ordinal);
        Assert.Contains("write 'interface upper0'", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_of_a_vrf_keeps_its_own_frames()
    {
        LinkInfo vrf = Card with { Index = 7, Name = "red", Kind = "vrf" };

        Assert.Null(AttachmentChoice.For(Card with { MasterIndex = 7, PortKind = "vrf" }, vrf).Refusal);
    }

    [Fact]
    public void A_port_of_something_in_another_namespace_is_a_port_all_the_same() => Assert.Contains(
        "a port of the bridge",
        AttachmentChoice.For(Card with { MasterIndex = 7, PortKind = "bridge" }, master: null).Refusal,
        StringComparison.Ordinal);

    [Theory]
    [InlineData(0, false)] // balance-rr
    [InlineData(1, false)] // active-backup
    [InlineData(2, false)] // balance-xor
    [InlineData(4, false)] // 802.3ad
    [InlineData(5, false)] // balance-tlb
    [InlineData(6, true)] // balance-alb
    public void A_bond_whose_ports_are_addressed_by_their_own_mac_is_refused(int mode, bool refused)
    {
        string? refusal = AttachmentChoice.For(Card with { Kind = "bond", Mode = mode }, master: null).Refusal;

        Assert.Equal(refused, refusal?.Contains("set mode active-backup", StringComparison.Ordinal) ?? false);
    }

    [Theory]
    [InlineData(0, false)] // l2
    [InlineData(1, true)] // l3
    [InlineData(2, true)] // l3s
    public void An_ipvlan_that_routes_is_refused(int mode, bool refused)
    {
        string? refusal = AttachmentChoice.For(Card with { Kind = "ipvlan", Mode = mode }, master: null).Refusal;

        Assert.Equal(refused, refusal?.Contains("mode l2", StringComparison.Ordinal) ?? false);
    }

    [Fact]
    public void What_carries_no_ethernet_is_refused() => Assert.Contains(
        "no Ethernet",
        AttachmentChoice.For(Card with { IsEthernet = false, Kind = "wireguard" }, master: null).Refusal,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("", 4, 0, 4)]
    [InlineData("", 0, 0, 1)]
    [InlineData("bond", 16, 2, 2)] // its ports' queues
    [InlineData("bond", 16, 64, 16)] // a frame of a later one counts as one of the first
    [InlineData("bond", 16, 0, 16)] // no port yet
    [InlineData("bridge", 1, 8, 1)] // all is one queue there
    public void Every_queue_that_can_bring_a_frame_has_a_socket(
        string kind, int queues, int portQueuesMax, int sockets) =>
        Assert.Equal(sockets, AttachmentChoice.QueuesOf(Card with { Kind = kind }, queues, portQueuesMax));
}
