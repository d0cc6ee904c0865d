using System.Collections.Generic;
using Xunit;

namespace XdpLvs.Vrrp.Tests;

/// <summary>Announcements in turns, and apart.</summary>
public sealed class BurstTests
{
    [Fact]
    public void Goes_round_the_addresses()
    {
        Burst burst = default(Burst).With(rounds: 2, addresses: 3);
        List<int> positions = [];
        for (; !burst.IsDone; burst = burst.Next(3))
        {
            positions.Add(burst.Position);
        }

        Assert.Equal([0, 1, 2, 0, 1, 2], positions);
    }

    [Fact]
    public void A_burst_during_a_burst_only_fills_it_up()
    {
        Burst burst = default(Burst).With(5, 2).Next(2).Next(2).Next(2);

        Assert.Equal(7, burst.With(3, 2).Left);
        Assert.Equal(10, burst.With(5, 2).Left);
    }

    [Fact]
    public void Nothing_is_announced_of_no_addresses() => Assert.True(default(Burst).With(5, 0).IsDone);

    [Fact]
    public void Each_family_keeps_its_own_distance()
    {
        var wish = new AnnounceSettings { ArpIntervalMicroseconds = 1_000, NeighbourIntervalMicroseconds = 500 };
        var slower = new AnnounceSettings { NeighbourIntervalMicroseconds = 2_000 };
        Pacer pacer = default(Pacer).Slower(wish).Slower(slower);
        var now = new Instant(5_000_000);

        pacer = pacer.Sent(isV6: false, now);

        Assert.Equal(now.After(1_000), pacer.FreeAt(isV6: false));
        Assert.True(pacer.FreeAt(isV6: true).HasCome(now));
        Assert.Equal(now.After(2_000), pacer.Sent(isV6: true, now).FreeAt(isV6: true));
    }
}
