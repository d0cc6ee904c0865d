using Xunit;

namespace XdpLvs.Vrrp.Tests;

/// <summary>RFC 9568 section 6 where version 3 differs from version 2.</summary>
public sealed class Version3Tests
{
    private const long Second = 1_000_000, Centisecond = 10_000;

    private static readonly VrrpSettings Self = TestNode.Defaults with { Version = VrrpVersion.Three };

    [Theory]
    [InlineData(90, 1_000_000, 648_437)]
    [InlineData(90, 100_000, 64_843)]
    [InlineData(90, 10_000, 6_484)]
    [InlineData(254, 1_000_000, 7_812)]
    [InlineData(254, 10_000, 78)]
    public void The_skew_is_a_fraction_of_the_active_routers_interval(
        byte priority, long interval, long microseconds) =>
        Assert.Equal(microseconds, VrrpTimers.Skew(VrrpVersion.Three, priority, interval));

    [Fact]
    public void Starts_with_its_own_interval()
    {
        var node = new TestNode(Self with { IntervalMicroseconds = 10 * Centisecond }).Startup();

        node.Advance(360_936).ExpectsRole(Role.Backup);
        node.Advance(1).ExpectsRole(Role.Active);
    }

    [Fact]
    public void A_backup_learns_the_interval_of_the_active_router_and_its_skew_with_it()
    {
        var node = new TestNode(Self).Startup().Hears(200, interval: 10 * Centisecond);

        Assert.Equal(10 * Centisecond, node.State.ActiveIntervalMicroseconds);
        node.Advance(360_936).ExpectsRole(Role.Backup);
        node.Advance(1).ExpectsRole(Role.Active);
    }

    [Fact]
    public void An_advert_that_is_discarded_teaches_nothing()
    {
        var node = new TestNode(Self).Startup().Hears(50, interval: 10 * Centisecond);

        Assert.Equal(0, node.State.ActiveIntervalMicroseconds);
    }

    [Fact]
    public void Of_two_active_routers_the_stronger_tells_the_interval()
    {
        var node = new TestNode(Self).Startup().Hears(200, TestNode.Higher, Second);

        node.Hears(150, TestNode.Another, Centisecond).ExpectsRole(Role.Backup);
        Assert.Equal(Second, node.State.ActiveIntervalMicroseconds);
        node.Hears(250, TestNode.Another, Centisecond);
        Assert.Equal(Centisecond, node.State.ActiveIntervalMicroseconds);
    }

    [Fact]
    public void An_active_router_goes_by_its_own_interval_and_forgets_the_learned_one()
    {
        var node = new TestNode(Self).Startup().Hears(200, interval: 10 * Centisecond).Advance(360_937);

        node.ExpectsRole(Role.Active);
        Assert.Equal(node.Now.After(Second), node.State.Deadline);
        Assert.Equal(0, node.State.ActiveIntervalMicroseconds);
    }

    [Fact]
    public void Who_yields_learns_the_interval_of_the_stronger()
    {
        var node = new TestNode(Self).StartupActive().Hears(200, interval: 10 * Centisecond);

        node.ExpectsRole(Role.Backup);
        Assert.Equal(node.Now.After(360_937), node.State.Deadline);
    }

    [Fact]
    public void A_resignation_shortens_the_wait_to_the_skew_of_the_learned_interval()
    {
        var node = new TestNode(Self).Startup().Hears(200, interval: 10 * Centisecond).Hears(0);

        Assert.Equal(node.Now.After(60_937), node.State.Deadline);
    }

    [Fact]
    public void Ipv6_ties_are_settled_by_the_higher_link_local_address()
    {
        VrrpSettings six = Self with
        {
            SourceAddress = VrrpAddress.Parse("fe80::2"),
            Addresses = [VrrpAddress.Parse("fe80::1:1")],
        };
        var loser = new TestNode(six).StartupActive();
        var winner = new TestNode(six).StartupActive();

        loser.Happens(VrrpEvent.Heard(new Advert(100, Second, VrrpAddress.Parse("fe80::3")))).ExpectsRole(Role.Backup);
        winner.Happens(VrrpEvent.Heard(new Advert(100, Second, VrrpAddress.Parse("fe80::1")))).ExpectsRole(Role.Active);
    }
}
