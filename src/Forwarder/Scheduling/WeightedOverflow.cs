using System;
using XdpLvs.Forwarder.Tables;

namespace XdpLvs.Forwarder.Scheduling;

/// <summary>ovf: the greatest weight takes everything until its active connections are more than its weight.</summary>
/// <remarks>
/// Linux net/netfilter/ipvs/ip_vs_ovf.c. A server with as many as its weight still takes one more; when all have more,
/// nobody takes any.
/// </remarks>
internal static class WeightedOverflow
{
    internal static int Choose(ReadOnlySpan<RealServer> reals, FlowCounts counts)
    {
        int heaviest = -1;
        for (int i = reals.Length - 1; i >= 0; i--)
        {
            ref readonly RealServer real = ref reals[i];
            if (ServerLoad.IsOpen(real, counts) && counts.Active(real.Number) <= real.Weight
                && (heaviest < 0 || real.Weight > reals[heaviest].Weight))
            {
                heaviest = i;
            }
        }

        return heaviest;
    }
}
