using Xunit;

namespace XdpLvs.Vrrp.Tests;

/// <summary>keepalived's FAULT state: unable to serve, so out of the election.</summary>
public sealed class FaultTests
{
    private const long Second = 1_000_000;

    private static readonly VrrpSettings Self = TestNode.Defaults;

    [Theory]
    [InlineData(FaultCauses.Link, Reason.LinkDown)]
    [InlineData(FaultCauses.Addresses, Reason.AddressesGone)]
    [InlineData(FaultCauses.Tracked, Reason.TrackDown)]
    [InlineData(FaultCauses.Group, Reason.GroupFault)]
    public void The_active_router_resigns_and_drops_the_addresses(FaultCauses fault, Reason reason)
    {
        var node = new TestNode(Self).StartupActive();

        node.Fails(fault).Expects(Role.Fault, Effects.Resign | Effects.DropAddresses, reason);
        Assert.Equal(Instant.Never, node.State.NextDeadline);
    }

    [Theory]
    [InlineData(FaultCauses.Link)]
    [InlineData(FaultCauses.Addresses)]
    [InlineData(FaultCauses.Tracked)]
    public void A_backup_just_stops_waiting(FaultCauses fault)
    {
        var node = new TestNode(Self).Startup();

        node.Fails(fault).Expects(Role.Fault, Effects.None);
        node.Advance(100 * Second).Expects(Role.Fault, Effects.None);
    }

    [Fact]
    public void Adverts_mean_nothing_in_fault()
    {
        var node = new TestNode(Self).Startup().Fails(FaultCauses.Link);

        node.Hears(0).Expects(Role.Fault, Effects.None, Reason.None);
        node.Hears(90).Expects(Role.Fault, Effects.None, Reason.None);
    }

    [Fact]
    public void Comes_back_as_backup_with_a_fresh_timer()
    {
        var node = new TestNode(Self).StartupActive().Fails(FaultCauses.Link).Advance(60 * Second);

        node.Recovers(FaultCauses.Link).Expects(Role.Backup, Effects.None, Reason.Recovered);
        Assert.Equal(node.Now.After(3_609_375), node.State.NextDeadline);
    }

    [Fact]
    public void The_owner_comes_back_as_active()
    {
        var node = new TestNode(Self with { Priority = 255 }).Startup().Fails(FaultCauses.Link);

        node.Recovers(FaultCauses.Link).ExpectsRole(Role.Active);
    }

    [Fact]
    public void Can_start_in_fault()
    {
        var node = new TestNode(Self).Happens(VrrpEvent.Startup(FaultCauses.Link));

        node.Expects(Role.Fault, Effects.None, Reason.Startup);
        node.Recovers(FaultCauses.Link).ExpectsRole(Role.Backup);
    }

    [Fact]
    public void A_link_that_comes_back_does_not_revive_a_stopped_instance()
    {
        var node = new TestNode(Self).Startup().Fails(FaultCauses.Link).Happens(VrrpEventKind.Shutdown);

        node.Expects(Role.Initialize, Effects.None, Reason.Shutdown);
        node.Fails(FaultCauses.Link).ExpectsRole(Role.Initialize);
        node.Recovers(FaultCauses.Link).ExpectsRole(Role.Initialize);
    }

    [Fact]
    public void A_link_up_that_follows_no_fault_changes_nothing()
    {
        var node = new TestNode(Self).Startup().Advance(Second);
        VrrpState before = node.State;

        node.Recovers(FaultCauses.Link);

        Assert.Equal(before, node.State);
    }
}
