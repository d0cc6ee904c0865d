using System;
using XdpLvs.Forwarder.Tables;

namespace XdpLvs.Forwarder.Scheduling;

/// <summary>twos: two are drawn by their weights, and who of them has less to carry for its weight is chosen.</summary>
/// <remarks>
/// Linux net/netfilter/ipvs/ip_vs_twos.c, with its draw: a number from 0 to the sum of the weights, both included, so
/// that the first in the list has one ticket more than its weight. The memory's word is a counter that
/// <see cref="Mixer"/> turns into the draw, so that each choice of each thread has another.
/// </remarks>
internal static class PowerOfTwo
{
    internal static int Choose(ReadOnlySpan<RealServer> reals, SchedulerMemory memory, FlowCounts counts) =>
        Choose(reals, counts, Draw(memory));

    /// <summary>The same with a random word: its upper half draws the first, its lower half the second.</summary>
    internal static int Choose(ReadOnlySpan<RealServer> reals, FlowCounts counts, ulong random)
    {
        long total = 0;
        foreach (ref readonly RealServer real in reals)
        {
            total += ServerLoad.IsOpen(real, counts) ? real.Weight : 0;
        }

        int first = Find(reals, counts, (long)(random >> 32) % (total + 1));
        int second = Find(reals, counts, (long)(random & uint.MaxValue) % (total + 1));
        if (first < 0 || second < 0)
        {
            return Math.Max(first, second); // nobody is open, or one has just become so
        }

        bool isSecond = ServerLoad.IsLess(
            ServerLoad.Of(reals[second], counts),
            reals[second].Weight,
            ServerLoad.Of(reals[first], counts),
            reals[first].Weight);
        return isSecond ? second : first;
    }

    /// <summary>Who holds that ticket.</summary>
    private static int Find(ReadOnlySpan<RealServer> reals, FlowCounts counts, long ticket)
    {
        int last = -1;
        for (int i = reals.Length - 1; i >= 0; i--)
        {
            if (!ServerLoad.IsOpen(reals[i], counts))
            {
                continue;
            }

            last = i;
            ticket -= reals[i].Weight;
            if (ticket <= 0)
            {
                return i;
            }
        }

        return last;
    }

    private static ulong Draw(SchedulerMemory memory)
    {
        while (true)
        {
            ulong seen = memory.Read(), next = unchecked(seen + Mixer.Step);
            if (memory.TryReplace(seen, next))
            {
                return Mixer.Mix(next);
            }
        }
    }
}
