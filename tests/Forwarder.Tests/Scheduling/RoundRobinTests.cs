using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using XdpLvs.Forwarder.Scheduling;
using XdpLvs.Forwarder.Tables;
using Xunit;
using static XdpLvs.Forwarder.Tests.World;

namespace XdpLvs.Forwarder.Tests;

/// <summary>rr: each in turn, the last added first.</summary>
public sealed class RoundRobinTests
{
    private readonly SchedulerMemory _memory = new();
    private readonly FlowCounts _counts = new();

    [Fact]
    public void Takes_turns_and_begins_with_the_last_added() =>
        Assert.Equal([2, 1, 0, 2, 1, 0, 2], Choices(7, A, B, C));

    [Fact]
    public void A_single_server_has_every_turn() => Assert.Equal([1, 1, 1], Choices(3, B));

    [Fact]
    public void Weights_above_0_make_no_difference() =>
        Assert.Equal([1, 0, 1, 0], Choices(4, Real(0, 5), Real(1, 1)));

    [Fact]
    public void Weight_0_is_passed_over() =>
        Assert.Equal([2, 0, 2, 0], Choices(4, A, B with { Weight = 0 }, C));

    [Fact]
    public void A_server_at_its_threshold_is_passed_over_until_it_has_room()
    {
        Assert.Equal([2, 1], Choices(2, A, B, C));
        _counts.SetThresholds(0, 1, 0);
        _counts.Add(0, FlowState.Established, template: false);
        Assert.Equal([2, 1, 2], Choices(3, A, B, C));
        _counts.Remove(0, FlowState.Established, template: false);
        Assert.Equal([1, 0, 2], Choices(3, A, B, C));
    }

    [Fact]
    public void Nobody_is_chosen_where_nobody_may_be()
    {
        Assert.Equal([-1, -1], Choices(2));
        Assert.Equal([-1, -1], Choices(2, A with { Weight = 0 }, B with { Weight = 0 }));
        Assert.Equal([1, 0], Choices(2, A, B)); // and that was nobody's turn
    }

    [Fact]
    public void A_server_that_comes_back_is_the_last_added()
    {
        Assert.Equal([2], Choices(1, A, B, C));
        Assert.Equal([1, 0], Choices(2, A, B)); // C left
        Assert.Equal([2, 1, 0], Choices(3, A, B, C)); // and is back
    }

    [Fact]
    public void When_the_last_choice_leaves_the_walk_goes_on_behind_it()
    {
        Assert.Equal([2, 1], Choices(2, A, B, C));
        Assert.Equal([0, 2, 0], Choices(3, A, C));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Chooses_as_the_kernel_does_while_servers_come_go_and_change(int seed)
    {
        var random = new Random(seed);
        var kernel = new KernelLists();
        List<RealServer> reals = [Real(9)]; // always there, so that somebody can always be chosen
        kernel.Add(9, 1);
        for (ushort number = 0; number < 8; number++)
        {
            _counts.Add(number, FlowState.Established, template: false);
        }

        for (int i = 0; i < 20_000; i++)
        {
            int at = random.Next(reals.Count);
            ushort number = (ushort)random.Next(8);
            switch (random.Next(10))
            {
                case 0 when reals.All(real => real.Number != number):
                    reals.Add(Real(number, random.Next(3)));
                    kernel.Add(number, reals[^1].Weight);
                    break;
                case 1 when reals[at].Number != 9:
                    kernel.Remove(reals[at].Number);
                    reals.RemoveAt(at);
                    break;
                case 2 when reals[at].Number != 9:
                    reals[at] = reals[at] with { Weight = random.Next(3) };
                    kernel.SetWeight(reals[at].Number, reals[at].Weight);
                    break;
                case 3 when number != 9:
                    _counts.SetThresholds(number, random.Next(2), 0);
                    kernel.SetOverloaded(number, _counts.IsOverloaded(number));
                    break;
                default:
                    break;
            }

            Assert.Equal([kernel.RoundRobin()], Choices(1, [.. reals]));
        }
    }

    [Fact]
    public async Task Threads_take_turns_together()
    {
        RealServer[] reals = [A, B, C];
        int[] counts = new int[3];
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(
            () =>
            {
                for (int i = 0; i < 10_000; i++)
                {
                    int chosen = RoundRobin.Choose(reals, _memory, _counts);
                    System.Threading.Interlocked.Increment(ref counts[chosen]);
                }
            },
            TestContext.Current.CancellationToken)));

        Assert.Equal([10_000, 10_000, 10_000], counts);
    }

    private int[] Choices(int count, params RealServer[] reals) => [.. Enumerable.Range(0, count).Select(_ =>
    {
        int chosen = RoundRobin.Choose(reals, _memory, _counts);
        return chosen < 0 ? -1 : reals[chosen].Number;
    })];
}
