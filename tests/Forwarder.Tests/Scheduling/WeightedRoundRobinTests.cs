using System;
using System.Collections.Generic;
using System.Linq;
using XdpLvs.Forwarder.Scheduling;
using XdpLvs.Forwarder.Tables;
using Xunit;
using static XdpLvs.Forwarder.Tests.World;

namespace XdpLvs.Forwarder.Tests;

/// <summary>wrr: as the kernel's, choice for choice, and in the long run as the weights say.</summary>
public sealed class WeightedRoundRobinTests
{
    private readonly SchedulerMemory _memory = new();
    private readonly FlowCounts _counts = new();

    public static TheoryData<int, int, int> ThreeWeights
    {
        get
        {
            var data = new TheoryData<int, int, int>();
            for (int mix = 0; mix < 6 * 6 * 6; mix++)
            {
                data.Add(mix / 36, mix / 6 % 6, mix % 6);
            }

            data.Add(100, 50, 25);
            data.Add(7, 0, 91);
            data.Add(65_535, 1, 3);
            return data;
        }
    }

    [Fact]
    public void Serves_each_as_often_as_its_weight_in_one_cycle() =>
        Assert.Equal([2, 1, 0, 0, 0, 1, 0], Choices(7, Real(0, 4), Real(1, 2), Real(2, 1)));

    [Theory]
    [MemberData(nameof(ThreeWeights))]
    public void Chooses_as_the_kernel_does(int a, int b, int c)
    {
        var kernel = new KernelLists();
        RealServer[] reals = [Real(0, a), Real(1, b), Real(2, c)];
        Array.ForEach(reals, real => kernel.Add(real.Number, real.Weight));

        for (int i = 0; i < 2000; i++)
        {
            Assert.Equal([kernel.WeightedRoundRobin()], Choices(1, reals));
        }
    }

    [Fact]
    public void A_lighter_server_added_later_is_served_first() =>
        Assert.Equal([1, 0, 0, 1, 0, 0], Choices(6, Real(0, 2), Real(1, 1))); // the kernel keeps the lower threshold

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Chooses_as_the_kernel_does_while_servers_come_go_and_change(int seed)
    {
        var random = new Random(seed);
        var kernel = new KernelLists();
        List<RealServer> reals = [];
        for (int i = 0; i < 5000; i++)
        {
            ushort number = (ushort)random.Next(6);
            int at = reals.FindIndex(real => real.Number == number), weight = random.Next(9);
            switch (random.Next(12))
            {
                case 0 when at < 0:
                    reals.Add(Real(number, weight));
                    kernel.Add(number, weight);
                    break;
                case 1 when at >= 0:
                    reals.RemoveAt(at);
                    kernel.Remove(number);
                    break;
                case 2 when at >= 0 && reals[at].Weight != weight:
                    reals[at] = reals[at] with { Weight = weight };
                    kernel.SetWeight(number, weight);
                    break;
                default:
                    break;
            }

            Assert.Equal([kernel.WeightedRoundRobin()], Choices(1, [.. reals]));
        }
    }

    /// <summary>Also where the walk stands after it found everybody over the threshold.</summary>
    [Theory]
    [InlineData(1, 4)]
    [InlineData(2, 9)]
    [InlineData(3, 60)]
    [InlineData(4, 60_000)]
    public void Chooses_as_the_kernel_does_while_servers_fill_up_and_have_room_again(int seed, int weightMax)
    {
        var random = new Random(seed);
        int refusals = 0;
        for (int round = 0; round < 40; round++)
        {
            var kernel = new KernelLists();
            var memory = new SchedulerMemory();
            var counts = new FlowCounts();
            RealServer[] reals = [.. Enumerable.Range(0, random.Next(1, 5))
                .Select(n => Real((ushort)n, random.Next(weightMax + 1) / random.Next(1, 4)))];
            foreach (RealServer real in reals)
            {
                kernel.Add(real.Number, real.Weight);
                counts.Add(real.Number, FlowState.Established, template: false);
            }

            for (int i = 0; i < (weightMax > 100 ? 20 : 200); i++)
            {
                ushort number = (ushort)random.Next(reals.Length);
                counts.SetThresholds(number, random.Next(3) == 0 ? 0 : 1, 0);
                kernel.SetOverloaded(number, counts.IsOverloaded(number));
                int chosen = WeightedRoundRobin.Choose(reals, memory, counts);

                Assert.Equal(kernel.WeightedRoundRobin(), chosen < 0 ? -1 : reals[chosen].Number);
                refusals += chosen < 0 ? 1 : 0;
            }
        }

        Assert.InRange(refusals, 10, 8000);
    }

    [Fact]
    public void The_lightest_takes_all_while_a_heavy_server_is_over_its_threshold()
    {
        _counts.SetThresholds(0, 1, 0);
        _counts.Add(0, FlowState.Established, template: false);

        Assert.All(Choices(20_000, Real(0, 65_535), Real(1, 1)), number => Assert.Equal(1, number));
    }

    [Theory]
    [InlineData(1, 2, 3)]
    [InlineData(5, 5, 5)]
    [InlineData(0, 1, 4)]
    [InlineData(10, 20, 70)]
    public void A_whole_number_of_rounds_gives_exactly_the_weights(int a, int b, int c)
    {
        int[] chosen = Choices((a + b + c) * 12, Real(0, a), Real(1, b), Real(2, c));

        Assert.Equal([12 * a, 12 * b, 12 * c], Enumerable.Range(0, 3).Select(n => chosen.Count(x => x == n)));
    }

    [Fact]
    public void Equal_weights_make_it_a_round_robin() =>
        Assert.Equal([2, 1, 0, 2, 1, 0], Choices(6, Real(0, 3), Real(1, 3), Real(2, 3)));

    [Fact]
    public void Nobody_is_chosen_where_nobody_may_be()
    {
        Assert.Equal([-1], Choices(1));
        Assert.Equal([-1], Choices(1, Real(0, 0), Real(1, 0)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Keeps_the_proportions_whatever_was_before(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 500; i++)
        {
            RealServer[] reals = [.. Enumerable.Range(0, 1 + random.Next(6))
                .Select(n => Real((ushort)n, random.Next(9))).OrderBy(_ => random.Next())];
            int total = reals.Sum(real => real.Weight);
            int[] chosen = Choices(random.Next(1, 20) + (10 * total), reals);

            Assert.All(reals, real => Assert.InRange(
                chosen.Count(number => number == real.Number), 9 * real.Weight, (11 * real.Weight) + 20));
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public void Never_chooses_weight_0_while_weights_change(int seed)
    {
        var random = new Random(seed);
        List<RealServer> reals = [Real(0), Real(1), Real(2), Real(3)];
        for (int i = 0; i < 20_000; i++)
        {
            int at = random.Next(4);
            reals[at] = reals[at] with { Weight = random.Next(4) };
            int number = Choices(1, [.. reals])[0];

            Assert.Equal(reals.All(real => real.Weight == 0), number < 0);
            Assert.True(number < 0 || reals.Single(real => real.Number == number).Weight > 0);
        }
    }

    private int[] Choices(int count, params RealServer[] reals) => [.. Enumerable.Range(0, count).Select(_ =>
    {
        int chosen = WeightedRoundRobin.Choose(reals, _memory, _counts);
        return chosen < 0 ? -1 : reals[chosen].Number;
    })];
}
