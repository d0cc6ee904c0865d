using System;
using XdpLvs.Forwarder.Tables;

namespace XdpLvs.Forwarder.Scheduling;

/// <summary>wrr: rounds with a falling threshold; in each, the servers whose weight reaches it are served.</summary>
/// <remarks>
/// Linux net/netfilter/ipvs/ip_vs_wrr.c. The memory packs the last choice's number plus one (low 16 bits) and the
/// threshold (high 32 bits); both 0 at the start, which begins a round at the greatest weight.
/// </remarks>
internal static class WeightedRoundRobin
{
    internal static int Choose(ReadOnlySpan<RealServer> reals, SchedulerMemory memory)
    {
        (int greatest, int divisor) = Weights(reals);
        if (greatest == 0)
        {
            return -1;
        }

        while (true)
        {
            ulong seen = memory.Read();
            (int chosen, int threshold) = Next(reals, seen, greatest, divisor);
            if (memory.TryReplace(seen, ((ulong)threshold << 32) | ((ulong)reals[chosen].Number + 1)))
            {
                return chosen;
            }
        }
    }

    private static (int Chosen, int Threshold) Next(
        ReadOnlySpan<RealServer> reals, ulong seen, int greatest, int divisor)
    {
        ulong low = seen & 0x1_FFFF;
        int place = low == 0 ? reals.Length : Schedulers.PlaceOf(reals, (ushort)(low - 1));
        int threshold = low == 0 ? greatest : Math.Min((int)(seen >> 32), greatest);
        while (true)
        {
            place--;
            if (place < 0)
            {
                place = reals.Length - 1;
                threshold -= divisor;
                threshold = threshold <= 0 ? greatest : threshold;
            }

            if (reals[place].Weight >= threshold)
            {
                return (place, threshold); // reached at the latest when the threshold is the smallest weight
            }
        }
    }

    private static (int Greatest, int Divisor) Weights(ReadOnlySpan<RealServer> reals)
    {
        int greatest = 0, divisor = 0;
        foreach (RealServer real in reals)
        {
            greatest = Math.Max(greatest, real.Weight);
            (int a, int b) = (real.Weight, divisor);
            while (a != 0)
            {
                (a, b) = (b % a, a);
            }

            divisor = b;
        }

        return (greatest, divisor);
    }
}
