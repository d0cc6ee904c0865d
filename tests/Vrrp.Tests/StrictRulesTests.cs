using System.Linq;
using Xunit;

namespace XdpLvs.Vrrp.Tests;

/// <summary>vrrp_strict, accept and what the settings say of themselves.</summary>
public sealed class StrictRulesTests
{
    private static readonly VrrpSettings Fine = TestNode.Defaults;

    private static readonly VrrpSettings FineV6 = Fine with
    {
        Version = VrrpVersion.Three,
        SourceAddress = VrrpAddress.Parse("fe80::1"),
        Addresses = [VrrpAddress.Parse("fe80::5:100")],
    };

    [Fact]
    public void A_conformant_configuration_has_nothing_to_complain_of()
    {
        Assert.Empty(StrictRules.Complaints(Fine));
        Assert.Empty(StrictRules.Complaints(FineV6));
    }

    [Fact]
    public void Every_addition_of_keepalived_is_complained_of()
    {
        Assert.Contains("at least one", Complaint(Fine with { Addresses = [] }));
        Assert.Contains("unicast", Complaint(Fine with { Peers = [new UnicastPeer(TestNode.Higher)] }));
        Assert.Contains("authentication", Complaint(Fine with { Authentication = Authentication.Password("x"u8) }));
        Assert.Contains("VRRPv2 does not know IPv6", Complaint(FineV6 with { Version = VrrpVersion.Two }));
        Assert.Contains("link-local", Complaint(FineV6 with { Addresses = [VrrpAddress.Parse("fd00::1")] }));
        Assert.Contains("preempt_delay", Complaint(Fine with { PreemptDelayMicroseconds = 1 }));
    }

    [Fact]
    public void Strictly_a_takeover_is_announced_once_and_a_stop_gives_all_up_at_once()
    {
        var node = new TestNode(StrictRules.Apply(Fine)).StartupActive();

        Assert.Equal((1, Instant.Never), (node.Last.AnnouncementsPerAddress, node.State.AnnounceDeadline));
        node.Hears(90).Expects(Role.Active, Effects.None, Reason.LowerPriority);
        node.Happens(VrrpEventKind.Shutdown).Expects(Role.Initialize, Effects.Resign | Effects.DropAddresses);
    }

    [Theory]
    [InlineData(100, true, false, true)]
    [InlineData(100, false, false, false)]
    [InlineData(100, true, true, false)] // the famous trap: strict makes the address mute
    [InlineData(255, false, true, true)]
    public void Packets_to_the_virtual_address_are_accepted_unless_configured_otherwise(
        byte priority, bool accept, bool strict, bool accepts) =>
        Assert.Equal(accepts, (Fine with { Priority = priority, Accept = accept, Strict = strict }).IsAccepting);

    [Fact]
    public void Addresses_read_and_compare_as_on_the_wire()
    {
        Assert.Equal("192.168.5.100", VrrpAddress.FromUInt32(TestNode.Vip).ToString());
        Assert.Equal("fe80::5:100", VrrpAddress.Parse("fe80::5:100").ToString());
        Assert.True(VrrpAddress.Parse("200.0.0.1") > VrrpAddress.Parse("10.0.0.1"));
        Assert.True(VrrpAddress.Parse("fe80::ffff:1") <= VrrpAddress.Parse("fe80:0:0:1::"));
        Assert.True(VrrpAddress.Parse("febf::1").IsLinkLocalV6);
        Assert.False(VrrpAddress.Parse("fec0::1").IsLinkLocalV6);
        Assert.True(default(VrrpAddress).IsUnspecified && VrrpAddress.FromUInt32(0).IsUnspecified);
        Assert.False(VrrpAddress.FromUInt32(1).IsUnspecified);
    }

    private static string Complaint(VrrpSettings self) => StrictRules.Complaints(self).Single();
}
