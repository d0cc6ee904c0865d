using System;
using System.Collections.Immutable;
using XdpLvs.Forwarder.Tables;

namespace XdpLvs.Forwarder.Scheduling;

/// <summary>sh: the client's bucket says who.</summary>
/// <remarks>Linux net/netfilter/ipvs/ip_vs_sh.c.</remarks>
internal static class SourceHashing
{
    internal static int Choose(VirtualService service, in FlowKey flow, FlowCounts counts)
    {
        SchedulerSwitches switches = service.Options.Switches;
        uint client = KernelHash.Fold(flow.ClientAddress, flow.Service.Address.IsV4);
        uint port = (switches & SchedulerSwitches.UsePort) != 0 ? flow.ClientPort : 0u;
        int first = KernelHash.BucketOf(unchecked(client + port));
        int chosen = Schedulers.OpenIn(service, first, counts);
        if (chosen >= 0 || (switches & SchedulerSwitches.Fallback) == 0)
        {
            return chosen;
        }

        // Around the table, beginning as far behind the client's bucket as that is behind the table's start.
        for (int step = 0; step < KernelHash.Buckets && chosen < 0; step++)
        {
            chosen = Schedulers.OpenIn(service, (first + first + step) % KernelHash.Buckets, counts);
        }

        return chosen;
    }

    /// <summary>
    /// The servers from the last added to the first, over and over, each with as many buckets in a row as its weight
    /// says, at least one.
    /// </summary>
    internal static ImmutableArray<ushort> Buckets(ReadOnlySpan<RealServer> reals)
    {
        var buckets = ImmutableArray.CreateBuilder<ushort>(KernelHash.Buckets);
        int at = reals.Length - 1, given = 0;
        while (buckets.Count < KernelHash.Buckets)
        {
            buckets.Add(at < 0 ? Schedulers.Nobody : (ushort)at);
            given++;
            if (at >= 0 && given >= reals[at].Weight)
            {
                at = at == 0 ? reals.Length - 1 : at - 1;
                given = 0;
            }
        }

        return buckets.MoveToImmutable();
    }
}
