using Xunit;

namespace XdpLvs.Vrrp.Tests;

/// <summary>RFC 9568 section 6.4.3 and keepalived's additions, one test per sentence.</summary>
public sealed class ActiveTests
{
    private const long Second = 1_000_000, Millisecond = 1_000;
    private const Effects Answers = Effects.Advertise | Effects.AnnounceAddresses;

    private static readonly VrrpSettings Self = TestNode.Defaults;

    [Fact]
    public void Advertises_once_per_interval()
    {
        var node = new TestNode(Self).StartupActive();

        node.Advance(999_999).Expects(Role.Active, Effects.None);
        node.Advance(1).Expects(Role.Active, Effects.Advertise);
        node.Advance(999_999).Expects(Role.Active, Effects.None);
        node.Advance(1).Expects(Role.Active, Effects.Advertise);
    }

    [Fact]
    public void Resigns_and_drops_the_addresses_at_shutdown_if_the_setting_says_so()
    {
        var node = new TestNode(Self with { KeepUntilSuccessor = false }).StartupActive();

        node.Happens(VrrpEventKind.Shutdown)
            .Expects(Role.Initialize, Effects.Resign | Effects.DropAddresses, Reason.Shutdown);
        Assert.Equal(Instant.Never, node.State.NextDeadline);
    }

    [Fact]
    public void Yields_to_a_higher_priority_after_one_last_advert()
    {
        var node = new TestNode(Self).StartupActive();

        node.Hears(101).Expects(Role.Backup, Effects.Advertise | Effects.DropAddresses, Reason.HigherPriority);
        Assert.Equal(node.Now.After(3_609_375), node.State.NextDeadline);
    }

    [Fact]
    public void Yields_in_silence_if_the_setting_says_so()
    {
        var node = new TestNode(Self with { HigherPrioSendAdvert = false }).StartupActive();

        node.Hears(101).Expects(Role.Backup, Effects.DropAddresses);
    }

    [Fact]
    public void Equal_priorities_are_settled_by_the_higher_address()
    {
        var loser = new TestNode(Self).StartupActive();
        var winner = new TestNode(Self).StartupActive();

        loser.Hears(100, from: TestNode.Higher).ExpectsRole(Role.Backup);
        winner.Hears(100, from: TestNode.Lower).ExpectsRole(Role.Active);
        Assert.Equal(Reason.HigherAddress, loser.Last.Notice.Reason);
    }

    [Fact]
    public void Addresses_compare_as_unsigned_numbers()
    {
        var node = new TestNode(Self with { SourceAddress = 0x0A00_0001 }).StartupActive();

        node.Hears(100, from: 0xC0A8_0001).ExpectsRole(Role.Backup);
    }

    [Fact]
    public void Two_owners_settle_by_address_too()
    {
        var node = new TestNode(Self with { Priority = 255 }).StartupActive();

        node.Hears(255, from: TestNode.Higher).ExpectsRole(Role.Backup);
    }

    [Fact]
    public void Answers_a_weaker_active_router_at_once_and_announces_the_addresses_again()
    {
        var node = new TestNode(Self).StartupActive().Advance(300 * Millisecond);

        node.Hears(90).Expects(Role.Active, Answers, Reason.LowerPriority);
        Assert.Equal(5, node.Last.AnnouncementsPerAddress);
        Assert.Equal(node.Now.After(Second), node.State.Deadline); // an advert was sent, so Adver_Timer restarts
    }

    [Fact]
    public void Answers_weaker_routers_once_per_interval_only()
    {
        var node = new TestNode(Self).StartupActive().Hears(90);

        node.Advance(999_999).Hears(90).Expects(Role.Active, Effects.None, Reason.None);
        node.Advance(1).Hears(90).Expects(Role.Active, Answers);
    }

    [Fact]
    public void An_advert_that_is_not_answered_restarts_no_timer()
    {
        var node = new TestNode(Self).StartupActive().Hears(90);
        Instant deadline = node.State.Deadline;

        for (int i = 0; i < 20; i++)
        {
            node.Advance(40 * Millisecond).Hears(90);
        }

        Assert.Equal(deadline, node.State.Deadline);
    }

    [Fact]
    public void Announces_but_does_not_advertise_to_weaker_routers_if_the_setting_says_so()
    {
        var node = new TestNode(Self with { LowerPrioNoAdvert = true }).StartupActive();
        Instant deadline = node.State.Deadline;

        node.Advance(100 * Millisecond).Hears(90).Expects(Role.Active, Effects.AnnounceAddresses);
        Assert.Equal(deadline, node.State.Deadline);
    }

    [Fact]
    public void Answers_a_resignation_at_once()
    {
        var node = new TestNode(Self).StartupActive().Advance(300 * Millisecond);

        node.Hears(0).Expects(Role.Active, Effects.Advertise, Reason.PriorityZero);
        Assert.Equal(node.Now.After(Second), node.State.Deadline);
    }

