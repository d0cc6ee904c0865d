using Xunit;

namespace XdpLvs.Vrrp.Tests;

/// <summary>Startup delay, adoption, weights, BFD, and strangers: what no RFC's table has.</summary>
public sealed class ResilienceTests
{
    private const long Second = 1_000_000, Millisecond = 1_000;
    private const Effects TakesOver = Effects.Advertise | Effects.TakeAddresses | Effects.AnnounceAddresses;

    private static readonly VrrpSettings Self = TestNode.Defaults;

    [Fact]
    public void A_startup_delay_comes_before_the_election()
    {
        var node = new TestNode(Self with { StartupDelayMicroseconds = 10 * Second }).Startup();

        node.Expects(Role.Initialize, Effects.None, Reason.StartupDelayed);
        node.Hears(0).Expects(Role.Initialize, Effects.None);
        node.Advance(10 * Second - 1).ExpectsRole(Role.Initialize);
        node.Advance(1).Expects(Role.Backup, Effects.None, Reason.Startup);
        Assert.Equal(node.Now.After(3_609_375), node.State.Deadline);
    }

    [Fact]
    public void What_fails_during_the_startup_delay_counts_at_its_end()
    {
        var node = new TestNode(Self with { StartupDelayMicroseconds = Second }).Startup().Fails(FaultCauses.Tracked);

        node.Advance(Second).Expects(Role.Fault, Effects.None, Reason.Startup);
        node.Recovers(FaultCauses.Tracked).ExpectsRole(Role.Backup);
    }

    [Fact]
    public void The_startup_delay_holds_for_the_owner_too() =>
        new TestNode(Self with { StartupDelayMicroseconds = Second, Priority = 255 }).Startup()
            .Expects(Role.Initialize, Effects.None);

    [Fact]
    public void A_predecessors_role_is_taken_on_at_once() =>
        new TestNode(Self).Happens(VrrpEvent.Adopt()).Expects(Role.Active, TakesOver, Reason.Adopted);

    [Fact]
    public void Who_adopts_still_yields_to_a_stronger_router() =>
        new TestNode(Self).Happens(VrrpEvent.Adopt()).Hears(101).ExpectsRole(Role.Backup);

    [Fact]
    public void Nothing_is_adopted_that_cannot_be_served() =>
        new TestNode(Self).Happens(VrrpEvent.Adopt(FaultCauses.Link)).Expects(Role.Fault, Effects.None);

    [Theory]
    [InlineData(100, 5, 105)]
    [InlineData(100, -5, 95)]
    [InlineData(100, 253, 254)]
    [InlineData(100, -253, 1)]
    [InlineData(255, -253, 255)] // the owner is never changed
    [InlineData(1, int.MinValue, 1)]
    [InlineData(254, int.MaxValue, 254)]
    public void The_effective_priority_stays_within_1_and_254(byte priority, int weight, byte effective) =>
        Assert.Equal(effective, EffectivePriority.Of(priority, weight));

    [Theory]
    [InlineData(10, true, false, 10)]
    [InlineData(10, false, false, 0)]
    [InlineData(-10, true, false, 0)]
    [InlineData(-10, false, false, -10)]
    [InlineData(10, true, true, -10)]
    [InlineData(10, false, true, 0)]
    [InlineData(-10, false, true, 10)]
    public void A_positive_weight_counts_while_well_and_a_negative_one_while_failed(
        int weight, bool isWell, bool isReversed, int adds) =>
        Assert.Equal(adds, EffectivePriority.Contribution(weight, isWell, isReversed));

    [Fact]
    public void A_changed_weight_moves_the_down_timer_by_what_the_skew_changes()
    {
        var node = new TestNode(Self).Startup();
        Instant before = node.State.Deadline;

        node.Happens(VrrpEvent.Weighed(64)).Expects(Role.Backup, Effects.None, Reason.PriorityChanged);

        Assert.Equal(before.After(-250 * Millisecond), node.State.Deadline);
        Assert.Equal((100, 164), (node.Last.Notice.PriorityBefore, node.Last.Notice.Priority));
    }

    [Fact]
    public void A_weight_that_changes_no_priority_is_not_told() =>
        new TestNode(Self with { Priority = 255 }).Startup().Happens(VrrpEvent.Weighed(-50))
            .Expects(Role.Active, Effects.None, Reason.None);

    [Fact]
    public void An_active_router_that_loses_weight_advertises_less_and_yields()
    {
        var node = new TestNode(Self).StartupActive().Happens(VrrpEvent.Weighed(-20));

        node.Advance(Second).Expects(Role.Active, Effects.Advertise);
        Assert.Equal(80, node.Last.Notice.Priority);
        node.Hears(90).ExpectsRole(Role.Backup);
    }

