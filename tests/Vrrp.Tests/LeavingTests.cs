using Xunit;

namespace XdpLvs.Vrrp.Tests;

/// <summary>A stop without a gap: the addresses stay until a successor is heard, but not for ever.</summary>
public sealed class LeavingTests
{
    private const long Second = 1_000_000, Millisecond = 1_000;

    private static readonly VrrpSettings Self = TestNode.Defaults;

    private static TestNode Left(VrrpSettings? self = null) =>
        new TestNode(self ?? Self).StartupActive().Happens(VrrpEventKind.Shutdown);

    [Fact]
    public void Resigns_and_keeps_the_addresses() => Left().Expects(Role.Leaving, Effects.Resign, Reason.Shutdown);

    [Fact]
    public void Drops_them_when_the_successor_speaks() =>
        Left().Hears(1).Expects(Role.Initialize, Effects.DropAddresses, Reason.SuccessorHeard);

    [Fact]
    public void Another_one_that_resigns_is_no_successor() => Left().Hears(0).Expects(Role.Leaving, Effects.None);

    [Fact]
    public void Waits_for_the_slowest_backup_and_a_little_more()
    {
        TestNode node = Left();

        node.Advance(1_096_092).Expects(Role.Leaving, Effects.None);
        node.Advance(1).Expects(Role.Initialize, Effects.DropAddresses, Reason.NoSuccessor);
        Assert.Equal(Instant.Never, node.State.NextDeadline);
    }

    [Fact]
    public void Waits_no_longer_than_three_seconds_however_slow_the_adverts()
    {
        VrrpSettings slow = Self with { Version = VrrpVersion.Three, IntervalMicroseconds = 40 * Second };

        Left(slow).Advance(3 * Second).ExpectsRole(Role.Initialize);
    }

    [Fact]
    public void Sends_no_advert_any_more()
    {
        TestNode node = Left();
        for (int i = 0; i < 10; i++)
        {
            node.Advance(100 * Millisecond).Expects(Role.Leaving, Effects.None);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Goes_at_once_when_told_again_or_when_it_cannot_serve(bool toldAgain)
    {
        TestNode node = Left();

        node.Happens(toldAgain ? new VrrpEvent(VrrpEventKind.Shutdown) : VrrpEvent.Failed(FaultCauses.Link));
        node.Expects(Role.Initialize, Effects.DropAddresses);
    }

    [Fact]
    public void Can_start_again_afterwards() => Left().Hears(90).Startup().ExpectsRole(Role.Backup);
}
