using System;
using XdpLvs.Forwarder.Tables;

namespace XdpLvs.Forwarder.Scheduling;

/// <summary>
/// lblcr: one destination address, a set of servers. The least loaded of them is chosen until that has too much to
/// carry; then wlc's choice joins the set. When the set has been the same for a day, its most loaded server leaves it.
/// </summary>
/// <remarks>
/// Linux net/netfilter/ipvs/ip_vs_lblcr.c, where a table holds the set of each destination address; a virtual service
/// has one. A server's mark says as the how-manyth it joined, 0 that it is not in the set; who joined last stands first
/// in the kernel's list. The memory's word has how many have joined so far (low 32 bits) and, in ticks, when the set
/// last changed (high 32 bits). A server out of service keeps its place, as in the kernel, but counts for nothing.
/// </remarks>
internal static class LocalityLeastConnectionsReplicated
{
    private const int ChangedShift = 32;

    /// <summary>lblcr_expiration.</summary>
    private static readonly uint StableTicksMax = FlowClock.Ticks(24 * 60 * 60);

    internal static int Choose(ReadOnlySpan<RealServer> reals, SchedulerMemory memory, FlowCounts counts, uint now)
    {
        int least = LeastOfSet(reals, memory, counts);
        Shrink(reals, memory, counts, now);
        if (least >= 0 && !ServerLoad.IsBeyondWeight(reals[least], reals, counts))
        {
            return least;
        }

        int chosen = WeightedLeastConnections.Choose(reals, counts);
        if (chosen >= 0)
        {
            Join(reals[chosen].Number, memory, now);
        }

        return chosen;
    }

    private static int LeastOfSet(ReadOnlySpan<RealServer> reals, SchedulerMemory memory, FlowCounts counts)
    {
        int least = -1;
        uint leastMark = 0;
        for (int i = 0; i < reals.Length; i++)
        {
            uint mark = memory.MarkOf(reals[i].Number);
            if (mark == 0 || !ServerLoad.IsOpen(reals[i], counts))
            {
                continue;
            }

            int order = least < 0 ? -1 : Compare(reals[i], reals[least], counts);
            if (order < 0 || (order == 0 && mark > leastMark))
            {
                (least, leastMark) = (i, mark);
            }
        }

        return least;
    }

    /// <summary>Takes the most loaded server out of a set that did not change for too long.</summary>
    private static void Shrink(ReadOnlySpan<RealServer> reals, SchedulerMemory memory, FlowCounts counts, uint now)
    {
        ulong seen = memory.Read();
        if (unchecked(now - (uint)(seen >> ChangedShift)) <= StableTicksMax)
        {
            return;
        }

        int size = 0, most = -1;
        uint mostMark = 0;
        for (int i = 0; i < reals.Length; i++)
        {
            uint mark = memory.MarkOf(reals[i].Number);
            size += mark != 0 ? 1 : 0;
            if (mark == 0 || reals[i].Weight <= 0)
            {
                continue;
            }

            int order = most < 0 ? 1 : Compare(reals[i], reals[most], counts);
            if (order > 0 || (order == 0 && mark > mostMark))
            {
                (most, mostMark) = (i, mark);
            }
        }

        if (size > 1 && most >= 0 && memory.TryReplace(seen, Word(now, unchecked((uint)seen))))
        {
            memory.TryMark(reals[most].Number, mostMark, 0); // who replaced the word does it, so only one leaves
        }
    }

    private static void Join(ushort number, SchedulerMemory memory, uint now)
    {
        while (memory.MarkOf(number) == 0)
        {
            ulong seen = memory.Read();
            uint joined = unchecked((uint)seen + 1);
            if (memory.TryReplace(seen, Word(now, joined)))
            {
                memory.TryMark(number, 0, joined);
            }
        }
    }

    private static int Compare(in RealServer one, in RealServer other, FlowCounts counts) =>
        (ServerLoad.Of(one, counts) * other.Weight).CompareTo(ServerLoad.Of(other, counts) * one.Weight);

    private static ulong Word(uint changed, uint joined) => ((ulong)changed << ChangedShift) | joined;
}