    [Fact]
    public void A_backup_that_gains_weight_preempts()
    {
        var node = new TestNode(Self).Startup().Hears(110).Happens(VrrpEvent.Weighed(20));

        node.Advance(Second).Hears(110).Expects(Role.Backup, Effects.None, Reason.LowerPriorityDiscarded);
        node.Advance(2_609_375 - 78_125).ExpectsRole(Role.Active);
    }

    [Fact]
    public void Weights_outlive_a_fault()
    {
        var node = new TestNode(Self).Startup().Happens(VrrpEvent.Weighed(7));

        node.Fails(FaultCauses.Link).Recovers(FaultCauses.Link);

        Assert.Equal(107, node.State.PriorityOf(Self));
    }

    [Fact]
    public void Bfd_losing_the_active_router_shortens_the_wait_to_the_skew()
    {
        var node = new TestNode(Self).Startup().Hears(200);

        node.Happens(VrrpEvent.PeerDown(TestNode.Higher)).Expects(Role.Backup, Effects.None, Reason.PeerDown);
        node.Advance(609_375).ExpectsRole(Role.Active);
    }

    [Fact]
    public void Bfd_never_lengthens_the_wait()
    {
        var node = new TestNode(Self).Startup().Hears(200).Advance(3_500 * Millisecond);

        node.Happens(VrrpEvent.PeerDown(TestNode.Higher)).Advance(109_375).ExpectsRole(Role.Active);
    }

    [Fact]
    public void Bfd_losing_somebody_else_changes_nothing()
    {
        var node = new TestNode(Self).Startup().Hears(200);
        VrrpState before = node.State;

        node.Happens(VrrpEvent.PeerDown(TestNode.Another)).Happens(VrrpEvent.PeerDown(default));

        Assert.Equal(before, node.State);
    }

    [Fact]
    public void A_router_that_is_heard_after_bfd_lost_it_is_believed()
    {
        var node = new TestNode(Self).Startup().Hears(200).Happens(VrrpEvent.PeerDown(TestNode.Higher)).Hears(200);

        Assert.Equal(node.Now.After(3_609_375), node.State.Deadline);
    }

    [Fact]
    public void A_resignation_of_somebody_whom_we_do_not_follow_moves_no_timer_and_is_told_once()
    {
        var node = new TestNode(Self).Startup().Hears(200);
        Instant deadline = node.State.Deadline;

        node.Hears(0, TestNode.Another).Expects(Role.Backup, Effects.None, Reason.PriorityZeroIgnored);
        for (int i = 0; i < 1_000; i++)
        {
            node.Hears(0, TestNode.Another).Expects(Role.Backup, Effects.None, Reason.None);
        }

        Assert.Equal(deadline, node.State.Deadline);
    }

    [Fact]
    public void A_weak_second_active_router_cannot_pass_for_the_one_that_is_followed()
    {
        var node = new TestNode(Self with { Preempt = false }).Startup().Hears(200).Hears(150, TestNode.Another);
        Instant deadline = node.State.Deadline;

        node.Hears(0, TestNode.Another);

        Assert.Equal(deadline, node.State.Deadline);
    }

    [Fact]
    public void Who_fell_silent_is_not_followed_any_more()
    {
        var node = new TestNode(Self with { Preempt = false }).Startup().Hears(200);
        for (int i = 0; i < 4; i++)
        {
            node.Advance(Second).Hears(50, TestNode.Another);
        }

        node.Hears(0, TestNode.Another);

        Assert.Equal(node.Now.After(609_375), node.State.Deadline);
    }

    [Fact]
    public void Each_rival_is_answered_and_announced_against_and_a_fifth_must_wait()
    {
        var node = new TestNode(Self).StartupActive();
        for (uint rival = 1; rival <= Rivals.Capacity; rival++)
        {
            node.Hears(50, 0x0A00_0000 + rival).Expects(
                Role.Active, Effects.Advertise | Effects.AnnounceAddresses, Reason.LowerPriority);
        }

        node.Hears(50, 0x0A00_00FF).Expects(Role.Active, Effects.None, Reason.None);
        node.Hears(50, 0x0A00_0001).Expects(Role.Active, Effects.None, Reason.None);
        node.Advance(Second).Hears(50, 0x0A00_00FF).Expects(
            Role.Active, Effects.Advertise | Effects.AnnounceAddresses);
    }

    [Fact]
    public void Fast_adverts_of_a_rival_are_answered_each_interval_but_announced_against_once_a_second()
    {
        VrrpSettings fast = Self with { Version = VrrpVersion.Three, IntervalMicroseconds = 10 * Millisecond };
        var node = new TestNode(fast).StartupActive();
        int answered = 0, announced = 0;
        for (int i = 0; i < 200; i++)
        {
            node.Hears(50);
            answered += (node.Last.Effects & Effects.Advertise) != 0 ? 1 : 0;
            announced += (node.Last.Effects & Effects.AnnounceAddresses) != 0 ? 1 : 0;
            node.Advance(10 * Millisecond);
        }

        Assert.InRange(answered, 190, 200);
        Assert.Equal(2, announced);
    }
}
