using Xunit;

namespace XdpLvs.Vrrp.Tests;

/// <summary>RFC 9568 sections 6.4.1 and 6.4.2 and keepalived's additions, one test per sentence.</summary>
public sealed class BackupTests
{
    private const long Second = 1_000_000, Millisecond = 1_000;
    private const Effects TakesOver = Effects.Advertise | Effects.TakeAddresses | Effects.AnnounceAddresses;

    private static readonly VrrpSettings Self = TestNode.Defaults;

    [Theory]
    [InlineData(1, 996_093)]
    [InlineData(90, 648_437)]
    [InlineData(100, 609_375)]
    [InlineData(254, 7_812)]
    public void The_skew_is_a_fraction_of_a_second_that_shrinks_with_the_priority(byte priority, long microseconds) =>
        Assert.Equal(microseconds, VrrpTimers.Skew(VrrpVersion.Two, priority, Second));

    [Fact]
    public void The_skew_does_not_depend_on_the_interval()
    {
        VrrpSettings slow = Self with { IntervalMicroseconds = 5 * Second };

        Assert.Equal(609_375, VrrpTimers.Skew(VrrpState.Initial, slow));
        Assert.Equal((15 * Second) + 609_375, VrrpTimers.Down(VrrpState.Initial, slow));
    }

    [Fact]
    public void The_down_timer_of_priority_105_is_what_keepalived_dumps() =>
        Assert.Equal(3_589_843, VrrpTimers.Down(VrrpState.Initial, Self with { Priority = 105 }));

    [Fact]
    public void Silence_may_last_as_many_intervals_as_configured() =>
        Assert.Equal(
            (5 * Second) + 609_375, VrrpTimers.Down(VrrpState.Initial, Self with { DownTimerAdverts = 5 }));

    [Fact]
    public void Everybody_starts_as_backup_with_a_full_down_timer()
    {
        var node = new TestNode(Self).Startup();

        node.Expects(Role.Backup, Effects.None, Reason.Startup);
        Assert.Equal(node.Now.After(3_609_375), node.State.NextDeadline);
    }

    [Fact]
    public void The_owner_starts_as_active_at_once()
    {
        var node = new TestNode(Self with { Priority = 255 }).Startup();

        node.Expects(Role.Active, TakesOver, Reason.Startup);
        Assert.Equal(node.Now.After(Second), node.State.NextDeadline);
    }

    [Fact]
    public void Takes_over_when_the_active_router_falls_silent()
    {
        var node = new TestNode(Self).Startup();

        node.Advance(3_609_374).Expects(Role.Backup, Effects.None);
        node.Advance(1).Expects(Role.Active, TakesOver, Reason.AdvertTimeout);
    }

    [Theory]
    [InlineData(101, true, Role.Backup)] // higher priority: keep waiting
    [InlineData(100, true, Role.Backup)] // equal priority: keep waiting, whatever the address
    [InlineData(99, true, Role.Active)] // lower, and we preempt: its adverts do not hold us back
    [InlineData(99, false, Role.Backup)] // lower, but we do not preempt: keep waiting
    public void Defers_to_a_live_active_router(int priority, bool preempt, Role after)
    {
        var node = new TestNode(Self with { Preempt = preempt }).Startup();

        node.Advance(2 * Second).Hears(priority, from: TestNode.Lower).ExpectsRole(Role.Backup);
        node.Advance(3_609_374 - (2 * Second)).ExpectsRole(Role.Backup);
        node.Advance(1).ExpectsRole(after);
    }

    [Fact]
    public void An_advert_heard_restarts_the_whole_down_timer()
    {
        var node = new TestNode(Self).Startup().Advance(3 * Second).Hears(200);

        Assert.Equal(node.Now.After(3_609_375), node.State.NextDeadline);
    }

    [Fact]
    public void Waits_only_the_skew_time_after_the_active_router_resigns()
    {
        var node = new TestNode(Self).Startup();

        node.Hears(priority: 0).Expects(Role.Backup, Effects.None, Reason.PriorityZero);
        node.Advance(609_374).ExpectsRole(Role.Backup);
        node.Advance(1).Expects(Role.Active, TakesOver);
    }

