using System;
using XdpLvs.Forwarder.Tables;

namespace XdpLvs.Forwarder.Scheduling;

/// <summary>fo: the greatest weight takes everything.</summary>
/// <remarks>Linux net/netfilter/ipvs/ip_vs_fo.c.</remarks>
internal static class WeightedFailover
{
    internal static int Choose(ReadOnlySpan<RealServer> reals, FlowCounts counts)
    {
        int heaviest = -1;
        for (int i = reals.Length - 1; i >= 0; i--)
        {
            if (ServerLoad.IsOpen(reals[i], counts) && (heaviest < 0 || reals[i].Weight > reals[heaviest].Weight))
            {
                heaviest = i;
            }
        }

        return heaviest;
    }
}
