using System;
using XdpLvs.Forwarder.Tables;

namespace XdpLvs.Forwarder.Scheduling;

/// <summary>sed: who would have the fewest active connections for its weight once the new one is there.</summary>
/// <remarks>Linux net/netfilter/ipvs/ip_vs_sed.c. Inactive connections do not count.</remarks>
internal static class ShortestExpectedDelay
{
    internal static int Choose(ReadOnlySpan<RealServer> reals, FlowCounts counts)
    {
        int least = -1;
        long leastLoad = 0;
        for (int i = reals.Length - 1; i >= 0; i--)
        {
            if (!ServerLoad.IsOpen(reals[i], counts))
            {
                continue;
            }

            long load = counts.Active(reals[i].Number) + 1L;
            if (least < 0 || ServerLoad.IsLess(load, reals[i].Weight, leastLoad, reals[least].Weight))
            {
                (least, leastLoad) = (i, load);
            }
        }

        return least;
    }
}
