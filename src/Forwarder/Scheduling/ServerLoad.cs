using System;
using XdpLvs.Forwarder.Tables;

namespace XdpLvs.Forwarder.Scheduling;

/// <summary>What a real server has to carry, as the schedulers weigh it.</summary>
/// <remarks>
/// Linux include/net/ip_vs.h, ip_vs_dest_conn_overhead. All schedulers walk the servers from the last added to the
/// first, as the kernel's list stands, so that who is equal to another is chosen or not as in the kernel.
/// </remarks>
internal static class ServerLoad
{
    private const int ActiveShift = 8; // an active connection counts as 256 others

    /// <summary>Whether it takes new connections: it has a weight and is not over its threshold.</summary>
    internal static bool IsOpen(in RealServer real, FlowCounts counts) =>
        real.Weight > 0 && !counts.IsOverloaded(real.Number);

    /// <summary>All of its connections, the active ones counting for more.</summary>
    internal static long Of(in RealServer real, FlowCounts counts) =>
        ((long)counts.Active(real.Number) << ActiveShift) + counts.Inactive(real.Number);

    /// <summary>Whether one load is less than another, each for its server's weight; both weights above 0.</summary>
    internal static bool IsLess(long load, int weight, long otherLoad, int otherWeight) =>
        load * otherWeight < otherLoad * weight;

    /// <summary>
    /// Whether a server has more active connections than its weight while another has less than half of its own: what
    /// makes the locality-based schedulers leave a server.
    /// </summary>
    /// <remarks>Linux net/netfilter/ipvs/ip_vs_lblc.c and ip_vs_lblcr.c, is_overloaded. No threshold counts.</remarks>
    internal static bool IsBeyondWeight(in RealServer real, ReadOnlySpan<RealServer> reals, FlowCounts counts)
    {
        if (counts.Active(real.Number) <= real.Weight)
        {
            return false;
        }

        foreach (ref readonly RealServer other in reals)
        {
            if (counts.Active(other.Number) * 2L < other.Weight)
            {
                return true;
            }
        }

        return false;
    }
}
