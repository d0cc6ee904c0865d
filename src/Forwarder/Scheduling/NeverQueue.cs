using System;
using XdpLvs.Forwarder.Tables;

namespace XdpLvs.Forwarder.Scheduling;

/// <summary>nq: whoever has no active connection, however small its weight; when all have some, sed.</summary>
/// <remarks>Linux net/netfilter/ipvs/ip_vs_nq.c.</remarks>
internal static class NeverQueue
{
    internal static int Choose(ReadOnlySpan<RealServer> reals, FlowCounts counts)
    {
        for (int i = reals.Length - 1; i >= 0; i--)
        {
            if (ServerLoad.IsOpen(reals[i], counts) && counts.Active(reals[i].Number) == 0)
            {
                return i;
            }
        }

        return ShortestExpectedDelay.Choose(reals, counts);
    }
}
