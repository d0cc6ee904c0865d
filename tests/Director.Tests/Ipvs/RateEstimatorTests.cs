using XdpLvs.Director.Tables;
using Xunit;

namespace XdpLvs.Director.Tests.Ipvs;

/// <summary>Linux net/netfilter/ipvs/ip_vs_est.c: every two seconds, a quarter of the new and three of the old.</summary>
public sealed class RateEstimatorTests
{
    private readonly RateEstimator _rate = new();

    [Fact]
    public void Nothing_came_nothing_is_estimated() => Assert.Equal(default, _rate.PerSecond);

    [Fact]
    public void A_quarter_of_the_first_two_seconds_counts_at_once()
    {
        _rate.Add(new TrafficCounts(8, 80, 80_000));

        Assert.Equal(new TrafficCounts(1, 10, 10_000), _rate.PerSecond);
    }

    [Fact]
    public void A_steady_rate_is_known_after_a_while_and_never_exceeded()
    {
        long last = 0;
        for (int i = 0; i < 100; i++)
        {
            _rate.Add(new TrafficCounts(200, 2000, 2_000_000));
            Assert.InRange(_rate.PerSecond.Octets, last, 1_000_000);
            last = _rate.PerSecond.Octets;
        }

        Assert.Equal(new TrafficCounts(100, 1000, 1_000_000), _rate.PerSecond);
    }

    /// <summary>The kernel's own integers: connections times 512, less what is thought, a quarter of it, rounded down;
    /// shown with 511 added, divided by 1024.</summary>
    [Theory]
    [InlineData(new long[] { 1 }, 0)] // 128: 639 / 1024
    [InlineData(new long[] { 5 }, 1)] // 640
    [InlineData(new long[] { 4 }, 0)] // 512
    [InlineData(new long[] { 100 }, 12)] // 12800: 12.5 is rounded down
    [InlineData(new long[] { 100, 0 }, 9)] // 9600
    [InlineData(new long[] { 100, 0, 0, 0, 0, 0, 0, 0 }, 2)] // 1708: 1.67
    [InlineData(new long[] { 1, 1, 1, 1, 1, 1, 1, 1 }, 0)] // 459
    public void Fractions_are_kept_and_rounded_as_the_kernel_does(long[] connections, long shown)
    {
        foreach (long each in connections)
        {
            _rate.Add(new TrafficCounts(each, 0, 0));
        }

        Assert.Equal(shown, _rate.PerSecond.Connections);
    }

    [Theory]
    [InlineData(1, 0)] // 16 / 4: 4, and 15 added: 19 / 32
    [InlineData(4, 0)] // 16: 31 / 32
    [InlineData(5, 1)] // 20: 35 / 32
    [InlineData(1_000, 125)]
    public void Octets_are_kept_more_coarsely(long octets, long shown)
    {
        _rate.Add(new TrafficCounts(0, 0, octets));

        Assert.Equal(shown, _rate.PerSecond.Octets);
    }

    [Fact]
    public void It_falls_to_nothing_when_nothing_comes_any_more()
    {
        _rate.Add(new TrafficCounts(1_000_000, 1_000_000, 1_000_000_000));
        for (int i = 0; i < 100; i++)
        {
            _rate.Add(default);
        }

        Assert.Equal(default, _rate.PerSecond);
    }

    [Fact]
    public void It_can_begin_anew()
    {
        _rate.Add(new TrafficCounts(100, 100, 100));

        _rate.Reset();

        Assert.Equal(default, _rate.PerSecond);
    }
}