    [Fact]
    public void Answers_a_resignation_even_if_it_just_answered_a_weaker_router()
    {
        var node = new TestNode(Self).StartupActive().Hears(90);

        node.Advance(Millisecond).Hears(0).Expects(Role.Active, Effects.Advertise);
    }

    [Fact]
    public void A_flood_of_resignations_draws_few_answers_and_silences_nobody()
    {
        var node = new TestNode(Self).StartupActive();
        int sent = 0;
        for (int i = 0; i < 1_000; i++)
        {
            node.Hears(0);
            sent += node.Last.Effects.HasFlag(Effects.Advertise) ? 1 : 0;
            node.Advance(10 * Millisecond);
            sent += node.Last.Effects.HasFlag(Effects.Advertise) ? 1 : 0;
        }

        Assert.InRange(sent, 10, 16 * 10);
    }

    [Fact]
    public void A_second_resignation_too_soon_is_answered_as_soon_as_allowed()
    {
        var node = new TestNode(Self).StartupActive().Hears(0).Advance(50 * Millisecond).Hears(0);

        node.Expects(Role.Active, Effects.None);
        node.Advance(75 * Millisecond).Expects(Role.Active, Effects.Advertise);
    }

    [Fact]
    public void A_router_with_our_priority_and_our_address_is_reported_and_not_answered()
    {
        var node = new TestNode(Self).StartupActive();
        Instant deadline = node.State.Deadline;

        node.Hears(100, from: TestNode.Ours).Expects(Role.Active, Effects.ReportDuplicate, Reason.Duplicate);
        node.Hears(100, from: TestNode.Ours).Expects(Role.Active, Effects.None, Reason.None);
        Assert.Equal(deadline, node.State.Deadline);
    }

    [Fact]
    public void Adverts_first_then_takes_then_announces_five_times_and_again_after_five_seconds()
    {
        var node = new TestNode(Self).StartupActive();
        Assert.Equal(Effects.Advertise | Effects.TakeAddresses | Effects.AnnounceAddresses, node.Last.Effects);
        Assert.Equal(5, node.Last.AnnouncementsPerAddress);

        for (int second = 1; second < 5; second++)
        {
            node.Advance(Second).Expects(Role.Active, Effects.Advertise);
        }

        node.Advance(Second).Expects(Role.Active, Answers);
        Assert.Equal(5, node.Last.AnnouncementsPerAddress);
        node.Advance(Second).Expects(Role.Active, Effects.Advertise);
    }

    [Fact]
    public void Without_a_delay_there_is_no_second_burst()
    {
        var once = new AnnounceSettings { DelayMicroseconds = 0 };
        var node = new TestNode(Self with { Announce = once }).StartupActive();

        Assert.Equal(Instant.Never, node.State.AnnounceDeadline);
    }

    [Fact]
    public void Without_repeats_nothing_is_announced()
    {
        var silent = new AnnounceSettings { Repeat = 0, LowerPriorityRepeat = 0 };
        var node = new TestNode(Self with { Announce = silent }).StartupActive();

        node.Expects(Role.Active, Effects.Advertise | Effects.TakeAddresses);
        node.Hears(90).Expects(Role.Active, Effects.Advertise);
        Assert.Equal(Instant.Never, node.State.AnnounceDeadline);
    }

    [Fact]
    public void A_stream_of_weaker_adverts_does_not_postpone_the_second_burst()
    {
        var node = new TestNode(Self).StartupActive();
        Instant due = node.State.AnnounceDeadline;

        node.Advance(Second).Hears(90);
        node.Advance(Second).Hears(90);

        Assert.Equal(due, node.State.AnnounceDeadline);
    }

    [Fact]
    public void A_weaker_advert_schedules_a_burst_of_its_own()
    {
        var announce = new AnnounceSettings
        {
            LowerPriorityRepeat = 2,
            LowerPriorityDelayMicroseconds = 300 * Millisecond,
        };
        var node = new TestNode(Self with { Announce = announce }).StartupActive();
        node.Advance(5 * Second).Hears(90);

        node.Advance(300 * Millisecond).Expects(Role.Active, Effects.AnnounceAddresses);
        Assert.Equal(2, node.Last.AnnouncementsPerAddress);
    }

    [Fact]
    public void Announces_periodically_if_asked_to()
    {
        var announce = new AnnounceSettings
        {
            DelayMicroseconds = 0,
            RefreshMicroseconds = 2 * Second,
            RefreshRepeat = 3,
        };
        var node = new TestNode(Self with { Announce = announce }).StartupActive();

        node.Advance(Second).Expects(Role.Active, Effects.Advertise);
        node.Advance(Second).Expects(Role.Active, Answers);
        Assert.Equal(3, node.Last.AnnouncementsPerAddress);
        node.Advance(Second).Expects(Role.Active, Effects.Advertise);
        node.Advance(Second).Expects(Role.Active, Answers);
    }
}
