using System;
using XdpLvs.Forwarder.Tables;

namespace XdpLvs.Forwarder.Scheduling;

/// <summary>
/// lblc: one destination address, one server, until that has too much to carry; then wlc finds the next.
/// </summary>
/// <remarks>
/// Linux net/netfilter/ipvs/ip_vs_lblc.c, where a table holds the server of each destination address. A virtual service
/// has one address, so the memory is one entry, its server's number plus one (0: none), and needs no collecting of what
/// was not used for a day. As there, a threshold does not take the destination from its server.
/// </remarks>
internal static class LocalityLeastConnections
{
    internal static int Choose(ReadOnlySpan<RealServer> reals, SchedulerMemory memory, FlowCounts counts)
    {
        ulong seen = memory.Read();
        int kept = seen == 0 ? reals.Length : Schedulers.PlaceOf(reals, (ushort)(seen - 1));
        if (kept < reals.Length && reals[kept].Weight > 0
            && !ServerLoad.IsBeyondWeight(reals[kept], reals, counts))
        {
            return kept;
        }

        int chosen = WeightedLeastConnections.Choose(reals, counts);
        if (chosen >= 0)
        {
            memory.TryReplace(seen, reals[chosen].Number + 1UL); // who was first counts for the next choices
        }

        return chosen;
    }
}
