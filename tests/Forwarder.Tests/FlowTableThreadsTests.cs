using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using XdpLvs.Forwarder.Tables;
using Xunit;
using static XdpLvs.Forwarder.Tests.World;

namespace XdpLvs.Forwarder.Tests;

/// <summary>
/// Many threads, one table, no lock. What holds at any moment: a server read for a key is one that somebody stored
/// for that key. What holds when all are done: no key has more places than there were threads, and no place is lost.
/// </summary>
public sealed class FlowTableThreadsTests
{
    private const int Threads = 4, Keys = 200, Turns = 100_000, Smallest = 64;
    private const uint LifeMax = 40;

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public async Task No_thread_reads_a_server_that_was_not_stored_for_that_key(int seed)
    {
        using var table = new FlowTables(1, 64, new Random(seed));
        int[] clock = [1];
        await Together(thread =>
        {
            var random = new Random((seed * 100) + thread);
            for (int i = 0; i < Turns; i++)
            {
                Turn(table, random, thread, clock);
            }
        });

        uint now = (uint)clock[0];
        List<FlowEntry> left = Listed(table, now);
        Assert.All(left, IsConsistent);
        Assert.All(left.GroupBy(entry => entry.Key), places => Assert.InRange(places.Count(), 1, Threads));
        Assert.Empty(Listed(table, now + LifeMax));
        Assert.Equal(Smallest, Usable(table, now + LifeMax));
    }

    [Fact]
    public async Task Each_half_open_flow_given_up_is_counted_once()
    {
        using var table = new FlowTables(1, 64, new Random(3));
        _ = Usable(table, now: 1); // full from here on: who comes in pushes somebody out
        long before = table.Evictions;
        int[] kept = new int[Threads];
        await Together(thread =>
        {
            for (int i = 0; i < Turns; i++)
            {
                var key = new FlowKey((uint)thread, (ushort)(i % 60_000), Web with { Port = (ushort)(i / 60_000) });
                kept[thread] += table.Remember(key, template: false, FlowState.SynReceived, 0, 1, 1000) ? 1 : 0;
            }
        });

        Assert.Equal(kept.Sum(), table.Evictions - before);
        Assert.Equal((Threads * Turns) - kept.Sum(), table.Refusals);
    }

    private static void Turn(FlowTables table, Random random, int thread, int[] clock)
    {
        uint now = (uint)Volatile.Read(ref clock[0]);
        int index = random.Next(Keys);
        switch (random.Next(16))
        {
            case < 6:
                FlowHandle found = table.Find(Key(index), template: false, now);
                Assert.True(!found.IsFound || found.Real / Threads == index, $"{found.Real} read for key {index}");
                if (found.IsFound && random.Next(2) == 0)
                {
                    var next = (FlowState)random.Next(1, 8);
                    table.Touch(found, next, now + 1 + (uint)random.Next((int)LifeMax));
                }

                break;
            case < 14:
                ushort real = (ushort)((index * Threads) + thread);
                table.Remember(Key(index), template: false, (FlowState)random.Next(1, 8), real, now,
                    now + 1 + (uint)random.Next((int)LifeMax));
                break;
            case 14:
                table.Visit(now, IsConsistent);
                break;
            default:
                Interlocked.Increment(ref clock[0]);
                break;
        }
    }

    /// <summary>
    /// Floods with half-open flows, which take every place that can be taken, and counts those places.
    /// </summary>
    private static int Usable(FlowTables table, uint now)
    {
        for (int i = 0; i < 5000; i++)
        {
            table.Remember(Key(100_000 + i), template: false, FlowState.SynReceived, 0, now, now + 1000);
        }

        return Listed(table, now).Count;
    }

    private static void IsConsistent(FlowEntry entry) =>
        Assert.Equal(entry.Key, Key(entry.Real / Threads));

    private static Task Together(Action<int> run) => Task.WhenAll(Enumerable.Range(0, Threads).Select(
        thread => Task.Factory.StartNew(() => run(thread), TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning, TaskScheduler.Default)));

    private static List<FlowEntry> Listed(FlowTables table, uint now)
    {
        List<FlowEntry> entries = [];
        table.Visit(now, entries.Add);
        return entries;
    }

    /// <summary>Keys that differ in the address alone have equal second words, which is the hardest case.</summary>
    private static FlowKey Key(int index) => new(0x0A000000 + (uint)index, ClientPort, Web);
}
