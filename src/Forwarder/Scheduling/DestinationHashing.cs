using System;
using System.Collections.Immutable;
using XdpLvs.Forwarder.Tables;

namespace XdpLvs.Forwarder.Scheduling;

/// <summary>dh: the virtual address's bucket says who; all connections of a service go to one server.</summary>
/// <remarks>Linux net/netfilter/ipvs/ip_vs_dh.c. Weights do not change the buckets.</remarks>
internal static class DestinationHashing
{
    internal static int Choose(VirtualService service, FlowCounts counts)
    {
        uint address = KernelHash.Fold(service.Key.Address, service.Key.Address.IsV4);
        return Schedulers.OpenIn(service, KernelHash.BucketOf(address), counts);
    }

    /// <summary>The servers from the last added to the first, over and over.</summary>
    internal static ImmutableArray<ushort> Buckets(ReadOnlySpan<RealServer> reals)
    {
        var buckets = ImmutableArray.CreateBuilder<ushort>(KernelHash.Buckets);
        for (int bucket = 0; bucket < KernelHash.Buckets; bucket++)
        {
            buckets.Add(reals.IsEmpty ? Schedulers.Nobody : (ushort)(reals.Length - 1 - (bucket % reals.Length)));
        }

        return buckets.MoveToImmutable();
    }
}
