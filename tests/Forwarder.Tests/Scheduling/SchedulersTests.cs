using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using XdpLvs.Forwarder.Scheduling;
using XdpLvs.Forwarder.Tables;
using Xunit;

namespace XdpLvs.Forwarder.Tests;

/// <summary>What holds for every scheduler. Runs alone, for the sake of counting allocations.</summary>
[Collection(nameof(AllocationTests))]
public sealed class SchedulersTests
{
    public static TheoryData<SchedulerKind> Kinds => [.. Enum.GetValues<SchedulerKind>()];

    [Fact]
    public void The_names_are_ipvsadm_s() => Assert.Equal(
        ["rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "fo", "ovf", "mh", "twos"],
        Enum.GetValues<SchedulerKind>().Select(Schedulers.Name));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Nobody_is_chosen_where_nobody_may_be(SchedulerKind kind)
    {
        Assert.Equal(-1, new Farm(kind).Choose());
        Assert.Equal(-1, new Farm(kind).With(0, 0).Choose());
        Farm farm = new Farm(kind).With(1, 1).Overload(0).Overload(1);
        Assert.Equal(-1, farm.Choose());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_single_server_takes_everything(SchedulerKind kind) =>
        Assert.All(Enumerable.Range(0, 20), n => Assert.Equal(0, new Farm(kind).With(3).Choose((uint)n)));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Weight_0_and_thresholds_are_kept_while_everything_changes(SchedulerKind kind)
    {
        var random = new Random(11);
        var farm = new Farm(kind, SchedulerSwitches.Fallback | SchedulerSwitches.UsePort);
        HashSet<ushort> there = [];
        int chosenAtAll = 0;
        for (int i = 0; i < 5000; i++)
        {
            ushort number = (ushort)random.Next(7);
            farm.Now += (uint)random.Next(100_000);
            Disturb(farm, there, random, number);
            int chosen = farm.Choose((uint)random.NextInt64(), (ushort)random.Next(65_536));
            if (chosen >= 0)
            {
                RealServer real = farm.Service.Reals.Single(real => real.Number == chosen);
                Assert.True(real.Weight > 0);
                Assert.True(kind == SchedulerKind.LocalityLeastConnections || !farm.Counts.IsOverloaded(real.Number));
                chosenAtAll++;
            }
        }

        Assert.InRange(chosenAtAll, 1000, 5000);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Choosing_allocates_nothing(SchedulerKind kind)
    {
        Farm farm = new Farm(kind, SchedulerSwitches.Fallback).With(3, 1, 2).Overload(1);
        var flow = new FlowKey(World.Client, 1, World.Web);
        long[] allocated = new long[6]; // the runtime itself allocates now and then; a choice would every time
        int sum = 0;
        for (int round = 0; round < allocated.Length; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (ushort port = 0; port < 10_000; port++)
            {
                sum += Schedulers.Choose(farm.Service, flow with { ClientPort = port }, farm.Counts, farm.Now + port);
            }

            allocated[round] = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Contains(0, allocated);
        Assert.InRange(sum, -60_000, 120_000);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Threads_choose_while_servers_come_and_go(SchedulerKind kind)
    {
        Farm farm = new Farm(kind, SchedulerSwitches.Fallback).With(3, 1, 2);
        bool ends = false;
        Task[] threads = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(
            () =>
            {
                for (uint n = 0; !System.Threading.Volatile.Read(ref ends); n++)
                {
                    VirtualService service = farm.Service; // one table for the whole decision, as the loop has it
                    var flow = new FlowKey(n, 1, World.Web);
                    Assert.InRange(
                        Schedulers.Choose(service, flow, farm.Counts, farm.Now), -1, service.Reals.Length - 1);
                }
            },
            TestContext.Current.CancellationToken))];
        var random = new Random(12);
        for (int i = 0; i < 300; i++)
        {
            ushort number = (ushort)(300 * random.Next(1, 9)); // each on a page of its own
            farm.Add(number, random.Next(5));
            farm.SetWeight((ushort)random.Next(3), random.Next(4));
            farm.Remove(number);
        }

        System.Threading.Volatile.Write(ref ends, true);
        await Task.WhenAll(threads);
    }

    /// <summary>A new scheduler comes with a new memory; but no word that was left there may do harm.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void No_word_in_the_memory_does_harm(SchedulerKind kind)
    {
        var random = new Random(13);
        Farm farm = new Farm(kind).With(0, 4, 2, 0, 6);
        SchedulerMemory memory = farm.Service.Memory;
        for (int i = 0; i < 20_000; i++)
        {
            ulong word = ((ulong)random.NextInt64() << 1) & (random.Next(2) == 0 ? ulong.MaxValue : 0xF_0000_0000_0007);
            Assert.True(memory.TryReplace(memory.Read(), word));
            int chosen = farm.Choose((uint)i);
            Assert.Contains(chosen, (int[])[-1, 1, 2, 4]);
            Assert.True(chosen >= 0 || kind is SchedulerKind.SourceHashing or SchedulerKind.DestinationHashing);
        }
    }

    private static void Disturb(Farm farm, HashSet<ushort> there, Random random, ushort number)
    {
        switch (random.Next(8))
        {
            case 0 when there.Add(number):
                farm.Add(number, random.Next(4));
                break;
            case 1 when there.Count > 3 && there.Remove(number):
                farm.Remove(number);
                break;
            case 2 when there.Contains(number):
                farm.SetWeight(number, random.Next(5));
                break;
            case 3:
                farm.Counts.SetThresholds(number, random.Next(3), 0); // 0 lifts it
                break;
            case 4:
                farm.Load(number, random.Next(3), random.Next(3));
                break;
            case 5:
                farm.Relieve(number, Math.Min(farm.Counts.Active(number), random.Next(5)));
                break;
            default:
                break;
        }
    }
}
