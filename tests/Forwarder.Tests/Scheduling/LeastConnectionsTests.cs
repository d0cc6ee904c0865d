using System;
using System.Linq;
using System.Numerics;
using XdpLvs.Forwarder.Scheduling;
using XdpLvs.Forwarder.Tables;
using Xunit;

namespace XdpLvs.Forwarder.Tests;

/// <summary>lc, wlc, sed and nq: who has the least to carry. Of equals, the last added.</summary>
public sealed class LeastConnectionsTests
{
    private const SchedulerKind Lc = SchedulerKind.LeastConnections, Wlc = SchedulerKind.WeightedLeastConnections;
    private const SchedulerKind Sed = SchedulerKind.ShortestExpectedDelay, Nq = SchedulerKind.NeverQueue;

    [Theory]
    [InlineData(Lc)]
    [InlineData(Wlc)]
    [InlineData(Sed)]
    [InlineData(Nq)]
    public void Of_equals_the_last_added_is_chosen(SchedulerKind kind)
    {
        Assert.Equal([2, 1, 0, 2, 1, 0], new Farm(kind).With(1, 1, 1).Connect(6));
        Assert.Equal(2, new Farm(kind).With(3, 3, 3).Load(0, 4, 4).Load(1, 4, 4).Load(2, 4, 4).Choose());
    }

    [Fact]
    public void Lc_asks_nobody_s_weight() =>
        Assert.Equal([2, 1, 0, 2, 1, 0], new Farm(Lc).With(100, 1, 10).Connect(6));

    [Theory]
    [InlineData(Lc)]
    [InlineData(Wlc)]
    public void An_active_connection_weighs_as_much_as_256_others(SchedulerKind kind)
    {
        Assert.Equal(1, new Farm(kind).With(1, 1).Load(0, 1).Load(1, 0, 255).Choose());
        Assert.Equal(1, new Farm(kind).With(1, 1).Load(0, 1).Load(1, 0, 256).Choose()); // equal: the last added
        Assert.Equal(0, new Farm(kind).With(1, 1).Load(0, 1).Load(1, 0, 257).Choose());
    }

    [Fact]
    public void Wlc_divides_by_the_weight()
    {
        Assert.Equal([1, 0, 0, 0, 1, 0, 0, 0], new Farm(Wlc).With(3, 1).Connect(8));
        Assert.Equal(0, new Farm(Wlc).With(2, 1).Load(0, 3).Load(1, 2).Choose());
        Assert.Equal(1, new Farm(Wlc).With(2, 1).Load(0, 4).Load(1, 2).Choose());
    }

    [Theory]
    [InlineData(Sed)]
    [InlineData(Nq)]
    public void Inactive_connections_do_not_count_for_sed_and_nq(SchedulerKind kind) =>
        Assert.Equal(1, new Farm(kind).With(1, 1).Load(1, 0, 1000).Choose());

    [Fact]
    public void Sed_counts_the_new_connection_too()
    {
        Assert.Equal(0, new Farm(Sed).With(3, 1).Choose()); // (0+1)/3 < (0+1)/1
        Assert.Equal([0, 0, 1, 0, 0, 0, 1, 0], new Farm(Sed).With(3, 1).Connect(8));
    }

    [Fact]
    public void Nq_gives_the_idle_server_work_however_small_its_weight()
    {
        Assert.Equal([1, 0, 0, 0, 0, 0], new Farm(Nq).With(100, 1).Connect(6));
        Assert.Equal(0, new Farm(Nq).With(1, 100).Load(1, 1).Choose());
    }

    /// <summary>The rule in one line each, beside the walk through the list.</summary>
    [Theory]
    [InlineData(Lc)]
    [InlineData(Wlc)]
    [InlineData(Sed)]
    [InlineData(Nq)]
    public void Chooses_what_the_rule_says_for_any_servers_and_loads(SchedulerKind kind)
    {
        var random = new Random(5);
        for (int round = 0; round < 3000; round++)
        {
            var farm = new Farm(kind);
            int count = random.Next(6);
            for (ushort number = 0; number < count; number++)
            {
                farm.Add(number, random.Next(4) == 0 ? random.Next(60_000) : random.Next(4));
                farm.Load(number, random.Next(4), random.Next(3) == 0 ? 256 * random.Next(3) : random.Next(4));
                farm = random.Next(6) == 0 ? farm.Overload(number) : farm;
            }

            Assert.Equal(ByRule(farm, kind), farm.Choose());
        }
    }

    private static int ByRule(Farm farm, SchedulerKind kind)
    {
        FlowCounts counts = farm.Counts;
        RealServer[] open = [.. farm.Service.Reals.Reverse()
            .Where(real => real.Weight > 0 && !counts.IsOverloaded(real.Number))];
        RealServer[] idle = [.. open.Where(real => kind == Nq && counts.Active(real.Number) == 0).Take(1)];
        BigInteger common = open.Aggregate(BigInteger.One, (product, real) => product * real.Weight);
        return (idle.Length > 0 ? idle : open)
            .OrderBy(real => kind switch
            {
                Lc => Overhead(real) * common,
                Wlc => Overhead(real) * common / real.Weight,
                _ => (counts.Active(real.Number) + 1) * common / real.Weight,
            })
            .Select(real => (int)real.Number).Append(-1).First();

        BigInteger Overhead(RealServer real) => (256L * counts.Active(real.Number)) + counts.Inactive(real.Number);
    }
}
