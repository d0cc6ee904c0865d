using Xunit;

namespace XdpLvs.Vrrp.Tests;

public sealed class InstantTests
{
    [Fact]
    public void What_never_comes_does_not_come_later_either() =>
        Assert.Equal(Instant.Never, Instant.Never.After(1_000));

    [Fact]
    public void A_moment_has_come_when_now_reaches_it()
    {
        var noon = new Instant(12);

        Assert.False(noon.HasCome(new Instant(11)));
        Assert.True(noon.HasCome(new Instant(12)));
        Assert.True(noon.HasCome(new Instant(13)));
    }

    [Fact]
    public void Waiting_is_never_negative()
    {
        Assert.Equal(7, new Instant(12).MicrosecondsFrom(new Instant(5)));
        Assert.Equal(0, new Instant(12).MicrosecondsFrom(new Instant(50)));
        Assert.Equal(long.MaxValue, Instant.Never.MicrosecondsFrom(new Instant(50)));
    }

    [Fact]
    public void The_earlier_of_two_comes_first() =>
        Assert.Equal(new Instant(3), Instant.Min(Instant.Never, Instant.Min(new Instant(3), new Instant(4))));
}