    [Fact]
    public void A_resignation_never_lengthens_the_wait()
    {
        var node = new TestNode(Self).Startup().Advance(3_500 * Millisecond).Hears(priority: 0);

        node.Advance(109_375).ExpectsRole(Role.Active);
    }

    [Fact]
    public void A_flood_of_resignations_cannot_keep_a_backup_from_taking_over()
    {
        var node = new TestNode(Self).Startup();
        for (int i = 0; i < 10 && node.Role == Role.Backup; i++)
        {
            node.Hears(priority: 0).Advance(100 * Millisecond);
        }

        node.ExpectsRole(Role.Active);
    }

    [Fact]
    public void A_lower_advert_is_reported_once_per_interval()
    {
        var node = new TestNode(Self).Startup();

        node.Hears(90).Expects(Role.Backup, Effects.None, Reason.LowerPriorityDiscarded);
        node.Advance(500 * Millisecond).Hears(90).Expects(Role.Backup, Effects.None, Reason.None);
        node.Advance(500 * Millisecond).Hears(90).Expects(Role.Backup, Effects.None, Reason.LowerPriorityDiscarded);
    }

    [Fact]
    public void Shutdown_as_backup_sends_nothing()
    {
        var node = new TestNode(Self).Startup();

        node.Happens(VrrpEventKind.Shutdown).Expects(Role.Initialize, Effects.None, Reason.Shutdown);
        node.Advance(10 * Second).Expects(Role.Initialize, Effects.None);
    }

    [Fact]
    public void Preemption_waits_for_the_delay_and_then_for_the_down_timer()
    {
        var node = new TestNode(Self with { PreemptDelayMicroseconds = 10 * Second }).Startup();

        node.Hears(90).Expects(Role.Backup, Effects.None, Reason.PreemptDelayStarted);
        for (int second = 1; second < 13; second++)
        {
            node.Advance(Second).ExpectsRole(Role.Backup);
            node.Hears(90); // second 9 is the last that restarts the timer
        }

        node.Advance(Second).ExpectsRole(Role.Active);
    }

    [Fact]
    public void The_preempt_delay_starts_with_the_first_lower_advert_and_not_at_startup()
    {
        var node = new TestNode(Self with { PreemptDelayMicroseconds = 10 * Second }).Startup();
        for (int second = 0; second < 30; second++)
        {
            node.Hears(200).Advance(Second);
        }

        node.Hears(90);

        Assert.Equal(node.Now.After(10 * Second), node.State.PreemptAfter);
    }

    [Fact]
    public void A_stronger_advert_ends_the_preempt_delay()
    {
        var node = new TestNode(Self with { PreemptDelayMicroseconds = 10 * Second }).Startup().Hears(90);

        node.Advance(Second).Hears(100).Expects(Role.Backup, Effects.None, Reason.PreemptDelayStopped);

        Assert.Equal(Instant.Never, node.State.PreemptAfter);
    }

    [Fact]
    public void A_preempt_delay_does_not_hold_back_a_backup_whose_active_router_dies()
    {
        var node = new TestNode(Self with { PreemptDelayMicroseconds = 100 * Second }).Startup().Hears(90);

        node.Advance(3_609_375).ExpectsRole(Role.Active);
    }

    [Fact]
    public void A_tick_up_to_one_interval_late_is_believed()
    {
        var node = new TestNode(Self).Startup();

        node.Advance(4_609_375).ExpectsRole(Role.Active);
    }

    [Fact]
    public void A_tick_later_than_that_earns_the_active_router_one_more_skew_time()
    {
        var node = new TestNode(Self).Startup();

        node.Advance(4_609_376).Expects(Role.Backup, Effects.None, Reason.Stalled);
        node.Advance(609_375).Expects(Role.Active, TakesOver, Reason.AdvertTimeout);
    }

    [Fact]
    public void A_stall_is_forgiven_once_so_that_a_slow_machine_takes_over_in_the_end()
    {
        var node = new TestNode(Self).Startup().Advance(10 * Second);

        node.Advance(10 * Second).ExpectsRole(Role.Active);
    }

    [Fact]
    public void A_changed_priority_counts_from_the_next_advert_on()
    {
        var node = new TestNode(Self).Startup();
        node.Self = Self with { Priority = 150 };

        node.Hears(120);

        node.Advance(3_609_375).ExpectsRole(Role.Active);
    }
}
