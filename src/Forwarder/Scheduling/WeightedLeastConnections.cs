using System;
using XdpLvs.Forwarder.Tables;

namespace XdpLvs.Forwarder.Scheduling;

/// <summary>wlc: who has the least to carry for its weight.</summary>
/// <remarks>Linux net/netfilter/ipvs/ip_vs_wlc.c.</remarks>
internal static class WeightedLeastConnections
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

            long load = ServerLoad.Of(reals[i], counts);
            if (least < 0 || ServerLoad.IsLess(load, reals[i].Weight, leastLoad, reals[least].Weight))
            {
                (least, leastLoad) = (i, load);
            }
        }

        return least;
    }
}
