using System;
using XdpLvs.Forwarder.Tables;

namespace XdpLvs.Forwarder.Scheduling;

/// <summary>wrr: rounds with a falling threshold; in each, the servers whose weight reaches it are served.</summary>
/// <remarks>
/// Linux net/netfilter/ipvs/ip_vs_wrr.c. There every change of the list sets the walk back to the list's beginning and
/// fits the threshold to the new weights without raising it, so a service starts in the middle of a cycle when a server
/// with a greater weight was added after one with a smaller. Here the change is noticed at the next choice, several at
/// once count as one. The memory packs the last choice's number plus one (17 bits, 0: the beginning), a digest of the
/// list that it was made from (15 bits) and the threshold (32 bits); all 0 before the first choice.
/// </remarks>
internal static class WeightedRoundRobin
{
    private const int DigestShift = 17, ThresholdShift = 32;
    private const ulong LastMask = 0x1_FFFF, DigestMask = 0x7FFF;

    internal static int Choose(ReadOnlySpan<RealServer> reals, SchedulerMemory memory, FlowCounts counts)
    {
        Cycle cycle = CycleOf(reals);
        while (true)
        {
            ulong seen = memory.Read();
            (int place, int threshold) = Resume(reals, seen, cycle);
            bool found = cycle.Top > 0 && TryNext(reals, counts, cycle, ref place, ref threshold);
            ulong last = place < reals.Length ? (ulong)reals[place].Number + 1 : 0;
            if (memory.TryReplace(seen, ((ulong)threshold << ThresholdShift) | (cycle.Digest << DigestShift) | last))
            {
                return found ? place : -1;
            }
        }
    }

    /// <summary>Where the walk stands and at which threshold, before it goes on.</summary>
    private static (int Place, int Threshold) Resume(ReadOnlySpan<RealServer> reals, ulong seen, Cycle cycle)
    {
        if (seen == 0)
        {
            return (reals.Length, FirstThreshold(reals));
        }

        int threshold = (int)((seen >> ThresholdShift) & int.MaxValue);
        if (((seen >> DigestShift) & DigestMask) != cycle.Digest || !cycle.Has(threshold))
        {
            return (reals.Length, AfterChange(threshold, cycle));
        }

        ulong last = seen & LastMask;
        return (last == 0 ? reals.Length : Schedulers.PlaceOf(reals, (ushort)(last - 1)), threshold);
    }

    /// <summary>
    /// Walks on to the next server that takes connections and reaches the threshold. When all that have a weight are
    /// over their limits, the walk ends once every one of them was asked at the lowest threshold, and stands there:
    /// where the kernel's stands, so that both go on alike when a server has room again.
    /// </summary>
    private static bool TryNext(
        ReadOnlySpan<RealServer> reals, FlowCounts counts, Cycle cycle, ref int place, ref int threshold)
    {
        int begin = place, end = -1, heaviest = HeaviestOpen(reals, counts);
        bool isLastRound = false, hasWrapped = false, fromStart = begin == reals.Length;
        while (true)
        {
            for (place--; place >= 0; place--)
            {
                if (reals[place].Weight >= threshold && !counts.IsOverloaded(reals[place].Number))
                {
                    return true;
                }

                if (place == end)
                {
                    return false;
                }
            }

            place = reals.Length;
            threshold -= cycle.Step;
            if (threshold <= 0)
            {
                threshold = cycle.Top;
                if (isLastRound || fromStart)
                {
                    return false;
                }

                hasWrapped = true;
            }

            if (threshold > heaviest)
            {
                threshold -= (threshold - heaviest + cycle.Step - 1) / cycle.Step * cycle.Step; // empty rounds
            }

            isLastRound = threshold <= cycle.Step;
            end = isLastRound && hasWrapped && !fromStart ? begin : end;
        }
    }

    /// <summary>The greatest weight that takes connections; 1, the lowest threshold, when none does.</summary>
    private static int HeaviestOpen(ReadOnlySpan<RealServer> reals, FlowCounts counts)
    {
        int heaviest = 1;
        foreach (ref readonly RealServer real in reals)
        {
            heaviest = ServerLoad.IsOpen(real, counts) ? Math.Max(heaviest, real.Weight) : heaviest;
        }

        return heaviest;
    }

    /// <summary>The threshold after the servers were added one by one.</summary>
    private static int FirstThreshold(ReadOnlySpan<RealServer> reals)
    {
        int threshold = 0;
        Cycle cycle = Cycle.Empty;
        foreach (RealServer real in reals)
        {
            cycle = cycle.With(real);
            threshold = AfterChange(threshold, cycle);
        }

        return threshold;
    }

    private static int AfterChange(int threshold, Cycle cycle)
    {
        if (threshold == 0 || threshold > cycle.Top)
        {
            return cycle.Top;
        }

        return cycle.Step > 1 ? (threshold / cycle.Step * cycle.Step) + 1 : threshold;
    }

    private static Cycle CycleOf(ReadOnlySpan<RealServer> reals)
    {
        Cycle cycle = Cycle.Empty;
        foreach (RealServer real in reals)
        {
            cycle = cycle.With(real);
        }

        return cycle;
    }

    /// <summary>What a list of servers means for the threshold.</summary>
    /// <param name="Greatest">The greatest weight.</param>
    /// <param name="Divisor">Greatest common divisor of the weights; 0 while all are 0.</param>
    /// <param name="Hash">Of numbers and weights in their order.</param>
    private readonly record struct Cycle(int Greatest, int Divisor, uint Hash)
    {
        internal static Cycle Empty => default;

        /// <summary>What the threshold falls by from round to round.</summary>
        internal int Step => Math.Max(Divisor, 1);

        /// <summary>Threshold of the first round; the last one's is 1. 0: no server takes connections.</summary>
        internal int Top => Greatest - (Step - 1);

        internal ulong Digest => Hash >> 17;

        /// <summary>Whether some round has that threshold.</summary>
        internal bool Has(int threshold) => threshold > 0 && threshold <= Top && (threshold - 1) % Step == 0;

        internal Cycle With(RealServer real)
        {
            (int a, int b) = (real.Weight, Divisor);
            while (a != 0)
            {
                (a, b) = (b % a, a);
            }

            uint hash = unchecked(((((Hash * 31) + real.Number + 1) * 0x9E3779B1) + (uint)real.Weight) * 0x85EBCA6B);
            return new Cycle(Math.Max(Greatest, real.Weight), b, hash);
        }
    }
}
